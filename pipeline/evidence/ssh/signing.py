"""Making SSH signatures with ssh-keygen, and reading the public half of a person's key file.

ssh-keygen reaches agents and security keys, so a private key never enters this process. Source:
ssh-keygen(1) `-Y sign`, OpenSSH PROTOCOL.sshsig and PROTOCOL.u2f.
"""

import os
import shutil
import signal
import subprocess
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO, Final

from pipeline.errors import Fault
from pipeline.evidence.ssh import sshsig
from pipeline.model.findings import say

_DETAIL_LENGTH: Final = 200


class SigningFault(Fault):
    """No signature was made. Every fault of this module is one."""


class SshKeygenMissing(SigningFault):
    """There is no ssh-keygen on the PATH given."""


class KeyFileMissing(SigningFault):
    """The path given for the key is not a file."""


class KeyFileExposed(SigningFault):
    """Other users of the machine may read the private key file, so ssh-keygen ignores it."""


class KeyLocked(SigningFault):
    """The private key has a passphrase, and no agent holds it (or the passphrase was wrong)."""


class PrivateKeyMissing(SigningFault):
    """Only the public half is at hand: neither a file nor an agent has the private half."""


class SigningTimeout(SigningFault):
    """ssh-keygen did not finish in time, most often because the security key was not touched."""


class SigningRefused(SigningFault):
    """ssh-keygen, the agent or the security key refused."""


class KeyNotAccepted(SigningFault):
    """ssh-keygen signed, but our own verification does not accept what it made."""


def sign_with_ssh_keygen(
    message: bytes,
    key: Path,
    namespace: str,
    *,
    env: Mapping[str, str],
    timeout: float,
    interactive: bool = False,
    passphrase: str = "",
) -> bytes:
    """Sign with `ssh-keygen -Y sign`; return the armored signature, already verified.

    `key` is a private key file, or a public key file whose private half an agent holds. `env` is
    the whole environment of the process (PATH, SSH_AUTH_SOCK…), `timeout` is in seconds. Unless
    `interactive`, nothing can ask for a passphrase; `passphrase` answers it all the same, where a
    page asked for it. Raises a `SigningFault`.
    """
    program = shutil.which("ssh-keygen", path=env.get("PATH", os.defpath))
    if program is None:
        raise SshKeygenMissing(
            say("ssh-keygen was not found."), say("Install the OpenSSH client and try again.")
        )
    if not key.is_file():
        raise KeyFileMissing(
            say("There is no key file {path}.", path=str(key)),
            say("Name your private key file, or the .pub file of a key your agent holds."),
        )
    command = (program, "-q", "-Y", "sign", "-n", namespace, "-f", str(key))
    run = _sign_at_terminal if interactive else _sign_unattended
    try:
        with TemporaryDirectory(prefix="sanshen-") as folder:
            given = _answering(Path(folder), passphrase) if passphrase else {}
            signature = run(command, message, key, {**env, **given}, timeout)
    except subprocess.TimeoutExpired:
        raise SigningTimeout(
            say("No signature after {seconds} seconds.", seconds=f"{timeout:g}"),
            say("If the key is a security key, touch it when it blinks."),
        ) from None
    except OSError as error:
        raise SigningRefused(say("ssh-keygen did not run: {detail}", detail=str(error))) from error
    return _verified(signature, message, key, namespace)


def _answering(folder: Path, passphrase: str) -> Mapping[str, str]:
    """The environment in which ssh-keygen gets a passphrase without a terminal (ssh(1),
    SSH_ASKPASS); no other process sees it, and no file holds it."""
    program = folder / "askpass"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$SANSHEN_PASSPHRASE"\n', encoding="ascii")
    program.chmod(0o700)
    return {"SSH_ASKPASS": str(program), "SSH_ASKPASS_REQUIRE": "force",
            "SANSHEN_PASSPHRASE": passphrase}  # fmt: skip


def _sign_unattended(
    command: Sequence[str], message: bytes, key: Path, env: Mapping[str, str], timeout: float
) -> bytes:
    # A session of its own has no terminal to ask at, and no askpass window may open either.
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**env, "SSH_ASKPASS_REQUIRE": "force" if "SANSHEN_PASSPHRASE" in env else "never"},
        start_new_session=True,
    )
    with process:
        try:
            output, remarks = process.communicate(message, timeout)
        except BaseException:
            # Its helper for security keys holds our pipes: end the whole session, or we wait on.
            _end_session(process)
            raise
    if process.returncode != 0:
        raise _refusal(key, remarks, env)
    return output


def _sign_at_terminal(
    command: Sequence[str], message: bytes, key: Path, env: Mapping[str, str], timeout: float
) -> bytes:
    # ssh-keygen asks at the terminal only while its stdin is one, so the message goes by file.
    with TemporaryDirectory(prefix="sanshen-") as folder:
        statement = Path(folder, "statement")
        statement.write_bytes(message)
        remarks = bytearray()
        with subprocess.Popen(
            (*command, str(statement)), env=env, stderr=subprocess.PIPE
        ) as process:
            copier = Thread(target=_pass_on, args=(process.stderr, remarks), daemon=True)
            copier.start()
            try:
                process.wait(timeout)
            except BaseException:
                process.kill()
                raise
            # Its helper for security keys may hold the pipe for longer; a refusal is worth a wait.
            copier.join(30 if process.returncode else 1)
        if process.returncode != 0:
            raise _refusal(key, bytes(remarks), env, asked=True)
        return statement.with_suffix(".sig").read_bytes()


