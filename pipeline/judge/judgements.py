"""The three judgements: a working tree, a change, and what stands (design.md .3)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline.detect.examples import failed_examples
from pipeline.errors import Fault, no_post
from pipeline.evidence.roster import mandate_problems, stop_problems, succession_problems
from pipeline.judge import post_reader
from pipeline.judge.archive_at import assemble
from pipeline.judge.introduced_faults import (
    entering,
    governance_brought,
    marked_as_following,
    settings_ahead,
    with_cause,
)
from pipeline.judge.judge_posts import judge_all, judge_one, one_by_one
from pipeline.judge.load_governance import Trusted, When, pinned, trust
from pipeline.judge.post_reader import post_alone
from pipeline.judge.program_change import program_faults
from pipeline.judge.proposal import (
    GOVERNED,
    change_of,
    entries_of,
    file_problems,
    forbidden_removals,
    future_dated,
    governance_after,
    hold_on_broken_base,
    with_named,
)
from pipeline.judge.record_entries import entry_findings
from pipeline.judge.stray_signatures import late_signatures, lost_signatures, unknown_rosters
from pipeline.law.engine import judge_change, judge_governance, judge_paths
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import Clock
from pipeline.model.cards import card_of
from pipeline.model.findings import Effect, Finding, Location, Verdict, say
from pipeline.model.law import Rulebook
from pipeline.model.lazy import Lazy
from pipeline.model.posts import Handler
from pipeline.model.records import Expunged
from pipeline.model.reports import Report, names_of
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
from pipeline.source.content.records import unseen_words
from pipeline.source.git.history import GitHistory, LazyHandlers, handlers, record_writers
from pipeline.source.git.proposed import CommitMessage, Proposed, messages
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import files_under
from pipeline.source.git.worktree import work_tree
from pipeline.source.program import running


def check(repository: Repository, only: frozenset[str] | None, when: When) -> Report:
    """Judge a writer's working tree; no base, so nothing is proven and no evidence expected."""
    tree = work_tree(repository)
    return check_files(tree, trust(tree), only, when)


def check_files(tree: Files, trusted: Trusted, only: frozenset[str] | None, when: When) -> Report:
    """As `check`, of any files, by the governance given."""
    clock = Clock(when(trusted.registers))
    archive = assemble(trusted, tree, Mode.DRAFT, clock, {}, only)
    if only and (unknown := only - archive.post_ids):
        raise no_post(min(unknown))
    verdicts = [judge_one(post, archive, trusted.rulebook) for post in sorted(archive.posts)]
    strays = (*path_problems(misplaced(tree.files)), *ill_named(tree)) if only is None else ()
    if strays:
        verdicts.append(judge_paths(strays))
    if trusted.registers.problems:
        verdicts.append(judge_governance(archive))
    names = names_of(trusted.registers)
    return Report(
        "check", clock.as_given, "", "", tuple(verdicts), trusted.rulebook, running(), names
    )


