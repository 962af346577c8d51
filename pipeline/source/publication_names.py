"""Publication records of a moving tree, found by what their names tell: a day and a post."""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, field
from sys import intern

from pipeline.source.records import PUBLICATIONS, publication_name


@dataclass
class PublicationNames:
    """The names that stand; `put` tells of each path that changes."""

    _days: list[tuple[str, str]] = field(default_factory=list)
    """(day, path), in order."""
    _named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Post → paths."""
    _since: tuple[str, tuple[str, ...]] | None = None
    """The day last asked for and its answer, while no record changed."""

    def put(self, path: str, gone: bool) -> None:
        """A file stands at a path, another than before, or none."""
        if not path.startswith(PUBLICATIONS):
            return
        self._since = None
        day, post = publication_name(path)
        at = bisect_left(self._days, (day, path))
        there = self._days[at : at + 1] == [(day, path)]
        if gone and there:
            del self._days[at]
            self._named[post] = tuple(p for p in self._named[post] if p != path)
        elif not gone and not there:
            self._days.insert(at, (intern(day), path))
            self._named[post] = (*self._named.get(post, ()), path)

    def of(self, posts: Collection[str], since: str) -> tuple[str, ...]:
        """Paths of the records of these posts and of days since, sorted.

        Twice the same tuple only when no record changed in between.
        """
        if self._since is None or self._since[0] != since:
            days = self._days[bisect_left(self._days, (since, "")) :]
            self._since = since, tuple(sorted(path for _, path in days))
        recent = self._since[1]
        named = (path for post in posts for path in self._named.get(post, ()))
        others = [path for path in named if publication_name(path)[0] < since]
        return tuple(sorted({*recent, *others})) if others else recent
