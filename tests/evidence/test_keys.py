"""Public key lines: what is read, what is refused, and that ssh-keygen sees the same key."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.ssh.keys import (
    KeyProblem,
    PublicKey,
    encode_blob,
    pack,
    parse_blob,
    parse_public_key,
    unpack,
)
from tests.evidence.taken_apart import GOOD, Stock, key_of

PRIME = 2**255 - 19
SOFTWARE, SECURITY = key_of(GOOD["software"]), key_of(GOOD["security-key"])
RAW = SOFTWARE.raw


def line(blob: bytes, algorithm: str = "ssh-ed25519") -> str:
    return f"{algorithm} {b64encode(blob).decode()}"


def y_of_twice(y: int) -> int:
    """y of P+P on edwards25519, from y of P (RFC 8032 .5.1.4, x² from the curve equation)."""
    d = -121665 * pow(121666, -1, PRIME)
    xx = (y * y - 1) * pow(d * y * y + 1, -1, PRIME)
    return (y * y + xx) * pow(1 - d * xx * y * y, -1, PRIME) % PRIME


REFUSED = {
    "": "algorithm",
    "ssh-ed25519": "truncated",
    "ssh-rsa AAAA": "algorithm",
    "ssh-ed25519-cert-v01@openssh.com AAAA": "algorithm",
    f'namespaces="file" {SOFTWARE.line}': "algorithm",
    f" {SOFTWARE.line}": "algorithm",
    SOFTWARE.line.replace(" ", "  "): "truncated",
    SOFTWARE.line.replace(" ", "\t"): "line",
    f"{SOFTWARE.line}\r\n": "line",
    f"{SOFTWARE.line}\n\n": "line",
    f"{SOFTWARE.line} 甲\x1b[2J": "line",
    f"{SOFTWARE.line} {'a' * 1024}": "line",
    f"{SOFTWARE.line}=": "base64",
    f"{SOFTWARE.line[:-1]}": "base64",
    f"{SOFTWARE.line[:-1]}é": "base64",
    f"{SECURITY.line.rstrip('=')}": "base64",
    line(b""): "truncated",
    line(b"\0\0"): "truncated",
    line(SOFTWARE.blob[:-1]): "truncated",
    line(SOFTWARE.blob + b"\0"): "trailing",
    line(SECURITY.blob): "algorithm",
    line(SOFTWARE.blob, "sk-ssh-ed25519@openssh.com"): "algorithm",
    line(pack(b"ssh-rsa", RAW)): "algorithm",
    line(pack(b"ssh-ed25519", RAW[:-1])): "length",
    line(pack(b"ssh-ed25519", RAW + b"\0")): "length",
    line(pack(b"sk-ssh-ed25519@openssh.com", RAW), "sk-ssh-ed25519@openssh.com"): "truncated",
    line(encode_blob(RAW, "example.org"), "sk-ssh-ed25519@openssh.com"): "application",
    line(encode_blob(RAW, "ssh:甲"), "sk-ssh-ed25519@openssh.com"): "application",
    line(encode_blob(RAW, "ssh:\n"), "sk-ssh-ed25519@openssh.com"): "application",
}


@pytest.mark.parametrize("key", [SOFTWARE, SECURITY], ids=["software", "security-key"])
def test_a_line_is_read_as_ssh_keygen_reads_it(tmp_path: Path, key: PublicKey) -> None:
    for text in (key.line, f"{key.line}\n", f"{key.line} 信息员甲 first key\n"):
        assert parse_public_key(text) == key
    stock = Stock(tmp_path)
    (tmp_path / "key.pub").write_text(key.line)
    printed = stock.run("-l", "-f", "key.pub").stdout.decode().split()
    assert printed[:2] == ["256", key.fingerprint]


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=map(repr, REFUSED))
def test_anything_else_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert parse_public_key(text) == KeyProblem(reason)


def test_unused_bits_of_base64_are_refused() -> None:
    assert SECURITY.line.endswith("=")
    text = SECURITY.line.rstrip("=")
    padding = SECURITY.line[len(text) :]
    assert parse_public_key(text[:-1] + chr(ord(text[-1]) + 1) + padding) == KeyProblem("base64")


@pytest.mark.parametrize("sign", [0, 1])
def test_all_points_of_small_order_and_no_others_are_refused(sign: int) -> None:
    octuple = [0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826]
    while octuple[-1] != 1:
        octuple.append(y_of_twice(octuple[-1]))
    ys = {*octuple, *(PRIME - y for y in octuple if y), PRIME, PRIME + 1, 2**255 - 1}
    assert len(octuple) == 4
    for y in ys:
        raw = (y | sign << 255).to_bytes(32, "little")
        assert parse_blob(encode_blob(raw)) == KeyProblem("point")
    assert isinstance(parse_blob(encode_blob((2 | sign << 255).to_bytes(32, "little"))), PublicKey)


@pytest.mark.parametrize(
    "changes",
    [
        {"blob": SECURITY.blob},
        {"raw": bytes(32)},
        {"application": "ssh:"},
        {"algorithm": "sk-ssh-ed25519@openssh.com"},
        {"raw": bytes(32), "blob": encode_blob(bytes(32))},
        {"raw": b"", "blob": encode_blob(b"")},
    ],
)
def test_no_half_valid_key_can_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the"):
        replace(SOFTWARE, **changes)


@given(st.text(max_size=120), st.binary(max_size=80))
def test_arbitrary_text_is_a_problem_and_never_raises(text: str, blob: bytes) -> None:
    assert isinstance(parse_public_key(text), KeyProblem)
    assert isinstance(parse_public_key(f"ssh-ed25519 {text}"), KeyProblem)
    assert isinstance(parse_public_key(line(pack(b"ssh-ed25519") + blob)), KeyProblem | PublicKey)


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["", "ssh:", "ssh:bureau"]))
def test_what_is_read_is_what_was_written(raw: bytes, application: str) -> None:
    key = parse_blob(encode_blob(raw, application))
    if isinstance(key, PublicKey):
        assert (key.raw, key.application) == (raw, application)
        assert parse_public_key(key.line) == key
    else:
        assert key == KeyProblem("point")


@given(st.lists(st.binary(max_size=9), max_size=4), st.binary(max_size=3))
def test_strings_come_apart_as_they_were_packed(fields: list[bytes], rest: bytes) -> None:
    packed = pack(*fields)
    assert unpack(packed + rest, len(fields)) == (fields, rest)
    assert unpack(packed + rest, len(fields) + 1) is None
    if fields:
        assert unpack(packed[:-1], len(fields)) is None
