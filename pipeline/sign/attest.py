"""Sign what events of plain records say (docs/decisions/0047)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.errors import Fault
from pipeline.model.attestations import (
    ATTESTATION,
    DECISIONS,
    SEVERAL,
    bound_name,
    events,
    stem_of,
    unattested,
)
from pipeline.model.calendar import SHANGHAI
from pipeline.model.filed_records import filed_under
from pipeline.model.findings import say
from pipeline.model.records import Fact
from pipeline.model.registers import Person
from pipeline.sign.declare import proven, signed_record
from pipeline.sign.signing_context import Record, Sign, SigningContext

Chosen = Mapping[str, Sequence[str]]
"""Id of a record → the events of it that are signed about."""


def record_of(context: SigningContext, kind: str, id: str) -> Fact:
    """The plain record of an id. Raises Fault when there is none that can be read."""
    rows = filed_under(context.archive.records(kind), id)
    fact = next((row for row in rows if row.id == id), None)
    if fact is None:
        raise Fault(
            say("There is no record {id} of the kind {kind}.", id=id, kind=kind),
            say("Name it as its file under content/records/ is named, without .yml."),
        )
    return fact


def awaited(context: SigningContext, fact: Fact, person: Person) -> list[str]:
    """The events of a record that a person may attest and no one did; decisions are their own."""
    decided = DECISIONS.get(fact.kind, ())
    value = fact.document.value
    return [
        event
        for event in unattested(context.archive, fact)
        if event not in decided or value[event]["person"] == person.id
    ]


def attestation(
    context: SigningContext, kind: str, chosen: Chosen, person: Person, now: datetime, sign: Sign
) -> Record:
    """Sign events of records of one kind, and prove that the signature counts.

    Raises Fault when it would not: no such record or event, a contractor, another person's
    decision, or nothing left to sign.
    """
    subject = {}
    facts = [record_of(context, kind, id) for id in chosen]
    for fact in facts:
        digests = events(fact)
        for event in chosen[fact.id]:
            _refuse_unfit(fact, event, person, digests)
            subject[bound_name(fact, event)] = digests[event]
    if not subject:
        raise Fault(
            say("Nothing of it waits for your signature."),
            say("Name events with --event to sign what others have signed, too."),
        )
    stem = stem_of(facts[0]) if len(facts) == 1 else f"{kind}.{SEVERAL}."
    moment = now.astimezone(SHANGHAI)
    predicate = {
        "archive": context.trusted.registers.policy.archive["id"],
        "person": person.id,
        "signed_at": now,
    }
    name = f"{stem}{moment:%Y-%m-%dT%H%M%S}.{person.id}"
    record = signed_record(context, ATTESTATION, moment.year, name, subject, predicate, sign)
    proven(context, ATTESTATION, record)
    return record


def _refuse_unfit(fact: Fact, event: str, person: Person, digests: Mapping[str, str]) -> None:
    if person.contractor:
        raise Fault(
            say("{person} works for a contractor and cannot attest anything.", person=person.name),
            say("A member of staff who knows it to be so signs: `sanshen attest`."),
        )
    if event not in digests:
        raise Fault(
            say("The record {id} holds no {key}.", id=fact.id, key=event),
            say("Choose one of: {allowed}.", allowed=", ".join(digests)),
        )
    if event in DECISIONS.get(fact.kind, ()):
        decider = fact.document.value[event]["person"]
        if decider != person.id:
            raise Fault(
                say("{key} is the decision of {person}; only they sign it.", key=event,
                    person=decider),
                say("They sign it themselves: `sanshen attest {kind} {id}`.", kind=fact.kind,
                    id=fact.id),
            )  # fmt: skip
