"""Sign what plain records say, or take the decision that one of them waits for (decision 0047)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from pipeline.errors import Fault, Misuse
from pipeline.model import attestations, calendar, documents
from pipeline.model.findings import Message, say
from pipeline.model.part import program
from pipeline.model.records import Fact, filed_under
from pipeline.model.registers import Person
from pipeline.new.new_entry import Shape, amended_files
from pipeline.report.language import record_line
from pipeline.sign import act
from pipeline.source.content.records import record_schema


@dataclass(frozen=True)
class NamedEvents:
    """Records of one kind; without events, all that waits for a signature of the person."""

    kind: str = act.ask(say("Kind of record"), argument=True)
    ids: tuple[str, ...] = act.ask(say("Records"), argument=True, metavar="ID...")
    chosen: tuple[str, ...] = act.ask(
        say("Events"), "One event: reply, of a list tasks.0.", (), short="e", option="event"
    )


@dataclass(frozen=True)
class Attesting:
    """What is about to be signed of records of one kind."""

    kind: str
    events: Mapping[str, Mapping[str, Any]]
    """Id of a record → its events and their values, as the files hold them or will."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Path → bytes of a record that the signer's own decision completes."""


def record_of(context: act.SigningContext, kind: str, id: str) -> Fact:
    """The plain record of an id. Raises Fault when there is none that can be read."""
    rows = filed_under(context.archive.records(kind), id)
    fact = next((row for row in rows if row.id == id), None)
    if fact is None:
        raise Fault(
            say("There is no record {id} of the kind {kind}.", id=id, kind=kind),
            say("Name it as its file under content/records/ is named, without .yml."),
        )
    return fact


def prepared(context: act.SigningContext, asked: NamedEvents, person: Person) -> Attesting:
    """The chosen events, or all that wait for this person's signature.

    A leader for whom a decision waits signs that, with what it is about; one that the record does
    not state yet is entered in it. Raises Fault: no such record or event, another's decision,
    nothing left.
    """
    kind, chosen = asked.kind, asked.chosen
    parts: dict[str, Mapping[str, Any]] = {}
    files: dict[str, bytes] = {}
    for id in asked.ids:
        fact = record_of(context, kind, id)
        values = dict(attestations.event_values(fact))
        if not chosen and (made := _decision(context, fact, person)):
            schema = record_schema(context.trusted.schemas, kind).schema
            now = context.archive.as_of
            files |= amended_files(context.files, Shape(kind, False, schema), id, made, now)
            about = [event for step in made for event in attestations.decided(fact, step)]
            parts[id] = {event: values[event] for event in about} | made
            continue
        for event in chosen:
            _refuse_unfit(fact, event, person, values)
            if event in _barred(context, fact, person):
                raise Fault(
                    say(
                        "The signature of {person} does not let this correction count.",
                        person=person.name,
                    ),
                    say(
                        "A person whom the record does not name signs the correction of a time;"
                        " who took a decision, that of the decision."
                    ),
                )
        names = chosen or _awaited(context, fact, person)
        steps = [step for step in program().decisions.get(kind, ()) if step in names]
        about = [event for event in ("clause", "finding") if steps and event in values]
        about += [event for step in steps for event in attestations.decided(fact, step)]
        parts[id] = {event: values[event] for event in dict.fromkeys((*about, *names))}
    if not any(parts.values()):
        raise Fault(
            say("Nothing of it waits for your signature."),
            say("Name events with --event to sign what others have signed, too."),
        )
    return Attesting(kind, parts, files)


def _decision(context: act.SigningContext, event: Fact, person: Person) -> dict[str, Any]:
    """The next decision on an account event, if it is this person's to take now."""
    waits = dict(attestations.open_decisions(context.archive, event))
    step = next((s for s in waits if s not in event.value), "")
    taken = len(waits) == 1 and person.holds(
        attestations.DECIDERS.get(step, ""), context.archive.today
    )
    return {step: {"person": person.id, "on": context.archive.today.isoformat()}} if taken else {}


