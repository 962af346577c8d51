"""Posts and publications that a judgement reads: lazily, in blocks, over a replay once.

A replay meets the same records at every change and needs few of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from functools import partial

from pipeline.evidence.review.chain import makers_of
from pipeline.evidence.review.records import counted_publications, read_publication
from pipeline.judge.load_governance import Trusted
from pipeline.model.archive import Change
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Finding
from pipeline.model.frozen import dataclass, field, replace
from pipeline.model.ids import Digest, PostId, sha256_of
from pipeline.model.lazy import Lazy, Once
from pipeline.model.posts import Handler, Post
from pipeline.model.records import Publication, RecentPublications
from pipeline.model.registers import Registers
from pipeline.model.run import PerRun
from pipeline.source.content.paths import (
    NO_DAY,
    PUBLICATIONS,
    Files,
    alike,
    id_of,
    named_publications,
    path_problems,
    post_folders,
    publications_on_disk,
)
from pipeline.source.content.posts import read_post
from pipeline.source.content.records import (
    correction_digest,
    each_signed,
    paths_under,
    signed_beside,
)
from pipeline.source.git.history import History
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR, Blob, Listing
from pipeline.workers import TOGETHER

Key = tuple[str, tuple[tuple[str, Blob], ...], frozenset[Handler]]
"""Folder, what stands at each path of it, and who handled it."""
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
    for finding in path_problems(p for paths in alike(tree, chosen).values() for p in paths):
        folder = "/".join(finding.location.path.split("/")[:4])
        if folder in chosen:
            problems[folder] = (*problems.get(folder, ()), finding)
    return problems


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
        block = numbers[post_id] // TOGETHER
        if block != now:
            now = block
            some = folders[block * TOGETHER : (block + 1) * TOGETHER]
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
