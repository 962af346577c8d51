"""Sign a declaration, the words in force for a period, by who holds the role (design.md .5)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from pipeline.errors import Fault
from pipeline.evidence.review.records import read_signed, unsigned
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.record_entries import record_objections
from pipeline.model.calendar import local_date
from pipeline.model.duties import (
    declaration_fault,
    digest_of,
    each_declared,
    earliest,
    last_declared,
    period_fault,
    subjects_of,
    wording_on,
)
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Message, Reason, say
from pipeline.model.part import program
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import Person
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.paths import RECORDS, area_of


@dataclass(frozen=True)
class Pledge:
    """What is about to be declared: whose words, about what, for which days."""

    wording: Fact
    subject: str
    first: date
    last: date
    note: str = ""
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    """File name → bytes; only their digests are signed and kept."""


def pledge(
    context: SigningContext,
    name: str,
    person: Person,
    today: date,
    subject: str | None,
    first: date | None,
    last: date | None,
) -> Pledge:
    """Fill in what is not given: the subject the person owes, the days since the last time.

    Raises Fault when there is no such wording, when the subject is not one of it, or when the days
    given are out of order, to come, before anything was owed, or leave a gap behind the last time.
    """
    wording = wording_on(context.archive, name, today)
    if wording is None:
        names = sorted({w["name"] for w in context.trusted.registers.entries.get("wordings", ())})
        raise Fault(
            say("There is no declaration {name}.", name=name),
            say("Choose one of: {allowed}.", allowed=", ".join(names)),
        )
    about = _subject(context, wording, person, today, subject)
    before = last_declared(context.archive, wording, about)
    following = before + timedelta(days=1) if before else earliest(context.archive, name)
    until = last or today
    since = first or min(following, until)
    fault = period_fault(context.archive, name, since, until, today)
    if fault is not None:
        raise Fault(fault[1], say("Correct --from and --until, or leave them out."))
    if before and since > following:
        raise Fault(
            say("The last declaration ends on {day}; beginning on {first} leaves a gap.",
                day=before.isoformat(), first=since.isoformat()),
            say("Begin with --from {day}, or leave it out.", day=following.isoformat()),
        )  # fmt: skip
    return Pledge(wording, about, since, until)


def _subject(
    context: SigningContext, wording: Fact, person: Person, today: date, given: str | None
) -> str:
    """The subject given, or the only one that this person can declare about."""
    possible = [subject for subject, _ in subjects_of(context.archive, wording)]
    if wording["scope"] == "department":
        possible = [d for d in possible if person.holds(wording["role"], today, d)]
    if wording["scope"] == "person":
        possible = [person.id]
    if given is None and len(possible) == 1:
        return possible[0]
    if given not in possible:
        raise Fault(
            say("The declaration {name} needs to know what it is about.", name=wording["name"]),
            say("Give --subject: one of {allowed}.", allowed=", ".join(possible) or "—"),
        )
    return given


def completed(made: Pledge, note: str, attachments: Mapping[str, bytes]) -> Pledge:
    """The pledge with a remark and files; Fault for a file name that no statement may hold."""
    for name in attachments:
        if not name.isprintable() or len(name) > 200:
            raise Fault(say("The file {name} has a name that cannot be signed.", name=name))
    return replace(made, note=note, attachments=attachments)


def declaration(
    pledges: Sequence[Pledge], context: SigningContext, person: Person, now: datetime, sign: Sign
) -> Record:
    """Sign pledges, all with one signature, and prove that each counts before it is handed back.

    Raises Fault when one would not count: another role, a period to come.
    """
    first, *more = pledges
    predicate = {
        "archive": context.trusted.registers.policy.archive["id"],
        "person": person.id,
        "signed_at": now,
        **_stated(first),
        **({"also": [_stated(made) for made in more]} if more else {}),
        **({"note": first.note} if first.note else {}),
    }
    subject = {}
    for made in pledges:
        wording = made.wording
        subject[f"wordings/{wording['name']}/{wording['version']}"] = digest_of(wording)
        for name, raw in made.attachments.items():
            subject[f"attachments/{name}"] = hashlib.sha256(raw).hexdigest()
    stem = f"{first.last.isoformat()}.{first.wording['name']}.{first.subject or 'archive'}"

    def fault(made: Signed) -> Reason | None:
        faults = (declaration_fault(context.archive, each) for each in each_declared(made))
        return next(filter(None, faults), None)

    remedy = say("`sanshen due` tells who owes what.")
    filed = "declaration", first.last.year, stem
    return signed_record(context, *filed, subject, predicate, sign, fault, remedy)


def _stated(made: Pledge) -> dict[str, object]:
    """What a statement says of one pledge."""
    wording = made.wording
    return {
        "role": wording["role"],
        "name": wording["name"],
        "version": wording["version"],
        "text_digest": digest_of(wording),
        "subject": made.subject,
        "from": made.first.isoformat(),
        "until": made.last.isoformat(),
    }


def signed_record(
    context: SigningContext,
    kind: str,
    year: int,
    stem: str,
    subject: Mapping[str, str],
    predicate: Mapping[str, object],
    sign: Sign,
    fault: Callable[[Signed], Reason | None],
    remedy: Message,
) -> Record:
    """A signed record of a kind with its place.

    `fault`: why a rule would not count it, asked before anybody touches a key. Faults: that, with
    its `remedy`; something lies there already; the record is not read as signed.
    """
    path = f"{RECORDS}{program().signed_folders[kind]}/{year}/{stem}.json"
    if path in context.files.files:
        raise Fault(
            say("{path} is there already; a signed record is never replaced.", path=path),
            say("Nothing is left to record; if it was wrong, sign again tomorrow."),
        )
    if area_of(path) != "records":
        raise Fault(
            say("{path} cannot be the name of a record.", path=path),
            say("Names have at most 80 letters, digits, dots and hyphens."),
        )
    statement = write_statement(kind, subject, predicate)
    for finding in record_objections(context.trusted, path, statement, context.archive.as_of):
        raise Fault(finding.message, finding.remedy)
    if why := fault(unsigned(path, statement, context.trusted.statements[kind], kind)):
        raise Fault(why[1], remedy)
    record = Record(path, statement, sign(statement))
    proven(context, kind, record)
    return record


def proven(context: SigningContext, kind: str, record: Record) -> Signed:
    """The record as the verifier reads it. Raises Fault when it would not be counted."""
    file = SignedFile(record.path, record.statement, record.signature)
    trusted = context.trusted
    records, problems = read_signed([file], trusted.registers, trusted.statements[kind], kind)
    if problems or local_date(records[0].signed_at) > context.archive.today:
        message = problems[0].message if problems else say("The record lies in the future.")
        raise Fault(message, problems[0].remedy if problems else None)
    return records[0]
