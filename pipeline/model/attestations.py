"""Events of plain records, and who answers for them with a signature (docs/decisions/0047).

A top-level key of a record is an event of it; of a list, each item is. What stands on main is
never rewritten; a wrong value is put right by an item of `corrected` that names it. So what was
entered first stays beside what holds now, with the reason and the signer of the difference. An
attestation binds events by the digests of their values, as these stand in the file.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from copy import deepcopy
from datetime import date, datetime
from functools import partial
from operator import eq
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.calendar import Clock
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Route, canonical_digest
from pipeline.model.findings import Outcome, Reason, say
from pipeline.model.ids import NO_PERSON, PersonId
from pipeline.model.part import program
from pipeline.model.posts import Handler
from pipeline.model.records import Fact, Signed, filed_under
from pipeline.model.registers import Registers

CORRECTED = "corrected"
"""Key of the corrections of a record: ``field``, ``value``, ``reason``, ``person``, ``at``."""


def dotted(route: Route) -> str:
    """``("tasks", 0, "due")`` → ``tasks.0.due``, as a correction names it."""
    return ".".join(map(str, route))


def route_of(field: str) -> Route:
    """The reverse of `dotted`."""
    return tuple(int(part) if part.isdecimal() else part for part in field.split("."))


def rewrites(old: Any, new: Any, route: Route = ()) -> Iterator[tuple[Route, Any, Any]]:
    """(route, old value, new value or None) of what is altered or gone; what is added is none.

    A list of texts, or one that became shorter, counts as one value.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in old.items():
            yield from rewrites(value, new.get(key), (*route, key))
    elif isinstance(old, list) and isinstance(new, list) and new[: len(old)] != old:
        rows = len(new) >= len(old) and all(isinstance(row, Mapping) for row in old)
        for number, value in enumerate(old if rows else ()):
            yield from rewrites(value, new[number], (*route, number))
        if not rows:
            yield route, old, new
    elif type(old) is not type(new) or (old != new and not isinstance(old, list)):
        yield route, old, new


def with_correction(
    value: Mapping[str, Any], stated: Mapping[str, Any], item: Mapping[str, Any]
) -> dict[str, Any]:
    """A copy with one correction applied; a value of None takes its key away.

    `stated`: the record as it was entered. A key that is missing in an event may be given, as what
    is signed cannot grow; an event that is missing is entered, not corrected. Raises LookupError
    where there is nothing to correct.
    """
    route = route_of(item["field"])
    absent = len(route) == 1 and all(route[0] not in v for v in (stated, value))
    if route[0] == CORRECTED or absent:
        raise LookupError(item["field"])
    changed = deepcopy(dict(value))
    holder, last = value_at(changed, route[:-1]), route[-1]
    if item["value"] is None and isinstance(holder, dict):
        holder.pop(last, None)
    elif isinstance(holder, dict) or value_at(holder, (last,)) is not None:
        holder[last] = deepcopy(item["value"])
    else:
        raise LookupError(item["field"])
    return changed


def value_at(value: Any, route: Route) -> Any:
    """What stands at a route; None where nothing does, as no record states nothing."""
    for part in route:
        mapping = isinstance(part, str) and isinstance(value, Mapping) and part in value
        item = isinstance(part, int) and isinstance(value, list) and part < len(value)
        if not (mapping or item):
            return None
        value = value[part]
    return value


def leaves(value: Any, route: Route = ()) -> Iterator[Route]:
    """Routes of the texts, numbers, days and lists of texts of a record."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from leaves(below, (*route, key))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, below in enumerate(value):
            yield from leaves(below, (*route, number))
    else:
        yield route


def people_in(value: Any) -> Iterator[str]:
    """Ids of the people whom a record names."""
    if isinstance(value, Mapping):
        yield from (str(value[key]) for key in ("person", "assigned_by") if key in value)
    parts = value.values() if isinstance(value, Mapping) else value
    for part in parts if isinstance(value, Mapping | list) else ():
        yield from people_in(part)


def moments(value: Any, route: Route = ()) -> Iterator[tuple[Route, datetime | date]]:
    """Every time in a typed record, and the days called ``on``, each with its route."""
    parts: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, (list, tuple)):
        parts = enumerate(value)
    elif isinstance(value, datetime) or (isinstance(value, date) and route[-1:] == ("on",)):
        yield route, value
    for part, below in parts:
        yield from moments(below, (*route, part))


ATTESTATION = "attestation"
"""Predicate kind of the signed records."""
SEVERAL = "several"
"""Stands in a file's name for the id of a record, where one signature covers several."""
DECIDERS = {"reviewed": "leader-in-charge", "signed": "principal"}
"""Event of an account event → the role that takes this decision (Article 8)."""
DECIDED = ("account", "type", "what", "applied", "changes")
"""What such a decision is about: one signature covers it with the decision, or none counts."""
SIGNED_FROM = "account.decisions_signed_from"
"""Parameter: from this day on the decisions of Article 8 count only by signature."""


