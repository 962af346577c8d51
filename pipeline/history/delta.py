"""What came since a commit that an earlier run judged, and what it leaves of that judgement.

A verdict kept from commit X holds at a later commit of main when the registers, the law and the
schemas are those of X, no commit between touched the post or a record of it, nothing its clauses
asked for elsewhere changed (`track_queries`), and the time of the run lies in its span (`Clock`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pipeline.errors import Again
from pipeline.history.changed_publications import NONE, Carried, read_carried, uncounted
from pipeline.judge.load_governance import Trusted
from pipeline.judge.proposal import named_in_records
from pipeline.judge.record_reader import FOLDERS
from pipeline.memo.judged_tree import NOTHING, Stood
from pipeline.memo.tracked_archive import EVERYTHING
from pipeline.memo.year_blocks import Block
from pipeline.memo.year_parts import Part, Parts
from pipeline.model.filings import FOLDER as FILINGS
from pipeline.model.filings import SCANS
from pipeline.model.posts import Handler
from pipeline.source.content.post_paths import POSTS, id_of
from pipeline.source.content.publication_names import publication_name
from pipeline.source.content.records import REVIEWS, kind_of_record
from pipeline.source.git.history import handlers
from pipeline.source.git.post_folders import Folders
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree

_OWN = ("publications", "corrections", "waivers", "filings", "authorisations")
"""Kinds of records that name the post or the day they are about, or are read at every run."""


@dataclass(frozen=True)
class Since:
    """What is known of an earlier commit of main, and what came after it."""

    past: Stood
    changes: tuple[RawChange, ...]
    """Paths that differ between that commit and this one."""
    touched: frozenset[str]
    """Posts that a commit since touched, or a record of which changed."""
    handled: Mapping[str, set[Handler]]
    """Folder of a post → who touched it since."""
    posts: Folders
    reviews: Folders
    before: Folders | None
    """Those of posts at the earlier commit; None when nothing is known."""
    parts: Parts
    """Closed ones, and of the others what still holds."""
    carried: Carried = NONE
    """The records of publications that were read for the others."""

    @property
    def open(self) -> list[str]:
        """Years in whose folders there may be posts to judge, or their reviews."""
        years = {*self.posts.years, *self.reviews.years}
        return sorted(y for y in years if y not in self.parts or not self.parts[y].closed)

    def folders(self, year: str) -> tuple[str, str]:
        """As `Year.folders`, here."""
        return self.posts.years.get(year, ""), self.reviews.years.get(year, "")

    def knew(self, folder: str) -> bool:
        """Whether history up to the earlier commit knows a post's folder."""
        return folder in self.past.ever or (self.before is not None and folder in self.before)

    def ever(self) -> frozenset[str]:
        """Folders of posts that history knows and that do not stand here."""
        changed = {_folder(c.path) for c in self.changes if c.path.startswith(POSTS)}
        return frozenset(
            f for f in {*self.past.ever, *self.handled, *changed} if f not in self.posts
        )


def since(
    repository: Repository, tree: Tree, trusted: Trusted, past: Stood, now: datetime
) -> Since:
    """What came after `past`; after nothing at all when what it says may be out of date."""
    posts, reviews = Folders(tree, POSTS), Folders(tree, REVIEWS)
    if past.commit and repository.after(past.commit, tree.oid) is not None:
        changes = repository.changes(past.commit, tree.oid)
        handled = handlers(repository, f"{past.commit}..{tree.oid}")
        touched = {folder.rpartition("/")[2] for folder in handled}
        touched |= set(posts_named(c.path for c in changes))
        days = {c.path.rpartition("/")[2][:10] for c in changes if c.path.startswith(FILINGS)}
        touched |= {i for day in days for i in posts.names(day[:4]) if i[:10] == day}
        earlier = repository.tree(past.commit)
        for each in (earlier, tree):
            touched |= named_in_records(each, trusted, changes)
        before = Folders(earlier, POSTS)
        known = Since(past, changes, frozenset(touched), handled, posts, reviews, before, {})
        found = _went_on(known, trusted, tree, now)
        if not _stale(found):
            return found
    ids = _grouped(posts.filled(posts.years, frozenset()))
    parts = {year: Part.of(year, ids[year], Block(), now) for year in ids}
    handled = handlers(repository, tree.oid)
    return Since(NOTHING, (), frozenset(), handled, posts, reviews, None, parts)


