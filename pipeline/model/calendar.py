"""Asia/Shanghai days, weeks and working days (Article 5; State Council holiday notices)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept UTC+8 without summer time since 1991 (tz database, Asia/Shanghai)."""

ONE_DAY = timedelta(days=1)

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
