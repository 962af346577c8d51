"""What departments contributed in a month."""

from collections import Counter
from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import say
from pipeline.model.month import Cell, Month, Table, table_of


def contributions(archive: Archive, month: Month) -> Table:
    return table_of(say("Contributions"), _SHARES, _contributions(archive, month))


_SHARES = (say("department"), say("number of posts"))


def _contributions(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    """Posts by the department that supplied them; a department without any stands with 0.

    The id of a post begins with its day (F-2), so that no post of another month need be read.
    """
    cards = (archive.card(i) for i in archive.posts if i.startswith(str(month)))
    now = archive.as_of.astimezone(SHANGHAI).isoformat()
    counts = Counter(c.department for c in cards if not c.withdrawn and c.moment <= now)
    for name in archive.registers.departments_on(month.first):
        called = archive.registers.departments[name].name_on(month.first.isoformat())
        yield called, counts[name]
