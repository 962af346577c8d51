"""A change of main, or one that is proposed: its entries, authorisations and what it governs."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.errors import Fault
from pipeline.evidence.review.records import read_authorisations
from pipeline.evidence.review.statements import is_return
from pipeline.judge.load_governance import Trusted, log_renamed, pinned, rules_gone, trust
from pipeline.model.archive import RELAYS, Archive, Change, Entry
from pipeline.model.clock import Clock
from pipeline.model.filings import KIND as FILINGS
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.source.content.paths import area_of
from pipeline.source.content.post_paths import home
from pipeline.source.content.records import (
    AUTHORISATIONS,
    REVIEWS,
    kind_of_record,
    read_records,
    record_kinds,
    signed_files,
    words_of_records,
)
from pipeline.source.git.proposed import CommitMessage, Proposed, committed, posts_named
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import files_under

GOVERNED = frozenset({"governance", "rules"})
AHEAD = timedelta(minutes=10)
"""How far a commit may be dated after the run that judges it: clocks differ."""


def entries_of(changes: Sequence[RawChange], after: Tree) -> tuple[Entry, ...]:
    """What a change does to each path; the files that stand after it are read in one go."""
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


def named_in_records(tree: Tree, trusted: Trusted, changes: Sequence[RawChange]) -> set[str]:
    """The posts that changed relays and filed forms name in a tree: these are judged by them."""
    found: set[str] = set()
    for kind in {RELAYS, FILINGS} & {*record_kinds(trusted.schemas)}:
        paths = [c.path for c in changes if kind_of_record(c.path) == kind and c.path in tree.files]
        for record in read_records(tree, trusted.schemas, kind, paths)[0]:
            named = record.value.get("items", [record.value])
            found |= {item["post"] for item in named if "post" in item}
    return found


def with_named(told: Proposed, trusted: Trusted) -> Proposed:
    """A change that touches the posts which its relays and filed forms name, too."""
    more = named_in_records(told.after, trusted, told.changes) - told.touched
    if not more:
        return told
    handlers = told.history.handlers(told.head, map(home, sorted(more)))
    return replace(told, touched=told.touched | more, handlers={**told.handlers, **handlers})


def amiss(archive: Archive, entries: Iterable[Entry]) -> Iterator[Finding]:
    """What is wrong with files of a change, and with any of a post whose erasing it signs."""
    # A signature that came alone is a problem of the statement it lacks.
    named = {p for e in entries for p in (e.path, e.path.removesuffix(".sig"))}
    erased = {post for post, e in archive.expunged.items() if not named.isdisjoint(e.paths)}
    for found in archive.record_problems:
        path = found.location.path
        if path in named or not erased.isdisjoint(posts_named([path])):
            yield found


def dated_ahead(
    repository: Repository,
    told: Proposed,
    said: Iterable[CommitMessage],
    trusted: Trusted,
    clock: Clock,
    entered: datetime | None,
) -> tuple[Finding, ...]:
    """Commits of a proposal that claim a time to come, or one that main holds already.

    By such a claim all that comes later would be judged as if it came then. `said`: by the commits
    of a proposal; `entered`: the latest claim on main so far. A demo's time stands still.
    """
    if trusted.registers.policy.archive.get("demo"):
        return ()
    if entered is not None:
        if clock.reached(entered, AHEAD):
            return ()
        said = (CommitMessage(told.head, committed(repository, told.head), ""),)
    latest = (clock.now + AHEAD).timestamp()
    return tuple(
        Finding(
            "R13-7",
            Effect.REFUSE,
            say("Commit {commit} is dated in the future.", commit=each.commit[:12]),
            Location(""),
            say("Set the clock right and make the commit anew: git commit --amend --no-edit."),
        )
        for each in said
        if each.seconds > latest and each.commit not in told.undated
    )


def _undated(commit: str) -> Finding:
    """A time that git cannot read; nothing would tell when the change entered main."""
    return Finding(
        "R13-7",
        Effect.REFUSE,
        say("Commit {commit} does not say readably when it was made.", commit=commit[:12]),
        Location(""),
        say("Make it anew: `git commit --amend --reset-author`."),
    )


def change_of(told: Proposed, entries: tuple[Entry, ...], trusted: Trusted) -> Change:
    """A change as a value: entries, authorisations, what came and went inside it."""
    base, head, after = told.base, told.head, told.after
    new = [e.path for e in entries if e.path.startswith(AUTHORISATIONS) and e.status == "A"]
    used = _used_before(after, new)
    fresh = [path for path in new if path.removesuffix(".sig") not in used]
    authorisations, problems = read_authorisations(
        signed_files(after, fresh), trusted.registers, trusted.statements["authorisation"]
    )
    gone = told.history.transient(base, head, after)
    returns = [
        p
        for p, oids in sorted(gone.items())
        if p.startswith(REVIEWS) and any(is_return(after.repository.blob(oid)) for oid in oids)
    ]
    passing = tuple(sorted(p for p in gone if p not in after.files))
    spoiled = (
        *map(_undated, told.undated),
        *problems,
        *map(_consent_used, used),
        *map(_removed_return, returns),
    )
    words = words_of_records(after, entries)
    return Change(base, head, entries, passing, authorisations, spoiled, words=words)


def _used_before(after: Tree, new: Iterable[str]) -> list[str]:
    """New authorisations that stand elsewhere already, byte for byte: a consent brings in its files
    once, or whoever copies it could put back what was changed by two signatures since (A24)."""
    signed = {path: after.files[path].oid for path in new if path.endswith(".json")}
    paths = files_under(after.files, AUTHORISATIONS) if signed else ()
    stood = {after.files[path].oid for path in paths if path not in signed}
    return sorted(path for path, oid in signed.items() if oid in stood)


def _consent_used(path: str) -> Finding:
    return Finding(
        "R13-7",
        Effect.REFUSE,
        say("This consent was given to an earlier change and is used up."),
        Location(path),
        say("Remove it, and have the change authorised as it stands now."),
    )


def _removed_return(path: str) -> Finding:
    return Finding(
        "R11-5",
        Effect.REFUSE,
        say("A signed return was taken away or replaced inside this proposal."),
        Location(path),
        say("Restore it, and answer it with a new revision."),
    )


def taken_away(before: Tree, after: Tree, trusted: Trusted, proposed: Trusted) -> Iterator[Finding]:
    """What neither history nor a reader can do without: the log's name, the rule of an article."""
    yield from log_renamed(trusted.registers, proposed.registers, after.files)
    yield from rules_gone(before, after, trusted.rulebook, proposed.rulebook)


def governance_after(after: Tree, change: Change, repository: Repository) -> Trusted | Fault | None:
    """The governance as a change would leave it; why it cannot judge; None: it stays as it is."""
    if not change.areas & GOVERNED:
        return None
    try:
        return pinned(trust(after, to_come=True), repository, change.base)
    except Fault as fault:
        return fault
