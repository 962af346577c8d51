"""The site's years: what lists of the whole need to know of each, and its posts when it is opened.

A digest stands for every list that a year has posts in, so that a page of the newest fifty is
known to be as it was without a look at any of them.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any, NamedTuple

from pipeline.model.archive import Archive
from pipeline.model.cards import Card, Volume
from pipeline.model.lazy import Lazy
from pipeline.model.records import Correction
from pipeline.render.alert import alert_of
from pipeline.render.validity import turn_of, turns_of, validity_of
from pipeline.render.xml_text import clean
from pipeline.site.addresses import url_of
from pipeline.site.pages.post_view import PostView, grouped, index_number
from pipeline.site.units import digest
from pipeline.site.view import (
    ACCOUNT,
    ALERT,
    CATEGORY,
    DEPARTMENT,
    EVERY,
    KIND,
    TAG,
    TOPIC,
    WARNINGS,
    WAY,
)
from pipeline.site.ways import Way

_KINDS = (CATEGORY, ACCOUNT, TAG, KIND, TOPIC, DEPARTMENT, WAY, ALERT)
End = tuple[str, str]
"""(url, title) of the first or last post."""


class ListTotals(NamedTuple):
    """What a list has of one year."""

    posts: int
    mark: str
    updated: str
    """When the last of them changed for a reader, ISO 8601."""


class YearSummary(NamedTuple):
    """What pages of the whole show of a year, in JSON values."""

    key: str
    """`SiteYear.key` that it was made for."""
    turns: list[str]
    """Times at which a post comes to hold or ceases to, ISO 8601 in UTC, sorted."""
    turn: int
    """How many of them had passed."""
    open: bool
    """Whether an alert is not over."""
    posts: int
    mark: str
    """Another one whenever what any list says of any post changes."""
    updated: str
    months: list[tuple[int, int]]
    """(month, posts), the newest first."""
    lists: dict[str, dict[str, ListTotals]]
    """`CATEGORY`, `ACCOUNT`, `TAG` … → its value → what is listed of it; the withdrawn are listed
    as warnings alone."""
    present: ListTotals
    """All but the withdrawn."""
    ends: list[End]
    """The oldest and the newest post."""
    corrected: dict[str, str]
    """Id → title of posts with a record of a later change."""
    warnings: list[tuple[str, str]]
    """(url, when it last changed for a reader, ISO 8601) of its newest warnings, newest first."""


def year_summary(row: Any) -> YearSummary | None:
    """The summary in JSON values of a state; None when there is none."""
    if row is None:
        return None
    read = YearSummary(*row)
    lists = {
        kind: {value: ListTotals(*totals) for value, totals in rows.items()}
        for kind, rows in read.lists.items()
    }
    ends = [(url, title) for url, title in read.ends]
    return read._replace(lists=lists, present=ListTotals(*read.present), ends=ends)


@dataclass(frozen=True, eq=False)
class SiteYear:
    """One year of the site."""

    volume: Volume
    archive: Archive
    corrections: Mapping[str, Sequence[Correction]]
    """By post, of this year's."""
    key: str
    previous: YearSummary | None
    """That of the last build; it is used while its key is this year's."""
    ways: Sequence[Way] = ()

    @property
    def name(self) -> str:
        return self.volume.year

    @cached_property
    def views(self) -> tuple[PostView, ...]:
        """All posts, newest first; ties are broken by id, so the order is one."""
        return views_of(self.volume, self.archive, self.corrections)

    def release(self) -> None:
        """Free the posts; they are made again lazily."""
        for name in ("views", "present", "_lists"):
            vars(self).pop(name, None)

    @cached_property
    def present(self) -> tuple[PostView, ...]:
        """All but the withdrawn."""
        return tuple(v for v in self.views if not v.withdrawn)

    @cached_property
    def summary(self) -> YearSummary:
        old = self.previous
        if old and old.key == self.key and old.turn == _passed(old.turns, self.archive):
            return old
        return self._summary()

    @cached_property
    def _lists(self) -> Mapping[str, Mapping[str, tuple[PostView, ...]]]:
        """Kind → its lists, by the value that the posts in each share; a kind is made lazily."""
        return Lazy(dict.fromkeys(_KINDS), self._lists_of)

    def _lists_of(self, kind: str) -> dict[str, tuple[PostView, ...]]:
        if kind == ALERT:
            rows = grouped(self.views, lambda v: [EVERY] if v.card.kind == "alert" else ())
        else:
            rows = grouped(self.present, partial(self.values, kind))
        return {str(value): items for value, items in rows.items()}

    def values(self, kind: str, view: PostView) -> Iterable[Any]:
        """The lists of a kind that a post is in, or was before it was withdrawn."""
        if kind == ACCOUNT:
            return [account.id for account in view.accounts]
        if kind == TAG:
            return dict.fromkeys(view.tags)
        if kind == WAY:
            return [way.url for way in self.ways if way.holds(view.card)]
        return (getattr(view.card, kind),)

    def listed(self, kind: str, value: str) -> tuple[PostView, ...]:
        """The posts of one list, newest first."""
        return self._lists[kind].get(value, ())

    def _summary(self) -> YearSummary:
        turns = sorted(turns_of(v.card for v in self.views))
        lists = {
            kind: {value: _listed(items) for value, items in rows.items()}
            for kind, rows in self._lists.items()
        }
        months = Counter(v.day.month for v in self.views)
        ends = [(v.url, v.title) for v in (self.views[-1], self.views[0])]
        return YearSummary(
            self.key,
            turns,
            _passed(turns, self.archive),
            any(v.alert and not v.alert.over for v in self.views),
            len(self.views),
            digest([v.mark for v in self.views]),
            max(v.updated for v in self.views).isoformat(),
            [(month, months[month]) for month in sorted(months, reverse=True)],
            lists,
            _listed(self.present),
            ends,
            {v.id: v.title for v in self.views if v.corrections},
            [(v.url, v.updated.isoformat()) for v in self.listed(ALERT, EVERY)[:WARNINGS]],
        )


def _listed(items: Sequence[PostView]) -> ListTotals:
    updated = max((v.updated for v in items), default=None)
    return ListTotals(
        len(items), digest([v.mark for v in items]), updated.isoformat() if updated else ""
    )


def _passed(turns: Sequence[str], archive: Archive) -> int:
    return bisect_right(turns, turn_of(archive.as_of))


def views_of(
    volume: Volume, archive: Archive, corrections: Mapping[str, Sequence[Correction]]
) -> tuple[PostView, ...]:
    """The posts of a volume, newest first; ties are broken by id, so the order is one."""
    made = [view_of(s.card, archive, corrections.get(i, ())) for i, s in volume.posts.items()]
    return tuple(sorted(made, key=lambda v: (v.moment, v.id), reverse=True))


def view_of(card: Card, archive: Archive, corrections: Iterable[Correction]) -> PostView:
    moment, accounts = datetime.fromisoformat(card.moment), archive.registers.accounts
    alert = alert_of(card.alert, archive.as_of)
    return PostView(
        card,
        url_of(card.id),
        clean(card.title),
        "" if card.withdrawn else clean(card.summary),
        index_number(card.id, archive.registers),
        moment.date(),
        moment,
        tuple(accounts[a] for a in card.accounts if a in accounts),
        () if card.withdrawn else tuple(map(clean, card.tags)),
        alert,
        validity_of(card, alert, archive.today),
        tuple(sorted(corrections, key=lambda c: (c.changed_on, c.revision, c.id))),
        archive.posts,
    )
