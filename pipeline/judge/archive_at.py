"""Put trusted governance and proposed content together into one `Archive` to judge.

Posts and publications are read lazily, in blocks, and over a replay once: it meets the same
records at every change and needs few of them.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from pipeline.evidence.review.chain import approvals, makers_of
from pipeline.evidence.review.records import counted_publications, read_publication
from pipeline.judge.load_governance import Trusted, without_stopped
from pipeline.judge.record_reader import Recorded, RecordReader, expunge_problems, read_expunged
from pipeline.model.archive import Archive, Change, Entered, OnBranch, Situation
from pipeline.model.calendar import Clock, local_date
from pipeline.model.conformance import Conformance
from pipeline.model.evidence import Approvals
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.ids import R11_1, R11_4, Digest, PostId, sha256_of
from pipeline.model.lazy import Later, Lazy, Once
from pipeline.model.posts import Handler, Post
from pipeline.model.records import Publication, Publications, RecentPublications
from pipeline.model.registers import Registers
from pipeline.model.rendered import Channels
from pipeline.model.run import PerRun
from pipeline.source.content.paths import (
    NO_DAY,
    PUBLICATIONS,
    Files,
    id_of,
    ill_named,
    named_publications,
    path_problems,
    post_folders,
    post_ids,
    publications_on_disk,
)
from pipeline.source.content.posts import FILE_LIMIT, read_post
from pipeline.source.content.records import (
    correction_digest,
    each_signed,
    paths_under,
    reviews_by_post,
    signed_beside,
    signed_files,
)
from pipeline.source.git.history import History
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR, Blob, Listing, files_under

Key = tuple[str, tuple[tuple[str, Blob], ...], frozenset[Handler]]
"""Folder, what stands at each path of it, and who handled it."""
_TOGETHER = 16
"""Posts whose files are read in one go: a round trip to git costs more than a file."""
_LIMIT = 32
"""Posts in a cache: a replay meets one when it comes to main, and again when it is published."""


@dataclass(frozen=True)
class PostCache:
    """Reads posts by one schema of their front matter, and caches the last few."""

    schema: Conformance
    _posts: OrderedDict[Key, Post] = field(default_factory=OrderedDict)

    def read(
        self, tree: Files, folder: str, paths: Sequence[str], handlers: Iterable[Handler]
    ) -> Post:
        """As `read_post`; the very same value when nothing of it changed."""
        if not isinstance(tree, Tree):
            return read_post(tree, folder, paths, self.schema, handlers)
        people = frozenset(handlers)
        key = folder, tuple((path, tree.files[path]) for path in paths), people
        post = self._posts.get(key)
        if post is None:
            post = self._posts[key] = read_post(tree, folder, paths, self.schema, people)
            if len(self._posts) > _LIMIT:
                self._posts.popitem(last=False)
        return post


_cache_of: PerRun[Conformance, PostCache] = PerRun(PostCache)


def read_posts(
    trusted: Trusted,
    tree: Files,
    chosen: Mapping[str, list[str]],
    handlers: Mapping[str, Iterable[Handler]],
    ready: Callable[[PostId], None],
    alone: Set[PostId] = frozenset(),
) -> Lazy[PostId, Post]:
    """Id → post, read lazily: those of the folders (each with its paths), and those `alone`."""
    problems_of = _problems_by_folder(tree, chosen)
    folders = {id_of(folder): folder for folder in chosen}
    cache = _cache_of(trusted.front_matter)

    def make(post_id: PostId) -> Post:
        if post_id not in folders:
            return post_alone(trusted, tree, post_id)
        ready(post_id)
        folder = folders[post_id]
        people = makers_of(
            handlers.get(folder, ()), partial(signed_beside, tree), trusted.registers
        )
        post = cache.read(tree, folder, chosen[folder], people)
        if problems := problems_of.get(folder, ()):
            post = replace(post, problems=(*post.problems, *problems))
        if post.revision > 1:
            post = replace(post, correction=correction_digest(tree, post.correction_path))
        return post

    return Lazy(alone | folders.keys(), make)


def post_alone(trusted: Trusted, tree: Files, post: PostId) -> Post:
    """One post as it stands, without its handlers: for posts that are shown, not judged."""
    return read_posts(trusted, tree, post_folders(tree, {post}), {}, lambda _post: None)[post]


def version_of(tree: Tree, post: PostId) -> Digest:
    """Names the bytes of a post's files as they stand (sha256, hex)."""
    rows = [(p, tree.files[p]) for paths in post_folders(tree, {post}).values() for p in paths]
    return sha256_of(repr(rows).encode("utf-8", "surrogateescape"))


def _problems_by_folder(
    tree: Files, chosen: Mapping[str, list[str]]
) -> dict[str, tuple[Finding, ...]]:
    """Folder → problems of the names in it, compared with every name that looks alike."""
    problems: dict[str, tuple[Finding, ...]] = {}
    for finding in path_problems(p for paths in _alike(tree, chosen).values() for p in paths):
        folder = "/".join(finding.location.path.split("/")[:4])
        if folder in chosen:
            problems[folder] = (*problems.get(folder, ()), finding)
    return problems


