"""Main's changes read in one go: what `history` asks git for each, answered for all of them.

Four questions to git, whatever the length of the history: the graph, what each change of main
altered, what the commits merged by it held on the way, and what merges altered by themselves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.model.posts import Handler
from pipeline.source.history import people_of
from pipeline.source.listing import Blob, Listing
from pipeline.source.posts import POSTS
from pipeline.source.publication_names import PublicationNames
from pipeline.source.repository import RawChange, Repository
from pipeline.source.tree import Tree, name_of

Touched = defaultdict[str, list[tuple[int, str]]]
"""Folder of a post → (number of the step, commit) of what touched it."""
Altered = tuple[RawChange, str]
"""A changed path, and the object id before; empty where nothing stood."""


@dataclass(frozen=True)
class Step:
    """One change of main: from the commit before, by the commits it brought."""

    number: int
    parent: str
    """Empty for the first commit."""
    commit: str
    changes: tuple[RawChange, ...]
    before: Mapping[str, str]
    """Changed path → object id before; empty where nothing stood."""
    held: Mapping[str, frozenset[str]]
    """Path under content/ → object ids that merged commits gave it on the way."""


@dataclass
class Line:
    """All changes of main up to a commit. `tree` moves on with each change it is asked for."""

    repository: Repository
    steps: tuple[Step, ...]
    touched: Mapping[str, tuple[tuple[int, str], ...]]
    """Folder of a post → (number of the step, commit) of all that touched it."""
    sizes: Mapping[str, int]
    numbers: Mapping[str, int]
    """Commit of main → number of its step."""
    _at: int = -1
    _publications: PublicationNames = field(default_factory=PublicationNames)
    _people: dict[str, frozenset[Handler]] = field(default_factory=dict)
    """Commit → who made it, of those that were asked for."""
    _files: Listing = field(default_factory=lambda: Listing.of({}))

    def merged(self, _base: str, head: str) -> Tree:
        """The tree of a change; the one answered before is out of date from then on."""
        number = self.numbers[head]
        if number < self._at:
            self._at, self._files = -1, Listing.of({})
            self._publications = PublicationNames()
        for step in self.steps[self._at + 1 : number + 1]:
            for change in step.changes:
                gone = change.status == "D"
                blob = None if gone else Blob(change.mode, change.oid, self._size(change.oid))
                self._files.put(change.path, blob)
                self._publications.put(change.path, gone)
        self._at = number
        return Tree(self.repository, head, self._files)

    def changes(self, _base: str, after: Tree) -> tuple[RawChange, ...]:
        """As `Repository.changes`."""
        return self.steps[self.numbers[after.oid]].changes

    def handlers(self, head: str, folders: Iterable[str]) -> dict[str, set[Handler]]:
        """As `history.handlers`."""
        number = self.numbers[head]
        commits = {
            folder: [commit for step, commit in self.touched.get(folder, ()) if step <= number]
            for folder in folders
        }
        new = {c for some in commits.values() for c in some} - self._people.keys()
        self.repository.objects.prepare(sorted(new))
        self._people.update((c, people_of(self.repository, c)) for c in new)
        found = {
            folder: {person for commit in some for person in self._people[commit]}
            for folder, some in commits.items()
        }
        return {folder: people for folder, people in found.items() if people}

    def publications(self, _after: Tree, posts: Collection[str], since: str) -> tuple[str, ...]:
        """As `history.History.publications`, of the tree answered last."""
        return self._publications.of(posts, since)

    def transient(self, _base: str, head: str, after: Tree) -> dict[str, set[str]]:
        """As `history.transient`."""
        step = self.steps[self.numbers[head]]
        found: dict[str, set[str]] = {}
        for path, oids in step.held.items():
            here = after.files.get(path)
            now = here.oid if here else ""
            passed = oids - {now, step.before.get(path, now)}
            if oids - {now}:
                found[path] = set(passed)
        return found

    def _size(self, oid: str) -> int:
        return self.sizes.get(oid, 0)


def read_line(repository: Repository, head: str) -> Line:
    """Read all changes of main up to `head`."""
    graph = _graph(repository, head)
    main = _first_parents(graph, head)
    brought = _brought(graph, main)
    altered = dict(_altered(repository, head))
    numbers = {commit: number for number, commit in enumerate(main)}
    side = {c: number for number, commits in enumerate(brought) for c in commits}
    merges = {c: n for c, n in {**side, **numbers}.items() if len(graph[c]) > 1}
    held, touched = _held(repository, side, merges)
    for commit, number in numbers.items():
        if commit not in merges:
            _touch(touched, number, commit, (c.path for c, _ in altered.get(commit, ())))
    for commit, paths in _own(repository, merges).items():
        _touch(touched, merges[commit], commit, paths)
    steps = tuple(
        Step(
            number,
            parent,
            commit,
            tuple(change for change, _ in altered.get(commit, ())),
            {change.path: before for change, before in altered.get(commit, ())},
            held.get(number, {}),
        )
        for number, (parent, commit) in enumerate(pairwise(("", *main)))
    )
    blobs = (c.oid for s in steps for c in s.changes if c.status != "D" and c.mode != "160000")
    return Line(
        repository,
        steps,
        {folder: tuple(sorted(rows)) for folder, rows in touched.items()},
        repository.objects.sizes(blobs),
        numbers,
    )


def _graph(repository: Repository, head: str) -> dict[str, tuple[str, ...]]:
    """Commit → parents, of all that `head` reaches."""
    lines = repository.git("rev-list", "--parents", head).decode().splitlines()
    return {words[0]: tuple(words[1:]) for words in map(str.split, lines)}


def _first_parents(graph: Mapping[str, tuple[str, ...]], head: str) -> list[str]:
    main = [head]
    while parents := graph[main[-1]]:
        main.append(parents[0])
    return main[::-1]


def _brought(graph: Mapping[str, tuple[str, ...]], main: list[str]) -> list[list[str]]:
    """For each commit of main, the others that came to main with it."""
    known = set(main)
    found = []
    for commit in main:
        new: list[str] = []
        todo = [p for p in graph[commit] if p not in known]
        while todo:
            if (one := todo.pop()) not in known:
                known.add(one)
                new.append(one)
                todo += graph[one]
        found.append(new)
    return found


def _altered(repository: Repository, head: str) -> Iterator[tuple[str, list[Altered]]]:
    """(commit of main, its changes with the object id before)."""
    raw = repository.git(
        "log", "-z", "--first-parent", "--diff-merges=first-parent", "--root", "--raw",
        "--no-abbrev", "--no-renames", "--format=%H", head,
    )  # fmt: skip
    return _read(raw)


def _held(
    repository: Repository, side: Mapping[str, int], merges: Mapping[str, int]
) -> tuple[dict[int, dict[str, frozenset[str]]], Touched]:
    """(step → path → object ids on the way, what commits but merges touched)."""
    found: dict[int, dict[str, frozenset[str]]] = defaultdict(dict)
    touched: Touched = defaultdict(list)
    raw = _diff_tree(
        repository, side, "-m", "--raw", "--no-abbrev", "--no-renames", "--", "content"
    )
    for commit, changes in _read(raw):
        held = found[side[commit]]
        for change, _ in changes:
            if change.status != "D":
                held[change.path] = held.get(change.path, frozenset()) | {change.oid}
        if commit not in merges:
            _touch(touched, side[commit], commit, (c.path for c, _ in changes))
    return found, touched


def _own(repository: Repository, merges: Mapping[str, int]) -> dict[str, list[str]]:
    """Merge → paths of posts that differ from every parent: an evil merge's own doing."""
    raw = _diff_tree(repository, merges, "-c", "--name-only", "--", POSTS)
    found: dict[str, list[str]] = defaultdict(list)
    commit = ""
    for name in map(name_of, raw.split(b"\0")):
        if name in merges:
            commit = name
        elif name:
            found[commit].append(name)
    return found


def _diff_tree(repository: Repository, commits: Iterable[str], *options: str) -> bytes:
    asked = "".join(f"{commit}\n" for commit in commits).encode()
    return repository.git("diff-tree", "--stdin", "-z", "-r", "--root", *options, stdin=asked)


def _read(raw: bytes) -> Iterator[tuple[str, list[Altered]]]:
    """(commit, its changes) of git's raw format, NUL-separated; once for each parent compared."""
    found: list[tuple[str, list[Altered]]] = []
    tokens = iter(raw.split(b"\0"))
    for token in tokens:
        meta = token.strip(b"\n")
        if meta.startswith(b":"):
            _, mode, before, oid, status = meta.decode().split()
            change = RawChange(name_of(next(tokens)), status[0], mode, oid)
            found[-1][1].append((change, before if before.strip("0") else ""))
        elif meta:
            found.append((meta.decode(), []))
    return iter(found)


def _touch(touched: Touched, step: int, commit: str, paths: Iterable[str]) -> None:
    for folder in {"/".join(p.split("/")[:4]) for p in paths if p.startswith(POSTS)}:
        touched[folder].append((step, commit))
