"""SSH wire strings and the public keys that may sign: Ed25519, in software or on a security key.

Sources: RFC 4251 .5 (string), RFC 4253 .6.6 and RFC 8709 .4 (key blob), RFC 8032 .5.1 (points),
OpenSSH PROTOCOL.u2f (sk-ssh-ed25519@openssh.com). The roster says whose key it is.
"""

import binascii
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

ED25519: Final = "ssh-ed25519"
SK_ED25519: Final = "sk-ssh-ed25519@openssh.com"
RAW_LENGTH: Final = 32
MAX_LINE: Final = 1024
"""Characters of a public key line, comment included; an Ed25519 line needs about a hundred."""

_PRIME: Final = 2**255 - 19
_ORDER_8_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y: Final = frozenset({0, 1, _PRIME - 1, _ORDER_8_Y, _PRIME - _ORDER_8_Y})
"""y of the eight points whose order divides 8. Under such a key anyone can sign anything."""


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """Why a text or blob is not a key this project accepts."""

    reason: str
    """`line`, `algorithm`, `base64`, `truncated`, `trailing`, `length`, `point`, `application`."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key. Equal keys have equal blobs.

    Raises ValueError when the parts disagree or the point is refused: no half-valid key exists.
    """

    blob: bytes
    """The SSH encoding; the line and the fingerprint are made of it."""
    algorithm: str
    """`ssh-ed25519` or `sk-ssh-ed25519@openssh.com`."""
    raw: bytes
    """The point, 32 bytes, RFC 8032 encoding."""
    application: str
    """The application a security key signs for, `ssh:…`; empty for a software key."""

    def __post_init__(self) -> None:
        if self.blob != encode_blob(self.raw, self.application):
            raise ValueError("the blob is not the encoding of the key's parts")
        if self.algorithm != _algorithm_for(self.application):
            raise ValueError("the algorithm is not that of the key's parts")
        if _point_problem(self.raw):
            raise ValueError("the point is not one a key may have")

    @property
    def fingerprint(self) -> str:
        """`SHA256:` and unpadded base64, as `ssh-keygen -l` prints it."""
        return _fingerprint(self.blob)

    @property
    def line(self) -> str:
        """The public key line without comment, as authorized_keys and allowed_signers hold it."""
        return f"{self.algorithm} {b64encode(self.blob).decode('ascii')}"


@lru_cache(maxsize=1024)
def _fingerprint(blob: bytes) -> str:
    return "SHA256:" + b64encode(sha256(blob).digest()).decode("ascii").rstrip("=")


def pack(*fields: bytes) -> bytes:
    """Concatenate SSH strings: each field after its length, uint32 big endian."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def unpack(data: bytes, count: int) -> tuple[list[bytes], bytes] | None:
    """`count` SSH strings and the bytes after them, or None if the data end too soon."""
    fields: list[bytes] = []
    at = 0
    for _ in range(count):
        start = at + 4
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            return None
        fields.append(data[start:at])
    return fields, data[at:]


def decode_base64(text: bytes | str) -> bytes | None:
    """Decode standard base64, or None unless the text is the one canonical form of its bytes."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:  # binascii.Error is one; so is the refusal of a non-ASCII str
        return None
    # Strict mode still lets the unused bits of the last character be anything.
    canonical = binascii.b2a_base64(data, newline=False)
    return data if canonical == (text.encode("ascii") if isinstance(text, str) else text) else None


def encode_blob(raw: bytes, application: str = "") -> bytes:
    """The SSH key blob of a 32-byte point; with an application, that of a security key."""
    tail = (application.encode("utf-8"),) if application else ()
    return pack(_algorithm_for(application).encode("ascii"), raw, *tail)


def parse_public_key(line: str) -> PublicKey | KeyProblem:
    """Parse one OpenSSH public key line: algorithm, base64, optional comment, single spaces.

    One final newline is allowed, as in a .pub file. Options, tabs and control characters are not.
    """
    text = line.removesuffix("\n")
    if len(text) > MAX_LINE or not text.isprintable():
        return KeyProblem("line")
    algorithm, _, rest = text.partition(" ")
    if algorithm not in (ED25519, SK_ED25519):
        return KeyProblem("algorithm")
    blob = decode_base64(rest.partition(" ")[0])
    if blob is None:
        return KeyProblem("base64")
    key = parse_blob(blob)
    if isinstance(key, PublicKey) and key.algorithm != algorithm:
        return KeyProblem("algorithm")
    return key


def parse_blob(blob: bytes) -> PublicKey | KeyProblem:
    """Parse an SSH key blob exactly; certificates, RSA, ECDSA and DSA are refused.

    Stricter than OpenSSH: points of small order and non-canonical points are refused, and a
    security key's application must begin with `ssh:`, so a web site's credential cannot stand in.
    PROTOCOL.u2f asks this of those who make keys; ssh-keygen does not ask it of signatures.
    """
    head = unpack(blob, 1)
    if head is None:
        return KeyProblem("truncated")
    names = {ED25519.encode("ascii"): ED25519, SK_ED25519.encode("ascii"): SK_ED25519}
    algorithm = names.get(head[0][0])
    if algorithm is None:
        return KeyProblem("algorithm")
    body = unpack(head[1], 1 if algorithm == ED25519 else 2)
    if body is None:
        return KeyProblem("truncated")
    (raw, *tail), rest = body
    reason = "trailing" if rest else _point_problem(raw)
    if reason:
        return KeyProblem(reason)
    application = _application(tail[0]) if tail else ""
    if application is None:
        return KeyProblem("application")
    return PublicKey(blob, algorithm, raw, application)


def _algorithm_for(application: str) -> str:
    return SK_ED25519 if application else ED25519


def _point_problem(raw: bytes) -> str | None:
    if len(raw) != RAW_LENGTH:
        return "length"
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    return "point" if y >= _PRIME or y in _SMALL_ORDER_Y else None


def _application(data: bytes) -> str | None:
    text = data.decode("ascii", errors="replace")
    clean = text.isascii() and text.isprintable() and text.startswith("ssh:")
    return text if clean else None
