"""Look-ups of publications: all there are, those of a post, and counts by account and day."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline.model.calendar import local_date
from pipeline.model.lazy import FEW, LazySequence, Once
from pipeline.model.records import Publication

Batch = tuple[str, int, str]
"""Account, day (`date.toordinal`), name."""


def tally(
    publications: Iterable[Publication], happened: Callable[[datetime], bool]
) -> Mapping[str, Sequence[int]]:
    """Account → the first day of its updates (`date.toordinal`), then how many there were on this
    and each following day (Article 5, R05-1).

    `happened`: whether a moment lies in the past.

    A batch counts once a day, so a name used again hides no update. A revision of a post counts
    once, so a repeated record makes none.
    """
    first: dict[tuple[str, str, int], datetime] = {}
    batches: set[Batch] = set()
    for p in publications:
        if not happened(p.published_at):
            continue
        if p.batch:
            batches.add((p.account, local_date(p.published_at).toordinal(), p.batch))
        else:
            key = p.account, p.post, p.revision
            first[key] = min(first.get(key, p.published_at), p.published_at)
    days_of: defaultdict[str, list[int]] = defaultdict(list)
    for (account, *_), moment in first.items():
        days_of[account].append(local_date(moment).toordinal())
    for account, day, _ in batches:
        days_of[account].append(day)
    counts = {}
    for account, days in days_of.items():
        row = counts[account] = [min(days), *[0] * (max(days) - min(days) + 1)]
        for day in days:
            row[day - row[0] + 1] += 1
    return counts


def _by_post(publications: Iterable[Publication]) -> Mapping[str, tuple[Publication, ...]]:
    posts: defaultdict[str, list[Publication]] = defaultdict(list)
    for publication in publications:
        posts[publication.post].append(publication)
    return {post: tuple(of) for post, of in posts.items()}


by_post: Once[Sequence[Publication], Mapping[str, tuple[Publication, ...]]] = Once(_by_post, FEW)
"""Publications by post, computed once: a replay asks for the same ones at each change of a day."""


class Publications(LazySequence[Publication]):
    """Publications by path; those of a post can be had without reading all."""

    @abstractmethod
    def of_post(self, post: str) -> tuple[Publication, ...]:
        """The publications that carry a post."""


@dataclass(frozen=True, eq=False)
class RecentPublications(Publications):
    """The publications of some posts, and recent ones of others, which are read lazily."""

    own: tuple[Publication, ...]
    posts: Collection[str]
    """Ids of the posts that `own` carries."""
    recent: Callable[[], Iterable[Publication]]

    def of_post(self, post: str) -> tuple[Publication, ...]:
        return by_post(self.own if post in self.posts else self._all).get(post, ())

    @cached_property
    def _all(self) -> tuple[Publication, ...]:
        others = (p for p in self.recent() if p.post not in self.posts)
        return tuple(sorted((*self.own, *others), key=lambda p: p.path))
