"""What was to be relayed in a month, and when accounts carried it."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.duties import owing, relay_carried, relay_start
from pipeline.model.findings import say
from pipeline.model.month import Cell, Month, Table, table_of, worth


def relays(archive: Archive, month: Month) -> Table:
    return table_of(say("Relays of superior bodies"), _RELAYS, _relays(archive, month))


_RELAYS = (
    say("relay"),
    say("title"),
    say("the clock started"),
    say("account"),
    say("carried"),
    say("minutes"),
    say("counts as"),
)


def _relays(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    for relay in archive.facts.get("relays", ()):
        start = relay_start(relay)
        if not month.holds(local_date(start)):
            continue
        carried = relay_carried(relay, archive)
        for account in relay.get("accounts") or sorted({*owing(relay, archive), *carried}) or [""]:
            at = carried.get(account)
            minutes = max(0, int((at - start).total_seconds() // 60)) if at else None
            yield (
                relay.id,
                relay["title"],
                minute(start),
                archive.registers.called(account),
                minute(at) if at else None,
                minutes,
                worth(relay, archive),
            )
