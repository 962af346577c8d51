"""Main's changes read at once: the answers of `history.History`, and when files first stood there.

Four questions to git, whatever the length of the history: the graph, what each change of main
altered, what the commits merged by it held on the way, and what merges altered by themselves.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pipeline.model.calendar import SHANGHAI
from pipeline.model.ids import NO_COMMIT, CommitId, PostId
from pipeline.model.posts import Handler
from pipeline.source.content.paths import POSTS, PublicationNames, printable
from pipeline.source.git.history import History, readable
from pipeline.source.git.objects import ambiguous_tree, unreadable_object
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import MODULE, ROW, Tree, blobs_in, name_of, paths_in, read_rows
from pipeline.source.git.tree_listing import REGULAR, Blob, Listing


@dataclass(frozen=True, slots=True)
class Appearance:
    """What one change of main did to one path."""

    commit: CommitId
    path: str
    oid: str
    """Blob after the change; empty when no regular file stands there any more."""
    status: str
    """A added, M modified, D deleted, T type changed."""
    before: str = ""
    """Blob before the change; empty where none stood."""


def appearances(
    repository: Repository, revisions: str, *folders: str, since: date | None = None
) -> tuple[Appearance, ...]:
    """What main's changes did below these folders: oldest change first, then by path.

    `since`: only changes of that day and later, by the time they claim: to display, not to judge.
    """
    asked = ("-z", "--first-parent", "--diff-merges=first-parent", "--reverse", "--raw")
    after = [f"--since={since.isoformat()}T00:00:00Z"] if since else []
    raw = repository.git("log", *asked, "--format=%H", *after, revisions, "--", *folders)
    return tuple(appearances_in(raw))


def appearances_in(raw: bytes) -> Iterator[Appearance]:
    """Parse the output of ``git log -z --raw --format=%H``."""
    for commit, rows in read_rows(raw):
        for mode, was, oid, status, path in ROW.findall(rows):
            blob = oid.decode() if mode.decode() in REGULAR else ""
            before = was.decode() if status == b"M" else ""
            yield Appearance(commit, name_of(path), blob, status.decode(), before)


def times(
    repository: Repository, head: CommitId, after: str = "", latest: datetime | None = None
) -> dict[CommitId, datetime]:
    """Commit of main → the earliest moment it can have entered, oldest first.

    `after`: a commit of main; only later ones are returned. `latest`: its own moment.

    A committer's time is a claim, but no change enters before the one it stands on: the latest
    claim so far counts, so a commit dated back behind its parent, or not readably, gains nothing
    (threats A10).
    """
    span = f"{after}..{head}" if after else head
    raw = repository.git("rev-list", "--timestamp", "--first-parent", "--reverse", span)
    moments: dict[CommitId, datetime] = {}
    last = int(latest.timestamp()) if latest else 0
    for line in raw.decode().splitlines():
        stated, commit = line.split()
        seconds = int(stated)
        last = max(last, seconds if readable(seconds) else 0)
        moments[CommitId(commit)] = datetime.fromtimestamp(last, SHANGHAI)
    return moments


def dated_back(
    repository: Repository, entered: Mapping[CommitId, datetime], tolerance: timedelta
) -> frozenset[CommitId]:
    """Commits of main that claim a time before what stood on main already: when they came is
    unknown. `entered`: `times` of main's commits, oldest first."""
    raw = repository.git(
        "rev-list", "--timestamp", "--no-walk=unsorted", "--stdin",
        stdin="".join(f"{commit}\n" for commit in entered).encode(),
    )  # fmt: skip
    stated = (
        (int(seconds), CommitId(c)) for seconds, c in map(str.split, raw.decode().splitlines())
    )
    least = {c: (moment - tolerance).timestamp() for c, moment in entered.items()}
    return frozenset(c for seconds, c in stated if readable(seconds) and seconds < least[c])


def versions_of(repository: Repository, head: CommitId, folder: str) -> frozenset[tuple[str, str]]:
    """(path, blob) of every version of every regular file below a folder, side branches too."""
    asked = ("-z", "--full-history", "--raw", "--diff-merges=separate", "--format=%H")
    raw = repository.git("log", *asked, head, "--", folder)
    return frozenset((a.path, a.oid) for a in appearances_in(raw) if a.oid)


_MODULE = MODULE.encode()
_AT_ONCE = 100_000
"""Bytes of rows whose objects are looked up together."""


