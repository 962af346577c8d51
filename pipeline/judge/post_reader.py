"""The posts that a judgement reads: lazily, from git in blocks, and cached over a replay."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial

from pipeline.evidence.review.chain import makers_of
from pipeline.judge.load_governance import Trusted
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Finding
from pipeline.model.lazy import Lazy, Once
from pipeline.model.posts import Handler, Post
from pipeline.source.content.paths import Files, alike, id_of, path_problems, post_folders
from pipeline.source.content.posts import read_post
from pipeline.source.content.records import correction_digest, signed_beside
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import Blob
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


_cache_of: Once[Conformance, PostCache] = Once(PostCache)


def read_posts(
    trusted: Trusted,
    tree: Files,
    chosen: Mapping[str, list[str]],
    handlers: Mapping[str, Iterable[Handler]],
    ready: Callable[[str], None],
    alone: Set[str] = frozenset(),
) -> Lazy[str, Post]:
    """Id → post, read lazily: those of the folders (each with its paths), and those `alone`."""
    problems_of = _problems_by_folder(tree, chosen)
    folders = {id_of(folder): folder for folder in chosen}
    cache = _cache_of(trusted.front_matter)

    def make(post_id: str) -> Post:
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


def post_alone(trusted: Trusted, tree: Files, post: str) -> Post:
    """One post as it stands, without its handlers: for posts that are shown, not judged."""
    return read_posts(trusted, tree, post_folders(tree, {post}), {}, lambda _post: None)[post]


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
) -> Callable[[str], None]:
    """Prefetch by post id: reads its files from git, and in the same go those of its neighbours."""
    if not isinstance(tree, Tree):
        return lambda _post: None
    folders = sorted(chosen, key=lambda folder: folder.rsplit("/", 1)[-1])
    numbers = {folder.rsplit("/", 1)[-1]: at for at, folder in enumerate(folders)}
    now = -1

    def ready(post_id: str) -> None:
        nonlocal now
        block = numbers[post_id] // TOGETHER
        if block != now:
            now = block
            some = folders[block * TOGETHER : (block + 1) * TOGETHER]
            ids = (folder.rsplit("/", 1)[-1] for folder in some)
            tree.prepare(p for folder in some for p in chosen[folder])
            tree.prepare(p for post in ids for p in reviews.get(post, ()))

    return ready
