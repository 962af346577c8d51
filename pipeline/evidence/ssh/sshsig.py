"""Verification of SSH signatures (SSHSIG) in process, as `ssh-keygen -Y verify` does it.

Sources: OpenSSH PROTOCOL.sshsig (armor, blob, signed data), PROTOCOL.u2f (security keys and
passkeys), RFC 8709 .6 (Ed25519 signature), RFC 8032 .5.1.7 (S < L, held by the cryptography
package), RFC 4251 .5 (mpint).

Whatever ssh-keygen rejects is rejected here. A hash over the file names a signature, so a signature
has exactly one form. Hence these are rejected too, which ssh-keygen accepts:

1. armor other than ssh-keygen's own: another line width, CRLF, blank lines, spaces, text after
   the end, no final newline (a signature made elsewhere is put in form by `armor`);
2. a reserved field that is not empty: it is not signed, so anyone could write into it;
3. a security key's or passkey's signature without the user-presence flag (the key was not
   touched), and a passkey's without that of user verification (no fingerprint, face or PIN);
4. keys on points of small order or in non-canonical encoding, Ed25519 security keys whose
   application does not begin with `ssh:`, P-256 ones whose is no RP id (see `keys.parse_blob`);
5. a second form of one signature: S not below L of Ed25519, where the ssh-keygen at hand does not
   look; s above half the order of P-256, or r and s in longer mpints (`webauthn.assemble`
   normalises what an authenticator made);
6. RSA, DSA, certificates and ECDSA but that of passkeys, which browsers alone make: no P-256 key
   in a file, none of ssh-keygen on a security key, and no authority but the roster;
7. version 0, and a NUL after the namespace or the name of the hash: ssh-keygen lets them pass,
   and none of them is signed;
8. more than 4096 bytes;
9. a passkey's signature asked for by a page whose origin does not belong to the RP id, or in a
   frame of another site (see `assertion`).
"""

from base64 import b64encode
from binascii import a2b_base64
from dataclasses import dataclass
from hashlib import sha256, sha512
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pipeline.evidence.ssh.assertion import ORDER, USER_PRESENT, Assertion, assertion_problem
from pipeline.evidence.ssh.keys import (
    ED25519,
    PASSKEY,
    KeyProblem,
    PublicKey,
    pack,
    parse_blob,
    unpack,
)
from pipeline.model.run import per_run

MAGIC: Final = b"SSHSIG"
VERSION: Final = 1
MAX_SIZE: Final = 4096
"""Bytes of an armored signature; an Ed25519 one has about 300, a passkey's 900."""
WEBAUTHN: Final = b"webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
"""Algorithm of a passkey's signature; its key's is `PASSKEY`."""

_BEGIN: Final = b"-----BEGIN SSH SIGNATURE-----\n"
_END: Final = b"-----END SSH SIGNATURE-----\n"
_WIDTH: Final = 70  # sshbuf_dtob64 wraps here
_HASHES: Final = {b"sha512": sha512, b"sha256": sha256}
_SIGNATURE_LENGTH: Final = 64
_COUNTER_LENGTH: Final = 4


@dataclass(frozen=True)
class SignatureProblem:
    """Why bytes are not a signature of the message in the namespace."""

    reason: str
    """`size`, `armor`, `magic`, `version`, `truncated`, `trailing`, `namespace`, `reserved`,
    `hash`, `key-` and a `KeyProblem` reason, `algorithm`, `length`, `presence`, `mismatch`; of a
    passkey also `scalar`, `origin`, `client-data`, `cross-origin`, `verification`, `flags`."""


class _Envelope(NamedTuple):
    """The parsed blob: only the signature itself is still to be verified."""

    key: PublicKey
    hash_algorithm: bytes
    signature: bytes  # R and S, 64 bytes; of a passkey empty
    flags_and_counter: bytes  # 5 bytes of a security key, else empty
    assertion: Assertion | None = None  # of a passkey


