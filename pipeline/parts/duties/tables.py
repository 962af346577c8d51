"""What was declared in a month."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import say
from pipeline.model.month import Cell, Month, Table, table_of


def declarations(archive: Archive, month: Month) -> Table:
    return table_of(say("Declarations signed"), _DECLARED, _declared(archive, month))


_DECLARED = (say("declaration"), say("about"), say("person"), say("signed"), say("speaks up to"))


def _declared(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    rows = sorted(archive.signed.get("declaration", ()), key=lambda s: (s.signed_at, s.path))
    for s in rows:
        if month.holds(local_date(s.signed_at)) and archive.clock.reached(s.signed_at):
            signed, until = minute(s.signed_at), s["until"].isoformat()
            about = archive.registers.called(s["subject"])
            person = archive.registers.called(s.person)
            yield say("{name}", name=s["name"]), about, person, signed, until
