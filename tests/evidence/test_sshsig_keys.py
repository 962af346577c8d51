"""`sshsig.verify` against stock ssh-keygen: weak and foreign keys, and many small changes."""

from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.ssh.keys import KeyProblem, pack, parse_public_key
from pipeline.evidence.ssh.sshsig import SignatureProblem, armor, verify
from tests.evidence.taken_apart import (
    GOOD,
    KINDS,
    MESSAGE,
    NAMESPACE,
    SEED,
    Stock,
    blob_of,
    flipped,
    key_of,
    parts_of,
    with_key,
    with_signature,
)
from tools.sign_in_process import sign_as_security_key

SK = "security-key"
ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY = b"\x01" + bytes(31)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    return Stock(tmp_path)


def add_order(signature: bytes) -> bytes:
    s = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + s.to_bytes(32, "little")


def test_a_malleated_signature_is_never_accepted(stock: Stock) -> None:
    bad = with_signature(add_order)(GOOD["software"])
    assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem("mismatch")
    # OpenSSH's own Ed25519 looks at three bits of S only; one built otherwise may refuse.
    assert stock.ask(bad, key_of(bad).line) in [(True, True), (False, False)]


def test_a_security_key_nobody_touched_is_refused_here_only(stock: Stock) -> None:
    bad = sign_as_security_key(MESSAGE, SEED, NAMESPACE, flags=0x04)
    assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem("presence")
    assert stock.ask(bad, key_of(bad).line) == (True, True)
    touched = sign_as_security_key(MESSAGE, SEED, NAMESPACE, flags=0x05, counter=2**32 - 1)
    assert verify(touched, MESSAGE, NAMESPACE) == key_of(touched)
    assert stock.ask(touched, key_of(touched).line) == (True, True)


def test_presence_cannot_be_written_in_afterwards(stock: Stock) -> None:
    untouched = sign_as_security_key(MESSAGE, SEED, NAMESPACE, flags=0)
    tail = b"\x01" + parts_of(untouched).tail[1:]
    bad = replace(parts_of(untouched), tail=tail).armored()
    assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem("mismatch")
    assert stock.ask(bad, key_of(bad).line) == (False, False)


def test_a_web_credential_is_refused_here_only(stock: Stock) -> None:
    bad = sign_as_security_key(MESSAGE, SEED, NAMESPACE, application="example.org")
    assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem("key-application")
    line = f"sk-ssh-ed25519@openssh.com {b64encode(parts_of(bad).key).decode()}"
    assert stock.ask(bad, line) == (True, True)


@pytest.mark.parametrize("text", [MESSAGE, b"anything at all"])
def test_the_key_everyone_can_sign_with_is_refused_here_only(stock: Stock, text: bytes) -> None:
    key = pack(b"ssh-ed25519", IDENTITY)
    forged = replace(parts_of(GOOD["software"]), key=key, signature=IDENTITY + bytes(32)).armored()
    assert verify(forged, text, NAMESPACE) == SignatureProblem("key-point")
    assert stock.ask(forged, f"ssh-ed25519 {b64encode(key).decode()}", text) == (True, True)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_algorithms_are_refused_here_only(stock: Stock, kind: str) -> None:
    stock.run("-q", "-t", kind, "-N", "", "-f", "key")
    line = (stock.folder / "key.pub").read_text().strip()
    bad = stock.run("-Y", "sign", "-n", NAMESPACE, "-f", "key", message=MESSAGE).stdout
    assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem("key-algorithm")
    assert parse_public_key(line) == KeyProblem("algorithm")
    assert stock.ask(bad, line) == (True, True)


def test_a_certificate_is_refused_here_only(stock: Stock) -> None:
    for name in ("authority", "key"):
        stock.run("-q", "-t", "ed25519", "-N", "", "-f", name)
    stock.run("-q", "-s", "authority", "-I", "signer", "-n", "signer", "key.pub")
    certificate = (stock.folder / "key-cert.pub").read_text()
    assert parse_public_key(certificate) == KeyProblem("algorithm")
    blob = b64decode(certificate.split()[1])
    bare = stock.run("-Y", "sign", "-n", NAMESPACE, "-f", "key", message=MESSAGE).stdout
    bad = with_key(lambda key: blob)(bare)
    authority = (stock.folder / "authority.pub").read_text().strip()
    assert verify(bad, MESSAGE, NAMESPACE) == SignatureProblem("key-algorithm")
    assert stock.ask(bad, f"cert-authority {authority}") == (True, True)


# Many small changes.

ASKED = 7 * 17
"""ssh-keygen, a process each time, is asked of one bit in so many."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_flipped_bit_of_the_blob_is_accepted_by_either(stock: Stock, kind: str) -> None:
    blob, line = blob_of(GOOD[kind]), key_of(GOOD[kind]).line
    for bit in range(8 * len(blob)):
        bad = armor(flipped(blob, bit))
        assert isinstance(verify(bad, MESSAGE, NAMESPACE), SignatureProblem), bit
        if bit % ASKED == 0:
            assert stock.ask(bad, line) == (False, False), bit


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_of_the_text_is_refused_and_at_most_white_space_to_stock(
    stock: Stock, kind: str
) -> None:
    good, line = GOOD[kind], key_of(GOOD[kind]).line
    for bit in range(0, 8 * len(good), 7):
        bad = flipped(good, bit)
        assert isinstance(verify(bad, MESSAGE, NAMESPACE), SignatureProblem), bit
        same_to_stock = bad.split() == good.split()
        if bit % ASKED == 0:
            assert stock.ask(bad, line) == (same_to_stock, same_to_stock), bit


@given(st.binary(max_size=400), st.binary(max_size=40))
def test_arbitrary_bytes_are_a_problem_and_never_raise(data: bytes, message: bytes) -> None:
    for signature in (data, armor(data), armor(blob_of(GOOD[SK])[:10] + data)):
        assert isinstance(verify(signature, message, NAMESPACE), SignatureProblem)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_mutated_signature_verifies_as_no_key(kind: str, data: st.DataObject) -> None:
    blob = blob_of(GOOD[kind])
    start = data.draw(st.integers(0, len(blob)))
    end = data.draw(st.integers(start, min(len(blob), start + 70)))
    mutated = blob[:start] + data.draw(st.binary(max_size=70)) + blob[end:]
    if mutated != blob:
        assert isinstance(verify(armor(mutated), MESSAGE, NAMESPACE), SignatureProblem)
