"""Replay main from its first commit: every change judged by the registers of its parent.

A change without the signatures it needs breaks the line: it refuses, and so does everything
that was judged by governance it brought in (threats A1, A20). A break can be acknowledged by the
two people who authorise changes, with keys that held before it; it then stays visible as a note
(docs/decisions/0010). Nothing else heals it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, reduce

from pipeline.evidence.review.records import read_authorisations
from pipeline.history.judge_commits import Gone, Means, Prior, SideTask, judge_at, judged, stated
from pipeline.history.restored_breaks import Break
from pipeline.judge.load_governance import Trusted, When, pinned, trust
from pipeline.judge.record_reader import read_expunged
from pipeline.memo.snapshot import PostRow, Snapshot
from pipeline.memo.verdict_cache import CommitVerdicts, Ledger
from pipeline.model.calendar import local_date
from pipeline.model.clock import EVER, NEVER, Span
from pipeline.model.findings import Effect, Finding, Location, Verdict, say
from pipeline.model.records import Authorisation, Expunged
from pipeline.model.registers import signing_roles
from pipeline.source.content.records import AUTHORISATIONS, paths_under, signed_files
from pipeline.source.git.bulk_history import BulkHistory
from pipeline.source.git.first_appearances import times
from pipeline.source.git.history import first_parents
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

ROSTER = "content/registers/roster.yml"


def replay(
    repository: Repository, head: str, when: When, root: str = "", means: Means | None = None
) -> tuple[Verdict, ...]:
    """Verdicts of every change up to `head`, named by commit.

    `root`: sha256 of the first roster, given from outside; empty when none was given.
    """
    means = means or Means()
    commits = first_parents(repository, head)
    gone = erased(repository, head)
    ledger = Ledger.open(means.store, (gone[post] for post in sorted(gone)))
    verdicts = replayed(repository, commits, when, root, gone, ledger, means)
    ledger.save(commits)
    return verdicts


@dataclass(frozen=True)
class Replayed:
    """Main up to a commit, every change of it judged."""

    verdicts: tuple[Verdict, ...]
    """Of every change, or of those after the commit that an earlier run judged sound."""
    genesis: str
    span: Span
    """For which times of a run every change passes; never, when one did not."""
    entered: datetime
    """When the last of them came to main."""
    rows: Mapping[str, PostRow]
    """Of the posts that this run judged as they stand (`judge_commits.judged`)."""


def replay_since(
    repository: Repository,
    head: str,
    when: When,
    root: str,
    gone: Gone,
    means: Means,
    past: Snapshot,
    history: BulkHistory | None = None,
) -> Replayed:
    """As `replay`, after a commit up to which every change passes at this time.

    `history`: all changes up to `head`, if they were read already.
    """
    passing = CommitVerdicts((), past.governance, past.settings, past.span)
    sound = Ledger(changes={past.commit: passing})
    holds = past.commit and passing.span.holds(stated(when)(past.settings))
    new = repository.after(past.commit, head) if holds else None
    if new is not None:
        commits, ledger = (past.commit, *new), sound
        entered = times(repository, head, past.commit, past.entered) if new else {}
        prior = Prior(entered, past.genesis, past.commit, past.ever_held(repository))
    else:
        commits = first_parents(repository, head)
        ledger = Ledger.open(means.store, (gone[p] for p in sorted(gone)))
        prior = Prior(times(repository, head), commits[0], history=history)
    rows: dict[str, PostRow] = {}
    verdicts = replayed(repository, commits, when, root, gone, ledger, means, None, prior, rows)
    ledger.save(commits)
    last, genesis = prior.entered.get(head, past.entered), prior.genesis
    cached = [ledger.changes.get(c) for c in commits]
    spans = [k.span for k in cached if k is not None]
    if len(spans) < len(cached) or any(v.acknowledged or not v.publishable for v in verdicts):
        return Replayed(verdicts, genesis, NEVER, last, {})
    return Replayed(verdicts, genesis, reduce(Span.within, spans, EVER), last, rows)


def replayed(
    repository: Repository,
    commits: Sequence[str],
    when: When,
    root: str,
    gone: Gone,
    ledger: Ledger,
    means: Means,
    side_task: SideTask | None = None,
    prior: Prior | None = None,
    rows: dict[str, PostRow] | None = None,
) -> tuple[Verdict, ...]:
    """As `replay`, of these commits of main, with what the ledger holds and into it."""
    changes = judged(repository, commits, when, gone, ledger, means, side_task, prior, rows)
    judges = cache(lambda number: judge_at(repository, commits[number], gone))
    verdicts = list(_labelled(commits[0], changes[0].verdicts))
    genesis = prior.genesis if prior else commits[0]
    verdicts += _root_verdict(_roster(repository.tree(genesis)), root)
    lawful, sound, unlawful_commit = 0, 0, ""
    breaks: list[Break] = []
    for number, commit in enumerate(commits[1:], 1):
        before, after = changes[number - 1].governance, changes[number].governance
        own = _labelled(commit, changes[number].verdicts)
        if before != changes[lawful].governance:
            own = _without_authority(own, commit, unlawful_commit)
        if any(v.decision is Effect.REFUSE for v in own):
            breaks.append(
                Break(repository, commit, commits[sound], tuple(breaks), commits[-1], when, gone)
            )
            if _answered(commit, judges(lawful), repository.tree(commits[-1])):
                left = tuple(breaks[-1].standing(own))
                own = [_with(left, v) if left else _softened(v) for v in own]
            if before == changes[lawful].governance:
                unlawful_commit = commit[:12]
        else:
            sound = number
            if after != changes[lawful].governance:
                lawful = number
        verdicts += own
    return tuple(verdicts)


def erased(repository: Repository, head: str) -> dict[str, Expunged]:
    """Posts that signatures on main erase: history may have been rewritten without them (A36)."""
    tree = repository.tree(head)
    if not any("/expunge-" in p for p in paths_under(tree, AUTHORISATIONS)):
        return {}
    trusted = pinned(trust(tree), repository, head)
    expunged, _ = read_expunged(tree, trusted.registers, trusted.statements["authorisation"])
    return {post: e for post, e in expunged.items() if not e.awaits}


def _roster(tree: Tree) -> str:
    """sha256 (hex) of the roster's bytes; empty when there is none."""
    try:
        return hashlib.sha256(tree.read(ROSTER)).hexdigest()
    except KeyError:
        return ""


