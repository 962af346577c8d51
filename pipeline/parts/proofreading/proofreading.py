"""Likely typing errors: what a model of official Chinese would rather read (`sanshen proof`).

The model counts sequences of one to four characters in laws and words (docs/decisions/0051). Where
a text is improbable, every character that sounds or looks like the one written is tried in its
place; so are the text without a doubled character, with neighbours exchanged, and with one more.
What makes the text far more probable is a slip to look at, never a fault: readers decide.

A model file is `MAGIC`, then zlib of: length and JSON (`characters`, their `readings` and
`shapes`, `total`), then five tables, of sequences of one to four characters and of words. A table
is a length, sorted hashes as differences in byte planes, and a byte each: `STEPS` times the
logarithm of the count.
"""

import json
import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from math import log

from pipeline.detect.folding import CJK, fold
from pipeline.detect.post_words import words_of
from pipeline.model.findings import Message, say
from pipeline.model.lazy import regex
from pipeline.model.posts import Post
from pipeline.model.registers import Registers

MAGIC = b"sanshen proof 1\n"
BITS = 14
"""Bits of a character in a packed sequence: 0 is a mark, 1 a letter or digit outside the model."""
WORD = 1
"""What a packed word begins with, so that no sequence is taken for one."""
STEPS = 8
_COMMON = 4.0
"""Logarithm of the count below which a character is suggested to no one."""
_REACH = 4
"""Characters whose probability one character decides: itself and three behind it."""
_LONELY = 3.0
"""Two characters that form no word, such as 或 and 和, are both right wherever they stand."""
_BACKOFF = log(0.3)
_LIMITS = {
    "sound": 11.5, "near": 13.0, "shape": 15.0, "doubled": 12.0, "swapped": 14.0,
}  # fmt: skip
"""Reason → how much more probable (as a logarithm) a text must become before it is worth a note."""
_LIKELY = -16.0
"""Logarithm of four probabilities above which nothing is worth trying."""
_CHINESE = regex(f"[{CJK}]")
_TOWN = regex(f"([{CJK}]{{2,5}}?)[省市县区旗]")
_BEFORE_KIND = regex(f"[{CJK}]{{2}}(?=[市县镇乡村])")
"""Names of places are not in any dictionary."""
REASONS: Mapping[str, Message] = {
    "sound": say("sounds the same"),
    "near": say("sounds alike"),
    "shape": say("looks alike"),
    "doubled": say("written twice"),
    "swapped": say("in the wrong order"),
}


def packed(text: str, ids: Mapping[str, int]) -> list[int]:
    """Numbers of the characters, with a mark before and behind."""
    return [0, *(ids.get(c, 1 if c.isalnum() else 0) for c in text), 0]


def hashed(key: int) -> int:
    """32 bits of a packed sequence, the same on every machine."""
    return (key % 0x1FFFFFFFFFFFFFFF) * 0x9E3779B97F4A7C15 >> 29 & 0xFFFFFFFF


@dataclass(frozen=True)
class Typo:
    """Offsets into the text, what could be meant, and why."""

    start: int
    end: int
    suggestion: str
    reason: str
    gain: float = 0.0

    def note(self, text: str) -> Message:
        """What to look at, in words."""
        words, why = text[self.start : self.end], REASONS.get(self.reason, self.reason)
        return say("“{words}”: perhaps “{to}” ({why})", words=words, to=self.suggestion, why=why)


