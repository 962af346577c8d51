"""Replay main from its first commit: every change judged by the registers of its parent.

A change without the signatures it needs breaks the line: it refuses, and so does everything
that was judged by governance it brought in (threats A1, A20). A break can be acknowledged by the
two people who authorise changes, with keys that held before it; it then stays visible as a note
(docs/decisions/0010). Nothing else heals it. An audit is the whole history and the duties of the
day in one report (design.md .5, .7).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, reduce
from typing import Any, TypeVar

from pipeline.evidence.review.records import read_authorisations
from pipeline.history.corrections import correction_notes
from pipeline.history.judge_commits import (
    Gone,
    MainLine,
    Means,
    Prior,
    judge_at,
    judged_changes,
    stated_time,
)
from pipeline.judge.judge_posts import judge_one
from pipeline.judge.judgements import overview, standing
from pipeline.judge.load_governance import Trusted, When, pinned, trust
from pipeline.judge.record_reader import read_expunged
from pipeline.law.engine import judge_periods
from pipeline.memo.snapshot import PostRow, Snapshot
from pipeline.memo.verdict_cache import CommitVerdicts, Ledger
from pipeline.model.calendar import EVER, NEVER, Span, local_date
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.ids import R13_7, CommitId, PostId, sha256_of
from pipeline.model.records import Authorisation, Expunged
from pipeline.model.registers import signing_roles
from pipeline.model.reports import Report, Verdict, names_of
from pipeline.model.waivers import RECTIFICATIONS, groundless
from pipeline.source.content.paths import home
from pipeline.source.content.records import AUTHORISATIONS, REVIEWS, paths_under, signed_files
from pipeline.source.git.bulk_history import BulkHistory, times
from pipeline.source.git.history import GitHistory, first_parents, posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import Blob
from pipeline.source.program import running

ROSTER = "content/registers/roster.yml"


def replay(
    repository: Repository, head: CommitId, when: When, root: str = "", means: Means | None = None
) -> tuple[Verdict, ...]:
    """Verdicts of every change up to `head`, named by commit.

    `root`: sha256 of the first roster, given from outside; empty when none was given.
    """
    line = main_line(repository, head, when, means or Means())
    verdicts = replayed(line, root)
    line.ledger.save(line.commits)
    return verdicts


def main_line(repository: Repository, head: CommitId, when: When, means: Means) -> MainLine:
    """Main from its first commit to `head`, with what earlier runs judged of it."""
    gone = erased(repository, head)
    ledger = Ledger.open(means.store, (gone[post] for post in sorted(gone)))
    return MainLine(repository, first_parents(repository, head), when, gone, ledger, means)


@dataclass(frozen=True)
class Replayed:
    """Main up to a commit, every change of it judged."""

    verdicts: tuple[Verdict, ...]
    """Of every change, or of those after the commit that an earlier run judged sound."""
    genesis: CommitId
    span: Span
    """For which times of a run every change passes; never, when one did not."""
    entered: datetime
    """When the last of them came to main."""
    rows: Mapping[PostId, PostRow]
    """Of the posts that this run judged as they stand (`judge_commits.judged`)."""


def replay_since(
    repository: Repository,
    head: CommitId,
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
    holds = past.commit and passing.span.holds(stated_time(when)(past.settings))
    new = repository.after(past.commit, head) if holds else None
    if new is not None:
        commits, ledger = (past.commit, *new), sound
        entered = times(repository, head, past.commit, past.entered) if new else {}
        prior = Prior(entered, past.genesis, past.commit, past.ever_held(repository))
    else:
        commits = first_parents(repository, head)
        ledger = Ledger.open(means.store, (gone[p] for p in sorted(gone)))
        prior = Prior(times(repository, head), commits[0], history=history)
    rows: dict[PostId, PostRow] = {}
    line = MainLine(repository, commits, when, gone, ledger, means)
    verdicts = replayed(line, root, prior, rows)
    ledger.save(commits)
    last, genesis = prior.entered.get(head, past.entered), prior.genesis
    cached = [ledger.changes.get(c) for c in commits]
    spans = [k.span for k in cached if k is not None]
    if len(spans) < len(cached) or any(v.acknowledged or not v.publishable for v in verdicts):
        return Replayed(verdicts, genesis, NEVER, last, {})
    return Replayed(verdicts, genesis, reduce(Span.within, spans, EVER), last, rows)


def replayed(
    line: MainLine, root: str, prior: Prior | None = None, rows: dict[PostId, PostRow] | None = None
) -> tuple[Verdict, ...]:
    """As `replay`, of these commits of main."""
    repository, commits, when, gone = line.repository, line.commits, line.when, line.gone
    changes = judged_changes(line, prior, rows)
    judges = cache(lambda number: judge_at(repository, commits[number], gone))
    verdicts = list(_labelled(commits[0], changes[0].verdicts))
    genesis = prior.genesis if prior else commits[0]
    verdicts += _root_verdict(roster_digest(repository.tree(genesis)), root)
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


def erased(repository: Repository, head: CommitId) -> dict[PostId, Expunged]:
    """Posts that signatures on main erase: history may have been rewritten without them (A36)."""
    tree = repository.tree(head)
    if not any("/expunge-" in p for p in paths_under(tree, AUTHORISATIONS)):
        return {}
    trusted = pinned(trust(tree), repository, head)
    expunged, _ = read_expunged(tree, trusted.registers, trusted.statements["authorisation"])
    return {post: e for post, e in expunged.items() if not e.awaits}


def roster_digest(tree: Tree) -> str:
    """sha256 (hex) of the roster's bytes; empty when there is none."""
    try:
        return sha256_of(tree.read(ROSTER))
    except KeyError:
        return ""