def _went_on(known: Since, trusted: Trusted, tree: Tree, now: datetime) -> Since:
    """The same with the parts that are closed, and what holds of the others."""
    past, years = known.past, {post[:4] for post in known.touched}
    parts: dict[str, Part] = {}
    for year, of in past.years.items():
        shut = of.closed(now, known.folders(year)) and year not in years
        if shut and not past.lost(year):
            names = partial(known.posts.names, year)
            parts[year] = Part(year, names, _opener(past, year), now, of, of.block)
    opened = {year: past.block(year) for year in past.years if year not in parts}
    carried = read_carried(trusted, tree, past, known.touched, known.changes)
    fresh = defaultdict(list)
    for publication in carried.publications:
        fresh[publication.post[:4]].append(publication)
    others = uncounted(tree, carried.paths, carried.publications)
    rows = {i for held in opened.values() if held for i in held.rows}
    open_years = (y for y in known.posts.years if y not in parts)
    ids = _grouped(known.posts.filled(open_years, rows - known.touched))
    for year in sorted({*ids, *opened, *fresh, *others}):
        held = opened.get(year) or Block()
        left = ids[year] - known.touched
        kept = (p for p in held.publications if p.post not in known.touched)
        block = Block(
            {i: row for i, row in held.rows.items() if i in left and row.span.holds(now)},
            tuple(sorted((*kept, *fresh[year]), key=lambda p: p.path)),
            {p: held.others[p] for p in _without(held.others, known.touched)}
            | others.get(year, {}),
            held.queries,
        )
        name = past.years[year].block if opened.get(year) else ""
        parts[year] = Part.of(year, frozenset(ids[year]), block, now, name)
    return Since(
        past, known.changes, known.touched, known.handled, known.posts, known.reviews,
        known.before, dict(sorted(parts.items())), carried,
    )  # fmt: skip


def _without(paths: Iterable[str], posts: Set[str]) -> Iterator[str]:
    return (path for path in paths if publication_name(path)[1] not in posts)


def _opener(past: Stood, year: str) -> Callable[[], Block]:
    def opened() -> Block:
        block = past.block(year)
        if block is None:
            raise Again
        return block

    return opened


def _grouped(folders: Iterable[str]) -> defaultdict[str, set[str]]:
    """Year that ids begin with → the posts in folders of whatever year: a post may be astray."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for post in map(id_of, folders):
        ids[post[:4]].add(post)
    return ids


def _stale(found: Since) -> bool:
    """Whether something changed that a kept verdict asked for besides its own post."""
    if any(found.past.lost(post[:4]) for post in found.touched):
        return True  # nobody knows what went
    years = found.past.years.values()
    asked = {FOLDERS.get(kind, kind) for year in years for kind in year.kinds}
    kinds = {kind_of_record(c.path) for c in found.changes} - {"", *_OWN}
    # A scan that comes is named by a filing that comes; one that goes or changes may be missed.
    kinds |= {SCANS for c in found.changes if c.path.startswith(FILINGS) and _undone(c)}
    if (EVERYTHING in asked and found.changes) or kinds & asked:
        return True
    went, came = _moved(found)
    if any(not year.missing.isdisjoint(came) for year in years):
        return True
    blocks = (found.past.block(year) for year in (found.past.years if went else ()))
    return any(block and not block.queries.members.isdisjoint(went) for block in blocks)


def _moved(found: Since) -> tuple[Set[str], Set[str]]:
    """Post ids, and addresses of publications, that went since and that came."""
    folders = {_folder(c.path) for c in found.changes if c.path.startswith(POSTS)}
    before = {f.rpartition("/")[2] for f in folders if found.before and f in found.before}
    after = {f.rpartition("/")[2] for f in folders if f in found.posts}
    for year in {post[:4] for post in found.touched}:
        block = found.past.block(year)
        before |= {p.url for p in block.publications if p.post in found.touched} if block else set()
    after |= {p.url for p in found.carried.publications if p.post in found.touched}
    return before - after, after - before


def _folder(path: str) -> str:
    """The folder of a post that a file belongs to."""
    return "/".join(path.split("/")[:4])


def _undone(change: RawChange) -> bool:
    return change.status != "A" and not change.path.endswith(".yml")
