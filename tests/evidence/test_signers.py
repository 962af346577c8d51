"""allowed_signers as readers bring them: what counts here counts for ssh-keygen too."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.evidence.ssh.allowed_signers import read_signers
from tests.builders.cast import PASSKEY, public_line, sign_as

SPACE = "sanshen-review@v1"
MOMENT = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
KEY = public_line("kz-a")


def _counts(text: str, key: str = KEY) -> bool:
    return any(s.signs("kz-a", key, MOMENT) for s in read_signers(text, SPACE))


def _stock(text: str, folder: Path, name: str = "kz-a") -> bool:
    """What ssh-keygen says, in the zone of Beijing."""
    (folder / "signers").write_text(text, encoding="utf-8")
    (folder / "sig").write_bytes(sign_as(name, b"x"))
    command = [
        "ssh-keygen", "-Y", "verify", "-f", folder / "signers", "-I", "kz-a", "-n", SPACE,
        "-s", folder / "sig", "-O", "verify-time=20261126040000Z",
    ]  # fmt: skip
    env = {"TZ": "Asia/Shanghai", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, input=b"x", capture_output=True, check=False, env=env)
    return done.returncode == 0


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (f"kz-a {KEY}", True),
        (f"kz-a {KEY} a comment", True),
        (f"# a remark\n\n  kz-a\t{KEY}", True),
        (f"kz-b {KEY}", False),
        (f"kz-a {public_line('kz-b')}", False),
        (f'kz-a namespaces="{SPACE}" {KEY}', True),
        (f'kz-a namespaces="git,{SPACE}" {KEY}', True),
        (f'kz-a namespaces="git" {KEY}', False),
        (f'kz-a valid-after="20261126035959Z" {KEY}', True),
        (f'kz-a valid-after="20261126040001Z" {KEY}', False),
        (f'kz-a valid-before="20261126040001Z" {KEY}', True),
        (f'kz-a valid-before="20261126035959Z" {KEY}', False),
        (f'kz-a valid-after="202611261159" {KEY}', True),  # Beijing's
        (f'kz-a valid-after="202611261201" {KEY}', False),
        (f'kz-a valid-before="20261126" {KEY}', False),
        (f'kz-a namespaces="{SPACE}",valid-after="20200101",valid-before="20300101" {KEY}', True),
        (f'kz-a valid-after="19700101000001Z" {KEY}', True),
        (f"kz-a {KEY}\r\nkz-b {KEY}\r", True),
        (f"# 第一把\u3000钥匙\r\nkz-a {KEY} 甲\u3000乙", True),
    ],
)
def test_as_ssh_keygen_says(line: str, counts: bool, tmp_path: Path) -> None:
    assert _counts(line + "\n") is counts
    assert _stock(line + "\n", tmp_path) is counts


@pytest.mark.parametrize(
    "line",
    [
        KEY, f"kz-a,kz-b {KEY}", f"* {KEY}", f"!kz-a {KEY}", f'"kz-a" {KEY}',
        f"kz-a cert-authority {KEY}", f'kz-a namespaces="san*" {KEY}',
        f'kz-a namespaces="{SPACE}",namespaces="git" {KEY}', f"kz-a namespaces={SPACE} {KEY}",
        f'kz-a valid-before="2026" {KEY}', f'kz-a valid-before="20261301" {KEY}',
        f'kz-a unknown="x" {KEY}', f'kz-a valid-before="" {KEY}', f'kz-a valid-after="" {KEY}',
        f'kz-a valid-after="19700101Z" {KEY}', f'kz-a valid-after="19700101" {KEY}',
        f'kz-a valid-before="20300101", {KEY}', f'kz-a valid-before="20300101"\u3000{KEY}',
        f"\u3000kz-a {KEY}", f"kz-a\u3000{KEY}", f"kz-a\x0b{KEY}", f"kz-a {KEY}\u3000kz-a", "kz-a",
        "kz-a ssh-ed25519",
    ],
)  # fmt: skip
def test_a_line_that_could_say_less_than_it_seems_is_a_fault(line: str) -> None:
    with pytest.raises(Fault, match="Line 2 "):
        read_signers(f"kz-b {KEY}\n{line}\n", SPACE)


@pytest.mark.parametrize("end", "\r\v\f\x1c\x85\u2028\u2029")
def test_a_remark_ends_with_its_line_alone(end: str, tmp_path: Path) -> None:
    """What to Python, or to a file read as text, is a new line is none to ssh-keygen."""
    for line in (f"# ended{end}kz-a {KEY}\n", f"kz-b {KEY} ended{end}kz-a {KEY}\n"):
        assert not _stock(line, tmp_path)
        assert not _counts(line)


def test_a_key_counts_from_its_first_moment_and_not_at_its_end() -> None:
    """ssh-keygen takes the very second of the end, too: here it is the first that is over."""
    assert _counts(f'kz-a valid-after="20261126040000Z" {KEY}')
    assert not _counts(f'kz-a valid-before="20261126040000Z" {KEY}')


@pytest.mark.parametrize(
    ("options", "counts"),
    [("", True), (f'namespaces="{SPACE}" ', True), ('valid-before="20261101Z" ', False)],
)
def test_a_passkey_counts_as_it_does_to_ssh_keygen(
    tmp_path: Path, options: str, counts: bool
) -> None:
    name = f"kz-a{PASSKEY}"
    text = f"kz-a {options}{public_line(name)} 手机\n"
    assert _counts(text, public_line(name)) == _stock(text, tmp_path, name) == counts