def _labelled(commit: CommitId, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Verdicts that name the commit; a hold of its day is past, and is judged anew at the end."""
    return [
        replace(
            v,
            subject=f"{commit[:12]} {v.subject}",
            extra=tuple(f for f in v.extra if f.effect is not Effect.HOLD),
        )
        for v in verdicts
    ]


def _without_authority(verdicts: list[Verdict], commit: CommitId, cause: str) -> list[Verdict]:
    """Refuse a change that was judged by governance which an unlawful commit, `cause`, brought."""
    finding = Finding(
        R13_7, "authorisation-lacking {commit}", Effect.REFUSE,
        say("Commit {commit} was judged by registers or rules that lack the authorisation"
            " they need.", commit=commit[:12]),
        Location(ROSTER),
        say("Restore both as they last stood lawfully, and have the break acknowledged."),
        cause=cause,
    )  # fmt: skip
    return [replace(v, extra=(*v.extra, finding)) for v in verdicts]


def _answered(commit: CommitId, lawful: Trusted, tree: Tree) -> bool:
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
        R13_7, "root-differs", Effect.REFUSE,
        say("The archive does not begin with the roster that was given as its root."),
        Location(ROSTER),
        say("Ask the bureau for the digest it published, and compare the first commit."),
    )  # fmt: skip
    return [Verdict("root", {}, (), (finding,))]


# Whether what an acknowledged break brought is gone: restore first (docs/decisions/0010).

Version = TypeVar("Version")
Name = TypeVar("Name")


@dataclass(frozen=True)
class Break:
    """A change of main that refuses, between what stood before it and what stands now."""

    repository: Repository
    commit: CommitId
    sound: CommitId
    """The last commit of main whose change passed; what breaks did before may stand in it."""
    earlier: Sequence["Break"]
    """The breaks before, oldest first."""
    head: CommitId
    when: When
    erased: Collection[PostId]
    """Ids of posts that signatures erase."""

    def standing(self, verdicts: Iterable[Verdict]) -> Iterator[Finding]:
        """A refusal for each file or post that the break spoiled and that is not restored."""
        spoiled = [v for v in verdicts if v.decision is Effect.REFUSE]
        paths = {f.location.path for v in spoiled for f in v.findings if f.effect is Effect.REFUSE}
        posts = {*posts_named(paths), *(PostId(v.subject.rpartition(" ")[2]) for v in spoiled)}
        posts = {p for p in posts if any(self._files(c, p) for c in (self.commit, self.sound))}
        left = {p for p in paths if not set(posts_named([p])) and self._left(p)}
        left |= {
            f"{home(p)}/post.md" for p in posts if p not in self.erased and self._unreviewed(p)
        }
        for path in sorted(left):
            message = say("Commit {commit} was acknowledged, but what it did still stands.",
                          commit=self.commit[:12])  # fmt: skip
            remedy = say("Restore it first (`git checkout {sound} -- {path}`; remove what was not"
                         " there), or have it reviewed as a new revision; then acknowledge the"
                         " restoring commit as well.",
                         sound=self.sound[:12], path=path)  # fmt: skip
            name = "break-still-stands {commit}"
            yield Finding(R13_7, name, Effect.REFUSE, message, Location(path), remedy)

    def _left(self, path: str) -> bool:
        now = self._blob(self.head, path)
        return now == self._blob(self.commit, path) != self._before(self._blob, path)

    def _unreviewed(self, post: PostId) -> bool:
        """Whether a post stands otherwise than before the break, and does not pass."""
        if self._files(self.head, post) == self._before(self._files, post):
            return False
        handled = GitHistory(self.repository).handlers(self.head, [home(post)])
        archive, trusted = standing(
            self.repository, self.head, self.when, None, frozenset({post}), handled
        )
        if post not in archive.posts:
            return True
        return not judge_one(post, archive, trusted.rulebook).publishable

    def _before(self, version: Callable[[CommitId, Name], Version], name: Name) -> Version:
        """What stood before the break, and before the earlier ones that were not mended by then."""
        before = version(self.sound, name)
        for each in reversed(self.earlier):
            if before == version(each.commit, name):
                before = version(each.sound, name)
        return before

    def _blob(self, commit: CommitId, path: str) -> Blob | None:
        return self.repository.tree(commit).files.get(path)

    def _files(self, commit: CommitId, post: PostId) -> dict[str, Blob]:
        tree = self.repository.tree(commit)
        folders = (f"{home(post)}/", f"{REVIEWS}{post[:4]}/{post}/")
        return {path: tree.files[path] for f in folders for path in paths_under(tree, f)}


def audit(
    repository: Repository, head: CommitId, when: When, root: str = "", means: Means | None = None
) -> Report:
    """Judge every change of main, then all duties at the run's time."""
    line = main_line(repository, head, when, means or Means())
    ledger, commits, changes = line.ledger, line.commits, replayed(line, root)
    trusted = pinned(trust(repository.tree(head)), repository, head)
    duties = ledger.duties_at(head, stated_time(when))
    duties = duties or ledger.add_duties(head, *_duties(line, head))
    ledger.save(commits)
    as_of = when(trusted.registers)
    verdicts, names = (*changes, duties), names_of(trusted.registers)
    law = trusted.rulebook
    return Report("audit", as_of, commits[0], head, verdicts, law, running(), names)


def _duties(line: MainLine, head: CommitId) -> tuple[Verdict, Mapping[str, Any], Span]:
    """The verdict on all duties, what the policy says of the archive, and when it holds."""
    archive, trusted = overview(line.repository, head, line.when, line.cards)
    verdict = judge_periods(archive, trusted.rulebook)
    notes = correction_notes(archive, trusted, verdict.findings)
    idle = groundless(archive.records(RECTIFICATIONS), verdict.findings, Effect.NOTE)
    verdict = replace(verdict, extra=(*verdict.extra, *notes, *idle))
    return verdict, trusted.registers.policy.archive, archive.clock.span
