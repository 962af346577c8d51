"""A writer's working tree with the interface of a git tree (`sanshen check` judges it)."""

import os
import re
import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.model.ids import CommitId
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree, name_of
from pipeline.source.git.tree_listing import Blob, Listing, Row

_TOPS = ("content", "mkdocs.yml", "program.lock", "rules", "schemas", "site")
"""What is judged, what names the program and the rules that judge it (0069), and the theme."""
_WITHIN = tuple(f"{top}/" for top in _TOPS)
_ABOVE = frozenset(_TOPS)
Child = tuple[str, bool]
"""A path, and whether a folder stands there (a symbolic link is none)."""


@dataclass(frozen=True)
class WorkTree:
    """Files on disk that git tracks or would add, symbolic links as links."""

    root: Path
    files: Listing

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises KeyError when there is none."""
        if self.files[path].mode != "100644":
            raise KeyError(path)
        return (self.root / path).read_bytes()


def work_tree(repository: Repository) -> WorkTree:
    """What is judged in the working tree, and the rules it carries; ignored files left out.

    Folders are listed lazily: a draft has nothing to do with most of them.
    """
    return WorkTree(repository.root, Listing(_Disk(repository, _listed(repository)).find))


def _listed(repository: Repository, *options: str, under: str = "") -> list[bytes]:
    """Paths that `git ls-files` names below a folder, or below all that is judged, in order; few of
    a large archive's are ever looked at, so they stay bytes."""
    paths = [f":(top,literal){path}" for path in ([under] if under else _TOPS)]
    raw = repository.git("ls-files", "-z", "--full-name", *options, "--", *paths)
    return sorted(raw.split(b"\0")[:-1])


@dataclass(frozen=True)
class _Disk:
    """What stands on disk and git tracks or would add."""

    repository: Repository
    tracked: list[bytes]

    def _first(self, path: str) -> str:
        """The first tracked path from here on; empty when there is none."""
        at = bisect_left(self.tracked, path.encode("utf-8", "surrogateescape"))
        return name_of(b"".join(self.tracked[at : at + 1]))

    def find(self, folders: Iterable[str], deep: bool) -> Iterator[Row]:
        """As `Listing.find`; git is asked again only about a folder with files it does not know."""
        for folder in folders:
            strange = False
            for child in self._children(folder):
                for path in self._files(*child) if deep else self._some(*child):
                    strange |= not (tracked := self._first(path) == path)
                    if tracked:
                        yield from self._row(folder, path, deep)
                        if not deep and path != child[0]:
                            break  # one file is enough to know that it is a folder
            options = ("--others", "--exclude-standard")
            for name in _listed(self.repository, *options, under=folder) if strange else ():
                yield from self._row(folder, name_of(name), deep)

    def _row(self, folder: str, path: str, deep: bool) -> Iterator[Row]:
        start = len(folder) + 1 if folder else 0
        end = -1 if deep else path.find("/", start)
        if end >= 0:
            yield path[:end], None
        elif blob := _blob(f"{self.repository.root}/{path}"):
            yield path, blob

    def _children(self, folder: str) -> list[Child]:
        """What lies in a folder that is judged and that no symbolic link leads to."""
        parts = folder.split("/")
        way = [self.repository.root.joinpath(*parts[: n + 1]) for n in range(len(parts))]
        real = way[-1].is_dir() and not any(step.is_symlink() for step in way)
        return self._inside(folder) if real else []

    def _inside(self, folder: str) -> list[Child]:
        above = f"{folder}/" if folder else ""
        with os.scandir(f"{self.repository.root}/{folder}") as entries:
            children = ((above + e.name, e.is_dir(follow_symlinks=False)) for e in entries)
            return sorted(c for c in children if c[0].startswith(_WITHIN) or c[0] in _ABOVE)

    def _some(self, path: str, is_folder: bool) -> Iterator[str]:
        """As `_files`; of a folder below which a file is tracked and stands, this one alone."""
        first = self._first(f"{path}/")
        if is_folder and first.startswith(f"{path}/") and self._stands(first, path.count("/") + 1):
            return iter((first,))
        return self._files(path, is_folder)

    def _stands(self, path: str, depth: int) -> bool:
        """Whether a file is there, and no symbolic link below this depth leads to it."""
        root, parts = self.repository.root, path.split("/")
        above = (root.joinpath(*parts[:n]) for n in range(depth + 1, len(parts)))
        return os.path.lexists(root / path) and not any(step.is_symlink() for step in above)

    def _files(self, path: str, is_folder: bool) -> Iterator[str]:
        """A file's own path, or the paths of all files in a folder."""
        todo = [(path, is_folder)]
        while todo:
            inner, deeper = todo.pop()
            # A folder that git tracks as a file is a repository of its own, or replaced a file.
            if not deeper or self._first(inner) == inner:
                yield inner
            if deeper:
                todo += reversed(self._inside(inner))