def event_values(fact: Fact) -> Iterator[tuple[str, Any]]:
    """(event, value as in the file): ``reply``; of a list ``tasks.0``, ``tasks.1`` …"""
    for key, value in fact.document.value.items():
        if isinstance(value, list):
            yield from ((f"{key}.{index}", item) for index, item in enumerate(value))
        else:
            yield key, value


def events(fact: Fact) -> dict[str, str]:
    """Event → sha256 (hex) of its value as canonical JSON, in the order of the file."""
    return {event: canonical_digest(value) for event, value in event_values(fact)}


def bound_name(fact: Fact, event: str) -> str:
    """The name under which an attestation binds an event: ``inquiries/2026-11-25-1/reply``."""
    return f"{fact.kind}/{fact.id}/{event}"


def stem_of(fact: Fact) -> str:
    """What the file names of attestations of this record alone begin with."""
    return f"{fact.kind}.{fact.id}."


def attestations(signed: Sequence[Signed], fact: Fact) -> tuple[Signed, ...]:
    """Those that may name a record, by the names of their files; no other is read."""
    return (*filed_under(signed, stem_of(fact)), *filed_under(signed, f"{fact.kind}.{SEVERAL}."))


def attested(archive: Archive, fact: Fact) -> dict[str, Set[PersonId]]:
    """Event → ids of the people whose signature on its present value counts; may be empty."""
    return attested_by(archive.signed.get(ATTESTATION, ()), fact)


def attested_by(signed: Sequence[Signed], fact: Fact) -> dict[str, Set[PersonId]]:
    """As `attested`, of these attestations."""
    every = attestations(signed, fact)
    if not every:
        return {event: set() for event, _ in event_values(fact)}
    digests = {bound_name(fact, event): digest for event, digest in events(fact).items()}
    sound = [(s, {n for n, d in s.subject.items() if digests.get(n) == d}) for s in every]
    people: dict[str, Set[PersonId]] = {
        event: {s.person for s, names in sound if bound_name(fact, event) in names}
        for event, _ in event_values(fact)
    }
    for step in (s for s in program().decisions.get(fact.kind, ()) if s in people):
        own = fact.document.value[step]["person"]
        about = (e for e in decided(fact, step) if people[e] or not e.startswith(CORRECTED))
        needed = {bound_name(fact, e) for e in (step, *about)}
        people[step] = {s.person for s, names in sound if s.person == own and needed <= names}
    return people


def decided(fact: Fact, step: str) -> list[str]:
    """The events that a decision is about: the application, earlier decisions, corrections of all
    of them; an unsigned correction changes nothing, and need not be covered."""
    value = fact.document.value
    earlier = program().decisions[fact.kind][: program().decisions[fact.kind].index(step)]
    parts = [key for key in (*DECIDED, *earlier) if key in value]
    corrections = enumerate(value.get(CORRECTED, ()))
    about = (*parts, step)
    return parts + [f"{CORRECTED}.{n}" for n, c in corrections if route_of(c["field"])[0] in about]


def unattested(archive: Archive, fact: Fact) -> list[str]:
    """The events of a record that no signature answers for, in the order of the file."""
    return [event for event, people in attested(archive, fact).items() if not people]


def open_decisions(
    archive: Archive, event: Fact, day: date | None = None
) -> Iterator[tuple[str, PersonId]]:
    """(step, id of the person) of what a record lacks: decisions that it states and that are to be
    signed; then of an account event the next one that it does not state, of the present holder of
    the office.

    `day`: decides whether signatures are asked for; by default the last day that the event states.
    """
    if event.kind != "account-events":
        stands = [s for s in program().decisions.get(event.kind, ()) if s in event.value]
        signers = attested(archive, event) if stands else {}
        yield from ((step, event[step]["person"]) for step in stands if not signers[step])
        return
    stated = [event[step]["on"] for step in ("applied", *DECIDERS) if step in event.value]
    start = archive.registers.current(SIGNED_FROM, archive.clock)
    asked = start is not None and (day or max(stated)).isoformat() >= str(start)
    signers = attested(archive, event) if asked else {}
    for step, role in DECIDERS.items():
        if step not in event.value:
            people = archive.registers.people.values()
            yield (
                step,
                min((p.id for p in people if p.holds(role, archive.today)), default=NO_PERSON),
            )
            return
        if asked and not signers[step]:
            yield step, event[step]["person"]


