"""Digits that stand together in a folded text, with the places where a number may end.

Digits may be Chinese (一三八…, 壹叁捌…) and parted by spaces, dots, hyphens or brackets. A number
begins and ends where a group of digits does, so that no part of a longer one is taken for it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.model.regex import regex

CHINESE = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺"
_VALUES = str.maketrans(CHINESE, "0001234567891234567891")
PART = r" \t\u00a0\u3000\-\u2010-\u2015\u2212\uff0d\uff0e·•・._()（）"
"""What may part the digits of one number, as the inside of a character class."""
SHORTEST = 7
TABLE = 200
"""In longer runs, which are tables of figures, nobody reads single digits as one number."""
RUN = regex(rf"[0-9{CHINESE}](?:[{PART}]{{0,3}}+[0-9{CHINESE}]){{{SHORTEST - 1},}}+")
"""Every run of seven digits or more. A digit parts nothing, so there is nothing to go back to."""


@dataclass(frozen=True)
class Run:
    """Digits, the offset of each in the text, and the cuts between their groups."""

    text: str
    digits: str
    at: Sequence[int]
    cuts: Sequence[int]
    """Places in `digits`, from 0 to its length, where a group begins or ends."""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets in the text of the digits from `first` to `last` (excluded)."""
        return self.at[first], self.at[last - 1] + 1

    def between(self, least: int, most: int) -> Sequence[int]:
        """The cuts from `least` to `most`, both included."""
        return self.cuts[bisect_left(self.cuts, least) : bisect_right(self.cuts, most)]

    def groups(self, first: int, last: int) -> tuple[int, ...]:
        """Sizes of the groups: (3, 4, 4) of ``138 0013 8000``; a change of script parts none."""
        inside = self.between(first + 1, last - 1)
        ends = [c for c in inside if self.at[c] > self.at[c - 1] + 1]
        return tuple(b - a for a, b in pairwise([first, *ends, last]))

    def parts(self, first: int, last: int) -> frozenset[str]:
        """The signs between the digits."""
        start, end = self.span(first, last)
        return frozenset(self.text[start:end]) - self.signs

    @cached_property
    def signs(self) -> frozenset[str]:
        return frozenset(self.text[i] for i in self.at)

    def before(self, first: int, reach: int = 16) -> str:
        """What stands before on the same line."""
        start = self.at[first]
        return self.text[max(0, start - reach) : start].rpartition("\n")[2]

    def after(self, last: int, reach: int = 12) -> str:
        """What follows on the same line."""
        end = self.at[last - 1] + 1
        return self.text[end : end + reach].partition("\n")[0]


def run_of(match: re.Match[str]) -> Run:
    """The run that a match of `RUN` is."""
    text, places = match.string, range(*match.span())
    at = [i for i in places if text[i].isdecimal() or text[i] in CHINESE]
    cuts = [
        n
        for n, (one, two) in enumerate(pairwise(at), 1)
        if two > one + 1 or text[one].isdecimal() != text[two].isdecimal()
    ]
    if len(at) > TABLE:
        cuts = [c for b, c, d in zip([0, *cuts], cuts, [*cuts[1:], len(at)], strict=False)
                if max(c - b, d - c) > 2]  # fmt: skip
    digits = "".join(text[i] for i in at).translate(_VALUES)
    return Run(text, digits, at, (0, *cuts, len(at)))
