"""One tree of the repository, its files and its folders of posts, and git's raw diff of two trees.

The rows of a diff stay bytes until they are looked at: the values made of the paths of a long
history take several times its bytes, and each forked worker copies what it counts references to.
"""

import re
import stat
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import lt
from typing import NamedTuple, Protocol
from weakref import WeakValueDictionary

from pipeline.model.ids import CommitId, PostId
from pipeline.source.content.paths import holds_files, id_of, printable
from pipeline.source.git.objects import Objects, ambiguous_tree, unreadable_object
from pipeline.source.git.tree_listing import REGULAR, Blob, Listing, Row

FOLDER, LINK, MODULE = "040000", "120000", "160000"
AT_ONCE = 100_000
"""Bytes up to which a file is read in advance, with others."""
MANY = 400
"""Beyond so many folders, listing all beside them is faster than listing each."""
DEEPEST = 2048
"""Folders in one another up to which a tree is read: what git takes for one (core.maxTreeDepth)."""
SOUGHT = 64
"""Up to so many words, searching for each is faster than listing all paths."""
_DEEP = re.compile(rb"4[0-7]{4} ")
"""What the row of a folder begins with; an object's id may hold such bytes, too."""
_ROWS = {width: re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % width, re.DOTALL) for width in (20, 32)}
"""By the bytes of an object's id: mode, name and id of each row of a tree object."""


class Store(Protocol):
    """What a tree needs of its repository."""

    @property
    def objects(self) -> Objects: ...

    def git(self, command: str, *arguments: str, stdin: bytes = b"") -> bytes: ...

    def blob(self, oid: str) -> bytes: ...


class _GitFolder(NamedTuple):
    """A folder of a tree as git stores it."""

    path: bytes
    """With its final slash."""
    raw: bytes
    """The bytes of its tree object."""
    width: int
    """Bytes of an object's id."""
    tree: str
    """Object id of the commit or tree that it was found in."""

    def rows(self) -> list[tuple[str, bytes, str]]:
        """(mode, path, object id) of what stands in it. Fault for what git would not write."""
        rows = _ROWS[self.width].findall(self.raw)
        if sum(len(mode) + len(name) + 2 + self.width for mode, name, _ in rows) != len(self.raw):
            raise unreadable_object(name_of(self.path))
        names = {name for _, name, _ in rows}
        order = [name + b"/" if _mode(mode) == FOLDER else name for mode, name, _ in rows]
        if (
            len(names) < len(order)
            or not all(map(lt, order, order[1:]))
            or any(b"/" in name for name in names)
        ):
            raise ambiguous_tree(f"{self.tree[:12]}:{printable(name_of(self.path[:-1]))}")
        return [(_mode(mode), self.path + name, oid.hex()) for mode, name, oid in rows]

    def folders(self) -> list[tuple[bytes, str]]:
        """(path, object id) of the folders in it."""
        rows = self.rows() if _DEEP.search(self.raw) else ()
        return [(path, oid) for mode, path, oid in rows if mode == FOLDER]


class _Inside(dict[bytes, str]):
    """Path → object id, of the folders that stand directly in one."""

    __slots__ = ("__weakref__",)


Parsed = WeakValueDictionary[tuple[bytes, str], _Inside]
"""(path, object id) of a folder → the folders in it, for as long as a tree holds them: branches of
a large archive differ in a few."""


@cache
def _mode(stored: bytes) -> str:
    """The mode that git shows: of what is stored it takes the kind, and of a file whether it runs.

    canon_mode in https://github.com/git/git/blob/master/object.h
    """
    mode = int(stored[-6:], 8)
    if stat.S_ISREG(mode):
        return "100755" if mode & stat.S_IXUSR else "100644"
    return FOLDER if stat.S_ISDIR(mode) else LINK if stat.S_ISLNK(mode) else MODULE


