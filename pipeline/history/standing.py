"""All that stands at a commit, judged: of what the last build judged already, only what changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from pipeline.history.changed_publications import uncounted
from pipeline.history.delta import Since, since
from pipeline.history.judge_commits import Means
from pipeline.history.resumed_archive import assemble_since
from pipeline.judge.judge_posts import judge_standing
from pipeline.judge.lazy_renditions import Channels
from pipeline.judge.load_governance import Trusted, When, governance, pinned, trust
from pipeline.law.engine import judge_governance
from pipeline.memo.judged_tree import NOTHING, Stood
from pipeline.memo.lazy import Lazy
from pipeline.memo.tracked_archive import Queries, track_queries
from pipeline.memo.verdict_codec import shared
from pipeline.memo.year_blocks import Block, Row
from pipeline.memo.year_parts import Part, Parts, Rows, stating
from pipeline.model.archive import Archive
from pipeline.model.cards import card_of
from pipeline.model.clause_counts import counts, never_checked
from pipeline.model.clock import Clock, Span
from pipeline.model.findings import Verdict
from pipeline.model.records import Publication
from pipeline.model.year_volumes import Counts
from pipeline.source.content.publication_names import PUBLICATIONS
from pipeline.source.content.records import RECORDS, paths_under
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import Listing
from pipeline.workers import spread

Judged = tuple[Verdict, Row | None, Queries]
REGISTERS = ""
"""What `Standing.judged` knows the verdict on registers and records by."""


@dataclass(frozen=True)
class Standing:
    """What stands at a commit."""

    archive: Archive
    """At the time of the run; a post is read when somebody asks for it."""
    trusted: Trusted
    tree: Tree
    """Its files; what the archive reads and lists, this one knows."""
    judged: Mapping[str, Verdict]
    """Verdicts made in this run, and the one on registers and records."""
    parts: Parts
    """What is known of the posts, by years."""
    since: Since
    """What was known before."""

    @property
    def rows(self) -> Mapping[str, Row]:
        """Of the posts that may be published."""
        return Rows(self.parts, lambda row: row)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Of every post by id, then of the registers and records."""
        rows = self.rows
        posts = (self.judged.get(i) or rows[i].verdict for i in sorted(self.archive.posts))
        return (*posts, self.judged[REGISTERS])


@dataclass(frozen=True)
class Found:
    """What stands at a commit, not judged yet: its records are read, and its posts are not."""

    archive: Archive
    trusted: Trusted
    tree: Tree
    since: Since
    todo: frozenset[str]
    """The posts to judge."""


def stand(repository: Repository, head: str, when: When, means: Means, past: Stood) -> Standing:
    """Judge what stands at a commit; `past`: what an earlier build of this code judged.

    Raises Again when a year turns out to be lost after it was taken for granted.
    """
    return judge_found(find(repository, head, when, past), means)


def find(repository: Repository, head: str, when: When, past: Stood) -> Found:
    """Look up what stands at a commit, and what of it an earlier build judged. Raises Again."""
    tree = repository.tree(head)
    _listed(tree.files)
    trusted = pinned(trust(tree), repository, head)
    now = when(trusted.registers)
    same = past.governance == governance(tree)
    known = since(repository, tree, trusted, past if same else NOTHING, now)
    left = [part for part in known.parts.values() if not part.closed]
    todo = frozenset(i for part in left for i in part.ids if i not in part.block.rows)
    archive = assemble_since(trusted, tree, Clock(now), known, todo)
    return Found(archive, trusted, tree, known, todo)


def judge_found(found: Found, means: Means) -> Standing:
    """Judge what stands. Raises Again."""
    archive, trusted, tree = found.archive, found.trusted, found.tree
    now = archive.clock.as_given
    fresh = _judged(archive, trusted, found.todo, means.processes)
    parts = _joined(archive, tree, found.since, fresh, now)
    cards = Rows(parts, attrgetter("card"))
    archive = replace(archive, cards=cards, may_state=partial(stating, parts))
    judged = {i: verdict for i, (verdict, *_) in fresh.items()}
    judged[REGISTERS] = judge_governance(archive)
    return Standing(archive, trusted, tree, judged, parts, found.since)


