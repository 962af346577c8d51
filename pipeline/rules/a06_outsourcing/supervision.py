"""Article 6: contractors are kept to what was agreed, and the lead department answers for it."""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.model.archive import Archive
from pipeline.model.duties import declarations_due, duty, end_of
from pipeline.model.findings import Complaint, Effect, say, say_day
from pipeline.rules.a06_outsourcing.contracts import contracts_sound
from pipeline.rules.a06_outsourcing.people import contractors_bounded


def contractors_in_order(archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """What contractors agreed to, what their people may do, and when they are inspected."""
    yield from contracts_sound(archive)
    yield from contractors_bounded(archive)
    yield from inspected(archive)


def inspected(archive: Archive) -> Iterator[Complaint]:  # 6 加强监管
    """The next inspection of every contractor under contract today; a late one is noted."""
    registers, today = archive.registers, archive.today
    days = registers.parameter("outsourcing.supervision_interval_days", today)
    for contractor in registers.entries.get("contractors", ()):
        contract = contractor["contract"]
        if not contract["from"] <= today <= contract["until"]:
            continue
        since = max(registers.policy.since, contract["from"])
        inspections = (
            s["on"]
            for s in archive.facts.get("supervisions", ())
            if s["contractor"] == contractor.id and s["on"] <= today
        )
        due = max((since, *inspections)) + timedelta(days)
        values = {"contractor": contractor["name"], "day": say_day(due)}
        yield duty(
            archive,
            end_of(due),
            say("The next inspection of {contractor} is due on {day}.", **values),
            say("The inspection of {contractor} was due on {day}.", **values),
            contractor.at(),
            say("Inspect its work and record it: sanshen new supervisions"),
            contractor.id,
            Effect.NOTE,
        )


def supervised(archive: Archive) -> Iterator[Complaint]:  # 6 加强监管
    """The yearly word on the supervision of contractors, owed only where there are any."""
    if archive.registers.entries.get("contractors", ()):
        yield from declarations_due(archive, "outsourcing-supervision")
