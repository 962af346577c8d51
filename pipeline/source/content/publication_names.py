"""Index of the publication records of a changing tree by the day and post in their names."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from sys import intern

from pipeline.source.git.tree_listing import Listing, files_under

PUBLICATIONS = "content/records/publications/"
NO_DAY = "~"
"""Later than every day of a name."""


@dataclass
class PublicationNames:
    """The names of a tree's publication records; `put` updates them."""

    _days: list[tuple[str, str]] = field(default_factory=list)
    """(day, path), in order."""
    _by_post: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Post → paths."""
    _since: tuple[str, tuple[str, ...]] | None = None
    """The day last asked for and its answer, while no record changed."""

    def put(self, path: str, gone: bool) -> None:
        """Update the index for a path whose file changed, or is gone."""
        if not path.startswith(PUBLICATIONS):
            return
        self._since = None
        day, post = publication_name(path)
        at = bisect_left(self._days, (day, path))
        stands = self._days[at : at + 1] == [(day, path)]
        if gone and stands:
            del self._days[at]
            self._by_post[post] = tuple(p for p in self._by_post[post] if p != path)
        elif not gone and not stands:
            self._days.insert(at, (intern(day), path))
            self._by_post[post] = (*self._by_post.get(post, ()), path)

    def of(self, posts: Collection[str], since: str) -> tuple[str, ...]:
        """Paths of the records of these posts and of days since, sorted.

        Twice the same tuple only when no record changed in between.
        """
        if self._since is None or self._since[0] != since:
            days = self._days[bisect_left(self._days, (since, "")) :]
            self._since = since, tuple(sorted(path for _, path in days))
        recent = self._since[1]
        older = (p for post in posts for p in self._by_post.get(post, ()) if is_timely(p, post))
        others = [path for path in older if publication_name(path)[0] < since]
        return tuple(sorted({*recent, *others})) if others else recent


def publications_on_disk(files: Listing, posts: Collection[str], since: str) -> tuple[str, ...]:
    """Paths of the records of these posts and of days since; others are not even listed."""
    first = min([since[:4], *map(year_before, posts)])
    years = [year for year in files.folders(PUBLICATIONS) if year >= first]
    paths = [p for year in years for p in files_under(files, f"{PUBLICATIONS}{year}/")]
    return tuple(named_publications(paths, posts, since))


def named_publications(
    paths: Iterable[str], posts: Collection[str] | None, since: str
) -> list[str]:
    """Those of publication records that are named for one of the posts, or for a day since.

    `posts`: ids, None for all; `since`: an ISO day.
    """
    if posts is None:
        return list(paths)
    marks = tuple(f".{post}" for post in posts)
    some = (p for p in paths if p.rpartition("/")[2] >= since or any(m in p for m in marks))
    return [p for p in some if _concerns(p, posts, since)]


def _concerns(path: str, posts: Collection[str], since: str) -> bool:
    day, post = publication_name(path)
    return day >= since or (post in posts and is_timely(path, post))


def is_timely(path: str, post: str) -> bool:
    """Whether a publication lies in the year before that of its post's id, or later.

    No other can be in order: it is looked at when it comes, and as long as everything is judged.
    """
    return path.removeprefix(PUBLICATIONS)[:4] >= year_before(post)


def year_before(post: str) -> str:
    """The year before a post's: what is planned for 1 January may go out too early."""
    year = post[:4]
    return f"{int(year) - 1:04}" if year.isascii() and year.isdecimal() else year


def publication_name(path: str) -> tuple[str, str]:
    """(day, post id) in the name of a publication record; empty where there is none."""
    name = path.rpartition("/")[2]
    parts = name.split(".", 3)
    return name[:10], parts[2] if len(parts) > 2 else ""