@dataclass(frozen=True)
class Tree:
    """All files of one tree object, listed and read lazily."""

    repository: Store
    oid: str
    files: Listing
    _folders: dict[str, list[_GitFolder]] = field(default_factory=dict, repr=False, compare=False)
    """Folder → what `_below` found."""
    _inside: dict[bytes, _Inside] = field(default_factory=dict, repr=False, compare=False)
    """Path → the folders in one that was passed on the way to others."""
    _parsed: Parsed = field(default_factory=WeakValueDictionary, repr=False, compare=False)
    """Those of all trees of the repository."""

    def read(self, path: str) -> bytes:
        """The stored bytes of a regular file. Raises KeyError when there is none."""
        blob = self.files[path]
        if blob.mode not in REGULAR:
            raise KeyError(path)
        return self.repository.blob(blob.oid)

    def holding(self, folder: str, words: Collection[str]) -> set[str]:
        """Paths below a folder that hold one of these words, out of any number of others.

        All paths when there are many words. The words are looked for in the bytes of the tree
        objects: a change would pay for a path of each of 200,000 records otherwise.
        """
        marks = [word.encode("utf-8", "surrogateescape") for word in words]
        few = len(marks) <= SOUGHT
        holding: set[str] = set()
        for node in self._below(folder) if marks else ():
            if few and not any(mark in node.path or mark in node.raw for mark in marks):
                continue
            paths = (path for mode, path, _ in node.rows() if mode != FOLDER)
            if few:
                paths = (path for path in paths if any(mark in path for mark in marks))
            holding.update(map(name_of, paths))
        return holding

    def inside(self, folder: str, oid: str = "") -> dict[str, str]:
        """Name → object id of the folders that stand directly in a folder; none if it is not there.

        `oid`: the folder's own, where it is known.
        """
        nodes = [self._open((folder.encode(), oid))] if oid else self._tops([folder])
        rows = (row for node in nodes for row in node.folders())
        return {name_of(path.rpartition(b"/")[2]): below for path, below in rows}

    def _below(self, folder: str) -> list[_GitFolder]:
        """A folder and those below it."""
        if folder not in self._folders:
            nodes = self._folders[folder] = self._tops([folder])
            for node in nodes:  # it grows
                nodes.extend(map(self._open, node.folders()))
        return self._folders[folder]

    def listed(self, folders: Iterable[str]) -> Iterator[Row]:
        """What stands directly in these folders."""
        rows = [row for node in self._tops(folders) for row in node.rows()]
        blobs = [oid for mode, _, oid in rows if mode not in (FOLDER, MODULE)]
        sizes = self.repository.objects.sizes(blobs)
        for mode, path, oid in rows:
            yield name_of(path), None if mode == FOLDER else Blob(mode, oid, sizes.get(oid, 0))

    def below(self, folders: Iterable[str]) -> list[Row]:
        """All files below folders, by path. Raises Fault for what git would not write or read."""
        objects, files = self.repository.objects, list[tuple[str, bytes, str]]()
        level, depth = self._tops(folders), 0
        while level:
            if (depth := depth + 1) > DEEPEST:
                raise unreadable_object(name_of(level[0].path)[:100])
            rows = [row for node in level for row in node.rows()]
            files += (row for row in rows if row[0] != FOLDER)
            inside = [(path, oid) for mode, path, oid in rows if mode == FOLDER]
            objects.prepare(oid for _, oid in inside)
            level = [*map(self._open, inside)]
        sizes = objects.sizes(oid for mode, _, oid in files if mode != MODULE)
        files.sort(key=lambda row: row[1])
        return [(name_of(path), Blob(mode, oid, sizes.get(oid, 0))) for mode, path, oid in files]

    @cached_property
    def _root(self) -> str:
        """Object id of the tree itself; `oid` may be that of a commit."""
        raw = self.repository.objects.read(self.oid)
        return raw.split(maxsplit=2)[1].decode() if raw.startswith(b"tree ") else self.oid

    def _tops(self, folders: Iterable[str]) -> list[_GitFolder]:
        """Those of the folders that are there, read in one go."""
        rows = [row for folder in folders if (row := self._find(folder))]
        self.repository.objects.prepare(oid for _, oid in rows)
        return [*map(self._open, rows)]

    def _find(self, folder: str) -> tuple[bytes, str] | None:
        """(path, object id) of a folder, looked up from the top; None when there is none."""
        path, oid = b"", self._root
        try:
            names = folder.encode("utf-8", "surrogateescape").split(b"/")
        except UnicodeEncodeError:  # no bytes are called so
            return None
        for name in filter(None, names):
            if path not in self._inside:
                self._inside[path] = self._folders_of(path, oid)
            inside, path = self._inside[path], path + b"/" + name if path else name
            if path not in inside:
                return None
            oid = inside[path]
        return path, oid

    def _folders_of(self, path: bytes, oid: str) -> _Inside:
        made = self._parsed.get((path, oid))
        if made is None:
            made = self._parsed[path, oid] = _Inside(self._open((path, oid)).folders())
        return made

    def _open(self, row: tuple[bytes, str]) -> _GitFolder:
        path, oid = row
        prefix = path + b"/" if path else b""
        return _GitFolder(prefix, self.repository.objects.read(oid), len(oid) // 2, self.oid)

    def check(self, folders: Iterable[tuple[bytes, str]]) -> None:
        """Fault when the top or one of these folders (path, object id) is none git would write."""
        rows = [*folders]
        self.repository.objects.prepare(oid for _, oid in rows)
        for node in (*self._tops([""]), *map(self._open, rows)):
            node.rows()

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


class Folders:
    """The folders of posts, or of their reviews, in the years of a tree, listed lazily."""

    def __init__(self, tree: Tree, top: str) -> None:
        self._tree, self._top = tree, top
        self.years: Mapping[str, str] = tree.inside(top)
        """Year → git's object of its folder."""
        self._names: dict[str, frozenset[str]] = {}

    def names(self, year: str) -> frozenset[str]:
        """What stands in the folder of a year, folders without files included."""
        if year not in self._names:
            oid = self.years.get(year)
            names = self._tree.inside(f"{self._top}{year}", oid) if oid else ()
            self._names[year] = frozenset(names)
        return self._names[year]

    def __contains__(self, folder: object) -> bool:
        _, year, name = str(folder).rsplit("/", 2)
        return name in self.names(year) and holds_files(self._tree.files, str(folder))

    def filled(self, years: Iterable[str], sure: Set[str]) -> list[str]:
        """The folders in some of the years that hold files; `sure`: names that certainly do."""
        folders = [f"{self._top}{year}/{i}" for year in years for i in self.names(year)]
        new = [folder for folder in folders if id_of(folder) not in sure]
        self._tree.expect(f"{folder}/" for folder in new)
        empty = {folder for folder in new if not holds_files(self._tree.files, folder)}
        return [folder for folder in folders if folder not in empty]

    def where(self, posts: Set[PostId], years: Iterable[str]) -> list[str]:
        """The folders of these posts in some of the years, sorted."""
        if len(posts) <= SOUGHT and all(map(str.isascii, posts)):
            marks, read = [f" {post}\0".encode() for post in posts], self._tree.repository.blob
            years = [y for y in years if any(map(read(self.years[y]).__contains__, marks))]
        return sorted(f"{self._top}{y}/{i}" for y in years for i in self.names(y) & posts)


ROW = re.compile(rb":\d+ (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*\0([^\0]*+)\0")
"""Mode after the change, object ids before and after it, status, path."""
_DIFF_ROWS = rb"(?:\n*:\d+ \d+ [0-9a-f]+ [0-9a-f]+ [A-Z]\d*\0[^\0]*+\0)*+"
_COMMIT = re.compile(rb"[\n\0]*([0-9a-f]{40,64})\0+(" + _DIFF_ROWS + rb")\0*")
"""A commit, and the rows of what it changed: one after another, whatever a path looks like."""


def read_rows(raw: bytes) -> Iterator[tuple[CommitId, bytes]]:
    """(commit, rows of its changes) in git's raw format; once for each parent compared.

    Raises Fault for what is not understood: a change left out is a change that is never judged.
    """
    end = 0
    for match in _COMMIT.finditer(raw):
        if match.start() != end:
            break
        end = match.end()
        yield CommitId(match[1].decode()), match[2]
    if end != len(raw):
        raise unreadable_object(raw[end : end + 40].decode("utf-8", "replace"))


def paths_in(rows: bytes) -> Iterator[str]:
    return (name_of(path) for *_, path in ROW.findall(rows))


def blobs_in(changes: Iterable[bytes]) -> dict[str, set[str]]:
    """Path → object ids that the rows of several changes gave it."""
    blobs: defaultdict[str, set[str]] = defaultdict(set)
    for rows in changes:
        for _, _, oid, status, path in ROW.findall(rows):
            if status != b"D":
                blobs[name_of(path)].add(oid.decode())
    return blobs
