"""Rows of judged posts, what came since a commit that an earlier run judged, and what it leaves of
that judgement.

A stored verdict of commit X holds at a later commit of main when the registers, the law and the
schemas are those of X, no commit between touched the post or a record of it, nothing its clauses
looked up elsewhere changed (`Look`), and the time of the run lies in its span (`Clock`).
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from itertools import chain
from typing import Any, cast

from pipeline.judge.archive_at import PublicationReader
from pipeline.judge.judge_posts import judge_standing
from pipeline.judge.judgements import named_in_records
from pipeline.judge.load_governance import Trusted
from pipeline.memo.read_posts import Leave, PostAsRead
from pipeline.memo.snapshot import NOTHING, PostRow, Snapshot, Year, YearRows, Years
from pipeline.model.archive import EVERYTHING, Archive, Look, Queries
from pipeline.model.cards import card_of
from pipeline.model.findings import Finding
from pipeline.model.forms import FOLDER as FILINGS
from pipeline.model.forms import SCANS
from pipeline.model.ids import CommitId, PostId
from pipeline.model.law import Rulebook
from pipeline.model.part import program
from pipeline.model.posts import Handler
from pipeline.model.reports import Verdict, counts, never_checked, shared
from pipeline.source.content.paths import POSTS, PUBLICATIONS, id_of, publication_name
from pipeline.source.content.records import REVIEWS, kind_of_record, paths_under
from pipeline.source.git.bulk_history import BulkHistory
from pipeline.source.git.history import handlers, posts_named
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Folders, Tree

_BESIDE = ("", ".sig", ".tsr")


@dataclass(frozen=True)
class Delta:
    """What stands at a commit, and what of it an earlier run judged."""

    past: Snapshot
    """`NOTHING` when nothing of an earlier run holds."""
    changes: tuple[RawChange, ...]
    """Paths that differ between the earlier commit and this one."""
    touched: frozenset[PostId]
    """Posts that a later commit touched, or a record of which changed."""
    handled: Mapping[str, set[Handler]]
    """Folder of a post → who touched it since."""
    posts: Folders
    reviews: Folders
    before: Folders | None
    """Those of posts at the earlier commit; None when nothing of it holds."""
    ids: frozenset[PostId] = frozenset()
    """Of all posts that stand."""
    years: Years = field(default_factory=dict)
    """The rows of the posts whose verdicts hold, and of all publications."""
    problems: tuple[Finding, ...] = ()
    """Of the publication records that were read."""

    @cached_property
    def todo(self) -> frozenset[PostId]:
        """The posts to judge."""
        return self.ids.difference(*(year.ids for year in self.years.values()))

    @property
    def paths(self) -> list[str] | None:
        """The paths that changed and still stand; None: all that stand."""
        if self.before is None:
            return None
        return [c.path for c in self.changes if c.status != "D"]

    def ever_held(self, folder: str) -> bool:
        """Whether history up to the earlier commit ever held a post's folder."""
        return folder in self.past.ever or (self.before is not None and folder in self.before)

    def ever(self) -> frozenset[str]:
        """Folders of posts that history holds and this commit does not."""
        changed = {_folder(c.path) for c in self.changes if c.path.startswith(POSTS)}
        return frozenset(
            f for f in {*self.past.ever, *self.handled, *changed} if f not in self.posts
        )


def delta_since(
    repository: Repository,
    tree: Tree,
    trusted: Trusted,
    past: Snapshot,
    now: datetime,
    history: BulkHistory | None = None,
) -> Delta:
    """What came after `past`; all of history when `past` is not on this line."""
    posts, reviews = Folders(tree, POSTS), Folders(tree, REVIEWS)
    reader = PublicationReader(tree, trusted.registers, trusted.statements["publication"], None)
    if not past.commit or repository.after(past.commit, CommitId(tree.oid)) is None:
        every = history and history.handlers(tree.oid, history.touched)
        handled = dict(every or handlers(repository, tree.oid))
        whole = Delta(NOTHING, (), frozenset(), handled, posts, reviews, None)
        return _with_years(whole, paths_under(tree, PUBLICATIONS), reader, now)
    changes = repository.changes(past.commit, tree.oid)
    handled = handlers(repository, f"{past.commit}..{tree.oid}")
    before = repository.tree(past.commit)
    touched = touched_by(changes, before, tree, trusted) | {id_of(folder) for folder in handled}
    delta = Delta(past, changes, touched, handled, posts, reviews, Folders(before, POSTS))
    return _with_years(delta, _publication_paths(past, touched, changes, tree), reader, now)


