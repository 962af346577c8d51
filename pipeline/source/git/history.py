"""What commits did: who handled a post, what came and went, the first parents of main."""

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from pipeline.model.ids import NO_COMMIT, CommitId, PostId
from pipeline.model.lazy import regex
from pipeline.model.posts import Handler
from pipeline.source.content.paths import POSTS, PUBLICATIONS, home, named_publications, year_before
from pipeline.source.git.objects import unreadable_object
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Store, Tree, blobs_in, name_of, paths_in, read_rows
from pipeline.source.git.tree_listing import files_under

_OID = regex(r"[0-9a-f]{40,64}")
_CO_AUTHOR = regex(rb"^co-authored-by:[^\n]*<([^<>\n]+)>", re.IGNORECASE | re.MULTILINE)
_SIGNED_OFF = regex(rb"^signed-off-by:[^\n]*<([^<>\n]+)>", re.IGNORECASE | re.MULTILINE)
_PERSON = regex(rb"^(author|committer) [^\n]*<([^<>\n]*)>", re.MULTILINE)
_HANDLERS = (
    "-z",
    "--full-history",  # without it, a side branch that brought the same bytes is hidden
    "--format=%x00%H",
    "--name-only",
    "-c",
)
_LATEST = 253_370_764_800
"""9999-01-01, in seconds: Python's calendar ends soon after it."""
_MAIN = ("refs/heads/main", "refs/remotes/origin/main")
STATEMENTS = ("content/reviews/", "content/records/waivers/")
"""Folders of the signed statements on a post before it is published."""
MANY = 40
"""More folders than these are looked for by their years: git compares each name with each."""


class LazyHandlers(Mapping[str, set[Handler]]):
    """Folder of a post → who touched it, computed lazily."""

    def __init__(self, answer: Callable[[], Mapping[str, set[Handler]]]) -> None:
        self._answer = answer

    @cached_property
    def _handlers(self) -> Mapping[str, set[Handler]]:
        return self._answer()

    def __getitem__(self, folder: str) -> set[Handler]:
        return self._handlers[folder]

    def __iter__(self) -> Iterator[str]:
        return iter(self._handlers)

    def __len__(self) -> int:
        return len(self._handlers)


