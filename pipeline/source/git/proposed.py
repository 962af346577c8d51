"""A change as git shows it, before it is judged: files, makers and commit messages.

It imports little: git goes through all of history for who made a post, and the rest of the
program is imported meanwhile (docs/measurements.md).
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.model.frozen import dataclass
from pipeline.model.ids import CommitId, PostId
from pipeline.model.lazy import regex
from pipeline.model.posts import Handler
from pipeline.source.content.paths import home
from pipeline.source.git.history import GitHistory, History
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree

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
