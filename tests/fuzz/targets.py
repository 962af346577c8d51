"""What is fuzzed: seeds, the reader that meets the input, and what it must never say."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from pipeline.evidence import checkpoint, merkle, tiles
from pipeline.evidence.keys import PublicKey, parse_public_key
from pipeline.evidence.log import leaf_data, make_log
from pipeline.evidence.roster import roster_problems
from pipeline.evidence.site_bundle import bundle_problems, proof_problems, read_site_bundle
from pipeline.evidence.sshsig import verify
from pipeline.evidence.statements import NAMESPACE, Statement, read_statement, write_statement
from pipeline.flow.assemble import Trusted, trust
from pipeline.flow.log import log_of_entries
from pipeline.flow.shipped import Bundle, dump
from pipeline.model.conformance import Conformance
from pipeline.model.evidence import SignedFile
from pipeline.model.log import Leaf
from pipeline.source.posts import read_post
from pipeline.source.registers import _roster as read_roster
from pipeline.source.yaml import read_yaml
from tests.builders.archive import BODY, POST
from tests.builders.cast import governance, public_line, registers, seed, sign_as

FOLDER = f"content/posts/2026/{POST}"
MESSAGE = b"what was signed\n"


@dataclass(frozen=True)
class Target:
    """One reader under fuzzing."""

    seeds: tuple[bytes, ...]
    meet: Callable[[bytes], None]
    """Raises when the reader crashes or accepts what it must not."""


@cache
def _trusted() -> tuple[Trusted, dict[str, bytes]]:
    contents = governance()
    return trust(Bundle(contents)), contents


def _front_matter(raw: bytes) -> None:
    trusted, _ = _trusted()
    contents = {f"{FOLDER}/post.md": raw}
    post = read_post(Bundle(contents), FOLDER, list(contents), trusted.front_matter)
    assert post.id == POST
    assert post.revision >= 1
    _ = post.content_digest


def _roster(raw: bytes) -> None:
    """One key has one owner, or the roster has a problem."""
    trusted, _ = _trusted()
    document = read_yaml("content/registers/roster.yml", raw)
    if document.problems or list(_roster_schema().findings(document)):
        return
    made = read_roster(_roster_schema().convert(document.value), document.digest)
    documents = {**trusted.registers.documents, "roster": document}
    found = replace(trusted.registers, roster=made, documents=documents)
    owners = {k.fingerprint for k in made.keys}
    assert roster_problems(found) or len(owners) == len(made.keys)


@cache
def _roster_schema() -> Conformance:
    return Conformance(json.loads(_trusted()[0].schemas["schemas/registers/roster.json"]), "R11-1")


def _statement(raw: bytes) -> None:
    """Signed by a known key: only the words are hostile."""
    trusted, _ = _trusted()
    signed = SignedFile("x/1-first.json", raw, sign_as("xxy-a", raw))
    found = read_statement(signed, trusted.statements["review"])
    if isinstance(found, Statement):
        value = json.loads(raw)
        assert found.predicate["post"] == value["predicate"]["post"]
        assert len(found.subject) == len(value["subject"])


def _signature(raw: bytes) -> None:
    """No mutated signature is ever a signature."""
    if raw != _SIGNATURE:
        assert not isinstance(verify(raw, MESSAGE, NAMESPACE), PublicKey)


def _message(raw: bytes) -> None:
    if raw != MESSAGE:
        assert not isinstance(verify(_SIGNATURE, raw, NAMESPACE), PublicKey)


def _key(raw: bytes) -> None:
    found = parse_public_key(raw.decode("utf-8", "replace"))
    if isinstance(found, PublicKey):
        assert parse_public_key(found.line) == found


def _note(raw: bytes) -> None:
    """Only what was signed verifies, whatever other signatures stand beside it."""
    note = checkpoint.read_note(raw)
    if note is not None and note.signed_by(_NOTE_KEY):
        assert note.text == _TEXT
    read = checkpoint.read_checkpoint(note.text if note else raw.decode("utf-8", "replace"))
    if read is not None:
        assert checkpoint.read_checkpoint(read.text) == read


def _note_key(raw: bytes) -> None:
    found = checkpoint.read_key(raw.decode("utf-8", "replace"), "origin")
    if found is not None and found.name != "origin":
        assert checkpoint.read_key(found.text, "") == found


def _tile(raw: bytes) -> None:
    leaves = tiles.unpack_entries(raw)
    if leaves is not None:
        assert b"".join(tiles.pack_entry(x) for x in leaves) == raw
        levels = merkle.grow(map(merkle.leaf_hash, leaves))
        assert log_of_entries("o", leaves, levels).size == len(leaves)
    hashes = tiles.unpack_tile(raw)
    if hashes is not None:
        assert b"".join(hashes) == raw


def _bundle(raw: bytes) -> None:
    found = read_site_bundle(raw)
    if found is not None:
        list(bundle_problems(found, None))
        leaves = (b"leaf",)
        list(proof_problems(found, "o", leaves, merkle.grow(map(merkle.leaf_hash, leaves))))


_SIGNATURE = sign_as("xxy-a", MESSAGE)


def _secret() -> bytes:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed("log")).private_bytes(
        form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption()
    )


_TEXT = checkpoint.Checkpoint("archive.example/a", 3, b"r" * 32, ("sanshen/commit abc",)).text
_NOTE = checkpoint.sign_note(_TEXT, "archive.example/a", _secret())
_NOTE_KEY = checkpoint.note_key("archive.example/a", _secret())

_META = {
    "title": "冬季防火三件事", "kind": "tip", "revision": 1, "accounts": ["wx"], "author": "zz-a",
    "origin_dept": "jzk", "publish_at": "2026-11-05T09:30:00+08:00", "created_on": "2026-11-04",
    "topic": "education", "category": 3, "origin": "original", "summary": "三件事。",
    "tags": ["火"], "alert": {"issuer": "甲", "level": 1, "areas": ["全市"]},
}  # fmt: skip
_SAID = {
    "archive": "yunlan-yjj", "post": POST, "revision": 1, "step": "first", "decision": "approve",
    "opinion": "同意", "reviewer": "xxy-a", "role": "information-officer", "acting_for": "",
    "accounts": ["wx"], "content": "0" * 64, "roster": {"serial": 1, "digest": "0" * 64},
    "regulation": "0" * 64, "previous": None, "assertions": {"proofread": True},
    "signed_at": "2026-11-04T10:00:00+08:00", "not_after": "2026-12-04T10:00:00+08:00",
}  # fmt: skip


def _log_files() -> tuple[bytes, ...]:
    leaves = [
        Leaf("publication", "p", f"{i:064x}", POST, leaf_data("publication", f"{i:064x}"), i + 1)
        for i in range(5)
    ]
    return tuple(data for _, data in tiles.tiles(make_log("o", leaves)))


def _bundle_seed() -> bytes:
    said = write_statement("review", {f"{FOLDER}/post.md": "0" * 64}, _SAID)
    step = {"statement": b64encode(said).decode(), "signature": b64encode(_SIGNATURE).decode()}
    names = ("first", "second", "final", "confirm")
    value = {
        "archive": "yunlan-yjj", "post": POST, "revision": 1,
        "keys": [{"person": "xxy-a", "line": public_line("xxy-a"), "fingerprint": "SHA256:x",
                  "from": "2026-01-01T00:00:00+08:00", "until": None, "void": False}],
        "files": [{"name": f"{FOLDER}/post.md", "sha256": "0" * 64, "url": "post.md"}],
        "steps": [{"step": n, **step} for n in names],
        "log": {"origin": "o", "leaf": "leaf", "index": 0, "size": 1,
                "root": b64encode(b"r" * 32).decode(), "hashes": []},
    }  # fmt: skip
    return json.dumps(value).encode()


TARGETS: dict[str, Target] = {
    "front-matter": Target((b"---\n" + dump(_META) + b"---\n\n" + BODY.encode(),), _front_matter),
    "roster": Target((dump(registers()["roster"]),), _roster),
    "statement": Target(
        (write_statement("review", {f"{FOLDER}/post.md": "0" * 64}, _SAID),), _statement
    ),
    "signature": Target((_SIGNATURE, sign_as("kz-a", b"x"), b64decode("U1NIU0lH")), _signature),
    "message": Target((MESSAGE,), _message),
    "key": Target((public_line("xxy-a").encode(), public_line("kz-a").encode()), _key),
    "note": Target((_NOTE, _TEXT.encode()), _note),
    "note-key": Target((_NOTE_KEY.text.encode(), public_line("log").encode()), _note_key),
    "tile": Target(_log_files(), _tile),
    "bundle": Target((_bundle_seed(),), _bundle),
}