def judge_rows(
    archive: Archive, rulebook: Rulebook, seen: dict[Any, Any], leave: Leave
) -> Callable[[PostId], tuple[Verdict, PostRow | None]]:
    """As `judge_standing`, of one post after another, each with its row.

    There is a row of a post that may be published and has its four steps and its time. `seen`: as
    of `shared`; `leave` takes what was read of such a post.
    """
    never, assembled = never_checked(rulebook), archive.clock.span

    def judge(subject: PostId) -> tuple[Verdict, PostRow | None]:
        look = Look(archive, subject)
        judging = partial(judge_standing, subject, cast("Archive", look), rulebook)
        verdict, span = archive.clock.tracked(judging)
        (verdict,) = shared([verdict], seen)
        post, approvals = archive.posts[subject], archive.approvals[subject]
        if not (verdict.publishable and approvals.complete and post.publish_at is not None):
            return verdict, None
        card, tally = card_of(post, approvals), counts(verdict, rulebook, never)
        moment = datetime.fromisoformat(card.moment)
        leave(card, PostAsRead.of(archive, subject))
        return verdict, PostRow(card, tally, moment, verdict, span.within(assembled), look.queries)

    return judge


def touched_by(
    changes: tuple[RawChange, ...], before: Tree, after: Tree, trusted: Trusted
) -> frozenset[PostId]:
    """The posts whose files or records changed between two trees, by name or content."""
    touched = set(posts_named(c.path for c in changes))
    days = {id_of(c.path)[:10] for c in changes if c.path.startswith(FILINGS)}
    for day in days:
        touched |= {PostId(i) for i in after.files.folders(f"{POSTS}{day[:4]}") if i[:10] == day}
    touched |= named_in_records(after, trusted, changes)
    touched |= named_in_records(before, trusted, [c for c in changes if c.status != "A"])
    return frozenset(touched)


def _publication_paths(
    past: Snapshot, touched: Set[PostId], changes: Iterable[RawChange], tree: Tree
) -> list[str]:
    """The publication records of these posts: those they had, and those that changed."""
    years = [past.years[year].rows for year in _years(touched) & past.years.keys()]
    had = ((*(p.path for p in rows.publications), *rows.uncounted) for rows in years)
    changed = (c.path for c in changes if c.path.startswith(PUBLICATIONS))
    ours = (p for p in chain(*had, changed) if publication_name(p)[2] in touched)
    every = {s + end for s in _statements(ours) for end in _BESIDE}
    return sorted(p for p in every if p in tree.files)


def _years(posts: Iterable[PostId]) -> set[str]:
    """As of `Years`."""
    return {post[:4] for post in posts}


def _statements(paths: Iterable[str]) -> set[str]:
    """The paths of records without those of signatures and time stamps."""
    return {path.removesuffix(".sig").removesuffix(".tsr") for path in paths}


