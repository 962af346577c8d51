"""Many regular expressions in one pass: nothing is compiled before its first signs stand there.

A pattern is a choice of forms, each of which begins with a sign or a class of signs. One scan for
these beginnings (Aho and Corasick 1975) tells which form may match where, so that a text costs the
scan alone, and thousands of forms cost no compiling.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from ahocorasick_rs import AhoCorasick

from pipeline.model.lazy import regex

_SIGNS = regex(r"(?:\[([^^\]][^\]]*)\]|([^\\\[\](){}|?*+.^$]+))(?![?*+{])")
"""A class of signs, or plain signs, that surely stand there, and once."""
_MOST = 128
"""Beginnings of one form: more of them make the scan slower than a check of what it sees."""

_Rest = re.Pattern[str] | None


class Forms:
    """Patterns as one regular expression each would match: the first form counts at each place."""

    def __init__(self, *patterns: str) -> None:
        self._patterns = patterns

    def matches(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(number of the pattern, start, end) of every match, as `finditer` of each gives them."""
        last = at = 0
        for number, start, _, end in sorted(self._hits(text)):
            last, at = number, at if number == last else 0
            if start >= at:
                at = end
                yield number, start, end

    def stand_in(self, text: str) -> tuple[int, int] | None:
        """(start, end) of a match of any of them; None: none of them stands there."""
        return next(((start, end) for _, start, _, end in self._hits(text)), None)

    def _hits(self, text: str) -> Iterator[tuple[int, int, int, int]]:
        """(number of the pattern, start, form, end) wherever a form matches."""
        machine, begun, forms = self._scan
        for i, start, end in machine.find_matches_as_indexes(text, overlapping=True):
            for form in begun[i]:
                number, rest = forms[form]
                if rest is None:
                    yield number, start, form, end
                elif match := rest.match(text, end):
                    yield number, start, form, match.end()

    @cached_property
    def _scan(self) -> tuple[AhoCorasick, Sequence[Sequence[int]], Sequence[tuple[int, _Rest]]]:
        """The machine, the forms that begin with each of its words, (pattern, rest) of each."""
        split = [(n, *_split(form)) for n, p in enumerate(self._patterns) for form in _forms(p)]
        begun: dict[str, list[int]] = {}
        for form, (_, beginnings, _) in enumerate(split):
            for words in beginnings:
                begun.setdefault(words, []).append(form)
        rests = {rest: regex(rest) if rest else None for _, _, rest in split}
        return AhoCorasick(list(begun)), list(begun.values()), [(n, rests[r]) for n, _, r in split]


def _forms(pattern: str) -> Iterator[str]:
    form = ""
    for part in pattern.split("|"):
        form = f"{form}|{part}" if form else part
        if form.count("(") == form.count(")") and form.count("[") == form.count("]"):
            yield form
            form = ""


def _split(form: str) -> tuple[Sequence[str], str]:
    """(the words with one of which it begins, the expression that follows them)."""
    words, at = [""], 0
    while at < len(form) and (signs := _SIGNS.match(form, at)):
        either = [signs[2]] if signs[2] else signs[1].replace(r"\d", "0123456789")
        if len(words) * len(either) > _MOST:
            break
        words, at = [w + s for w in words for s in either], signs.end()
    return words, form[at:]
