"""Whether the governance that judges a proposal came to main lawfully (threats A20)."""

from dataclasses import replace

from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import (
    GOVERNING,
    GOVERNING_FILES,
    When,
    governance,
    pinned,
    trust,
)
from pipeline.judge.proposal import change_of, entries_of
from pipeline.law.engine import judge_change
from pipeline.model.archive import Mode
from pipeline.model.calendar import Clock
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.reports import Report
from pipeline.source.git.first_appearances import appearances, times
from pipeline.source.git.history import GitHistory
from pipeline.source.git.proposed import Proposed
from pipeline.source.git.repository import Repository


def hold_on_broken_base(
    repository: Repository, proposal: Proposed, report: Report, when: When
) -> Report:
    """The report on a proposal, held when its base came into force unlawfully.

    A proposal that restores the last lawful governance is not held.
    """
    broken = _broken(repository, proposal, when)
    if not broken or not report.verdicts:
        return report
    finding = Finding(
        "R13-7", Effect.HOLD,
        say("The base itself does not stand: commit {commit} changed registers or rules without"
            " lawful authorisation.", commit=broken[:12]),
        Location(""),
        say("Run `sanshen audit`; restore registers and rules as they last stood lawfully, and have"
            " the break acknowledged. Then verify again."),
    )  # fmt: skip
    *others, whole = report.verdicts
    held = replace(whole, extra=(*whole.extra, finding))
    return replace(report, verdicts=(*others, held))


def _broken(repository: Repository, proposal: Proposed, when: When) -> str:
    """The commit that made the governance of the base unlawful; empty when it is lawful."""
    changes = appearances(repository, proposal.base, *GOVERNING, *GOVERNING_FILES)
    first, *later = dict.fromkeys(appearance.commit for appearance in changes)
    if not later:
        return ""
    lawful, broken = governance(repository.tree(first)), ""
    for commit in later:
        ends = repository.commit(f"{commit}^"), commit
        parent, after = (governance(repository.tree(end)) for end in ends)
        if after == lawful:
            continue
        if parent == lawful and _authorised(repository, commit, when):
            lawful = after
        elif parent == lawful:
            broken = commit
    stands = lawful in (governance(repository.tree(proposal.base)), governance(proposal.after))
    return "" if stands else broken


def _authorised(repository: Repository, commit: str, when: When) -> bool:
    """Whether a change of main has the signatures that its kind needs, judged by its parent."""
    parent = repository.commit(f"{commit}^")
    trusted = pinned(trust(repository.tree(parent)), repository, parent)
    after = repository.tree(commit)
    history = GitHistory(repository)
    changes = history.changes(parent, after)
    proposal = Proposed(parent, commit, after, changes, frozenset(), {}, history)
    change = change_of(proposal, entries_of(changes, after), trusted)
    as_of = when(trusted.registers)
    entered = min(times(repository, commit)[commit], as_of)
    archive = assemble(
        trusted, after, Mode.STANDING, Clock(as_of), {}, frozenset(), change, history, entered
    )
    own = judge_change(archive, trusted.rulebook).own
    return not any(f.clause == "R13-7" and f.effect is not Effect.NOTE for f in own)