@per_run(4096)
def verify(signature: bytes, message: bytes, namespace: str) -> PublicKey | SignatureProblem:
    """The key that made this armored signature of the message, or why the signature fails.

    Who holds the key, and whether it may sign, is for the caller. Never raises on any bytes.
    Cached: one run verifies the same bytes several times.
    """
    envelope = _opened(signature, namespace)
    if isinstance(envelope, SignatureProblem):
        return envelope
    data = signed_data(message, namespace, envelope.hash_algorithm.decode("ascii"))
    if envelope.assertion:
        problem = assertion_problem(envelope.assertion, envelope.key, data)
        return SignatureProblem(problem) if problem else envelope.key
    if envelope.flags_and_counter:
        data = security_key_data(envelope.key.application, envelope.flags_and_counter, data)
    try:
        _verifier(envelope.key.raw).verify(envelope.signature, data)
    except InvalidSignature:
        return SignatureProblem("mismatch")
    return envelope.key


def named_key(signature: bytes, namespace: str) -> PublicKey | SignatureProblem:
    """The key that an armored signature names. Nothing is verified: anyone can name any key."""
    envelope = _opened(signature, namespace)
    return envelope if isinstance(envelope, SignatureProblem) else envelope.key


def assertion_of(signature: bytes, namespace: str) -> Assertion | None:
    """What a passkey signed, of a signature that `verify` accepts; None: no passkey signed."""
    envelope = _opened(signature, namespace)
    return None if isinstance(envelope, SignatureProblem) else envelope.assertion


def origin_of(signature: bytes, key: PublicKey, namespace: str) -> str:
    """The page's origin of a signature that `verify` accepts of a key; empty: no passkey."""
    assertion = assertion_of(signature, namespace) if key.algorithm == PASSKEY else None
    return assertion.origin if assertion else ""


def fingerprint_of(signature: bytes, namespace: str) -> str:
    """The fingerprint of its `named_key`; empty when it names none."""
    key = named_key(signature, namespace)
    return key.fingerprint if isinstance(key, PublicKey) else ""


def armor(blob: bytes) -> bytes:
    """The text form of an SSHSIG blob, byte for byte as ssh-keygen writes it."""
    text = b64encode(blob)
    lines = [text[at : at + _WIDTH] + b"\n" for at in range(0, len(text), _WIDTH)]
    return b"".join((_BEGIN, *lines, _END))


def signed_data(message: bytes, namespace: str, hash_algorithm: str) -> bytes:
    """The bytes a key signs in place of the message (PROTOCOL.sshsig .3).

    Raises KeyError for a hash algorithm other than sha512 and sha256.
    """
    name = hash_algorithm.encode()
    digest = _HASHES[name](message).digest()
    return _before_digest(namespace, name) + pack(digest)


@per_run(64)
def _before_digest(namespace: str, name: bytes) -> bytes:
    return MAGIC + pack(namespace.encode("utf-8"), b"", name)


def security_key_data(application: str, flags_and_counter: bytes, data: bytes) -> bytes:
    """The bytes a security key signs in place of `data` (PROTOCOL.u2f, SSH U2F signatures)."""
    digest = sha256(application.encode("utf-8")).digest()
    return digest + flags_and_counter + sha256(data).digest()


def _opened(signature: bytes, namespace: str) -> _Envelope | SignatureProblem:
    blob = _dearmor(signature)
    return blob if isinstance(blob, SignatureProblem) else _envelope(blob, namespace)


def _dearmor(signature: bytes) -> bytes | SignatureProblem:
    if len(signature) > MAX_SIZE:
        return SignatureProblem("size")
    try:
        blob = a2b_base64(signature[len(_BEGIN) : -len(_END)])
    except ValueError:
        return SignatureProblem("armor")
    # The decoder is lenient; comparing with the one valid armor of these bytes is not.
    return blob if armor(blob) == signature else SignatureProblem("armor")


def _envelope(blob: bytes, namespace: str) -> _Envelope | SignatureProblem:
    """As `_parse`; what signatures of one key in one namespace have in common is parsed once."""
    head = blob[:-_SIGNATURE_LENGTH]
    common = _common(head, namespace)
    if common is None:
        return _parse(blob, namespace)
    return common._replace(signature=blob[len(head) :])


@per_run(1024)
def _common(head: bytes, namespace: str) -> _Envelope | None:
    """The envelope of every blob with this beginning, without R and S, which end it.

    None unless it is a software key's signature: a security key's has more after S.
    """
    envelope = _parse(head + bytes(_SIGNATURE_LENGTH), namespace)
    if isinstance(envelope, _Envelope) and envelope.key.algorithm == ED25519:
        return envelope
    return None


