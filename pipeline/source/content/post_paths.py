"""Paths of posts and of their reviews in a tree, by ids and years, without reading a file."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import Any, Protocol

from pipeline.model.findings import Finding
from pipeline.source.content.paths import path_problems
from pipeline.source.git.tree_listing import Blob, Listing, files_under

CONTENT, POSTS = "content/", "content/posts/"
_SMALL = ("content/records/publications/", "content/records/corrections/", "content/reviews/")
"""Folders whose names have no capitals: files beside a new one need not be compared."""


class Files(Protocol):
    """A git tree or a working tree."""

    @property
    def files(self) -> Mapping[str, Blob]: ...
    def read(self, path: str) -> bytes: ...


def home(post: str) -> str:
    """The folder of a post with this id."""
    return f"{POSTS}{post[:4]}/{post}"


def id_of(folder: str) -> str:
    """The id of the post whose folder, or that of whose reviews, this is."""
    return folder.rpartition("/")[2]


def post_folders(
    tree: Files, only: Collection[str] | None = None, came: Collection[str] | None = None
) -> dict[str, list[str]]:
    """Folder of a post → its paths, sorted; whatever lies at the depth of a post is one.

    `only`: ids of the posts to look for, `came`: as in `in_years`.
    """
    if only is not None and isinstance(tree.files, Listing):
        return paths_of(tree.files, in_years(tree.files, POSTS, only, came))
    folders: dict[str, list[str]] = defaultdict(list)
    for path in files_under(tree.files, POSTS):
        folder = "/".join(path.split("/")[:4])
        if folder != path and (only is None or id_of(folder) in only):
            folders[folder].append(path)
    return dict(folders)


def in_years(
    files: Listing, folder: str, ids: Collection[str], came: Collection[str] | None = None
) -> list[str]:
    """The folders that posts, or their reviews, may lie in; some may be empty.

    `came`: paths that came with the change that is judged. It may have put them into any year;
    what stood before it lies in the year of its id, or its path was refused when it came
    (`source.paths`). None: whatever the years.
    """
    if came is None:
        return [f"{folder}{year}/{post}" for year in files.folders(folder) for post in sorted(ids)]
    changed = {"/".join(path.split("/")[:4]) for path in came if path.startswith(folder)}
    put = {other for other in changed if id_of(other) in ids}
    return sorted({f"{folder}{post[:4]}/{post}" for post in ids} | put)


def paths_of(files: Listing, folders: Collection[str]) -> dict[str, list[str]]:
    """Folder → the paths below it, sorted; of those that have any."""
    files.complete(*folders)
    below = ((folder, files_under(files, f"{folder}/")) for folder in folders)
    return {folder: paths for folder, paths in below if paths}


def alike(tree: Files, chosen: Mapping[str, list[str]]) -> dict[str, list[str]]:
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


def holds_files(files: Listing, folder: str) -> bool:
    """Whether a file stands in a folder: a tree written by hand may hold an empty one, which git
    never shows."""
    return bool(files.beginning(folder, "") or files.under(f"{folder}/"))


def ill_named(tree: Files, came: Iterable[str] | None = None) -> tuple[Finding, ...]:
    """What is wrong with the names under content/ that are no post's (threats A34).

    `came`: files of a change, held against those that stand beside them; None: all there are.
    """
    if came is None:
        paths = set(files_under(tree.files, CONTENT))
    else:
        paths = {path for path in came if path.startswith(CONTENT)}
        mixed = {p.rpartition("/")[0] for p in paths if not p.startswith((POSTS, *_SMALL))}
        paths |= {path for folder in mixed for path in _beside(tree.files, folder)}
    return tuple(path_problems(path for path in paths if not path.startswith(POSTS)))


def _beside(files: Mapping[str, Blob], folder: str) -> list[str]:
    """The files directly in a folder, and in those a disk without case would take for it."""
    if isinstance(files, Listing):
        return [path for other in files.alike(folder) for path in files.beginning(other, "")]
    return [p for p in files if p.rpartition("/")[0].casefold() == folder.casefold()]


class PostIds(Set[str]):
    """Ids of all posts of a tree, looked up lazily."""

    def __init__(self, files: Listing) -> None:
        self._files = files

    def __contains__(self, post: object) -> bool:
        if not isinstance(post, str) or "/" in post:
            return False
        years = sorted(self._files.folders(POSTS), key=lambda year: year != post[:4])
        folders = (f"{POSTS}{year}/{post}" for year in years)
        return any(holds_files(self._files, folder) for folder in folders)

    def __iter__(self) -> Iterator[str]:
        years = [f"{POSTS}{year}" for year in self._files.folders(POSTS)]
        self._files.ask(*years)
        return (post for year in years for post in self._files.folders(year))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Any:
        return frozenset(it)


def post_ids(tree: Files, only: Collection[str] | None = None) -> Set[str]:
    """Ids of all posts of a tree; listed at once when all are looked at, not just `only`."""
    files = tree.files
    if isinstance(files, Listing):
        return PostIds(files) if only is not None else frozenset(PostIds(files))
    return frozenset(map(id_of, post_folders(tree)))
