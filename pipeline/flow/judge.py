"""The three judgements: a working tree, a change, and what stands (design.md §3)."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.engine import judge_change, judge_governance, judge_periods, judge_post
from pipeline.errors import Fault
from pipeline.evidence.records import read_authorisations
from pipeline.evidence.roster import mandate_problems, succession_problems
from pipeline.evidence.statements import is_return
from pipeline.flow.assemble import Trusted, When, assemble, trust
from pipeline.flow.revocation import flagged, late_signatures, pinned
from pipeline.flow.verdict_rows import shared
from pipeline.model.archive import Archive, Change, Entry, Mode
from pipeline.model.findings import Effect, Finding, Location, Verdict, say
from pipeline.model.law import Rulebook
from pipeline.model.records import Expunged
from pipeline.model.reports import Report
from pipeline.source.history import Asked, History, handlers
from pipeline.source.messages import messages
from pipeline.source.paths import area_of
from pipeline.source.posts import POSTS
from pipeline.source.record_words import words_of_records
from pipeline.source.records import AUTHORISATIONS, REVIEWS, signed_files
from pipeline.source.repository import RawChange, Repository, Tree
from pipeline.source.worktree import work_tree
from pipeline.workers import spread

_POST_OF = re.compile(
    r"content/(?:posts/\d{4}/(?P<post>[^/]+)/|reviews/\d{4}/(?P<review>[^/]+)/"
    r"|records/publications/\d{4}/[^/]+?\.[^/]+?\.(?P<publication>[^/]+?)\.json"
    r"|records/corrections/\d{4}/(?P<correction>[^/]+?)\.r\d+\.yml"
    r"|records/waivers/\d{4}/(?P<waiver>[^/]+?)\.[0-9a-f]{12}\.json"
    r"|records/filings/\d{4}/(?P<filing>\d{4}-\d{2}-\d{2}-[a-z][^/]*?)\.yml)"
)
_GOVERNED = frozenset({"governance", "rules"})


def check(repository: Repository, only: frozenset[str] | None, when: When) -> Report:
    """Judge a writer's working tree; no base, so nothing is proven and no evidence expected."""
    tree = work_tree(repository)
    trusted = trust(tree)
    as_of = when(trusted.registers)
    archive = assemble(trusted, tree, Mode.DRAFT, as_of, {}, only)
    if only and (unknown := only - archive.post_ids):
        raise Fault(
            say("There is no post {post}.", post=min(unknown)),
            say("`sanshen status` lists the posts."),
        )
    verdicts = [_judge(post, archive, trusted.rulebook) for post in sorted(archive.posts)]
    if trusted.registers.problems:
        verdicts.append(judge_governance(archive, trusted.rulebook))
    return Report("check", as_of, "", "", tuple(verdicts), trusted.rulebook)


def standing(
    repository: Repository, head: str, when: When, expunged: Mapping[str, Expunged] | None = None
) -> tuple[Archive, Trusted]:
    """All that stands at a commit, read with the registers that stand there.

    `expunged`: posts that later signatures erased, when an early commit is looked at.
    """
    tree = repository.tree(head)
    trusted = pinned(trust(tree), repository, head)
    trusted = replace(trusted, expunged=expunged or {})
    handled = handlers(repository, head)
    return assemble(trusted, tree, Mode.STANDING, when(trusted.registers), handled), trusted


def verify_standing(repository: Repository, head: str, when: When, processes: int = 1) -> Report:
    """Judge everything that stands at a commit, as one change against itself."""
    archive, trusted = standing(repository, head, when)
    return Report(
        "verify",
        archive.as_of,
        head,
        head,
        judge_all(archive, trusted.rulebook, processes),
        trusted.rulebook,
    )


def judge_all(archive: Archive, rulebook: Rulebook, processes: int = 1) -> tuple[Verdict, ...]:
    """Verdicts of every post and of the registers, in a fixed order."""
    known: dict[Any, Any] = {}

    def judge(post: str) -> Verdict:
        return shared([judge_standing(post, archive, rulebook)], known)[0]

    posts = spread(sorted(archive.posts), judge, processes)
    return (*posts, judge_governance(archive, rulebook))


def judge_standing(post: str, archive: Archive, rulebook: Rulebook) -> Verdict:
    """One post of those that stand, with what is to be known of the keys that signed it."""
    found = _judge(post, archive, rulebook)
    return replace(found, extra=(*found.extra, *flagged(archive, post)))


def _judge(post: str, archive: Archive, rulebook: Rulebook) -> Verdict:
    """One post. Its evidence is read here: a fault of git's is no fault of a clause's."""
    _ = archive.approvals[post]
    return judge_post(archive.posts[post], archive, rulebook)


def verify_change(repository: Repository, base: str, head: str, when: When) -> Report:
    """Judge a proposal by the registers, rules and law of its base (threats A1, A14)."""
    trusted = pinned(trust(repository.tree(base)), repository, base)
    return change_report(repository, base, head, when, trusted)


