"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint)."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.evidence.log import checkpoint as cp
from tests.builders.cast import private_key_file, public_line
from tests.builders.named import refuses
from tests.evidence.taken_apart import GOOD, key_of

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
"""The example of golang.org/x/mod/sumdb/note."""
ORIGIN = "archive.example/yunlan-yjj"
TEXT = cp.Checkpoint(ORIGIN, 3, b"r" * 32, ("sanshen/commit abc",)).text


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return private_key_file("log", tmp_path_factory.mktemp("key")).read_bytes()


def test_a_note_of_another_implementation_verifies() -> None:
    note, key = cp.read_note(GO_NOTE.encode()), cp.read_key(GO_KEY, "")
    assert note is not None
    assert key is not None
    assert key.text == GO_KEY
    assert note.text.endswith("what your problem is.\n")
    assert note.signed_by(key)
    assert not note.signed_by(cp.NoteKey("PeterNeumann2", key.raw))
    assert not note.signed_by(cp.NoteKey("PeterNeumann", b"\x01" * 32))


def test_what_we_sign_reads_back(secret: bytes) -> None:
    raw = cp.sign_note(TEXT, ORIGIN, secret)
    note = cp.read_note(raw)
    assert note is not None
    assert note.text == TEXT
    for given in (cp.note_key(ORIGIN, secret).text, f"{public_line('log')} a long remark"):
        key = cp.read_key(given, ORIGIN)
        assert key is not None
        assert note.signed_by(key)
    read = cp.read_checkpoint(note.text)
    assert read == cp.Checkpoint(ORIGIN, 3, b"r" * 32, ("sanshen/commit abc",))
    assert read is not None
    assert read.extension("sanshen/commit") == "abc"
    assert read.extension("other") == ""
    spaced = cp.Checkpoint(ORIGIN, 3, b"r" * 32, ("a b c", "sanshen/commit"))
    assert (spaced.extension("a"), spaced.extension("sanshen/commit")) == ("b c", "")


def test_no_changed_byte_of_a_note_verifies(secret: bytes) -> None:
    raw = cp.sign_note(TEXT, ORIGIN, secret)
    key = cp.note_key(ORIGIN, secret)
    for at in range(len(raw)):
        for bit in (1, 0x20, 0x80):
            changed = bytes([*raw[:at], raw[at] ^ bit, *raw[at + 1 :]])
            note = cp.read_note(changed)
            assert note is None or not note.signed_by(key), at


def test_signatures_of_others_beside_ours_do_no_harm(secret: bytes) -> None:
    raw = cp.sign_note(TEXT, ORIGIN, secret)
    witness = f"— witness.example {b64encode(b'x' * 80).decode()}\n".encode()
    note = cp.read_note(raw + witness)
    assert note is not None
    assert note.signed_by(cp.note_key(ORIGIN, secret))
    assert len(note.signatures) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\n", b"text\n", b"text\n\n", b"text\n\nno dash\n", "text\n\n— name AAAA\n".encode(),
        "text\n\n— a+b AAAAAAA=\n".encode(), b"\xff\n\n", "a\tb\n\n— n AAAAAAA=\n".encode(),
        "text\n\n— n AAAAAA==\n".encode(), "text\n\n— n m AAAAAAA=\n".encode(),
        "text\n\n— n AAAAAAA=".encode(), "text\n\n— n AAAAAAB=\n".encode(), b"x" * 70_000,
        ("text\n\n" + "— n AAAAAAA=\n" * 101).encode(),
    ],
)  # fmt: skip
def test_what_is_no_note(raw: bytes) -> None:
    assert cp.read_note(raw) is None