class Model:
    """Logarithms of counts, and which characters may stand for which."""

    def __init__(self, raw: bytes) -> None:
        """Raises ValueError for anything but a model."""
        if not raw.startswith(MAGIC):
            raise ValueError("no model")
        try:
            body = zlib.decompress(raw[len(MAGIC) :])
            size = struct.unpack_from("<I", body)[0]
            head = json.loads(body[4 : 4 + size])
            self._tables = list(_tables(body, 4 + size))
            self.characters: str = head["characters"]
            self._readings = [r.split() for r in head["readings"]]
            self._shapes: list[str] = head["shapes"]
            self._floor = -log(head["total"])
        except (zlib.error, struct.error, KeyError, TypeError, IndexError) as error:
            raise ValueError("no model") from error
        self.ids = {c: i for i, c in enumerate(self.characters, 2)}
        self.probability = lru_cache(maxsize=1 << 18)(self._probability)
        self.confused = lru_cache(maxsize=None)(self.confusable)

    def count(self, size: int, key: int) -> float | None:
        """The logarithm of how often a packed sequence occurs; size 5 is a word of any length."""
        marks, values = self._tables[size - 1]
        mark = hashed(key)
        at = bisect_left(marks, mark)
        return values[at] / STEPS if at < len(marks) and marks[at] == mark else None

    def _probability(self, key: int) -> float:
        """The logarithm for the last of four packed characters ("stupid backoff", Brants 2007)."""
        lost = 0.0
        for size in (4, 3, 2):
            part = key & (1 << BITS * size) - 1
            if (value := self.count(size, part)) is not None:
                before = self.count(size - 1, part >> BITS)
                return lost + (min(0.0, value - before) if before is not None else 0.0)
            lost += _BACKOFF
        value = self.count(1, key & (1 << BITS) - 1)
        return lost + self._floor + (value or 0.0)

    def word(self, text: str, at: int) -> tuple[int, int]:
        """Where the longest word of the dictionary around an offset begins and ends, or nothing."""
        for size in (4, 3, 2):
            for start in range(max(0, at - size + 1), min(at, len(text) - size) + 1):
                key = WORD
                for c in text[start : start + size]:
                    if c not in self.ids:
                        break
                    key = key << BITS | self.ids[c]
                else:
                    if self.count(5, key) is not None:
                        return start, start + size
        return at, at

    @cached_property
    def _by_sound(self) -> Mapping[str, str]:
        sounds: dict[str, str] = defaultdict(str)
        for char, spoken in zip(self.characters, self._readings, strict=True):
            for reading in {*spoken, *map(_blurred, spoken)}:
                sounds[reading] += char
        return sounds

    def confusable(self, char: str) -> Sequence[tuple[str, str]]:
        """(character, reason) of all that a typist or a scanner may put for this one."""
        at = self.ids[char] - 2
        spoken = self._readings[at]
        tried: dict[str, str] = {}
        for reason, others in (
            ("sound", "".join(self._exactly(r) for r in spoken)),
            ("near", "".join(self._by_sound[_blurred(r)] for r in spoken)),
            ("shape", self._shapes[at]),
        ):
            for other in others:
                tried.setdefault(other, reason)
        return [(c, r) for c, r in tried.items() if c != char and self._is_common(c)]

    def _is_common(self, char: str) -> bool:
        return (self.count(1, self.ids[char]) or 0.0) >= _COMMON

    def _exactly(self, reading: str) -> str:
        chars = self._by_sound[reading]
        return "".join(c for c in chars if reading in self._readings[self.ids[c] - 2])


def _blurred(reading: str) -> str:
    """What speakers of many regions do not tell apart: z and zh, n and l, -n and -ng."""
    soft = reading[0] + reading[2:] if reading[:2] in ("zh", "ch", "sh") else reading
    soft = "l" + soft[1:] if soft.startswith("n") else soft
    return soft.removesuffix("g") if soft.endswith("ng") else soft


def _tables(body: bytes, at: int) -> Iterator[tuple["array[int]", bytes]]:
    for _ in range(5):
        size = struct.unpack_from("<I", body, at)[0]
        mixed = bytearray(4 * size)
        for plane in range(4):
            mixed[plane::4] = body[at + 4 + plane * size : at + 4 + (plane + 1) * size]
        steps = array("I", bytes(mixed))
        if sys.byteorder == "big":
            steps.byteswap()
        at += 4 + 5 * size
        yield array("I", accumulate(steps)), body[at - size : at]


def slips(text: str, model: Model, protected: Iterable[str] = ()) -> tuple[Typo, ...]:
    """Every likely slip in order; none touches an occurrence of a protected name."""
    folded = fold(text)
    reader = _TypoFinder(model, folded.text, _spans(folded.text, map(_plain, protected)))
    return tuple(
        Typo(*folded.span(s.start, s.end), s.suggestion, s.reason, s.gain) for s in reader.slips()
    )


def _plain(name: str) -> str:
    return fold(name).text


def _spans(text: str, names: Iterable[str]) -> frozenset[int]:
    """Offsets of all characters of the names, and of places."""
    taken: set[int] = set()
    for name in {n for n in names if len(n) > 1}:
        at = text.find(name)
        while at >= 0:
            taken.update(range(at, at + len(name)))
            at = text.find(name, at + 1)
    taken.update(i for match in _BEFORE_KIND.finditer(text) for i in range(*match.span()))
    return frozenset(taken)


