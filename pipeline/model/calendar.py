"""Days of Asia/Shanghai and the time of a run, which tracks for how long its answers hold.

Weeks and working days follow Article 5 and the holiday notices of the State Council. A verdict on
a change of last year hardly depends on today, but it may: a date to come, a mandate, a parameter
that takes effect. Clauses and evidence get no `datetime`: they ask the clock, and each answer
narrows the span of times at which it would be the same. Code that takes the time or the day itself
narrows the span to that instant or that day, so what is done with it needs no tracking
(docs/decisions/0038).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept UTC+8 without summer time since 1991 (tz database, Asia/Shanghai)."""

ONE_DAY = timedelta(days=1)

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far a claimed time may lie after the run that judges it."""

YEARS = range(1950, 2101)
"""Dates outside are slips of the pen, and would overflow the reckoning of days."""


def local_date(moment: datetime) -> date:
    """The civil date in Asia/Shanghai of an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def minute(moment: datetime) -> str:
    """``2026-11-03 09:30`` in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).isoformat(" ", "minutes")[:16]


def chinese_day(day: date) -> str:
    """``2026年11月3日`` (GB/T 9704: Arabic digits without leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def utc_stamp(moment: datetime) -> str:
    """``20261103013000Z``: a moment as ssh-keygen reads it (ssh-keygen(1), TIME FORMATS)."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}"


def week_of(day: date) -> date:
    """The Monday that begins the week (Monday to Sunday) of a day."""
    return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> Iterator[date]:
    """Mondays of every week that touches the days from `first` to `last`, both included."""
    monday = week_of(first)
    while monday <= last:
        yield monday
        monday += timedelta(days=7)


@dataclass(frozen=True)
class Calendar:
    """Working days by year; a year without its own file counts Mon–Fri and is provisional."""

    off_days: frozenset[date]
    work_weekends: frozenset[date]
    years: frozenset[int]

    @classmethod
    def of(cls, years: Mapping[int, Mapping[str, list[date]]]) -> "Calendar":
        """Build from year → {off_days, work_weekends}."""
        return cls(
            frozenset(d for y in years.values() for d in y["off_days"]),
            frozenset(d for y in years.values() for d in y["work_weekends"]),
            frozenset(years),
        )

    def is_workday(self, day: date) -> bool:
        if day in self.off_days:
            return False
        return day in self.work_weekends or day.weekday() < 5

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether the span touches a year whose holidays are not on file."""
        return any(y not in self.years for y in range(first.year, last.year + 1))

    def workday_after(self, day: date, count: int) -> date:
        """The `count`-th working day after a day; the day itself when `count` is 0."""
        while count > 0:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when end ≤ start."""
        count, day = 0, start
        while day < end:
            day += ONE_DAY
            count += self.is_workday(day)
        return count


Value = TypeVar("Value")
NONE = timedelta()
TICK = timedelta(microseconds=1)
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)


def midnight(day: date) -> datetime:
    """When a day begins in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Span:
    """Times of a run, from `low` to before `high`, at which every answer is the same."""

    low: datetime = FIRST
    high: datetime = LAST

    def holds(self, moment: datetime) -> bool:
        return self.low <= moment < self.high

    def within(self, other: "Span") -> "Span":
        """The times that are in both."""
        return Span(max(self.low, other.low), min(self.high, other.high))


EVER = Span()
NEVER = Span(LAST, FIRST)


class Clock:
    """One time, and in `span` for how long all that was asked of it since would be the same."""

    def __init__(self, moment: datetime) -> None:
        self.as_given = moment
        """The time of the run in the zone it was given, for reports: reading it is not tracked."""
        self.span = EVER

    def reached(self, moment: datetime, slack: timedelta = NONE) -> bool:
        """Whether it is this moment or later, or so little before it."""
        try:
            bound = moment - slack
        except OverflowError:  # before the first moment there is, or after the last
            return slack > NONE
        if self.as_given < bound:
            if bound < self.span.high:
                self.span = Span(self.span.low, bound)
            return False
        if bound > self.span.low:
            self.span = Span(bound, self.span.high)
        return True

    def passed(self, moment: datetime, days: int = 0) -> bool:
        """Whether it is later than this moment, by more than so many days."""
        return self.reached(moment, -TICK - timedelta(days=days))

    def recent(self, moment: datetime, days: int) -> bool:
        """Whether this moment is to come, or lies back less than so many days."""
        return not self.reached(moment, -timedelta(days=days))

    def day_reached(self, day: date) -> bool:
        """Whether it is this day in Shanghai, or a later one."""
        return self.reached(midnight(day))

    def day_passed(self, day: date, days: int = 0) -> bool:
        """Whether this day is over in Shanghai, for so many days at least."""
        over = timedelta(days=days)
        return day < date.max and self.reached(midnight(day + ONE_DAY), -over)

    @property
    def now(self) -> datetime:
        """The time in Shanghai: what asks for it holds for this instant alone."""
        self.reached(self.as_given)
        self.passed(self.as_given)
        return self.as_given.astimezone(SHANGHAI)

    @property
    def today(self) -> date:
        """The day in Shanghai: what asks for it holds for this day alone."""
        day = local_date(self.as_given)
        self.day_reached(day)
        self.day_passed(day)
        return day

    def tracked(self, make: Callable[[], Value]) -> tuple[Value, Span]:
        """A value and for how long it holds: its later user must `narrow` to that."""
        before, self.span = self.span, EVER
        try:
            value = make()
            return value, self.span
        finally:
            self.narrow(before)

    def narrow(self, span: Span) -> None:
        """Use a value that holds at these times alone."""
        if span.low > self.span.low or span.high < self.span.high:
            self.span = self.span.within(span)
