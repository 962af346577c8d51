"""Slips in common words (Article 10): 再接再励, 一如继往, 泥石留和山体滑坡, 隐换, 顺续, 部部署.

Each stretch of four signs is compared with the words of `lists/vocabulary.txt`, with four signs of
a longer one, and with pairs of words that are usual side by side (`lists/phrases.txt`): one sign
wrong that sounds or looks alike (`lists/alike.txt`), two neighbours swapped, a word written twice,
or one sign of a long word left out. What a dictionary reads as another word over the end of the
stretch is none. Half a listed word of four beside one sign of its other half, which makes no word
with what stands around it, tells that a sign is missing or wrong there (文件精, 开宣传), but where
correct texts have these three (`lists/apart.txt`).

Two signs side by side are a slip where they are no word (`lists/words.txt`) and not usual beside
one another (`lists/joined.txt`), while with another sign, or without one of two equal ones, they
make a word, and the words around stay whole. Of common words both signs may be wrong, or one may be
a sign that stands beside any (处至, 各的区): pairs that no right text has (`lists/both.txt`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.detect.folding import AROUND, CJK, fold, words_around, words_of
from pipeline.model.lazy import regex
from pipeline.model.run import per_run
from pipeline.prepared import Prepared

SIZE = 4
LONG = 6
"""Signs of a word from which on one left out is told."""
_LISTS = Path(__file__).with_name("lists")
_TABLES = Prepared("tables", __file__)
_RUN = regex(f"[{CJK}]{{2,}}")
_BETWEEN = regex(r"[\n·•]")
"""Between two signs: they belong to no one word."""
NEAR = 5
"""Signs on either side of two in which the common words are counted."""
MOST_PAIRS = 1 << 14
"""Pairs of signs whose words stay at hand: a few megabytes."""
MOST_SIGNS = 50
"""Of a run that stays at hand: a text without a point, and all that it may mean, is as large as may
be, and is no other's."""
_NEVER = frozenset(
    "由仅或再来去没不后请先只才谁哪那是着致系市县区镇局的了们么吗吧呢啊什我你他她它一二三四五六七八九十"
    "两几个于至此将各该均与及"
)
"""Signs that stand beside any: none is taken for a wrong one."""
_FREE = _NEVER | frozenset("的在和与为是有等对于将把被上下中内外前后各该本其此及以之而向从到")
"""Signs that are words by themselves: none tells that another is missing beside it."""
_PLACES = frozenset("县镇乡村屯寨")
_ONCE = frozenset("前内的在将要被把从于了是也为与由都已并且及其该此但而所使应可还我你他她")
"""Signs that no word of two doubles: 月底前前报送. Where the second makes a word with what follows,
both are right (国庆前前往)."""
Seeming = tuple[int, int, int, str]
"""Start, end, offset of the slip, what is meant: offsets into a run."""
Gone = tuple[str, int, str]
"""A word without a sign, the offset of that sign, and the word."""


@dataclass(frozen=True)
class Misspelling:
    """Signs that a common word has otherwise: offsets into the text, and what stands there then."""

    start: int
    end: int
    right: str


def _raw(*names: str) -> bytes:
    """The bytes of lists beside this module."""
    return b"".join(_LISTS.joinpath(name).read_bytes() for name in names)


def listed(name: str) -> Iterator[str]:
    """The lines of a list, without its remarks."""
    text = _raw(name).decode()
    return (line for line in text.split("\n") if line and not line.startswith("#"))


def _table(name: str) -> dict[str, str]:
    """A list whose lines are a key and what belongs to it."""
    return dict(line.split(" ") for line in listed(name))


class Phrases(NamedTuple):
    """What `vocabulary.txt`, `phrases.txt` and `apart.txt` say of three signs and more."""

    ahead: Mapping[str, str]
    """Two signs → the pairs behind them in phrases of four, a stroke between them; those that are
    right and never meant by others stand behind a bar."""
    back: Mapping[str, str]
    """Two signs → the pairs before them in phrases that may be meant."""
    gone: Mapping[str, Sequence[Gone]]
    """Long words without a sign, by their first four."""
    three: Mapping[str, tuple[int, str]]
    """Listed words of four without a sign → where in these three the lone half is, and the word."""
    apart: Mapping[str, str]
    """Two signs → those behind them where one of the three rightly stands alone."""

    def has(self, part: str) -> bool:
        """Whether four signs are a phrase, or stand so in a longer one."""
        return len(part) == SIZE and part[2:] in self.ahead.get(part[:2], "")


