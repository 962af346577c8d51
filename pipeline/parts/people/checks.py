"""Checks across the people register: offices that overlap, and addresses of two people."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.ids import ClauseId, PersonId
from pipeline.model.registers import Registers, Tenure


def people_faults(registers: Registers, clause: ClauseId) -> Iterator[Finding]:
    """Offices that no two hold at a time, and e-mails in common."""
    for where, fault, message in _tenures(registers):
        remedy = say("Let one period end before the other begins, or enter another person.")
        yield Finding(clause, fault, Effect.REFUSE, message, where, remedy)
    yield from _shared_mail(registers, clause)


def _tenures(registers: Registers) -> Iterator[tuple[Location, str, Message]]:
    """One role of one person twice at a time; two heads of one department at a time."""
    heads: dict[str, list[tuple[PersonId, int, Tenure]]] = {}
    for person in registers.people.values():
        for (_, one), (index, other) in combinations(enumerate(person.tenures), 2):
            same = (one.role, one.department) == (other.role, other.department)
            if same and _overlap(one, other):
                message = say(
                    "{person} holds the role {role} twice at the same time.",
                    person=person.id,
                    role=one.role,
                )
                at = _entry(registers, person.id, "roles", index)
                yield at, "role-held-twice {person} {role}", message
        for index, tenure in enumerate(person.tenures):
            if tenure.role != "witness" and any(t.role == "witness" for t in person.tenures):
                message = say(
                    "{person} is a witness, and may hold no other role.", person=person.id
                )
                at = _entry(registers, person.id, "roles", index)
                yield at, "witness-holds-role {person}", message
            if tenure.role == "section-head":
                heads.setdefault(tenure.department, []).append((person.id, index, tenure))
    for department, tenures in sorted(heads.items()):
        for (first, _, one), (second, index, other) in combinations(tenures, 2):
            if first != second and _overlap(one, other):
                message = say(
                    "The department {department} has two heads at the same time.",
                    department=department,
                )
                at = _entry(registers, second, "roles", index)
                yield at, "department-heads-two {department}", message


def _shared_mail(registers: Registers, clause: ClauseId) -> Iterator[Finding]:
    """The e-mail of a post's commits identifies its maker: two people who share one could each
    review what they made themselves (threats A8)."""
    owners: dict[str, str] = {}
    for person in registers.people.values():
        for email in person.emails:
            other = owners.setdefault(email, person.id)
            if other != person.id:
                message = say(
                    "{person} and {other} have an e-mail in common.", person=person.id, other=other
                )
                remedy = say("Give each person an e-mail of their own to commit with.")
                what, where = "mail-shared {person} {other}", _entry(registers, person.id)
                yield Finding(clause, what, Effect.REFUSE, message, where, remedy)


def _overlap(one: Tenure, other: Tenure) -> bool:
    ends = [t.end or date.max for t in (one, other)]
    return max(one.start, other.start) <= min(ends)


def _entry(registers: Registers, person: PersonId, *below: str | int) -> Location:
    document = registers.documents["people"]
    rows = [row["id"] for row in document.value["people"]]
    return document.locate("people", rows.index(person), *below)
