"""What commits did: who handled a post, what came and went, the line of main."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from pipeline.model.posts import Handler
from pipeline.model.regex import regex
from pipeline.source.listing import files_under
from pipeline.source.objects import damaged
from pipeline.source.publication_names import PUBLICATIONS, named_publications
from pipeline.source.repository import RawChange, Repository
from pipeline.source.tree import Store, Tree, name_of

_OID = regex(r"[0-9a-f]{40,64}")
_CO_AUTHOR = regex(rb"^co-authored-by:[^\n]*<([^<>\n]+)>", re.IGNORECASE | re.MULTILINE)
_PERSON = regex(rb"^(author|committer) [^\n]*<([^<>\n]*)>", re.MULTILINE)
_HANDLERS = (
    "-z",
    "--full-history",  # without it, a side branch that brought the same bytes is hidden
    "--format=%x00%H",
    "--name-only",
    "-c",
)


_LATEST = 253_370_764_800
"""9999-01-01, in seconds: after it there is a year that no calendar here can tell."""
MANY = 40
"""Posts that are sooner looked for with all the others of their years."""


class Awaited(Mapping[str, set[Handler]]):
    """Folder of a post → who touched it, waited for when somebody asks."""

    def __init__(self, answer: Callable[[], dict[str, set[Handler]]]) -> None:
        self._answer = answer

    @cached_property
    def _found(self) -> dict[str, set[Handler]]:
        return self._answer()

    def __getitem__(self, folder: str) -> set[Handler]:
        return self._found[folder]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class History(Protocol):
    """What a judgement asks of the past; `Asked` and `line.Line` answer alike."""

    def merged(self, base: str, head: str) -> Tree:
        """The tree that merging `head` into `base` gives."""

    def changes(self, base: str, after: Tree) -> tuple[RawChange, ...]:
        """Paths that differ between a base and a tree."""

    def handlers(self, head: str, folders: Iterable[str]) -> Mapping[str, set[Handler]]:
        """Folder of a post → who touched it in what `head` reaches."""

    def publications(self, after: Tree, posts: Collection[str], since: str) -> tuple[str, ...]:
        """Paths of publication records of these posts, or of days since, by their names.

        Twice the same tuple only when no record changed in between.
        """

    def transient(self, base: str, head: str, after: Tree) -> dict[str, set[str]]:
        """Path under content/ → blobs that commits between held there, but not the end."""

    def undated(self, base: str, head: str) -> tuple[str, ...]:
        """Commits between that do not say readably when they were made."""


@dataclass(frozen=True)
class Asked:
    """Asks git about one change at a time: best for one change."""

    repository: Repository
    known: str = ""
    """A commit, ancestor of all changes, up to which it is known what history holds."""
    knew: Callable[[str], bool] = lambda _folder: True
    """Whether history up to there ever held a post's folder."""

    def merged(self, base: str, head: str) -> Tree:
        return self.repository.tree(self.repository.merged(base, head))

    def changes(self, base: str, after: Tree) -> tuple[RawChange, ...]:
        return self.repository.changes(base, after.oid)

    def handlers(self, head: str, folders: Iterable[str]) -> Mapping[str, set[Handler]]:
        """Git looks through all commits for them while the registers are read."""
        paths = tuple(folders)
        if not paths:
            return {}
        # A post that is new to history was touched by nobody before.
        new = self.known and not any(map(self.knew, paths))
        span = f"{self.known}..{head}" if new else head
        if len(paths) > MANY:  # git holds each name against each of the paths
            paths = tuple(sorted({path.rpartition("/")[0] for path in paths}))
        answer = self.repository.begin("log", *_HANDLERS, span, "--", *paths)
        return Awaited(lambda: _handlers(self.repository, answer()))

    def publications(self, after: Tree, posts: Collection[str], since: str) -> tuple[str, ...]:
        first, marks = min((post[:4] for post in posts), default=since), [f".{p}" for p in posts]
        found: set[str] = set()
        for year in after.files.folders(PUBLICATIONS):
            if year >= since[:4]:
                found.update(files_under(after.files, f"{PUBLICATIONS}{year}/"))
            elif year >= first:
                found |= after.holding(f"{PUBLICATIONS}{year}/", marks)
        return tuple(named_publications(sorted(found), posts, since))

    def transient(self, base: str, head: str, after: Tree) -> dict[str, set[str]]:
        return transient(self.repository, base, head, after)

    def undated(self, base: str, head: str) -> tuple[str, ...]:
        rows = self.repository.git("rev-list", "--timestamp", f"{base}..{head}").decode()
        told = map(str.split, rows.splitlines())
        return tuple(sorted(commit for stated, commit in told if not readable(stated)))


