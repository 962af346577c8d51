"""What accounts carried in a month."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import say, say_names
from pipeline.model.month import Cell, Month, NamedCell, Table, name_cell, table_of
from pipeline.model.records import Publication


def publications(archive: Archive, month: Month) -> Table:
    return table_of("publications", say("Publications"), _PUBLISHED, _published(archive, month))


_PUBLISHED = (
    ("time", say("time")),
    ("account", say("account")),
    ("post", say("post")),
    ("title", say("title")),
    ("url", say("address")),
    ("remark", say("remarks")),
)


def _remark(p: Publication) -> NamedCell:
    """What was otherwise than it should be."""
    marks = {
        "early": (p.unconfirmed, say("before its confirmation")),
        "pressed": (p.pressed_by, say("by another")),
        "removed": (p.removed_at, say("not shown any more")),
    }
    holds = {key: words for key, (mark, words) in marks.items() if mark}
    return NamedCell(" ".join(holds), say_names([*holds.values()]) if holds else "")


def _published(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    rows = sorted(archive.publications, key=lambda p: (p.published_at, p.account, p.post))
    for p in rows:
        if month.holds(local_date(p.published_at)) and archive.clock.reached(p.published_at):
            account = name_cell(p.account, archive)
            yield minute(p.published_at), account, p.post, p.title, p.url, _remark(p)
