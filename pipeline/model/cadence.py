"""What counts as an update of an account (Article 5, R05-1): rules and pages count alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import add

from pipeline.model.archive import Archive
from pipeline.model.clock import Span
from pipeline.model.memoize import Once
from pipeline.model.publications import ByYear, tally


@dataclass(frozen=True)
class Updates:
    """The updates of one account, day by day, from the first to the last."""

    first: date = date.min
    counts: tuple[int, ...] = ()
    """Of the first day and of each that follows; neither end is 0."""

    @property
    def last(self) -> date | None:
        """The day of the last update, if there was any."""
        return self._day(len(self.counts) - 1) if self.counts else None

    def within(self, first: date, last: date) -> int:
        """Updates from one day to another, both included."""
        start = (first - self.first).days
        return sum(self.counts[max(start, 0) : max(start + (last - first).days + 1, 0)])

    def days(self) -> Iterator[date]:
        """Each day that had an update, in order."""
        return (self._day(n) for n, count in enumerate(self.counts) if count)

    def _day(self, number: int) -> date:
        return date.fromordinal(self.first.toordinal() + number)


NONE = Updates()


def update_days(archive: Archive) -> Mapping[str, Updates]:
    """Account → its updates by day (`publications.tally` says what counts)."""
    updates, span = _update_days(archive)
    archive.clock.narrow(span)
    return updates


def _counted(archive: Archive) -> Mapping[str, Updates]:
    found, happened = archive.publications, archive.clock.reached
    rows: dict[str, list[list[int]]] = {}
    for each in found.tallies() if isinstance(found, ByYear) else (tally(found, happened),):
        for account, row in each.counts.items():
            rows.setdefault(account, []).append(list(row))
    return {account: _added(of) for account, of in rows.items()}


def _added(rows: list[list[int]]) -> Updates:
    first = min(row[0] for row in rows)
    counts = [0] * (max(row[0] + len(row) - 1 for row in rows) - first)
    for start, *row in rows:
        at = start - first
        counts[at : at + len(row)] = map(add, counts[at : at + len(row)], row)
    return Updates(date.fromordinal(first), tuple(counts))


_update_days: Once[Archive, tuple[Mapping[str, Updates], Span]] = Once(
    lambda archive: archive.clock.tracked(partial(_counted, archive))
)
