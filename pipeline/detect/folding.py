"""One form of a text for matching, with the way back to the original offsets.

Latin letters are lowered; signs without width go; full-width, enclosed and compatibility forms
become plain ones (Unicode NFKC); Greek and Cyrillic letters that look Latin become Latin; and a
few signs between two ideographs, such as a space, a dot or Markdown's stars, are skipped. A text
without any of these, which is nearly every text, costs two searches and one copy.

`flat` goes further, for detectors of facts: Markdown's marks go, and a table's cells are read with
their labels, so that ``| 级别 | 红色 |`` reads as ``级别：红色``.

Where words of Chinese begin and end: asked only about what another search has matched.

jieba's dictionary takes a fifth of a second to load (in Rust; three seconds in Python). It is
loaded with the first question, so a text without matches never waits for it.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, zip_longest
from typing import Any, Generic, TypeVar

from pipeline.model.lazy import HAN, regex
from pipeline.model.run import per_run

CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_NO_WIDTH = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
_NO_WIDTH += "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_UNSEEN = regex(f"[{_NO_WIDTH}\U000e0100-\U000e01ef]")
_PLANE = (
    f"{_NO_WIDTH}\u0130\u0300-\u036f\u0370-\u04ff\u2100-\u214f\u2160-\u217f\u2460-\u24ff"
    "\u2776-\u2793\u2e80-\u2fdf\u3200-\u33ff\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
)
_BEYOND = "\U000e0100-\U000e01ef\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff\U0002f800-\U0002fa1f"
_ODD = regex(f"[{_PLANE}{_BEYOND}]")
_ODD_IN_PLANE = regex(f"[{_PLANE}]")
"""Half the work for a text without a sign beyond the basic plane, which is nearly every text.

