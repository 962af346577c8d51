"""SSH signatures made in process from a seed: for tests and makers of corpora.

No person's key enters this module: people sign with ssh-keygen (`signing`). Source: OpenSSH
PROTOCOL.sshsig and PROTOCOL.u2f.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.evidence.ssh import sshsig
from pipeline.evidence.ssh.keys import ED25519, SK_ED25519, encode_blob, pack


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
    return _envelope(key_blob, namespace, hash_algorithm, inner)


def sign_as_security_key(
    message: bytes,
    seed: bytes,
    namespace: str,
    *,
    application: str = "ssh:",
    flags: int = sshsig.USER_PRESENT,
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
    return _envelope(key_blob, namespace, hash_algorithm, inner)


def _envelope(key_blob: bytes, namespace: str, hash_algorithm: str, inner: bytes) -> bytes:
    fields = pack(key_blob, namespace.encode("utf-8"), b"", hash_algorithm.encode("ascii"), inner)
    return sshsig.armor(sshsig.MAGIC + sshsig.VERSION.to_bytes(4, "big") + fields)
