"""Judge all that stands at a commit; what the last build judged, only where it changed."""

from collections.abc import Iterable, Mapping, Set
from functools import partial
from typing import Any

from pipeline.evidence.log.merkle import Log
from pipeline.history.delta import Delta, delta_since, judge_rows
from pipeline.history.judge_commits import Means
from pipeline.judge.archive_at import Scope, archive_of, assemble
from pipeline.judge.load_governance import Trusted, When, governance, pinned, trust
from pipeline.law.engine import judge_governance
from pipeline.memo.snapshot import NOTHING, PostRow, Snapshot
from pipeline.model.archive import Archive, OnMain
from pipeline.model.calendar import Clock
from pipeline.model.cards import Volume, mark_of
from pipeline.model.frozen import dataclass, replace
from pipeline.model.ids import CommitId, PostId
from pipeline.model.lazy import Lazy
from pipeline.model.rendered import Channels
from pipeline.model.verdicts import Verdict, shared
from pipeline.source.content.paths import RECORDS, paths_of, publication_name
from pipeline.source.content.records import reviews_in
from pipeline.source.git.bulk_history import BulkHistory
from pipeline.source.git.history import handlers
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import Listing
from pipeline.workers import spread

REGISTERS = ""
"""Key of the verdict on registers and records in `Standing.judged`."""


@dataclass(frozen=True)
class Standing:
    """What stands at a commit."""

    archive: Archive
    """At the time of the run; a post is read lazily."""
    trusted: Trusted
    tree: Tree
    """Its files; it caches what the archive reads and lists."""
    judged: Mapping[str, Verdict]
    """Verdicts made in this run, and the one on registers and records."""
    rows: Mapping[PostId, PostRow]
    """By id, of the posts that may be published."""
    delta: Delta
    """What an earlier run judged, and what came since."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Of every post by id, then of the registers and records."""
        posts = (self.judged.get(i) or self.rows[i].verdict for i in sorted(self.archive.posts))
        return (*posts, self.judged[REGISTERS])

    @property
    def due(self) -> Mapping[PostId, PostRow]:
        """`rows`, of the posts whose time to be published has come."""
        now = self.archive.clock.as_given
        return {i: row for i, row in self.rows.items() if row.moment <= now}

    def placed(self, log: Log, *, anew: bool = False) -> "Standing":
        """The same, each post that has none yet, or all of them `anew`, with its place in the
        log."""
        positioned = {} if anew else {i: row for i, row in self.rows.items() if row.position}
        rows = {i: positioned.get(i) or _placed(row, log) for i, row in self.rows.items()}
        return replace(self, rows=rows)

    def uncounted(self, post: PostId) -> list[tuple[str, str]]:
        """Paths of the publication records of a post that do not count, with the object ids
        of their bytes."""
        rows = sorted(self.delta.uncounted.items())
        return [(path, objects) for path, objects in rows if publication_name(path)[1] == post]


@dataclass(frozen=True)
class Unjudged:
    """What stands at a commit, not judged yet: its records are read, and its posts are not."""

    archive: Archive
    trusted: Trusted
    tree: Tree
    delta: Delta

    def judge(self, means: Means, replayed: Mapping[PostId, PostRow]) -> Standing:
        """Judge the posts without a row that holds, and the registers and records.

        `replayed`: rows that the replay of this run made, by the governance that stands.
        """
        same = {i: row for i in self.delta.todo if (row := replayed.get(i)) and self._holds(row)}
        todo = self.delta.todo - same.keys()
        fresh = _judged(self.archive, self.trusted, todo, means.processes)
        new = {i: row for i, (_, row) in fresh.items() if row}
        seen: dict[Any, Any] = {}  # rows of another process share nothing
        made = {
            i: replace(row, verdict=shared([row.verdict], seen)[0])
            for i, row in (same | new).items()
        }
        rows = dict(sorted({**self.delta.rows, **made}.items()))
        may_state = partial(_stating, self.delta.ids, rows)
        cards = Lazy(rows, lambda post: rows[post].card)
        archive = replace(self.archive, cards=cards, may_state=may_state)
        judged: dict[str, Verdict] = {i: row.verdict for i, row in same.items()}
        judged |= {i: verdict for i, (verdict, _) in fresh.items()}
        judged[REGISTERS] = judge_governance(archive)
        return Standing(archive, self.trusted, self.tree, judged, rows, self.delta)

    def _holds(self, row: PostRow) -> bool:
        """Whether the verdict on a change is the one on what stands: nothing touched the post or a
        record of it since, so what it looked up elsewhere and the time decide."""
        archive, asked = self.archive, row.queries
        return (
            row.span.holds(archive.clock.as_given)
            and row.card.id not in archive.expunged
            and all(
                (member in archive.post_ids or member in archive.addresses)
                is (member not in asked.missing)
                for member in asked.members
            )
        )


