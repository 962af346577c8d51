"""The three judgements: a working tree, a change, and what stands (design.md .3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline.errors import Fault, no_post
from pipeline.judge.archive_at import assemble
from pipeline.judge.change_facts import ahead_on_main, facts_of
from pipeline.judge.introduced_faults import (
    entering,
    governance_brought,
    marked_as_following,
    settings_ahead,
    with_cause,
)
from pipeline.judge.judge_posts import Judges, judge_all, judge_one, one_by_one
from pipeline.judge.load_governance import Trusted, When, pinned, trust
from pipeline.judge.post_reader import post_alone, version_of
from pipeline.judge.proposal import (
    broken_base,
    change_of,
    entries_of,
    file_problems,
    governance_after,
    with_named,
)
from pipeline.judge.record_entries import entry_findings
from pipeline.law.engine import Watch, judge_change, judge_governance, judge_paths, unwatched
from pipeline.model.archive import GOVERNED, Archive, Entered, Mode, OnBranch, OnDisk, OnMain
from pipeline.model.calendar import Clock
from pipeline.model.cards import Card, card_of
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.ids import NO_COMMIT, R13_7, CommitId, PostId
from pipeline.model.lazy import Later, Lazy
from pipeline.model.posts import Handler
from pipeline.model.records import Expunged
from pipeline.model.reports import Report, names_of
from pipeline.model.verdicts import Verdict
from pipeline.source.content.paths import (
    PUBLICATIONS,
    Files,
    home,
    ill_named,
    misplaced,
    path_problems,
    post_ids,
    publication_name,
)
from pipeline.source.git.history import GitHistory, LazyHandlers, handlers, record_writers
from pipeline.source.git.proposed import Proposed
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import files_under
from pipeline.source.git.worktree import work_tree
from pipeline.source.program import running


def _report(
    command: str,
    trusted: Trusted,
    clock: Clock,
    base: CommitId,
    head: CommitId,
    verdicts: Iterable[Verdict],
) -> Report:
    law, names = trusted.rulebook, names_of(trusted.registers)
    return Report(command, clock.as_given, base, head, tuple(verdicts), law, running(), names)


def check(repository: Repository, only: frozenset[PostId] | None, when: When) -> Report:
    """Judge a writer's working tree; no base, so nothing is proven and no evidence expected."""
    tree = work_tree(repository)
    return check_files(tree, trust(tree), only, when)


def check_files(
    tree: Files,
    trusted: Trusted,
    only: frozenset[PostId] | None,
    when: When,
    watch: Watch = unwatched,
) -> Report:
    """As `check`, of any files, by the governance given."""
    clock = Clock(when(trusted.registers))
    archive = assemble(trusted, tree, OnDisk(), clock, {}, only)
    if only and (unknown := only - archive.post_ids):
        raise no_post(min(unknown))
    verdicts = [judge_one(p, archive, trusted.rulebook, watch) for p in sorted(archive.posts)]
    strays = (*path_problems(misplaced(tree.files)), *ill_named(tree)) if only is None else ()
    if strays:
        verdicts.append(judge_paths(strays))
    if trusted.registers.problems:
        verdicts.append(judge_governance(archive))
    return _report("check", trusted, clock, NO_COMMIT, NO_COMMIT, verdicts)


def standing(
    repository: Repository,
    head: CommitId,
    when: When,
    expunged: Mapping[PostId, Expunged] | None = None,
    only: frozenset[PostId] | None = None,
    handled: Mapping[str, set[Handler]] | None = None,
) -> tuple[Archive, Trusted]:
    """All that stands at a commit, read with the registers that stand there.

    `expunged`: posts that later signatures erase, for an early commit; `only`: ids of the posts to
    judge; `handled`: who touched them, if the caller has it already.
    """
    tree = repository.tree(head)
    trusted = pinned(trust(tree), repository, head)
    trusted = replace(trusted, expunged=expunged or {})
    if handled is None:
        handled = handlers(repository, head)
    clock = Clock(when(trusted.registers))
    return assemble(trusted, tree, OnMain(), clock, handled, only), trusted


def standing_of(
    repository: Repository, head: CommitId, when: When, *beginnings: str
) -> tuple[Archive, Trusted]:
    """As `standing`, of the posts whose ids begin with one of these (a month, a day, one post) or
    that were published at such a time."""
    tree = repository.tree(head)
    years = sorted({beginning[:4] for beginning in beginnings})
    records = [p for year in years for p in files_under(tree.files, f"{PUBLICATIONS}{year}/")]
    carried = {
        publication_name(p)[1] for p in records if p.rpartition("/")[2].startswith(beginnings)
    }
    ids = post_ids(tree, ())
    only = frozenset(i for i in ids if i.startswith(beginnings) or i in carried)
    handled = GitHistory(repository).handlers(head, map(home, sorted(only)))
    return standing(repository, head, when, None, only, handled)


def overview(
    repository: Repository, head: CommitId, when: When, made: Mapping[str, Card] | None = None
) -> tuple[Archive, Trusted]:
    """As `standing`, for a reader of few posts. `made`: `version_of` → card, of posts read before
    by the governance that stands.

    Handlers are read from history lazily, for the steps of a post and not for its card.
    """
    handled = LazyHandlers(lambda: handlers(repository, head))
    archive, trusted = standing(repository, head, when, None, None, handled)
    tree, made = repository.tree(head), made or {}
    read = partial(post_alone, trusted, tree)
    cards = Lazy(archive.posts, lambda i: made.get(version_of(tree, i)) or card_of(read(i)))
    writers = LazyHandlers(lambda: record_writers(repository, ["content/records/*.yml"], head))
    return replace(archive, cards=cards, writers=writers), trusted


