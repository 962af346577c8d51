"""Signatures taken apart and put together wrongly, and stock ssh-keygen to ask about them."""

import os
import subprocess
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from pipeline.evidence.ssh.assertion import ORDER, Assertion
from pipeline.evidence.ssh.keys import PublicKey, encode_blob, pack, parse_blob, unpack
from pipeline.evidence.ssh.sshsig import (
    MAGIC,
    armor,
    armor_fields,
    inner_signature,
    signed_data,
)
from tools.sign_in_process import (
    DESK,
    passkey_of,
    passkey_response,
    sign_as_security_key,
    sign_in_process,
)

Sign = Callable[..., bytes]
Change = Callable[[bytes], bytes]

SEED = bytes(range(32))
MESSAGE = "审核同意\n".encode()
NAMESPACE = "sanshen-review@v1"


def as_passkey(
    message: bytes,
    seed: bytes,
    namespace: str,
    *,
    hash_algorithm: str = "sha512",
    rp_id: str = "localhost",
    named: str = "",
    high: bool = False,
    **answer: Any,
) -> bytes:
    """The signature of a passkey, put together without being verified.

    `named`: the origin that stands beside clientDataJSON; `high`: s is the higher of its two
    values; `answer`: of `passkey_response`.
    """
    data = signed_data(message, namespace, hash_algorithm)
    response = passkey_response(data, seed, rp_id=rp_id, **answer)
    rest, (r, s) = response.authenticator_data[32:], decode_dss_signature(response.signature)
    s = (max if high else min)(s, ORDER - s)
    origin, counter = named or answer.get("origin", DESK), int.from_bytes(rest[1:5], "big")
    made = Assertion(origin, response.client_data, rest[0], counter, rest[5:], r, s)
    key = encode_blob(passkey_of(seed).raw, rp_id)
    return armor_fields(key, namespace, hash_algorithm, inner_signature(made))


KINDS: dict[str, Sign] = {
    "software": sign_in_process,
    "security-key": sign_as_security_key,
    "passkey": partial(as_passkey, origin="http://localhost:873"),  # its base64 is padded
}
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
