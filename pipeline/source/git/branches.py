"""Branches of the clone and of its remotes, the posts they would bring to main, fetch and push."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import permutations
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model import calendar, lazy, run
from pipeline.model.findings import Message, say, say_names
from pipeline.model.ids import NO_BRANCH, BranchName, CommitId, PostId
from pipeline.source.atomic import write_whole
from pipeline.source.content.paths import POSTS, home
from pipeline.source.content.records import REVIEWS
from pipeline.source.git.bulk_history import appearances_in
from pipeline.source.git.history import posts_named
from pipeline.source.git.repository import SECONDS, RawChange, Repository, clear, clear_locks
from pipeline.source.git.tree import Tree

MAIN = BranchName("main")
OWN, FETCHED = "refs/heads/", "refs/remotes/"
DRAFTS = "draft/"
"""Begins the names of branches that are still written on and that no one reviews."""
MOST = 8
"""How many names a sentence lists."""


@dataclass(frozen=True)
class Branches:
    """The branches, without contacting any remote."""

    commits: Mapping[BranchName, CommitId]
    """Full name of a branch (``refs/remotes/origin/x``) → its last commit."""
    fetched: datetime | None
    """When a remote was last fetched, to the second; None: never."""
    unread: Mapping[BranchName, str] = field(default_factory=dict)
    """Full name → the id that it holds, of those whose last commit cannot be read."""

    @property
    def remotes(self) -> tuple[BranchName, ...]:
        """Names of those fetched."""
        return tuple(name for name in self.commits if name.startswith(FETCHED))

    @property
    def shared(self) -> "Branches":
        """Those of the remotes alone, where there is one: what others see."""
        fetched = {name: self.commits[name] for name in self.remotes}
        return Branches(fetched or self.commits, self.fetched, self.unread)

    def ending_at(self, commit: CommitId) -> BranchName:
        """A branch whose last commit this is, a remote's rather than one's own; or none."""
        names = sorted(name for name, last in self.commits.items() if last == commit)
        return next(reversed(names), NO_BRANCH)


def short(branch: BranchName) -> BranchName:
    """A branch as people call it: ``origin/x``, ``x``."""
    return BranchName(branch.removeprefix(OWN).removeprefix(FETCHED))


def local(branch: BranchName) -> BranchName:
    """What a branch is called in a working clone: ``x`` of ``origin/x``."""
    own = short(branch)
    return BranchName(own.partition("/")[2]) if branch.startswith(FETCHED) else own


def branches(repository: Repository) -> Branches:
    """Every branch of the clone and of its remotes."""
    try:
        return Branches(_commits(repository, "%(objecttype)"), _fetched(repository))
    except Fault:  # git stops at the first whose commit is missing
        every, is_commit = _commits(repository, "commit"), repository.objects.commit
    unread = {name: oid for name, oid in every.items() if is_commit(oid) != oid}
    commits = {name: oid for name, oid in every.items() if name not in unread}
    return Branches(commits, _fetched(repository), unread)


def _commits(repository: Repository, kind: str) -> dict[BranchName, CommitId]:
    form = f"--format={kind} %(objectname) %(refname) %(symref)"
    shown = repository.git("for-each-ref", form, "--", OWN, FETCHED).decode(errors="replace")
    rows = (line.split(" ") for line in shown.splitlines())
    there = ((name, oid) for one, oid, name, link in rows if one == "commit" and not link)
    return {BranchName(name): CommitId(oid) for name, oid in there}


def trunk(repository: Repository, every: Branches | None = None) -> CommitId:
    """Main's last commit as fetched; in a clone without main, what is checked out.

    `every`: only these branches are looked at.
    """
    try:
        fetched = every.commits.get(BranchName(f"{FETCHED}origin/{MAIN}")) if every else None
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


def mains_apart(repository: Repository) -> Iterator[Fault]:
    """Each remote whose main, as it was fetched, went another way than origin's (threat W14).

    One that is behind follows: it mirrors. What both hold is the same, merged here or there first.
    Of one that cannot be read, a Fault says so: what was fetched ends no verdict. Git passes over a
    file that holds no id, so the files are listed as well.
    """
    folder = Path(repository.repo.common_dir, FETCHED)
    files = [p.parent.name for p in folder.glob(f"*/{MAIN}") if p.is_file()]
    mains = {os.fsencode(name).decode(errors="replace"): "0" * 40 for name in files}
    asked = ("--format=%(refname) %(objectname)", "--", f"{FETCHED}*/{MAIN}")
    rows = repository.git("for-each-ref", *asked).decode(errors="replace").splitlines()
    mains |= {name.split("/")[2]: tip for name, tip in (row.rsplit(" ", 1) for row in rows)}
    ours = mains.pop(ORIGIN, "")
    for remote, theirs in sorted(mains.items()) if ours else ():
        spans = (f"{a}..{b}" for a, b in permutations((theirs, ours)))
        first = ("rev-list", "--first-parent")
        try:
            alone = [repository.git(*first, span).decode().split() for span in spans]
        except Fault as fault:
            yield Fault(
                say("Not checked whether {one} and {other} are one main: {what}",
                    one=f"{ORIGIN}/{MAIN}", other=f"{remote}/{MAIN}", what=fault.message),
                fault.remedy,
            )  # fmt: skip
            continue
        if all(alone):
            here, there = (listed([commit[:12] for commit in side]) for side in alone)
            yield Fault(
                say("There are two mains: {one} alone holds {here}, and {other} alone {there}.",
                    one=f"{ORIGIN}/{MAIN}", other=f"{remote}/{MAIN}", here=here, there=there),
                say("Merge on the forge of review.forge alone, which is to be `{origin}` here. What"
                    " the other holds comes there as a proposal: `git push {origin}"
                    " {remote}/{main}:refs/heads/from-{remote}`. When it is merged, by a merge"
                    " commit: `git push {remote} {origin}/{main}:{main}`.",
                    origin=ORIGIN, remote=remote, main=MAIN),
            )  # fmt: skip


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
    return datetime.fromtimestamp(int(last), calendar.SHANGHAI) if last else None


@dataclass(frozen=True)
class Ahead:
    """The commits that main does not hold yet."""

    parents: Mapping[CommitId, tuple[CommitId, ...]]
    touched: Mapping[CommitId, frozenset[PostId]]
    """Commit → ids of the posts whose files or reviews it touches."""

    def reach(self, commit: CommitId) -> frozenset[CommitId]:
        """The commits that come with this one, itself included."""
        todo, reached = [commit], set()
        while todo:
            one = todo.pop()
            if one in self.parents and one not in reached:
                reached.add(one)
                todo += self.parents[one]
        return frozenset(reached)

    def posts(self, commits: Iterable[CommitId]) -> frozenset[PostId]:
        """Ids of the posts that these commits touch."""
        return frozenset(post for one in commits for post in self.touched.get(one, ()))


def ahead(repository: Repository, base: CommitId, tips: Iterable[CommitId]) -> Ahead:
    """What these commits hold beyond main; git is asked twice, however many there are."""
    span = "".join(f"{tip}\n" for tip in (*tips, f"^{base}")).encode()
    rows = repository.git("rev-list", "--parents", "--stdin", stdin=span).decode().splitlines()
    parents = {one: tuple(above) for one, *above in (map(CommitId, row.split()) for row in rows)}
    asked = ("-z", "--raw", "--format=%H", "--stdin", "--", POSTS, REVIEWS)
    raw = repository.git("log", *asked, stdin=span)
    touched: dict[CommitId, set[PostId]] = defaultdict(set)
    for change in appearances_in(raw):
        touched[change.commit].update(posts_named([change.path]))
    return Ahead(parents, {one: frozenset(posts) for one, posts in touched.items()})


Own = tuple[CommitId, tuple[RawChange, ...]]
_own: run.PerRun[Repository, dict[tuple[str, str], Own]] = run.PerRun(lambda _: {})


def own_changes(repository: Repository, main: CommitId, tip: CommitId) -> Own:
    """The commit at which a branch left main, and what it changes since; ("", ()) of one that has
    nothing in common with it."""
    cached = _own(repository)
    if (main, tip) not in cached:
        for old in [key for key in cached if key[0] != main]:
            del cached[old]
        base = CommitId(repository.git("merge-base", main, tip, ok=(0, 1)).decode().strip())
        cached[main, tip] = base, repository.changes(base, tip) if base not in ("", tip) else ()
    return cached[main, tip]


State = frozenset[tuple[str, str]]
"""Path and object id of a post's files and of its reviews."""
_MANY = 100
"""More folders than these are listed with all others of their years: git compares each name."""


