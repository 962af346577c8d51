"""What a month brought of updates."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import weeks_between
from pipeline.model.duties import COUNTED, NONE, SUNDAY, owed_weeks, update_days
from pipeline.model.findings import say
from pipeline.model.month import Cell, Month, Table, table_of


def cadence(archive: Archive, month: Month) -> Table:
    return table_of(say("Updates per account and week"), _CADENCE, _cadence(archive, month))


_CADENCE = (say("account"), say("week from Monday"), say("updates"), say("demanded"))


def _cadence(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    days = update_days(archive)
    for account in archive.registers.accounts.values():
        owed = set(owed_weeks(account, archive, month.first, month.last - SUNDAY))
        for monday in weeks_between(month.first, min(month.last, archive.today)):
            if not (account.active(monday) or account.active(monday + SUNDAY)):
                continue
            count = days.get(account.id, NONE).within(monday, monday + SUNDAY)
            counted = account.content_mode == "text" and monday in owed
            least = archive.parameter(COUNTED, monday) if counted else None
            yield archive.registers.called(account.id), monday.isoformat(), count, least