def _joined(
    archive: Archive, tree: Tree, known: Since, fresh: Mapping[str, Judged], now: datetime
) -> Parts:
    """The parts with what was found in this run."""
    parts = dict(known.parts)
    if known.before is None:
        parts |= _carrying(archive, tree, parts, now)
    made: defaultdict[str, dict[str, tuple[Row, Queries]]] = defaultdict(dict)
    for post, (_, row, queries) in fresh.items():
        if row:  # what is not kept is judged anew, so nobody needs to know what it asked
            made[post[:4]][post] = row, queries
    for year, of in made.items():
        block = parts[year].block
        queries = Queries()
        for each in (block.queries, *(queries for _, queries in of.values())):
            queries.add(each)
        rows = dict(sorted({**block.rows, **{i: row for i, (row, _) in of.items()}}.items()))
        parts[year] = parts[year].holding(replace(block, rows=rows, queries=queries))
    return dict(sorted(parts.items()))


def _carrying(archive: Archive, tree: Tree, parts: Parts, now: datetime) -> dict[str, Part]:
    """The parts with their publications, where all of these were read anew."""
    others = uncounted(tree, paths_under(tree, PUBLICATIONS), archive.publications)
    carried: defaultdict[str, list[Publication]] = defaultdict(list)
    for publication in archive.publications:
        carried[publication.post[:4]].append(publication)
    return {
        year: Part.of(
            year,
            parts[year].ids if year in parts else frozenset(),
            Block({}, tuple(carried[year]), others.get(year, {})),
            now,
        )
        for year in {*parts, *carried, *others}
    }


def _listed(files: Listing) -> None:
    """List in one question what every build looks at, whatever changed."""
    kinds = (k for k in files.folders(RECORDS) if k != "publications")
    files.complete("schemas", "content/registers", "site", *(f"{RECORDS}{k}" for k in kinds))


def _judged(
    archive: Archive, trusted: Trusted, todo: Iterable[str], processes: int
) -> dict[str, Judged]:
    """Post → its verdict; when it may be published, its row; and what it asked for."""
    tracked, never = track_queries(archive), never_checked(trusted.rulebook)
    tally = partial(counts, rulebook=trusted.rulebook, never=never)
    known: dict[Any, Any] = {}
    assembled = archive.clock.span

    def judge(post: str) -> Judged:
        queries = tracked.queries
        queries.subject, queries.kinds, queries.members, queries.missing = post, set(), set(), set()
        verdict, span = archive.clock.tracked(
            lambda: judge_standing(post, tracked, trusted.rulebook)
        )
        verdict = shared([verdict], known)[0]
        row = _row(verdict, archive, span.within(assembled), tally)
        let_go(archive, post)
        return verdict, row, Queries("", queries.kinds, queries.members, queries.missing)

    ordered = sorted(todo)
    return dict(zip(ordered, spread(ordered, judge, processes), strict=True))


def let_go(archive: Archive, post: str) -> None:
    """Thousands of posts are read one after another, and most are not looked at again."""
    for made in (archive.posts, archive.approvals, archive.renditions):
        if isinstance(made, Lazy | Channels):
            made.drop(post)


def _row(
    verdict: Verdict, archive: Archive, span: Span, tally: Callable[[Verdict], Counts]
) -> Row | None:
    """What is kept of a post that is judged publishable and has its four steps and its time."""
    post, approvals = archive.posts[verdict.subject], archive.approvals[verdict.subject]
    if not (verdict.publishable and approvals.complete and post.publish_at is not None):
        return None
    return Row(verdict, card_of(post, approvals), tally(verdict), span)
