"""The public half of a person's key file, read without the passphrase."""

import subprocess
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.findings import say


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
        remedy = say(
            "Put {name} beside it: `ssh-keygen -y -f {path} > {path}.pub`.",
            name=beside.name,
            path=str(key),
        )
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
