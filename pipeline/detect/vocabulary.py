"""Slips in common words of four signs and more (Article 10): 再接再励, 一如继往, 泥石留和山体滑坡.

Each stretch of four signs is compared with the words of `lists/vocabulary.txt`, and with four signs
of a longer one: one sign wrong that sounds or looks alike (`lists/alike.txt`), two neighbours
swapped, a sign written twice, or one of a long word left out. What a dictionary reads as another
word over the end of the stretch is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.detect.folding import CJK, fold, words_around
from pipeline.model.lazy import regex

SIZE = 4
LONG = 6
"""Signs of a word from which on one left out is told."""
_LISTS = Path(__file__).with_name("lists")
_RUN = regex(f"[{CJK}]{{{SIZE - 1},}}")
NONE: frozenset[str] = frozenset()
Gone = tuple[str, int, str]
"""A word without a sign, the offset of that sign, and the word."""


@dataclass(frozen=True)
class Misspelling:
    """Signs that a common word has otherwise: offsets into the text, and what stands there then."""

    start: int
    end: int
    right: str


def _lines(name: str) -> Iterator[str]:
    text = _LISTS.joinpath(name).read_text("utf-8")
    return (line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _words() -> tuple[frozenset[str], Mapping[str, Sequence[str]], Mapping[str, Sequence[Gone]]]:
    """All stretches of four signs; each half of one, and the stretches that it may be of; long
    words without a sign, by their first four."""
    whole: set[str] = set()
    meant: dict[str, list[str]] = {}
    gone: dict[str, list[Gone]] = {}
    for word in (word for line in _lines("vocabulary.txt") for word in line.split()):
        for part in {word[at : at + SIZE] for at in range(len(word) - SIZE + 1)} - whole:
            whole.add(part)
            for half in (part[:2], f"-{part[2:]}"):
                meant.setdefault(half, []).append(part)
        for i in range(1, len(word) - 1) if len(word) >= LONG else ():
            short = word[:i] + word[i + 1 :]
            gone.setdefault(short[:SIZE], []).append((short, i, word))
    return frozenset(whole), meant, gone


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    """Sign → the groups of signs that sound or look alike in which it is."""
    groups: dict[str, set[str]] = {}
    for line in _lines("alike.txt"):
        for sign in line.rpartition(" ")[2]:
            groups.setdefault(sign, set()).add(line)
    return {sign: frozenset(lines) for sign, lines in groups.items()}


def misspelt(text: str) -> Iterator[Misspelling]:
    """Every slip, in order."""
    folded = fold(text)
    for run in _RUN.finditer(folded.text):
        last = run.start()
        for start, end, wrong, right in _slips(run[0], run.start()):
            around = words_around(folded.text, wrong, wrong + 1)
            if start >= last and not any(s < start or e > end for s, e in around):
                yield Misspelling(*folded.span(start, end), right)
                last = end


def _slips(run: str, start: int) -> Iterator[tuple[int, int, int, str]]:
    """(start, end, offset of the slip, what is meant) in a run of Chinese signs."""
    whole, meant, gone = _words()
    for at in range(len(run) - SIZE + 1):
        part, first = run[at : at + SIZE], start + at
        for short, i, word in gone.get(part, ()):
            if run.startswith(short, at) and not run.startswith(word, at):
                yield first, first + len(short), first + i, word
        if part in whole:
            continue
        for right in (*meant.get(part[:2], ()), *meant.get(f"-{part[2:]}", ())):
            wrong = [i for i, (a, b) in enumerate(zip(part, right, strict=True)) if a != b]
            if len(wrong) == 1 and _alike(part, right, wrong[0]):
                least = max(0, at + wrong[0] - SIZE + 1)
                if not any(run[i : i + SIZE] in whole for i in range(least, at + wrong[0] + 1)):
                    yield first, first + SIZE, first + wrong[0], right
        for i in range(SIZE - 1):
            right = part[:i] + part[i + 1] + part[i] + part[i + 2 :]
            if right in whole:
                yield first, first + SIZE, first + i, right


def _alike(one: str, other: str, at: int) -> bool:
    return bool(_groups().get(one[at], NONE) & _groups().get(other[at], NONE))