def _blob(path: str) -> Blob | None:
    try:
        status = os.lstat(path)  # for so many files pathlib takes longer than lstat itself
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
    files: Listing

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises KeyError when there is none."""
        return self.working.read(path) if path.startswith(_SIGNED) else self.committed.read(path)


_SIGNED = ("content/reviews/", "content/records/")
_DRAFT = re.compile(r"/\.[^/]+\.new$")
"""What a killed writer leaves behind (`sign.write_record`); the next one takes it away."""


def overlay(repository: Repository, commit: CommitId) -> Overlay:
    """The archive a signer works on: committed posts and registers, fresh records."""
    committed, working = repository.tree(commit), work_tree(repository)
    return Overlay(committed, working, Listing(partial(_laid, committed.files, working.files)))


def _laid(
    committed: Listing, working: Listing, folders: Iterable[str], deep: bool
) -> Iterator[Row]:
    """What stands in these folders: what is signed in the working tree, all else in the commit."""
    asked = [*folders]
    for files, fresh in ((committed, False), (working, True)):
        some = [f for f in asked if _signed(f) is fresh or _above(f)]
        if deep:
            files.complete(*some)
        for folder in some:
            inner = () if deep else files.folders(folder)
            for path in files.under(folder) if deep else files.beginning(folder, ""):
                if _signed(path) is fresh and not (fresh and _DRAFT.search(path)):
                    yield path, files[path]
            for path in (f"{folder}/{name}" if folder else name for name in inner):
                if _signed(path) is fresh or _above(path):
                    yield path, None


def _signed(path: str) -> bool:
    return f"{path}/".startswith(_SIGNED)


def _above(folder: str) -> bool:
    """Whether what is signed lies somewhere below."""
    return any(area.startswith(f"{folder}/" if folder else "") for area in _SIGNED)


@dataclass(frozen=True)
class EditedTree:
    """A commit's files, with some on top that git does not hold: a draft as it is being written."""

    committed: Tree
    edits: Mapping[str, bytes | None]
    """Path → bytes; None takes the file away."""
    files: Listing

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises KeyError when there is none."""
        raw = self.edits.get(path)
        return self.committed.read(path) if raw is None else raw


def edited(committed: Tree, edits: Mapping[str, bytes | None]) -> EditedTree:
    """A commit's files with edits; nothing is written."""
    return EditedTree(committed, edits, Listing(partial(_edited, committed.files, edits)))


def _edited(
    committed: Listing, edits: Mapping[str, bytes | None], folders: Iterable[str], deep: bool
) -> Iterator[Row]:
    for folder in folders:
        start = f"{folder}/" if folder else ""
        for path in committed.under(start) if deep else committed.beginning(folder, ""):
            if path not in edits:
                yield path, committed[path]
        for name in () if deep else committed.folders(folder):
            yield start + name, None
        for path, raw in edits.items():
            if path.startswith(start) and raw is not None:
                child, *below = path[len(start) :].split("/")
                inner = bool(below) and not deep
                yield (start + child, None) if inner else (path, Blob("100644", "", len(raw)))
