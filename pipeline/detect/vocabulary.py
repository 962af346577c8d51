"""Slips in common words (Article 10): 再接再励, 一如继往, 泥石留和山体滑坡, 隐换, 顺续, 部部署.

Each stretch of four signs is compared with the words of `lists/vocabulary.txt`, and with four signs
of a longer one: one sign wrong that sounds or looks alike (`lists/alike.txt`), two neighbours
swapped, a sign written twice, or one of a long word left out. What a dictionary reads as another
word over the end of the stretch is none.

Two signs side by side are a slip where they are no word (`lists/words.txt`) and not usual beside
one another (`lists/joined.txt`), while with another sign, or without one of two equal ones, they
make a word, and the words around stay whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.detect.folding import AROUND, CJK, fold, words_around, words_of
from pipeline.model.frozen import dataclass
from pipeline.model.lazy import regex

SIZE = 4
LONG = 6
"""Signs of a word from which on one left out is told."""
_LISTS = Path(__file__).with_name("lists")
_RUN = regex(f"[{CJK}]{{2,}}")
_BETWEEN = regex(r"[\n·•]")
"""Between two signs: they belong to no one word."""
NEAR = 5
"""Signs on either side of two in which the common words are counted."""
_NEVER = frozenset(
    "由仅或再来去没不后请先只才谁哪那是着致系市县区镇局的了们么吗吧呢啊什我你他她它一二三四五六七八九十"
    "两几个"
)
"""Signs that stand beside any: none is taken for a wrong one."""
_PLACES = frozenset("县镇乡村屯寨")
Gone = tuple[str, int, str]
"""A word without a sign, the offset of that sign, and the word."""


@dataclass(frozen=True)
class Misspelling:
    """Signs that a common word has otherwise: offsets into the text, and what stands there then."""

    start: int
    end: int
    right: str


def listed(name: str) -> Iterator[str]:
    """The lines of a list beside this module, without its remarks."""
    text = _LISTS.joinpath(name).read_text("utf-8")
    return (line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _words() -> tuple[frozenset[str], Mapping[str, Sequence[str]], Mapping[str, Sequence[Gone]]]:
    """All stretches of four signs; each half of one, and the stretches that it may be of; long
    words without a sign, by their first four."""
    whole: set[str] = set()
    meant: dict[str, list[str]] = {}
    gone: dict[str, list[Gone]] = {}
    for word in (word for line in listed("vocabulary.txt") for word in line.split()):
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
    """Sign → the lines of signs that sound or look alike in which it is."""
    groups: dict[str, set[str]] = {}
    for line in listed("alike.txt"):
        for sign in line.rpartition(" ")[2]:
            groups.setdefault(sign, set()).add(line)
    return {sign: frozenset(lines) for sign, lines in groups.items()}


class PairList(NamedTuple):
    """What `words.txt` and `joined.txt` say of two signs."""

    whole: frozenset[str]
    behind: Mapping[str, str]
    """Sign → the signs behind it in the words that may be meant, the most frequent first."""
    before: Mapping[str, str]
    """Sign → the signs before it in these."""
    joined: Mapping[str, str]
    """Sign → the signs that stand behind it without making a word."""

    def in_(self, run: str) -> int:
        """The number of two-sign words that fit into a run side by side."""
        count = at = 0
        while at < len(run) - 1:
            hit = run[at : at + 2] in self.whole
            count, at = count + hit, at + 1 + hit
        return count

    def meant(self, one: str, other: str) -> Iterator[str]:
        """The words that two signs may be meant for."""
        if other not in _NEVER:
            near = alike(other)
            yield from (one + b for b in self.behind.get(one, "") if b in near)
        if one not in _NEVER:
            near = alike(one)
            yield from (a + other for a in self.before.get(other, "") if a in near)


@cache
def _two() -> PairList:
    whole: set[str] = set()
    behind: dict[str, str] = {}
    before: dict[str, str] = {}
    for line in listed("words.txt"):
        sign, follow = line.split(" ")
        whole.update(map(sign.__add__, follow))
        behind[sign] = follow.partition("|")[0]
        before |= {other: before.get(other, "") + sign for other in behind[sign]}
    joined = dict(line.split(" ") for line in listed("joined.txt"))
    return PairList(frozenset(whole), behind, before, joined)


def misspelt(text: str) -> Iterator[Misspelling]:
    """Every slip, in order."""
    folded = fold(text)
    for run in _RUN.finditer(folded.text):
        last = run.start()
        slips = (*_slips(run[0], run.start()), *_short_slips(run[0], run.start()))
        for start, end, wrong, right in sorted(slips, key=lambda slip: (slip[0], -slip[1])):
            first, after = folded.span(start, end)
            whole = not _BETWEEN.search(text, first, after)
            if start >= last and whole and _stands(folded.text, start, end, wrong, right):
                yield Misspelling(first, after, right)
                last = end


def _stands(text: str, start: int, end: int, wrong: int, right: str) -> bool:
    """Whether a dictionary, too, reads a slip where one seems to stand."""
    if end - start >= SIZE - 1 and len(right) >= SIZE:
        return all(s >= start and e <= end for s, e in words_around(text, wrong, wrong + 1))
    if len(words_of(right)) > 1:  # what the dictionary does not know
        return True
    before, behind = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return len(words_of(before + right + behind)) < len(words_of(before + text[start:end] + behind))


def _short_slips(run: str, start: int) -> Iterator[tuple[int, int, int, str]]:
    """What two signs side by side are meant for, as `_slips` tells it."""
    words = _two()
    for at in range(len(run) - 1):
        part, one, other = run[at : at + 2], run[at], run[at + 1]
        if part in words.whole or other in words.joined.get(one, ""):
            continue
        before, behind = run[max(0, at - NEAR) : at], run[at + 2 : at + 2 + NEAR]
        if one == other:
            ends = run[max(0, at - 1) : at + 1] in words.whole, run[at + 1 : at + 3] in words.whole
            if ends[0] != ends[1] and one not in _NEVER | {*before[-1:], *behind[:1]}:
                yield start + at, start + at + 2, start + at, one
            continue
        least = -1
        for right in words.meant(one, other):
            least = words.in_(before + part + behind) if least < 0 else least
            if words.in_(before + right + behind) > least and behind[:1] not in _PLACES:
                yield start + at, start + at + 2, start + at, right
                break


def _slips(run: str, start: int) -> Iterator[tuple[int, int, int, str]]:
    """(start, end, offset of the slip, what is meant) in a run of Chinese signs."""
    whole, meant, gone = _words()
    for at in range(len(run) - SIZE + 1):
        part, first = run[at : at + SIZE], start + at
        for short, i, word in gone.get(part, ()):
            if run.startswith(short, at) and not run.startswith(word, at):
                yield first, first + len(short), first + i, word
        twice = part[:2] == part[2:] and part[1] not in _NEVER
        if twice and {run[at + 2 : at + 6], run[max(0, at - 2) : at + 2]} & whole:
            yield first, first + SIZE, first + 2, part[:2]
        if part in whole:
            continue
        for half, key in ((2, part[:2]), (0, f"-{part[2:]}")):
            one, other = part[half], part[half + 1]
            for right in meant.get(key, ()):
                if (right[half] == one) == (right[half + 1] == other):
                    continue
                wrong = half + (right[half] == one)
                if right[wrong] in alike(part[wrong]):
                    around = range(max(0, at + wrong - SIZE + 1), at + wrong + 1)
                    if not any(run[i : i + SIZE] in whole for i in around):
                        yield first, first + SIZE, first + wrong, right
        for i in range(SIZE - 1):
            right = part[:i] + part[i + 1] + part[i] + part[i + 2 :]
            if right in whole:
                yield first, first + SIZE, first + i, right


@cache
def alike(sign: str) -> frozenset[str]:
    """The other signs that sound or look like one."""
    lines = _groups().get(sign, ())
    return frozenset("".join(line.rpartition(" ")[2] for line in lines)) - {sign}