class History(ABC):
    """What a judgement asks of the past.

    Two ways to read it: `GitHistory` asks git about each change, `bulk_history.BulkHistory` reads
    all of main at once. Both give what commits did; what follows from it is decided here.
    """

    repository: Repository
    _people: dict[str, frozenset[Handler]]
    """Commit → who made it, of those looked up so far."""

    @abstractmethod
    def merged(self, base: CommitId, head: CommitId) -> Tree:
        """The tree that merging `head` into `base` gives."""

    @abstractmethod
    def changes(self, base: CommitId, after: Tree) -> tuple[RawChange, ...]:
        """Paths that differ between a base and a tree."""

    @abstractmethod
    def publications(self, after: Tree, posts: Collection[PostId], since: str) -> tuple[str, ...]:
        """Paths of publication records of these posts, or of days since, by their names.

        Twice the same tuple only when no record changed in between.
        """

    @abstractmethod
    def undated(self, base: CommitId, head: CommitId) -> tuple[str, ...]:
        """Commits between that do not say readably when they were made (`readable`), sorted."""

    @abstractmethod
    def _touches(
        self, revisions: str, folders: Collection[str]
    ) -> tuple[str, Callable[[], Mapping[str, Collection[CommitId]]]]:
        """The revisions looked at, and lazily: folder of a post → the commits that touched it."""

    @abstractmethod
    def _statements(self, commits: Set[CommitId]) -> Mapping[str, Collection[str]]:
        """Commit → paths it changed, at least those in `STATEMENTS`; of merges, none."""

    @abstractmethod
    def _first_parents(self, revisions: str) -> Set[str]:
        """At least those of the revisions that first parents reach, and none off main's line."""

    def _landed(self, revisions: str) -> Set[str]:
        """The commits of main among the revisions."""
        return self._first_parents(revisions)

    @abstractmethod
    def _way(self, base: CommitId, head: CommitId) -> Mapping[str, set[str]]:
        """Path under content/ → blobs that commits between gave it."""

    @abstractmethod
    def _before(self, base: CommitId, head: CommitId) -> Callable[[str], str]:
        """Path that changes on the way → its blob at the base; empty when it has none there."""

    def handlers(self, revisions: str, folders: Iterable[str]) -> Mapping[str, set[Handler]]:
        """Folder of a post → who touched it in what the revisions reach.

        Merges count where they differ from every parent (an evil merge), so a clean merge does
        not make the merger a handler. No mailmap: the bytes of the commit decide.
        """
        if not (chosen := tuple(folders)):
            return {}
        looked_at, touches = self._touches(revisions, chosen)
        return LazyHandlers(lambda: self._handlers(looked_at, touches()))

    def _handlers(
        self, revisions: str, touches: Mapping[str, Collection[CommitId]]
    ) -> dict[str, set[Handler]]:
        """The makers of the commits; those of a squash, with the statements it brought.

        A squash is a commit of main, or is about to be as a queue or a forge made it: it names
        co-authors, and was committed by another than its author. No other commit of a proposal is
        taken for one, so who made a post says so before the merge.
        """
        commits = {commit for some in touches.values() for commit in some}
        self._look_up(commits)
        several = {c for c in commits if len({h.email for h in self._people[c]}) > 1}
        brought = self._statements(several) if several else {}
        landed = cache(lambda: self._landed(revisions))
        ahead = cache(lambda: self._first_parents(revisions))

        def makers(folder: str, commit: CommitId) -> Iterable[Handler]:
            people = self._people[commit]
            records = records_on(folder, brought.get(commit, ()))
            if records and (commit in landed() or (_of_a_forge(people) and commit in ahead())):
                return (replace(handler, records=records) for handler in people)
            return people

        return {
            folder: {handler for commit in some for handler in makers(folder, commit)}
            for folder, some in touches.items()
            if some
        }

    def _look_up(self, commits: Set[CommitId]) -> None:
        new = sorted(commits - self._people.keys())
        self.repository.objects.prepare(new)
        self._people.update((commit, people_of(self.repository, commit)) for commit in new)

    def transient(self, base: CommitId, head: CommitId, after: Tree) -> dict[str, set[str]]:
        """Path under content/ → blobs that commits between held there, but not the end.

        What came and went inside a proposal: media that was never looked at (threats A16), a signed
        return taken away again (A22).
        """
        passing: dict[str, set[str]] = {}
        for path, oids in self._way(base, head).items():
            now = after.files.get(path)
            if others := oids - {now.oid if now else ""}:
                passing[path] = others
        if not passing:
            return {}
        before = self._before(base, head)
        return {path: oids - {before(path)} for path, oids in passing.items()}


