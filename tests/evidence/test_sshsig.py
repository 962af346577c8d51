"""`sshsig.verify` against stock ssh-keygen: the forms a signature can take, good and bad."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.evidence.ssh.keys import pack
from pipeline.evidence.ssh.sshsig import (
    MAX_SIZE,
    SignatureProblem,
    armor,
    fingerprint_of,
    named_key,
    verify,
)
from tests.evidence.taken_apart import (
    GOOD,
    KINDS,
    MESSAGE,
    NAMESPACE,
    SEED,
    Change,
    Stock,
    blob_of,
    changed,
    flipped,
    key_of,
    parts_of,
    with_key,
    with_signature,
)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path)


def slack_bits(good: bytes) -> bytes:
    """The same bytes in another base64: a bit set that the last character leaves unused."""
    body, end = good[: good.rindex(b"\n-----END")], good[good.rindex(b"\n-----END") :]
    last = body.rstrip(b"=")
    assert last != body, "the fixture must leave unused bits"
    return last[:-1] + bytes([last[-1] + 1]) + body[len(last) :] + end


def wide(good: bytes) -> bytes:
    text = b64encode(blob_of(good))
    lines = [text[at : at + 76] for at in range(0, len(text), 76)]
    return b"\n".join((good.splitlines()[0], *lines, good.splitlines()[-1], b""))


def swapped_algorithm(good: bytes) -> bytes:
    other = {b"ssh-ed25519": b"sk-ssh-ed25519@openssh.com"}
    name = other.get(parts_of(good).algorithm, b"ssh-ed25519")
    return replace(parts_of(good), algorithm=name).armored()


REFUSED_BY_BOTH: dict[str, tuple[Change, str]] = {
    "empty": (lambda good: b"", "armor"),
    "oversized": (lambda good: good[:40] + b"A" * 5000 + good[40:], "size"),
    "truncated text": (lambda good: good[:150], "armor"),
    "text before": (lambda good: b"\n" + good, "armor"),
    "a foreign character": (lambda good: good[:40] + b"!" + good[41:], "armor"),
    "bits in base64 padding": (slack_bits, "armor"),
    "nothing between the lines": (lambda good: armor(b""), "magic"),
    "truncated blob": (lambda good: armor(blob_of(good)[:-1]), "truncated"),
    "trailing in blob": (changed(rest=b"\0"), "trailing"),
    "magic": (lambda good: armor(b"SSHSIh" + blob_of(good)[6:]), "magic"),
    "version 2": (changed(version=2), "version"),
    "another namespace": (changed(namespace=b"file"), "namespace"),
    "a namespace before NUL": (changed(namespace=NAMESPACE.encode() + b"\0x"), "namespace"),
    "another hash": (changed(hash_name=b"sha256"), "mismatch"),
    "a weak hash": (changed(hash_name=b"sha1"), "hash"),
    "inner algorithm of the other kind": (swapped_algorithm, "algorithm"),
    "inner algorithm unknown": (changed(algorithm=b"ssh-rsa"), "algorithm"),
    "trailing in inner": (
        lambda good: replace(parts_of(good), tail=parts_of(good).tail + b"\0").armored(),
        "trailing",
    ),
    "trailing in key": (with_key(lambda key: key + b"\0"), "key-trailing"),
}  # fmt: skip

ED25519: dict[str, tuple[Change, str]] = {
    "short signature": (with_signature(lambda raw: raw[:-1]), "length"),
    "long signature": (with_signature(lambda raw: raw + b"\0"), "length"),
    "zero signature": (with_signature(lambda raw: bytes(64)), "mismatch"),
    "another key": (with_key(lambda key: flipped(key, 8 * 40)), "mismatch"),
}
"""What only signatures of one fixed length can be."""

STRICTER: dict[str, tuple[Change, str]] = {
    "CRLF": (lambda good: good.replace(b"\n", b"\r\n"), "armor"),
    "blank line": (lambda good: good.replace(b"\n", b"\n\n", 1), "armor"),
    "blank line at the end": (lambda good: good + b"\n", "armor"),
    "space in a line": (lambda good: good[:60] + b" " + good[60:], "armor"),
    "text after the end": (lambda good: good + b"more\n", "armor"),
    "no final newline": (lambda good: good[:-1], "armor"),
    "another line width": (wide, "armor"),
    "version 0": (changed(version=0), "version"),
    "NUL after the namespace": (changed(namespace=NAMESPACE.encode() + b"\0"), "namespace"),
    "NUL after the hash": (changed(hash_name=b"sha512\0"), "hash"),
    "reserved field in use": (changed(reserved=b"note"), "reserved"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hash_algorithm", ["sha512", "sha256"])
def test_good_signatures_are_accepted_by_both(stock: Stock, kind: str, hash_algorithm: str) -> None:
    signature = KINDS[kind](MESSAGE, SEED, NAMESPACE, hash_algorithm=hash_algorithm)
    key = key_of(signature)
    assert verify(signature, MESSAGE, NAMESPACE) == key
    assert stock.ask(signature, key.line) == (True, True)
    assert verify(signature, MESSAGE + b" ", NAMESPACE) == SignatureProblem("mismatch")
    assert stock.ask(signature, key.line, MESSAGE + b" ") == (False, False)
    assert verify(signature, MESSAGE, "") == SignatureProblem("namespace")


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        *((kind, case) for kind in KINDS for case in REFUSED_BY_BOTH),
        *((kind, case) for kind in KINDS if kind != "passkey" for case in ED25519),
    ],
)
def test_bad_signatures_are_refused_by_both(stock: Stock, kind: str, case: str) -> None:
    change, reason = {**REFUSED_BY_BOTH, **ED25519}[case]
    bad = change(GOOD[kind])
    assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem(reason)
    assert stock.ask(bad, key_of(GOOD[kind]).line) == (False, False)


@pytest.mark.parametrize("kind", KINDS)
def test_what_lies_inside_is_cut(kind: str) -> None:
    good = GOOD[kind]
    parts = parts_of(good)
    inner = pack(parts.algorithm, parts.signature) + parts.tail
    for cut in (b"", inner[:3], pack(parts.algorithm), inner[:-1]):
        bad = armor(blob_of(good).replace(pack(inner), pack(cut)))
        assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem("truncated"), cut


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", STRICTER)
def test_other_forms_of_one_signature_are_refused_here_only(
    stock: Stock, kind: str, case: str
) -> None:
    change, reason = STRICTER[case]
    other = change(GOOD[kind])
    assert verify(other, MESSAGE, NAMESPACE) == SignatureProblem(reason)
    answer = stock.ask(other, key_of(GOOD[kind]).line)
    assert answer == (True, True) or (case == "CRLF" and answer == (False, False)), "OpenSSH 9.2"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("namespace", ["", "甲", "a\nb", "a\x7f"])
def test_no_other_namespace_than_plain_words(kind: str, namespace: str) -> None:
    signature = KINDS[kind](MESSAGE, SEED, namespace)
    assert verify(signature, MESSAGE, namespace) == SignatureProblem("namespace")


def test_what_is_too_long_is_not_looked_at() -> None:
    assert verify(b"-" * MAX_SIZE, MESSAGE, NAMESPACE) == SignatureProblem("armor")
    assert verify(b"-" * (MAX_SIZE + 1), MESSAGE, NAMESPACE) == SignatureProblem("size")


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_named_by_whoever_signed_anything(kind: str) -> None:
    for signature in (GOOD[kind], with_signature(lambda raw: raw[:-1] + b"\7")(GOOD[kind])):
        assert named_key(signature, NAMESPACE) == key_of(GOOD[kind])
        assert fingerprint_of(signature, NAMESPACE) == key_of(GOOD[kind]).fingerprint
    assert named_key(GOOD[kind], "file") == SignatureProblem("namespace")
    assert named_key(GOOD[kind][1:], NAMESPACE) == SignatureProblem("armor")
    assert fingerprint_of(GOOD[kind], "file") == fingerprint_of(b"", NAMESPACE) == ""
