"""Dates that are none, and weekdays that are not those of their date (Article 10).

A date without its year means the one nearest to the day the post appears; a day without its
month ("8日至9日") belongs to the month named just before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.detect.folding import fold
from pipeline.model.regex import regex

WEEKDAYS = "一二三四五六日"
REACH = 14
"""Signs after a date within which a day without month still belongs to it."""
_WEEKDAY = r"(?:\s*+[（(]?\s*+(?:星期|周|礼拜)\s*+([一二三四五六日天])(?![至到—~-])\s*[）)]?)?"
_DATE = regex(
    r"(\d\d{0,3})(?:\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]|\s*月\s*(\d{1,2})\s*[日号]"
    r"|([-/.])(\d{1,2})\5(\d{1,2})(?![\d./-]))" + _WEEKDAY
)
_DAY = regex(r"(?<![\d月.])(\d\d?)\s*日" + _WEEKDAY)
_NO_SUN = regex(r"(?:农历|阴历|腊|正|闰)\s*(?:\d{4}年)?$")


@dataclass(frozen=True)
class WrongDate:
    """A date at its place: `meant` is None where the calendar has no such day."""

    start: int
    end: int
    meant: date | None
    stated: str
    """Weekday sign as stated; empty when only the date is wrong."""
    right: str
    """Weekday sign of the date; empty when there is no such date."""


def wrong_dates(text: str, near: date) -> tuple[WrongDate, ...]:
    """Every wrong date or weekday in order; `near` tells the years that are left out."""
    folded = fold(text)
    if not any(sign in folded.text for sign in "月-/."):
        return ()
    return tuple(
        WrongDate(*folded.span(start, end), meant, stated, right)
        for start, end, meant, stated, right in sorted(
            _wrong(folded.text, near), key=lambda w: w[0]
        )
    )


def _wrong(text: str, near: date) -> Iterator[tuple[int, int, date | None, str, str]]:
    for m in _DATE.finditer(text):
        parts = _parts(m)
        if parts is None or _NO_SUN.search(text, max(0, m.start() - 8), m.start()):
            continue
        year, month, day = parts
        meant = _meant(year, month, day, near)
        yield from _judged(m.start(), m.end(), meant, m[8])
        for later in _DAY.finditer(text, m.end(), m.end() + REACH + 8):
            if later.start() - m.end() > REACH or _DATE.search(text, m.end(), later.end()):
                break
            if later[2]:
                then = _meant((meant or near).year, month, int(later[1]), near)
                yield from _judged(later.start(), later.end(), then, later[2])


def _parts(m: re.Match[str]) -> tuple[int | None, int, int] | None:
    """(year or None, month, day); None for what only looks like a date."""
    before = m.string[m.start() - 1 : m.start()]
    if before.isdigit() or before in ("-", "/", "."):
        return None
    if m[4]:
        return (None, int(m[1]), int(m[4])) if len(m[1]) <= 2 else None
    if len(m[1]) != 4:
        return None
    return int(m[1]), int(m[2] or m[6]), int(m[3] or m[7])


def _judged(
    start: int, end: int, meant: date | None, stated: str | None
) -> Iterator[tuple[int, int, date | None, str, str]]:
    if meant is None:
        yield start, end, None, stated or "", ""
    elif stated:
        right = WEEKDAYS[meant.weekday()]
        if stated.replace("天", "日") != right:
            yield start, end, meant, stated, right


def _meant(year: int | None, month: int, day: int, near: date) -> date | None:
    """The date, in the year nearest to `near` when it names none; 29 February seeks a leap year."""
    years = [year] if year else [near.year, near.year - 1, near.year + 1]
    dates = [d for y in years if (d := _day(y, month, day))]
    return min(dates, key=lambda d: abs((d - near).days), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