def _pass_on(stream: IO[bytes], remarks: bytearray) -> None:
    """Copy ssh-keygen's remarks to the terminal at once: "touch your key" cannot wait."""
    while chunk := os.read(stream.fileno(), 1024):
        remarks += chunk
        os.write(2, chunk)


def _end_session(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:  # Windows
        process.kill()


def _refusal(
    key: Path, remarks: bytes, env: Mapping[str, str], *, asked: bool = False
) -> SigningFault:
    """The fault that ssh-keygen's remarks describe; OpenSSH does not translate them.

    `asked`: ssh-keygen asked for the passphrase.
    """
    if b"incorrect passphrase" in remarks:
        if asked:
            return KeyLocked(
                say("The passphrase is not that of the key {path}.", path=str(key)),
                say("Run it again; nothing was signed."),
            )
        return KeyLocked(
            say("The key {path} is locked with a passphrase.", path=str(key)),
            say("Unlock it with ssh-add {path} and try again.", path=str(key).removesuffix(".pub")),
        )
    if b"UNPROTECTED PRIVATE KEY" in remarks:  # also says "No private key found", further down
        return KeyFileExposed(
            say("Other users can read the private key {path}.", path=str(key)),
            say("Close it with chmod 600 {path} and try again.", path=str(key)),
        )
    if b"No private key found" in remarks:
        return PrivateKeyMissing(
            say("Neither a file nor an agent holds the private half of {path}.", path=str(key)),
            say("The agent does not hold it: add it with ssh-add, or name the private key file.")
            if Path(env.get("SSH_AUTH_SOCK", "/")).is_socket()
            else say(
                "No agent is running: `eval $(ssh-agent)`, then ssh-add and the private key file;"
                " or name that file with --key."
            ),
        )
    if not remarks.strip():
        return SigningRefused(say("ssh-keygen did not sign with {path}.", path=str(key)))
    detail = _one_line(remarks)
    return SigningRefused(
        say("ssh-keygen did not sign with {path}: {detail}", path=str(key), detail=detail)
    )


def _one_line(remarks: bytes) -> str:
    """The remarks without line ends and control characters, cut to a readable length."""
    text = " ".join(remarks.decode("utf-8", errors="replace").split())
    return "".join(char for char in text if char.isprintable())[:_DETAIL_LENGTH]


def _verified(signature: bytes, message: bytes, key: Path, namespace: str) -> bytes:
    # ssh-keygen on Windows writes CRLF to a pipe; the stored form has one line end.
    unix = signature.replace(b"\r\n", b"\n")
    answer = sshsig.verify(unix, message, namespace)
    if isinstance(answer, sshsig.SignatureProblem):
        raise KeyNotAccepted(
            say(
                "The signature made with {path} is not accepted: {reason}",
                path=str(key),
                reason=answer.reason,
            ),
            say("Use an Ed25519 key, in software or on a security key that you touch."),
        )
    return unix


def public_line(key: Path, env: Mapping[str, str]) -> str:
    """The OpenSSH public line of a key file: its ``.pub``, itself, or what ssh-keygen derives.

    Raises Fault when there is none, as with an encrypted key whose ``.pub`` is lost.
    """
    beside = key if key.suffix == ".pub" else key.with_name(f"{key.name}.pub")
    if beside.is_file():
        return _text(beside)
    if key.read_bytes().startswith((b"ssh-", b"sk-")):
        return _text(key)
    try:
        derived = subprocess.run(
            ["ssh-keygen", "-y", "-P", "", "-f", str(key)],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError) as error:
        if b"PRIVATE KEY" not in key.read_bytes():
            raise _no_key(key) from error
        remedy = say("Put {name} beside it: `ssh-keygen -y -f {path} > {path}.pub`.",
                     name=beside.name, path=str(key))  # fmt: skip
        missing = say("The public half of the key {path} is missing.", path=str(key))
        raise Fault(missing, remedy) from error
    return derived.stdout.strip()


def locked(key: Path) -> bool:
    """Whether a private key file is encrypted (OpenSSH PROTOCOL.key: its cipher is not "none")."""
    head, *lines = key.read_bytes().splitlines() or [b""]
    if head != b"-----BEGIN OPENSSH PRIVATE KEY-----" or not lines:
        return False
    return not lines[0].startswith(b64encode(b"openssh-key-v1\0\0\0\0\4no"))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError as error:
        raise _no_key(file) from error


def _no_key(file: Path) -> Fault:
    return Fault(
        say("The file {path} holds no SSH key.", path=str(file)),
        say("Name your private key, or the .pub file of a key your agent holds."),
    )