@dataclass
class GitHistory(History):
    """Asks git about one change at a time: best for few changes."""

    repository: Repository
    judged_to: str = ""
    """A commit, ancestor of all changes, up to which `ever_held` answers."""
    ever_held: Callable[[str], bool] = lambda _folder: True
    """Whether history up to there ever held a post's folder."""
    base: CommitId = NO_COMMIT
    """Last commit of main; empty: the head in question."""
    _people: dict[str, frozenset[Handler]] = field(default_factory=dict)
    _read: dict[str, Sequence[tuple[str, bytes]]] = field(default_factory=dict)
    """The span that was asked for last → its rows."""

    def merged(self, base: CommitId, head: CommitId) -> Tree:
        return self.repository.tree(self.repository.merged(base, head))

    def changes(self, base: CommitId, after: Tree) -> tuple[RawChange, ...]:
        return self.repository.changes(base, after.oid)

    def publications(self, after: Tree, posts: Collection[PostId], since: str) -> tuple[str, ...]:
        first, marks = min(map(year_before, posts), default=since), [f".{p}" for p in posts]
        paths: set[str] = set()
        for year in after.files.folders(PUBLICATIONS):
            if year >= since[:4]:
                paths.update(files_under(after.files, f"{PUBLICATIONS}{year}/"))
            elif year >= first:
                paths |= after.holding(f"{PUBLICATIONS}{year}/", marks)
        return tuple(named_publications(sorted(paths), posts, since))

    def undated(self, base: CommitId, head: CommitId) -> tuple[str, ...]:
        every = self.repository.between(base, head)
        return tuple(sorted(row.commit for row in every if not readable(row.seconds)))

    def _touches(
        self, revisions: str, folders: Collection[str]
    ) -> tuple[str, Callable[[], Mapping[str, Collection[CommitId]]]]:
        new = self.judged_to and not any(map(self.ever_held, folders))
        revisions = f"{self.judged_to}..{revisions}" if new else revisions
        many = len(folders) > MANY
        paths = sorted({path.rpartition("/")[0] for path in folders}) if many else folders

        def touches() -> Mapping[str, Collection[CommitId]]:
            every = _touches_in(self.repository.git("log", *_HANDLERS, revisions, "--", *paths))
            return {f: every[f] for f in folders if f in every} if many else every

        return revisions, touches

    def _statements(self, commits: Set[CommitId]) -> dict[str, list[str]]:
        raw = self.repository.git(
            "diff-tree", "--stdin", "-z", "-r", "--name-only", "--", *STATEMENTS,
            stdin="".join(f"{commit}\n" for commit in sorted(commits)).encode(),
        )  # fmt: skip
        changed: dict[str, list[str]] = defaultdict(list)
        commit = ""
        for name in map(name_of, raw.split(b"\0")):
            if name in commits:
                commit = name
            elif name:
                changed[commit].append(name)
        return changed

    def _first_parents(self, revisions: str) -> Set[str]:
        return frozenset(first_parents(self.repository, revisions))

    def _landed(self, revisions: str) -> Set[str]:
        """Up to `base`, or of the revisions when there is none, or when their end is on main."""
        head = revisions.rpartition("..")[2]
        contains = ("for-each-ref", "--count=1", f"--contains={head}", *_MAIN)
        on_main = self.base and self.repository.git(*contains)
        return self._first_parents(self.base if self.base and not on_main else revisions)

    def _way(self, base: CommitId, head: CommitId) -> Mapping[str, set[str]]:
        return blobs_in(rows for _, rows in self._rows(base, head))

    def _rows(self, base: CommitId, head: CommitId) -> Sequence[tuple[str, bytes]]:
        """As `read_rows`, of what commits between changed under content/; of a single one nothing:
        it holds what its end holds."""
        if self.repository.is_next(base, head):
            return ()
        span = f"{base}..{head}"
        if span not in self._read:
            asked = ("-z", "--full-history", "--format=%H", "--raw", "--diff-merges=separate")
            raw = self.repository.git("log", *asked, span, "--", "content")
            self._read = {span: tuple(read_rows(raw))}
        return self._read[span]

    def passed(self, base: CommitId, head: CommitId) -> Iterator[str]:
        """Folders of the posts that commits between touched; as of `handlers`, a merge touches what
        differs from every parent."""
        parents = {row.commit: len(row.parents) for row in self.repository.between(base, head)}
        for commit, several in groupby(self._rows(base, head), key=itemgetter(0)):
            paths = [frozenset(paths_in(rows)) for _, rows in several]
            if len(paths) >= parents[commit]:  # no row tells of a parent that is the same
                for path in frozenset.intersection(*paths):
                    if path.startswith(POSTS):
                        yield "/".join(path.split("/")[:4])

    def _before(self, base: CommitId, head: CommitId) -> Callable[[str], str]:
        files = self.repository.tree(base).files
        return lambda path: files[path].oid if path in files else ""


def readable(seconds: int) -> bool:
    """Whether git could read a committer's time; it gives 0 for none, for a word and before 1970.

    `seconds`: as `git rev-list --timestamp` prints them.
    """
    return 0 < seconds < _LATEST


def first_parents(repository: Store, revisions: str) -> tuple[CommitId, ...]:
    """Main's commits from the first to a head, or those of a span."""
    out = repository.git("rev-list", "--first-parent", "--reverse", revisions)
    return tuple(map(CommitId, out.decode().split()))


