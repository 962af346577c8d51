"""Checks across entries: registers and records agree with one another."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.part import program
from pipeline.model.records import Fact
from pipeline.model.registers import Registers, Tenure

NAMES_PERSON = frozenset({"person", "people", "keeper", "custodian", "assigned_by"})
NAMES_DEPARTMENT = frozenset({"department", "departments"})
NAMES_ACCOUNT = frozenset({"account", "accounts"})
NAMES_CONTRACTOR = frozenset({"contractor"})
PERIODS = (("from", "until"), ("opened_on", "closed_on"), ("signed_on", "until"))
_OTHERS = ("policy", "roster")
"""Their references and periods are judged where they are read."""


def register_problems(registers: Registers, clauses: Mapping[str, str]) -> Iterator[Finding]:
    """Problems between entries; `clauses`: register name → clause of its schema."""
    for name, document in registers.documents.items():
        if name not in _OTHERS:
            yield from references(document, (), document.value, registers, clauses[name])
            yield from _backwards(document, clauses[name])
    for where, fault, message in _tenures(registers):
        remedy = say("Let one period end before the other begins, or enter another person.")
        yield Finding(clauses["people"], fault, Effect.REFUSE, message, where, remedy)
    yield from _shared_mail(registers, clauses["people"])
    yield from _strangers(registers, clauses.get("contractors", ""))
    for name, check in program().checks.items():
        yield from (Finding(clauses[name], **vars(c)) for c in check(registers.listed(name)))


def record_problems(facts: Iterable[Fact], registers: Registers, clause: str) -> Iterator[Finding]:
    """References of plain records of one kind to unknown people, departments and accounts."""
    for fact in facts:
        value = dict(fact.value)
        if fact.kind == "account-events":
            value.pop("account", None)  # an opening is recorded before the account is entered
        yield from references(fact.document, (), value, registers, clause)


def references(
    document: Document, route: Route, value: Any, registers: Registers, clause: str
) -> Iterator[Finding]:
    """Ids in a value that no register holds."""
    for below, key, name in _texts(route, value):
        ids = known_ids(key, registers)
        if ids is not None and name not in ids:
            message = say("{key} names {name}, who or which is in no register.", key=key, name=name)
            remedy = say("Correct the id, or enter it in its register first.")
            what, where = "reference-unknown {key} {name}", document.locate(*below)
            yield Finding(clause, what, Effect.REFUSE, message, where, remedy)


def _texts(route: Route, value: Any) -> Iterator[tuple[Route, str, str]]:
    """(route, key, text) of every text, with the key it stands under."""
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for part, below in pairs:
        inner = (*route, part)
        if isinstance(below, str):
            key = next((p for p in reversed(inner) if isinstance(p, str)), "")
            yield inner, key, below
        else:
            yield from _texts(inner, below)


def known_ids(key: str, registers: Registers) -> Iterable[str] | None:
    """The ids a key may name; None for other keys, and where the register could not be read.

    People, departments and accounts are never none: an empty register is one that broke its
    schema, and its own finding is enough.
    """
    if key in NAMES_PERSON:
        return registers.people or None
    if key in NAMES_DEPARTMENT:
        return registers.departments or None
    if key in NAMES_ACCOUNT:
        return registers.accounts or None
    if key in NAMES_CONTRACTOR:
        return [c.id for c in registers.listed("contractors")]
    return None


def _backwards(document: Document, clause: str) -> Iterator[Finding]:
    for route, first, last in _periods((), document.value):
        if last < first:  # ISO 8601 days compare as text
            message = say("A period ends before it begins.")
            remedy = say("Correct the first or the last day.")
            location = document.locate(*route)
            yield Finding(clause, "period-backwards", Effect.REFUSE, message, location, remedy)


def _periods(route: Route, value: Any) -> Iterator[tuple[Route, str, str]]:
    if isinstance(value, list):
        for index, below in enumerate(value):
            yield from _periods((*route, index), below)
    if isinstance(value, dict):
        for start, end in PERIODS:
            first, last = value.get(start), value.get(end)
            if isinstance(first, str) and isinstance(last, str):
                yield (*route, end), first, last
        for key, below in value.items():
            yield from _periods((*route, key), below)


def _tenures(registers: Registers) -> Iterator[tuple[Location, str, Message]]:
    """One role of one person twice at a time; two heads of one department at a time."""
    heads: dict[str, list[tuple[str, int, Tenure]]] = {}
    for person in registers.people.values():
        for (_, one), (index, other) in combinations(enumerate(person.tenures), 2):
            same = (one.role, one.department) == (other.role, other.department)
            if same and _overlap(one, other):
                message = say(
                    "{person} holds the role {role} twice at the same time.",
                    person=person.id, role=one.role,
                )  # fmt: skip
                at = _entry(registers, person.id, "roles", index)
                yield at, "role-held-twice {person} {role}", message
        for index, tenure in enumerate(person.tenures):
            if tenure.role != "witness" and any(t.role == "witness" for t in person.tenures):
                message = say("{person} is a witness, and may hold no other role.",
                              person=person.id)  # fmt: skip
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
                )  # fmt: skip
                at = _entry(registers, second, "roles", index)
                yield at, "department-heads-two {department}", message


def _shared_mail(registers: Registers, clause: str) -> Iterator[Finding]:
    """The e-mail of a post's commits identifies its maker: two people who share one could each
    review what they made themselves (threats A8)."""
    owners: dict[str, str] = {}
    for person in registers.people.values():
        for email in person.emails:
            other = owners.setdefault(email, person.id)
            if other != person.id:
                message = say("{person} and {other} have an e-mail in common.",
                              person=person.id, other=other)  # fmt: skip
                remedy = say("Give each person an e-mail of their own to commit with.")
                what, where = "mail-shared {person} {other}", _entry(registers, person.id)
                yield Finding(clause, what, Effect.REFUSE, message, where, remedy)


def _overlap(one: Tenure, other: Tenure) -> bool:
    ends = [t.end or date.max for t in (one, other)]
    return max(one.start, other.start) <= min(ends)


def _entry(registers: Registers, person: str, *below: str | int) -> Location:
    document = registers.documents["people"]
    rows = [row["id"] for row in document.value["people"]]
    return document.locate("people", rows.index(person), *below)


def _strangers(registers: Registers, clause: str) -> Iterator[Finding]:
    """People who work for a contractor are marked so in people.yml (Article 6)."""
    for entry in registers.listed("contractors"):
        for index, name in enumerate(entry["people"]):
            person = registers.people.get(name)
            if person is not None and not person.contractor:
                message = say("{person} works for a contractor, but is entered as staff.",
                              person=name)  # fmt: skip
                remedy = say("Write `contractor: true` in people.yml.")
                what, where = "contractor-unmarked {person}", entry.at("people", index)
                yield Finding(clause, what, Effect.REFUSE, message, where, remedy)
