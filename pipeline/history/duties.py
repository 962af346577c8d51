"""The duties of an archive at a time, without replaying its history, and the tables of a period.

A correction of a plain record never hides what was entered first: the audit and the report of a
month tell both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.judge.judgements import overview
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.model import calendar, reports
from pipeline.model.archive import Archive
from pipeline.model.duties import declaration_of, may_declare, wording_on
from pipeline.model.findings import Finding
from pipeline.model.ids import CommitId
from pipeline.model.registers import Person, operators
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
        registers, day = self.archive.registers, calendar.local_date(self.archive.clock.as_given)
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
        due = (f for f in reports.open_duties(self.of(person)) if f.due and f.due <= until)
        return tuple(filter(None, map(declaration_of, due)))


def duties(repository: Repository, head: CommitId, when: When) -> Duties:
    """The findings of every period clause at the run's time."""
    archive, trusted = overview(repository, head, when)
    return Duties(archive, judge_periods(archive, trusted.rulebook).findings)
