"""Git objects as values. Paths come NUL-separated, never quoted."""

import json
import weakref
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from time import sleep, time

from pipeline.errors import Fault
from pipeline.model.archive import CommitMessage
from pipeline.model.findings import say
from pipeline.model.ids import BranchName, CommitId
from pipeline.model.lazy import regex
from pipeline.source.atomic import write_whole
from pipeline.source.content.program_lock import LOCK
from pipeline.source.git.git_process import GitClient, end_all, folders_at, make, reader
from pipeline.source.git.objects import Objects, unreadable_object
from pipeline.source.git.tree import FOLDER, Parsed, Tree, name_of
from pipeline.source.git.tree_listing import Listing, Row

_OID = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PARENT = regex(rb"(?m)^parent (\w+)$")
SECONDS = 60.0
"""How long a command waits for another one to commit, with all that a clone's hooks do."""


@dataclass(frozen=True, slots=True)
class RawChange:
    """One line of ``git diff-tree``."""

    path: str
    status: str
    mode: str
    oid: str = ""
    """Object id after the change."""


def _message(row: str) -> CommitMessage:
    head, _, words = row.partition("\n")
    try:
        seconds, _, commit, *parents = head.split(" ")
        return CommitMessage(CommitId(commit), int(seconds), words, [*map(CommitId, parents)])
    except ValueError as error:
        raise unreadable_object(head[:40]) from error


