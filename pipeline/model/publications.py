"""Publications as they are asked for: all there are, those of a post, or how many on a day."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Protocol

from pipeline.model.calendar import local_date
from pipeline.model.lazy_sequence import Whole
from pipeline.model.memoize import Once
from pipeline.model.records import Publication

Batch = tuple[str, int, str]
"""Account, day (`date.toordinal`), name."""
_EDGE = 7
"""Days around New Year's Eve on which posts of two years are often published together."""


class Tally(NamedTuple):
    """The updates that the publications of some posts make, counted (Article 5, R05-1)."""

    counts: Mapping[str, Sequence[int]]
    """Account → its first day (`date.toordinal`), then the updates of this and the following."""
    apart: frozenset[Batch] = frozenset()
    """Batches that posts of another year may belong to as well, not among `counts`."""


def tally(
    publications: Iterable[Publication], happened: Callable[[datetime], bool], year: str = ""
) -> Tally:
    """What these publications count, of posts of one `year`, or of all posts when it is empty.

    `happened`: whether a moment is not to come.

    A batch counts once a day, a post once however often it is recorded, so that neither a name
    used again hides an update nor a repetition makes one.
    """
    first: dict[tuple[str, str, int], datetime] = {}
    batches: set[Batch] = set()
    for p in publications:
        if not happened(p.published_at):
            continue
        if p.batch:
            batches.add(batch_of(p))
        else:
            key = p.account, p.post, p.revision
            first[key] = min(first.get(key, p.published_at), p.published_at)
    days = [(account, local_date(moment).toordinal()) for (account, *_), moment in first.items()]
    apart = frozenset(b for b in batches if year and (near(b) or year_of(b) != year))
    return Tally(_counted(chain(days, ((b[0], b[1]) for b in batches - apart))), apart)


def batch_of(publication: Publication) -> Batch:
    """The batch of a publication that has one: its name is used again on another day."""
    day = local_date(publication.published_at).toordinal()
    return publication.account, day, publication.batch


def year_of(batch: Batch) -> str:
    """The year that a batch was published in."""
    return f"{date.fromordinal(batch[1]).year:04}"


def near(batch: Batch) -> bool:
    """Whether a batch was published about the turn of a year."""
    day = date.fromordinal(batch[1])
    return (day.month, day.day) <= (1, _EDGE) or (day.month, day.day) > (12, 31 - _EDGE)


def _counted(days: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    days_of: defaultdict[str, list[int]] = defaultdict(list)
    for account, day in days:
        days_of[account].append(day)
    counts = {}
    for account, of in days_of.items():
        row = counts[account] = [min(of), *[0] * (max(of) - min(of) + 1)]
        for day in of:
            row[day - row[0] + 1] += 1
    return counts


def _by_post(publications: Iterable[Publication]) -> Mapping[str, tuple[Publication, ...]]:
    posts: defaultdict[str, list[Publication]] = defaultdict(list)
    for publication in publications:
        posts[publication.post].append(publication)
    return {post: tuple(of) for post, of in posts.items()}


by_post: Once[Sequence[Publication], Mapping[str, tuple[Publication, ...]]] = Once(_by_post)
"""By post; the changes of a day, which a replay judges one by one, look at the same ones."""


class Carrying(Protocol):
    """The posts of one year, as far as they were published."""

    @property
    def publications(self) -> tuple[Publication, ...]: ...
    @property
    def updates(self) -> Tally: ...
    def carrying(self, post: str) -> tuple[Publication, ...]: ...


class Publications(Whole[Publication]):
    """Publications by path, of which those of a post can be had without reading all."""

    @abstractmethod
    def of_post(self, post: str) -> tuple[Publication, ...]:
        """Those that carry a post."""


@dataclass(frozen=True, eq=False)
class Lately(Publications):
    """Those of some posts, and of late; what came late is read when somebody asks for others."""

    own: tuple[Publication, ...]
    posts: Collection[str]
    """What `own` carries."""
    recent: Callable[[], Iterable[Publication]]

    def of_post(self, post: str) -> tuple[Publication, ...]:
        return by_post(self.own if post in self.posts else self._all).get(post, ())

    @cached_property
    def _all(self) -> tuple[Publication, ...]:
        others = (p for p in self.recent() if p.post not in self.posts)
        return tuple(sorted((*self.own, *others), key=lambda p: p.path))


@dataclass(frozen=True, eq=False)
class ByYear(Publications):
    """All publications, those of a year's posts read when somebody asks for them."""

    years: Mapping[str, Carrying]
    """Year of the ids of posts → what carried them."""

    def of_post(self, post: str) -> tuple[Publication, ...]:
        volume = self.years.get(post[:4])
        return volume.carrying(post) if volume else ()

    def tallies(self) -> Iterator[Tally]:
        """What counts, each update once: no publication is read for it but in a strange case."""
        for year in self.years.values():
            yield year.updates
        apart = frozenset(chain.from_iterable(y.updates.apart for y in self.years.values()))
        counted = [b for b in apart if near(b) or b not in self._batches(year_of(b))]
        yield Tally(_counted((account, day) for account, day, _ in counted))

    def _batches(self, year: str) -> Collection[Batch]:
        volume = self.years.get(year)
        return {batch_of(p) for p in volume.publications if p.batch} if volume else set()

    @cached_property
    def _all(self) -> tuple[Publication, ...]:
        every = chain.from_iterable(y.publications for y in self.years.values())
        return tuple(sorted(every, key=lambda p: p.path))