def resting(facts: Iterable[Fact], archive: Archive) -> tuple[Outcome, tuple[str, ...]]:
    """What an answer is worth that rests on these records: declared, when every event of them is
    attested, with the paths of the attestations; else entered; not applicable without any. What
    another entered than the record names counts for no one."""
    outcome, signed = Outcome.NOT_APPLICABLE, dict[str, None]()
    for fact in facts:
        if not unattested(archive, fact):
            outcome = Outcome.DECLARED
            signed |= dict.fromkeys(attested_at(archive, fact))
        elif not strangers(fact, archive.writers, archive.registers, archive.clock):
            return Outcome.ENTERED, ()
    return outcome, tuple(signed)


def attested_at(archive: Archive, fact: Fact) -> Iterator[str]:
    """Paths of the attestations that name a record."""
    every = attestations(archive.signed.get(ATTESTATION, ()), fact)
    return (s.path for s in every if any(n.startswith(bound_name(fact, "")) for n in s.subject))


def strangers(
    fact: Fact, writers: Mapping[str, Collection[Handler]], registers: Registers, clock: Clock
) -> list[str]:
    """The ids of those who entered a record by git's word, where it names none of them; empty for
    an address in no register. No one, where one of those it names did, or git does not say.

    What policy calls a neutral committer enters for people, and says so of none
    (docs/decisions/0059).
    """
    neutral = registers.current("review.neutral_committers", clock) or ()
    emails = {h.email for h in writers.get(fact.path, ())} - {*neutral}
    every = {registers.person_of(e) or registers.people.get(PersonId(e.removesuffix("@localhost")))
             for e in emails}  # fmt: skip
    ids = {person.id if person else "" for person in every}
    people = {*people_in(fact.document.value)}
    return sorted(ids) if people and ids.isdisjoint(people) else []


def may_correct(fact: Fact, schema: Conformance) -> list[Callable[[str], bool]]:
    """For each correction of a record: whether the signature of a person can let it count.

    A time put right can heal what came late. So of a time, the signature of a person whom the
    record names does not count: four eyes. A decision is corrected by the person who then is said
    to have taken it, and by no one else.
    """
    holds = stated = fact.document.value
    own = set(people_in({k: v for k, v in stated.items() if k != CORRECTED}))
    tests: list[Callable[[str], bool]] = []
    for item in stated.get(CORRECTED, ()):
        route = route_of(item["field"])
        holds = with_correction(holds, stated, item)
        if route[0] in program().decisions.get(fact.kind, ()):
            tests.append(partial(eq, value_at(holds, (route[0], "person"))))
        elif '"format": "date' in json.dumps(schema.part(route)):
            tests.append(lambda person: person not in own)
        else:
            tests.append(lambda _: True)
    return tests


def correctors(
    signed: Sequence[Signed], fact: Fact, schema: Conformance
) -> tuple[tuple[PersonId, ...], ...]:
    """For each correction of a record, the people whose signature lets it count."""
    tests = may_correct(fact, schema)
    people = attested_by(signed, fact) if tests else {}
    return tuple(
        tuple(sorted(filter(test, people[f"{CORRECTED}.{number}"])))
        for number, test in enumerate(tests)
    )


def attestation_fault(signed: Signed, registers: Registers) -> Reason | None:
    """Why a verified attestation does not count: its signer, or a name that no look-up finds."""
    records = {tuple(name.split("/")[:2]) for name in signed.subject}
    kinds = {kind for kind, _ in records}
    stems = [f"{kind}.{id}." for kind, id in records] if len(records) == 1 else []
    stems += [f"{kind}.{SEVERAL}." for kind in kinds if len(kinds) == 1]
    if registers.people[signed.person].contractor:
        message = say("{person} works for a contractor and cannot attest anything.",
                      person=registers.name_of(signed.person))  # fmt: skip
        return "attester-contractor", message
    if not signed.id.startswith(tuple(stems)):
        return "file-name-differs", say("The file's name says another thing than the record.")
    return None
