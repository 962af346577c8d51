"""The three judgements: a working tree, a change, and what stands (design.md §3)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pipeline.engine import judge_change, judge_governance, judge_periods, judge_post
from pipeline.errors import Fault
from pipeline.evidence.records import read_authorisations
from pipeline.evidence.roster import succession_problems
from pipeline.evidence.statements import is_return
from pipeline.flow.assemble import Trusted, When, assemble, trust
from pipeline.model.archive import Archive, Change, Entry, Mode
from pipeline.model.findings import Effect, Finding, Location, Verdict, say
from pipeline.model.law import Rulebook
from pipeline.model.reports import Report
from pipeline.source.history import handlers, transient
from pipeline.source.paths import area_of
from pipeline.source.posts import POSTS
from pipeline.source.records import AUTHORISATIONS, REVIEWS, signed_files
from pipeline.source.repository import Repository, Tree
from pipeline.source.worktree import work_tree

_POST_OF = re.compile(
    r"content/(?:posts/\d{4}/(?P<post>[^/]+)/|reviews/\d{4}/(?P<review>[^/]+)/"
    r"|records/publications/\d{4}/[^/]+?\.[^/]+?\.(?P<publication>[^/]+?)\.json"
    r"|records/corrections/\d{4}/(?P<correction>[^/]+?)\.r\d+\.yml)"
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
    verdicts = [judge_post(p, archive, trusted.rulebook) for _, p in sorted(archive.posts.items())]
    if trusted.registers.problems:
        verdicts.append(judge_governance(archive, trusted.rulebook))
    return Report("check", as_of, "", "", tuple(verdicts), trusted.rulebook)


def standing(repository: Repository, head: str, when: When) -> tuple[Archive, Trusted]:
    """All that stands at a commit, read with the registers that stand there."""
    tree = repository.tree(head)
    trusted = trust(tree)
    handled = handlers(repository, head)
    return assemble(trusted, tree, Mode.STANDING, when(trusted.registers), handled), trusted


def verify_standing(repository: Repository, head: str, when: When) -> Report:
    """Judge everything that stands at a commit, as one change against itself."""
    archive, trusted = standing(repository, head, when)
    return Report(
        "verify",
        archive.as_of,
        head,
        head,
        judge_all(archive, trusted.rulebook),
        trusted.rulebook,
    )


def judge_all(archive: Archive, rulebook: Rulebook) -> tuple[Verdict, ...]:
    """Verdicts of every post and of the registers, in a fixed order."""
    posts = tuple(judge_post(p, archive, rulebook) for _, p in sorted(archive.posts.items()))
    return (*posts, judge_governance(archive, rulebook))


def verify_change(repository: Repository, base: str, head: str, when: When) -> Report:
    """Judge a proposal by the registers, rules and law of its base (threats A1, A14)."""
    return change_report(repository, base, head, when, trust(repository.tree(base)))


def change_report(
    repository: Repository,
    base: str,
    head: str,
    when: When,
    trusted: Trusted,
    mode: Mode = Mode.CHANGE,
) -> Report:
    """As `verify_change`, with the governance of the base already read.

    The audit looks in `Mode.STANDING`: what entered main without its signatures is not awaited.
    """
    as_of = when(trusted.registers)
    after = repository.tree(repository.merged(base, head))
    entries = _entries(repository, base, after)
    if not entries:
        return Report("verify", as_of, base, head, (), trusted.rulebook)
    touched = frozenset(_touched(entries))
    change = _change(repository, base, head, after, entries, trusted)
    folders = [f"content/posts/{i[:4]}/{i}" for i in sorted(touched)]
    handled = handlers(repository, head, paths=folders) if folders else {}
    archive = assemble(trusted, after, mode, as_of, handled, touched, change)
    posts = [judge_post(p, archive, trusted.rulebook) for _, p in sorted(archive.posts.items())]
    whole = judge_change(archive, trusted.rulebook)
    whole = replace(
        whole,
        extra=(
            *trusted.registers.problems,
            *(f for f in archive.record_problems if f.location.path in {e.path for e in entries}),
            *_spoiled(after, change, as_of, repository, trusted),
            *_held(judge_periods(archive, trusted.rulebook), archive),
        ),
    )
    return Report("verify", as_of, base, head, (*posts, whole), trusted.rulebook)


def _entries(repository: Repository, base: str, after: Tree) -> tuple[Entry, ...]:
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
        for c in repository.changes(base, after.oid)
    )


def _touched(entries: Iterable[Entry]) -> Iterable[str]:
    """Ids of the posts that a change's files belong to."""
    for entry in entries:
        found = _POST_OF.match(entry.path)
        if found:
            yield next(filter(None, found.groups()))


def _change(
    repository: Repository,
    base: str,
    head: str,
    after: Tree,
    entries: tuple[Entry, ...],
    trusted: Trusted,
) -> Change:
    new = [e.path for e in entries if e.path.startswith(AUTHORISATIONS) and e.status == "A"]
    authorisations, problems = read_authorisations(
        signed_files(after, new), trusted.registers, trusted.statements["authorisation"]
    )
    gone = transient(repository, base, head, after)
    returns = [
        p
        for p, oids in sorted(gone.items())
        if p.startswith(REVIEWS) and any(is_return(repository.blob(oid)) for oid in oids)
    ]
    passing = tuple(sorted(p for p in gone if p.startswith(POSTS) and p not in after.files))
    return Change(
        base, head, entries, passing, authorisations, (*problems, *map(_removed_return, returns))
    )


def _removed_return(path: str) -> Finding:
    return Finding(
        "R11-5",
        Effect.REFUSE,
        say("A signed return was taken away or replaced inside this proposal."),
        Location(path),
        say("Restore it, and answer it with a new revision."),
    )


def _spoiled(
    after: Tree, change: Change, as_of: datetime, repository: Repository, trusted: Trusted
) -> tuple[Finding, ...]:
    """What a change of governance or rules would break: succession, registers, standing posts."""
    if not change.areas & _GOVERNED:
        return ()
    try:
        proposed = trust(after)
    except Fault as fault:
        path = min(e.path for e in change.entries if e.area in _GOVERNED)
        remedy = fault.remedy or say("Correct the change, and have it authorised again.")
        return (Finding("R13-7", Effect.REFUSE, fault.message, Location(path), remedy),)
    archive = assemble(proposed, after, Mode.STANDING, as_of, handlers(repository, change.head))
    refused = [v for v in judge_all(archive, proposed.rulebook) if v.decision is Effect.REFUSE]
    return (
        *succession_problems(trusted.registers, proposed.registers),
        *(f for v in refused for f in v.findings if f.effect is Effect.REFUSE),
    )


def _held(periods: Verdict, archive: Archive) -> tuple[Finding, ...]:
    """An overdue duty holds a change, but never one that heals it, nor an alert (design.md §7)."""
    if not archive.posts or any(p.kind == "alert" for p in archive.posts.values()):
        return ()
    served = {a for p in archive.posts.values() for a in p.accounts}
    # A policy that lacks the parameter is refused for that; here every duty then holds.
    stated = "gate.duties" in archive.registers.policy.parameters
    gates = archive.registers.parameter("gate.duties", archive.today) if stated else ()
    return tuple(
        replace(f, effect=Effect.HOLD)
        for f in periods.findings
        if f.effect is Effect.REFUSE and (f.clause in gates or not stated) and f.owes not in served
    )
