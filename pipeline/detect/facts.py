"""Facts that a text states and that can be checked: dates, the class of an accident.

Each detector returns spans of the text as it is, with what is stated and what is right.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial

from pipeline.detect.classes import classes
from pipeline.detect.folding import flat
from pipeline.detect.typography import CAPITALS, CHINESE, COUNT, value_of
from pipeline.model.lazy import regex

_WORDS = classes("facts", chinese=CHINESE, count=COUNT)
_SENTENCE = regex(r"[^。；\n]+")

# Dates that are none, and weekdays that are not those of their date (Article 10).
#
# A date without its year means the one nearest to the day the post appears, or one of the year that
# the text names before it (今年: the post's own). A day without its month ("8日至9日") belongs to
# the month named just before it.

WEEKDAYS = "一二三四五六日"
_ENGLISH = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), WEEKDAYS, strict=True))
Nears = tuple[date, ...]
DayParts = tuple[int | None, int, int]
"""(year, where one stands there, month, day)"""
REACH = 14
"""Signs after a date within which a day without month still belongs to it."""


@dataclass(frozen=True)
class WrongDate:
    """A date with its offsets: `meant` is None where the calendar has no such day."""

    start: int
    end: int
    meant: date | None
    stated: str
    """Weekday sign as stated; empty when only the date is wrong."""
    right: str
    """Weekday sign of the date; empty when there is no such date."""


_LATELY, _SOON = timedelta(days=7), timedelta(days=45)
"""Around the day of a text: what it asks for by then, whatever year it speaks of (2025年度考核)."""


def wrong_dates(text: str, near: date) -> tuple[WrongDate, ...]:
    """Every wrong date or weekday in order; `near` tells the years that are left out."""
    read = flat(text)
    if not any(sign in read.text for sign in "月-/.－／．"):
        return ()
    dates = dict.fromkeys(
        WrongDate(*read.span(start, end), meant, stated, right)
        for start, end, meant, stated, right in _wrong(read.text, near)
    )
    return tuple(sorted(dates, key=lambda wrong: wrong.start))


def _wrong(text: str, near: date) -> Iterator[tuple[int, int, date | None, str, str]]:
    weekly = any(word in text for word in ("星期", "周", "礼拜"))
    years, late = ([*_WORDS[name].finditer(text)] for name in ("year", "late month"))

    def nears(at: int) -> Nears:
        """Days near which a date without year may lie: in the year named before it, or now; of a
        sentence, or of all below a heading, in that year, or behind its last months in the next;
        beside these, always, one that lies just around now."""
        if text.endswith("今年", 0, at):
            return (date(near.year, 7, 2),)
        before = bisect(years, at, key=re.Match.start)
        if not before:
            return (near,)
        latest = years[before - 1]
        year = int(value_of(latest[1]) or 0)
        if not latest[2] and _WORDS["other year"].search(text, latest.end(), at):
            return date(year, 7, 2), near
        behind = bisect(late, latest.end() - 1, key=re.Match.start)
        rolls = any(month.end() <= at for month in late[behind : behind + 1])
        return (date(year, 7, 2), *((date(year, 9, 20),) if rolls else ()))

    judged = partial(_judged, near)
    for m in _WORDS["dated" if weekly else "date"].finditer(text):
        parts = _parts(m)
        if parts is None or _WORDS["no sun"].search(text, max(0, m.start() - 8), m.start()):
            continue
        before = linked = None
        if weekly and not m[8]:
            before = _WORDS["before"].search(text, max(0, m.start() - 24), m.start())
            linked = before or _WORDS["linked"].match(text, m.end())
        start = before.start() if before else m.start()
        now = nears(start)
        yield from judged(start, m.end(), parts, now, linked[1] if linked else m[8])
        year = parts[0] or now[0].year
        for later in _WORDS["day"].finditer(text, m.end(), m.end() + REACH + 8) if weekly else ():
            if later.start() - m.end() > REACH or _WORDS["dated"].search(
                text, m.end(), later.end()
            ):
                break
            if later[2]:
                then = (year if parts[0] else None), parts[1], int(later[1])
                yield from judged(*later.span(), then, now, later[2])

    for m in _WORDS["english"].finditer(text):
        if parts := _parts(m):
            yield from judged(*m.span(), parts, nears(m.start()), _ENGLISH[m[8]])
    for m in _WORDS["span"].finditer(text) if weekly else ():
        for month, day, stated in ((m[1], m[2], m[5]), (m[3] or m[1], m[4], m[6])):
            then = None, int(month), int(day)
            yield from judged(*m.span(), then, nears(m.start()), stated)
    for m in _WORDS["this month"].finditer(text) if "本月" in text or "当月" in text else ():
        yield from judged(*m.span(), (near.year, near.month, int(m[1])), (near,), m[2])
    for m in _WORDS["short"].finditer(text) if weekly else ():
        yield from judged(*m.span(), (None, int(m[1]), int(m[2])), nears(m.start()), m[3])
    for m in _WORDS["spoken"].finditer(text) if _WORDS["chinese month"].search(text) else ():
        year, month, day = (int(value_of(part or "零") or 0) for part in m.groups()[:3])
        if not _WORDS["no sun"].search(text, max(0, m.start() - 8), m.start()):
            yield from judged(*m.span(), (year or None, month, day), nears(m.start()), m[4])


def _parts(m: re.Match[str]) -> DayParts | None:
    """(year or None, month, day); None for what only looks like a date."""
    before = m.string[m.start() - 1 : m.start()]
    if before.isdigit() or before in [*"-/.－／．"]:
        return None
    if m[4]:
        return (None, int(m[1]), int(m[4])) if len(m[1]) <= 2 else None
    if len(m[1]) != 4:
        return None
    return int(m[1]), int(m[2] or m[6]), int(m[3] or m[7])


def _judged(
    now: date, start: int, end: int, parts: DayParts, nears: Nears, stated: str | None
) -> Iterator[tuple[int, int, date | None, str, str]]:
    meant = [day for near in nears if (day := _meant(*parts, near))]
    today = _meant(*parts, now)
    if today and -_LATELY <= today - now <= _SOON:
        meant.append(today)
    if not meant:
        yield start, end, None, stated or "", ""
    elif stated:
        right = [WEEKDAYS[day.weekday()] for day in meant]
        if stated.replace("天", "日") not in right:
            yield start, end, meant[0], stated, right[0]


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


# The class of an accident against its figures (国务院令第493号, 第三条; Article 10).
#
# | class | deaths | grave injuries | direct loss |
# |---|---|---|---|
# | 特别重大 | 30 and more | 100 and more | 100,000,000 yuan and more |
# | 重大 | 10 to 29 | 50 to 99 | 50,000,000 and more |
# | 较大 | 3 to 9 | 10 to 49 | 10,000,000 and more |
# | 一般 | fewer | fewer | less |

CLASSES = ("一般", "较大", "重大", "特别重大")
DEATHS, INJURIES, LOSSES = (3, 10, 30), (10, 50, 100), (10**7, 5 * 10**7, 10**8)
"""Figures from which 较大, 重大 and 特别重大 begin; 以上 includes the figure itself."""


@dataclass(frozen=True)
class WrongClass:
    """A stated class with its offsets, and the one that the figures of the text make."""

    start: int
    end: int
    stated: str
    figures: str
    certain: bool
    """The figures alone make a higher class; False: a higher one is stated than they show."""


def class_of(deaths: int = 0, injuries: int = 0, loss: Decimal | int = 0) -> str:
    """The class of an accident: the highest that one of its figures reaches."""
    reached = (
        sum(value >= limit for limit in limits)
        for value, limits in ((deaths, DEATHS), (injuries, INJURIES), (loss, LOSSES))
    )
    return CLASSES[max(reached)]


def classes_named(text: str) -> Iterator[str]:
    """Classes of accidents that a text states, of feared and counted ones apart."""
    plain = flat(text).text
    for m in _WORDS["stated"].finditer(plain):
        if not _WORDS["feared"].search(plain, max(0, m.start() - 6), m.start()):
            yield m[m.lastindex or 0]


def wrong_classes(text: str) -> tuple[WrongClass, ...]:
    """Stated classes that the figures of one accident's account contradict.

    Text that only explains the classes or sums up a period is left alone.
    """
    folded = flat(text)
    plain = folded.text.translate(CAPITALS) if _WORDS["event"].search(folded.text) else ""
    if not _WORDS["stated"].search(plain):
        return ()
    every = list(_lines(plain))
    lines = dict.fromkeys(at for at in every if not _WORDS["rules"].search(plain, *at))
    shown = [line for line in every if line in lines or _WORDS["asks"].search(plain, *line)]
    # A sentence may state a class over and over: the figures of each stretch are read once.
    made_by = cache(lambda start, end: _class_by_figures(plain[start:end]))
    of_all = cache(lambda: _class_by_figures("\n".join(plain[a:b] for a, b in shown)))
    judged = [
        (folded.span(m.start(m.lastindex or 0), m.end()), m[m.lastindex or 0], reached)
        for line in lines
        for sentence in _SENTENCE.finditer(plain, *line)
        for after, m in _stated(plain, *sentence.span())
        if (reached := made_by(after, m.end()) or made_by(*sentence.span()) or of_all())
        and not _only_raised(m, reached)
    ]
    judged += _defined(plain, folded.span)
    right = {span for span, class_, reached in judged if class_ == reached}
    wrong = dict.fromkeys(
        WrongClass(*span, class_, reached, CLASSES.index(class_) < CLASSES.index(reached))
        for span, class_, reached in judged
        if span not in right  # a cell may be read twice, once without its label
    )
    return tuple(sorted(wrong, key=lambda w: w.start))


def _defined(
    plain: str, span: Callable[[int, int], tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], str, str]]:
    """(span, class, class by law) of classes that are said to begin with a number of deaths."""
    for m in _WORDS["defined"].finditer(plain):
        name = "after" if m["after"] else "before"
        right = class_of(int(value_of(m["least"] or m["from"]) or 0))
        if m["closed"] or m["shut"]:  # 以下 leaves the figure itself to the next class
            right = CLASSES[min(CLASSES.index(m[name]) + 1, 3)]
        yield span(*m.span(name)), m[name], right


def _only_raised(stated: re.Match[str], reached: str) -> bool:
    """Whether an inquiry is held at a higher class than the figures make (提级调查)."""
    raised = CLASSES.index(stated[stated.lastindex or 0]) > CLASSES.index(reached)
    start = stated.start()
    return raised and _WORDS["raised"].search(stated.string, max(0, start - 2), start) is not None


def _stated(text: str, start: int, end: int) -> Iterator[tuple[int, re.Match[str]]]:
    """Classes that a sentence states, each with the offset from which figures may be its own."""
    after = start
    for m in _WORDS["stated"].finditer(text, start, end):
        if not _WORDS["feared"].search(text, max(start, m.start() - 6), m.start()):
            yield after, m
            after = m.end()


def _class_by_figures(text: str) -> str:
    """The class that the figures of a text make; empty without any."""
    deaths, injuries = _figures(_WORDS["deaths"], text), _figures(_WORDS["injuries"], text)
    losses = _figures(_WORDS["loss"], text)
    if not (deaths or injuries or losses):
        return ""
    most = [max(figures, default=Decimal(0)) for figures in (deaths, injuries, losses)]
    most[0] += sum(_figures(_WORDS["more deaths"], text))
    return class_of(int(most[0]), int(most[1]), most[2])


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _figures(pattern: re.Pattern[str], text: str) -> list[Decimal]:
    """Each match is a numeral, and of a loss 万 or 亿 behind it."""
    values = (
        value_of(*filter(None, m.groups()))
        for m in pattern.finditer(_WORDS["unit in label"].sub(r"\1万元", text))
    )
    return [value for value in values if value is not None]
