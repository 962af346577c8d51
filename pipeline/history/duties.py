"""The duties of an archive at a time, without replaying its history; and the tables of a month or
a quarter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.evidence.review.records import read_authorisations
from pipeline.history.corrections import record_tables
from pipeline.judge.judge_posts import judge_one
from pipeline.judge.judgements import overview, standing_of
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.model.access import access_tables
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.duties import declaration_of, end_of, may_declare, wording_on
from pipeline.model.findings import Finding
from pipeline.model.inspection import Inspected, inspection_tables
from pipeline.model.month import Month, Quarter, Table, last_day, month_tables
from pipeline.model.registers import Person, operators
from pipeline.model.reports import open_duties
from pipeline.source.content.records import AUTHORISATIONS, paths_under, signed_files
from pipeline.source.git.repository import Repository

SOON = timedelta(days=10)
"""What falls due this soon is signed with what is overdue."""


@dataclass(frozen=True)
class Duties:
    """What stands at a commit, and what its period clauses find in it."""

    archive: Archive
    findings: tuple[Finding, ...]

    def of(self, person: Person) -> Iterator[Finding]:
        """What one person can do: their own duties, those of accounts that they keep or operate and
        of their departments, and the declarations that they may sign."""
        registers, day = self.archive.registers, local_date(self.archive.clock.as_given)
        accounts = {a.id for a in registers.accounts.values() if a.custodian == person.id}
        if person in operators(registers, day):
            accounts |= registers.accounts.keys()
        mine = {person.id, *accounts, *(t.department for t in person.tenures if t.covers(day))}
        for finding in self.findings:
            declared = declaration_of(finding)
            wording = wording_on(self.archive, declared[0], day) if declared else None
            if declared and wording:
                if may_declare(registers, wording, declared[1], person, day):
                    yield finding
            elif finding.owes in mine:
                yield finding

    def declarations(self, person: Person, until: datetime) -> tuple[tuple[str, str], ...]:
        """(wording, subject) of the declarations that a person may sign and that fall due by then,
        the most urgent first."""
        due = (f for f in open_duties(self.of(person)) if f.due and f.due <= until)
        return tuple(filter(None, map(declaration_of, due)))


def duties(repository: Repository, head: str, when: When) -> Duties:
    """The findings of every period clause at the run's time."""
    archive, trusted = overview(repository, head, when)
    return Duties(archive, judge_periods(archive, trusted.rulebook).findings)


@dataclass(frozen=True)
class PeriodReport:
    """The tables of a period, the unit they are of, and their time."""

    tables: tuple[Table, ...]
    unit: str
    as_of: datetime


def month(repository: Repository, head: str, wanted: Month, when: When) -> PeriodReport:
    """The tables of a month as it ended, or as it stands when it has not ended yet."""
    archive, trusted = overview(repository, head, _ended(when, wanted.end))
    findings = judge_periods(archive, trusted.rulebook).findings
    beside = record_tables(repository, head, wanted, archive, trusted)
    return _report(archive, (*month_tables(archive, findings, wanted), *beside))


def inspection(repository: Repository, head: str, wanted: Quarter, when: When) -> PeriodReport:
    """A quarter by the indicators of the national inspection, as it ended or as it stands."""
    at = _ended(when, end_of(last_day(wanted)))
    months = [f"{wanted[0]}-{number:02}-" for number in range(wanted[1] * 3 + 1, wanted[1] * 3 + 4)]
    archive, trusted = standing_of(repository, head, at, *months)
    whole, _ = overview(repository, head, at)
    periods = judge_periods(whole, trusted.rulebook)
    verdicts = {post: judge_one(post, archive, trusted.rulebook) for post in archive.posts}
    return _report(archive, inspection_tables(Inspected.of(archive, verdicts, periods, wanted)))


def access(repository: Repository, head: str, wanted: Month, when: When) -> PeriodReport:
    """Who could do what at the end of a month, and what they did in it.

    Reviews are looked for on the posts of the month, and of the one before and after.
    """
    about = (wanted.before, wanted, wanted.after)
    archive, trusted = standing_of(
        repository, head, _ended(when, wanted.end), *(f"{m}-" for m in about)
    )
    tree = repository.tree(head)
    files = signed_files(tree, paths_under(tree, AUTHORISATIONS))
    signed, _ = read_authorisations(files, trusted.registers, trusted.statements["authorisation"])
    return _report(archive, access_tables(archive, signed, wanted))


def _ended(when: When, end: datetime) -> When:
    return lambda registers: min(when(registers), end)


def _report(archive: Archive, tables: tuple[Table, ...]) -> PeriodReport:
    unit = archive.registers.policy.unit["full_name"]
    return PeriodReport(tables, unit, archive.clock.as_given)