def verify_standing(
    repository: Repository, head: CommitId, when: When, processes: int = 1
) -> Report:
    """Judge everything that stands at a commit, as one change against itself."""
    archive, trusted = standing(repository, head, when)
    verdicts = judge_all(archive, trusted.rulebook, processes)
    return _report("verify", trusted, archive.clock, head, head, verdicts)


def verify_change(repository: Repository, proposal: Proposed, when: When) -> Report:
    """Judge a proposal by the registers, rules and law of its base (threats A1, A14)."""
    trusted = pinned(trust(repository.tree(proposal.base)), repository, proposal.base)
    broken = Later(lambda: broken_base(repository, proposal, when))
    clock = Clock(when(trusted.registers))
    return change_report(repository, proposal, clock, trusted, broken=broken)


def change_report(
    repository: Repository,
    proposal: Proposed,
    clock: Clock,
    trusted: Trusted,
    entered: datetime | None = None,
    *,
    back: bool = False,
    judges: Judges = one_by_one,
    broken: Sequence[str] = (),
) -> Report:
    """As `verify_change`, by the governance of the base.

    `entered`: when the change came to main; None: it is a proposal. The audit refuses what entered
    main without its signatures, and judges overdue duties at its end.
    `back`: it is dated before its base, so it may have come as late as this run. `judges`: makes
    what judges its posts in turn, as `judge_one` does. `broken`: as of `ChangeFacts.broken_base`.
    """
    base, head, after = proposal.base, proposal.head, proposal.after
    entries = entries_of(proposal.changes, after)
    commits = ahead_on_main(repository, head, entered, clock)
    if entered is None:  # what stands on main already can no longer be reworded
        commits = repository.between(base, head)
        if not (entries or commits or proposal.undated):
            return _report("verify", trusted, clock, base, head, ())
    proposal = with_named(proposal, trusted)
    if entered and not clock.reached(entered):
        entered = clock.now
    change = change_of(proposal, entries, trusted)
    proposed = governance_after(after, change, repository)
    facts = facts_of(
        repository, proposal, change, trusted, proposed, commits, dated_back=back, broken=broken
    )
    left = proposed.registers if isinstance(proposed, Trusted) else None
    change = replace(change, proposed=left, facts=facts)
    situation = Entered(change, entered) if entered else OnBranch(change)
    past = proposal.handlers, proposal.touched, proposal.history
    archive = assemble(trusted, after, situation, clock, *past)
    posts = [*map(judges(archive, trusted.rulebook), sorted(archive.posts))]
    whole = judge_change(archive, trusted.rulebook)
    before = partial(repository.tree, base)
    extra = (
        *_broken(trusted, proposed),
        *file_problems(archive, entries),
        *_spoiled(archive, after, repository, trusted, proposed),
        *entry_findings(
            archive,
            after,
            before,
            trusted,
            lambda paths: record_writers(repository, paths, head, base),
        ),
        *(entering(archive, before(), trusted) if entered is None else ()),
    )
    own = {f.mark for f in whole.own if f.effect is Effect.REFUSE}
    others = tuple(f for f in extra if f.mark not in own)
    whole = replace(whole, own=tuple(marked_as_following(whole.own, proposed)), extra=others)
    return _report("verify", trusted, clock, base, head, (*posts, whole))


def _broken(trusted: Trusted, proposed: Trusted | Fault | None) -> tuple[Finding, ...]:
    """Problems of the registers that judge; a change that mends them is not refused for them."""
    problems = trusted.registers.problems
    if not isinstance(proposed, Trusted):
        return problems
    left = {f.mark for f in proposed.registers.problems}
    return tuple(f for f in problems if f.mark in left)


def _spoiled(
    archive: Archive,
    after: Tree,
    repository: Repository,
    trusted: Trusted,
    proposed: Trusted | Fault | None,
) -> tuple[Finding, ...]:
    """Findings on what a change of governance or rules would break of all that stands."""
    change = archive.change
    if not isinstance(proposed, Trusted) or change is None:
        return ()
    if change.facts.program and not proposed.lock:
        return ()  # without a lock nothing that follows can be read

    def look(
        judges: Trusted, tree: Tree, commit: CommitId, clock: Clock
    ) -> tuple[Archive, Trusted]:
        handled = handlers(repository, commit)
        return assemble(judges, tree, OnMain(), clock, handled), judges

    policies = trusted.registers.policy, proposed.registers.policy
    ahead = settings_ahead(*policies, archive.today) if archive.mode is Mode.CHANGE else ()
    try:
        brought = tuple(
            governance_brought(
                partial(look, proposed, after, change.head),
                partial(look, trusted, repository.tree(change.base), change.base),
                archive.clock,
                ahead,
                archive.mode,
            )
        )
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError):
        # A schema that says nothing leaves values untyped: what it lets in cannot be judged.
        path = min(e.path for e in change.entries if e.area in GOVERNED)
        message = say("What stands cannot be judged by the schemas this change proposes.")
        again = say("Correct the change, and have it authorised again.")
        return (Finding(R13_7, "schemas-unfit", Effect.REFUSE, message, Location(path), again),)
    return tuple(with_cause(brought, proposed.registers))
