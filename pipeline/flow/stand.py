"""All that stands at a commit, judged: of what the last build judged already, only what changed.

A verdict kept from commit X holds at a later commit of main when the registers, the law and the
schemas are those of X, no commit between touched the post or a record of it, nothing its clauses
asked for elsewhere changed (`overheard`), and the time of the run lies in its span (`watched`).
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from pipeline.engine import judge_governance
from pipeline.flow.changes import Means, watched
from pipeline.flow.channels import Channels
from pipeline.flow.governance import governance
from pipeline.flow.judge import judge_standing
from pipeline.flow.lazy import Lazy
from pipeline.flow.overheard import EVERYTHING, Heard, overheard
from pipeline.flow.proposal import posts_named
from pipeline.flow.recorded import FOLDERS
from pipeline.flow.revocation import pinned
from pipeline.flow.since import Since, assemble_since
from pipeline.flow.stood import NOTHING, Row, Stood
from pipeline.flow.trusted import Trusted, When, trust
from pipeline.flow.verdict_rows import shared
from pipeline.flow.watched import Watch
from pipeline.model.archive import Archive
from pipeline.model.cards import Card, card_of
from pipeline.model.filings import FOLDER as FILINGS
from pipeline.model.filings import SCANS
from pipeline.model.findings import Verdict
from pipeline.model.volumes import Counts
from pipeline.site.tally import counts, never_checked
from pipeline.source.facts import RECORDS, kind_of_record
from pipeline.source.history import handlers
from pipeline.source.listing import Listing
from pipeline.source.posts import post_ids
from pipeline.source.repository import RawChange, Repository
from pipeline.source.tree import Tree
from pipeline.workers import spread

REGISTERS = ""
"""What `Standing.judged` knows the verdict on registers and records by."""
_OWN = ("publications", "corrections", "waivers", "filings", "authorisations")
"""Kinds of records that name the post or the day they are about, or are read at every run."""


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
    rows: Mapping[str, Row]
    """Of the posts that may be published."""
    heard: Heard
    ever: frozenset[str]
    since: Since
    """What was known before."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Of every post by id, then of the registers and records."""
        posts = (self.judged.get(i) or self.rows[i].verdict for i in sorted(self.archive.posts))
        return (*posts, self.judged[REGISTERS])


def stand(repository: Repository, head: str, when: When, means: Means, past: Stood) -> Standing:
    """Judge what stands at a commit; `past`: what an earlier build of this code judged."""
    tree = repository.tree(head)
    _listed(tree.files)
    trusted = pinned(trust(tree), repository, head)
    watches: list[Watch] = []
    as_of = watched(when, watches)(trusted.registers)
    now, ids = watches[0].moment, post_ids(tree)
    same = past.governance == governance(tree)
    since = _since(repository, head, past if same else NOTHING, ids)
    left = ids - since.touched
    held = {i: r for i, r in since.past.rows.items() if i in left and r.holds(now)}
    todo = frozenset(ids - held.keys())
    archive = assemble_since(trusted, tree, as_of, since, todo)
    fresh, heard = _judged(archive, trusted, todo, watches[0], means.processes)
    heard.add(Heard("", set(since.past.kinds), set(since.past.members)))
    rows = held | {i: row for i, (_, row) in fresh.items() if row}
    archive = replace(archive, as_of=now, cards={i: r.card for i, r in rows.items()})
    return Standing(
        archive,
        trusted,
        tree,
        {i: v for i, (v, _) in fresh.items()} | {REGISTERS: judge_governance(archive)},
        rows,
        heard,
        since.past.ever | since.handled.keys(),
        since,
    )


def _listed(files: Listing) -> None:
    """List in one question what every build looks at, whatever changed."""
    kinds = (k for k in files.folders(RECORDS) if k != "publications")
    files.complete("schemas", "content/registers", "site", *(f"{RECORDS}{k}" for k in kinds))


