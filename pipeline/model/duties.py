"""Duties over time: kept, still to come, or overdue; and periodic signed declarations.

Every period clause tells a duty the same way, so that the audit, the month's report and the
calendar feed can sort them: `duty` yields a NOTE with its due time while there is time, and
REFUSE (or the effect given) from the moment it is late.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.records import Fact, Signed


def end_of(day: date) -> datetime:
    """The last second of a local day: what is due on a day is late on the next."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def duty(
    archive: Archive,
    due: datetime,
    coming: Message,
    late: Message,
    location: Location,
    remedy: Message,
    owes: str = "",
    effect: Effect = Effect.REFUSE,
) -> Complaint:
    """One open duty: a NOTE until `due` has passed, then the effect."""
    overdue = archive.as_of > due
    return Complaint(
        effect if overdue else Effect.NOTE,
        late if overdue else coming,
        location,
        remedy,
        owes,
        due,
    )


def months_after(day: date, months: int) -> date:
    """The same day some calendar months later; the last of the month where there is none."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def digest_of(wording: Fact) -> str:
    """sha256 of a wording's text: what its declarations are bound to."""
    return hashlib.sha256(wording["text"].encode()).hexdigest()


def declarations_due(archive: Archive, name: str) -> Iterator[Complaint]:
    """The declaration `name` of the register ``wordings``: who owes it, since when, until when.

    A declaration counts when its wording's version and text are those in force on the day it was
    signed, and its signer held the wording's role then. It is fresh for `every_months` calendar
    months from the end of the period it speaks of. Each subject (the archive, every department,
    account or person that the wording's scope names) owes its own.
    """
    wordings = [w for w in archive.registers.entries.get("wordings", ()) if w["name"] == name]
    if not wordings:
        place = Location("content/registers/wordings.yml")
        message = say("The wording of the declaration {name} is missing.", name=name)
        yield Complaint(Effect.REFUSE, message, place, say("Restore it in the register wordings."))
        return
    for subject, owes in _subjects(archive, wordings[-1]):
        yield from _due(archive, wordings, subject, owes)


def _subjects(archive: Archive, wording: Fact) -> Iterator[tuple[str, str]]:
    """(subject, person who owes it) of every declaration of a wording."""
    registers, today, role = archive.registers, archive.today, wording["role"]
    scope = wording["scope"]
    if scope == "person":
        for person in registers.people.values():
            if person.holds(role, today):
                yield person.id, person.id
        return
    departments = registers.departments if scope == "department" else {}
    accounts = {a.id for a in registers.accounts.values() if a.active(today)}
    for subject in sorted({"archive": {""}, "account": accounts}.get(scope, set(departments))):
        where = subject if scope == "department" else None
        holders = [p.id for p in registers.people.values() if p.holds(role, today, where)]
        yield subject, min(holders, default="")


def _due(archive: Archive, wordings: list[Fact], subject: str, owes: str) -> Iterator[Complaint]:
    wording = wordings[-1]
    counted = [
        s
        for s in archive.signed.get("declaration", ())
        if s["name"] == wording["name"] and s["subject"] == subject and _counts(archive, s)
    ]
    since = max(archive.registers.policy.since, wording["from"])
    last = max((s["until"] for s in counted), default=since)
    day = months_after(last, wording["every_months"]) + timedelta(days=wording.get("grace_days", 0))
    what = wording["name"] + (f" ({subject})" if subject else "")
    remedy = say("`sanshen declare {name}` shows the wording and signs it.", name=wording["name"])
    yield duty(
        archive,
        end_of(day),
        say("The declaration {what} is due on {day}.", what=what, day=day.isoformat()),
        say("The declaration {what} was due on {day}.", what=what, day=day.isoformat()),
        wording.at("name"),
        remedy,
        owes,
    )


def _counts(archive: Archive, signed: Signed) -> bool:
    """Right wording in force that day, right role, not from the future."""
    day = local_date(signed.signed_at)
    entries = archive.registers.entries.get("wordings", ())
    wording = max(
        (w for w in entries if w["name"] == signed["name"] and w["from"] <= day),
        key=lambda w: w["version"],
        default=None,
    )
    person = archive.registers.people.get(signed.person)
    if wording is None or person is None or signed.signed_at > archive.as_of:
        return False
    where = signed["subject"] if wording["scope"] == "department" else None
    same = (signed["version"], signed["text_digest"]) == (wording["version"], digest_of(wording))
    return (
        same
        and person.holds(wording["role"], day, where)
        and not (wording["scope"] == "person" and signed["subject"] != signed.person)
    )
