"""A change of main, or one that is proposed: its entries, authorisations and what it governs.

The governance that judges it came to main lawfully, or the proposal is held (threats A20).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.errors import Fault
from pipeline.evidence.review.records import read_authorisations
from pipeline.evidence.review.statements import is_return
from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import (
    GOVERNING,
    GOVERNING_FILES,
    Trusted,
    When,
    governance,
    pinned,
    trust,
)
from pipeline.law.engine import judge_change
from pipeline.model.archive import GOVERNED, Archive, Change, Entered, Entry
from pipeline.model.calendar import Clock
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.ids import NO_DIGEST, R11_5, R13_7, CommitId, PostId, sha256_of
from pipeline.model.part import program
from pipeline.model.records import PUBLICATION
from pipeline.source.content.paths import area_of, home
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
from pipeline.source.git.history import GitHistory
from pipeline.source.git.proposed import Proposed, posts_named
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import files_under


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