def handlers(
    repository: Repository, revisions: str, folders: Iterable[str] = (POSTS,)
) -> dict[str, set[Handler]]:
    """As `History.handlers`, of all posts, and looked up at once: a fork must not wait for git."""
    return dict(GitHistory(repository).handlers(revisions, folders))


def record_writers(
    repository: Repository, paths: Collection[str], head: CommitId, base: CommitId = NO_COMMIT
) -> Mapping[str, set[Handler]]:
    """Path of a record → who wrote it by its commits: authors, co-authors, who signed it off.

    Committers are left out: a forge, a desk or a colleague commits what others wrote. `paths`: of
    records, or one folder of them; `base`: only commits after it count.
    """
    repository.objects.prepare([head])  # it is asked for its parents, its people and its message
    if base and repository.is_next(base, head):
        return dict.fromkeys(paths, _writers_of(repository, head))
    raw = repository.git("log", *_HANDLERS, f"{base}..{head}" if base else head, "--", *paths)
    touches = _touches_in(raw, whole=True)
    repository.objects.prepare(sorted({c for commits in touches.values() for c in commits}))
    writers = cache(partial(_writers_of, repository))
    return {path: {w for c in commits for w in writers(c)} for path, commits in touches.items()}


def _writers_of(repository: Repository, commit: CommitId) -> set[Handler]:
    signed = _SIGNED_OFF.findall(repository.objects.read(commit).partition(b"\n\n")[2])
    more = {Handler(e.decode("utf-8", "replace").casefold(), "signer", commit) for e in signed}
    return {h for h in people_of(repository, commit) if h.part != "committer"} | more


def _touches_in(raw: bytes, *, whole: bool = False) -> dict[str, list[CommitId]]:
    """Folder of a post, or the `whole` path → commits, in what `git log` gives for `_HANDLERS`.

    Raises Fault for what is not understood: it may be a maker who would be missed.
    """
    touches: dict[str, list[CommitId]] = defaultdict(list)
    commit, previous = NO_COMMIT, b"?"
    for token in raw.split(b"\0"):
        text = token.strip(b"\n")
        if previous == b"" and _OID.fullmatch(text.decode("utf-8", "replace")):
            commit = CommitId(text.decode())
        elif commit and text.startswith(b"content/"):
            some = touches[name_of(text) if whole else "/".join(name_of(text).split("/")[:4])]
            if some[-1:] != [commit]:
                some.append(commit)
        elif text:
            raise unreadable_object(name_of(text[:40]))
        previous = text
    return touches


def records_on(folder: str, brought: Iterable[str]) -> tuple[str, ...]:
    """Statements on a post among the paths a commit changed: waivers, and reviews of its last
    revision.

    A review of an earlier revision does not show who made the later one.
    """
    if folder.count("/") != 3:  # a stray file among the folders of the posts
        return ()
    year, post = folder.split("/")[2:]
    paths = sorted(p for p in brought if p.endswith(".json"))
    reviews = [p for p in paths if p.startswith(f"content/reviews/{year}/{post}/")]
    waivers = [p for p in paths if p.startswith(f"content/records/waivers/{year}/{post}.")]
    last = max((p.split("/")[4] for p in reviews), key=lambda r: (len(r), r), default="")
    return (*waivers, *(p for p in reviews if p.split("/")[4] == last))


def _of_a_forge(people: Iterable[Handler]) -> bool:
    """Whether a commit names co-authors, and another committer than its author."""
    by_part = {h.part: h.email for h in people}
    return "co-author" in by_part and by_part["author"] != by_part["committer"]


def people_of(repository: Store, commit: CommitId) -> frozenset[Handler]:
    """Author, committer and co-authors of a commit, from its raw bytes."""
    raw = repository.objects.read(commit)
    header, _, message = raw.partition(b"\n\n")
    people = [(m[1].decode(), m[2]) for m in _PERSON.finditer(header)]
    # A hand-made commit may lack a part: an empty address, which no person has (threats A8).
    people += [(part, b"") for part in ("author", "committer") if part not in dict(people)]
    people += [("co-author", m[1]) for m in _CO_AUTHOR.finditer(message)]
    return frozenset(
        Handler(email.decode("utf-8", "replace").strip().casefold(), part, commit)
        for part, email in people
    )


