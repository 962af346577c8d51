"""The whole history and the duties of the day in one report (design.md §5, §7)."""

from pipeline.engine import judge_periods
from pipeline.flow.assemble import When
from pipeline.flow.judge import standing
from pipeline.flow.replay import Progress, replay
from pipeline.model.reports import Report, names_of
from pipeline.source.history import first_parents
from pipeline.source.repository import Repository


def audit(
    repository: Repository,
    head: str,
    when: When,
    root: str = "",
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """Judge every change of main, then all duties at the run's time."""
    changes = replay(repository, head, when, root, progress)
    archive, trusted = standing(repository, head, when)
    duties = judge_periods(archive, trusted.rulebook)
    base = first_parents(repository, head)[0]
    names = names_of(archive.registers)
    verdicts = (*changes, duties)
    return Report("audit", archive.as_of, base, head, verdicts, trusted.rulebook, names)
