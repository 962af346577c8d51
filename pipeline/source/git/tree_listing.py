"""The files of a tree by path, folders listed lazily.

A change of one post asks for a dozen folders, whatever the archive holds besides; listing all of
it would cost more than judging the change (docs/measurements.md).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from sys import intern
from typing import NamedTuple

REGULAR = ("100644", "100755")


class Blob(NamedTuple):
    """A file of a tree: git mode, object id, size in bytes (0 for what is no blob)."""

    mode: str
    oid: str
    size: int


Row = tuple[str, Blob | None]
"""A path and what stands there: a blob, or None for a folder."""
Node = dict[str, Blob | None]
"""Name → blob, or None for a folder; whether all names are there, `Listing` knows."""


@dataclass(eq=False)
class Listing(Mapping[str, Blob]):
    """Path → blob. `find(folders, deep)` lists below folders, all the way down if `deep`."""

    find: Callable[[Iterable[str], bool], Iterable[Row]]
    _nodes: dict[str, Node] = field(default_factory=lambda: {"": {}})
    """Folder → its known children."""
    _folded: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """Folder → its folders by their names without case; of those that were asked for."""
    _listed: set[str] = field(default_factory=set)
    """Folders whose direct children are known; `""` is the tree itself."""
    _whole: set[str] = field(default_factory=set)
    """Folders of which every file is known."""
    _puts: Counter[str] = field(default_factory=Counter)
    """The first three folders of a path → how often something was put there."""

    @classmethod
    def of(cls, files: Mapping[str, Blob]) -> "Listing":
        """A listing of known files."""
        made = cls(lambda _folders, _deep: (), _whole={""})
        for path, blob in files.items():
            made.put(path, blob)
        return made

    def __getitem__(self, path: str) -> Blob:
        blob = self._blob(path)
        if blob is None:
            raise KeyError(path)
        return blob

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._blob(path) is not None

    def _blob(self, path: str) -> Blob | None:
        folder, _, name = path.rpartition("/")
        node = self._nodes.get(folder)
        blob = node.get(name) if node else None
        if blob is None and "" not in self._whole:
            blob = (self._folder(folder) or {}).get(name)
        return blob

    def __iter__(self) -> Iterator[str]:
        self.complete("")
        return iter(self._walk(""))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def under(self, folder: str) -> list[str]:
        """Every path below a folder, given with its final slash."""
        name = folder.rstrip("/")
        self.complete(name)
        return self._walk(name) if self._folder(name) else []

    def folders(self, folder: str) -> tuple[str, ...]:
        """Names of the folders that stand directly in a folder, sorted."""
        node = self._folder(folder.rstrip("/")) or {}
        return tuple(sorted(n for n, blob in node.items() if blob is None))

    def beginning(self, folder: str, stem: str) -> list[str]:
        """The files directly in a folder whose names begin like this, sorted."""
        node = self._folder(folder) or {}
        names = sorted(n for n, blob in node.items() if n.startswith(stem) and blob is not None)
        return [f"{folder}/{name}" if folder else name for name in names]

    def state(self, folder: str) -> int:
        """A counter of changes below a folder of the third level.

        A replay moves one listing from commit to commit.
        """
        return self._puts[folder]

    def ask(self, *folders: str) -> None:
        """List the direct children of these folders in one go."""
        if "" in folders:
            self.complete("")
        self._name(*(f for f in folders if not self._is_known(f)))

    def alike(self, folder: str) -> tuple[str, ...]:
        """Paths of the folders beside this one, itself included, that differ in case alone."""
        above, _, name = folder.rpartition("/")
        if above not in self._folded:
            self._folded[above] = {}
            for other in self.folders(above):
                self._fold(above, other)
        names = self._folded[above].get(name.casefold(), ())
        return tuple(f"{above}/{other}" for other in sorted(names))

    def complete(self, *folders: str) -> None:
        """List these folders recursively in one go."""
        todo = [f for f in folders if not self._is_known(f) and not self._absent(f)]
        if "" in todo:
            todo = [""]
        if todo:
            for path, blob in self.find(todo, True):
                if blob is not None:
                    self.put(path, blob)
            self._whole.update(todo)

    def put(self, path: str, blob: Blob | None) -> None:
        """Put a file at a path, or remove it; an empty folder is removed."""
        folder, _, name = path.rpartition("/")
        self._puts["/".join(folder.split("/")[:3])] += 1
        if blob is not None:
            self._open(folder)[intern(name)] = blob
            return
        node = self._nodes.get(folder, {})
        if node.get(name) is not None:
            del node[name]
        while folder and not node:
            self._nodes.pop(folder, None)
            folder, _, name = folder.rpartition("/")
            self._unfold(folder, name)
            node = self._nodes.get(folder, {})
            if node.get(name) is None:
                node.pop(name, None)

    def _open(self, folder: str) -> Node:
        """The node of a folder, made with those above it where there is none."""
        new = folder not in self._nodes
        made = self._nodes.setdefault(folder, {})
        while new and folder:  # no recursion: a folder may be a thousand deep
            folder, _, name = folder.rpartition("/")
            new = folder not in self._nodes
            self._nodes.setdefault(folder, {})[name] = None
            if folder in self._folded:
                self._fold(folder, name)
        return made

    def _fold(self, above: str, name: str) -> None:
        names, folded = self._folded[above], name.casefold()
        names[name if folded == name else folded] = (*names.get(folded, ()), name)

    def _unfold(self, above: str, name: str) -> None:
        names, folded = self._folded.get(above, {}), name.casefold()
        if folded in names:
            names[folded] = tuple(other for other in names[folded] if other != name)

    def _absent(self, folder: str) -> bool:
        """Whether the names of a folder above are known and say that there is none."""
        parts = folder.split("/") if folder else []
        above = ["/".join(parts[:n]) for n in range(len(parts) + 1)]
        return any(a in self._listed and b not in self._nodes for a, b in pairwise(above))

    def _is_known(self, folder: str) -> bool:
        parts = folder.split("/")
        whole = ("/".join(parts[:n]) in self._whole for n in range(1, len(parts) + 1))
        return "" in self._whole or any(whole)

    def _folder(self, folder: str) -> Node | None:
        """The node of a folder with all its names; None when there is none."""
        if not self._is_known(folder):
            at = ""
            for part in folder.split("/") if folder not in self._nodes else ():
                self._name(at)
                at = f"{at}/{part}" if at else part
            self._name(folder)
        return self._nodes.get(folder)

    def _name(self, *folders: str) -> None:
        todo = [f for f in folders if f in self._nodes and f not in self._listed]
        for path, blob in self.find(todo, False) if todo else ():
            if blob is None:
                self._open(path)
            else:
                above, _, name = path.rpartition("/")
                self._nodes[above].setdefault(intern(name), blob)
        self._listed.update(todo)

    def _walk(self, folder: str) -> list[str]:
        paths, todo = [], [(folder, True)]
        while todo:
            path, is_folder = todo.pop()
            if is_folder:
                prefix, rows = f"{path}/" if path else "", reversed(self._nodes[path].items())
                todo += [(prefix + name, blob is None) for name, blob in rows]
            else:
                paths.append(path)
        return paths


def files_under(files: Mapping[str, Blob], prefix: str) -> list[str]:
    """Paths that begin like this, sorted: a folder with its final slash, or any other beginning."""
    folder = prefix[: prefix.rfind("/") + 1]
    paths = files.under(folder) if isinstance(files, Listing) else files
    return sorted(path for path in paths if path.startswith(prefix))