@cache
def _phrases() -> Phrases:
    source = _raw("phrases.txt", "vocabulary.txt", "apart.txt")
    return Phrases(*_TABLES.of("phrases", source, _made_of_phrases))


def _made_of_phrases() -> tuple[Any, ...]:
    ahead, apart = map(_table, ("phrases.txt", "apart.txt"))
    gone: dict[str, list[Gone]] = {}
    three: dict[str, tuple[int, str]] = {}
    for word in (word for line in listed("vocabulary.txt") for word in line.split()):
        for at in range(len(word) - SIZE + 1):
            pair, other = word[at : at + 2], word[at + 2 : at + SIZE]
            if other not in (behind := ahead.get(pair, "")).partition("|")[0]:
                ahead[pair] = f"{other}/{behind}"
        for i in range(SIZE) if len(word) == SIZE else ():
            three.setdefault(word[:i] + word[i + 1 :], (i // 2 * 2, word))
        for i in range(1, len(word) - 1) if len(word) >= LONG else ():
            short = word[:i] + word[i + 1 :]
            gone.setdefault(short[:SIZE], []).append((short, i, word))
    back: dict[str, str] = {}
    for pair, behind in ahead.items():
        for other in behind.partition("|")[0].split("/"):
            back[other] = f"{back.get(other, '')}/{pair}"
    return ahead, back, gone, three, apart


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

    behind: Mapping[str, str]
    """Sign → the signs behind it in words: in those that may be meant, the most frequent first, and
    behind a bar in the others."""
    before: Mapping[str, str]
    """Sign → the signs before it in these."""
    joined: Mapping[str, str]
    """Sign → the signs that stand behind it without making a word."""
    both: Mapping[str, str]
    """Two signs that surely are no word → the word that is meant."""

    def has(self, pair: str) -> bool:
        """Whether two signs are a word."""
        return len(pair) == 2 and pair[1] in self.behind.get(pair[0], "")

    def in_(self, run: str) -> int:
        """The number of two-sign words that fit into a run side by side."""
        count, taken = 0, False
        for one, other in pairwise(run):
            taken = not taken and other in self.behind.get(one, "")
            count += taken
        return count


@cache
def _two() -> PairList:
    source = _raw("words.txt", "joined.txt", "both.txt")
    return PairList(*_TABLES.of("pairs", source, _made_of_words))


def _made_of_words() -> tuple[Any, ...]:
    behind, joined = map(_table, ("words.txt", "joined.txt"))
    before: dict[str, str] = {}
    for sign, follow in behind.items():
        for other in follow.partition("|")[0]:
            before[other] = before.get(other, "") + sign
    rows = (line.split(" ") for line in listed("both.txt"))
    both = {slip: right for right, *wrong in rows for slip in wrong}
    return behind, before, joined, both


def misspelt(text: str) -> Iterator[Misspelling]:
    """Every slip, in order."""
    folded = fold(text)
    for run in _RUN.finditer(folded.text):
        begin = last = run.start()
        seeming = (_usual if len(run[0]) <= MOST_SIGNS else _seeming)(run[0])
        for start, end, wrong, right in seeming:
            first, after = folded.span(begin + start, begin + end)
            if (
                begin + start >= last
                and not _BETWEEN.search(text, first, after)
                and _stands(folded.text, begin + start, begin + end, begin + wrong, right)
            ):
                yield Misspelling(first, after, right)
                last = begin + end


def _seeming(run: str) -> Sequence[Seeming]:
    """What seem to be slips in a run of Chinese signs, in order."""
    slips = [*_slips(run), *_short_slips(run)]
    signs = {at for slip in slips for at in range(*slip[:2])}
    slips += (gap for gap in _gaps(run) if signs.isdisjoint(range(*gap[:2])))
    return sorted(slips, key=lambda slip: (slip[0], -slip[1]))


_usual = per_run(MOST_PAIRS)(_seeming)
"""Texts have the same runs often."""


def _stands(text: str, start: int, end: int, wrong: int, right: str) -> bool:
    """Whether a dictionary, too, reads a slip where one seems to stand."""
    if end - start == SIZE - 1:
        return not any(words_around(text, wrong, wrong + 1))
    if len(right) >= SIZE:
        beside = wrong - (len(right) > end - start)  # of a sign left out, those on either side
        return all(s >= start and e <= end for s, e in words_around(text, beside, wrong + 1))
    if len(words_of(right)) > 1:  # what the dictionary does not know
        return True
    before, behind = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return len(words_of(before + right + behind)) < len(words_of(before + text[start:end] + behind))


def _short_slips(run: str) -> Iterator[Seeming]:
    """What two signs side by side are meant for."""
    words = _two()
    for at, meant in enumerate(map(_meant, run, run[1:])):
        if not meant:
            continue
        part, one = run[at : at + 2], run[at]
        before, behind = run[max(0, at - NEAR) : at], run[at + 2 : at + 2 + NEAR]
        if part == meant[0] * 2:
            ends = words.has(run[max(0, at - 1) : at + 1]), words.has(run[at + 1 : at + 3])
            if one in _ONCE:
                usual = ends[1] or (ends[0] and one != "了")  # 为了了解, 目的的
                wrong = not (usual or any(words_around(run, at + 1, at + 2)))
            else:
                wrong = ends[0] != ends[1] and one not in _NEVER
            if wrong and one not in before[-1:] + behind[:1]:
                yield at, at + 2, at, one
            continue
        least = words.in_(before + part + behind)
        for right in meant:
            if words.in_(before + right + behind) > least and behind[:1] not in _PLACES:
                yield at, at + 2, at, right
                break


@per_run(MOST_PAIRS)
def _meant(one: str, other: str) -> Sequence[str]:
    """What two signs may be meant for: words, or one of two equal ones; nothing for what is right.

    Texts have the same pairs over and over.
    """
    words, usual = _two(), _two().joined.get(one, "")
    if words.has(one + other) or (other in usual and not (one == other and one in _ONCE)):
        return ()
    if one == other:
        return (one,)
    meant = [words.both[one + other]] if one + other in words.both else []
    if other not in _NEVER:
        near = alike(other)
        meant += (one + b for b in words.behind.get(one, "").partition("|")[0] if b in near)
    if one not in _NEVER:
        near = alike(one)
        meant += (a + other for a in words.before.get(other, "") if a in near)
    return meant


def _gaps(run: str) -> Iterator[Seeming]:
    """A pair of a phrase beside one sign of the other, which makes no word: 文件精, 开宣传."""
    words, two = _phrases(), _two()
    for at in range(len(run) - 2):
        part = run[at : at + 3]
        i, right = words.three.get(part, (0, ""))
        here = at + i
        if (
            right
            and part[i] not in _FREE
            and part[2] not in words.apart.get(part[:2], "")
            and not (words.has(run[at : at + 4]) or words.has(run[max(0, at - 1) : at + 3]))
            and not (two.has(run[max(0, here - 1) : here + 1]) or two.has(run[here : here + 2]))
        ):
            yield at, at + 3, here, right


def _slips(run: str) -> Iterator[Seeming]:
    """What four signs are meant for, and words without a sign."""
    words = _phrases()
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    ahead, turned = (
        [words.ahead.get(p, "") for p in row] for row in (pairs, [p[::-1] for p in pairs])
    )
    for at in range(len(run) - SIZE + 1):
        part, other = run[at : at + SIZE], pairs[at + 2]
        for short, i, word in words.gone.get(part, ()):
            if run.startswith(short, at) and not run.startswith(word, at):
                yield at, at + len(short), at + i, word
        if other in ahead[at]:
            continue
        if pairs[at] == other and part[1] not in _NEVER and _two().has(other):
            yield at, at + SIZE, at + 2, other
        for half, halves in (2, ahead[at]), (0, words.back.get(other, "")):
            x, y = part[half], part[half + 1]
            if not (x in halves or y in halves):  # one of the two is right
                continue
            for right in halves.partition("|")[0].split("/"):
                same = right[:1] == x
                if not right or same == (right[1:] == y):
                    continue
                i = half + same
                around = range(max(0, at + i - SIZE + 1), min(at + i, len(run) - SIZE) + 1)
                if right[same] in alike(part[i]) and not any(
                    pairs[j + 2] in ahead[j] for j in around
                ):
                    yield at, at + SIZE, at + i, part[:half] + right + part[half + 2 :]
        if other in turned[at]:
            yield at, at + SIZE, at, pairs[at][::-1] + other
        if run[at + 1] + run[at + 3] in words.ahead.get(run[at] + run[at + 2], ""):
            yield at, at + SIZE, at + 1, part[0] + part[2] + part[1] + part[3]
        if other[::-1] in ahead[at]:
            yield at, at + SIZE, at + 2, pairs[at] + other[::-1]


@cache
def alike(sign: str) -> frozenset[str]:
    """The other signs that sound or look like one."""
    lines = _groups().get(sign, ())
    return frozenset("".join(line.rpartition(" ")[2] for line in lines)) - {sign}