@per_run(1024)
def _verifier(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


def _parse(blob: bytes, namespace: str) -> _Envelope | SignatureProblem:
    if not blob.startswith(MAGIC):
        return SignatureProblem("magic")
    after_version = len(MAGIC) + 4
    if blob[len(MAGIC) : after_version] != VERSION.to_bytes(4, "big"):
        return SignatureProblem("version")
    split = unpack(blob[after_version:], 5)
    if split is None:
        return SignatureProblem("truncated")
    (key_blob, signed_namespace, reserved, hash_algorithm, inner), rest = split
    if rest:
        return SignatureProblem("trailing")
    if not _is_namespace(namespace) or signed_namespace != namespace.encode("ascii"):
        return SignatureProblem("namespace")
    if reserved:
        return SignatureProblem("reserved")
    if hash_algorithm not in _HASHES:
        return SignatureProblem("hash")
    key = _key_of(key_blob)
    if isinstance(key, KeyProblem):
        return SignatureProblem(f"key-{key.reason}")
    return _parse_inner(inner, key, hash_algorithm)


@per_run(1024)
def _key_of(blob: bytes) -> PublicKey | KeyProblem:
    """As `parse_blob`: an archive has few keys and many signatures."""
    return parse_blob(blob)


def _parse_inner(
    inner: bytes, key: PublicKey, hash_algorithm: bytes
) -> _Envelope | SignatureProblem:
    split = unpack(inner, 2)
    if split is None:
        return SignatureProblem("truncated")
    (algorithm, signature), tail = split
    if key.algorithm == PASSKEY:
        if algorithm != WEBAUTHN:
            return SignatureProblem("algorithm")
        assertion = _parse_assertion(signature, tail)
        if isinstance(assertion, SignatureProblem):
            return assertion
        return _Envelope(key, hash_algorithm, b"", b"", assertion)
    if algorithm != key.algorithm.encode("ascii"):
        return SignatureProblem("algorithm")
    if len(signature) != _SIGNATURE_LENGTH:
        return SignatureProblem("length")
    expected = 0 if key.algorithm == ED25519 else 1 + _COUNTER_LENGTH
    if len(tail) != expected:
        return SignatureProblem("trailing" if len(tail) > expected else "truncated")
    if tail and not tail[0] & USER_PRESENT:
        return SignatureProblem("presence")
    return _Envelope(key, hash_algorithm, signature, tail)


def _parse_assertion(signature: bytes, tail: bytes) -> Assertion | SignatureProblem:
    """PROTOCOL.u2f: mpints r and s; then flags, counter, origin, clientDataJSON, extensions."""
    scalars = unpack(signature, 2)
    fields = unpack(tail[1 + _COUNTER_LENGTH :], 3)
    if scalars is None or fields is None:
        return SignatureProblem("truncated")
    (origin, client_data, extensions), rest = fields
    if rest or scalars[1]:
        return SignatureProblem("trailing")
    r, s = (int.from_bytes(scalar, "big") for scalar in scalars[0])
    if scalars[0] != [mpint(r), mpint(s)] or s > ORDER // 2:
        return SignatureProblem("scalar")
    counter = int.from_bytes(tail[1 : 1 + _COUNTER_LENGTH], "big")
    page = origin.decode("ascii", errors="replace")
    return Assertion(page, client_data, tail[0], counter, extensions, r, s)


def mpint(value: int) -> bytes:
    """The one form of a positive number on the wire (RFC 4251 .5), without its length."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def inner_signature(assertion: Assertion) -> bytes:
    """The signature of a passkey as SSHSIG holds it; read back by `verify`."""
    scalars = pack(mpint(assertion.r), mpint(assertion.s))
    head = assertion.tail[: 1 + _COUNTER_LENGTH]
    page = assertion.origin.encode("ascii")
    return pack(WEBAUTHN, scalars) + head + pack(page, assertion.client_data, assertion.extensions)


def armor_fields(key_blob: bytes, namespace: str, hash_algorithm: str, inner: bytes) -> bytes:
    """The armored signature of its parts. Nothing is verified."""
    fields = pack(key_blob, namespace.encode("utf-8"), b"", hash_algorithm.encode("ascii"), inner)
    return armor(MAGIC + VERSION.to_bytes(4, "big") + fields)


def _is_namespace(namespace: str) -> bool:
    # PROTOCOL.sshsig forbids the empty one; ours are plain words.
    return namespace != "" and namespace.isascii() and namespace.isprintable()
