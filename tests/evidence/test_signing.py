"""Signing with ssh-keygen by file and by agent, and every way it can fail."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.errors import Fault
from pipeline.evidence.ssh import signing
from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.evidence.ssh.signing import sign_with_ssh_keygen
from pipeline.evidence.ssh.sshsig import verify
from tests.builders.named import like, shows, worded
from tests.evidence.taken_apart import KINDS, MESSAGE, NAMESPACE, SEED, parts_of
from tools.sign_in_process import sign_as_security_key, sign_in_process

PASSPHRASE = "three reviews"
ENV = {"PATH": os.defpath}


def make_key(folder: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    path = folder / "key"
    words = f"ssh-keygen -q -t {kind} -C demo -f {path} -N".split()
    subprocess.run((*words, passphrase), check=True)
    return path


def public(key: Path) -> PublicKey:
    parsed = parse_public_key(key.with_suffix(".pub").read_text())
    assert isinstance(parsed, PublicKey)
    return parsed


def sign(key: Path, env: dict[str, str] = ENV, timeout: float = 300) -> bytes:
    return sign_with_ssh_keygen(MESSAGE, key, NAMESPACE, env=env, timeout=timeout)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty agent, which ends with the test."""
    socket = tmp_path / "agent"
    with subprocess.Popen(("ssh-agent", "-D", "-a", str(socket)), stdout=subprocess.DEVNULL) as run:
        try:
            deadline = time.monotonic() + 300
            while not socket.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            yield {**ENV, "SSH_AUTH_SOCK": str(socket)}
        finally:
            run.terminate()


def test_by_key_file(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    assert verify(sign(key), MESSAGE, NAMESPACE) == public(key)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "key.pub"]


def test_by_agent_with_the_public_half_alone(tmp_path: Path, agent: dict[str, str]) -> None:
    key = make_key(tmp_path)
    subprocess.run(("ssh-add", "-q", str(key)), env=agent, check=True)
    key.unlink()
    assert verify(sign(key.with_suffix(".pub"), agent), MESSAGE, NAMESPACE) == public(key)


def test_a_locked_key_that_the_agent_holds(tmp_path: Path, agent: dict[str, str]) -> None:
    key = make_key(tmp_path)
    subprocess.run(("ssh-add", "-q", str(key)), env=agent, check=True)
    lock = ("ssh-keygen", "-q", "-p", "-P", "", "-N", PASSPHRASE, "-f", str(key))
    subprocess.run(lock, check=True, stdout=subprocess.DEVNULL)
    assert verify(sign(key, agent), MESSAGE, NAMESPACE) == public(key)


def test_a_locked_key_without_agent_is_a_fault_and_not_waited_for(tmp_path: Path) -> None:
    key = make_key(tmp_path, PASSPHRASE)
    window = tmp_path / "askpass"
    window.write_text(f"#!/bin/sh\ntouch {tmp_path}/opened\necho '{PASSPHRASE}'\n")
    window.chmod(0o700)
    desktop = {**ENV, "DISPLAY": ":0", "SSH_ASKPASS": str(window), "SSH_ASKPASS_REQUIRE": "force"}
    for env in (ENV, desktop):
        with pytest.raises(signing.KeyLocked) as fault:
            sign(key.with_suffix(".pub") if env is ENV else key, env)
        assert shows(str(fault.value.message), "key-locked")
        assert str(fault.value.remedy) == worded("unlock-key", path=key)
    assert not (tmp_path / "opened").exists()