if TYPE_CHECKING:  # a caller that holds one has imported it
    from pipeline.source.git.bulk_history import BulkHistory

_POST_OF = regex(
    r"content/(?:posts/\d{4}/(?P<post>[^/]+)/|reviews/\d{4}/(?P<review>[^/]+)/"
    r"|records/publications/\d{4}/[^/]+?\.[^/]+?\.(?P<publication>[^/]+?)\.json"
    r"|records/corrections/\d{4}/(?P<correction>[^/]+?)\.r\d+\.yml"
    r"|records/waivers/\d{4}/(?P<waiver>[^/]+?)\.[0-9a-f]{12}\.json"
    r"|records/filings/\d{4}/(?P<filing>\d{4}-\d{2}-\d{2}-[a-z][^/]*?)\.yml)"
)


@dataclass(frozen=True)
class Proposed:
    """What a head brings to a base, both commits."""

    base: CommitId
    head: CommitId
    after: Tree
    """What main would hold."""
    changes: tuple[RawChange, ...]
    touched: frozenset[PostId]
    """Ids of the posts that the changed files belong to, or that a commit touched on the way."""
    handlers: Mapping[str, set[Handler]]
    """Folder of a touched post → who ever touched it."""
    history: History
    """What answers further questions of the past."""
    undated: tuple[str, ...] = ()
    """Its commits whose time git cannot read."""

    @property
    def of_one_post(self) -> "Proposed":
        """As if it brought the first of its posts, and nothing else."""
        post = min(self.touched)
        changes = tuple(c for c in self.changes if post in posts_named([c.path]))
        return replace(self, changes=changes, touched=frozenset({post}))


def proposed(
    repository: Repository,
    base: CommitId,
    head: CommitId,
    history: History | None = None,
    passed: Iterable[str] | None = None,
) -> Proposed:
    """The change between two commits. `history`: where the past is known already; `passed`: folders
    of the posts that its commits touched, where these are known.

    Who touched a post counts though nothing of it is left in the end (threats A8).
    """
    history = history or GitHistory(repository, base=base)
    after = history.merged(base, head)
    if passed is None:
        asked = history if isinstance(history, GitHistory) else GitHistory(repository)
        passed = asked.passed(base, head)
    changes = history.changes(base, after)
    paths = chain((c.path for c in changes), (f"{folder}/" for folder in passed))
    touched = frozenset(posts_named(paths))
    handlers = history.handlers(head, map(home, sorted(touched)))
    undated = tuple(history.undated(base, head))
    return Proposed(base, head, after, changes, touched, handlers, history, undated)


def posts_by_commit(line: "BulkHistory") -> Mapping[str, Collection[str]]:
    """Commit of main → folders of the posts that it, or a commit it merged, touched."""
    main = {number: commit for commit, number in line.numbers.items()}
    folders: dict[str, set[str]] = {commit: set() for commit in line.numbers}
    for folder, touches in line.touched.items():
        for number, _ in touches:
            folders[main[number]].add(folder)
    return folders


def posts_named(paths: Iterable[str]) -> Iterable[PostId]:
    """Ids of the posts that files belong to."""
    for path in paths:
        if match := _POST_OF.match(path):
            yield next(filter(None, match.groups()))


def committed(repository: Repository, commit: CommitId) -> int:
    """As `CommitMessage.seconds`, of one commit."""
    return committed_at(repository, [commit])[commit]


def committed_at(repository: Repository, commits: Collection[CommitId]) -> dict[str, int]:
    """Commit → its seconds, as for when it came to main (`appearances.times`): of a time without a
    zone, or of two committers, git's other commands tell another one."""
    given = "".join(f"{commit}\n" for commit in commits).encode()
    asked = ("--timestamp", "--no-walk", "--stdin")
    rows = repository.git("rev-list", *asked, stdin=given).decode() if commits else ""
    return {commit: int(stated) for stated, commit in map(str.split, rows.splitlines())}
