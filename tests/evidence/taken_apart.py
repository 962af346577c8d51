"""Signatures taken apart and put together wrongly, and stock ssh-keygen to ask about them."""

import os
import subprocess
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pipeline.evidence.ssh.keys import PublicKey, pack, parse_blob, unpack
from pipeline.evidence.ssh.sign_in_process import sign_as_security_key, sign_in_process
from pipeline.evidence.ssh.sshsig import MAGIC, armor

Sign = Callable[..., bytes]
Change = Callable[[bytes], bytes]

SEED = bytes(range(32))
MESSAGE = "审核同意\n".encode()
NAMESPACE = "sanshen-review@v1"
KINDS: dict[str, Sign] = {"software": sign_in_process, "security-key": sign_as_security_key}
GOOD = {kind: sign(MESSAGE, SEED, NAMESPACE) for kind, sign in KINDS.items()}


@dataclass(frozen=True)
class Parts:
    """A signature taken apart, to be put together wrongly."""

    version: int
    key: bytes
    namespace: bytes
    reserved: bytes
    hash_name: bytes
    algorithm: bytes
    signature: bytes
    tail: bytes
    rest: bytes = b""

    def armored(self) -> bytes:
        inner = pack(self.algorithm, self.signature) + self.tail
        fields = pack(self.key, self.namespace, self.reserved, self.hash_name, inner)
        return armor(MAGIC + self.version.to_bytes(4, "big") + fields + self.rest)


def blob_of(signature: bytes) -> bytes:
    return b64decode(b"".join(signature.splitlines()[1:-1]))


def parts_of(signature: bytes) -> Parts:
    fields, rest = unpack(blob_of(signature)[10:], 5) or ([], b"")
    (algorithm, raw), tail = unpack(fields[4], 2) or ([], b"")
    key, namespace, reserved, hash_name, _ = fields
    return Parts(1, key, namespace, reserved, hash_name, algorithm, raw, tail, rest)


def key_of(signature: bytes) -> PublicKey:
    key = parse_blob(parts_of(signature).key)
    assert isinstance(key, PublicKey)
    return key


class Answer(NamedTuple):
    """What stock ssh-keygen says: sound by itself, and made by the signer allowed."""

    sound: bool
    allowed: bool


class Stock:
    """`ssh-keygen -Y` in a directory of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {"PATH": os.defpath, "HOME": str(folder)}

    def run(self, *arguments: str, message: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ("ssh-keygen", *arguments),
            cwd=self.folder, env=self.env, input=message, capture_output=True, check=False,
        )  # fmt: skip

    def ask(self, signature: bytes, allowed: str, message: bytes = MESSAGE) -> Answer:
        (self.folder / "sig").write_bytes(signature)
        (self.folder / "allowed").write_text(f"signer {allowed}\n")
        common = ("-n", NAMESPACE, "-s", "sig")
        sound = self.run("-Y", "check-novalidate", *common, message=message)
        who = ("-f", "allowed", "-I", "signer")
        verified = self.run("-Y", "verify", *who, *common, message=message)
        return Answer(sound.returncode == 0, verified.returncode == 0)


def changed(**fields: object) -> Change:
    return lambda good: replace(parts_of(good), **fields).armored()  # type: ignore[arg-type]


def with_signature(change: Change) -> Change:
    return lambda good: replace(
        parts_of(good), signature=change(parts_of(good).signature)
    ).armored()


def with_key(change: Change) -> Change:
    return lambda good: replace(parts_of(good), key=change(parts_of(good).key)).armored()


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "little") ^ 1 << bit).to_bytes(len(data), "little")
