"""Who could sign, publish and change what at the end of a month, and what they did in it.

For the custodian of the accounts and for inspectors (Articles 3, 6, 11, 14).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.evidence import STEP_NAMES, Review, Step
from pipeline.model.findings import Message, say, say_names
from pipeline.model.month import Cell, Month, Table, table_of
from pipeline.model.records import Authorisation
from pipeline.model.registers import consent_roles, entitled, operators, signing_roles
from pipeline.model.zh_names import ROLES


def access_tables(
    archive: Archive, authorisations: Iterable[Authorisation], month: Month
) -> tuple[Table, ...]:
    """The tables of a month, as it ended or as it stands.

    `archive` holds the posts that were reviewed in it; `authorisations`: those signed in it.
    """
    end = min(month.end, archive.as_of)
    acts = Counter(_acts(archive, authorisations, month))
    return (
        table_of(say("Who may do what"), _PEOPLE, _people(archive, end)),
        table_of(say("Mandates"), _MANDATES, _mandates(archive, month)),
        table_of(say("What they did"), (say("person"), *_ACTS.values()), _done(archive, acts)),
        table_of(say("Who keeps the accounts"), _CUSTODY, _custody(archive, end)),
        table_of(say("Devices"), _DEVICES, _devices(archive, local_date(end))),
    )


_PEOPLE = (say("person"), say("offices"), say("contractor"), say("may"), say("usable keys"))


def _people(archive: Archive, end: datetime) -> Iterator[tuple[Cell, ...]]:
    """Those in office, or with a key that still signs."""
    day, registers = local_date(end), archive.registers
    rights = _rights(archive, end)
    for person in registers.people.values():
        offices = [t for t in person.tenures if t.covers(day)]
        keys = [k for k in registers.roster.keys if k.person == person.id and k.usable(end)]
        if offices or keys:
            yield (
                archive.registers.called(person.id),
                say_names([_office(t.role, t.department, archive) for t in offices]),
                say("yes") if person.contractor else say("no"),
                say_names(rights.get(person.id, [])) if person.id in rights else None,
                len(keys),
            )


def _office(role: str, department: str, archive: Archive) -> str:
    return f"{archive.registers.called(department)}{ROLES.get(role, role)}"


def _rights(archive: Archive, end: datetime) -> dict[str, list[Message]]:
    """Person → the steps they may sign, alone or for another, and whether they may publish."""
    rights: dict[str, list[Message]] = {}
    for step in Step:
        for person, acting_for in entitled(step, archive.registers, end):
            name = STEP_NAMES[step]
            if acting_for:
                name = say("{step} (acting)", step=name)
            rights.setdefault(person.id, []).append(name)
    registers, day = archive.registers, local_date(end)
    for person in operators(registers, day):
        rights.setdefault(person.id, []).append(say("publish"))
    acting = {d.delegate for d in registers.roster.delegations if d.covers(end)}
    for person in registers.people.values():
        deputy = person.id in acting and not person.contractor
        if deputy or consent_roles(person, end, registers):
            rights.setdefault(person.id, []).append(say("authorise"))
        if signing_roles(person, day, registers):
            rights.setdefault(person.id, []).append(say("waive"))
    return rights


_MANDATES = (
    say("absent leader"),
    say("acts for them"),
    say("office"),
    say("from"),
    say("until"),
    say("authority"),
)


def _mandates(archive: Archive, month: Month) -> Iterator[tuple[Cell, ...]]:
    """The mandates that held at any time of the month."""
    for d in archive.registers.roster.delegations:
        if local_date(d.start) <= month.last and local_date(d.end) >= month.first:
            yield (
                archive.registers.called(d.delegator),
                archive.registers.called(d.delegate),
                ROLES.get(d.role, d.role),
                minute(d.start),
                minute(d.end),
                d.authority,
            )


_WRITTEN = ("declaration", "rotation", "waiver", "attestation")
_ACTS = {
    **{step.value: STEP_NAMES[step] for step in Step},
    "publication": say("publications"),
    "authorisation": say("authorisations"),
    "declaration": say("declarations"),
    "rotation": say("passwords"),
    "waiver": say("waivers"),
    "attestation": say("attested records"),
}


def _acts(
    archive: Archive, authorisations: Iterable[Authorisation], month: Month
) -> Iterator[tuple[str, str]]:
    """(person, what they signed) of each signature of the month that counts."""

    def within(moment: datetime) -> bool:
        return month.holds(local_date(moment)) and archive.clock.reached(moment)

    for review in _reviews(archive):
        if within(review.signed_at):
            yield review.reviewer, review.step.value
    for publication in archive.publications:
        if within(publication.recorded_at):
            yield publication.operator, "publication"
    for authorisation in authorisations:
        if within(authorisation.signed_at):
            yield authorisation.person, "authorisation"
    for kind in _WRITTEN:
        for record in archive.signed.get(kind, ()):
            if within(record.signed_at):
                yield record.person, kind


def _reviews(archive: Archive) -> Iterator[Review]:
    for post in sorted(archive.posts):
        approvals = archive.approvals[post]
        yield from filter(None, map(approvals.approved, Step))
        yield from approvals.earlier


def _done(archive: Archive, acts: Counter[tuple[str, str]]) -> Iterator[tuple[Cell, ...]]:
    for person in archive.registers.people:
        counts = [acts[person, name] for name in _ACTS]
        if any(counts):
            yield archive.registers.called(person), *counts


_CUSTODY = (say("account"), say("custodian"), say("password changed"), say("signed by"))


def _custody(archive: Archive, end: datetime) -> Iterator[tuple[Cell, ...]]:
    rotations = [r for r in archive.signed.get("rotation", ()) if r["reason"] != "deviation"]
    for account in archive.registers.accounts.values():
        if account.active(local_date(end)):
            own = [r for r in rotations if r["account"] == account.id and r["rotated_at"] <= end]
            last = max(own, key=lambda r: r["rotated_at"], default=None)
            yield (
                archive.registers.called(account.id),
                archive.registers.called(account.custodian),
                minute(last["rotated_at"]) if last else None,
                archive.registers.called(last.person) if last else None,
            )


_DEVICES = (say("device"), say("keeper"), say("hardened"))


def _devices(archive: Archive, day: date) -> Iterator[tuple[Cell, ...]]:
    for device in archive.registers.listed("devices"):
        if device["from"] <= day and (device.get("until") or day) >= day:
            keeper = archive.registers.called(device["keeper"])
            yield (
                f"{device['kind']}（{device.id}）",
                keeper,
                say("yes" if device["hardened"] else "no"),
            )