def unjudged_at(
    repository: Repository,
    head: CommitId,
    when: When,
    past: Snapshot,
    history: BulkHistory | None = None,
) -> Unjudged:
    """Look up what stands at a commit, and what of it an earlier build judged.

    `history`: all changes up to `head`, if they were read already.
    """
    tree = repository.tree(head)
    _listed(tree.files)
    trusted = pinned(trust(tree), repository, head)
    now = when(trusted.registers)
    same = past.governance == governance(tree)
    delta = delta_since(repository, tree, trusted, past if same else NOTHING, now, history)
    return Unjudged(_archive(repository, delta, trusted, tree, Clock(now)), trusted, tree, delta)


def _archive(
    repository: Repository, delta: Delta, trusted: Trusted, tree: Tree, clock: Clock
) -> Archive:
    """All that stands: what holds from an earlier run, and what is to be judged."""
    if delta.before is None:
        return assemble(trusted, tree, OnMain(), clock, delta.handled)
    todo, paths = delta.todo, delta.paths or []
    folders = paths_of(tree.files, delta.posts.where(todo, delta.posts.years))
    listed = delta.reviews.where(delta.touched | todo, delta.reviews.years)
    scope = Scope(
        folders,
        delta.ids,
        reviews_in(tree.files, listed),
        tuple(row.value for row in delta.publications.values()),
        delta.problems,
        lambda records: records.since(paths),
        paths,
        alone=delta.ids,
    )
    handled = dict(delta.handled)
    if earlier := [f for f in folders if delta.ever_held(f) or f not in handled]:
        handled |= handlers(repository, tree.oid, earlier)
    return archive_of(trusted, tree, OnMain(), clock, handled, scope)


def _stating(ids: Set[PostId], rows: Mapping[PostId, PostRow], key: str) -> Set[PostId]:
    """Posts that may state one of `cards.RARE`: rows say it, and any other post may."""
    return (ids - rows.keys()) | {i for i, row in rows.items() if key in row.card.rare}


def posts_by_year(standing: Standing, due: Mapping[PostId, PostRow]) -> tuple[Volume, ...]:
    """The posts that are shown, by the years of their ids."""
    years: dict[str, dict[PostId, PostRow]] = {}
    carried: dict[str, list[str]] = {}
    uncounted: dict[str, dict[str, str]] = {}
    for post, row in due.items():
        years.setdefault(post[:4], {})[post] = row
    for publication in standing.delta.publications.values():
        carried.setdefault(publication.value.post[:4], []).append(publication.digest)
    for path, objects in standing.delta.uncounted.items():
        uncounted.setdefault(publication_name(path)[1][:4], {})[path] = objects
    return tuple(
        _volume(year, rows, carried.get(year, ()), uncounted.get(year, {}))
        for year, rows in years.items()
    )


def _volume(
    year: str, rows: Mapping[PostId, PostRow], carried: Iterable[str], uncounted: Mapping[str, str]
) -> Volume:
    mark = mark_of((row.mark for row in rows.values()), carried, uncounted)
    return Volume(year, mark, Lazy(rows, lambda post: rows[post].shown))


def _placed(row: PostRow, log: Log) -> PostRow:
    index = log.places.get(row.card.confirmed)
    return row if index is None else row.at((index, log.leaves[index].since))


def _listed(files: Listing) -> None:
    """List in one git command what every build looks at, whatever changed."""
    kinds = (k for k in files.folders(RECORDS) if k != "publications")
    files.complete("schemas", "content/registers", "site", *(f"{RECORDS}{k}" for k in kinds))


def _judged(
    archive: Archive, trusted: Trusted, todo: Iterable[PostId], processes: int
) -> dict[PostId, tuple[Verdict, PostRow | None]]:
    """Post → its verdict, and its row when it may be published."""
    judge_row = judge_rows(archive, trusted.rulebook, {})

    def judge(post: PostId) -> tuple[Verdict, PostRow | None]:
        judged = judge_row(post)
        release_post(archive, post)
        return judged

    ordered = sorted(todo)
    return dict(zip(ordered, spread(ordered, judge, processes), strict=True))


def release_post(archive: Archive, post: PostId) -> None:
    """Drop a post from memory: thousands are read in turn, and most are not needed again."""
    for made in (archive.posts, archive.approvals, archive.renditions):
        if isinstance(made, Channels):
            made.drop_post(post)
        elif isinstance(made, Lazy):
            made.drop(post)
