"""Branches of the clone and of its remotes, and the posts they would bring to main."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.model.calendar import SHANGHAI
from pipeline.source.content.post_paths import POSTS, home
from pipeline.source.content.records import REVIEWS
from pipeline.source.git.first_appearances import appearances_in
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

OWN, FETCHED = "refs/heads/", "refs/remotes/"


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


def ahead(repository: Repository, base: str) -> Ahead:
    """What all branches and the commit that is checked out hold beyond main; git is asked twice,
    however many branches there are."""
    span = ("HEAD", "--branches", "--remotes", "--not", base)
    rows = repository.git("rev-list", "--parents", *span).decode().splitlines()
    parents = {one: tuple(above) for one, *above in map(str.split, rows)}
    raw = repository.git("log", "-z", "--raw", "--format=%H", *span, "--", POSTS, REVIEWS)
    touched: dict[str, set[str]] = defaultdict(set)
    for change in appearances_in(raw):
        touched[change.commit].update(posts_named([change.path]))
    return Ahead(parents, {one: frozenset(posts) for one, posts in touched.items()})


def state_of(tree: Tree, post: str) -> frozenset[tuple[str, str]]:
    """Path and object id of a post's files and of its reviews."""
    folders = (f"{home(post)}/", f"{REVIEWS}{post[:4]}/{post}/")
    return frozenset((p, tree.files[p].oid) for f in folders for p in tree.files.under(f))
