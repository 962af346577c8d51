"""Fuzz targets of what is sealed: signatures, keys, notes, the log and whole sites.

Ed25519 is deterministic, and every key here is ours: what a reader takes for signed must be, byte
for byte, what the key makes of those words.
"""

from base64 import b64decode, b64encode
from dataclasses import fields, replace
from functools import cache
from random import Random

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.errors import Fault
from pipeline.evidence.log import checkpoint
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.assertion import ORDER
from pipeline.evidence.ssh.keys import (
    PASSKEY,
    SK_ED25519,
    PublicKey,
    pack,
    parse_public_key,
    unpack,
)
from pipeline.evidence.ssh.sshsig import armor, mpint, signed_data, verify
from pipeline.evidence.ssh.webauthn import AssertionResponse, assemble, challenge, verify_login
from tests.builders.cast import public_line, seed, sign_as
from tests.evidence.taken_apart import Parts, blob_of, parts_of
from tests.fuzz.grammar import spoiled
from tests.fuzz.mutate import Target
from tools.sign_in_process import (
    DESK,
    passkey_of,
    passkey_response,
    sign_as_passkey,
    sign_as_security_key,
)

MESSAGE = b"what was signed\n"
ORIGIN = "archive.example/a"
ORDER_OF_CURVE = 2**252 + 27742317777372353535851937790883648493
SOFTWARE = sign_as("xxy-a", MESSAGE)
SECURITY_KEY = sign_as_security_key(MESSAGE, seed("kz-a"), NAMESPACE)
BY_PASSKEY = sign_as_passkey(MESSAGE, seed("ld-a"), NAMESPACE)
PASSKEY_OF = passkey_of(seed("ld-a"))
SIGNATURES = (SOFTWARE, SECURITY_KEY, BY_PASSKEY)
LOGIN = b"\x17" * 32
ANSWERS = tuple(
    pack(*passkey_response(each, seed("ld-a"))) for each in (challenge(MESSAGE, NAMESPACE), LOGIN)
)
"""What a browser answers when a statement is to be signed, and when someone signs in."""
SECRET = Ed25519PrivateKey.from_private_bytes(seed("log")).private_bytes(
    form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption()
)
"""The log's own key."""


@cache
def _pen(person: str) -> tuple[Ed25519PrivateKey, Parts]:
    return Ed25519PrivateKey.from_private_bytes(seed(person)), parts_of(sign_as(person, b""))


def signed_by(person: str, message: bytes) -> bytes:
    """As `sign_as`, with the key read once: half of the time of a run."""
    key, parts = _pen(person)
    return replace(parts, signature=key.sign(signed_data(message, NAMESPACE, "sha512"))).armored()


def _signature(raw: bytes) -> None:
    """No mutated signature is ever a signature."""
    if raw not in SIGNATURES:
        assert not isinstance(verify(raw, MESSAGE, NAMESPACE), PublicKey)


def _message(raw: bytes) -> None:
    if raw != MESSAGE:
        signature = SIGNATURES[len(raw) % 3]
        assert not isinstance(verify(signature, raw, NAMESPACE), PublicKey)


def bytes_near(raw: bytes, random: Random) -> bytes:
    """A field of another length, value or form."""
    at = random.randrange(len(raw) + 1)
    match random.randrange(6):
        case 0:
            return raw[:at]
        case 1:
            return raw + random.randbytes(random.choice((1, 4, 32)))
        case 2:
            return random.choice((b"", b"\0" * len(raw), b"\xff" * len(raw), b"\1" + b"\0" * 31))
        case 3 if len(raw) == 64:  # another S for the same equation
            s = int.from_bytes(raw[32:], "little") + ORDER_OF_CURVE
            return raw[:32] + (s % 2**256).to_bytes(32, "little")
        case 3 if 70 <= len(raw) <= 74:  # the other s of P-256, or a longer number
            r, s = (int.from_bytes(part, "big") for part in (unpack(raw, 2) or ([b"", b""], 0))[0])
            return random.choice(
                (pack(mpint(r), mpint(ORDER - s)), pack(b"\0" + mpint(r), mpint(s)))
            )
        case 4:
            return random.choice(
                (b"ssh-rsa", b"sha256", b"sha1", NAMESPACE.encode() + b"\0", b"ssh:x")
            )
        case _ if at < len(raw):
            return raw[:at] + bytes((raw[at] ^ 1 << random.randrange(8),)) + raw[at + 1 :]
    return raw


def _parts(random: Random) -> bytes:
    """A signature put together from parts, one or two of them wrong or another's."""
    parts = parts_of(random.choice(SIGNATURES))
    names = [f.name for f in fields(parts) if f.name != "version"]
    for name in random.sample(names, random.choice((1, 1, 2))):
        other = parts_of(random.choice(SIGNATURES))
        value = getattr(random.choice((parts, other)), name)
        parts = replace(parts, **{name: bytes_near(value, random)})
    return replace(parts, version=random.choice((1,) * 8 + (0, 2))).armored()