class MainChange(NamedTuple):
    """One change of main: from the commit before, by the commits it brought."""

    rows: bytes
    """What it changed, in git's raw format (`raw_diff`)."""
    sizes: Sequence[int]
    """Bytes of the object after each of these changes; 0 where there is none."""
    way: tuple[bytes, ...]
    """The same of each commit that was merged by it, under content/."""

    @property
    def paths(self) -> Iterator[str]:
        return paths_in(self.rows)

    @property
    def changes(self) -> tuple[RawChange, ...]:
        return tuple(
            RawChange(name_of(path), status.decode(), mode.decode(), oid.decode())
            for mode, _, oid, status, path in ROW.findall(self.rows)
        )

    @property
    def blobs(self) -> Iterator[tuple[str, bool | None, Blob | None]]:
        """Changed path, whether nothing stood there before, and what stands there after.

        None instead of whether: the path is out of order, and so was a tree.
        """
        last = b""
        for size, (mode, _, oid, status, path) in zip(
            self.sizes, ROW.findall(self.rows), strict=True
        ):
            blob = None if status == b"D" else Blob(mode.decode(), oid.decode(), size)
            yield name_of(path), status == b"A" if last < path else None, blob
            last = path

    @property
    def before(self) -> Mapping[str, str]:
        """Changed path → object id before; empty where nothing stood."""
        rows = ROW.findall(self.rows)
        return {
            name_of(path): oid.decode() if oid.strip(b"0") else "" for _, oid, _, _, path in rows
        }

    @property
    def held(self) -> Mapping[str, set[str]]:
        """Path under content/ → object ids that merged commits gave it on the way."""
        return blobs_in(self.way)


def sizes_of(repository: Repository, rows: Iterable[bytes]) -> Iterator[Sequence[int]]:
    """For each change, the bytes of the objects it brought."""
    waiting: list[list[str]] = []
    length = 0
    for of in rows:
        waiting.append(
            [
                "" if s == b"D" or mode == _MODULE else oid.decode()
                for mode, _, oid, s, _ in ROW.findall(of)
            ]
        )
        length += len(of)
        if length > _AT_ONCE:
            yield from _sizes(repository, waiting)
            waiting, length = [], 0
    yield from _sizes(repository, waiting)


def _sizes(repository: Repository, waiting: list[list[str]]) -> Iterator[Sequence[int]]:
    sizes = repository.objects.sizes(oid for oids in waiting for oid in oids if oid)
    return (array("Q", (sizes.get(oid, 0) for oid in oids)) for oids in waiting)


Touched = defaultdict[str, list[tuple[int, CommitId]]]
"""Folder of a post → (number of the step, commit) of what touched it."""


@dataclass
class BulkHistory(History):
    """All changes of main up to a commit, in memory; `merged` moves one listing along them."""

    repository: Repository
    steps: tuple[MainChange, ...]
    touched: Mapping[str, tuple[tuple[int, CommitId], ...]]
    """Folder of a post → (number of the step, commit) of all that touched it."""
    numbers: Mapping[CommitId, int]
    """Commit of main → number of its step."""
    merges: Set[CommitId]
    undated_at: Mapping[int, tuple[str, ...]]
    """Number of a step → as `undated`, of those that have any."""
    _at: int = -1
    _publications: PublicationNames = field(default_factory=PublicationNames)
    _people: dict[str, frozenset[Handler]] = field(default_factory=dict)
    _files: Listing = field(default_factory=lambda: Listing.of({}))

    def merged(self, base: CommitId, head: CommitId) -> Tree:
        """The tree of a change; it replaces the one returned before.

        Raises Fault when no trees that git writes give such a change.
        """
        number = self.numbers[head]
        if number < self._at:
            self._at, self._files = -1, Listing.of({})
            self._publications = PublicationNames()
        for step in range(self._at + 1, number + 1):
            self._go_on(step)
        self._at = number
        return Tree(self.repository, head, self._files)

    def _go_on(self, number: int) -> None:
        for path, new, blob in self.steps[number].blobs:
            if new is None or new is (path in self._files):
                commit = [*self.numbers][number]
                raise ambiguous_tree(f"{commit[:12]}:{printable(path.rpartition('/')[0])}")
            self._files.put(path, blob)
            self._publications.put(path, blob is None)

    def changes(self, base: CommitId, after: Tree) -> tuple[RawChange, ...]:
        return self.steps[self.numbers[CommitId(after.oid)]].changes

    def paths(self, commit: CommitId) -> Iterator[str]:
        """What a change of main altered."""
        return self.steps[self.numbers[commit]].paths

    def _touches(
        self, revisions: str, folders: Collection[str]
    ) -> tuple[str, Callable[[], Mapping[str, Collection[CommitId]]]]:
        number = self.numbers[CommitId(revisions)]
        touches = {
            folder: [commit for step, commit in self.touched.get(folder, ()) if step <= number]
            for folder in folders
        }
        return revisions, lambda: touches

    def _statements(self, commits: Set[CommitId]) -> dict[str, list[str]]:
        squashes = (commits & self.numbers.keys()) - self.merges
        return {commit: [*self.paths(commit)] for commit in squashes}

    def _first_parents(self, revisions: str) -> Set[str]:
        return self.numbers.keys()

    def publications(self, after: Tree, posts: Collection[PostId], since: str) -> tuple[str, ...]:
        """Of the tree that `merged` returned last."""
        return self._publications.of(posts, since)

    def _way(self, base: CommitId, head: CommitId) -> Mapping[str, set[str]]:
        return self.steps[self.numbers[head]].held

    def _before(self, base: CommitId, head: CommitId) -> Callable[[str], str]:
        before = self.steps[self.numbers[head]].before
        return lambda path: before.get(path, "")

    def undated(self, base: CommitId, head: CommitId) -> tuple[str, ...]:
        return self.undated_at.get(self.numbers[head], ())