def standing(
    repository: Repository,
    head: str,
    when: When,
    expunged: Mapping[str, Expunged] | None = None,
    only: frozenset[str] | None = None,
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
    return assemble(trusted, tree, Mode.STANDING, clock, handled, only), trusted


def standing_of(
    repository: Repository, head: str, when: When, *beginnings: str
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


def overview(repository: Repository, head: str, when: When) -> tuple[Archive, Trusted]:
    """As `standing`, for a reader of few posts.

    Handlers are read from history lazily, for the steps of a post and not for its card.
    """
    handled = LazyHandlers(lambda: handlers(repository, head))
    archive, trusted = standing(repository, head, when, None, None, handled)
    read = partial(post_alone, trusted, repository.tree(head))
    cards = Lazy(archive.posts, lambda post: card_of(read(post)))
    writers = LazyHandlers(lambda: record_writers(repository, ["content/records/*.yml"], head))
    return replace(archive, cards=cards, writers=writers), trusted


def verify_standing(repository: Repository, head: str, when: When, processes: int = 1) -> Report:
    """Judge everything that stands at a commit, as one change against itself."""
    archive, trusted = standing(repository, head, when)
    return Report(
        "verify",
        archive.clock.as_given,
        head,
        head,
        judge_all(archive, trusted.rulebook, processes),
        trusted.rulebook,
        running(),
        names_of(trusted.registers),
    )


def verify_change(repository: Repository, proposal: Proposed, when: When) -> Report:
    """Judge a proposal by the registers, rules and law of its base (threats A1, A14)."""
    trusted = pinned(trust(repository.tree(proposal.base)), repository, proposal.base)
    report = change_report(repository, proposal, Clock(when(trusted.registers)), trusted)
    return hold_on_broken_base(repository, proposal, report, when)


def change_report(
    repository: Repository,
    proposal: Proposed,
    clock: Clock,
    trusted: Trusted,
    mode: Mode = Mode.CHANGE,
    entered: datetime | None = None,
    *,
    back: bool = False,
    judges: Callable[[Archive, Rulebook], Callable[[str], Verdict]] = one_by_one,
) -> Report:
    """As `verify_change`, by the governance of the base.

    The audit judges in `Mode.STANDING`: what entered main without its signatures is refused, and
    overdue duties are judged at its end. `entered`: when the change came to main; None: now.
    `back`: it is dated before its base, so it may have come as late as this run. `judges`: makes
    what judges its posts in turn, as `judge_one` does.
    """
    base, head, after = proposal.base, proposal.head, proposal.after
    entries = entries_of(proposal.changes, after)
    commit_messages: tuple[CommitMessage, ...] = ()
    if mode is Mode.CHANGE:  # what stands on main already can no longer be reworded
        commit_messages = messages(repository, base, head)
        if not (entries or commit_messages or proposal.undated):
            return Report("verify", clock.as_given, base, head, (), trusted.rulebook, running())
    proposal = with_named(proposal, trusted)
    ahead = future_dated(repository, proposal, commit_messages, trusted, clock, entered)
    if entered and not clock.reached(entered):
        entered = clock.now
    change, proposed = _understood(
        repository, change_of(proposal, entries, trusted), after, commit_messages
    )
    archive = assemble(
        trusted,
        after,
        mode,
        clock,
        proposal.handlers,
        proposal.touched,
        change,
        proposal.history,
        entered,
    )
    if mode is Mode.CHANGE and proposal.touched:  # meanwhile git looks for the handlers
        _ = len(archive.publications)
        post_reader.ready()
    posts = [*map(judges(archive, trusted.rulebook), sorted(archive.posts))]
    whole = judge_change(archive, trusted.rulebook)
    extra = (
        *_broken(trusted, proposed),
        *ahead,
        *file_problems(archive, entries),
        *_spoiled(archive, after, repository, trusted, proposed),
        *(
            late_signatures(after, entries, trusted.registers, Clock(entered) if entered else clock)
            or (late_signatures(after, entries, trusted.registers, clock) if back else ())
        ),
        *unknown_rosters(archive, repository, base),
        *unseen_words(change.words, Effect.REFUSE if mode is Mode.CHANGE else Effect.NOTE),
        *entry_findings(
            archive,
            after,
            lambda: repository.tree(base),
            trusted,
            lambda paths: record_writers(repository, paths, head, base),
        ),
        *(entering(archive, after, repository.tree(base), trusted) if mode is Mode.CHANGE else ()),
    )
    own = {f.mark for f in whole.own if f.effect is Effect.REFUSE}
    others = tuple(f for f in extra if f.mark not in own)
    whole = replace(whole, own=tuple(marked_as_following(whole.own, proposed)), extra=others)
    names = names_of(trusted.registers)
    verdicts, law = (*posts, whole), trusted.rulebook
    return Report("verify", clock.as_given, base, head, verdicts, law, running(), names)


def _understood(
    repository: Repository, change: Change, after: Tree, commit_messages: Iterable[CommitMessage]
) -> tuple[Change, Trusted | Fault | None]:
    """A change with its messages, and the governance that it would leave."""
    change = replace(change, messages=tuple((each.commit, each.words) for each in commit_messages))
    proposed = governance_after(after, change, repository)
    if isinstance(proposed, Trusted):
        change = replace(change, proposed=proposed.registers)
    return change, proposed


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
    """Findings on what a change of governance or rules breaks: succession, registers, posts."""
    change = archive.change
    if proposed is None or change is None:
        return ()
    program = tuple(program_faults(trusted, repository.tree(change.base), after, change))
    if program and not (isinstance(proposed, Trusted) and proposed.lock):
        return program  # without a lock nothing that follows can be read
    path = min(e.path for e in change.entries if e.area in GOVERNED)
    again = say("Correct the change, and have it authorised again.")
    if isinstance(proposed, Fault):
        remedy = proposed.remedy or again
        what = "R13-7", "governance-unreadable", Effect.REFUSE
        return (Finding(*what, proposed.message, Location(path), remedy),)

    def look(judges: Trusted, tree: Tree, commit: str, clock: Clock) -> tuple[Archive, Trusted]:
        handled = handlers(repository, commit)
        return assemble(judges, tree, Mode.STANDING, clock, handled), judges

    policies = trusted.registers.policy, proposed.registers.policy
    in_change = archive.mode is Mode.CHANGE
    ahead = settings_ahead(*policies, archive.today) if in_change else ()
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
        message = say("What stands cannot be judged by the schemas this change proposes.")
        return (Finding("R13-7", "schemas-unfit", Effect.REFUSE, message, Location(path), again),)
    return (
        *program,
        *succession_problems(trusted.registers, proposed.registers),
        *forbidden_removals(after, trusted, proposed),
        *mandate_problems(
            trusted.registers,
            proposed.registers,
            change.authorisations,
            archive.mode is Mode.CHANGE,
        ),
        *(failed_examples(proposed.registers) if in_change else ()),
        *(_stopping(archive, trusted, proposed, repository) if in_change else ()),
        *with_cause(brought, proposed.registers),
    )


def _stopping(
    archive: Archive, trusted: Trusted, proposed: Trusted, repository: Repository
) -> Iterator[Finding]:
    """What is wrong with keys that a proposal stops, and what it takes from posts that stand."""
    yield from stop_problems(trusted.registers, proposed.registers, archive.clock)
    assert archive.change
    for lost in lost_signatures(repository, archive.change.base, trusted, proposed):
        remedy = say("Raise the revision by one, and have all steps taken again.")
        what = "R11-1", "step-lost {post} {step}", Effect.NOTE
        yield Finding(*what, lost.words, Location(lost.path), remedy)