def _armors(random: Random) -> bytes:
    """The right blob in another armor."""
    lines = random.choice(SIGNATURES).split(b"\n")
    text = b64encode(blob_of(random.choice(SIGNATURES))).rstrip(b"=" * random.randrange(2))
    width = random.choice((64, 70, 76, 1000))
    rows = [text[i : i + width] for i in range(0, len(text), width)]
    body = random.choice((lines[1:-2], rows, [row + b" " for row in rows], rows[:-1]))
    return random.choice((b"\n", b"\r\n")).join((lines[0], *body, *lines[-2:]))


def _answer(raw: bytes) -> None:
    """A browser's answer is the one signature of the statement, or a fault; or it signs in."""
    fields, _ = unpack(raw, 3) or ([], b"")
    if len(fields) != 3:
        return
    response = AssertionResponse(*fields)
    try:
        assert assemble(MESSAGE, NAMESPACE, PASSKEY_OF, response) == BY_PASSKEY
    except Fault:
        assert raw != ANSWERS[0]
    else:
        assert not verify_login(PASSKEY_OF, LOGIN, response, DESK)
    if verify_login(PASSKEY_OF, LOGIN, response, DESK):
        assert (response.client_data, response.authenticator_data) == tuple(
            (unpack(ANSWERS[1], 2) or ([], b""))[0]
        )


def _answers(random: Random) -> bytes:
    """An answer with one part near to a right one or another's."""
    parts = [(unpack(random.choice(ANSWERS), 3) or ([], b""))[0][n] for n in range(3)]
    at = random.randrange(3)
    parts[at] = bytes_near(parts[at], random)
    return pack(*parts)


def _key(raw: bytes) -> None:
    found = parse_public_key(raw.decode("utf-8", "replace"))
    if isinstance(found, PublicKey):
        assert parse_public_key(found.line) == found


def _keys(random: Random) -> bytes:
    """A key line over a blob of parts near to right ones."""
    point = b64decode(public_line("xxy-a").split()[1])[-32:]
    parts = random.choice(
        (
            [b"ssh-ed25519", point],
            [SK_ED25519.encode(), point, b"ssh:"],
            [PASSKEY.encode(), b"nistp256", PASSKEY_OF.raw, b"localhost"],
        )
    )
    algorithm = parts[0]
    at = random.randrange(len(parts))
    parts[at] = bytes_near(parts[at], random)
    return b" ".join((algorithm, b64encode(pack(*parts)), b"x"))


def _note(raw: bytes) -> None:
    """Only what was signed verifies, whatever other signatures stand beside it."""
    note = checkpoint.read_note(raw)
    if note is not None and note.signed_by(NOTE_KEY):
        assert note.text == TEXT
    read = checkpoint.read_checkpoint(note.text if note else raw.decode("utf-8", "replace"))
    if read is not None:
        assert checkpoint.read_checkpoint(read.text) == read


def notes(random: Random) -> bytes:
    """Lines of a checkpoint and of signatures, some wrong, some twice, some of others."""
    lines = TEXT.splitlines()
    lines[random.randrange(len(lines))] = random.choice(
        (
            "0", "00", "-1", "9" * 18, "9" * 5000, "\u0661", "", " ", "a b", "=", "AAAA",
            "\u2014 x AAAA",
        )
    )  # fmt: skip
    text = random.choice((TEXT, "\n".join(lines) + "\n"))
    held = b64decode(NOTE.split()[-1])
    rows = [
        f"\u2014 {random.choice((ORIGIN, 'x', 'a+b', '', 'ä'))} "
        f"{b64encode(bytes_near(held, random)).decode()}\n"
        for _ in range(random.choice((0, 1, 2, 101)))
    ]
    own = NOTE.decode().rsplit("\n\n")[-1]
    return spoiled(text + random.choice(("\n", "\n", "\n\n", "")) + "".join(
        random.sample([own, *rows], random.randint(0, len(rows) + 1))), random)  # fmt: skip


def _note_key(raw: bytes) -> None:
    found = checkpoint.read_key(raw.decode("utf-8", "replace"), ORIGIN)
    if found is not None and found.name != ORIGIN:
        assert checkpoint.read_key(found.text, "") == found


TEXT = checkpoint.Checkpoint(ORIGIN, 3, b"r" * 32, ("sanshen/commit abc",)).text
NOTE = checkpoint.sign_note(TEXT, ORIGIN, SECRET)
NOTE_KEY = checkpoint.note_key(ORIGIN, SECRET)

SEALS: dict[str, Target] = {
    "signature": Target(
        (*SIGNATURES, sign_as("kz-a", b"x"), armor(b"SSHSIG")),
        _signature,
        (_parts, _parts, _armors),
    ),
    "message": Target((MESSAGE,), _message),
    "passkey": Target(ANSWERS, _answer, (_answers,)),
    "key": Target((public_line("xxy-a").encode(), PASSKEY_OF.line.encode()), _key, (_keys,)),
    "note": Target((NOTE, TEXT.encode()), _note, (notes,)),
    "note-key": Target((NOTE_KEY.text.encode(), public_line("log").encode()), _note_key),
}
