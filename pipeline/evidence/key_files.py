"""The public half of a person's key file, without ever asking for the passphrase."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.findings import say


def public_line(key: Path, env: Mapping[str, str]) -> str:
    """The OpenSSH public line of a key file: its ``.pub``, itself, or what ssh-keygen derives.

    Raises Fault when none can be had, as with an encrypted key whose ``.pub`` is lost.
    """
    beside = key if key.suffix == ".pub" else key.with_name(f"{key.name}.pub")
    if beside.is_file():
        return beside.read_text(encoding="utf-8").strip()
    if key.read_bytes().startswith(b"ssh-"):
        return key.read_text(encoding="utf-8").strip()
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
        remedy = say(
            "Put {name} beside it: `ssh-keygen -y -f {path} > {path}.pub`.",
            name=beside.name,
            path=str(key),
        )
        missing = say("The public half of the key {path} is missing.", path=str(key))
        raise Fault(missing, remedy) from error
    return derived.stdout.strip()
