"""The whole history and the duties of the day in one report (design.md .5, .7)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipeline.history.corrections import correction_notes
from pipeline.history.judge_commits import Means, SideTask, stated_time
from pipeline.history.replay import erased, replayed
from pipeline.judge.judgements import overview
from pipeline.judge.load_governance import When, pinned, trust
from pipeline.law.engine import judge_periods
from pipeline.memo.verdict_cache import Ledger
from pipeline.model.calendar import Span
from pipeline.model.findings import Verdict
from pipeline.model.reports import Report, names_of
from pipeline.source.git.history import first_parents
from pipeline.source.git.repository import Repository


def audit(
    repository: Repository,
    head: str,
    when: When,
    root: str = "",
    means: Means | None = None,
) -> Report:
    """Judge every change of main, then all duties at the run's time."""
    means = means or Means()
    commits = first_parents(repository, head)
    gone = erased(repository, head)
    ledger = Ledger.open(means.store, (gone[post] for post in sorted(gone)))
    cached = ledger.duties_at(head, stated_time(when))
    side_task = SideTask(lambda: _duties(repository, head, when))
    changes = replayed(
        repository, commits, when, root, gone, ledger, means, None if cached else side_task
    )
    trusted = pinned(trust(repository.tree(head)), repository, head)
    duties = cached or ledger.add_duties(head, *side_task.answer())
    ledger.save(commits)
    as_of = when(trusted.registers)
    verdicts, names = (*changes, duties), names_of(trusted.registers)
    return Report("audit", as_of, commits[0], head, verdicts, trusted.rulebook, names)


def _duties(
    repository: Repository, head: str, when: When
) -> tuple[Verdict, Mapping[str, Any], Span]:
    """The verdict on all duties, what the policy says of the archive, and when it holds."""
    archive, trusted = overview(repository, head, when)
    verdict = judge_periods(archive, trusted.rulebook)
    notes = correction_notes(archive, trusted, verdict.findings)
    verdict = replace(verdict, extra=(*verdict.extra, *notes))
    return verdict, trusted.registers.policy.archive, archive.clock.span
