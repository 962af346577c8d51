"""A change of main, or one that is proposed: its entries, authorisations and what it governs."""

import hashlib
from collections.abc import Sequence

from pipeline.errors import Fault
from pipeline.evidence.records import read_authorisations
from pipeline.evidence.statements import is_return
from pipeline.flow.revocation import pinned
from pipeline.flow.trusted import Trusted, trust
from pipeline.model.archive import Change, Entry
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.source.paths import area_of
from pipeline.source.places import POSTS
from pipeline.source.proposed import Proposed
from pipeline.source.record_words import words_of_records
from pipeline.source.records import AUTHORISATIONS, REVIEWS, signed_files
from pipeline.source.repository import RawChange, Repository
from pipeline.source.tree import Tree

GOVERNED = frozenset({"governance", "rules"})


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


def change_of(told: Proposed, entries: tuple[Entry, ...], trusted: Trusted) -> Change:
    """A change as a value: entries, authorisations, what came and went inside it."""
    base, head, after = told.base, told.head, told.after
    new = [e.path for e in entries if e.path.startswith(AUTHORISATIONS) and e.status == "A"]
    authorisations, problems = read_authorisations(
        signed_files(after, new), trusted.registers, trusted.statements["authorisation"]
    )
    gone = told.history.transient(base, head, after)
    returns = [
        p
        for p, oids in sorted(gone.items())
        if p.startswith(REVIEWS) and any(is_return(after.repository.blob(oid)) for oid in oids)
    ]
    passing = tuple(sorted(p for p in gone if p.startswith(POSTS) and p not in after.files))
    spoiled = (*told.problems, *problems, *map(_removed_return, returns))
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


def governance_after(after: Tree, change: Change, repository: Repository) -> Trusted | Fault | None:
    """The governance as a change would leave it; why it cannot judge; None: it stays as it is."""
    if not change.areas & GOVERNED:
        return None
    try:
        return pinned(trust(after), repository, change.base)
    except Fault as fault:
        return fault
