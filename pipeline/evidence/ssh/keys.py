"""SSH wire strings and the public keys that may sign: Ed25519 and passkeys.

An Ed25519 key is in software or on a security key. A passkey is ECDSA P-256 behind WebAuthn.
Sources: RFC 4251 .5 (string), RFC 4253 .6.6 and RFC 8709 .4 (key blob), RFC 8032 .5.1 and SEC 1
.2.3.4 (points), OpenSSH PROTOCOL.u2f (sk-… keys). The roster says whose key it is.
"""

import binascii
import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from pipeline.model.run import per_run

ED25519: Final = "ssh-ed25519"
SK_ED25519: Final = "sk-ssh-ed25519@openssh.com"
PASSKEY: Final = "sk-ecdsa-sha2-nistp256@openssh.com"
RAW_LENGTH: Final = 32
MAX_LINE: Final = 1024
"""Characters of a public key line, comment included; a passkey's needs about two hundred."""

_PRIME: Final = 2**255 - 19
_ORDER_8_Y: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y: Final = frozenset({0, 1, _PRIME - 1, _ORDER_8_Y, _PRIME - _ORDER_8_Y})
"""y of the eight points whose order divides 8. Under such a key anyone can sign anything."""

_P256: Final = b"nistp256"
_P256_LENGTH: Final = 65  # uncompressed: 4, x, y
_P256_PRIME: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_P256_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_SECURITY_KEY: Final = re.compile(r"ssh:[ -~]*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_RP_ID: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_BODIES: Final = {ED25519: 1, SK_ED25519: 2, PASSKEY: 3}
"""Strings after the name of the algorithm: (curve), point, (application)."""


@dataclass(frozen=True)
class KeyProblem:
    """Why a text or blob is not a key this project accepts."""

    reason: str
    """`line`, `algorithm`, `base64`, `truncated`, `trailing`, `curve`, `length`, `point`,
    `application`."""


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 or P-256 public key. Equal keys have equal blobs.

    Raises ValueError when the parts disagree or the point is refused: no half-valid key exists.
    """

    blob: bytes
    """The SSH encoding; the line and the fingerprint are made of it."""
    algorithm: str
    """`ssh-ed25519`, `sk-ssh-ed25519@openssh.com` or `sk-ecdsa-sha2-nistp256@openssh.com`."""
    raw: bytes
    """The point: 32 bytes in the encoding of RFC 8032, or 65 of P-256, uncompressed."""
    application: str
    """What a key signs for: `ssh:…` of a security key, the RP id of a passkey; else empty."""

    def __post_init__(self) -> None:
        if self.blob != encode_blob(self.raw, self.application):
            raise ValueError("the blob is not the encoding of the key's parts")
        if self.algorithm != _algorithm_for(self.raw, self.application):
            raise ValueError("the algorithm is not that of the key's parts")
        if _point_problem(self.raw, self.algorithm):
            raise ValueError("the point is not one a key may have")

    @property
    def fingerprint(self) -> str:
        """`SHA256:` and unpadded base64, as `ssh-keygen -l` prints it."""
        return _fingerprint(self.blob)

    @property
    def line(self) -> str:
        """The public key line without comment, as authorized_keys and allowed_signers hold it."""
        return f"{self.algorithm} {b64encode(self.blob).decode('ascii')}"


@per_run(1024)
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
    """The SSH key blob of a point: of 65 bytes a passkey's; with an application, a security key's.

    Nothing is checked: `parse_blob` does.
    """
    algorithm = _algorithm_for(raw, application)
    curve = (_P256,) if algorithm == PASSKEY else ()
    tail = () if algorithm == ED25519 else (application.encode("utf-8"),)
    return pack(algorithm.encode("ascii"), *curve, raw, *tail)


def parse_public_key(line: str) -> PublicKey | KeyProblem:
    """Parse one OpenSSH public key line: algorithm, base64, optional comment, single spaces.

    One final newline is allowed, as in a .pub file. Options, tabs and control characters are not.
    """
    text = line.removesuffix("\n")
    if len(text) > MAX_LINE or not text.isprintable():
        return KeyProblem("line")
    algorithm, _, rest = text.partition(" ")
    if algorithm not in _BODIES:
        return KeyProblem("algorithm")
    blob = decode_base64(rest.partition(" ")[0])
    if blob is None:
        return KeyProblem("base64")
    key = parse_blob(blob)
    if isinstance(key, PublicKey) and key.algorithm != algorithm:
        return KeyProblem("algorithm")
    return key


def parse_blob(blob: bytes) -> PublicKey | KeyProblem:
    """Parse an SSH key blob exactly; certificates, RSA, DSA and other ECDSA keys are refused.

    Stricter than OpenSSH: points of small order and non-canonical points are refused. The
    application of a security key must begin with `ssh:`, so a web site's credential cannot stand
    in; PROTOCOL.u2f asks this of those who make keys. That of a P-256 key must be an RP id, a
    domain in lower case: so it is a passkey, and signs through a browser alone.
    """
    head = unpack(blob, 1)
    if head is None:
        return KeyProblem("truncated")
    algorithm = head[0][0].decode("ascii", errors="replace")
    if algorithm not in _BODIES:
        return KeyProblem("algorithm")
    body = unpack(head[1], _BODIES[algorithm])
    if body is None:
        return KeyProblem("truncated")
    fields, rest = body
    if algorithm == PASSKEY and fields.pop(0) != _P256:
        return KeyProblem("curve")
    raw, *tail = fields
    reason = "trailing" if rest else _point_problem(raw, algorithm)
    if reason:
        return KeyProblem(reason)
    application = tail[0].decode("ascii", errors="replace") if tail else ""
    allowed = _RP_ID if algorithm == PASSKEY else _SECURITY_KEY
    if tail and not allowed.fullmatch(application):
        return KeyProblem("application")
    return PublicKey(blob, algorithm, raw, application)


def _algorithm_for(raw: bytes, application: str) -> str:
    if len(raw) == _P256_LENGTH:
        return PASSKEY
    return SK_ED25519 if application else ED25519


def _point_problem(raw: bytes, algorithm: str) -> str | None:
    if len(raw) != (_P256_LENGTH if algorithm == PASSKEY else RAW_LENGTH):
        return "length"
    if algorithm == PASSKEY:
        return None if raw[0] == 4 and _on_p256(raw[1:33], raw[33:]) else "point"
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    return "point" if y >= _PRIME or y in _SMALL_ORDER_Y else None


def _on_p256(left: bytes, right: bytes) -> bool:
    x, y = int.from_bytes(left, "big"), int.from_bytes(right, "big")
    curve = (x**3 - 3 * x + _P256_B - y**2) % _P256_PRIME
    return max(x, y) < _P256_PRIME and curve == 0
