"""Sign what events of plain records say (docs/decisions/0047), and that a signed form was filed."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import Fault
from pipeline.model.archive import Archive
from pipeline.model.attestations import (
    ATTESTATION,
    CORRECTED,
    DECIDERS,
    SEVERAL,
    attestation_fault,
    decided,
    event_values,
    may_correct,
    open_decisions,
    unattested,
)
from pipeline.model.calendar import SHANGHAI
from pipeline.model.documents import canonical_digest
from pipeline.model.findings import say
from pipeline.model.forms import FOLDER, RETENTIONS, Form, form_number
from pipeline.model.part import program
from pipeline.model.records import Fact, filed_under
from pipeline.model.registers import Person
from pipeline.new.new_entry import Shape, amended_files
from pipeline.new.yaml_writer import dump
from pipeline.sign.declare import signed_record
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.records import record_schema


@dataclass(frozen=True)
class Attesting:
    """What is about to be signed of records of one kind."""

    kind: str
    events: Mapping[str, Mapping[str, Any]]
    """Id of a record → its events and their values, as the files hold them or will."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Path → bytes of a record that the signer's own decision completes."""


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


def prepared(
    context: SigningContext,
    kind: str,
    ids: Sequence[str],
    person: Person,
    chosen: Sequence[str] = (),
) -> Attesting:
    """The chosen events, or all that wait for this person's signature.

    A leader for whom a decision waits signs that, with what it is about; one that the record does
    not state yet is entered in it. Raises Fault: no such record or event, another's decision,
    nothing left.
    """
    parts: dict[str, Mapping[str, Any]] = {}
    files: dict[str, bytes] = {}
    for id in ids:
        fact = record_of(context, kind, id)
        values = dict(event_values(fact))
        if not chosen and (made := _decision(context, fact, person)):
            schema = record_schema(context.trusted.schemas, kind).schema
            now = context.archive.as_of
            files |= amended_files(context.files, Shape(kind, False, schema), id, made, now)
            about = [event for step in made for event in decided(fact, step)]
            parts[id] = {event: values[event] for event in about} | made
            continue
        for event in chosen:
            _refuse_unfit(fact, event, person, values)
            if event in _barred(context, fact, person):
                raise Fault(
                    say("The signature of {person} does not let this correction count.",
                        person=person.name),
                    say("A person whom the record does not name signs the correction of a time;"
                        " who took a decision, that of the decision."),
                )  # fmt: skip
        names = chosen or _awaited(context, fact, person)
        steps = [step for step in program().decisions.get(kind, ()) if step in names]
        about = [event for event in ("clause", "finding") if steps and event in values]
        about += [event for step in steps for event in decided(fact, step)]
        parts[id] = {event: values[event] for event in dict.fromkeys((*about, *names))}
    if not any(parts.values()):
        raise Fault(
            say("Nothing of it waits for your signature."),
            say("Name events with --event to sign what others have signed, too."),
        )
    return Attesting(kind, parts, files)


def _decision(context: SigningContext, event: Fact, person: Person) -> dict[str, Any]:
    """The next decision on an account event, if it is this person's to take now."""
    waits = dict(open_decisions(context.archive, event))
    step = next((s for s in waits if s not in event.value), "")
    taken = len(waits) == 1 and person.holds(DECIDERS.get(step, ""), context.archive.today)
    return {step: {"person": person.id, "on": context.archive.today.isoformat()}} if taken else {}


def _awaited(context: SigningContext, fact: Fact, person: Person) -> list[str]:
    """The events that this person may attest and no one did; their own decisions before others."""
    steps, value = program().decisions.get(fact.kind, ()), fact.document.value
    barred = _barred(context, fact, person)
    left = [
        event
        for event in unattested(context.archive, fact)
        if event not in barred and (event not in steps or value[event]["person"] == person.id)
    ]
    return [event for event in left if event in steps] or left


def attestation(
    context: SigningContext, made: Attesting, person: Person, now: datetime, sign: Sign
) -> Record:
    """Sign events of records of one kind, and prove that the signature counts.

    Raises Fault when it would not.
    """
    subject = {
        f"{made.kind}/{id}/{event}": canonical_digest(value)
        for id, values in made.events.items()
        for event, value in values.items()
    }
    id = next(iter(made.events)) if len(made.events) == 1 else SEVERAL
    moment = now.astimezone(SHANGHAI)
    predicate = {
        "archive": context.trusted.registers.policy.archive["id"],
        "person": person.id,
        "signed_at": now,
    }
    name = f"{made.kind}.{id}.{moment:%Y-%m-%dT%H%M%S}.{person.id}"
    remedy = say("A member of staff who knows it to be so signs: `sanshen attest`.")
    fault = partial(attestation_fault, registers=context.trusted.registers)
    filed = ATTESTATION, moment.year, name
    return signed_record(context, *filed, subject, predicate, sign, fault, remedy)