def _with_years(delta: Delta, paths: list[str], reader: PublicationReader, now: datetime) -> Delta:
    """The same with all ids, publications and rows that hold. `paths`: of the publication records
    to read; a year is read where one of its posts is touched, or a verdict may not hold."""
    past, folders = delta.past.years, delta.posts.years
    before = delta.before.years if delta.before else {}
    changed = {year for year in {*folders, *before} if folders.get(year) != before.get(year)}
    fresh, problems = _with_publications(delta, changed, paths, reader)
    sure = frozenset().union(*(past[y].ids for y in changed & past.keys())) - delta.touched
    ids = frozenset(map(id_of, delta.posts.filled(changed & folders.keys(), sure))).union(
        (post for post in delta.past.waiting if post[:4] not in changed),
        *(year.ids for name, year in past.items() if name not in changed),
    )
    stale, years = _Stale.of(delta, fresh), {**past, **fresh}
    for name, year in sorted(years.items()):
        if name in fresh or not year.span.holds(now) or stale.concerns(year.queries):
            rows = {
                i: row
                for i, row in year.rows.posts.items()
                if i in ids
                and i not in delta.touched
                and row.span.holds(now)
                and not stale.concerns(row.queries)
            }
            years[name] = Year.of(year.rows._replace(posts=rows))
    return replace(delta, ids=ids, years=dict(sorted(years.items())), problems=problems)


def _with_publications(
    delta: Delta, changed: Set[str], paths: list[str], reader: PublicationReader
) -> tuple[Years, tuple[Finding, ...]]:
    """The years that are touched, with the publications that stand, and the problems of the records
    that were read. `changed`: years in which posts stand otherwise."""
    past, touched, files = delta.past.years, delta.touched, reader.tree.files
    (read, problems), fresh = reader.counted(paths), dict[str, Year]()
    void = {
        path: " ".join(files[p].oid for p in (path, f"{path}.sig") if p in files)
        for path in _statements(paths) - {p.path for p in read}
    }
    for name in changed | _years((*touched, *(publication_name(p)[2] for p in paths))):
        old = past[name].rows if name in past else YearRows()
        left = (p for p in old.publications if p.post not in touched)
        came = (p for p in read if p.post[:4] == name)
        others = {p: o for p, o in old.uncounted.items() if publication_name(p)[2] not in touched}
        others |= {p: o for p, o in void.items() if publication_name(p)[2][:4] == name}
        publications = tuple(sorted(chain(left, came), key=lambda p: p.path))
        fresh[name] = Year.of(YearRows(old.posts, publications, others))
    return fresh, problems


@dataclass(frozen=True)
class _Stale:
    """What changed that a stored verdict may have looked up besides its own post."""

    kinds: Set[str]
    went: Set[str]
    """Post ids and addresses of publications that are gone."""
    came: Set[str]

    @classmethod
    def of(cls, delta: Delta, fresh: Years) -> "_Stale":
        """`fresh`: the years that are touched, as they stand."""
        kinds = {kind_of_record(c.path) for c in delta.changes} - {"", *program().with_posts}
        # A scan arrives with the filing that names it; one that goes may be missed.
        kinds |= {SCANS for c in delta.changes if c.path.startswith(FILINGS) and _undone(c)}
        kinds |= {kind for kind, folder in program().signed_folders.items() if folder in kinds}
        kinds |= {EVERYTHING} if delta.changes else set()
        folders = {_folder(c.path) for c in delta.changes if c.path.startswith(POSTS)}
        before: set[str] = {id_of(f) for f in folders if delta.before and f in delta.before}
        after: set[str] = {id_of(f) for f in folders if f in delta.posts}
        past = delta.past.years
        before |= _addresses((past[y] for y in fresh.keys() & past.keys()), delta.touched)
        after |= _addresses(fresh.values(), delta.touched)
        return cls(kinds, before - after, after - before)

    def concerns(self, queries: Queries) -> bool:
        return not (
            self.kinds.isdisjoint(queries.kinds)
            and self.came.isdisjoint(queries.missing)
            and self.went.isdisjoint(queries.members)
        )


def _addresses(years: Iterable[Year], posts: Set[PostId]) -> set[str]:
    """Where publications of these posts stand."""
    return {p.url for year in years for p in year.rows.publications if p.post in posts}


def _folder(path: str) -> str:
    """The folder of a post that a file belongs to."""
    return "/".join(path.split("/")[:4])


def _undone(change: RawChange) -> bool:
    return change.status != "A" and not change.path.endswith(".yml")
