"""Put trusted governance and proposed content together into one `Archive` to judge."""

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline.evidence.review.chain import approvals
from pipeline.evidence.review.counter import agreed
from pipeline.evidence.review.squash import makers_of
from pipeline.evidence.review.timestamp import Asked, signed_on, stamped
from pipeline.judge.erasures import expunge_problems, read_expunged
from pipeline.judge.lazy_renditions import Channels
from pipeline.judge.load_governance import Trusted
from pipeline.judge.publication_reader import Carried
from pipeline.judge.record_reader import RecordReader
from pipeline.memo.lazy import Later, Lazy
from pipeline.memo.post_cache import reader_of
from pipeline.memo.prefetch import read_ahead
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import local_date
from pipeline.model.clock import Clock
from pipeline.model.evidence import Approvals
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.posts import Handler, Post
from pipeline.model.publications import Lately
from pipeline.model.records import Publication
from pipeline.source.content.key_prefilter import may_state
from pipeline.source.content.paths import path_problems
from pipeline.source.content.post_paths import (
    Files,
    alike,
    id_of,
    ill_named,
    post_folders,
    post_ids,
)
from pipeline.source.content.records import (
    correction_digest,
    reviews_by_post,
    signed_beside,
    signed_files,
)
from pipeline.source.git.history import History


def assemble(
    trusted: Trusted,
    tree: Files,
    mode: Mode,
    clock: Clock,
    handlers: Mapping[str, Iterable[Handler]],
    only: Collection[str] | None = None,
    change: Change | None = None,
    history: History | None = None,
    entered: datetime | None = None,
) -> Archive:
    """Read posts (all, or those whose ids are in `only`), evidence and records of a tree.

    `history`: what finds the publications to look at when a change is judged; `entered`: when it
    came to main, if not now. Records of long before that are not looked at.
    """
    brought = None if change is None else [e.path for e in change.entries]
    chosen = post_folders(tree, only, brought)
    ids = post_ids(tree, only) if only is not None else frozenset(map(id_of, chosen))
    reviews = reviews_by_post(tree, only, brought)
    ready = read_ahead(tree, chosen, reviews)
    posts = posts_of(trusted, tree, chosen, handlers, ready)
    carried = Carried(tree, trusted.registers, trusted.statements["publication"], history)
    came = entered or (None if only is None else clock.now)
    publications, bad = carried.since(came, only, change)
    told = publications.own if isinstance(publications, Lately) else publications
    here, amiss = read_expunged(tree, trusted.registers, trusted.statements["authorisation"])
    gone = {**here, **trusted.expunged}
    known = ids | gone.keys() if gone else ids
    reader = RecordReader(tree, trusted.registers, trusted.schemas, trusted.statements, known)
    recorded = reader.all(came, only, change)
    return Archive(
        mode=mode,
        clock=clock,
        registers=trusted.registers,
        posts=posts,
        post_ids=known,
        approvals=approvals_of(trusted, tree, posts, clock, reviews, ready, _asked(change, came)),
        publications=publications,
        corrections=recorded.corrections,
        renditions=Channels(posts, trusted.registers),
        may_state=partial(may_state, tree, chosen),
        change=change,
        entered=entered,
        record_problems=Later(
            lambda: (
                *bad,
                *recorded.problems,
                *amiss,
                *expunge_problems(here, gone, tree, ids, trusted.statements["review"]),
                *orphans(reviews, known, told),
                *ill_named(tree, _placed(change)),
            )
        ),
        expunged=gone,
        facts=recorded.facts,
        signed=recorded.signed,
    )


def _asked(change: Change | None, came: datetime | None) -> Asked:
    """What a change brings is asked for what policy wants on the day when it comes: a day that a
    signer claims could lie before that."""
    if change is None or came is None:
        return signed_on
    brought = {e.path.removesuffix(".sig") for e in change.entries}
    return lambda review: local_date(came) if review.path in brought else signed_on(review)


def _placed(change: Change | None) -> list[str] | None:
    """What a change brings that has a place; what has none at all is refused with the change."""
    if change is None:
        return None
    return [e.path for e in change.entries if e.status != "D" and e.area != "unknown"]


def posts_of(
    trusted: Trusted,
    tree: Files,
    chosen: Mapping[str, list[str]],
    handlers: Mapping[str, Iterable[Handler]],
    ready: Callable[[str], None],
) -> Lazy[str, Post]:
    """Id → post of these folders (each with its paths), read when asked for."""
    named = _problems_by_folder(tree, chosen)
    folders = {id_of(folder): folder for folder in chosen}
    reader = reader_of(trusted.front_matter)

    def make(post_id: str) -> Post:
        ready(post_id)
        folder = folders[post_id]
        people = makers_of(
            handlers.get(folder, ()), partial(signed_beside, tree), trusted.registers
        )
        post = reader.read(tree, folder, chosen[folder], people)
        if found := named.get(folder, ()):
            post = replace(post, problems=(*post.problems, *found))
        if post.revision > 1:
            post = replace(post, correction=correction_digest(tree, post.correction_path))
        return post

    return Lazy(folders, make)


def post_alone(trusted: Trusted, tree: Files, post: str) -> Post:
    """One post as it stands, without who handled it: for those that are looked at, not judged."""
    return posts_of(trusted, tree, post_folders(tree, {post}), {}, lambda _post: None)[post]


def _problems_by_folder(
    tree: Files, chosen: Mapping[str, list[str]]
) -> dict[str, tuple[Finding, ...]]:
    """Folder → problems of the names in it, held against every name they may be taken for."""
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in path_problems(p for paths in alike(tree, chosen).values() for p in paths):
        folder = "/".join(finding.location.path.split("/")[:4])
        if folder in chosen:
            found[folder] = (*found.get(folder, ()), finding)
    return found


def approvals_of(
    trusted: Trusted,
    tree: Files,
    posts: Mapping[str, Post],
    clock: Clock,
    reviews: Mapping[str, list[str]],
    ready: Callable[[str], None],
    asked: Asked = signed_on,
) -> Lazy[str, Approvals]:
    """Post → the state of its steps, verified when asked for; `reviews`: paths by post."""
    schema = trusted.statements["review"]

    def make(post_id: str) -> Approvals:
        post, paths = posts[post_id], reviews.get(post_id, ())
        ready(post_id)
        files = signed_files(tree, paths)
        first = approvals(post, files, trusted.registers, clock, schema)
        both = agreed(first, post, files, trusted.registers, clock)
        return stamped(both, files, trusted.registers, asked)

    return Lazy(posts, make, clock)


def orphans(
    reviews_of: Mapping[str, list[str]], ids: Set[str], publications: Iterable[Publication]
) -> tuple[Finding, ...]:
    """Reviews and publications of posts that are not there (threats A17)."""
    remedy = say("Restore the post; a published one is withdrawn, not removed.")
    reviews = [
        ("R11-1", path, say("This review belongs to no post."))
        for post, paths in sorted(reviews_of.items())
        if post not in ids
        for path in paths
    ]
    carried = [
        ("R11-4", p.path, say("This publication belongs to no post."))
        for p in publications
        if p.post not in ids
    ]
    return tuple(
        Finding(clause, Effect.REFUSE, message, Location(path), remedy)
        for clause, path, message in (*reviews, *carried)
    )
