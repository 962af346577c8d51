"""Public telephone numbers against what a text has them called for (Article 10).

Which number serves what is data, `lists/public-numbers.yml`. A number counts where it is to be
called; numbers in a row are one answer. What a text denies, corrects or tells of the past is left
alone.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.detect.classes import classes
from pipeline.detect.folding import flat
from pipeline.model.lazy import regex
from pipeline.model.records import Fact

_WORDS = classes("public_numbers")

_ROW = regex(r"[”」）)\s]{0,2}[、，,/和或及与或者“「（(]{1,3}(?:同时|并|再|也)?(?:拨?打|拨)?\s?")
_ENDS = regex(r"[。；！\n|]")
_CLAUSE = regex(r"[，、？]")
_NEXT = regex(r"[，。；！？\n、|\d]")
_LATER = regex(r"(?:报警|求助|电话)?(?:后|，(?:民警|消防|医护|救护|接警))|[^。；\n]{0,6}[吗？]")
BEFORE, BEHIND = 30, 10
"""Signs on either side in which a number's purpose is said."""


@dataclass(frozen=True)
class WrongNumber:
    """A number that does not serve what it is to be called for: offsets into the text."""

    start: int
    """Where the purpose is said."""
    end: int
    number: str
    purpose: Fact

    @property
    def right(self) -> str:
        """The number that serves the purpose."""
        return str(self.purpose["numbers"][0])

    @property
    def urgent(self) -> bool:
        """Whether it is for emergencies, for which no bureau has a number of its own."""
        return 3 in (len(self.number), len(self.right)) or "119" in self.purpose["numbers"]


def wrong_numbers(
    text: str, purposes: Sequence[Fact], own: Collection[str] = ()
) -> Iterator[WrongNumber]:
    """Numbers that serve another purpose, or none and look like the right one.

    A purpose in the number's own clause decides; else one that any clause before it tells. A word
    that ends in # stands right before its number.
    `own`: the digits of numbers that the bureau publishes.
    """
    read = flat(text)
    plain = _WORDS["spoken"].sub(lambda number: number[0].translate(_DIGITS), read.text)
    listed = {number for purpose in purposes for number in purpose["numbers"]}
    for start, row, behind in _rows(plain):
        near, own_clause = f"{row.before.rstrip(_MARKS)}#{behind}", row.before.count("，")
        spoken = [
            (near.count("，", 0, at), len(word), at, purpose)
            for purpose in purposes
            for word in purpose["words"]
            if (at := near.rfind(word)) >= 0 and not near.endswith(_NO_ONE, 0, at)
        ]
        spoken = [s for s in spoken if s[0] == own_clause] or spoken
        spoken = [s for s in spoken if not any(_within(s, other) for other in spoken)]
        for_this = [s[3] for s in sorted(spoken, key=lambda s: s[:3], reverse=True)]
        serving = {number for purpose in for_this for number in purpose["numbers"]}
        answered = any(number in serving for number, _ in row.numbers)
        for number, end in row.numbers if for_this else ():
            if number in own or number in serving or (number in listed and answered):
                continue
            if number in listed or len(number) == 3 or any(_alike(number, r) for r in serving):
                yield WrongNumber(*read.span(start, end), number, for_this[0])


_DIGITS = str.maketrans("幺一壹二贰两三叁四肆五伍六陆七柒八捌九玖零〇-", "1112223344556677889900 ")
_NO_ONE = ("没有人", "没人", "无人", "无人员", "未造成人员")
_MARKS = ' ：:为是“”"「」（()）'


def _within(one: tuple[int, int, int, Fact], other: tuple[int, int, int, Fact]) -> bool:
    """Whether a word that tells a purpose is a part of a longer one that tells another."""
    (_, size, at, purpose), (_, longer, start, its) = one, other
    return its is not purpose and size < longer and start <= at and at + size <= start + longer


@dataclass(frozen=True)
class _Dialled:
    """Numbers side by side, and what stands before the first in its sentence."""

    before: str
    numbers: list[tuple[str, int]]
    """(digits, offset of their end)"""


def _rows(text: str) -> Iterator[tuple[int, _Dialled, str]]:
    """(where what is said of it begins, row, signs behind it) of the numbers to be called."""
    row, start, last, called = _Dialled("", []), 0, 0, False
    for number in _WORDS["number"].finditer(text):
        at, end = number.span()
        digits = "".join(number[0].split())
        strange = len(digits) == 3 and digits[0] != "1"
        if strange and not _WORDS["dialled"].match(text, max(last, at - BEFORE), at):
            continue
        if row.numbers and _ROW.fullmatch(text, last, at):
            row.numbers.append((digits, end))
        else:
            yield from _ended(text, start, row, last, called)
            before = _ENDS.split(text[max(last, at - BEFORE) : at])[-1]
            called = _WORDS["called"].search(before) is not None
            if row.numbers and at - len(before) == last:  # 119火灾，120急救: fire is the other's
                before = _CLAUSE.split(before, 1)[-1] if _CLAUSE.search(before) else ""
            row, start = _Dialled(before, [(digits, end)]), at - len(before)
        last = end
    yield from _ended(text, start, row, last, called)


def _ended(
    text: str, start: int, row: _Dialled, last: int, called: bool
) -> Iterator[tuple[int, _Dialled, str]]:
    behind = _NEXT.split(text[last : last + BEHIND], 1)[0]
    excused = _WORDS["denied"].search(row.before) or _LATER.match(text, last)
    if {":", "："} & {*behind}:  # the label of the next
        behind = ""
    if row.numbers and (called or _WORDS["calls"].match(behind)) and not excused:
        yield start, row, behind


def _alike(number: str, right: str) -> bool:
    """Whether one digit differs, or two have changed places."""
    pairs = [(a, b) for a, b in zip(number, right, strict=False) if a != b]
    one = len(pairs) == 1 or (len(pairs) == 2 and pairs[0] == pairs[1][::-1])
    return len(number) == len(right) and one
