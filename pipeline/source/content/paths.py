"""What a path in an archive is for, which names are refused, and where posts and records lie.

Posts, reviews and publications are listed by the ids, years and days in their paths, without
reading a file (threats A17, A34).
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern
from typing import Any, Protocol

from pipeline.errors import Fault
from pipeline.model import lazy, part, run
from pipeline.model.brings import FILE, POST_ID, YEAR
from pipeline.model.findings import Finding, say
from pipeline.model.ids import PostId
from pipeline.source.content.text import problem
from pipeline.source.git.tree_listing import REGULAR, Blob, Listing, files_under

_STEP = r"(?:1-first|2-second|3-final|4-confirm)\.json(?:\.(?:sig|tsr))?"
_ANY = r"""[^\s./\\:*?"<>|\x00-\x1f\x7f][^/\\:*?"<>|\x00-\x1f\x7f]{0,79}(?<![ .])"""
"""A name in any script that every disk can hold: any other prevents a checkout."""
_DEVICE = r"(?:con|prn|aux|nul|com\d|lpt\d)"

CONTENT, POSTS, RECORDS = "content/", "content/posts/", "content/records/"

AREAS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (area, lazy.regex(pattern, re.ASCII))  # digits of other scripts look the same
    for area, pattern in (
        ("posts", rf"content/posts/({YEAR})/\1-(?!.*\.{{2}}){POST_ID[6:]}/{FILE}"),
        ("reviews", rf"content/reviews/({YEAR})/\1-{POST_ID[6:]}/r[1-9]\d{{0,3}}/{_STEP}"),
        ("governance", r"content/(?:policy\.yml|regulation\.md)"),
        ("governance", r"content/registers/(?:[a-z-]+\.yml|calendar/\d{4}\.yml)"),
        ("unknown", r"content(?:/.*)?"),
        ("rules", r"program\.lock|program/.*|(?:rules|schemas)/.*"),
        # What archives carried before 0.9 (docs/decisions/0069).
        ("rules", r"(?:pipeline|requirements|tests|demo|tools|benchmarks)/.*"),
        ("rules", r"pyproject\.toml|Makefile|\.ci/.*|\.git(?:attributes|ignore)"),
        # What an editor or a commit hook starts on a signer's machine.
        ("rules", r"\.vscode/.*|\.pre-commit-config\.yaml"),
        ("site", r"site/.*|mkdocs\.yml"),
        ("workflows", r"\.git(?:hub|ea)/.*"),
        ("unknown", rf"docs/(?:.*/)?(?i:{_DEVICE})(?:[./].*)?"),
        ("other", rf"docs(?:/{_ANY})+|LICENSE|\.editorconfig|[A-Z-]+(?:\.zh-CN)?\.md"),
    )
)
"""First match wins; what matches nothing is ``unknown`` and refused, wherever it stands (A17). The
files of records are as their kinds say."""

DEEPEST = 40
"""Folders that a path may lie in; where there are a thousand, programs give up."""
_RESERVED = lazy.regex(rf"(?:^|/){_DEVICE}(?:\.[^/]*)?(?:/|$)", re.IGNORECASE)


IN_A_POST = say(
    "Put it right into content/posts/<year>/<id>/, where the id begins with that year; in its name"
    " use letters, digits, dots, hyphens and underscores alone, in the id small letters, digits and"
    " hyphens."
)
_ELSEWHERE = say(
    "Remove it, or put it where the layout has a place for it: a record as"
    " `content/records/<kind>/<year>/<name>.yml`."
)


def area_of(path: str) -> str:
    """The area a path belongs to, as named in `Entry.area`."""
    if path.count("/") > DEEPEST or leads_elsewhere(path):
        return "unknown"
    if path.startswith(RECORDS):
        name, _, below = path.removeprefix(RECORDS).partition("/")
        kind = part.program().records.get(name)
        return "records" if kind and kind.holds(below) else "unknown"
    return next((area for area, pattern in AREAS if pattern.fullmatch(path)), "unknown")


def leads_elsewhere(path: str) -> bool:
    """Whether a disk would write it outside of its folder: git itself makes no such name."""
    return not {".", ".."}.isdisjoint(path.split("/"))


@run.per_run(1 << 14)
def _has_place(path: str) -> bool:
    """Whether the layout has a place for a path; each change asks again for all beside its own."""
    return area_of(path) != "unknown" and not _RESERVED.search(path) and ".." not in path


def misplaced(paths: Iterable[str]) -> tuple[str, ...]:
    """Files under content/posts/ that lie in no folder of a post, so that no post holds them."""
    return tuple(p for p in sorted(paths) if p.startswith("content/posts/") and p.count("/") < 4)


def path_problems(paths: Iterable[str]) -> Iterator[Finding]:
    """Names under content/ that some disk, browser or reader would take for something else."""
    alike: dict[str, list[str]] = {}
    for path in sorted(p for p in paths if p.startswith("content/")):
        alike.setdefault(path.casefold(), []).append(path)
        if not _has_place(path):
            yield problem(
                "path-without-place",
                printable(path),
                0,
                say("This path has no place in an archive."),
                IN_A_POST if path.startswith("content/posts/") else _ELSEWHERE,
            )
    for same in alike.values():
        for path, other in zip(same, same[1:] + same[:1], strict=True):
            if path != other:
                yield problem(
                    "path-capitals {other}",
                    printable(path),
                    0,
                    say("Its name differs from {other} in capitals only.", other=printable(other)),
                    say("Rename one of the two: some disks hold only one of them."),
                )


def printable(path: str) -> str:
    """A path that may be shown: bytes that are no text and control characters escaped."""
    return "".join(
        c if c.isprintable() and not 0xDC80 <= ord(c) <= 0xDCFF else f"\\x{ord(c) & 0xFFFF:02x}"
        for c in path
    )


_SMALL = ("content/records/publications/", "content/records/corrections/", "content/reviews/")
"""Folders whose names have no capitals: files beside a new one need not be compared."""


class Files(Protocol):
    """A git tree or a working tree."""

    @property
    def files(self) -> Mapping[str, Blob]: ...
    def read(self, path: str) -> bytes: ...


@dataclass(frozen=True)
class MemoryTree:
    """Files in memory with the face of a git tree."""

    contents: Mapping[str, bytes]

    @cached_property
    def files(self) -> Mapping[str, Blob]:
        return {p: Blob("100644", "", len(raw)) for p, raw in self.contents.items()}

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises KeyError when there is none."""
        return self.contents[path]


