"""The evidence file beside a published page: typed, not trusted yet, and as a tar file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.evidence.review.statements import NAMESPACE, moment_of, strict_json
from pipeline.evidence.ssh.keys import decode_base64
from pipeline.model import evidence, run
from pipeline.model.findings import Message
from pipeline.model.ids import PersonId, PostId


@dataclass(frozen=True)
class KeyClaim:
    """A key as the site presents it."""

    person: PersonId
    line: str
    fingerprint: str
    start: datetime
    end: datetime | None
    void: bool


@dataclass(frozen=True)
class SignedStep:
    """One step of a bundle, not verified yet."""

    step: str
    statement: bytes
    signature: bytes

    @property
    def step_name(self) -> Message:
        return evidence.STEP_NAMES[evidence.Step(self.step)]


@dataclass(frozen=True)
class Proof:
    """The leaf of the log that a bundle claims for its confirmation."""

    origin: str
    leaf: bytes
    index: int
    size: int
    root: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True)
class SiteBundle:
    """An ``evidence.json``, typed."""

    archive: str
    post: PostId
    revision: int
    keys: tuple[KeyClaim, ...]
    files: Mapping[str, tuple[str, str]]
    """Path in the archive → (sha256, address beside the page or empty)."""
    steps: tuple[SignedStep, ...]
    proof: Proof | None
    records: tuple[tuple[bytes, bytes], ...] = ()
    """Statement and signature of every publication record, not verified yet."""
    corrections: tuple[bytes, ...] | None = None
    """The record of every change after publication; None: the site shows their texts unsigned."""
    page: Any = None
    """What the page shows without a signature, see `site.fragments.Unsigned`."""


def read_site_bundle(raw: bytes) -> SiteBundle | None:
    """The bundle, or None for bytes of another shape. Never raises."""
    try:
        return _typed(strict_json(raw))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _typed(value: Any) -> SiteBundle:
    if (value["version"], value["namespace"]) != (1, NAMESPACE):
        raise ValueError("another version")
    steps = tuple(
        SignedStep(str(s["step"]), _bytes(s["statement"]), _bytes(s["signature"]))
        for s in value["steps"]
    )
    keys = tuple(
        KeyClaim(
            PersonId(str(k["person"])),
            str(k["line"]),
            str(k["fingerprint"]),
            moment_of(k["from"]),
            moment_of(k["until"]) if k["until"] is not None else None,
            bool(k.get("void", False)),
        )
        for k in value["keys"]
    )
    files = {str(f["name"]): (str(f["sha256"]), str(f["url"] or "")) for f in value["files"]}
    if len(files) != len(value["files"]):
        raise ValueError("a file twice")
    log = value.get("log")
    proof = None if log is None else _proof(log)
    archive, post = str(value["archive"]), PostId(str(value["post"]))
    revision = _whole(value["revision"])
    records = tuple((_bytes(r["statement"]), _bytes(r["signature"])) for r in value["publications"])
    rows = value.get("corrections")
    corrections = None if rows is None else tuple(map(_bytes, rows))
    page = value.get("page")
    return SiteBundle(
        archive, post, revision, keys, files, steps, proof, records, corrections, page
    )


def _proof(log: Any) -> Proof:
    hashes = tuple(_bytes(h) for h in log["hashes"])
    leaf = str(log["leaf"]).encode()
    index, size = _whole(log["index"]), _whole(log["size"])
    return Proof(str(log["origin"]), leaf, index, size, _bytes(log["root"]), hashes)


def _whole(value: Any) -> int:
    """Not `int()`: it takes "1" and true for 1."""
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _bytes(text: str) -> bytes:
    raw = decode_base64(text)
    if raw is None:
        raise ValueError("another form of base64")
    return raw


_BLOCK = 512


def evidence_tar(signed: Iterable[tuple[str, bytes, bytes]]) -> bytes:
    """The archive beside a page; `signed`: stem of the file names, statement, signature."""
    files: list[tuple[str, bytes]] = []
    for stem, statement, signature in signed:
        files += ((f"{stem}.json", statement), (f"{stem}.json.sig", signature))
    return tar(files)


def tar(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A POSIX ustar archive (IEEE 1003.1, pax: ustar Interchange Format) of plain files.

    Owner, group and time are zero, so the same files give the same bytes. Names are ASCII and
    shorter than 100. A site of 100,000 posts can carry one file a post, but not a dozen.
    """
    parts: list[bytes] = []
    for name, data in files:
        parts += (_header(name, len(data)), data, bytes(-len(data) % _BLOCK))
    return b"".join(parts) + bytes(2 * _BLOCK)


@run.per_run(4096)  # a dozen names and few sizes of each, and thousands of posts
def _header(name: str, size: int) -> bytes:
    fields = (
        name.encode("ascii").ljust(100, b"\0"),
        b"0000644\0" + b"0000000\0" * 2,
        b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,  # the checksum is taken over blanks here
        b"0".ljust(101, b"\0"),
        b"ustar\00000",
    )
    raw = b"".join(fields).ljust(_BLOCK, b"\0")
    return raw[:148] + b"%06o\0 " % sum(raw) + raw[156:]