def _since(repository: Repository, head: str, past: Stood, ids: Set[str]) -> Since:
    """What came after `past`; after nothing at all when what it says may be out of date."""
    if past.commit and repository.on_main(past.commit, head):
        changes = repository.changes(past.commit, head)
        handled = handlers(repository, f"{past.commit}..{head}")
        touched = {folder.rpartition("/")[2] for folder in handled}
        touched |= set(posts_named(c.path for c in changes))
        days = {c.path.rpartition("/")[2][:10] for c in changes if c.path.startswith(FILINGS)}
        touched |= {i for i in past.rows if i[:10] in days} if days else set()
        since = Since(past, changes, frozenset(touched), handled)
        if not _stale(since, ids):
            return since
    return Since(NOTHING, (), frozenset(), handlers(repository, head))


def _stale(since: Since, ids: Set[str]) -> bool:
    """Whether something changed that a kept verdict asked for besides its own post."""
    past = since.past
    asked = {FOLDERS.get(kind, kind) for kind in past.kinds}
    kinds = {kind_of_record(c.path) for c in since.changes} - {"", *_OWN}
    # A scan that comes is named by a filing that comes; one that goes or changes may be missed.
    kinds |= {SCANS for c in since.changes if c.path.startswith(FILINGS) and _undone(c)}
    # What was looked for and is not there refuses, so only what goes can be missed.
    gone = {i for i in since.touched if i not in past.rows or i not in ids}
    gone |= {p.url for p in past.publications if p.post in since.touched}
    whole = EVERYTHING in asked and bool(since.changes)
    return whole or bool(kinds & asked) or bool(gone & past.members)


def _undone(change: RawChange) -> bool:
    return change.status != "A" and not change.path.endswith(".yml")


def _judged(
    archive: Archive, trusted: Trusted, todo: Iterable[str], watch: Watch, processes: int
) -> tuple[dict[str, tuple[Verdict, Row | None]], Heard]:
    """Post → its verdict and, when it may be published, its row; and what was asked for."""
    listening, never = overheard(archive), never_checked(trusted.rulebook)
    tally = partial(counts, rulebook=trusted.rulebook, never=never)
    known: dict[Any, Any] = {}

    def judge(post: str) -> tuple[Verdict, Row | None, Heard]:
        heard = listening.heard
        watch.reset()
        heard.subject, heard.kinds, heard.members = post, set(), set()
        verdict = shared([judge_standing(post, listening, trusted.rulebook)], known)[0]
        row = _row(verdict, archive, watch, tally)
        let_go(archive, post)
        return verdict, row, Heard("", heard.kinds, heard.members)

    ordered, heard = sorted(todo), Heard()
    found = spread(ordered, judge, processes)
    for _, _, asked in found:
        heard.add(asked)
    return {i: (v, row) for i, (v, row, _) in zip(ordered, found, strict=True)}, heard


def let_go(archive: Archive, post: str) -> None:
    """Thousands of posts are read one after another, and most are not looked at again."""
    for made in (archive.posts, archive.approvals, archive.renditions):
        if isinstance(made, Lazy | Channels):
            made.drop(post)


def _row(
    verdict: Verdict, archive: Archive, watch: Watch, tally: Callable[[Verdict], Counts]
) -> Row | None:
    """What is kept of a post that is judged publishable and has its four steps and its time."""
    post, approvals = archive.posts[verdict.subject], archive.approvals[verdict.subject]
    if not (verdict.publishable and approvals.complete and post.publish_at is not None):
        return None
    return Row(verdict, card_of(post, approvals), tally(verdict), watch.low, watch.high)


def shown(standing: Standing) -> dict[str, Card]:
    """The cards of the posts whose time has come."""
    now = standing.archive.as_of
    cards = (row.card for row in standing.rows.values())
    return {c.id: c for c in cards if datetime.fromisoformat(c.moment) <= now}
