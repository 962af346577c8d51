"""Updates are counted as they are defined, however batches lie."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from pipeline.model.calendar import local_date
from pipeline.model.duties import NONE, Updates, update_days
from pipeline.model.records import Publication
from tests.builders.seeds import seeds
from tests.rules.builders import archive, publication
from tests.rules.governance import at

AS_OF = at("2028-06-01 12:00")
DAYS = [date(2026, 12, 20) + timedelta(n) for n in (0, 5, 11, 12, 18, 19, 100, 377, 400)]


def _drawn(seed: int) -> list[Publication]:
    draw = random.Random(seed)  # noqa: S311
    return [
        publication(
            f"{draw.choice(DAYS)} {draw.randrange(24):02}:00",
            f"{draw.choice((2026, 2027, 2028))}-01-01-{draw.choice('abc')}",
            draw.choice(("wx", "wb")),
            draw.choice(("", "b1", "b2")),
            path=f"content/records/publications/{n:03}",
            revision=draw.choice((1, 2)),
        )
        for n in range(60)
    ]


def _counted(publications: list[Publication], as_of: datetime) -> dict[str, Counter[date]]:
    """The definition: a batch once a day, a revision of a post once, at its first time."""
    first: dict[tuple[str, ...], Publication] = {}
    for p in sorted(publications, key=lambda p: p.published_at):
        if p.published_at <= as_of:
            same = (str(local_date(p.published_at)), p.batch) if p.batch else ()
            first.setdefault((p.account, *(same or ("", p.post, str(p.revision)))), p)
    days: dict[str, Counter[date]] = {}
    for p in first.values():
        days.setdefault(p.account, Counter())[local_date(p.published_at)] += 1
    return days


@pytest.mark.parametrize("as_of", [AS_OF, at("2027-01-02 12:00")])
@seeds(20)
def test_updates_are_counted_as_defined(seed: int, as_of: datetime) -> None:
    drawn = _drawn(seed)
    one = update_days(archive(publications=tuple(drawn), as_of=as_of))
    by_day = {a: Counter({d: u.within(d, d) for d in u.days()}) for a, u in one.items()}
    assert by_day == _counted(drawn, as_of)


def test_updates_are_counted_between_two_days() -> None:
    updates = Updates(date(2027, 3, 1), (2, 0, 1))
    assert updates.within(date(2027, 2, 1), date(2027, 3, 1)) == 2
    assert updates.within(date(2027, 3, 2), date(2027, 3, 9)) == 1
    assert updates.within(date(2027, 1, 1), date(2027, 2, 28)) == 0
    assert updates.within(date(2027, 3, 4), date(2028, 1, 1)) == 0
    assert [*updates.days()] == [date(2027, 3, 1), date(2027, 3, 3)]
    assert (updates.last, sum(updates.counts)) == (date(2027, 3, 3), 3)
    assert (NONE.last, NONE.counts, [*NONE.days()]) == (None, (), [])
    assert NONE.within(date(2027, 1, 1), date(2027, 1, 1)) == 0