@dataclass(frozen=True, eq=False)
class Repository(GitClient):
    """One repository. All methods raise Fault when git cannot answer.

    It is used by one thread at a time, so two of the same folder are not the same to a cache.
    """

    objects: Objects
    _trees: dict[str, Tree] = field(default_factory=dict, repr=False, compare=False)
    _parsed: Parsed = field(default_factory=weakref.WeakValueDictionary, repr=False, compare=False)
    _between: dict[str, tuple[CommitMessage, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """The span that was asked for last → its answer."""

    @classmethod
    def open(cls, path: Path) -> "Repository":
        """Open the repository a folder stands in. Faults: no folder, no repository, shallow."""
        repo = folders_at(path)
        if repo is None:
            raise Fault(
                say("{path} is not a git repository.", path=str(path)),
                say("Go to the archive's folder, or start one with `sanshen init`."),
            )
        if repo.work_tree:
            _stands_in(path, Path(repo.work_tree))
        opened = cls(repo, Objects(partial(reader, repo)))
        weakref.finalize(opened, end_all, repo)  # where it was not closed
        if Path(repo.common_dir, "shallow").exists():
            raise Fault(
                say("This is a shallow clone: its history is cut off, so nothing can be proven."),
                say("Fetch the whole history with `git fetch --unshallow`."),
            )
        return opened

    @classmethod
    def create(cls, path: Path) -> "Repository":
        """Make a new repository with the branch main."""
        make(path)
        return cls.open(path)

    def __enter__(self) -> "Repository":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes of git that read it; one starts again when something is asked."""
        end_all(self.repo)

    @cached_property
    def root(self) -> Path:
        return Path(self.repo.work_tree or self.repo.git_dir)

    @property
    def cache_folder(self) -> Path:
        """The folder of what one run stores for the next; git itself never looks there."""
        return Path(self.repo.common_dir) / "sanshen-cache"

    def commit(self, revision: str) -> CommitId:
        """Object id of a commit named by any git revision."""
        if revision.startswith("-"):
            raise Fault(say("{revision} is not a revision.", revision=revision))
        oid = None
        with suppress(Fault):
            oid = self.objects.commit(revision)
        if oid is None:
            self.git("rev-parse", "--is-shallow-repository")  # what is wrong may be all of it
            raise Fault(
                say("The commit {revision} does not exist here.", revision=revision),
                say(
                    "Commit first, or fetch it: `git fetch origin`; name it with --base or --head."
                ),
            )
        return oid

    @property
    def branch(self) -> BranchName:
        """The branch that is checked out, or nothing."""
        return BranchName(self.git("branch", "--show-current").decode(errors="replace").strip())

    def base(self, name: str) -> CommitId:
        """The commit that a change is for: of a branch what was fetched of it, where one's own of
        that name is only behind. After a fetch without a pull, one would judge and sign other files
        than the change holds. An object's id names that alone, whatever branches are called."""
        if _OID.fullmatch(name):
            return self.commit(name)
        names = tuple(f"refs/{kind}/{name}" for kind in ("heads", "remotes/origin"))
        shown = self.git("for-each-ref", "--format=%(refname) %(objectname)", "--", *names)
        rows = (line.rsplit(" ", 1) for line in shown.decode(errors="replace").splitlines())
        commits = {name: CommitId(oid) for name, oid in rows}
        own, fetched = map(commits.get, names)
        if fetched and (own is None or self.holds(own, fetched)):
            return fetched
        return own or self.commit(name)

    def holds(self, commit: CommitId, head: CommitId) -> bool:
        """Whether all that a commit holds stands in `head`, too."""
        same = commit == head
        return same or self.git("merge-base", commit, head, ok=(0, 1)).decode().strip() == commit

    def is_next(self, base: str, head: str) -> bool:
        """Whether `head` is one commit on `base`, both object ids, and merges nothing."""
        header = self.objects.read(head).partition(b"\n\n")[0]
        return _PARENT.findall(header) == [base.encode()]

    def after(self, commit: CommitId, head: CommitId) -> tuple[CommitId, ...] | None:
        """Main's commits after one up to `head`, oldest first; None when `head` did not come from
        it along first parents alone."""
        asked = ("--first-parent", "--reverse", "--parents", f"{commit}..{head}")
        try:
            rows = [row.split() for row in self.git("rev-list", *asked).decode().splitlines()]
        except Fault:  # the commit is not here
            return None
        if not rows:
            return () if commit == self.commit(head) else None
        return tuple(CommitId(row[0]) for row in rows) if rows[0][1:2] == [commit] else None

    def between(self, base: CommitId, head: CommitId) -> tuple[CommitMessage, ...]:
        """The commits of `head` that `base`, both object ids, lacks: oldest first."""
        span = f"{base}..{head}"
        if span not in self._between:
            form = "--format=%an <%ae>%n%cn <%ce>%n%B%x00"
            asked = ("--timestamp", "--parents", "--reverse", "--encoding=UTF-8", form, span)
            *rows, end = self.git("rev-list", *asked).decode("utf-8", "replace").split("\0\n")
            self._between.clear()
            self._between[span] = tuple(map(_message, rows))
            if end:
                raise unreadable_object(end[:40])
        return self._between[span]

    def touching(self, head: CommitId, folder: str) -> tuple[str, ...]:
        """Commits up to `head` that changed something in a folder, newest first."""
        asked = ("--full-history", "--format=%H", head, "--", f":(top,literal){folder}")
        return tuple(self.git("log", *asked).decode().split())

    def tree(self, treeish: str) -> Tree:
        """Every file of a commit or tree, named by its object id."""
        if treeish not in self._trees:

            def find(folders: Iterable[str], deep: bool) -> Iterable[Row]:
                return tree.below(folders) if deep else tree.listed(folders)

            tree = self._trees[treeish] = Tree(self, treeish, Listing(find), _parsed=self._parsed)
        return self._trees[treeish]

    def forget_beyond(self, most: int) -> None:
        """Drop all listings of trees where there are more; what holds one goes on with it."""
        if len(self._trees) > most:
            self._trees.clear()

    def forget(self, treeish: str) -> None:
        """Drop a listing that is not used again; a long audit would hold them all."""
        self._trees.pop(treeish, None)

    def blob(self, oid: str) -> bytes:
        """Bytes of a blob."""
        return self.objects.read(oid)

    def merged(self, base: CommitId, head: CommitId) -> str:
        """The tree that merging head into base gives; head's own when base is its ancestor.

        A proposal is judged on what main would hold (threats A14). Raises Fault on a conflict.
        """
        if base == head or any(base in commit.parents for commit in self.between(base, head)):
            return head
        try:
            return self.merge(base, head).split(b"\n")[0].decode()
        except Fault as error:
            fork = self.git("merge-base", base, head, ok=(0, 1)).decode().strip()
            if fork and LOCK in self.tree(base).files and LOCK not in self.tree(fork).files:
                raise Fault(
                    say(
                        "Main has named its program since this proposal began, and the proposal"
                        " changes files of the program that main carried then."
                    ),
                    say(
                        "Begin it anew from main: own rules lie in rules/, own schemas in schemas/,"
                        " own pages in site/; a new program comes by `sanshen upgrade`."
                    ),
                ) from error
            raise Fault(
                say("The proposal conflicts with main and cannot be judged."),
                say("Rebase it: `git rebase {base}`; signed reviews stay valid.", base=base[:12]),
            ) from error

    def changes(self, base: CommitId, after: str) -> tuple[RawChange, ...]:
        """Paths that differ between two trees; a rename is a deletion and an addition.

        Raises Fault when a folder that differs is none that git would write.
        """
        asked = ("-r", "-t", "-z", "--raw", base, after)
        # It would read the index first, where every file of the archive has its row.
        raw = self.git(
            "diff-tree", *asked, env={"GIT_INDEX_FILE": str(self.cache_folder / "no-index")}
        )
        tokens = raw.split(b"\0")
        files, folders = [], []
        for meta, path in zip(tokens[::2], tokens[1::2], strict=False):
            was, mode, _, oid, status = meta.decode().lstrip(":").split()
            if mode == FOLDER:
                folders.append((path, oid))
            elif was != FOLDER:
                files.append(RawChange(name_of(path), status[0], mode, oid))
        self.tree(after).check(folders)
        return tuple(files)

    def uncommitted(self, *paths: str) -> tuple[str, ...]:
        """Paths at or below these that differ from HEAD in the index or the working tree, untracked
        ones included."""
        asked = ("--porcelain=v1", "-z", "--untracked-files=all")
        names = (f":(top,literal){path}" for path in paths)
        raw = self.git("status", *asked, "--", *names, env=self._without_filters())
        return tuple(name_of(line[3:]) for line in raw.split(b"\0") if line)

    def _without_filters(self) -> dict[str, str]:
        """An environment in which no filter of the clone's settings is a program: to look at a file
        of the working tree, git would start it."""
        asked = ("-z", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process|required)$")
        keys = self.git("config", *asked, ok=(0, 1)).decode(errors="surrogateescape").split("\0")
        env = {"GIT_CONFIG_COUNT": str(len(keys) - 1)}
        for number, key in enumerate(keys[:-1]):
            value = "false" if key.endswith(".required") else ""
            env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return env

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Write and commit alone. Raises Fault when another command does so for too long."""
        from filelock import FileLock, Timeout  # most runs write nothing

        lock = FileLock(Path(self.repo.common_dir) / "sanshen.lock", timeout=SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            busy = say("Another command of Sanshen is writing to this archive.")
            raise Fault(busy, say("Wait until it has ended, and do it again.")) from error
        try:
            yield
        finally:
            lock.release()

    def tree_with(self, treeish: str, files: Mapping[str, bytes | None]) -> str:
        """Id of a tree that holds these files besides; neither index nor working tree change.

        None in place of a file's bytes takes it away.
        """
        rows = ""
        for path, raw in files.items():
            asked = ("hash-object", "-w", "--stdin")
            oid = "0" * 40 if raw is None else self.git(*asked, stdin=raw).decode().strip()
            rows += f"{'0' if raw is None else '100644'} {oid} 0\t{path}\n"
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            env = {"GIT_INDEX_FILE": f"{folder}/index"}
            self.git("read-tree", treeish, env=env)
            self.git("update-index", "--add", "--index-info", stdin=rows.encode(), env=env)
            return self.git("write-tree", env=env).decode().strip()

    def tree_of(self, treeish: str) -> str:
        """Id of the tree of a commit, or of a tree."""
        return self.git("rev-parse", "--verify", f"{treeish}^{{tree}}").decode().strip()

    def commit_tree(
        self, tree: str, parents: tuple[str, ...], message: str, who: tuple[str, str, int]
    ) -> CommitId:
        """Id of a new commit that no branch leads to; `who`: name, e-mail, seconds since 1970."""
        name, email, seconds = who
        env: dict[str, str] = {}
        for part in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{part}_NAME": name, f"GIT_{part}_EMAIL": email}
            env[f"GIT_{part}_DATE"] = f"@{seconds} +0800"
        above = [word for parent in parents for word in ("-p", parent)]
        given = message.encode()
        return CommitId(
            self.git("commit-tree", tree, *above, stdin=given, env=env).decode().strip()
        )

    def push(self) -> None:
        """Push the branch to where it follows."""
        try:
            self.git("push", "--quiet")
        except Fault as error:
            by_hand = say(
                "The commit is there, only not pushed: `git push -u origin HEAD`; where somebody"
                " pushed before you, first `git pull --rebase`."
            )
            raise Fault(error.message, by_hand) from error

    def setting(self, name: str) -> str:
        """A git configuration value, or nothing."""
        return self.git("config", "--get", name, ok=(0, 1)).decode().strip()


def _stands_in(path: Path, root: Path) -> None:
    """The setting core.worktree may lead to files, and so to a repository, of another owner."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise Fault(
            say("The work tree of {path} lies elsewhere: {root}.", path=str(path), root=str(root)),
            say("Take core.worktree out of the repository's settings, or clone it."),
        )


# A commit of the working tree, which the next command ends where its own was killed.

LOCKED = 5.0
"""Seconds after which a lock of git is taken for that of a command known to have been killed."""


def _head(repository: Repository) -> str:
    """The last commit; empty where there is none yet."""
    return repository.git("rev-parse", "--verify", "--quiet", "HEAD", ok=(0, 1)).decode().strip()


def _begun(repository: Repository) -> Path:
    """The note of a commit that is being made; who is killed leaves it to the next command."""
    return Path(repository.repo.git_dir) / "sanshen-begun.json"


def cut_off(repository: Repository) -> bool:
    """Whether a command was killed amid a commit, or is making one just now."""
    return _begun(repository).exists()


@contextmanager
def noted(
    repository: Repository, paths: Iterable[str], message: str, files: Mapping[str, bytes]
) -> Iterator[None]:
    """Note what is about to be written and committed, so that `finish` ends it after a kill.

    `files`: path → bytes of what is not on disk yet. What fails by itself is noted no more: its
    person was told what to do. The caller holds the lock.
    """
    note = {
        "branch": repository.branch,
        "head": _head(repository),
        "message": message,
        "paths": [*paths, *files],
        "files": {path: b64encode(raw).decode() for path, raw in files.items()},
    }
    write_whole(_begun(repository), json.dumps(note).encode(), mode=0o600)
    try:
        yield
    except Exception:
        _begun(repository).unlink(missing_ok=True)
        raise
    _begun(repository).unlink(missing_ok=True)


def finish(repository: Repository) -> str:
    """End the commit that a killed command began; its message, or nothing.

    Where the branch is another by now, or went on, nothing is committed and nothing is left
    staged: what was written lies in the working tree.
    """
    if not cut_off(repository):
        return ""
    with repository.lock():
        try:
            note = json.loads(_begun(repository).read_bytes())
            files = {path: b64decode(text) for path, text in note["files"].items()}
            where, message = (note["branch"], note["head"]), str(note["message"])
            paths = [repository.root / name for name in note["paths"]]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            _begun(repository).unlink(missing_ok=True)  # of no program of ours
            return ""
        clear_locks(repository, LOCKED, wait=True)
        if where != (repository.branch, _head(repository)):
            repository.git("reset", "--quiet", "--", *map(str, paths), ok=(0, 1, 128))
            message = ""
        else:
            for name, raw in files.items():
                write_whole(repository.root / name, raw)
            commit_files(repository, paths, message)
        _begun(repository).unlink(missing_ok=True)
    return message


def clear_locks(repository: Repository, seconds: float, *, wait: bool = False) -> None:
    """Take away git's locks on index and branch that are as old as this: a killed git leaves
    them, and every later one stops at them. `wait`: until they are. The caller holds Sanshen's
    own lock."""
    git_dir, common = Path(repository.repo.git_dir), Path(repository.repo.common_dir)
    branch = common / f"refs/heads/{repository.branch or '-'}.lock"
    clear((git_dir / "index.lock", git_dir / "HEAD.lock", branch), seconds, wait=wait)


def clear(locks: Iterable[Path], seconds: float, *, wait: bool = False) -> None:
    """Take away those of git's locks that are as old as this. `wait`: until they are."""
    for lock in locks:
        with suppress(FileNotFoundError):
            while wait and time() - lock.stat().st_mtime < seconds:
                sleep(0.05)  # git may be at work still
            if time() - lock.stat().st_mtime >= seconds:
                lock.unlink()


def add_and_commit(repository: Repository, paths: Iterable[Path], message: str) -> CommitId:
    """Commit these files and nothing else; the commit's id. The caller holds the lock."""
    names = [str(p) for p in paths]
    with noted(repository, names, message, {}):
        return commit_files(repository, [*map(Path, names)], message)


def commit_files(repository: Repository, paths: Iterable[Path], message: str) -> CommitId:
    """As `add_and_commit`, for a caller who has noted it."""
    names = [str(p) for p in paths]
    repository.git("add", "--", *names)
    try:
        repository.git("commit", "--quiet", "--message", message, "--", *names)
    except Fault as error:
        left = say("The files are written and staged; settle what git names, then `git commit`.")
        raise Fault(error.message, left) from error
    return repository.commit("HEAD")
