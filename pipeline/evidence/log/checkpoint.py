"""Signed notes and checkpoints: the state of a log, in a form that witnesses sign too.

Sources: https://c2sp.org/signed-note (v1), https://c2sp.org/tlog-checkpoint (v1). The signature is
Ed25519 over the text of the note. Its name and four bytes of its hash identify a key.
"""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipeline.errors import Fault
from pipeline.evidence.log.merkle import DIGEST_SIZE
from pipeline.evidence.ssh import keys
from pipeline.model.findings import say

ALGORITHM: Final = b"\x01"
"""Ed25519, in key ids and key texts."""
MAX_NOTE: Final = 65_536
"""The most bytes of a note that is read; one of ours has about 400."""
MAX_SIGNATURES: Final = 100
_DASH: Final = "\u2014 "
_ID_LENGTH: Final = 4


@dataclass(frozen=True)
class NoteKey:
    """A public key and the name it signs under."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Four bytes of SHA-256 over name, newline, algorithm and key."""
        return sha256(self.name.encode() + b"\n" + ALGORITHM + self.raw).digest()[:_ID_LENGTH]

    @property
    def text(self) -> str:
        """``name+01020304+base64``: the verifier key as other tools read it."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ALGORITHM + self.raw).decode()}"


@dataclass(frozen=True)
class Checkpoint:
    """The tree that a log commits itself to."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    """Further lines, in the form ``name value``."""

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    def extension(self, name: str) -> str:
        """The value of a further line, empty when there is none."""
        pairs = (line.partition(" ") for line in self.extensions)
        return next((value for key, _, value in pairs if key == name), "")


@dataclass(frozen=True)
class Note:
    """A text with signature lines; none of them is verified yet."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]
    """(key name, key id, signature)."""

    def signed_by(self, key: NoteKey) -> bool:
        """Whether one of the signatures is by this key and verifies."""
        return any(
            name == key.name and id_ == key.id and _holds(key.raw, signature, self.text)
            for name, id_, signature in self.signatures
        )


def sign_note(text: str, name: str, private_key: bytes) -> bytes:
    """The text with one signature line; `private_key` is an unencrypted OpenSSH Ed25519 key file.

    Raises Fault for any other key, ValueError for a text or name that no note can hold.
    """
    if not text.endswith("\n") or not _is_name(name) or not _is_text(text):
        raise ValueError("no note can hold this")
    signer = _signer(private_key)
    key = NoteKey(name, signer.public_key().public_bytes_raw())
    signature = b64encode(key.id + signer.sign(text.encode())).decode()
    return f"{text}\n{_DASH}{name} {signature}\n".encode()


def note_key(name: str, private_key: bytes) -> NoteKey:
    """The public half of a log's key file, under its name. Raises Fault as `sign_note`."""
    return NoteKey(name, _signer(private_key).public_key().public_bytes_raw())


def read_note(raw: bytes) -> Note | None:
    """A note with its signature lines; None when the bytes are no note. Never raises."""
    if len(raw) > MAX_NOTE:
        return None
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or not _is_text(whole):
        return None
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    valid = tuple(s for s in signatures if s is not None)
    if len(valid) != len(signatures) or len(valid) > MAX_SIGNATURES:
        return None
    return Note(f"{text}\n", valid)


def read_checkpoint(text: str) -> Checkpoint | None:
    """The checkpoint that a note's text states; None when it states none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        return None
    origin, size, encoded, *more = lines[:-1]
    root = keys.decode_base64(encoded)
    plain = size.isascii() and size.isdecimal() and (size == "0" or size[0] != "0")
    if not plain or len(size) > 18 or root is None or len(root) != DIGEST_SIZE:
        return None
    return Checkpoint(origin, int(size), root, tuple(more))


def read_key(text: str, origin: str) -> NoteKey | None:
    """A verifier key: ``name+id+base64``, or an OpenSSH Ed25519 line, then under `origin`."""
    line = text.strip()
    if line.startswith("ssh-"):
        parsed = keys.parse_public_key(line)  # a security key's line begins with sk-
        return NoteKey(origin, parsed.raw) if isinstance(parsed, keys.PublicKey) else None
    name, _, rest = line.partition("+")
    id_, _, encoded = rest.partition("+")
    raw = keys.decode_base64(encoded)
    if raw is None or raw[:1] != ALGORITHM or not _is_name(name):
        return None
    parsed = keys.parse_blob(keys.encode_blob(raw[1:]))
    if isinstance(parsed, keys.KeyProblem):  # or anyone signs with it
        return None
    key = NoteKey(name, raw[1:])
    return key if key.id.hex() == id_ else None


def _signature(line: str) -> tuple[str, bytes, bytes] | None:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    raw = keys.decode_base64(encoded)
    if not line.startswith(_DASH) or not _is_name(name) or raw is None or len(raw) <= _ID_LENGTH:
        return None
    return name, raw[:_ID_LENGTH], raw[_ID_LENGTH:]


def _holds(raw: bytes, signature: bytes, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _signer(private_key: bytes) -> Ed25519PrivateKey:
    # Imported lazily: verifying needs no private key.
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        key = load_ssh_private_key(private_key, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        message = say("The log's key cannot be used.")
        remedy = say("Make one for the log alone: `ssh-keygen -t ed25519 -N '' -f log-key`.")
        raise Fault(message, remedy)
    return key


def _is_name(name: str) -> bool:
    return name != "" and "+" not in name and not any(c.isspace() for c in name)


def _is_text(text: str) -> bool:
    """No control characters but the newline (signed-note, Format)."""
    return not any(ord(c) < 0x20 and c != "\n" for c in text)