def regular(tree: Files, path: str) -> bytes:
    """The bytes of a file. Raises Fault for a link or a module: no change may bring one, but a
    first commit may hold it."""
    if leads_elsewhere(path):
        raise Fault(say("{path} leads out of its folder: it is not read.", path=path), _ELSEWHERE)
    if tree.files[path].mode in REGULAR:
        return tree.read(path)
    message = say("{path} is a link or a module: it is not read.", path=path)
    remedy = say("Put the file itself there.")
    raise Fault(message, remedy)


def home(post: PostId) -> str:
    """The folder of a post with this id."""
    return f"{POSTS}{post[:4]}/{post}"


def id_of(folder: str) -> PostId:
    """The id of the post whose folder, or that of whose reviews, this is."""
    return PostId(folder.rpartition("/")[2])


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


class PostIds(Set[PostId]):
    """Ids of all posts of a tree, looked up lazily."""

    def __init__(self, files: Listing) -> None:
        self._files = files

    def __contains__(self, post: object) -> bool:
        if not isinstance(post, str) or "/" in post:
            return False
        years = sorted(self._files.folders(POSTS), key=lambda year: year != post[:4])
        folders = (f"{POSTS}{year}/{post}" for year in years)
        return any(holds_files(self._files, folder) for folder in folders)

    def __iter__(self) -> Iterator[PostId]:
        years = [f"{POSTS}{year}" for year in self._files.folders(POSTS)]
        self._files.ask(*years)
        return (PostId(post) for year in years for post in self._files.folders(year))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Any:
        return frozenset(it)


