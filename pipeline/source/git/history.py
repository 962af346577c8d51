"""What commits did: who handled a post, what came and went, the line of main."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import pairwise
from typing import Protocol

from pipeline.model.posts import Handler
from pipeline.model.regex import regex
from pipeline.source.content.publication_names import PUBLICATIONS, named_publications, year_before
from pipeline.source.git.objects import damaged
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Store, Tree, name_of
from pipeline.source.git.tree_listing import files_under

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
_MAIN = ("refs/heads/main", "refs/remotes/origin/main")
STATEMENTS = ("content/reviews/", "content/records/waivers/")
"""Where people sign what stands on a post before it is published."""
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
    base: str = ""
    """Where main ends; empty: at the commit that is asked for."""

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
        return Awaited(lambda: _handlers(self.repository, answer(), span, self.base))

    def publications(self, after: Tree, posts: Collection[str], since: str) -> tuple[str, ...]:
        first, marks = min(map(year_before, posts), default=since), [f".{p}" for p in posts]
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


def first_parents(repository: Store, head: str) -> tuple[str, ...]:
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
    span = revisions[-1]
    raw = repository.git("log", *_HANDLERS, *revisions, "--", *chosen)
    return _handlers(repository, raw, span)


def _handlers(repository: Store, raw: bytes, span: str, base: str = "") -> dict[str, set[Handler]]:
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
    return _with_records(repository, found, span, base)


def _with_records(
    repository: Store, touched: Mapping[str, set[Handler]], span: str, base: str
) -> dict[str, set[Handler]]:
    """The same; whom a squash names, with the statements it brought on the post.

    A squash stands on main, or is about to as a queue or a forge made it: it names co-authors, and
    was committed by another than its author. No other commit of a proposal is taken for one, so
    whoever made a post says so before the merge.
    """
    commits = {h.commit for people in touched.values() for h in _several(people)}
    brought = _statements(repository, commits)
    landed = cache(lambda: frozenset(_main(repository, span, base)))
    ahead = cache(lambda: frozenset(first_parents(repository, span)))

    def squash(commit: str, people: Collection[Handler]) -> bool:
        return commit in landed() or (_of_a_forge(people) and commit in ahead())

    return {
        folder: marked(people, partial(records_on, folder, brought), squash)
        for folder, people in touched.items()
    }


def marked(
    people: Set[Handler],
    records: Callable[[str], tuple[str, ...]],
    squash: Callable[[str, Collection[Handler]], bool],
) -> set[Handler]:
    """Those who touched a post; those of a squash with the `records` that its commit brought."""
    by_commit: dict[str, list[Handler]] = defaultdict(list)
    for handler in people:
        by_commit[handler.commit].append(handler)
    found: set[Handler] = set()
    for commit, named in by_commit.items():
        several = len({handler.email for handler in named}) > 1
        if several and (brought := records(commit)) and squash(commit, named):
            found.update(replace(handler, records=brought) for handler in named)
        else:
            found.update(named)
    return found


def records_on(folder: str, brought: Mapping[str, Iterable[str]], commit: str) -> tuple[str, ...]:
    """Statements on a post among those a commit brought: waivers, and reviews of its last revision.

    A review of an earlier revision tells nothing of who made the later one.
    """
    year, post = folder.split("/")[2:]
    paths = sorted(p for p in brought.get(commit, ()) if p.endswith(".json"))
    reviews = [p for p in paths if p.startswith(f"content/reviews/{year}/{post}/")]
    waivers = [p for p in paths if p.startswith(f"content/records/waivers/{year}/{post}.")]
    last = max((p.split("/")[4] for p in reviews), key=lambda r: (len(r), r), default="")
    return (*waivers, *(p for p in reviews if p.split("/")[4] == last))


def _several(people: Iterable[Handler]) -> Iterator[Handler]:
    """Those of commits that name more than one person."""
    addresses: dict[str, set[str]] = defaultdict(set)
    for handler in people:
        addresses[handler.commit].add(handler.email)
    return (h for h in people if len(addresses[h.commit]) > 1)


def _of_a_forge(people: Iterable[Handler]) -> bool:
    """Whether a commit names co-authors, and another committer than its author."""
    by_part = {h.part: h.email for h in people}
    return "co-author" in by_part and by_part["author"] != by_part["committer"]


def _statements(repository: Store, commits: Set[str]) -> dict[str, list[str]]:
    """Commit → paths it changed where signed statements on posts stand; of merges, none."""
    if not commits:
        return {}
    raw = repository.git(
        "diff-tree", "--stdin", "-z", "-r", "--name-only", "--", *STATEMENTS,
        stdin="".join(f"{commit}\n" for commit in sorted(commits)).encode(),
    )  # fmt: skip
    found: dict[str, list[str]] = defaultdict(list)
    commit = ""
    for name in map(name_of, raw.split(b"\0")):
        if name in commits:
            commit = name
        elif name:
            found[commit].append(name)
    return found


def _main(repository: Store, span: str, base: str) -> Iterable[str]:
    """Commits of main: up to `base`, or of `span` where that is none, or its end is on main."""
    head = span.rpartition("..")[2]
    on_main = base and repository.git("for-each-ref", "--count=1", f"--contains={head}", *_MAIN)
    return first_parents(repository, base if base and not on_main else span)


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
