"""The evidence file beside a published page, typed and not trusted yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.evidence.review.statements import NAMESPACE, moment_of, strict_json
from pipeline.evidence.ssh.keys import decode_base64
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import Message


@dataclass(frozen=True)
class KeyClaim:
    """A key as the site presents it."""

    person: str
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
        return STEP_NAMES[Step(self.step)]


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
    post: str
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
            str(k["person"]),
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
    archive, post = str(value["archive"]), str(value["post"])
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