def post_ids(tree: Files, only: Collection[str] | None = None) -> Set[PostId]:
    """Ids of all posts of a tree; listed at once when all are looked at, not just `only`."""
    files = tree.files
    if isinstance(files, Listing):
        return PostIds(files) if only is not None else frozenset(PostIds(files))
    return frozenset(map(id_of, post_folders(tree)))


PUBLICATIONS = "content/records/publications/"
NO_DAY = "~"
"""Later than every day of a name."""


@dataclass
class PublicationNames:
    """The names of a tree's publication records; `put` updates them."""

    _days: list[tuple[str, str]] = field(default_factory=list)
    """(day, path), in order."""
    _by_post: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Post → paths."""
    _since: tuple[str, tuple[str, ...]] | None = None
    """The day last asked for and its answer, while no record changed."""

    def put(self, path: str, gone: bool) -> None:
        """Update the index for a path whose file changed, or is gone."""
        if not path.startswith(PUBLICATIONS):
            return
        self._since = None
        day, _, post = publication_name(path)
        at = bisect_left(self._days, (day, path))
        stands = self._days[at : at + 1] == [(day, path)]
        if gone and stands:
            del self._days[at]
            self._by_post[post] = tuple(p for p in self._by_post[post] if p != path)
        elif not gone and not stands:
            self._days.insert(at, (intern(day), path))
            self._by_post[post] = (*self._by_post.get(post, ()), path)

    def of(self, posts: Collection[PostId], since: str) -> tuple[str, ...]:
        """Paths of the records of these posts and of days since, sorted.

        Twice the same tuple only when no record changed in between.
        """
        if self._since is None or self._since[0] != since:
            days = self._days[bisect_left(self._days, (since, "")) :]
            self._since = since, tuple(sorted(path for _, path in days))
        recent = self._since[1]
        older = (p for post in posts for p in self._by_post.get(post, ()) if is_timely(p, post))
        others = [path for path in older if publication_name(path)[0] < since]
        return tuple(sorted({*recent, *others})) if others else recent


def publications_on_disk(files: Listing, posts: Collection[PostId], since: str) -> tuple[str, ...]:
    """Paths of the records of these posts and of days since; others are not even listed."""
    first = min([since[:4], *map(year_before, posts)])
    years = [year for year in files.folders(PUBLICATIONS) if year >= first]
    paths = [p for year in years for p in files_under(files, f"{PUBLICATIONS}{year}/")]
    return tuple(named_publications(paths, posts, since))


def named_publications(
    paths: Iterable[str], posts: Collection[PostId] | None, since: str
) -> list[str]:
    """Those of publication records that are named for one of the posts, or for a day since.

    `posts`: ids, None for all; `since`: an ISO day.
    """
    if posts is None:
        return list(paths)
    marks = tuple(f".{post}" for post in posts)
    some = (p for p in paths if p.rpartition("/")[2] >= since or any(m in p for m in marks))
    return [p for p in some if _concerns(p, posts, since)]


def _concerns(path: str, posts: Collection[PostId], since: str) -> bool:
    day, _, post = publication_name(path)
    return day >= since or (post in posts and is_timely(path, post))


def is_timely(path: str, post: PostId) -> bool:
    """Whether a publication lies in the year before that of its post's id, or later.

    No other can be in order: it is looked at when it comes, and as long as everything is judged.
    """
    return path.removeprefix(PUBLICATIONS)[:4] >= year_before(post)


def year_before(post: PostId) -> str:
    """The year before a post's: what is planned for 1 January may go out too early."""
    year = post[:4]
    return f"{int(year) - 1:04}" if year.isascii() and year.isdecimal() else year


def publication_name(path: str) -> tuple[str, str, PostId]:
    """(day, account, post id) in the name of a publication record; empty where there is none."""
    name = path.rpartition("/")[2]
    _, account, post, *_ = (*name.split(".", 3), "", "")
    return name[:10], account, PostId(post)