def change_report(
    repository: Repository,
    base: str,
    head: str,
    when: When,
    trusted: Trusted,
    mode: Mode = Mode.CHANGE,
    entered: datetime | None = None,
    history: History | None = None,
) -> Report:
    """As `verify_change`, with the governance of the base already read.

    The audit looks in `Mode.STANDING`: what entered main without its signatures is not awaited,
    and overdue duties are judged at its end. `entered`: when the change came to main; None: now.
    `history`: where the past is known already.
    """
    history = history or Asked(repository)
    as_of = when(trusted.registers)
    after = history.merged(base, head)
    entries = _entries(history.changes(base, after), after)
    if not entries:
        return Report("verify", as_of, base, head, (), trusted.rulebook)
    touched = frozenset(posts_named(e.path for e in entries))
    change = _change(base, head, after, entries, trusted, history)
    if mode is Mode.CHANGE:  # what stands on main already can no longer be said otherwise
        change = replace(change, messages=messages(repository, base, head))
    proposed = _proposed(after, change, repository)
    if isinstance(proposed, Trusted):
        change = replace(change, proposed=proposed.registers)
    handled = history.handlers(head, (f"content/posts/{i[:4]}/{i}" for i in sorted(touched)))
    archive = assemble(trusted, after, mode, as_of, handled, touched, change, history, entered)
    posts = [_judge(post, archive, trusted.rulebook) for post in sorted(archive.posts)]
    # A signature that came alone is a problem of the statement it lacks.
    named = {p for e in entries for p in (e.path, e.path.removesuffix(".sig"))}
    whole = judge_change(archive, trusted.rulebook)
    whole = replace(
        whole,
        extra=(
            *trusted.registers.problems,
            *(f for f in archive.record_problems if f.location.path in named),
            *_spoiled(after, change, as_of, repository, trusted, proposed),
            *late_signatures(after, entries, trusted.registers, entered or as_of),
            *(_held(archive, trusted.rulebook) if mode is Mode.CHANGE else ()),
        ),
    )
    return Report("verify", as_of, base, head, (*posts, whole), trusted.rulebook)


def _entries(changes: Sequence[RawChange], after: Tree) -> tuple[Entry, ...]:
    stand = [c.path for c in changes if c.status != "D"]
    after.files.complete(*sorted({p.rpartition("/")[0] for p in stand if "/" in p}))
    after.prepare(stand)
    return tuple(
        Entry(
            c.path,
            c.status,
            area_of(c.path),
            hashlib.sha256(after.read(c.path)).hexdigest()
            if c.status != "D" and after.files[c.path].mode in ("100644", "100755")
            else "",
            c.mode,
        )
        for c in changes
    )


def posts_named(paths: Iterable[str]) -> Iterable[str]:
    """Ids of the posts that files belong to."""
    for path in paths:
        found = _POST_OF.match(path)
        if found:
            yield next(filter(None, found.groups()))


def _change(
    base: str,
    head: str,
    after: Tree,
    entries: tuple[Entry, ...],
    trusted: Trusted,
    history: History,
) -> Change:
    new = [e.path for e in entries if e.path.startswith(AUTHORISATIONS) and e.status == "A"]
    authorisations, problems = read_authorisations(
        signed_files(after, new), trusted.registers, trusted.statements["authorisation"]
    )
    gone = history.transient(base, head, after)
    returns = [
        p
        for p, oids in sorted(gone.items())
        if p.startswith(REVIEWS) and any(is_return(after.repository.blob(oid)) for oid in oids)
    ]
    passing = tuple(sorted(p for p in gone if p.startswith(POSTS) and p not in after.files))
    spoiled = (*problems, *map(_removed_return, returns))
    words = words_of_records(after, entries)
    return Change(base, head, entries, passing, authorisations, spoiled, words=words)


def _removed_return(path: str) -> Finding:
    return Finding(
        "R11-5",
        Effect.REFUSE,
        say("A signed return was taken away or replaced inside this proposal."),
        Location(path),
        say("Restore it, and answer it with a new revision."),
    )


def _proposed(after: Tree, change: Change, repository: Repository) -> Trusted | Fault | None:
    """The governance as a change would leave it; why it cannot judge; None: it stays as it is."""
    if not change.areas & _GOVERNED:
        return None
    try:
        return pinned(trust(after), repository, change.base)
    except Fault as fault:
        return fault


def _spoiled(
    after: Tree,
    change: Change,
    as_of: datetime,
    repository: Repository,
    trusted: Trusted,
    proposed: Trusted | Fault | None,
) -> tuple[Finding, ...]:
    """What a change of governance or rules would break: succession, registers, standing posts."""
    if proposed is None:
        return ()
    path = min(e.path for e in change.entries if e.area in _GOVERNED)
    again = say("Correct the change, and have it authorised again.")
    if isinstance(proposed, Fault):
        remedy = proposed.remedy or again
        return (Finding("R13-7", Effect.REFUSE, proposed.message, Location(path), remedy),)
    try:
        handled = handlers(repository, change.head)
        archive = assemble(proposed, after, Mode.STANDING, as_of, handled)
        refused = [v for v in judge_all(archive, proposed.rulebook) if v.decision is Effect.REFUSE]
    except (TypeError, ValueError, KeyError, AttributeError):
        # A schema that says nothing leaves values untyped: what it lets in cannot be judged.
        message = say("What stands cannot be judged by the schemas this change proposes.")
        return (Finding("R13-7", Effect.REFUSE, message, Location(path), again),)
    return (
        *succession_problems(trusted.registers, proposed.registers),
        *mandate_problems(
            trusted.registers, proposed.registers, {a.person for a in change.authorisations}
        ),
        *(f for v in refused for f in v.findings if f.effect is Effect.REFUSE),
    )


def _held(archive: Archive, rulebook: Rulebook) -> tuple[Finding, ...]:
    """An overdue duty holds a change, but never one that heals it, nor an alert (design.md §7)."""
    if not archive.posts or any(p.kind == "alert" for p in archive.posts.values()):
        return ()
    served = {a for p in archive.posts.values() for a in p.accounts}
    # A policy that lacks the parameter is refused for that; here every duty then holds.
    stated = "gate.duties" in archive.registers.policy.parameters
    gates = archive.registers.parameter("gate.duties", archive.today) if stated else None
    return tuple(
        replace(f, effect=Effect.HOLD)
        for f in judge_periods(archive, rulebook, gates).findings
        if f.effect is Effect.REFUSE and f.owes not in served
    )
