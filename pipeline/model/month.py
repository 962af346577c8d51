"""A month, and a table of what it brought."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.model import attestations, cards, duties, records
from pipeline.model.archive import Archive
from pipeline.model.calendar import YEARS
from pipeline.model.findings import Message, Outcome, say
from pipeline.model.ids import PostId

# Quarters of the calendar year, by which shares and contributions are counted (Articles 4–7).

Quarter = tuple[int, int]
"""(year, number from 0)."""


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return day.year, (day.month - 1) // 3


def last_day(quarter: Quarter) -> date:
    """The last day of a quarter."""
    year, number = quarter
    after = date(year + number // 3, (number * 3 + 3) % 12 + 1, 1)
    return after - timedelta(days=1)


def quarter_named(text: str) -> Quarter:
    """``2026Q3``. Raises ValueError for anything else."""
    year, mark, number = text[:4], text[4:5], text[5:]
    if mark not in ("Q", "q") or number not in ("1", "2", "3", "4") or int(year) not in YEARS:
        raise ValueError(text)
    return int(year), int(number) - 1


def say_quarter(quarter: Quarter) -> Message:
    """A quarter for people: ``2026, fourth quarter``, in Chinese ``2026年第四季度``."""
    year, number = quarter
    return Message(_QUARTERS[number].text, (("year", year),))


_QUARTERS = (
    say("{year}, first quarter"),
    say("{year}, second quarter"),
    say("{year}, third quarter"),
    say("{year}, fourth quarter"),
)


def first_day(quarter: Quarter) -> date:
    """The first day of a quarter."""
    return date(quarter[0], quarter[1] * 3 + 1, 1)


def before(quarter: Quarter) -> Quarter:
    """The quarter before."""
    year, number = quarter
    return (year, number - 1) if number else (year - 1, 3)


def posts_of(archive: Archive, quarter: Quarter) -> tuple[cards.Card, ...] | None:
    """The standing posts of a quarter, by id; None unless every one of them is there.

    A look at a single change holds only the posts it touches, and shares of these mean nothing.
    """
    year = f"{quarter[0]:04}"
    ids = {i for i in archive.ids_of(year) if _quarter_of_id(i) == quarter}
    if not ids <= archive.posts.keys():
        return None
    return tuple(c for c in map(archive.card, sorted(ids)) if not c.withdrawn)


def _quarter_of_id(post_id: PostId) -> Quarter | None:
    """The quarter of a post id, which begins with its date; None when it does not."""
    try:
        return quarter_of(date.fromisoformat(post_id[:10]))
    except ValueError:
        return None


Cell = str | int | Message | None


@dataclass(frozen=True)
class Table:
    """One table: a title, the columns' headings, and rows of cells."""

    title: Message
    columns: tuple[Message, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class PeriodReport:
    """The tables of a period, and their time."""

    title: Message
    tables: tuple[Table, ...]
    as_of: datetime


@dataclass(frozen=True)
class Month:
    """A calendar month in Asia/Shanghai."""

    first: date

    @classmethod
    def of(cls, text: str) -> "Month":
        """``2026-11``. Raises ValueError for anything else."""
        if len(text) != 7:
            raise ValueError(text)
        first = date.fromisoformat(f"{text}-01")
        if first.year not in YEARS:
            raise ValueError(text)
        return cls(first)

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def end(self) -> datetime:
        """Its last second."""
        return duties.end_of(self.last)

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month(self.last + timedelta(days=1))

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def table_of(
    title: Message, columns: tuple[Message, ...], rows: Iterable[tuple[Cell, ...]]
) -> Table:
    return Table(title, columns, tuple(rows))


_WORTH = {
    Outcome.DECLARED: say("declared"),
    Outcome.ENTERED: say("entered"),
    Outcome.NOT_APPLICABLE: say("entered by another than it names"),
}


def worth(fact: records.Fact, archive: Archive) -> Message:
    """Whether someone answers by signature for all that a record says."""
    return _WORTH[attestations.resting((fact,), archive)[0]]
