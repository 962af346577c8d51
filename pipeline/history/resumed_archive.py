"""The archive at a commit, put together from what an earlier run read and from what came since."""

from collections.abc import Collection, Iterator, Mapping, Set

from pipeline.history.delta import Since
from pipeline.judge.archive_at import approvals_of, assemble, orphans, post_alone, posts_of
from pipeline.judge.erasures import expunge_problems, read_expunged
from pipeline.judge.lazy_renditions import Channels
from pipeline.judge.load_governance import Trusted
from pipeline.judge.record_reader import RecordReader
from pipeline.memo.lazy import Lazy
from pipeline.memo.prefetch import read_ahead
from pipeline.memo.year_parts import Ids, Parts
from pipeline.model.archive import Archive, Mode
from pipeline.model.clock import Clock
from pipeline.model.posts import Post
from pipeline.model.publications import ByYear
from pipeline.model.records import Publication
from pipeline.source.content.post_paths import ill_named, paths_of
from pipeline.source.content.records import reviews_by_post, reviews_in
from pipeline.source.git.history import handlers
from pipeline.source.git.tree import Tree


def assemble_since(
    trusted: Trusted, tree: Tree, clock: Clock, since: Since, todo: Set[str]
) -> Archive:
    """All that stands in a tree; `todo`: the posts that will be judged."""
    if since.before is None:
        return assemble(trusted, tree, Mode.STANDING, clock, since.handled)
    ids = Ids(since.parts)
    listed = reviews_in(tree.files, since.reviews.where(since.touched | todo, since.open))
    posts = _posts(trusted, tree, since, todo, ids, listed)
    erased, amiss = read_expunged(tree, trusted.registers, trusted.statements["authorisation"])
    known = Ids(since.parts, erased.keys())
    reader = RecordReader(tree, trusted.registers, trusted.schemas, trusted.statements, known)
    came = [c.path for c in since.changes if c.status != "D"]
    recorded = reader.since(came)
    reviews = Lazy(ids, lambda i: _reviews(tree, i, listed, todo))
    return Archive(
        mode=Mode.STANDING,
        clock=clock,
        registers=trusted.registers,
        posts=posts,
        post_ids=known,
        approvals=approvals_of(trusted, tree, posts, clock, reviews, lambda _post: None),
        publications=ByYear(since.parts),
        corrections=recorded.corrections,
        renditions=Channels(posts, trusted.registers),
        record_problems=(
            *since.carried.problems,
            *recorded.problems,
            *amiss,
            *expunge_problems(erased, erased, tree, ids, trusted.statements["review"]),
            *orphans(listed, known, _to_check(since.parts, known)),
            *ill_named(tree, came),
        ),
        expunged=erased,
        facts=recorded.facts,
        signed=recorded.signed,
    )


def _to_check(parts: Parts, known: Set[str]) -> Iterator[Publication]:
    """Publications whose posts may be gone: none of a closed part, unless an erased post is."""
    for part in parts.values():
        if part.closed is None or not all(post in known for post in part.closed.bare):
            yield from part.publications


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
    todo: Set[str],
    ids: Set[str],
    reviews: Mapping[str, list[str]],
) -> Lazy[str, Post]:
    """The posts to judge with all who handled them; any other is read alone when asked for."""
    chosen = paths_of(tree.files, since.posts.where(todo, since.open))
    known = [f for f in chosen if since.knew(f) or f not in since.handled]
    handled = dict(since.handled)
    if known:
        handled |= handlers(tree.repository, tree.oid, paths=known)
    judged = posts_of(trusted, tree, chosen, handled, read_ahead(tree, chosen, reviews))

    def make(post: str) -> Post:
        return judged[post] if post in judged else post_alone(trusted, tree, post)

    return Lazy(ids, make)