def _awaited(context: act.SigningContext, fact: Fact, person: Person) -> list[str]:
    """The events that this person may attest and no one did; their own decisions before others."""
    steps, value = program().decisions.get(fact.kind, ()), fact.document.value
    barred = _barred(context, fact, person)
    left = [
        event
        for event in attestations.unattested(context.archive, fact)
        if event not in barred and (event not in steps or value[event]["person"] == person.id)
    ]
    return [event for event in left if event in steps] or left


def attestation(
    context: act.SigningContext, made: Attesting, person: Person, now: datetime, sign: act.Sign
) -> act.Record:
    """Sign events of records of one kind, and prove that the signature counts.

    Raises Fault when it would not.
    """
    subject = {
        f"{made.kind}/{id}/{event}": documents.canonical_digest(value)
        for id, values in made.events.items()
        for event, value in values.items()
    }
    id = next(iter(made.events)) if len(made.events) == 1 else attestations.SEVERAL
    moment = now.astimezone(calendar.SHANGHAI)
    predicate = {
        "archive": context.trusted.registers.policy.archive["id"],
        "person": person.id,
        "signed_at": now,
    }
    name = f"{made.kind}.{id}.{moment:%Y-%m-%dT%H%M%S}.{person.id}"
    remedy = say("A member of staff who knows it to be so signs: `sanshen attest`.")
    fault = partial(attestations.attestation_fault, registers=context.trusted.registers)
    stated = act.NewRecord(attestations.ATTESTATION, moment.year, name, subject, predicate)
    return act.signed_record(context, stated, sign, fault, remedy)


def _barred(context: act.SigningContext, fact: Fact, person: Person) -> set[str]:
    """The corrections of a record that a person's signature does not let count."""
    tests = attestations.may_correct(fact, record_schema(context.trusted.schemas, fact.kind))
    return {f"{attestations.CORRECTED}.{n}" for n, test in enumerate(tests) if not test(person.id)}


def _refuse_unfit(fact: Fact, event: str, person: Person, values: Mapping[str, Any]) -> None:
    if event not in values:
        raise Fault(
            say("The record {id} holds no {key}.", id=fact.id, key=event),
            say("Choose one of: {allowed}.", allowed=", ".join(values)),
        )
    if event in program().decisions.get(fact.kind, ()) and values[event]["person"] != person.id:
        raise Fault(
            say(
                "{key} is the decision of {person}; only they sign it.",
                key=event,
                person=values[event]["person"],
            ),
            say(
                "They sign it themselves: `sanshen attest {kind} {id}`.", kind=fact.kind, id=fact.id
            ),
        )


class Attest(act.Act[NamedEvents]):
    asks = NamedEvents
    question = say("Is all of this so, do you answer for it, and do you sign?")

    def refuse(self, asked: NamedEvents) -> None:
        if asked.chosen and len(asked.ids) > 1:
            raise Misuse(say("--{option} goes with one record.", option="event"))

    def show(
        self, asked: NamedEvents, context: act.SigningContext, person: Person
    ) -> Iterator[Message]:
        made = prepared(context, asked, person)
        for event, value in (part for each in made.events.values() for part in each.items()):
            line = record_line(context.trusted.registers, value)
            yield say("{key}: {what}", key=event, what=line)

    def sign(
        self,
        asked: NamedEvents,
        context: act.SigningContext,
        person: Person,
        now: datetime,
        sign: act.Sign,
    ) -> act.SignedOutcome:
        made = prepared(context, asked, person)
        record = attestation(context, made, person, now, sign)
        count = sum(map(len, made.events.values()))
        done = say("{kind} {ids}: {count} events signed by {person}.", kind=asked.kind,
                   ids=", ".join(asked.ids), count=count, person=person.name)  # fmt: skip
        return act.SignedOutcome(record, done, made.files)


ATTEST = Attest()
