"""SSH signatures made in process from a seed: for tests and makers of corpora.

No person's key enters this module: people sign with ssh-keygen (`signing`). Source: OpenSSH
PROTOCOL.sshsig and PROTOCOL.u2f.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pipeline.evidence.ssh import sshsig
from pipeline.evidence.ssh.assertion import ORDER, USER_PRESENT, USER_VERIFIED
from pipeline.evidence.ssh.keys import ED25519, SK_ED25519, PublicKey, encode_blob, pack
from pipeline.evidence.ssh.webauthn import (
    AssertionResponse,
    assemble,
    challenge,
    key_of_registration,
)

DESK = "http://localhost:8737"
"""Origin of the desk on one's own machine."""


def sign_in_process(
    message: bytes, private_key: bytes, namespace: str, *, hash_algorithm: str = "sha512"
) -> bytes:
    """Sign with an Ed25519 seed of 32 bytes: deterministic, for tests and corpus makers only.

    Raises ValueError for another length, KeyError for a hash other than sha512 and sha256.
    """
    signer = Ed25519PrivateKey.from_private_bytes(private_key)
    data = sshsig.signed_data(message, namespace, hash_algorithm)
    inner = pack(ED25519.encode("ascii"), signer.sign(data))
    key_blob = encode_blob(signer.public_key().public_bytes_raw())
    return sshsig.armor_fields(key_blob, namespace, hash_algorithm, inner)


def sign_as_security_key(
    message: bytes,
    seed: bytes,
    namespace: str,
    *,
    application: str = "ssh:",
    flags: int = USER_PRESENT,
    counter: int = 1,
    hash_algorithm: str = "sha512",
) -> bytes:
    """Sign as an sk-ssh-ed25519 security key would, in software, for tests and corpus makers.

    `flags` is one byte, `counter` a uint32. Raises as `sign_in_process`, OverflowError for these.
    """
    signer = Ed25519PrivateKey.from_private_bytes(seed)
    tail = flags.to_bytes(1, "big") + counter.to_bytes(4, "big")
    data = sshsig.signed_data(message, namespace, hash_algorithm)
    signature = signer.sign(sshsig.security_key_data(application, tail, data))
    inner = pack(SK_ED25519.encode("ascii"), signature) + tail
    key_blob = encode_blob(signer.public_key().public_bytes_raw(), application)
    return sshsig.armor_fields(key_blob, namespace, hash_algorithm, inner)


def sign_as_passkey(
    message: bytes,
    seed: bytes,
    namespace: str,
    *,
    rp_id: str = "localhost",
    origin: str = DESK,
) -> bytes:
    """Sign as a browser and a passkey would, for tests and corpus makers: deterministic.

    Raises Fault when the result would not verify, as a desk would.
    """
    response = passkey_response(challenge(message, namespace), seed, rp_id=rp_id, origin=origin)
    return assemble(message, namespace, passkey_of(seed, rp_id), response)


def passkey_of(seed: bytes, rp_id: str = "localhost") -> PublicKey:
    """The passkey of a seed."""
    spki = _passkey(seed).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key_of_registration(spki, rp_id)


def passkey_response(
    challenge: bytes,
    seed: bytes,
    *,
    rp_id: str = "localhost",
    origin: str = DESK,
    client_data: bytes = b"",
    flags: int = USER_PRESENT | USER_VERIFIED,
    counter: int = 1,
    extensions: bytes = b"",
) -> AssertionResponse:
    """What a browser answers to a challenge; `client_data` replaces what it would write."""
    code = urlsafe_b64encode(challenge).rstrip(b"=").decode("ascii")
    head = f'{{"type":"webauthn.get","challenge":"{code}","origin":"{origin}"'
    written = client_data or f'{head},"crossOrigin":false}}'.encode()
    tail = flags.to_bytes(1, "big") + counter.to_bytes(4, "big") + extensions
    data = sha256(rp_id.encode("utf-8")).digest() + tail
    pen = ECDSA(SHA256(), deterministic_signing=True)
    signature = _passkey(seed).sign(data + sha256(written).digest(), pen)
    return AssertionResponse(written, data, signature)


def _passkey(seed: bytes) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(seed, "big") % (ORDER - 1) + 1, SECP256R1())