class _TypoFinder:
    """One folded text as the model reads it."""

    def __init__(self, model: Model, text: str, taken: frozenset[int]) -> None:
        self.model, self.text, self.taken = model, text, taken
        self.signs = [0, 0, *packed(text, model.ids), 0, 0, 0]
        """Three marks before the text: the character at offset i has the index i + 3."""
        self.base = [self._at(self.signs, i) for i in range(len(self.signs))]

    def _at(self, signs: Sequence[int], index: int) -> float:
        key = 0
        for sign in signs[max(0, index - 3) : index + 1]:
            key = key << BITS | sign
        return self.model.probability(key)

    def slips(self) -> list[Typo]:
        """The best of every neighbourhood."""
        best: list[Typo] = []
        for slip in sorted(self._all(), key=lambda s: -s.gain):
            if all(slip.end < b.start or slip.start > b.end for b in best):
                best.append(slip)
        return sorted((self._shown(s) for s in best), key=lambda s: s.start)

    def _all(self) -> Iterator[Typo]:
        for i, char in enumerate(self.text):
            if char in self.model.ids and i not in self.taken:
                yield from self._replaced(i, char)
                if i + 1 < len(self.text) and i + 1 not in self.taken:
                    yield from self._pair(i, char, self.text[i + 1])

    def _replaced(self, i: int, char: str) -> Iterator[Typo]:
        written = sum(self.base[i + 3 : i + 3 + _REACH])
        if written > _LIKELY:
            return
        worded = self._worth(self.text, i)
        for other, reason in self.model.confused(char):
            gain = self._gain(i, 1, other, written + _LIMITS[reason] - 3)
            if gain is not None:
                text = self.text[:i] + other + self.text[i + 1 :]
                worth = self._worth(text, i)
                gain += worth - 1.5 * worded - _LIMITS[reason] - _LONELY * (worth == worded == 0)
                if gain > 0:
                    yield Typo(i, i + 1, other, reason, gain)

    def _worth(self, text: str, at: int) -> float:
        """A character in a word of the dictionary is likelier right than one that stands alone."""
        start, end = self.model.word(text, at)
        return (0.0, 0.0, 1.0, 2.0, 2.0)[end - start]

    def _gain(self, i: int, size: int, put: str, least: float) -> float | None:
        """How much more probable the text is with `put` for `size` characters; None: too little."""
        ids = self.model.ids
        new = [ids[c] for c in put]
        before, behind = self.signs[i + 2], self.signs[i + 3 + size]
        if new and not (self._pair_known(before, new[0]) or self._pair_known(new[-1], behind)):
            return None
        signs = [*self.signs[i : i + 3], *new, *self.signs[i + 3 + size : i + 6 + size]]
        score = 0.0
        for at in range(3, len(signs)):
            score += self._at(signs, at)
            if score < least:
                return None
        return score - sum(self.base[i + 3 : i + 3 + size + _REACH - 1])

    def _pair_known(self, one: int, other: int) -> bool:
        return one > 1 and other > 1 and self.model.count(2, one << BITS | other) is not None

    def _pair(self, i: int, one: str, other: str) -> Iterator[Typo]:
        """A character too many, or two in the wrong order."""
        if other not in self.model.ids:
            return
        written = sum(self.base[i + 3 : i + 4 + _REACH])
        if written > _LIKELY:
            return
        start, end = self.model.word(self.text, i)
        if start <= i and i + 1 < end:
            return  # both stand in one word
        for reason, put in (("doubled", one), ("swapped", other + one)):
            if (reason == "doubled") == (one == other):
                gain = self._gain(i, 2, put, written + _LIMITS[reason])
                if gain is not None and gain > _LIMITS[reason]:
                    yield Typo(i, i + 2, put, reason, gain - _LIMITS[reason])

    def _shown(self, slip: Typo) -> Typo:
        """The slip with the word around it, as readers look for words."""
        text = self.text[: slip.start] + slip.suggestion + self.text[slip.end :]
        start, end = self.model.word(text, slip.start)
        longer = len(slip.suggestion) - (slip.end - slip.start)
        start, end = min(start, slip.start), max(end, slip.start + len(slip.suggestion))
        if any(at in self.taken for at in range(start, end - longer)):
            return slip
        return Typo(start, end - longer, text[start:end], slip.reason, slip.gain)


@dataclass(frozen=True)
class Excerpt:
    """A line of the body, or a text of the front matter; `column` 0: no columns are counted."""

    path: str
    line: int
    column: int
    text: str


def passages(post: Post) -> tuple[Excerpt, ...]:
    """Every passage of a post with Chinese in it."""
    words, offset = words_of(post), 0
    held: list[Excerpt] = []
    for text, path, origin in words.parts:
        lines = text.split("\n") if isinstance(origin, int) else [text]
        for line in lines if path == post.path else ():
            at = words.locate(offset)
            if _CHINESE.search(line):
                held.append(Excerpt(path, at.line, at.column * isinstance(origin, int), line))
            offset += len(line) + 1
        offset = offset + 1 if path == post.path else offset + len(text) + 2
    return tuple(held)


def protected_names(registers: Registers) -> frozenset[str]:
    """Names and fixed terms of the registers, and the places that such names begin with."""
    held = (registers.people, registers.departments, registers.accounts, registers.sources)
    names = {entry.name for entries in held for entry in entries.values()}
    names |= {*registers.policy.names, str(registers.policy.unit.get("short_name", ""))}
    names |= {str(term.value["text"]) for term in registers.listed("terms")}
    return frozenset(names | {m[1] for n in names if (m := _TOWN.match(n))})
