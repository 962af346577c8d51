"""One tree of the repository: its files, listed and read when somebody asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.source.listing import REGULAR, Listing
from pipeline.source.objects import Objects

AT_ONCE = 100_000
"""Bytes of a file that is read before somebody asks for it by name."""
MANY = 400
"""Folders that are sooner listed with all that lies beside them than by their names."""


class Store(Protocol):
    """What a tree asks of its repository."""

    @property
    def objects(self) -> Objects: ...

    def git(self, command: str, *arguments: str) -> bytes: ...

    def blob(self, oid: str) -> bytes: ...


@dataclass(frozen=True)
class Tree:
    """All files of one tree object, listed and read when they are asked for."""

    repository: Store
    oid: str
    files: Listing
    _names: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """Folder → the names of all files below it, where `holding` asked for them."""

    def read(self, path: str) -> bytes:
        """The stored bytes of a regular file. Raises KeyError when there is none."""
        blob = self.files[path]
        if blob.mode not in REGULAR:
            raise KeyError(path)
        return self.repository.blob(blob.oid)

    def holding(self, folder: str, words: Iterable[str]) -> set[str]:
        """Paths below a folder that hold one of these words, out of any number of others."""
        if folder not in self._names:
            self._names[folder] = self.repository.git(
                "ls-tree", "-r", "-z", "--full-tree", "--name-only", self.oid, "--", folder
            )
        raw = self._names[folder]
        found: set[str] = set()
        for word in map(str.encode, words):
            at = raw.find(word)
            while at >= 0:
                end = raw.find(b"\0", at)
                found.add(name_of(raw[raw.rfind(b"\0", 0, at) + 1 : end]))
                at = raw.find(word, end)
        return found

    def expect(self, paths: Iterable[str]) -> None:
        """List the folders of these files in one go, because they will be asked for."""
        folders = {path.rpartition("/")[0] for path in paths}
        if len(folders) > MANY:
            folders = {"/".join(folder.split("/")[:2]) for folder in folders}
        self.files.complete(*sorted(folders))

    def prepare(self, paths: Iterable[str]) -> None:
        """Read these files in one go, because they will be asked for."""
        blobs = [self.files[p] for p in paths]
        self.repository.objects.prepare(
            b.oid for b in blobs if b.mode in REGULAR and b.size <= AT_ONCE
        )


def name_of(path: bytes) -> str:
    """A path as text; bytes that are no UTF-8 stay visible as surrogates and are refused later."""
    return path.decode("utf-8", "surrogateescape")
