"""Article 9: what its clauses share — a refusal, and who leads."""

from datetime import date

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, Message

LEADERS = ("leader-in-charge", "principal")


def refuse(place: Location, message: Message, remedy: Message) -> Complaint:
    return Complaint(Effect.REFUSE, message, place, remedy)


def leads(person: str, day: date, archive: Archive) -> bool:
    known = archive.registers.people.get(person)
    return known is not None and any(known.holds(role, day) for role in LEADERS)
