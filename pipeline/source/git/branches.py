"""Branches of the clone and of its remotes, and the posts they would bring to main."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import Message, say, say_names
from pipeline.source.content.post_paths import POSTS, home
from pipeline.source.content.records import REVIEWS
from pipeline.source.git.first_appearances import appearances_in
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

MAIN = "main"
OWN, FETCHED = "refs/heads/", "refs/remotes/"
DRAFTS = "draft/"
"""Begins the names of branches that are still written on and that no one reviews."""
MOST = 8
"""How many names a sentence lists."""


@dataclass(frozen=True)
class Branches:
    """The branches, without contacting any remote."""

    commits: Mapping[str, str]
    """Full name of a branch (``refs/remotes/origin/x``) → its last commit."""
    fetched: datetime | None
    """When a remote was last fetched, to the second; None: never."""

    @property
    def remotes(self) -> tuple[str, ...]:
        """Names of those fetched."""
        return tuple(name for name in self.commits if name.startswith(FETCHED))

    @property
    def shared(self) -> "Branches":
        """Those of the remotes alone, where there is one: what others see."""
        fetched = {name: self.commits[name] for name in self.remotes}
        return Branches(fetched or self.commits, self.fetched)

    def ending_at(self, commit: str) -> str:
        """A branch whose last commit this is, a remote's rather than one's own; or none."""
        names = sorted(name for name, last in self.commits.items() if last == commit)
        return next(reversed(names), "")


def short(branch: str) -> str:
    """A branch as people call it: ``origin/x``, ``x``."""
    return branch.removeprefix(OWN).removeprefix(FETCHED)


def local(branch: str) -> str:
    """What a branch is called in a working clone: ``x`` of ``origin/x``."""
    own = short(branch)
    return own.partition("/")[2] if branch.startswith(FETCHED) else own


def branches(repository: Repository) -> Branches:
    """Every branch of the clone and of its remotes."""
    form = "--format=%(objecttype) %(objectname) %(refname) %(symref)"
    shown = repository.git("for-each-ref", form, "--", OWN, FETCHED).decode(errors="replace")
    rows = (line.split(" ") for line in shown.splitlines())
    commits = {name: oid for kind, oid, name, link in rows if kind == "commit" and not link}
    return Branches(commits, _fetched(repository))


def trunk(repository: Repository, every: Branches | None = None) -> str:
    """Main's last commit as fetched; in a clone without main, what is checked out.

    `every`: only these branches are looked at.
    """
    try:
        fetched = every.commits.get(f"{FETCHED}origin/{MAIN}") if every else None
        return fetched or repository.base(MAIN)
    except Fault:
        return repository.commit("HEAD")


def branches_read(every: Branches) -> Message:
    """Which branches were looked at, and how old the picture is."""
    names = listed([short(name) for name in sorted(every.commits)])
    if not every.remotes:
        return say("Branches read: {names}. There is no remote.", names=names)
    if every.fetched is None:
        return say("Branches read: {names}. `git fetch` brings what is new.", names=names)
    return say(
        "Branches read: {names}, as fetched {when}. `git fetch` brings what is new.",
        names=names,
        when=every.fetched.strftime("%Y-%m-%d %H:%M"),
    )


def listed(names: list[str]) -> str | Message:
    """Names inside a sentence, the first of many."""
    if len(names) <= MOST:
        return say_names(names)
    first, more = say_names(names[:MOST]), len(names) - MOST
    return say("{first} and {more} more", first=first, more=more)


def _fetched(repository: Repository) -> datetime | None:
    """Git writes FETCH_HEAD at each fetch, and a remote's HEAD when it clones."""
    folders = {Path(repository.repo.git_dir), Path(repository.repo.common_dir)}
    files = [f / "FETCH_HEAD" for f in folders]
    files += [f for folder in folders for f in folder.glob("refs/remotes/*/HEAD")]
    last = max((f.stat().st_mtime for f in files if f.exists()), default=None)
    return datetime.fromtimestamp(int(last), SHANGHAI) if last else None


@dataclass(frozen=True)
class Ahead:
    """The commits that main does not hold yet."""

    parents: Mapping[str, tuple[str, ...]]
    touched: Mapping[str, frozenset[str]]
    """Commit → ids of the posts whose files or reviews it touches."""

    def reach(self, commit: str) -> frozenset[str]:
        """The commits that come with this one, itself included."""
        todo, reached = [commit], set()
        while todo:
            one = todo.pop()
            if one in self.parents and one not in reached:
                reached.add(one)
                todo += self.parents[one]
        return frozenset(reached)

    def posts(self, commits: Iterable[str]) -> frozenset[str]:
        """Ids of the posts that these commits touch."""
        return frozenset(post for one in commits for post in self.touched.get(one, ()))


def ahead(repository: Repository, base: str, tips: Iterable[str]) -> Ahead:
    """What these commits hold beyond main; git is asked twice, however many there are."""
    span = "".join(f"{tip}\n" for tip in (*tips, f"^{base}")).encode()
    rows = repository.git("rev-list", "--parents", "--stdin", stdin=span).decode().splitlines()
    parents = {one: tuple(above) for one, *above in map(str.split, rows)}
    asked = ("-z", "--raw", "--format=%H", "--stdin", "--", POSTS, REVIEWS)
    raw = repository.git("log", *asked, stdin=span)
    touched: dict[str, set[str]] = defaultdict(set)
    for change in appearances_in(raw):
        touched[change.commit].update(posts_named([change.path]))
    return Ahead(parents, {one: frozenset(posts) for one, posts in touched.items()})


State = frozenset[tuple[str, str]]
"""Path and object id of a post's files and of its reviews."""
_MANY = 100
"""More folders than these are listed with all others of their years: git compares each name."""


def states_of(tree: Tree, posts: Iterable[str]) -> dict[str, State]:
    """Post → its state; git is asked once."""
    folders = {p: (home(p), f"{REVIEWS}{p[:4]}/{p}") for p in posts}
    listed = {f for two in folders.values() for f in two}
    if len(listed) > _MANY:
        listed = {folder.rpartition("/")[0] for folder in listed}
    tree.files.complete(*sorted(listed))
    return {
        post: frozenset((p, tree.files[p].oid) for f in two for p in tree.files.under(f"{f}/"))
        for post, two in folders.items()
    }
