"""A writer's working tree with the same face as a git tree (`sanshen check` judges it)."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.source.listing import Blob, Listing
from pipeline.source.repository import Repository, Tree, name_of


@dataclass(frozen=True)
class WorkTree:
    """Files on disk that git tracks or would add, symbolic links as links."""

    root: Path
    files: Mapping[str, Blob]

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises KeyError when there is none."""
        if self.files[path].mode != "100644":
            raise KeyError(path)
        return (self.root / path).read_bytes()


def work_tree(repository: Repository) -> WorkTree:
    """List what is judged in the working tree (content and schemas), ignored files left out."""
    raw = repository.git(
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--full-name",
        "--",
        ":/content",
        ":/schemas",
    )
    names = sorted({name_of(t) for t in raw.split(b"\0") if t})
    # In this order a file that git knows gives way to the folder that took its place.
    found = ((name, _blob(f"{repository.root}/{name}")) for name in names)
    return WorkTree(repository.root, Listing.of({name: blob for name, blob in found if blob}))


def _blob(path: str) -> Blob | None:
    try:
        status = os.lstat(path)  # pathlib takes longer than the system for so many files
    except OSError:
        return None
    if stat.S_ISLNK(status.st_mode):
        return Blob("120000", "", status.st_size)
    if not stat.S_ISREG(status.st_mode):
        return Blob("040000", "", 0)
    return Blob("100644", "", status.st_size)


@dataclass(frozen=True)
class Overlay:
    """A commit's files, with the evidence and records that lie in the working tree on top."""

    committed: Tree
    working: WorkTree
    files: dict[str, Blob]

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises KeyError when there is none."""
        return self.working.read(path) if path.startswith(_SIGNED) else self.committed.read(path)


_SIGNED = ("content/reviews/", "content/records/")


def overlay(repository: Repository, commit: str) -> Overlay:
    """The archive a signer works on: committed posts and registers, fresh records."""
    committed, working = repository.tree(commit), work_tree(repository)
    files = {p: b for p, b in committed.files.items() if not p.startswith(_SIGNED)}
    files |= {p: b for p, b in working.files.items() if p.startswith(_SIGNED)}
    return Overlay(committed, working, files)