What has another plain form. Full-width punctuation is Chinese, and stays."""
_USUAL = regex(
    r"[\n -~\u00b0\u00b7\u00d7\u2010-\u2027\u2030\u25a0-\u25ff\u3000-\u303f\u4e00-\u9fff"
    r"\uff01-\uff0f\uff1a-\uff20]*"
)
"""What nearly every text consists of, none of it odd; a match takes a quarter of the time."""
_IDEOGRAPHS = regex(r"[\u4e00-\u9fff]*")
_SKIPPED = r" \u3000*·•_~^\-"
_PARTING = regex(rf"[{_SKIPPED}\n](?<={HAN}.)[{_SKIPPED}]{{0,2}}(?={HAN})", re.DOTALL)
"""It begins with what it skips, because a search that begins with a look behind is slow."""

_SPREAD = regex(r"(?<!\S)(?:\S[ \u3000]){3,200}\S(?![^\s，。；：、！？）)”])")
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_HALF = regex(rf"[,;:!?](?<={HAN}.)")
"""Marks of half the width behind an ideograph, which part as those of its width do."""
Stretch = tuple[int, int]

_LOOKS = "αaеeοoоoаaсcрpхxуyіiјjѕsԁdһhνvκkιiτtυuρpωwмmнhтtвbкkззɡgɑa"
LOOKALIKES = {ord(_LOOKS[i]): _LOOKS[i + 1] for i in range(0, len(_LOOKS), 2)}
"""Lower-case Greek, Cyrillic and phonetic letters → the Latin ones they look like."""


@dataclass(frozen=True)
class Match:
    """A stretch of a text that a detector found, as offsets into it."""

    kind: str
    """Of private data a key of `private.PRIVATE_KINDS`, of secrets as `secrets` says."""
    start: int
    end: int
    certain: bool
    """True where nothing else looks like this; otherwise a person has to look."""


@dataclass(frozen=True)
class Folded:
    """The one form of a text; `origin` holds each sign's offset in the original."""

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of the signs from `start` to `end` (excluded, not empty)."""
        first, last = self.origin[start], self.origin[end - 1]
        return min(first, last), max(first, last) + 1


@per_run(32)
def fold(text: str) -> Folded:
    """The folded text; folding is idempotent."""
    if _IDEOGRAPHS.fullmatch(text):  # as nearly all of the thousands of words of a lexicon
        return Folded(text, range(len(text)))
    text = _HALF.sub(lambda mark: _FULL[mark[0]], text)
    spread = " " in text and _SPREAD.search(text) is not None
    if not (spread or _is_odd(text) or _PARTING.search(text)):
        return Folded(text.lower(), range(len(text)))
    plain = _with_plain(text)
    if spread:
        plain = _without(_gaps(plain.text), plain)
    return _without((m.span() for m in _PARTING.finditer(plain.text)), plain)


def _gaps(text: str) -> Iterator[Stretch]:
    """The blanks of what is typed sign by sign, each with a blank behind it."""
    for run in _SPREAD.finditer(text):
        if not run[0].replace(" ", "").isdecimal():
            yield from ((at, at + 1) for at in range(run.start() + 1, run.end(), 2))


def _is_odd(text: str) -> bool:
    if _USUAL.fullmatch(text):
        return False
    beyond = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
    return (_ODD if beyond else _ODD_IN_PLANE).search(text) is not None


def _with_plain(text: str) -> Folded:
    """Lowered, every odd sign in its plain form; what lies between is copied whole."""
    signs: list[str] = []
    origin: list[int] = []
    last = 0
    for match in _ODD.finditer(text):
        plain = _plain_form(match[0])
        signs += (text[last : match.start()].lower(), plain)
        origin += range(last, match.start())
        origin += [match.start()] * len(plain)
        last = match.end()
    signs.append(text[last:].lower())
    origin += range(last, len(text))
    return Folded("".join(signs), origin)


def _without(stretches: Iterable[Stretch], folded: Folded) -> Folded:
    """Leave the stretches out."""
    signs: list[str] = []
    origin: list[int] = []
    last = 0
    for start, end in stretches:
        signs.append(folded.text[last:start])
        origin += folded.origin[last:start]
        last = end
    return Folded("".join([*signs, folded.text[last:]]), [*origin, *folded.origin[last:]])


def _plain_form(sign: str) -> str:
    """The plain form of one odd sign; nothing for a sign without width or a lone accent."""
    if _UNSEEN.match(sign):
        return ""
    return unicodedata.normalize("NFKC", sign).lower().translate(LOOKALIKES)


# Markdown's marks and tables.

_MARK = regex(r"[*_`~][*_`~]*|\\[!-/:-@\[-`{-~]")
_ROW = regex(r"^[^\n|｜\t]*[|｜\t][^\n]*\n?", re.MULTILINE)
_DELIMITER = regex(r"[\s|:-]*--[\s|:-]*")
_CELL_END = regex(r"[|｜\t](?<!\\.)")
MOST_CELLS = 30_000
"""Cells of the tables of a text that are read with their labels; the others are read as they
stand. A body of so many is refused for its signs; a file of so many says that it was not read."""
_LONGEST_LABEL = 20
_MOST_DIGITS = 4
"""More make a label a value."""
Part = tuple[str, int]
"""(words, their offset in the text), or (words that are put in, ~ the offset they stand for)."""


class _Parts(Sequence[int]):
    """The offset of each sign of a folded text that is made of parts of another."""

    def __init__(self, parts: Sequence[Part], folded: Sequence[int]) -> None:
        self._starts = list(accumulate((len(words) for words, _ in parts), initial=0))
        self._parts, self._folded = parts, folded

    def __len__(self) -> int:
        return len(self._folded)

    def __getitem__(self, index: Any) -> Any:
        at = self._folded[index]
        part = bisect_right(self._starts, at) - 1
        offset = self._parts[part][1]
        return ~offset if offset < 0 else offset + at - self._starts[part]


@per_run(32)
def flat(text: str) -> Folded:
    """The folded text without marks of emphasis, every table row read with its labels.

    A row reads by the table's header (``姓名：某某，电话：…``); of two cells, or without a line of
    dashes below the header, by its own first cell too.
    """
    if not any(sign in text for sign in "|｜\t*_`~\\"):
        return fold(text)
    parts = [part for part in _laid_out(text) if part[0]]
    if len(parts) < 2:
        return fold(text)
    folded = fold("".join(words for words, _ in parts))
    return Folded(folded.text, _Parts(parts, folded.origin))


def _laid_out(text: str) -> Iterator[Part]:
    table: list[Sequence[Stretch]] = []
    at, left = 0, MOST_CELLS
    for line in _ROW.finditer(text) if any(sign in text for sign in "|｜\t") else ():
        cells = _cells(line[0], line.start())
        if len(cells) < 2:
            continue
        left -= len(cells)
        if left < 0:
            break
        if line.start() > at:
            yield from _rows(text, table)
            yield from _unmarked(text, at, line.start())
            table = []
        table.append(() if _DELIMITER.fullmatch(line[0]) else cells)
        at = line.end()
    yield from _rows(text, table)
    yield from _unmarked(text, at, len(text))


def _cells(line: str, at: int) -> Sequence[Stretch]:
    """The cells of a table's row without blanks around them; of any other line at most one."""
    ends = [m.start() for m in _CELL_END.finditer(line)]
    bounds = [-1, *ends, len(line)]
    cells = [(at + a + 1, at + b) for a, b in pairwise(bounds)]
    words = [(line[a - at : b - at], a) for a, b in cells]
    bare = [(a + len(w) - len(w.lstrip()), a + len(w.rstrip())) for w, a in words]
    return bare[not words[0][0].strip() : len(bare) - (len(bare) > 1 and not words[-1][0].strip())]


