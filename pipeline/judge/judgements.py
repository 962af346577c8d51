"""The three judgements: a working tree, a change, and what stands (design.md .3).

The governance that judges a change came to main lawfully, or the proposal is held (threats A20).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline.errors import Fault, no_post
from pipeline.evidence.review.records import read_authorisations
from pipeline.evidence.review.statements import is_return
from pipeline.judge.archive_at import assemble, post_alone, version_of
from pipeline.judge.change_facts import ahead_on_main, facts_of
from pipeline.judge.introduced_faults import (
    entering,
    governance_brought,
    marked_as_following,
    settings_ahead,
    with_cause,
)
from pipeline.judge.judge_posts import Judges, judge_all, judge_one, one_by_one
from pipeline.judge.load_governance import (
    GOVERNING,
    GOVERNING_FILES,
    Trusted,
    When,
    governance,
    pinned,
    trust,
)
from pipeline.judge.record_entries import entry_findings
from pipeline.law.engine import Watch, judge_change, judge_governance, judge_paths, unwatched
from pipeline.model.archive import (
    GOVERNED,
    Archive,
    Change,
    Entered,
    Entry,
    Mode,
    OnBranch,
    OnDisk,
    OnMain,
)
from pipeline.model.calendar import Clock
from pipeline.model.cards import Card, card_of
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.ids import NO_COMMIT, NO_DIGEST, R11_5, R13_7, CommitId, PostId, sha256_of
from pipeline.model.lazy import Later, Lazy
from pipeline.model.part import program
from pipeline.model.posts import Handler
from pipeline.model.records import PUBLICATION, Expunged
from pipeline.model.reports import Report, Verdict, names_of
from pipeline.source.content.paths import (
    PUBLICATIONS,
    Files,
    area_of,
    home,
    ill_named,
    misplaced,
    path_problems,
    post_ids,
    publication_name,
)
from pipeline.source.content.records import (
    AUTHORISATIONS,
    REVIEWS,
    kind_of_record,
    read_records,
    record_kinds,
    signed_files,
    words_of_records,
)
from pipeline.source.git.bulk_history import appearances, times
from pipeline.source.git.history import (
    GitHistory,
    LazyHandlers,
    Proposed,
    handlers,
    posts_named,
    record_writers,
)
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import files_under
from pipeline.source.git.worktree import work_tree
from pipeline.source.program import running


def entries_of(changes: Sequence[RawChange], after: Tree) -> tuple[Entry, ...]:
    """One entry for each path of a change; files that stand after it are read in one go."""
    stand = [c.path for c in changes if c.status != "D"]
    after.files.complete(*sorted({p.rpartition("/")[0] for p in stand if "/" in p}))
    after.prepare(stand)
    return tuple(
        Entry(
            c.path,
            c.status,
            area_of(c.path),
            sha256_of(after.read(c.path))
            if c.status != "D" and after.files[c.path].mode in ("100644", "100755")
            else NO_DIGEST,
            c.mode,
        )
        for c in changes
    )


def named_in_records(tree: Tree, trusted: Trusted, changes: Sequence[RawChange]) -> set[PostId]:
    """Ids of the posts that changed relays, filed forms and rectifications name in a tree."""
    posts: set[PostId] = set()
    for kind in (k for k in record_kinds(trusted.schemas) if program().kind(k).names_posts):
        paths = [c.path for c in changes if kind_of_record(c.path) == kind and c.path in tree.files]
        for record in read_records(tree, trusted.schemas, kind, paths)[0]:
            items = record.value.get("items", [record.value])
            posts |= {item["post"] for item in items if "post" in item}
            fault = record.value.get("finding", "")
            if fault.startswith(PUBLICATION):
                posts.add(fault.removeprefix(PUBLICATION).partition(".")[0])
    return posts


def with_named(proposal: Proposed, trusted: Trusted) -> Proposed:
    """The proposal; the posts that its relays and filed forms name count as touched, too."""
    more = named_in_records(proposal.after, trusted, proposal.changes) - proposal.touched
    if not more:
        return proposal
    handlers = proposal.history.handlers(proposal.head, map(home, sorted(more)))
    return replace(
        proposal, touched=proposal.touched | more, handlers={**proposal.handlers, **handlers}
    )


def file_problems(archive: Archive, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Problems of the files of a change, and of all files of a post that it erases."""
    # A signature that came alone is a problem of the statement it lacks.
    paths = {p for e in entries for p in (e.path, e.path.removesuffix(".sig"))}
    erased = {post for post, e in archive.expunged.items() if not paths.isdisjoint(e.paths)}
    for finding in archive.record_problems:
        path = finding.location.path
        if path in paths or not erased.isdisjoint(posts_named([path])):
            yield finding