def test_a_missing_key_file(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(signing.KeyFileMissing) as fault:
            sign(path)
        assert isinstance(fault.value, Fault)
        assert str(fault.value.message) == worded("key-file-missing", path=path)


def test_a_missing_private_half(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    key.unlink()
    with pytest.raises(signing.PrivateKeyMissing, match=like("keyless-private-half")) as fault:
        sign(key.with_suffix(".pub"))
    assert str(fault.value.remedy) == worded("no-agent")


def test_an_agent_without_the_key_is_told_apart_from_none(
    tmp_path: Path, agent: dict[str, str]
) -> None:
    key = make_key(tmp_path)
    key.unlink()
    with pytest.raises(signing.PrivateKeyMissing) as fault:
        sign(key.with_suffix(".pub"), agent)
    assert str(fault.value.remedy) == worded("agent-without-key")
    gone = {**ENV, "SSH_AUTH_SOCK": str(tmp_path / "gone")}
    with pytest.raises(signing.PrivateKeyMissing) as fault:
        sign(key.with_suffix(".pub"), gone)
    assert str(fault.value.remedy) == worded("no-agent")


def test_a_private_key_others_can_read(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    key.chmod(0o644)
    with pytest.raises(signing.KeyFileExposed, match=like("key-readable-by-others")):
        sign(key)


def test_a_file_that_is_no_key(tmp_path: Path) -> None:
    key = tmp_path / "note"
    key.write_text("not a key\n")
    key.chmod(0o600)
    with pytest.raises(signing.SigningRefused, match=like("keygen-refused", path=key)) as fault:
        sign(key)
    assert "public key" in str(fault.value)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_key_of_another_kind_is_not_accepted(tmp_path: Path, kind: str) -> None:
    with pytest.raises(signing.KeyNotAccepted, match="not accepted: key-algorithm"):
        sign(make_key(tmp_path, kind=kind))


def test_without_a_path_ssh_keygen_is_looked_for_where_the_system_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment that was given counts, and never that of this process."""
    key = make_key(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    assert verify(sign(key, {}), MESSAGE, NAMESPACE) == public(key)


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_no_ssh_keygen(tmp_path: Path, path: str) -> None:
    with pytest.raises(signing.SshKeygenMissing, match=like("keygen-missing")):
        sign(make_key(tmp_path), {"PATH": path})


def stand_in(folder: Path, script: str) -> dict[str, str]:
    """An environment whose ssh-keygen is a shell script."""
    program = folder / "ssh-keygen"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return {"PATH": f"{folder}{os.pathsep}{os.defpath}"}


def test_a_key_nobody_touches_times_out_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, communicate = make_key(tmp_path), subprocess.Popen.communicate

    def once_it_waits(process: Any, *given: Any) -> Any:
        while process.poll() is None and not (tmp_path / "waits").exists():
            time.sleep(0.02)
        return communicate(process, *given)

    monkeypatch.setattr(subprocess.Popen, "communicate", once_it_waits)
    told = f"echo $! > {tmp_path}/helper; touch {tmp_path}/waits; wait"
    env = stand_in(tmp_path, f"sleep 900 & {told}")
    with pytest.raises(signing.SigningTimeout, match=r"No signature after 0\.5 seconds"):
        sign(key, env, timeout=0.5)
    helper = Path("/proc", (tmp_path / "helper").read_text().strip(), "stat")
    for _ in range(10_000):
        if not running(helper):
            break
        time.sleep(0.02)
    assert not running(helper)


def running(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_remarks_are_shown_without_control_characters(tmp_path: Path) -> None:
    env = stand_in(tmp_path, r"printf 'agent \033[2Jrefused\n operation \377' >&2; exit 255")
    with pytest.raises(signing.SigningRefused) as fault:
        sign(make_key(tmp_path), env)
    assert str(fault.value).endswith(": agent [2Jrefused operation \N{REPLACEMENT CHARACTER}")


def test_a_program_that_cannot_run(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    env = stand_in(tmp_path, "")
    (tmp_path / "ssh-keygen").write_text("#!/nowhere/sh\n")
    with pytest.raises(signing.SigningRefused, match=like("keygen-not-running")):
        sign(key, env)


def test_what_is_made_is_verified_and_put_in_form(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    good = sign(key)
    (tmp_path / "made").write_bytes(good.replace(b"\n", b"\r\n"))
    env = stand_in(tmp_path, f"cat {tmp_path}/made")
    assert sign(key, env) == good
    (tmp_path / "made").write_bytes(sign_in_process(b"another", SEED, NAMESPACE))
    with pytest.raises(signing.KeyNotAccepted, match=f"with {key} is not accepted: mismatch"):
        sign(key, env)


def test_a_security_key_in_software_signs_as_it_is_told() -> None:
    plain = sign_as_security_key(MESSAGE, SEED, NAMESPACE)
    told = sign_as_security_key(
        MESSAGE, SEED, NAMESPACE, application="ssh:a", flags=5, counter=258, hash_algorithm="sha256"
    )
    for made, name, tail in ((plain, "ssh:", b"\1\0\0\0\1"), (told, "ssh:a", b"\5\0\0\1\2")):
        key = verify(made, MESSAGE, NAMESPACE)
        assert isinstance(key, PublicKey)
        assert (key.application, parts_of(made).tail) == (name, tail)


@pytest.mark.parametrize("kind", KINDS)
def test_signing_in_process_is_deterministic(kind: str) -> None:
    first = KINDS[kind](MESSAGE, SEED, NAMESPACE)
    assert first == KINDS[kind](MESSAGE, SEED, NAMESPACE)
    assert first != KINDS[kind](MESSAGE, bytes(32), NAMESPACE)


def test_signing_in_process_makes_what_ssh_keygen_makes(tmp_path: Path) -> None:
    private, key = Ed25519PrivateKey.from_private_bytes(SEED), tmp_path / "key"
    key.touch(0o600)
    openssh = (form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption())
    key.write_bytes(private.private_bytes(*openssh))
    assert sign(key) == sign_in_process(MESSAGE, SEED, NAMESPACE)


def test_in_process_signing_refuses_what_it_cannot_encode() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sign_in_process(MESSAGE, SEED[:-1], NAMESPACE)
    with pytest.raises(KeyError):
        sign_in_process(MESSAGE, SEED, NAMESPACE, hash_algorithm="sha1")
    with pytest.raises(OverflowError):
        sign_as_security_key(MESSAGE, SEED, NAMESPACE, counter=2**32)