def _rows(text: str, table: Sequence[Sequence[Stretch]]) -> Iterator[Part]:
    headed = len(table) > 1 and not table[1]
    for number, row in enumerate(table):
        if not (headed and number and len(row) > 2):
            yield from _row(text, row, ())
        if row and number:
            yield from _row(text, row, table[0])


def _row(text: str, row: Sequence[Stretch], header: Sequence[Stretch]) -> Iterator[Part]:
    """The cells, each behind its label of the header, or every second one behind the first.

    Labels lie where their cell begins, so that a match over both is one of the row.
    """
    labels = zip_longest(row, header[: len(row)], fillvalue=(0, 0))
    for index, (cell, (start, end)) in enumerate(labels):
        paired = index == 1 or (len(row) % 2 == 0 and index % 2 == 1)
        if index:
            yield ("：" if paired and not header else "，"), ~cell[0]
        digits = sum(c.isdigit() for c in text[start:end])
        if start < end <= start + _LONGEST_LABEL and digits <= _MOST_DIGITS:
            yield f"{text[start:end]}：", ~cell[0]
        yield from _unmarked(text, *cell)
    yield ("。\n" if row else ""), ~row[0][0] if row else 0


def _unmarked(text: str, start: int, end: int) -> Iterator[Part]:
    """The words without marks of emphasis and escapes; four stars and more hide something."""
    for mark in _MARK.finditer(text, start, end):
        between = text[mark.start() - 1 : mark.start()] + text[mark.end() : mark.end() + 1]
        if mark[0][0] == "\\":
            yield text[start : mark.start()], start
            start = mark.start() + 1
        elif len(mark[0]) in (2, 3) or (len(mark[0]) == 1 and not _is_sum(mark[0], between)):
            yield text[start : mark.start()], start
            start = mark.end()
    yield text[start:end], start


def _is_sum(mark: str, between: str) -> bool:
    """A star or a tilde alone between digits, as in 3~5, and what the next line may begin with."""
    return mark == "~" or between.isdecimal()


# An index of short stretches of a text by their offsets.

Held = TypeVar("Held")


class Spans(Generic[Held]):
    """Stretches with a value each, in order of their offsets."""

    def __init__(self, stretches: Iterable[tuple[int, int, Held]]) -> None:
        self.all: Sequence[tuple[int, int, Held]] = sorted(stretches, key=lambda s: s[:2])
        self._starts = [start for start, _, _ in self.all]
        self._longest = max((end - start for start, end, _ in self.all), default=0)

    def touching(self, start: int, end: int) -> Iterable[tuple[int, int, Held]]:
        """Those that share a sign with the stretch from `start` to `end`."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_right(self._starts, end - 1)
        return (s for s in self.all[first:last] if s[1] > start)

    def covering(self, start: int, end: int) -> Iterable[tuple[int, int, Held]]:
        """Those that hold the whole stretch."""
        return (s for s in self.touching(start, end) if s[0] <= start and end <= s[1])


AROUND = 8
"""Signs on either side that decide where a word ends."""
LONGEST_JOIN = 3
"""Signs of the longest stretch that chance joins out of parts of other words."""
_FOREIGN = regex(f"[^{CJK}]")


@per_run(256)
def _cut(text: str) -> tuple[str, ...]:
    from rjieba import cut  # loads the dictionary

    return tuple(cut(text, False))


def words_of(text: str) -> tuple[str, ...]:
    """The words and signs of a text, in order."""
    return _cut(text)


def words_around(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Words of two signs or more that share a sign with the stretch: offsets into the text."""
    before = _FOREIGN.split(text[max(0, start - AROUND) : start])[-1]
    behind = _FOREIGN.split(text[end : end + AROUND])[0]
    at = start - len(before)
    for word in _cut(before + text[start:end] + behind):
        if len(word) > 1 and at < end and at + len(word) > start:
            yield at, at + len(word)
        at += len(word)


def is_cut(text: str, start: int, end: int) -> bool:
    """Whether a short stretch, or its first or last sign alone, is part of a longer word."""
    return end - start <= LONGEST_JOIN and any(
        (s < start and e in (start + 1, end)) or (e > end and s in (start, end - 1))
        for s, e in words_around(text, start, end)
    )


def is_other_word(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name is another word, or shares a sign with one beyond it."""
    words = list(words_around(text, start, end))
    if (start, end) in words:
        from rjieba import tag

        return not any(kind.startswith("nr") for _, kind in tag(text[start:end], False))
    return any(s < start or e > end for s, e in words)
