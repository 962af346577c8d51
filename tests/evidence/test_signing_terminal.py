"""Signing at a terminal: ssh-keygen asks there, and reads the statement from a file."""

import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pipeline.evidence.ssh import signing
from pipeline.evidence.ssh.signing import sign_with_ssh_keygen
from pipeline.evidence.ssh.sshsig import verify
from tests.builders.named import worded
from tests.evidence.taken_apart import MESSAGE, NAMESPACE
from tests.evidence.test_signing import ENV, PASSPHRASE, make_key, public, sign, stand_in

ROOT = Path(__file__).parents[2]

AT_TERMINAL = """
import os, sys
from pathlib import Path
from pipeline.errors import Fault
from pipeline.evidence.ssh.signing import sign_with_ssh_keygen
key, namespace, message, out = sys.argv[1:]
try:
    made = sign_with_ssh_keygen(message.encode(), Path(key), namespace,
        env={"PATH": os.defpath}, timeout=300, interactive=True)
except Fault as fault:
    made = str(fault).encode()
Path(out).write_bytes(made)
"""


@pytest.mark.parametrize("typed", [PASSPHRASE, "wrong"])
def test_a_locked_key_is_asked_for_at_the_terminal(tmp_path: Path, typed: str) -> None:
    key, out = make_key(tmp_path, PASSPHRASE), tmp_path / "out"
    arguments = (str(key), NAMESPACE, MESSAGE.decode(), str(out))
    command = [sys.executable, "-c", AT_TERMINAL, *arguments]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, command, {"PATH": os.defpath, "TMPDIR": str(tmp_path)})
    shown = b""
    try:
        while b"passphrase" not in shown:  # OpenSSH 9.2 does not say for which key
            shown += os.read(terminal, 1024)
        os.write(terminal, typed.encode() + b"\n")
        os.waitpid(pid, 0)
    finally:
        os.close(terminal)
    if typed == PASSPHRASE:
        assert verify(out.read_bytes(), MESSAGE, NAMESPACE) == public(key)
    else:
        assert out.read_bytes() == worded("passphrase-wrong", path=key).encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "key.pub", "out"]


def test_a_missing_private_half_is_told_at_the_terminal_too(tmp_path: Path) -> None:
    key, out = make_key(tmp_path), tmp_path / "out"
    key.unlink()
    arguments = (f"{key}.pub", NAMESPACE, MESSAGE.decode(), str(out))
    done = subprocess.run([sys.executable, "-c", AT_TERMINAL, *arguments], cwd=ROOT,
                          env={"PATH": os.defpath}, capture_output=True, check=True)  # fmt: skip
    words = worded("keyless-private-half", path=f"{key}.pub")
    assert out.read_text() == words
    assert b"No private key found" in done.stderr  # what ssh-keygen says is passed on as it comes


def at_terminal(key: Path, env: dict[str, str] = ENV, timeout: float = 300) -> bytes:
    return sign_with_ssh_keygen(MESSAGE, key, NAMESPACE, env=env, timeout=timeout, interactive=True)


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which statements lie while they are signed."""
    folder = tmp_path / "held"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_at_a_terminal_an_open_key_signs_unasked_and_nothing_is_left(
    tmp_path: Path, held: Path
) -> None:
    key = make_key(tmp_path)
    assert at_terminal(key) == sign(key)
    assert not list(held.iterdir())


def test_at_a_terminal_ssh_keygen_gets_the_statement_as_a_file(tmp_path: Path, held: Path) -> None:
    key = make_key(tmp_path)
    (tmp_path / "made").write_bytes(sign(key))
    told = 'echo "$WORD $*" > said; for last; do :; done; cp "$last" signed; cp made "$last.sig"'
    env = stand_in(tmp_path, f"cd {tmp_path}\n{told}") | {"WORD": "given"}
    assert at_terminal(key, env) == (tmp_path / "made").read_bytes()
    assert (tmp_path / "signed").read_bytes() == MESSAGE
    *words, statement = (tmp_path / "said").read_text().split()
    assert words == f"given -q -Y sign -n {NAMESPACE} -f {key}".split()
    assert Path(statement).parent.parent == held
    assert Path(statement).parent.name.startswith("sanshen-")
    assert not list(held.iterdir())


def test_at_a_terminal_a_refusal_and_an_end_of_patience(tmp_path: Path, held: Path) -> None:
    key = make_key(tmp_path)
    with pytest.raises(signing.SigningRefused) as fault:
        at_terminal(key, stand_in(tmp_path, "exit 1"))
    assert str(fault.value.message) == worded("keygen-not-signing", path=key)
    with pytest.raises(signing.SigningTimeout, match=r"No signature after 0\.2 seconds"):
        at_terminal(key, stand_in(tmp_path, "exec sleep 900"), timeout=0.2)
    assert not list(held.iterdir())
