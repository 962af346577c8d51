"""Put trusted governance and proposed content together into one `Archive` to judge."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from functools import partial

from pipeline.evidence.review.chain import approvals
from pipeline.judge.load_governance import Trusted, without_stopped
from pipeline.judge.post_reader import PublicationReader, read_ahead, read_posts
from pipeline.judge.record_reader import Recorded, RecordReader, expunge_problems, read_expunged
from pipeline.model.archive import Archive, Change, Entered, OnBranch, Situation
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Approvals
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.frozen import dataclass
from pipeline.model.ids import R11_1, R11_4, PostId
from pipeline.model.lazy import Later, Lazy
from pipeline.model.posts import Handler, Post
from pipeline.model.records import Publication, RecentPublications
from pipeline.model.rendered import Channels
from pipeline.source.content.paths import Files, id_of, ill_named, post_folders, post_ids
from pipeline.source.content.posts import FILE_LIMIT
from pipeline.source.content.records import reviews_by_post, signed_files
from pipeline.source.git.history import History
from pipeline.source.git.tree import Tree

"""Gives the day whose policy says what more a review needs."""
AT_ONCE = 1000
"""Posts whose bytes are searched together."""


def may_state(tree: Files, folders: Iterable[str], key: str) -> frozenset[str]:
    """Ids of the posts that may have a front-matter key, told by bytes, without parsing.

    A key is its plain letters before a colon unless something is escaped (a backslash) or the
    key is marked as one (a question mark; YAML 1.2.2 .8.2.2): where one of these is, it may.
    """
    stated = re.compile(re.escape(key.encode()) + rb"[\"']?\s*:")
    mains = [path for f in folders if (path := f"{f}/post.md") in tree.files]
    ids = []
    for at in range(0, len(mains), AT_ONCE):
        some = mains[at : at + AT_ONCE]
        if isinstance(tree, Tree):
            tree.prepare(some)
        for path in some:
            blob = tree.files[path]
            if blob.mode != "100644" or blob.size > FILE_LIMIT:
                continue  # such a file is not read at all, so it states nothing
            raw = tree.read(path)
            if b"\\" in raw or b"? " in raw or b"?\n" in raw or stated.search(raw):
                ids.append(path.split("/")[3])
    return frozenset(ids)


@dataclass(frozen=True)
class Scope:
    """The part of a tree that a judgement looks at, and the records that it reads."""

    folders: Mapping[str, list[str]]
    """Folders of the posts to judge → their paths."""
    ids: Set[PostId]
    """Ids of all posts there are."""
    listed: Mapping[str, list[str]]
    """Post → paths of its reviews, which are checked against the posts there are."""
    publications: Sequence[Publication]
    problems: tuple[Finding, ...]
    """Findings on publications."""
    records: Callable[[RecordReader], Recorded]
    came: Collection[str] | None
    """Paths whose names are checked; None: all there are."""
    alone: Set[PostId] = frozenset()
    """Posts beside those to judge, each read alone and lazily."""

    @property
    def held(self) -> Iterable[Publication]:
        """The publications that are checked against the posts there are."""
        every = self.publications
        return every.own if isinstance(every, RecentPublications) else every


def assemble(
    trusted: Trusted,
    tree: Files,
    situation: Situation,
    clock: Clock,
    handlers: Mapping[str, Iterable[Handler]],
    only: Collection[PostId] | None = None,
    history: History | None = None,
) -> Archive:
    """Read posts (all, or those whose ids are in `only`), evidence and records of a tree.

    `history`: index of the publications when a change is judged. Records of long before the change
    came to main are not read.
    """
    change = situation.change if isinstance(situation, OnBranch | Entered) else None
    entered = situation.at if isinstance(situation, Entered) else None
    brought = None if change is None else [e.path for e in change.entries]
    folders = post_folders(tree, only, brought)
    came = entered or (None if only is None else clock.now)
    reader = PublicationReader(tree, trusted.registers, trusted.statements["publication"], history)
    publications, problems = reader.since(came, only, change)
    scope = Scope(
        folders,
        post_ids(tree, only) if only is not None else frozenset(map(id_of, folders)),
        reviews_by_post(tree, only, brought),
        publications,
        problems,
        lambda records: records.all(came, only, change),
        _placed(change),
    )
    return archive_of(trusted, tree, situation, clock, handlers, scope, came)


def archive_of(
    trusted: Trusted,
    tree: Files,
    situation: Situation,
    clock: Clock,
    handlers: Mapping[str, Iterable[Handler]],
    scope: Scope,
    came: datetime | None = None,
) -> Archive:
    """The archive that a scope describes; the only constructor of a judged archive.

    `came`: when the change came to main, or comes.
    """
    change = situation.change if isinstance(situation, OnBranch | Entered) else None
    own, amiss = read_expunged(tree, trusted.registers, trusted.statements["authorisation"])
    gone = {**own, **trusted.expunged}
    ids = scope.ids | gone.keys() if gone else scope.ids
    weigh = tuple if change else partial(without_stopped, effect=Effect.NOTE)
    records = RecordReader(tree, trusted.registers, trusted.schemas, trusted.statements, ids)
    recorded = scope.records(records)
    ready = read_ahead(tree, scope.folders, scope.listed)
    posts = read_posts(trusted, tree, scope.folders, handlers, ready, scope.alone)
    return Archive(
        situation=situation,
        clock=clock,
        registers=trusted.registers,
        posts=posts,
        post_ids=ids,
        approvals=_approvals(trusted, tree, posts, scope, clock, ready),
        publications=scope.publications,
        corrections=recorded.corrections,
        renditions=Channels(posts, trusted.registers),
        may_state=partial(may_state, tree, scope.folders),
        record_problems=Later(
            lambda: (
                *weigh((*scope.problems, *recorded.problems)),
                *amiss,
                *expunge_problems(own, gone, tree, scope.ids, trusted.statements["review"]),
                *orphans(scope.listed, ids, scope.held),
                *ill_named(tree, scope.came),
            )
        ),
        expunged=gone,
        facts=recorded.facts,
        signed=recorded.signed,
    )


def _placed(change: Change | None) -> list[str] | None:
    """The paths of a change that lie in a known area; the others are refused with the change."""
    if change is None:
        return None
    return [e.path for e in change.entries if e.status != "D" and e.area != "unknown"]


def _approvals(
    trusted: Trusted,
    tree: Files,
    posts: Mapping[PostId, Post],
    scope: Scope,
    clock: Clock,
    ready: Callable[[PostId], None],
) -> Lazy[PostId, Approvals]:
    """Post → the state of its steps, verified lazily."""
    schema, judged = trusted.statements["review"], frozenset(map(id_of, scope.folders))

    def make(post_id: PostId) -> Approvals:
        post, reviews = posts[post_id], scope.listed
        if post_id in judged:
            ready(post_id)
        else:
            reviews = reviews_by_post(tree, {post_id})
        files = signed_files(tree, reviews.get(post_id, ()))
        return approvals(post, files, trusted.registers, clock, schema)

    return Lazy(posts, make, clock)


def orphans(
    reviews_of: Mapping[str, list[str]], ids: Set[str], publications: Iterable[Publication]
) -> tuple[Finding, ...]:
    """Reviews and publications of posts that do not exist (threats A17); what went out and no
    reviewer would sign is recorded without its post."""
    remedy = say("Restore the post; a published one is withdrawn, not removed.")
    reviews = [
        (R11_1, "review-without-post", path, say("This review belongs to no post."))
        for post, paths in sorted(reviews_of.items())
        if post not in ids
        for path in paths
    ]
    carried = [
        (R11_4, "publication-without-post", p.path, say("This publication belongs to no post."))
        for p in publications
        if p.post not in ids and not p.unconfirmed
    ]
    return tuple(
        Finding(clause, name, Effect.REFUSE, message, Location(path), remedy)
        for clause, name, path, message in (*reviews, *carried)
    )