def _labelled(commit: str, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Verdicts that name the commit; a hold of its day is past, and is judged anew at the end."""
    return [
        replace(
            v,
            subject=f"{commit[:12]} {v.subject}",
            extra=tuple(f for f in v.extra if f.effect is not Effect.HOLD),
        )
        for v in verdicts
    ]


def _without_authority(verdicts: list[Verdict], commit: str, cause: str) -> list[Verdict]:
    """Refuse a change that was judged by governance which an unlawful commit, `cause`, brought."""
    finding = Finding(
        "R13-7", Effect.REFUSE,
        say("Commit {commit} was judged by registers or rules that lack the authorisation"
            " they need.", commit=commit[:12]),
        Location(ROSTER),
        say("Restore both as they last stood lawfully, and have the break acknowledged."),
        cause=cause,
    )  # fmt: skip
    return [replace(v, extra=(*v.extra, finding)) for v in verdicts]


def _answered(commit: str, lawful: Trusted, tree: Tree) -> bool:
    """Whether two people of the lawful registers acknowledged the commit."""
    signed, _ = read_authorisations(
        signed_files(tree, paths_under(tree, AUTHORISATIONS)),
        lawful.registers,
        lawful.statements["authorisation"],
    )
    answering = [a for a in signed if commit in a.acknowledges]
    offices = list(_consenting(answering, lawful))
    if not {"head", "leader"} <= {office for office, _ in offices}:
        return False
    day = local_date(max(a.signed_at for a in answering))
    people = {person for _, person in offices}
    return len(people) >= int(lawful.registers.parameter("change.people", day))


def _consenting(signed: Iterable[Authorisation], lawful: Trusted) -> Iterator[tuple[str, str]]:
    """(head or leader, person) of those who held the role on the day they signed."""
    registers = lawful.registers
    for a in signed:
        person, day = registers.people.get(a.person), local_date(a.signed_at)
        if roles := signing_roles(person, day, registers):
            yield "head" if roles[0] == "section-head" else "leader", a.person


def _with(left: tuple[Finding, ...], verdict: Verdict) -> Verdict:
    return replace(verdict, extra=(*verdict.extra, *left))


def _softened(verdict: Verdict) -> Verdict:
    """Every finding of a verdict as a note; the outcomes stay what they were."""
    notes = tuple(replace(f, effect=Effect.NOTE) for f in verdict.findings)
    return Verdict(f"{verdict.subject} ✓", {}, (), notes, acknowledged=True)


def _root_verdict(first: str, root: str) -> list[Verdict]:
    if not root or root == first:
        return []
    finding = Finding(
        "R13-7", Effect.REFUSE,
        say("The archive does not begin with the roster that was given as its root."),
        Location(ROSTER),
        say("Ask the bureau for the digest it published, and compare the first commit."),
    )  # fmt: skip
    return [Verdict("root", {}, (), (finding,))]