def readable(stated: str) -> bool:
    """Whether git could read a committer's time; it gives 0 for none, for a word and before 1970.

    `stated`: seconds, as `git rev-list --timestamp` tells them.
    """
    return 0 < int(stated) < _LATEST


def first_parents(repository: Repository, head: str) -> tuple[str, ...]:
    """Main's commits from the first to `head`."""
    out = repository.git("rev-list", "--first-parent", "--reverse", head)
    return tuple(out.decode().split())


def handlers(
    repository: Store, *revisions: str, paths: Iterable[str] = ()
) -> dict[str, set[Handler]]:
    """Folder of a post → everyone whose commits touched it, from raw commit objects.

    Merges count where they differ from every parent (an evil merge), so a clean merge does
    not make the merger a handler. No mailmap: the bytes of the commit decide.
    """
    chosen = list(paths) or ["content/posts"]
    return _handlers(repository, repository.git("log", *_HANDLERS, *revisions, "--", *chosen))


def _handlers(repository: Store, raw: bytes) -> dict[str, set[Handler]]:
    found: dict[str, set[Handler]] = defaultdict(set)
    people: frozenset[Handler] = frozenset()
    previous = b"?"
    for token in raw.split(b"\0"):
        text = token.strip(b"\n")
        if previous == b"" and _OID.fullmatch(text.decode("utf-8", "replace")):
            people = people_of(repository, text.decode())
        elif people and text.startswith(b"content/"):
            found["/".join(name_of(text).split("/")[:4])] |= people
        elif text:  # what is not understood could be a maker who is not seen
            raise damaged(name_of(text[:40]))
        previous = text
    return dict(found)


def transient(repository: Repository, base: str, head: str, after: Tree) -> dict[str, set[str]]:
    """Path under content/ → blobs that commits of the range held there, but not the end.

    What came and went inside a proposal: media seen by nobody (threats A16), a signed return
    taken away again (A22).
    """
    raw = repository.git(
        "log",
        "-z",
        "--full-history",
        "--format=",
        "--raw",
        "--diff-merges=separate",
        f"{base}..{head}",
        "--",
        "content",
    )
    found: dict[str, set[str]] = defaultdict(set)
    for meta, path in pairwise(raw.split(b"\0")):
        if meta.lstrip(b"\n").startswith(b":"):
            oid, name = meta.split()[3].decode(), name_of(path)
            here = after.files.get(name)
            if oid.strip("0") and (here is None or here.oid != oid):
                found[name].add(oid)
    before = repository.tree(base).files
    return {n: oids - {before[n].oid} if n in before else oids for n, oids in found.items()}


def people_of(repository: Store, commit: str) -> frozenset[Handler]:
    """Author, committer and co-authors of a commit, from its raw bytes."""
    raw = repository.objects.read(commit)
    header, _, message = raw.partition(b"\n\n")
    found = [(m[1].decode(), m[2]) for m in _PERSON.finditer(header)]
    # A hand-made commit may lack a part: nobody it is then, and nobody refuses (threats A8).
    found += [(part, b"") for part in ("author", "committer") if part not in dict(found)]
    found += [("co-author", m[1]) for m in _CO_AUTHOR.finditer(message)]
    return frozenset(
        Handler(email.decode("utf-8", "replace").strip().casefold(), part, commit)
        for part, email in found
    )