def change_of(proposal: Proposed, entries: tuple[Entry, ...], trusted: Trusted) -> Change:
    """A change as a value: entries, authorisations, and what came and went inside it."""
    base, head, after = proposal.base, proposal.head, proposal.after
    new = [e.path for e in entries if e.path.startswith(AUTHORISATIONS) and e.status == "A"]
    used = _used_before(after, new)
    fresh = [path for path in new if path.removesuffix(".sig") not in used]
    authorisations, problems = read_authorisations(
        signed_files(after, fresh), trusted.registers, trusted.statements["authorisation"]
    )
    gone = proposal.history.transient(base, head, after)
    returns = [
        p
        for p, oids in sorted(gone.items())
        if p.startswith(REVIEWS) and any(is_return(after.repository.blob(oid)) for oid in oids)
    ]
    passing = tuple(sorted(p for p in gone if p not in after.files))
    spoiled = (*problems, *map(_consent_used, used), *map(_removed_return, returns))
    words = words_of_records(after, entries)
    return Change(base, head, entries, passing, authorisations, spoiled, words=words)


def _used_before(after: Tree, new: Iterable[str]) -> list[str]:
    """New authorisations that stand elsewhere already, byte for byte (A24).

    A consent admits its files once. A copy of it could undo what two signatures changed since.
    """
    signed = {path: after.files[path].oid for path in new if path.endswith(".json")}
    paths = files_under(after.files, AUTHORISATIONS) if signed else ()
    stood = {after.files[path].oid for path in paths if path not in signed}
    return sorted(path for path, oid in signed.items() if oid in stood)


def _consent_used(path: str) -> Finding:
    message = say("This consent was given to an earlier change and is used up.")
    remedy = say("Remove it, and have the change authorised as it stands now.")
    return Finding(R13_7, "consent-used-up", Effect.REFUSE, message, Location(path), remedy)


def _removed_return(path: str) -> Finding:
    message = say("A signed return was taken away or replaced inside this proposal.")
    remedy = say("Restore it, and answer it with a new revision.")
    return Finding(R11_5, "return-removed", Effect.REFUSE, message, Location(path), remedy)


def governance_after(after: Tree, change: Change, repository: Repository) -> Trusted | Fault | None:
    """The governance as a change would leave it, or why it cannot judge; None: unchanged."""
    if not change.areas & GOVERNED:
        return None
    try:
        return pinned(trust(after, to_come=True), repository, change.base)
    except Fault as fault:
        return fault


def broken_base(repository: Repository, proposal: Proposed, when: When) -> tuple[str, ...]:
    """The commit that made the governance of the base unlawful; none when it is lawful."""
    changes = appearances(repository, proposal.base, *GOVERNING, *GOVERNING_FILES)
    first, *later = dict.fromkeys(appearance.commit for appearance in changes)
    if not later:
        return ()
    lawful, broken = governance(repository.tree(first)), ""
    entered = times(repository, proposal.base)
    for commit in later:
        ends = repository.commit(f"{commit}^"), commit
        parent, after = (governance(repository.tree(end)) for end in ends)
        if after == lawful:
            continue
        if parent == lawful and _authorised(repository, commit, when, entered[commit]):
            lawful = after
        elif parent == lawful:
            broken = commit
    stands = lawful in (governance(repository.tree(proposal.base)), governance(proposal.after))
    return (broken,) if broken and not stands else ()


def _authorised(repository: Repository, commit: CommitId, when: When, came: datetime) -> bool:
    """Whether a change of main has the signatures that its kind needs, judged by its parent."""
    parent = repository.commit(f"{commit}^")
    trusted = pinned(trust(repository.tree(parent)), repository, parent)
    after = repository.tree(commit)
    history = GitHistory(repository)
    changes = history.changes(parent, after)
    proposal = Proposed(parent, commit, after, changes, frozenset(), {}, history)
    change = change_of(proposal, entries_of(changes, after), trusted)
    left = governance_after(after, change, repository)
    change = replace(change, proposed=left.registers if isinstance(left, Trusted) else None)
    as_of = when(trusted.registers)
    situation = Entered(change, min(came, as_of))
    archive = assemble(trusted, after, situation, Clock(as_of), {}, frozenset(), history)
    own = judge_change(archive, trusted.rulebook, R13_7).own
    return not any(f.clause == R13_7 and f.effect is not Effect.NOTE for f in own)


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
        publication_name(p)[2] for p in records if p.rpartition("/")[2].startswith(beginnings)
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
