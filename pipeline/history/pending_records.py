"""Records on their way to main: what was signed or entered and is not merged yet.

Records come to main on branches of their own: of the desk one a person and day, of a terminal any
that holds nothing else. No one pushes to main past `verify`, so a record waits on its branch until
that is merged. Until then the desk reads main as if it were, and writes what follows a record to
the same branch.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from pipeline.model.calendar import local_date
from pipeline.model.ids import BranchName, CommitId
from pipeline.model.registers import Person
from pipeline.model.run import PerRun
from pipeline.source.content.paths import RECORDS
from pipeline.source.git.branches import MAIN, branches, local, own_changes, tip_of
from pipeline.source.git.repository import Repository

PREFIX = "records/"
_NO_ONE = ("sanshen", "sanshen@localhost", 0)


@dataclass(frozen=True)
class PendingRecords:
    """Main, and what branches of records bring to it."""

    repository: Repository = field(repr=False)
    main: CommitId
    head: CommitId
    """A commit of main with all of it, which no branch leads to; main's own without any."""
    branches: Mapping[str, BranchName]
    """Path of a new or completed record → the branch that brings it."""

    def branch_for(self, person: Person, now: datetime, paths: Collection[str] = ()) -> BranchName:
        """Where a person's record goes; `paths`: records that it completes or refers to.

        A branch that main holds already, or that holds one of them otherwise, takes no more: git
        could not merge it.
        """
        for path in paths:
            if path in self.branches:
                return self.branches[path]
        stem = f"{PREFIX}{local_date(now)}-{person.id}"
        ends = ("" if number == 1 else f"-{number}" for number in count(1))
        names = (BranchName(f"{stem}{end}") for end in ends)
        return next(name for name in names if self._takes(name, paths))

    def _takes(self, name: BranchName, paths: Collection[str]) -> bool:
        tip = tip_of(self.repository, name)
        if not tip:
            return True
        files, main = self.repository.tree(tip).files, self.repository.tree(self.main).files
        return name in self.branches.values() and all(
            path in files and files[path].oid == main[path].oid for path in paths
        )

    def same(self, branch: BranchName, path: str) -> dict[str, str]:
        """For `QueuedChange.same`: a record stands on its branch as it is read here."""
        tip = tip_of(self.repository, branch) or self.main
        files = self.repository.tree(tip).files
        return {path: files[path].oid if path in files else ""}


_cache: PerRun[Repository, dict[object, PendingRecords]] = PerRun(lambda _: {})


def pending_records(repository: Repository) -> PendingRecords:
    """What is on its way to main. Raises Fault when main cannot be read."""
    main, every = repository.base(MAIN), branches(repository).shared
    rows = ((local(branch), tip) for branch, tip in every.commits.items())  # a mirror has a main
    tips = {name: tip for name, tip in rows if name != MAIN and _brought(repository, main, tip)}
    key = main, *sorted(tips.items())
    cached = _cache(repository)
    if key not in cached:
        cached.clear()
        cached[key] = _read_branches(repository, main, tips)
    return cached[key]


def _read_branches(
    repository: Repository, main: CommitId, tips: Mapping[BranchName, CommitId]
) -> PendingRecords:
    files: dict[str, bytes | None] = {}
    homes: dict[str, BranchName] = {}
    for name, tip in sorted(tips.items(), key=lambda item: (item[0].startswith(PREFIX), *item)):
        for path in _brought(repository, main, tip):
            files[path], homes[path] = repository.tree(tip).read(path), name
    head = main
    if files:
        head = repository.commit_tree(repository.tree_with(main, files), (main,), "", _NO_ONE)
    return PendingRecords(repository, main, head, homes)


def _brought(repository: Repository, main: CommitId, tip: CommitId) -> list[str]:
    """Records that a branch adds or completes, where main did not touch them since.

    None of a branch that changes anything else. Its name says nothing: what is entered in a
    terminal lies on a branch that its writer named.
    """
    base, changes = own_changes(repository, main, tip)
    if not changes or any(c.status == "D" or not c.path.startswith(RECORDS) for c in changes):
        return []
    then, now = repository.tree(base).files, repository.tree(main).files
    return [c.path for c in changes if now.get(c.path) == then.get(c.path)]
