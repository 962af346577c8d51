"""A change as git tells it, before anybody judges it.

It imports little: git goes through all of history for who made a post, and the rest of the
program is read meanwhile (docs/measurements.md).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.posts import Handler
from pipeline.model.regex import regex
from pipeline.source.history import Asked, History
from pipeline.source.places import home
from pipeline.source.repository import RawChange, Repository
from pipeline.source.tree import Tree

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

    base: str
    head: str
    after: Tree
    """What main would hold."""
    changes: tuple[RawChange, ...]
    touched: frozenset[str]
    """Ids of the posts that the changed files belong to."""
    handlers: Mapping[str, set[Handler]]
    """Folder of a touched post → who ever touched it."""
    history: History
    """What answers further questions of the past."""
    problems: tuple[Finding, ...] = ()
    """What is wrong with its commits as git stores them."""


def proposed(
    repository: Repository, base: str, head: str, history: History | None = None
) -> Proposed:
    """The change between two commits. `history`: where the past is known already."""
    history = history or Asked(repository)
    after = history.merged(base, head)
    changes = history.changes(base, after)
    touched = frozenset(posts_named(c.path for c in changes))
    handlers = history.handlers(head, map(home, sorted(touched)))
    problems = tuple(map(_undated, history.undated(base, head)))
    return Proposed(base, head, after, changes, touched, handlers, history, problems)


def _undated(commit: str) -> Finding:
    """A time that git cannot read; nothing would tell when the change entered main."""
    return Finding(
        "R13-7",
        Effect.REFUSE,
        say("Commit {commit} does not say readably when it was made.", commit=commit[:12]),
        Location(""),
        say("Make it anew: `git commit --amend --reset-author`."),
    )


def posts_named(paths: Iterable[str]) -> Iterable[str]:
    """Ids of the posts that files belong to."""
    for path in paths:
        found = _POST_OF.match(path)
        if found:
            yield next(filter(None, found.groups()))