def states_of(tree: Tree, posts: Iterable[PostId]) -> dict[PostId, State]:
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


ORIGIN = "origin"
_UNATTENDED = {"GIT_TERMINAL_PROMPT": "0", "GIT_HTTP_LOW_SPEED_LIMIT": "1000",
               "GIT_HTTP_LOW_SPEED_TIME": "20"}  # fmt: skip
"""Never ask for a password, and give a silent server up."""


class Overtaken(Fault):
    """The branch moved on meanwhile; fetching it and trying again helps."""


def remote_of(repository: Repository) -> str:
    """The name of the remote that is written to; empty where the clone is the archive itself."""
    names = repository.git("remote").decode().split()
    return ORIGIN if ORIGIN in names else ""


_HELD = lazy.regex(r"cannot lock ref|\.lock'")
"""What git says where another git moves the same branch, or was killed as it did."""
_TRIES = 5


def fetch(repository: Repository) -> None:
    """Fetch every branch of the remote, and drop those that are gone there.

    Of two that fetch into one clone at once, git lets one fail: it finds all there when it asks
    again. A lock that a killed git left is taken away once it is old.
    """
    common = Path(repository.repo.common_dir)
    for left in reversed(range(_TRIES)):
        try:
            repository.git("fetch", "--quiet", "--prune", "--no-tags", ORIGIN, env=_UNATTENDED)
            return
        except Fault as error:
            if not (left and _HELD.search(str(error))):
                check = say("Check the network and the address: `git remote -v`, then `git fetch`.")
                raise Fault(error.message, check) from error
            # Folders come and go meanwhile, which `walk` minds least.
            files = (Path(at, name) for at, _, names in os.walk(common / FETCHED) for name in names)
            locks = (file for file in files if file.suffix == ".lock")
            clear((common / "packed-refs.lock", *locks), SECONDS)