def _barred(context: SigningContext, fact: Fact, person: Person) -> set[str]:
    """The corrections of a record that a person's signature does not let count."""
    tests = may_correct(fact, record_schema(context.trusted.schemas, fact.kind))
    return {f"{CORRECTED}.{n}" for n, test in enumerate(tests) if not test(person.id)}


def _refuse_unfit(fact: Fact, event: str, person: Person, values: Mapping[str, Any]) -> None:
    if event not in values:
        raise Fault(
            say("The record {id} holds no {key}.", id=fact.id, key=event),
            say("Choose one of: {allowed}.", allowed=", ".join(values)),
        )
    if event in program().decisions.get(fact.kind, ()) and values[event]["person"] != person.id:
        raise Fault(
            say("{key} is the decision of {person}; only they sign it.", key=event,
                person=values[event]["person"]),
            say("They sign it themselves: `sanshen attest {kind} {id}`.", kind=fact.kind,
                id=fact.id),
        )  # fmt: skip


ENDINGS = (".pdf", ".jpg", ".png")


@dataclass(frozen=True)
class FilingDetails:
    """What the archivist says; what the form itself says is not asked again."""

    person: str
    location: str
    filed_on: date
    retention: str = ""
    """Empty: as long as policy says."""
    filled_on: date | None = None
    """The day written on the paper, where it was signed in ink."""
    scan: tuple[str, bytes] | None = None
    """(file name, bytes) of the signed paper; None: signed by keys."""
    scanned_on: date | None = None
    replaces: str = ""
    reason: str = ""


def filing(
    archive: Archive, form: Form, details: FilingDetails, taken: Collection[str]
) -> dict[str, bytes]:
    """Path → bytes of the record and its scan; `taken` are the paths that are there already.

    Faults: signatures missing without a scan, filed already, unknown person, wrong scan.
    """
    if details.person not in archive.registers.people:
        raise Fault(
            say("There is no person {person}.", person=details.person),
            say("Give an id of content/registers/people.yml."),
        )
    if form.unsigned and details.scan is None:
        raise Fault(
            say("{name}: {count} signatures are missing.", name=form.name, count=form.unsigned),
            say("File it when all have signed, or give the scan of the paper with --scan."),
        )
    name = _free(form, details, taken)
    folder = f"{FOLDER}{form.name[:4]}/"
    scanned = _scan(name, details)
    value = {
        "number": form_number(archive.registers.policy.code_of(name), name),
        **_subject(form),
        "items": [
            {"post": r.post, "revision": r.revision, "manifest": r.manifest_digest}
            for r in form.rows
        ],
        "form": form.digest,
        "signature": "wet" if scanned else "electronic",
        **({"filled_on": details.filled_on.isoformat()} if details.filled_on else {}),
        "status": "filed",
        "filed_on": details.filed_on.isoformat(),
        "location": details.location,
        "retention": details.retention or _retention(form),
        "person": details.person,
        **(scanned[0] if scanned else {}),
        **({"replaces": details.replaces, "reason": details.reason} if details.replaces else {}),
    }
    files = {f"{folder}{name}.yml": dump(value)}
    return files | ({f"{folder}{scanned[1]}": scanned[2]} if scanned else {})


def _subject(form: Form) -> dict[str, str]:
    return {"day": form.name} if form.name == form.day.isoformat() else {"post": form.name}


def _retention(form: Form) -> str:
    return form.retention if form.retention in RETENTIONS else RETENTIONS[0]


def _free(form: Form, details: FilingDetails, taken: Collection[str]) -> str:
    """The form's own name, or of a replacement the first that is free behind it."""
    names = [form.name, *(f"{form.name}-{n}" for n in range(2, 99))]
    free = [n for n in names if f"{FOLDER}{form.name[:4]}/{n}.yml" not in taken]
    if details.replaces:
        if f"{FOLDER}{form.name[:4]}/{details.replaces}.yml" not in taken:
            raise Fault(
                say("There is no filing {name} to replace.", name=details.replaces),
                say("Give the name of its record under {folder}.", folder=FOLDER),
            )
        return free[0]
    if free[0] != form.name:
        raise Fault(
            say("{name} is filed already; a filed form is never changed.", name=form.name),
            say("File it anew with --replaces {name} and --reason.", name=form.name),
        )
    return form.name


def _scan(name: str, details: FilingDetails) -> tuple[dict[str, object], str, bytes] | None:
    if details.scan is None:
        return None
    given, data = details.scan
    ending = Path(given).suffix.lower().replace(".jpeg", ".jpg")
    if ending not in ENDINGS or not data:
        raise Fault(
            say("{path} is no scan that can be filed.", path=given),
            say("Scan the paper as PDF, JPEG or PNG."),
        )
    digest = hashlib.sha256(data).hexdigest()
    day = (details.scanned_on or details.filed_on).isoformat()
    file = f"{name}{ending}"
    return {"scan": {"file": file, "sha256": digest, "scanned_on": day}}, file, data
