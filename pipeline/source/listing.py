"""The files of a tree by path, folders listed only when somebody asks for them.

A change of one post asks for a dozen folders, whatever the archive holds besides; listing all of
it would cost more than judging the change (docs/measurements.md).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_PLAIN = re.compile(r"[\w.-]*\w[\w.-]*(?:/[\w.-]*\w[\w.-]*)*", re.ASCII)
REGULAR = ("100644", "100755")


@dataclass(frozen=True)
class Blob:
    """A file of a tree: git mode, object id, size in bytes (0 for what is no blob)."""

    mode: str
    oid: str
    size: int


Row = tuple[str, Blob | None]
"""A path and what stands there: a blob, or None for a folder."""
Node = dict[str, "Blob | Node"]
"""Name → blob or folder; whether all names are there, `Listing` knows."""


@dataclass(eq=False)
class Listing(Mapping[str, Blob]):
    """Path → blob. `find(folders, deep)` lists below folders, all the way down if `deep`."""

    find: Callable[[Iterable[str], bool], Iterable[Row]]
    _top: Node = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)
    """Folders whose own names are known; `""` is the tree itself."""
    _whole: set[str] = field(default_factory=set)
    """Folders of which every file is known."""

    @classmethod
    def of(cls, files: Mapping[str, Blob]) -> "Listing":
        """A listing that is known from the beginning."""
        made = cls(lambda _folders, _deep: (), _whole={""})
        for path, blob in files.items():
            made.put(path, blob)
        return made

    def __getitem__(self, path: str) -> Blob:
        found = self._standing(path)
        if found is None:
            folder, _, name = path.rpartition("/")
            found = (self._folder(folder) or {}).get(name)
        if not isinstance(found, Blob):
            raise KeyError(path)
        return found

    def __iter__(self) -> Iterator[str]:
        self.complete("")
        return (path for path, _ in _walk("", self._top))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def under(self, folder: str) -> Iterator[str]:
        """Every path below a folder, given with its final slash."""
        name = folder.rstrip("/")
        self.complete(name)
        node = self._folder(name)
        return (path for path, _ in _walk(folder, node or {}))

    def folders(self, folder: str) -> tuple[str, ...]:
        """Names of the folders that stand directly in a folder, sorted."""
        node = self._folder(folder.rstrip("/")) or {}
        return tuple(sorted(n for n, found in node.items() if not isinstance(found, Blob)))

    def complete(self, *folders: str) -> None:
        """List these folders to their depth, all in one question."""
        todo = [f for f in folders if not self._known(f)]
        if not all(map(_plain, todo)) or "" in todo:
            todo = [""]
        if todo:
            for path, blob in self.find(todo, True):
                if blob is not None:
                    self.put(path, blob)
            self._whole.update(todo)

    def put(self, path: str, blob: Blob | None) -> None:
        """Let a file stand at a path, or none; a folder that becomes empty goes."""
        *parts, name = path.split("/")
        nodes = [self._top]
        for part in parts:
            below = nodes[-1].get(part)
            if not isinstance(below, dict):
                below = {}
                nodes[-1][part] = below
            nodes.append(below)
        if blob is not None:
            nodes[-1][name] = blob
            return
        nodes[-1].pop(name, None)
        for part, above, below in zip(parts[::-1], nodes[-2::-1], nodes[:0:-1], strict=True):
            if not below:
                del above[part]

    def _standing(self, path: str) -> "Blob | Node | None":
        """What is known to stand at a path; nothing is listed for it."""
        found: Blob | Node | None = self._top
        for part in path.split("/") if path else ():
            if not isinstance(found, dict):
                return None
            found = found.get(part)
        return found

    def _known(self, folder: str) -> bool:
        if "" in self._whole:
            return True
        parts = folder.split("/")
        return any("/".join(parts[:n]) in self._whole for n in range(1, len(parts) + 1))

    def _folder(self, folder: str) -> Node | None:
        """The node of a folder with all its names; None when there is none."""
        if not _plain(folder):
            self.complete("")
        found = self._standing(folder)
        if not self._known(folder):
            at = ""
            for part in folder.split("/") if found is None else ():
                self._name(at)
                at = f"{at}/{part}" if at else part
            self._name(folder)
            found = self._standing(folder)
        return found if isinstance(found, dict) else None

    def _name(self, folder: str) -> None:
        node = self._standing(folder)
        if folder in self._named or not isinstance(node, dict):
            return
        for path, blob in self.find([folder], False):
            node.setdefault(path.rpartition("/")[2], {} if blob is None else blob)
        self._named.add(folder)


def _plain(folder: str) -> bool:
    """Whether git takes a folder's name for itself: no ``..`` to resolve, no magic, no quotes."""
    return not folder or bool(_PLAIN.fullmatch(folder))


def _walk(prefix: str, node: Node) -> Iterator[tuple[str, Blob]]:
    for name, found in node.items():
        if isinstance(found, Blob):
            yield prefix + name, found
        elif found:
            yield from _walk(f"{prefix}{name}/", found)


def files_under(files: Mapping[str, Blob], prefix: str) -> list[str]:
    """Paths that begin like this, sorted: a folder with its final slash, or any other beginning."""
    if isinstance(files, Listing):
        folder = prefix[: prefix.rfind("/") + 1]
        return sorted(path for path in files.under(folder) if path.startswith(prefix))
    return sorted(path for path in files if path.startswith(prefix))
