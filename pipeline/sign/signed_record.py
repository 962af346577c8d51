"""A signed record that is no review: stated, judged, signed, and read as the verifier reads it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.errors import Fault
from pipeline.evidence.review.records import read_signed, unsigned
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.record_entries import record_objections
from pipeline.model.calendar import local_date
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Message, Reason, say
from pipeline.model.part import program
from pipeline.model.records import Signed
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.paths import RECORDS, area_of


class NewRecord(NamedTuple):
    """What a record is going to say, and what it is called."""

    kind: str
    year: int
    stem: str
    subject: Mapping[str, str]
    """What is signed for → its digest."""
    predicate: Mapping[str, object]


def signed_record(
    context: SigningContext,
    made: NewRecord,
    sign: Sign,
    fault: Callable[[Signed], Reason | None],
    remedy: Message,
) -> Record:
    """A signed record with its place.

    `fault`: why a rule would not count it, asked before anybody touches a key. Faults: that, with
    its `remedy`; something lies there already; the record is not read as signed.
    """
    kind = made.kind
    path = f"{RECORDS}{program().signed_folders[kind]}/{made.year}/{made.stem}.json"
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
    statement = write_statement(kind, made.subject, made.predicate)
    for finding in record_objections(context.trusted, path, statement, context.archive.as_of):
        raise Fault(finding.message, finding.remedy, name=finding.name)
    if why := fault(unsigned(path, statement, context.trusted.statements[kind], kind)):
        raise Fault(why[1], remedy, name=why[0])
    record = Record(path, statement, sign(statement))
    file, trusted = SignedFile(path, statement, record.signature), context.trusted
    read, problems = read_signed([file], trusted.registers, trusted.statements[kind], kind)
    for problem in problems:
        raise Fault(problem.message, problem.remedy, name=problem.name)
    if local_date(read[0].signed_at) > context.archive.today:
        raise Fault(say("The record lies in the future."))
    return record
