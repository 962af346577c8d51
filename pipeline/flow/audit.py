"""Replay main from its first commit, then judge the duties of the day (threats A20, A22)."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from pipeline.engine import judge_periods
from pipeline.flow.assemble import Trusted, When, trust
from pipeline.flow.judge import change_report, judge_all, standing
from pipeline.model.archive import Mode
from pipeline.model.findings import Effect, Finding, Location, Verdict, say
from pipeline.model.reports import Report
from pipeline.source.history import first_parents
from pipeline.source.repository import Repository, Tree

_GOVERNING = (
    "content/policy.yml",
    "content/registers/",
    "content/regulation.md",
    "schemas/",
)


def audit(
    repository: Repository,
    head: str,
    when: When,
    root: str = "",
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """Judge every change of main by the registers of its parent, and all duties of the run's time.

    `root`: sha256 of the first roster, given from outside; empty when nobody gave one.
    """
    commits = first_parents(repository, head)
    genesis, first = standing(repository, commits[0], when)
    verdicts = list(_named(commits[0], judge_all(genesis, first.rulebook)))
    verdicts += _root_verdict(genesis.registers.roster.digest, root, verdicts)
    trusted: dict[tuple[str, ...], Trusted] = {}
    for number, (parent, commit) in enumerate(pairwise(commits), 2):
        progress(number, len(commits))
        judges = _judges(repository.tree(parent), trusted)
        report = change_report(repository, parent, commit, when, judges, Mode.STANDING)
        verdicts += _named(commit, report.verdicts)
        repository.forget(parent)
    archive, last = standing(repository, head, when)
    verdicts.append(judge_periods(archive, last.rulebook))
    return Report("audit", archive.as_of, commits[0], head, tuple(verdicts), last.rulebook)


def _judges(tree: Tree, known: dict[tuple[str, ...], Trusted]) -> Trusted:
    """The governance of a tree, read once for all trees that hold the same."""
    key = tuple(f"{p}:{b.oid}" for p, b in sorted(tree.files.items()) if p.startswith(_GOVERNING))
    if key not in known:
        known[key] = trust(tree)
    return known[key]


def _named(commit: str, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Verdicts that name the commit; a hold of its day is past, and is judged anew at the end."""
    return tuple(
        replace(
            v,
            subject=f"{commit[:12]} {v.subject}",
            extra=tuple(f for f in v.extra if f.effect is not Effect.HOLD),
        )
        for v in verdicts
    )


def _root_verdict(found: str, root: str, verdicts: list[Verdict]) -> list[Verdict]:
    if not root or root == found:
        return []
    finding = Finding(
        "R13-7",
        Effect.REFUSE,
        say("The archive does not begin with the roster that was given as its root."),
        Location("content/registers/roster.yml"),
        say("Ask the bureau for the digest it published, and compare the first commit."),
    )
    return [replace(verdicts[-1], subject="root", extra=(finding,))]