def refresh(repository: Repository) -> None:
    """Fetch, where there is a remote."""
    if remote_of(repository):
        fetch(repository)


def tip_of(repository: Repository, branch: BranchName) -> CommitId:
    """The last commit of a branch, on the remote where there is one; empty: no such branch."""
    if "\0" in branch:
        return CommitId("")  # git would take no such word
    prefix = f"{FETCHED}{ORIGIN}/" if remote_of(repository) else OWN
    shown = repository.git("show-ref", "--verify", f"{prefix}{branch}", ok=(0, 1, 128))
    return CommitId(shown.decode(errors="replace").partition(" ")[0])


def publish_commit(
    repository: Repository,
    commit: CommitId,
    branch: BranchName,
    before: CommitId,
    options: tuple[str, ...] = (),
) -> None:
    """Make a commit the last one of a branch; `before`: what it was, empty for a new branch.

    `options`: push options of the forge. Raises Overtaken when the branch is another by now, and
    Fault when the remote refuses or cannot be reached: then no branch has moved.
    """
    if not remote_of(repository):
        return _move(repository, commit, branch, before)
    given = tuple(f"--push-option={option}" for option in options)
    asked = ("--porcelain", "--no-verify", *given, ORIGIN, f"{commit}:{OWN}{branch}")
    answer = repository.git("push", *asked, ok=(0, 1), env=_UNATTENDED).decode(errors="replace")
    row = next((line for line in answer.splitlines() if line.startswith("!\t")), "")
    behind = any(words in row for words in ("fetch first", "non-fast-forward", "stale info"))
    if row and (behind or _moved_on(repository, branch, before)):
        raise Overtaken(say("The branch {branch} moved on meanwhile.", branch=branch))
    if row:
        detail = row.rpartition("\t")[2][:200]
        refused = say(
            "The remote refused the branch {branch}: {detail}", branch=branch, detail=detail
        )
        remedy = say("Nothing is lost: it is tried again. Ask who runs the repository to allow it.")
        raise Fault(refused, remedy)
    return None


def _moved_on(repository: Repository, branch: BranchName, before: CommitId) -> bool:
    """Whether the remote's branch is another than `before`, whatever was fetched since: of two
    pushes at once it refuses one when it moves the branch, in words that say nothing else."""
    name = f"{OWN}{branch}"
    shown = repository.git("ls-remote", ORIGIN, name, env=_UNATTENDED).decode(errors="replace")
    there = (line.partition("\t") for line in shown.splitlines())  # git compares ends of names
    return next((oid for oid, _, full in there if full == name), "") != before


def drop_branch(repository: Repository, branch: BranchName, last: str) -> None:
    """Delete a branch that another one holds, unless it went on after `last`; a refusal harms
    nothing."""
    if remote_of(repository):
        lease = f"--force-with-lease={OWN}{branch}:{last}"
        asked = ("--porcelain", "--no-verify", lease, ORIGIN, f":{OWN}{branch}")
        repository.git("push", *asked, ok=(0, 1, 128), env=_UNATTENDED)
    elif repository.branch != branch:
        repository.git("update-ref", "-d", f"{OWN}{branch}", last, ok=(0, 1, 128))


def _undo_half(repository: Repository, before: CommitId, commit: CommitId) -> None:
    """Put back what a killed process laid out of a commit that its branch has not reached: git
    would take it for somebody's work, and stop."""
    stood, comes = repository.tree(before), repository.tree(commit)
    half = [
        change for change in repository.changes(before, commit)
        if change.status != "D" and (path := repository.root / change.path).is_file()
        and not path.is_symlink() and path.read_bytes() == comes.read(change.path)
    ]  # fmt: skip
    if half:
        names = (f":(top,literal){change.path}" for change in half)
        repository.git("reset", "--quiet", "--", *names)
    for change in half:
        (repository.root / change.path).unlink()
        if change.status == "M":
            write_whole(repository.root / change.path, stood.read(change.path))


def _move(repository: Repository, commit: CommitId, branch: BranchName, before: CommitId) -> None:
    """Move a branch of the clone itself; one that is checked out moves with its files."""
    if repository.branch == branch and before:
        if not repository.repo.work_tree:
            raise Fault(say("This repository has no work tree: work in a clone of it."))
        if repository.commit("HEAD") != before:
            raise Overtaken(say("The branch {branch} moved on meanwhile.", branch=branch))
        clear_locks(repository, SECONDS)
        _undo_half(repository, before, commit)
        repository.git("merge", "--ff-only", "--quiet", commit)
        return
    try:
        repository.git("update-ref", f"{OWN}{branch}", commit, before or "0" * len(commit))
    except Fault as error:
        raise Overtaken(say("The branch {branch} moved on meanwhile.", branch=branch)) from error
