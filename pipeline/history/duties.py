"""The duties of an archive at a time, without replaying its history; and a month's tables."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.judge.judgements import overview
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.model.archive import Archive
from pipeline.model.findings import Finding
from pipeline.model.month import Month, Table, month_tables
from pipeline.source.git.repository import Repository


@dataclass(frozen=True)
class Duties:
    """What stands at a commit, and what its period clauses find in it."""

    archive: Archive
    findings: tuple[Finding, ...]


def duties(repository: Repository, head: str, when: When) -> Duties:
    """The findings of every period clause at the run's time."""
    archive, trusted = overview(repository, head, when)
    return Duties(archive, judge_periods(archive, trusted.rulebook).findings)


@dataclass(frozen=True)
class MonthReport:
    """A month's tables, the unit they are of, and their time."""

    tables: tuple[Table, ...]
    unit: str
    as_of: datetime


def month(repository: Repository, head: str, wanted: Month, when: When) -> MonthReport:
    """The tables of a month as it ended, or as it stands when it has not ended yet."""
    due = duties(repository, head, lambda registers: min(when(registers), wanted.end))
    tables = month_tables(due.archive, due.findings, wanted)
    unit = due.archive.registers.policy.unit["full_name"]
    return MonthReport(tables, unit, due.archive.clock.as_given)
