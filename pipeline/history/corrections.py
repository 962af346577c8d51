"""The corrections of plain records: what was entered first, what holds now, and who signed it.

A correction never hides what was entered first: the audit and the report of a month tell both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.judge.load_governance import Trusted
from pipeline.judge.record_entries import late_events, shown
from pipeline.law.engine import judge_periods
from pipeline.model.archive import Archive
from pipeline.model.attestations import (
    ATTESTATION,
    CORRECTED,
    correctors,
    dotted,
    route_of,
    value_at,
    with_correction,
)
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Effect, Finding, Message, say, say_names
from pipeline.model.ids import CommitId
from pipeline.model.month import Cell, Month, Table, table_of
from pipeline.model.records import Fact
from pipeline.source.content.paths import RECORDS, MemoryTree
from pipeline.source.content.records import (
    corrected_fact,
    kind_of_record,
    read_records,
    record_kinds,
    record_schema,
    schema_of,
)
from pipeline.source.git.bulk_history import appearances, times
from pipeline.source.git.repository import Repository


@dataclass(frozen=True)
class Counted:
    """A correction that counts."""

    fact: Fact
    number: int
    field: str
    old: Any
    """What held before it; None: nothing did."""
    new: Any
    reason: str
    at: datetime
    role: str | Message
    """Office of the first signer on the day of the correction; no name is told."""

    @property
    def office(self) -> Message:
        """`role` as a cell of a table."""
        return say("{role}", role=self.role) if isinstance(self.role, str) else self.role


def counted_corrections(archive: Archive, trusted: Trusted) -> Iterator[Counted]:
    """The corrections that count, by record and in their order."""
    registers = archive.registers
    for kind in record_kinds(trusted.schemas):
        schema = record_schema(trusted.schemas, kind)
        for fact in archive.records(kind):
            holds = stated = fact.document.value
            signed = archive.signed.get(ATTESTATION, ()) if CORRECTED in stated else ()
            for number, people in enumerate(correctors(signed, fact, schema)):
                if not people:
                    continue
                item, at = stated[CORRECTED][number], fact[CORRECTED][number]["at"]
                old = value_at(holds, route_of(item["field"]))
                holds = with_correction(holds, stated, item)
                tenures = (t for p in people for t in registers.people[p].tenures)
                roles = (t.role for t in tenures if t.covers(local_date(at)))
                role = next(roles, say("a member of staff"))
                yield Counted(
                    fact, number, item["field"], old, item["value"], item["reason"], at, role
                )


def correction_notes(
    archive: Archive, trusted: Trusted, findings: tuple[Finding, ...]
) -> Iterator[Finding]:
    """A note on each correction, and on what it heals; `findings`: of the period clauses."""
    every = tuple(counted_corrections(archive, trusted))
    for one in every:
        clause = record_schema(trusted.schemas, one.fact.kind).clause_at(route_of(one.field))
        message = say(
            "{key} was entered as {old} and is corrected to {new}: {reason} (signed by: {role})",
            key=one.field, old=shown(one.old), new=shown(one.new), reason=one.reason, role=one.role,
        )  # fmt: skip
        remedy = say("Nothing to do: what was entered first stays where it is.")
        location = one.fact.at(CORRECTED, one.number)
        yield Finding(clause, "event-corrected {key}", Effect.NOTE, message, location, remedy)
    if not every:
        return
    marks, paths = {f.mark for f in findings}, {one.fact.path for one in every}
    stated = {
        kind: tuple(corrected_fact(f, schema_of(trusted.schemas, kind), ()) for f in rows)
        for kind in {one.fact.kind for one in every}
        if (rows := archive.records(kind))
    }
    before = judge_periods(
        replace(archive, facts={**archive.facts, **stated}), trusted.rulebook
    ).findings
    for finding in before:
        if finding.location.path in paths and finding.mark not in marks:
            message = say("Without its corrections: {what}", what=finding.message)
            remedy = say("Nothing to do: what was entered first stays where it is.")
            what, where = (finding.clause, finding.name, Effect.NOTE), finding.location
            yield Finding(*what, message, where, remedy, about=finding.about)


_CORRECTED = (
    say("record"),
    say("field"),
    say("entered as"),
    say("corrected to"),
    say("reason"),
    say("signed by"),
    say("time"),
)
_LATE = (say("record"), say("fields"), say("happened"), say("entered at"))


def record_tables(
    repository: Repository, head: CommitId, month: Month, archive: Archive, trusted: Trusted
) -> tuple[Table, ...]:
    """The corrections of a month, and what came to main in it long after it happened."""
    corrections = (
        (one.fact.id, say("{field}", field=one.field), shown(one.old),
         shown(one.new), one.reason, one.office, minute(one.at))
        for one in counted_corrections(archive, trusted)
        if month.holds(local_date(one.at))
    )  # fmt: skip
    return (
        table_of(say("Corrections of records"), _CORRECTED, corrections),
        table_of(say("Entered late"), _LATE, _late(repository, head, month, trusted)),
    )


def _late(
    repository: Repository, head: CommitId, month: Month, trusted: Trusted
) -> Iterator[tuple[Cell, ...]]:
    """When something was entered is when its commit came to main: one question to git for all."""
    kinds = set(record_kinds(trusted.schemas))
    moments = times(repository, head)
    for change in appearances(repository, head, RECORDS, since=month.first):
        kind, entered = kind_of_record(change.path), moments[change.commit]
        if kind not in kinds or not change.oid or not month.holds(local_date(entered)):
            continue
        schema = record_schema(trusted.schemas, kind)
        versions = [
            read_records(MemoryTree({change.path: repository.blob(oid)}), trusted.schemas, kind,
                         [change.path])[0] if oid else ()
            for oid in (change.before, change.oid)
        ]  # fmt: skip
        for fact in versions[1]:
            stood = versions[0][0].document.value if versions[0] else {}
            hours = trusted.registers.parameter_if_stated("record.late_hours", local_date(entered))
            if late := late_events(stood, fact, schema, entered, hours):
                names = say_names([say("{field}", field=dotted(route)) for _, route in late])
                yield fact.id, names, minute(late[0][0]), minute(entered)
