"""Make one input out of seeds and forms, the same for the same number: no coverage, no clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.fuzz.grammar import Form

MAX_LENGTH = 16_384
PIECES = (
    b"\0", b"\xff", b"\n", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xe2\x80\x8b",
    b"---\n", b"...\n", b": ", b"- ", b"[", b"]", b"{", b"}", b'"', b"'", b"&a ", b"*a",
    b"!!python", b"<<: ", b"null", b"true", b"~", b"0", b"-1", b"1e400", b"NaN", b"9" * 30,
    b"\\ud800", b"[" * 200, b"2026-02-30", b"+08:00", b"\xe2\x80\x94 ", b"AAAA", b"====",
    b"\x7f\xff\xff\xff", b"sha256",
)  # fmt: skip
"""What parsers stumble over."""


@dataclass(frozen=True)
class Target:
    """One reader under fuzzing."""

    seeds: tuple[bytes, ...]
    meet: Callable[[bytes], None]
    """Raises when the reader crashes or accepts what it must not."""
    forms: tuple[Form, ...] = ()
    """What follows the reader's grammar: three of four inputs, where there are any."""


def made(target: Target, name: str) -> bytes:
    """One input, a function of the target and a name such as ``7:roster:1234``."""
    random = Random(name)
    if not target.forms or random.random() < 0.25:
        return _mutated(random.choice(target.seeds), target.seeds, random)
    raw = random.choice(target.forms)(random)
    return raw if random.random() < 0.9 else _mutated(raw, target.seeds, random)


def _mutated(seed: bytes, seeds: Sequence[bytes], random: Random) -> bytes:
    raw = bytearray(seed)
    for _ in range(1 if random.random() < 0.5 else random.randint(2, 6)):
        _change(raw, seeds, random)
    return bytes(raw[:MAX_LENGTH])


def _change(raw: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    at = random.randrange(len(raw) + 1)
    end = min(len(raw), at + random.choice((1, 1, 2, 4, 16, 64)))
    match random.randrange(8):
        case 0 if at < len(raw):
            raw[at] ^= 1 << random.randrange(8)
        case 1 if at < len(raw):
            raw[at] = random.randrange(256)
        case 2:
            del raw[at:end]
        case 3:
            raw[at:at] = raw[at:end] * random.choice((1, 2, 50))
        case 4:
            raw[at:at] = random.choice(PIECES)
        case 5:
            other = random.choice(seeds)
            start = random.randrange(len(other) + 1)
            raw[at:end] = other[start : start + random.choice((8, 64, 512))]
        case 6:
            del raw[at:]
        case _:
            raw[at:end] = random.choice(PIECES)
