"""What of a change needs the consent of two, and who consented to it as it stands (R13-7)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import PurePath

from pipeline.errors import Fault
from pipeline.judge.load_governance import Trusted, governs, trust
from pipeline.law.engine import judge_change
from pipeline.model.archive import Archive, Change, Entry, OnBranch
from pipeline.model.calendar import Clock, local_date
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import NO_COMMIT, NO_DIGEST, Digest, PersonId, PostId, sha256_of
from pipeline.model.registers import Registers
from pipeline.source.content.paths import Files, area_of
from pipeline.source.content.records import AUTHORISATIONS, paths_under
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree


def governed(
    repository: Repository,
    base: str,
    registers: Registers,
    now: datetime,
    acknowledges: Collection[str] = (),
    head: str = "HEAD",
) -> tuple[Tree, list[RawChange]]:
    """(what main would hold, the files in it that need consent): as `verify` will see them.

    Main may have gone on since the branch began; that is no part of the change. Raises Fault when
    nothing needs a consent.
    """
    line = repository.base(base)
    after = repository.tree(repository.merged(line, repository.commit(head)))
    areas = registers.parameter("change.signed_areas", local_date(now))
    changes = repository.changes(line, after.oid)
    changed = [c for c in changes if area_of(c.path) in areas]
    if not changed and not acknowledges:
        raise Fault(
            say("Nothing between {base} and HEAD needs an authorisation.", base=base),
            say("Commit the change to a branch first, and name its base with --base."),
        )
    return after, changed


def consents(after: Tree, changed: Iterable[RawChange]) -> list[PersonId]:
    """Ids of the people whose consent to exactly this change lies in the tree that it makes."""
    mark = consented(after, changed, ())[2]
    paths = (PurePath(p) for p in paths_under(after, AUTHORISATIONS))
    return sorted(
        {PersonId(p.stem) for p in paths if p.suffix == ".json" and p.parent.name[11:] == mark}
    )


def consented(
    after: Files, changed: Iterable[RawChange], acknowledges: tuple[str, ...]
) -> tuple[dict[str, Digest], list[str], str]:
    """(path → sha256 of what stays, paths that go, a short digest of it all)."""
    subject = {c.path: sha256_of(after.read(c.path)) for c in changed if c.status != "D"}
    removed = sorted(c.path for c in changed if c.status == "D")
    consented = repr((sorted(subject.items()), removed, acknowledges)).encode()
    return subject, removed, sha256_of(consented)[:8]


def registers_left(after: Tree, changed: Iterable[RawChange]) -> Registers | None:
    """The registers that a change leaves; None: it touches none, or they cannot be read."""
    if not any(governs(c.path) for c in changed):
        return None
    try:
        return trust(after, to_come=True).registers
    except Fault:
        return None


def objections(old: Trusted, new: Trusted, path: str, now: datetime) -> Iterator[Finding]:
    """What clauses refuse of a register as a proposal would leave it, before anyone signs."""
    change = Change(
        NO_COMMIT, NO_COMMIT, (Entry(path, "M", "governance", NO_DIGEST),), proposed=new.registers
    )
    clock, none = Clock(now), frozenset[PostId]()
    archive = Archive(OnBranch(change), clock, old.registers, {}, none, {}, (), ())
    return (f for f in judge_change(archive, old.rulebook).findings if f.effect is Effect.REFUSE)
