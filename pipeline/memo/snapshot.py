"""What stands at a commit of main whose history passed, cached from one build to the next.

It names the commit, whose id stands for all input but three things: the program, the erased posts,
and the time of the run, held as the spans in which verdicts hold (`Clock`). A post that is refused
or held is not in it: every build judges it anew.

One sealed row holds what every build asks: of each year an outline, and the name of a sealed row
with the rows of its posts, which holds a digest of them. So nothing of an earlier build passes for
a part of this one, and a year that no change touches is neither read nor written. The leaves of the
log lie in rows that are named likewise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, cached_property, partial, reduce
from itertools import chain
from pickle import HIGHEST_PROTOCOL, dumps
from typing import Any, NamedTuple

from pipeline.evidence.log.merkle import Levels
from pipeline.memo.leaf_rows import LeafRows
from pipeline.memo.store import SealedStore
from pipeline.model.archive import Queries
from pipeline.model.calendar import EVER, FIRST, NEVER, Span
from pipeline.model.cards import RARE, Card, Counts, Shown, mark_of
from pipeline.model.ids import NO_COMMIT, CommitId, PostId, sha256_of
from pipeline.model.lazy import Later, Lazy
from pipeline.model.records import Carried, Correction, Part, Publication, Publications, by_post
from pipeline.model.reports import Verdict
from pipeline.model.run import PerRun
from pipeline.source.content.paths import POSTS
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Folders

SNAPSHOT, YEAR, LOG = "snapshot", "snapshot-year", "snapshot-log"
"""The kinds of the rows: of what every build asks, of one year, of leaves of the log."""


class LostRow(Exception):
    """A row of a year or of the log is gone, or not what it was: no earlier run counts."""


@dataclass(frozen=True)
class PostRow:
    """A post that may be published: its verdict, and what the verdict depends on besides it."""

    card: Card
    counts: Counts
    moment: datetime
    """When it is to be published."""
    verdict: Verdict
    """None of its findings forbids to publish."""
    span: Span
    """The times of a run at which the verdict is this one."""
    queries: Queries
    position: tuple[int, int] | None = None
    """Where its confirmation is in the log, as `Shown` has it."""

    @property
    def shown(self) -> Shown:
        return Shown(self.card, self.counts, self.position)

    @property
    def mark(self) -> tuple[object, ...]:
        """As of `cards.mark_of`."""
        return self.card.seal, self.counts, self.position


class YearRows(NamedTuple):
    """What was judged of the posts of one year, by their ids.

    `posts`: by id, those that may be published; `publications`: those that count, by path;
    `uncounted`: path → git object ids, of records of others, superseded or void.
    """

    posts: Mapping[PostId, PostRow] = {}
    publications: tuple[Publication, ...] = ()
    uncounted: Mapping[str, str] = {}


_carried: PerRun[Sequence[Publication], Carried] = PerRun(Carried.of)
"""A build changes the posts of a year twice, and its publications once."""
_ASKED = "kinds", "members", "missing"
_OUTLINE = "ids", "span", "queries", "latest", "rare", "placed", "mark", "carried"


@dataclass
class Year:
    """What was judged of the posts of one year: its rows, which are read when one of them is asked
    for, and what every build asks of them, which is pickled without them."""

    read: Callable[[], YearRows] = field(compare=False)
    key: str = ""
    """Of the sealed row, with a digest of it; empty before there is one."""

    @classmethod
    def of(cls, rows: YearRows) -> "Year":
        return cls(lambda: rows)

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("key", *_OUTLINE)}

    @cached_property
    def rows(self) -> YearRows:
        return self.read()

    @cached_property
    def ids(self) -> frozenset[PostId]:
        return frozenset(self.rows.posts)

    @cached_property
    def span(self) -> Span:
        """The times of a run at which all its verdicts are what they are."""
        return reduce(Span.within, (row.span for row in self.rows.posts.values()), EVER)

    @cached_property
    def queries(self) -> Queries:
        """All that its verdicts looked up."""
        asked = [row.queries for row in self.rows.posts.values()]
        every = (set[str]().union(*(getattr(q, name) for q in asked)) for name in _ASKED)
        return Queries(*every)

    @cached_property
    def latest(self) -> datetime:
        """When the last of its posts is to be published."""
        return max((row.moment for row in self.rows.posts.values()), default=FIRST)

    @cached_property
    def rare(self) -> Mapping[str, frozenset[PostId]]:
        """Of `RARE` → who states it."""
        cards = [row.card for row in self.rows.posts.values() if row.card.rare]
        return {key: frozenset(card.id for card in cards if key in card.rare) for key in RARE}

    @cached_property
    def placed(self) -> bool:
        """Whether each post has its place in the log."""
        return all(row.position for row in self.rows.posts.values())

    @cached_property
    def mark(self) -> str:
        """As of `Volume`."""
        posts, publications, uncounted = self.rows
        digests = ((p.path, p.digest) for p in publications)
        return mark_of((row.mark for row in posts.values()), digests, uncounted)

    @cached_property
    def carried(self) -> Carried:
        return _carried(self.rows.publications)

    def until(self, now: datetime) -> "Year":
        """The same, without the posts that are to be published later."""
        if self.latest <= now:
            return self
        due = {i: row for i, row in self.rows.posts.items() if row.moment <= now}
        return Year.of(self.rows._replace(posts=due))


Years = Mapping[str, Year]
"""By the first four signs of the ids of posts."""


def rows_of(years: Years) -> Mapping[PostId, PostRow]:
    """The rows of posts, by id."""
    ids = sorted(frozenset().union(*(year.ids for year in years.values())))
    return Lazy(dict.fromkeys(ids), lambda post: years[post[:4]].rows.posts[post])


def _publications(year: Year) -> Sequence[Publication]:
    return year.rows.publications


@dataclass(frozen=True, eq=False)
class YearPublications(Publications):
    """The publications of several years."""

    years: Years

    own: Sequence[Publication]

    @property
    def parts(self) -> Iterable[Part]:
        return [(y.carried, Later(partial(_publications, y))) for y in self.years.values()]

    def of_post(self, post: PostId) -> tuple[Publication, ...]:
        year = self.years.get(post[:4])
        return by_post(year.rows.publications).get(post, ()) if year else ()

    @cached_property
    def _all(self) -> tuple[Publication, ...]:
        return tuple(sorted(chain(*map(_publications, self.years.values())), key=lambda p: p.path))


@dataclass(frozen=True)
class Snapshot:
    """The cached state of one commit of main."""

    commit: CommitId = NO_COMMIT
    genesis: CommitId = NO_COMMIT
    governance: str = ""
    """Digest of its governance (`load_governance.governance`)."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """`time_settings` of its policy."""
    span: Span = NEVER
    """The times of a run at which every change up to it passes."""
    entered: datetime = FIRST
    """When it came to main (`first_appearances.times`)."""
    ever: frozenset[str] = frozenset()
    """Folders of posts that history holds and the commit does not."""
    waiting: frozenset[PostId] = frozenset()
    """Posts that stand and have no row."""
    years: Years = field(default_factory=dict)
    corrections: Sequence[Correction] = ()
    log: LeafRows = field(default_factory=LeafRows)
    """The leaves of the publication log, this build's own left out."""
    levels: Levels = ((),)
    """Its hashes, as of `Log`."""

    def save(self, store: SealedStore, erased: str) -> None:
        """Seal it in place of every other, all or nothing; a year that stays is not written again.

        `erased`: as of `read_snapshot`.
        """
        new = dict[str, bytes]()
        for name, year in self.years.items():
            if not year.key:
                raw = dumps(year.rows, HIGHEST_PROTOCOL)
                year.key = f"{name}-{sha256_of(raw)}"
                new[year.key] = raw
        keys = {year.key for year in self.years.values()}
        log, leaves = self.log.in_rows()
        head = {erased: dumps(replace(self, log=log), HIGHEST_PROTOCOL)}
        only = {SNAPSHOT: head, YEAR: keys, LOG: frozenset(log.keys)}
        store.write({SNAPSHOT: head, YEAR: new, LOG: leaves}, only)

    def ever_held(self, repository: Repository) -> Callable[[str], bool]:
        """Predicate: whether history up to the commit ever held the folder of a post."""
        standing = Folders(repository.tree(self.commit), POSTS)
        return lambda folder: folder in self.ever or folder in standing


NOTHING = Snapshot()


def read_snapshot(store: SealedStore | None, erased: str) -> Snapshot:
    """The snapshot of the last build; `NOTHING` when this program sealed none.

    `erased`: digest of the erased posts.
    """
    past: Snapshot = (store.value(SNAPSHOT, erased) if store else None) or NOTHING
    for year in past.years.values():
        year.read = partial(_row, store, YEAR, year.key)
    if past.log.keys:
        past.log.read = cache(partial(_row, store, LOG))
    return past


def _row(store: SealedStore | None, kind: str, key: str) -> Any:
    row = store.value(kind, key) if store else None
    if row is None:
        raise LostRow(key)
    return row