def _alike(tree: Files, chosen: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The chosen folders, and those a disk without case would take for one of them."""
    folders = dict(chosen)
    files = tree.files
    if isinstance(files, Listing):
        for folder in chosen:
            above, _, name = folder.rpartition("/")
            for year in files.alike(above):
                beside = [f for f in files.alike(f"{year}/{name}") if f not in chosen]
                folders |= {other: files_under(files, f"{other}/") for other in beside}
        return folders
    folded = {folder.casefold() for folder in chosen}
    others = post_folders(tree)
    return folders | {f: paths for f, paths in others.items() if f.casefold() in folded}


def read_ahead(
    tree: Files, chosen: Mapping[str, list[str]], reviews: Mapping[str, list[str]]
) -> Callable[[PostId], None]:
    """Prefetch by post id: reads its files from git, and in the same go those of its neighbours."""
    if not isinstance(tree, Tree):
        return lambda _post: None
    folders = sorted(chosen, key=lambda folder: folder.rsplit("/", 1)[-1])
    numbers = {folder.rsplit("/", 1)[-1]: at for at, folder in enumerate(folders)}
    now = -1

    def ready(post_id: PostId) -> None:
        nonlocal now
        block = numbers[post_id] // _TOGETHER
        if block != now:
            now = block
            some = folders[block * _TOGETHER : (block + 1) * _TOGETHER]
            ids = (folder.rsplit("/", 1)[-1] for folder in some)
            tree.prepare(p for folder in some for p in chosen[folder])
            tree.prepare(p for post in ids for p in reviews.get(post, ()))

    return ready


RECENT = timedelta(days=120)
"""Age of the publications that count for cadence when a change is judged; the audit reads all."""
PublicationKey = tuple[str, str, str]
"""A record's path, its git object and that of its signature; an empty object is never cached."""


@dataclass
class PublicationCache:
    """Parsed publications, cached per (schema, registers) and shared by all changes they judge."""

    read: dict[PublicationKey, Publication | Finding] = field(default_factory=dict)
    latest: tuple[tuple[str, ...], tuple[Publication, ...]] = (), ()
    """The recent paths of the last look-up, and its answer: changes of a day ask for the same. One
    value, because threads share it."""


_caches: PerRun[Conformance, Once[Registers, PublicationCache]] = PerRun(
    lambda _: Once(lambda _: PublicationCache())
)


@dataclass(frozen=True)
class PublicationReader:
    """Reads publications of one tree."""

    tree: Files
    registers: Registers
    schema: Conformance
    history: History | None
    """Index of records by name, where the tree is of git."""

    def since(
        self, moment: datetime | None, only: Collection[PostId] | None, change: Change | None = None
    ) -> tuple[Sequence[Publication], tuple[Finding, ...]]:
        """The publications that count, and the problems of the others.

        With `only` and `moment`: those of these posts and of the change; recent ones of other posts
        are read lazily. `moment`: when the judged change came, so a replay reads the same records.
        """
        if only is None or moment is None:
            return self.counted(paths_under(self.tree, PUBLICATIONS))
        cache = self._cache
        own = set(self._paths(NO_DAY, only))
        if change:  # under any name
            came = (e.path for e in change.entries if e.status != "D")
            own.update(path for path in came if path.startswith(PUBLICATIONS))
        publications, problems = counted_publications(self._read(sorted(own), cache.read))
        earliest = (local_date(moment) - RECENT).isoformat()
        return RecentPublications(
            publications, only, partial(self._recent, earliest, cache)
        ), problems

    def counted(self, paths: Sequence[str]) -> tuple[tuple[Publication, ...], tuple[Finding, ...]]:
        """The publications of these records that count, and the problems of the others."""
        return counted_publications(self._read(paths, self._cache.read))

    @property
    def _cache(self) -> PublicationCache:
        return _caches(self.schema)(self.registers)

    def _recent(self, earliest: str, cache: PublicationCache) -> tuple[Publication, ...]:
        """The publications since a day that count."""
        paths = self._paths(earliest, ())
        last, answer = cache.latest
        if not paths or paths is not last:
            answer, _ = counted_publications(self._read(paths, cache.read))
            cache.latest = paths, answer
        return answer

    def _read(
        self, paths: Sequence[str], cached: dict[PublicationKey, Publication | Finding]
    ) -> list[Publication | Finding]:
        """Each record as a publication or a finding, by path; cached by git objects."""
        objects = {path: self._object(path) for path in paths}
        stems = sorted({p.removesuffix(".sig") for p in paths if not p.endswith(".tsr")})
        keys = [(s, objects.get(s, ""), objects.get(f"{s}.sig", "")) for s in stems]
        new = {key[0]: key for key in keys if key not in cached}
        files = (p for s in new for p in (s, f"{s}.sig") if p in objects)
        read = {
            file.path: read_publication(file, self.registers, self.schema)
            for file in each_signed(self.tree, files)
        }
        cached.update((new[path], one) for path, one in read.items() if all(new[path]))
        return [read.get(key[0]) or cached[key] for key in keys]

    def _paths(self, earliest: str, only: Collection[PostId]) -> tuple[str, ...]:
        """Paths of the records of these posts, and of the days since `earliest`."""
        if self.history is not None and isinstance(self.tree, Tree):
            return self.history.publications(self.tree, only, earliest)
        files = self.tree.files
        if not isinstance(files, Listing):
            paths = paths_under(self.tree, PUBLICATIONS)
            return tuple(named_publications(paths, only, earliest))
        return publications_on_disk(files, only, earliest)

    def _object(self, path: str) -> str:
        """The git object of a regular file; empty for a link, even to the same bytes."""
        blob = self.tree.files[path]
        return blob.oid if blob.mode in REGULAR else ""


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
        return every.own if isinstance(every, Publications) else every


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
    return archive_of(trusted, tree, situation, clock, handlers, scope)


def archive_of(
    trusted: Trusted,
    tree: Files,
    situation: Situation,
    clock: Clock,
    handlers: Mapping[str, Iterable[Handler]],
    scope: Scope,
) -> Archive:
    """The archive that a scope describes; the only constructor of a judged archive."""
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