def read_history(repository: Repository, head: CommitId) -> BulkHistory:
    """Read all changes of main up to `head`."""
    graph, undated = _graph(repository, head)
    main = _first_parents(graph, head)
    brought = _brought(graph, main)
    numbers = {commit: number for number, commit in enumerate(main)}
    side = {c: number for number, commits in enumerate(brought) for c in commits}
    when = side | numbers
    at = {when[c]: tuple(sorted(o for o in undated if when[o] == when[c])) for c in undated}
    merges = {c: n for c, n in when.items() if len(graph[c]) > 1}
    way, touched = _way(repository, side, merges)
    altered = dict(_altered(repository, head))
    for commit, number in numbers.items():
        if commit not in merges:
            _touch(touched, number, commit, paths_in(altered.get(commit, b"")))
    for commit, paths in _own(repository, merges).items():
        _touch(touched, merges[commit], commit, paths)
    rows = [altered.get(commit, b"") for commit in main]
    sizes = sizes_of(repository, rows)
    return BulkHistory(
        repository,
        tuple(
            MainChange(rows[number], of, tuple(way.get(number, ())))
            for number, of in enumerate(sizes)
        ),
        {folder: tuple(sorted(some)) for folder, some in touched.items()},
        numbers,
        merges.keys(),
        at,
    )


def _graph(
    repository: Repository, head: CommitId
) -> tuple[dict[CommitId, tuple[CommitId, ...]], list[CommitId]]:
    """(commit → parents, of all that `head` reaches; the commits without a readable time)."""
    lines = repository.git("rev-list", "--timestamp", "--parents", head).decode().splitlines()
    rows = [(int(words[0]), [*map(CommitId, words[1:])]) for words in map(str.split, lines)]
    undated = [commits[0] for seconds, commits in rows if not readable(seconds)]
    return {commits[0]: tuple(commits[1:]) for _, commits in rows}, undated


def _first_parents(
    graph: Mapping[CommitId, tuple[CommitId, ...]], head: CommitId
) -> list[CommitId]:
    main = [head]
    while parents := graph[main[-1]]:
        main.append(parents[0])
    return main[::-1]


def _brought(
    graph: Mapping[CommitId, tuple[CommitId, ...]], main: list[CommitId]
) -> list[list[CommitId]]:
    """For each commit of main, the others that came to main with it."""
    reached = set(main)
    brought = []
    for commit in main:
        new: list[CommitId] = []
        todo = [p for p in graph[commit] if p not in reached]
        while todo:
            if (one := todo.pop()) not in reached:
                reached.add(one)
                new.append(one)
                todo += graph[one]
        brought.append(new)
    return brought


def _altered(repository: Repository, head: CommitId) -> Iterator[tuple[CommitId, bytes]]:
    """(commit of main, the rows of its changes)."""
    return read_rows(
        repository.git(
            "log", "-z", "--first-parent", "--diff-merges=first-parent", "--raw", "--format=%H",
            head,
        )
    )  # fmt: skip


def _way(
    repository: Repository, side: Mapping[CommitId, int], merges: Mapping[CommitId, int]
) -> tuple[dict[int, list[bytes]], Touched]:
    """(step → rows of the commits it brought, what commits but merges touched)."""
    way: dict[int, list[bytes]] = defaultdict(list)
    touched: Touched = defaultdict(list)
    raw = _diff_tree(repository, side, "--diff-merges=separate", "--raw", "--", "content")
    for commit, rows in read_rows(raw):
        way[side[commit]].append(rows)
        if commit not in merges:
            _touch(touched, side[commit], commit, paths_in(rows))
    return way, touched


def _own(repository: Repository, merges: Mapping[CommitId, int]) -> dict[CommitId, list[str]]:
    """Merge → paths of posts that differ from every parent: what an evil merge itself changed."""
    raw = _diff_tree(repository, merges, "-c", "--name-only", "--", POSTS)
    changed: dict[CommitId, list[str]] = defaultdict(list)
    commit = NO_COMMIT
    for name in map(name_of, raw.split(b"\0")):
        if name in merges:
            commit = CommitId(name)
        elif commit and name.startswith(POSTS):
            changed[commit].append(name)
        elif name:
            raise unreadable_object(name[:40])
    return changed


def _diff_tree(repository: Repository, commits: Iterable[CommitId], *options: str) -> bytes:
    asked = "".join(f"{commit}\n" for commit in commits).encode()
    return repository.git("diff-tree", "--stdin", "-z", "-r", *options, stdin=asked)


def _touch(touched: Touched, step: int, commit: CommitId, paths: Iterable[str]) -> None:
    for folder in {"/".join(p.split("/")[:4]) for p in paths if p.startswith(POSTS)}:
        touched[folder].append((step, commit))
