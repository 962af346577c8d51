"""How old the passwords of accounts are."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.model.month import Cell, Month, Table, table_of


def passwords(archive: Archive, month: Month) -> Table:
    return table_of(say("Passwords"), _PASSWORDS, _passwords(archive))


_PASSWORDS = (say("account"), say("custodian"), say("changed"), say("days since"))


def _passwords(archive: Archive) -> Iterator[tuple[Cell, ...]]:
    for account in archive.registers.accounts.values():
        if not account.active(archive.today):
            continue
        changed = [
            local_date(r["rotated_at"])
            for r in archive.signed.get("rotation", ())
            if r["account"] == account.id
            and r["reason"] != "deviation"
            and archive.clock.reached(r["rotated_at"])
        ]
        last = max(changed, default=None)
        age = (archive.today - last).days if last else None
        cells = (archive.registers.called(i) for i in (account.id, account.custodian))
        yield *cells, last.isoformat() if last else None, age
