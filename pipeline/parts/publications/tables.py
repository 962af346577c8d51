"""What accounts carried in a month."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import say, say_names
from pipeline.model.month import Cell, Month, Table, table_of
from pipeline.model.records import Publication


def publications(archive: Archive, month: Month) -> Table:
    return table_of(say("Publications"), _PUBLISHED, _published(archive, month))


_PUBLISHED = (
    say("time"),
    say("account"),
    say("post"),
    say("title"),
    say("address"),
    say("remarks"),
)


def _remark(p: Publication) -> Cell:
    """What was otherwise than it should be."""
    marks = (
        (p.unconfirmed, say("before its confirmation")),
        (p.pressed_by, say("by another")),
        (p.removed_at, say("not shown any more")),
    )
    holds = [words for mark, words in marks if mark]
    return say_names(holds) if holds else None


def _published(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    rows = sorted(archive.publications, key=lambda p: (p.published_at, p.account, p.post))
    for p in rows:
        if month.holds(local_date(p.published_at)) and archive.clock.reached(p.published_at):
            account = archive.registers.called(p.account)
            yield minute(p.published_at), account, p.post, p.title, p.url, _remark(p)