def test_a_text_may_hold_blank_lines(secret: bytes) -> None:
    note = cp.read_note(cp.sign_note("a\n\nb\n", ORIGIN, secret))
    assert note is not None
    assert note.text == "a\n\nb\n"
    assert note.signed_by(cp.note_key(ORIGIN, secret))


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_a_note_has_a_largest_size_and_number_of_signatures(more: int, read: bool) -> None:
    line = "— n AAAAAAA=\n"
    tail = f"\n\n{line}"
    long = "x" * (cp.MAX_NOTE + more - len(tail.encode())) + tail
    assert (cp.read_note(long.encode()) is not None) is read
    many = "text\n\n" + line * (cp.MAX_SIGNATURES + more)
    assert (cp.read_note(many.encode()) is not None) is read


def test_the_shortest_checkpoint_and_the_largest_size() -> None:
    root = b64encode(b"r" * 32).decode()
    assert cp.read_checkpoint(f"o\n0\n{root}\n") == cp.Checkpoint("o", 0, b"r" * 32)
    size = int("9" * 18)
    assert cp.read_checkpoint(f"o\n{size}\n{root}\n") == cp.Checkpoint("o", size, b"r" * 32)
    assert cp.read_checkpoint(f"o\n1\n{root}\n\n") is None


@pytest.mark.parametrize(
    "text",
    [
        "", "o\n", "o\n1\n", f"o\n01\n{b64encode(b'r' * 32).decode()}\n", "o\n1\nAAAA\n",
        f"o\n-1\n{b64encode(b'r' * 32).decode()}\n", f"o\n\n{b64encode(b'r' * 32).decode()}\n",
        f"\n1\n{b64encode(b'r' * 32).decode()}\n", f"o\n1\n{b64encode(b'r' * 32).decode()}",
        f"o\n1\n{b64encode(b'r' * 32).decode()}\n\nx\n", f"o\n{'9' * 19}\n{'A' * 43}=\n",
        f"o\n１\n{b64encode(b'r' * 32).decode()}\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint(text: str) -> None:
    assert cp.read_checkpoint(text) is None


POINT = bytes([2, *bytes(31)])


def _named(name: str, raw: bytes = b"\x01" + POINT) -> str:
    """A verifier key whose id is right, whatever else it is."""
    id_ = sha256(name.encode() + b"\n" + raw).digest()[:4]
    return f"{name}+{id_.hex()}+{b64encode(raw).decode()}"


def test_such_a_key_with_a_name_is_one() -> None:
    key = cp.read_key(_named("n"), ORIGIN)
    assert key == cp.NoteKey("n", POINT)


def test_a_key_under_which_anyone_signs_is_none() -> None:
    """Its signature over any text is known to all: the point of order one, and S = 0."""
    point = bytes([1, *bytes(31)])
    forged = cp.Note(TEXT, ((ORIGIN, cp.NoteKey(ORIGIN, point).id, point + bytes(32)),))
    assert forged.signed_by(cp.NoteKey(ORIGIN, point))
    assert cp.read_key(_named(ORIGIN, b"\x01" + point), ORIGIN) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+00000000+AAAA", GO_KEY.replace("c74f", "c74e"), "ssh-rsa AAAA", "ssh-",
        key_of(GOOD["security-key"]).line, "name+00000000+A",
        f"ssh-ed25519 {key_of(GOOD['security-key']).line.split()[1]}",
        _named("a b"), _named(""), _named("n", b"\x02" + POINT),
        _named("n", b"\x01" + POINT[:-1]), _named("n", b"\x01" + POINT + b"\0"),
        key_of(GOOD["passkey"]).line, _named("n", b"\x01" + key_of(GOOD["passkey"]).raw),
        f"ssh-ed25519 {key_of(GOOD['passkey']).line.split()[1]}",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_key(text: str) -> None:
    assert cp.read_key(text, ORIGIN) is None


def test_only_an_open_ed25519_key_signs(tmp_path: Path, secret: bytes) -> None:
    with refuses("log-key-unusable"):
        cp.sign_note(TEXT, ORIGIN, b"-----BEGIN OPENSSH PRIVATE KEY-----\n")
    for text, name in (("no newline", ORIGIN), (TEXT, "a b"), (TEXT, "a+b"), ("a\tb\n", ORIGIN)):
        with pytest.raises(ValueError, match="no note"):
            cp.sign_note(text, name, secret)
