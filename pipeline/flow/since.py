"""The archive at a commit, put together from what an earlier run read and from what came since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.evidence.records import read_publications
from pipeline.flow.ahead import read_ahead
from pipeline.flow.assemble import approvals_of, assemble, orphans, posts_of
from pipeline.flow.channels import Channels
from pipeline.flow.expunged import expunge_problems, read_expunged
from pipeline.flow.lazy import Lazy
from pipeline.flow.recorded import RecordReader
from pipeline.flow.stood import Stood
from pipeline.flow.trusted import Trusted
from pipeline.model.archive import Archive, Mode
from pipeline.model.posts import Handler, Post
from pipeline.source.history import handlers
from pipeline.source.posts import post_folders, post_ids
from pipeline.source.records import (
    PUBLICATIONS,
    publication_name,
    read_corrections,
    reviews_by_post,
    signed_files,
)
from pipeline.source.repository import RawChange
from pipeline.source.tree import Tree


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


def assemble_since(
    trusted: Trusted, tree: Tree, as_of: datetime, since: Since, todo: Collection[str]
) -> Archive:
    """All that stands in a tree; `todo`: the posts that will be judged."""
    if not since.past.commit:
        return assemble(trusted, tree, Mode.STANDING, as_of, since.handled)
    ids = post_ids(tree)
    listed = reviews_by_post(tree, since.touched | frozenset(todo))
    posts = _posts(trusted, tree, since, todo, ids, listed)
    fresh, bad = read_publications(
        signed_files(tree, _publications(tree, since.touched)),
        trusted.registers,
        trusted.statements["publication"],
    )
    kept = (p for p in since.past.publications if p.post not in since.touched)
    publications = tuple(sorted((*kept, *fresh), key=lambda p: p.path))
    corrections, wrong = read_corrections(tree, trusted.schemas)
    erased, amiss = read_expunged(tree, trusted.registers, trusted.statements["authorisation"])
    reader = RecordReader(tree, trusted.registers, trusted.schemas, trusted.statements, ids)
    recorded = reader.since([c.path for c in since.changes if c.status != "D"])
    reviews = Lazy(ids, lambda i: _reviews(tree, i, listed, todo))
    return Archive(
        mode=Mode.STANDING,
        as_of=as_of,
        registers=trusted.registers,
        posts=posts,
        post_ids=ids | erased.keys(),
        approvals=approvals_of(trusted, tree, posts, as_of, reviews, lambda _post: None),
        publications=publications,
        corrections=corrections,
        renditions=Channels(posts, trusted.registers),
        record_problems=(
            *bad,
            *wrong,
            *recorded.problems,
            *amiss,
            *expunge_problems(erased, erased, tree, ids, trusted.statements["review"]),
            *orphans(listed, ids | erased.keys(), publications),
        ),
        expunged=erased,
        facts=recorded.facts,
        signed=recorded.signed,
    )


def _reviews(
    tree: Tree, post: str, listed: Mapping[str, list[str]], todo: Collection[str]
) -> list[str]:
    """Paths of a post's reviews, looked for alone unless it is one of those to judge."""
    found = listed if post in todo else reviews_by_post(tree, {post})
    return found.get(post, [])


def _posts(
    trusted: Trusted,
    tree: Tree,
    since: Since,
    todo: Collection[str],
    ids: Collection[str],
    reviews: Mapping[str, list[str]],
) -> Lazy[str, Post]:
    """The posts to judge with all who handled them; any other is read alone when asked for."""
    chosen = post_folders(tree, todo)
    known = [f for f in chosen if f in since.past.ever or f not in since.handled]
    handled = dict(since.handled)
    if known:
        handled |= handlers(tree.repository, tree.oid, paths=known)
    judged = posts_of(trusted, tree, chosen, handled, read_ahead(tree, chosen, reviews))

    def make(post: str) -> Post:
        if post in judged:
            return judged[post]
        return posts_of(trusted, tree, post_folders(tree, {post}), {}, lambda _post: None)[post]

    return Lazy(ids, make)


def _publications(tree: Tree, touched: Collection[str]) -> list[str]:
    """Paths of all publication records of these posts."""
    found = tree.holding(PUBLICATIONS, [f".{post}" for post in touched])
    return sorted(path for path in found if publication_name(path)[1] in touched)
