"""The tables of a month: those of the parts, what is overdue, and what was corrected or late."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from pipeline.history.corrections import record_tables
from pipeline.judge.judgements import overview
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.model import brings, calendar, part, reports
from pipeline.model.archive import Archive
from pipeline.model.findings import Finding, Message, say
from pipeline.model.ids import CommitId
from pipeline.model.month import Cell, Month, PeriodReport, Table, table_of
from pipeline.source.git.repository import Repository


def month(repository: Repository, head: CommitId, wanted: Month, when: When) -> PeriodReport:
    """The tables of a month as it ended, or as it stands when it has not ended yet."""
    archive, trusted = overview(repository, head, ended(when, wanted.end))
    findings = judge_periods(archive, trusted.rulebook).findings
    beside = record_tables(repository, head, wanted, archive, trusted)
    title = say("{unit}: work of {period} (as of {as_of})")
    tables = (*month_tables(archive, findings, wanted), *beside)
    return period_report(archive, title, str(wanted), tables)


def period_report(
    archive: Archive, title: Message, period: str | Message, tables: Iterable[Table]
) -> PeriodReport:
    """`title`: with places for unit, period and time."""
    unit, as_of = archive.registers.policy.unit["full_name"], archive.clock.as_given
    values = (("unit", unit), ("period", period), ("as_of", as_of))
    return PeriodReport(replace(title, values=values), tuple(tables), as_of)


def ended(when: When, end: datetime) -> When:
    """The time of the run, but no later than the end of a period."""
    return lambda registers: min(when(registers), end)


def month_tables(archive: Archive, periods: Iterable[Finding], month: Month) -> tuple[Table, ...]:
    """Those of the work of a month; `periods`: findings of the duties at the archive's time."""
    own = (brings.load(where)(archive, month) for where in part.program().tables)
    overdue = table_of(say("Overdue duties"), _OVERDUE, _overdue(archive, periods))
    return (*own, overdue)


_OVERDUE = (say("clause"), say("due"), say("owed by"), say("duty"))


def _overdue(archive: Archive, periods: Iterable[Finding]) -> Iterator[tuple[Cell, ...]]:
    for duty in reports.open_duties(periods):
        if duty.due is None or archive.clock.passed(duty.due):
            moment = calendar.minute(duty.due) if duty.due else None
            yield duty.clause, moment, archive.registers.called(duty.owes), duty.message
