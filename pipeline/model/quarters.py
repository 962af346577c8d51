"""Quarters of the calendar year, by which shares and contributions are counted (Articles 4–7)."""

from datetime import date, timedelta

from pipeline.model.archive import Archive
from pipeline.model.cards import Card

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


def first_day(quarter: Quarter) -> date:
    """The first day of a quarter."""
    return date(quarter[0], quarter[1] * 3 + 1, 1)


def before(quarter: Quarter) -> Quarter:
    """The quarter before."""
    year, number = quarter
    return (year, number - 1) if number else (year - 1, 3)


def posts_of(archive: Archive, quarter: Quarter) -> tuple[Card, ...] | None:
    """The standing posts of a quarter, by id; None unless every one of them is there.

    A look at a single change holds only the posts it touches, and shares of these mean nothing.
    """
    year = f"{quarter[0]:04}"
    ids = {i for i in archive.ids_of(year) if _quarter_of_id(i) == quarter}
    if not ids <= archive.posts.keys():
        return None
    return tuple(c for c in map(archive.card, sorted(ids)) if not c.withdrawn)


def _quarter_of_id(post_id: str) -> Quarter | None:
    """The quarter of a post id, which begins with its date; None when it does not."""
    try:
        return quarter_of(date.fromisoformat(post_id[:10]))
    except ValueError:
        return None
