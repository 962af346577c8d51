"""Demo keys, made from public words: worth nothing outside the demo (tests/assets/keys)."""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNERS = (
    "xxy-a", "xxy-b", "kz-a", "ld-a", "ld-b", "gly-a", "gly-b",
    "xxy-c", "xxy-d", "xxy-e", "zz-a", "zz-b", "zz-c",
)  # fmt: skip


LOG = "log"
"""Whose key signs the demo's publication log (演示): it is in no roster."""


def seed(person: str) -> bytes:
    """The 32 secret bytes of a demo person; anyone can compute them, and that is the point."""
    return hashlib.sha256(f"sanshen demo key of {person}, not secret".encode()).digest()


def public_line(person: str) -> str:
    """The OpenSSH public line, without comment."""
    key = Ed25519PrivateKey.from_private_bytes(seed(person)).public_key()
    return key.public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    ).decode()


def write_keys(folder: Path) -> None:
    """Private and public files of every signer and of the log, for trying the demo."""
    folder.mkdir(parents=True, exist_ok=True)
    for person in (*SIGNERS, LOG):
        if (folder / f"{person}.pub").exists():  # OpenSSH's form holds chance: never write it anew
            continue
        private = Ed25519PrivateKey.from_private_bytes(seed(person)).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
        path = folder / person
        path.write_bytes(private)
        path.chmod(0o600)
        path.with_name(f"{person}.pub").write_text(f"{public_line(person)} {person}\n")
