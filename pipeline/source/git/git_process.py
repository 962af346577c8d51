"""git as a process: the one module that starts it.

To read, a process and its pipes are enough. Repositories are made, and what a person runs is run,
by GitPython, which takes a tenth of a command's time to import.

A verdict depends on commits and time alone, so nothing that lies beside the objects of a
clone may bear on it: no setting, no attribute, no `.gitmodules`, no cache of the history. Replace
refs, grafts and commit-graphs show another history than the one that was signed, some settings
leave rows out of it, and others name programs (threats A18;
https://git-scm.com/docs/git-config, git-replace, gitattributes, gitformat-commit-graph).
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired, run
from typing import IO

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.ids import CommitId

# Processes of git that run beside this one, and their end.
#
# Who opens a repository closes it, and with it every process that reads it. A fork lets go of the
# pipes of its parent: git goes on as long as any process holds the other end of its input.

SECONDS = 5.0
"""How long a process may take to end by itself; it reads only, so nothing is lost by killing it."""
RUNNING: set["Child"] = set()
"""Every process that was started and not ended; in a fork, those of its parent as well: dropping
them would wait for processes of another."""
_STARTING = threading.RLock()
"""Held while a process starts and while one forks: a fork would keep pipes that no list holds."""


ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone's remote may be a program
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}

_ELSEWHERE = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_IMPLICIT_WORK_TREE"})
"""A hook of git has them; where the repository lies is asked of its folder alone."""
_NO_WORK_TREE = ("GIT_IMPLICIT_WORK_TREE", "0")


@dataclass(frozen=True, eq=False)
class GitFolders:
    """Where a repository lies."""

    git_dir: str
    common_dir: str
    """The same, but for a work tree beside the first one."""
    work_tree: str = ""
    """Empty: it has none."""

    @property
    def cwd(self) -> str:
        """The folder in which git runs."""
        return self.work_tree or self.git_dir

    @property
    def environment(self) -> dict[str, str]:
        """In which git runs. It finds the common folder itself: where that is named, it takes a
        bare repository's own folder for a work tree, and writes there. So it does where the
        settings do not call it bare, unless it is forbidden to (git's environment.c)."""
        tree = ("GIT_WORK_TREE", self.work_tree) if self.work_tree else _NO_WORK_TREE
        return dict((*_inherited().items(), ("GIT_DIR", self.git_dir), tree))


def _inherited() -> dict[str, str]:
    """This process's environment, as git finds it, but for what would lead it elsewhere."""
    given = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}  # noqa: TID251
    return {**given, "LANGUAGE": "C", **ENVIRONMENT}


@dataclass(frozen=True, eq=False)
class Child:
    """A running git with its pipes."""

    repo: GitFolders
    process: Popen[bytes]
    owner: int = field(default_factory=os.getpid)
    """Id of the process that started it."""

    @classmethod
    def start(cls, repo: GitFolders, command: list[str]) -> "Child":
        """Start a command with pipes at all three ends. Raises what Popen raises."""
        with _STARTING:
            process = Popen(
                command, cwd=repo.cwd, env=repo.environment, stdin=PIPE, stdout=PIPE, stderr=PIPE
            )
            child = cls(repo, process)
            RUNNING.add(child)
        return child

    @property
    def runs(self) -> bool:
        """Whether this process may still ask it something."""
        return self in RUNNING and self.owner == os.getpid()

    @property
    def pipes(self) -> Iterator[IO[bytes]]:
        return filter(None, (self.process.stdout, self.process.stderr, self.process.stdin))

    def end(self) -> None:
        """Close its pipes, and kill it when that does not end it."""
        if not self.runs:
            return
        RUNNING.discard(self)
        for pipe in self.pipes:
            with suppress(OSError):  # what was not sent yet meets a closed pipe
                pipe.close()
        try:
            self.process.wait(SECONDS)
        except TimeoutExpired:
            self.process.kill()
            self.process.wait()


def end_all(repo: GitFolders) -> None:
    """End every process that reads a repository."""
    for child in RUNNING.copy():  # in one step: what is forgotten meanwhile ends its own
        if child.repo is repo:
            child.end()


def _let_go() -> None:
    """In a fork: replace the parent's pipes, so that closing them here does it no harm."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for child in RUNNING:
        for pipe in child.pipes:
            with suppress(ValueError):  # closed while the fork began
                os.dup2(nothing, pipe.fileno(), inheritable=False)
    os.close(nothing)
    _STARTING.release()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(
        before=_STARTING.acquire, after_in_parent=_STARTING.release, after_in_child=_let_go
    )


SETTINGS = {
    "core.commitGraph": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.maxTreeDepth": "2048",
    "core.multiPackIndex": "false",
    "diff.orderFile": os.devnull,
    "log.follow": "false",
}
"""What no option of the commands below says; a setting of the command line is the last word. Hooks
are programs: git has some for an index, a ref and a merge as well."""
_DIFFS = (
    "--ignore-submodules=none",
    "--no-abbrev",
    "--no-color",
    "--no-ext-diff",
    "--no-relative",
    "--no-renames",
    "--no-textconv",
    "--root",
)
OPTIONS = {
    "diff-tree": _DIFFS,
    "log": (
        *_DIFFS,
        "--encoding=UTF-8",
        "--no-decorate",
        "--no-mailmap",
        "--no-notes",
        "--no-show-signature",
    ),
    "status": ("--ignore-submodules=dirty", "--no-renames"),  # in one, git would run once more
}
"""Command → its fixed options, because a clone's settings could say otherwise."""
_ALONE = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.attributesFile",
    "GIT_CONFIG_VALUE_0": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_PARAMETERS": "",
}
"""Without the settings and attributes of a person or a machine."""
_WRITING = frozenset({"add", "commit", "fetch", "push"})
"""Commands that a person runs, with the settings and hooks of their clone."""


@dataclass(frozen=True, eq=False)
class GitClient:
    """Runs git in one repository."""

    repo: GitFolders

    def git(
        self,
        command: str,
        *arguments: str,
        ok: tuple[int, ...] = (0,),
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        asked, folder = _asked(command, arguments), self.repo.cwd
        given = {**self.repo.environment, **(env or {})}
        try:
            if command in _WRITING:
                status, out, error = _of_a_person(asked, folder, given, stdin)
            else:
                done = run(
                    asked, input=stdin, cwd=folder, env=given, capture_output=True, check=False
                )
                status, out, error = done.returncode, done.stdout, done.stderr
        except OSError as problem:
            raise Fault(say("git {command} could not run.", command=command)) from problem
        if status not in ok:
            raise _failed(command, error)
        return out

    def merge(self, base: CommitId, head: CommitId) -> bytes:
        """What `git merge-tree --write-tree` says of two commits. Raises Fault on a conflict.

        It merges in an empty repository that borrows the objects: the attributes of a clone may
        name drivers, which are programs, and those in `.git/info` cannot be turned off.
        """
        from tempfile import TemporaryDirectory  # most proposals follow main

        asked = ("--path-format=absolute", "--git-path", "objects", "--show-object-format")
        objects, _, form = self.git("rev-parse", *asked).decode().rstrip().rpartition("\n")
        with TemporaryDirectory() as empty:
            env = {**_ALONE, **dict.fromkeys(("GIT_DIR", "GIT_WORK_TREE"), empty)}
            self.git("init", "--quiet", "--template=", f"--object-format={form}", env=env)
            env |= {**ENVIRONMENT, "GIT_OBJECT_DIRECTORY": objects}
            # git runs in its folder, and finds attributes there.
            borrowing = GitClient(GitFolders(empty, empty))
            return borrowing.git("merge-tree", "--write-tree", base, head, env=env)


def _asked(command: str, arguments: Iterable[str]) -> list[str]:
    if command in _WRITING or command == "config":  # what it is asked are the clone's settings
        return ["git", command, *arguments]
    settings = (word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}"))
    return ["git", *settings, command, *OPTIONS.get(command, ()), *arguments]


def _failed(command: str, error: bytes) -> Fault:
    if "dubious ownership" in (first := _first_line(error)):
        path = first.rpartition(" at ")[2].strip("'")
        return Fault(
            say("The folder {path} belongs to another user, so git reads nothing in it.",
                path=path),
            say("If it is the archive: `git config --global --add safe.directory '{path}'`.",
                path=path),
        )  # fmt: skip
    return Fault(
        say("git {command} failed: {error}", command=command, error=_first_line(error)),
        say("Check the repository with `git status` and `git fsck`."),
    )


_READING = (
    *("-c", "core.packedGitWindowSize=8m", "-c", "core.packedGitLimit=64m"),
    *("-c", "core.warnAmbiguousRefs=false"),
)
"""How much of packs git holds in memory, in each of the processes that read: by default all; and no
word on a branch and a tag of one name: what no one reads fills a pipe, and then git waits."""


def reader(repo: GitFolders) -> Child:
    """A process that reads objects by id (`objects.Objects`)."""
    asked = _asked("cat-file", ("--batch-command", "--buffer"))
    asked[1:1] = _READING
    return Child.start(repo, asked)


NO_COMMITTER = say("git does not know who you are, so nothing can be committed.")
CALL_YOURSELF = say(
    'Tell it: `git config --global user.name "…"` and `git config --global user.email "…"`.'
)


def committer() -> str:
    """The committer that git would name; empty when it knows none (git-var(1))."""
    command = ["git", "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]
    try:
        done = run(command, capture_output=True, check=False)
    except OSError:
        return ""
    return "" if done.returncode else done.stdout.decode("utf-8", "replace").strip()


def folders_at(path: Path) -> GitFolders | None:
    """The repository that a folder stands in; None: it stands in none. Raises Fault where git
    refuses to look, as in a folder of another user."""
    asked = ("--path-format=absolute", "--git-dir", "--git-common-dir", "--is-bare-repository")
    command = ["git", "rev-parse", *asked, "--show-toplevel"]
    try:
        done = run(command, cwd=path, env=_inherited(), capture_output=True, check=False)
    except NotADirectoryError:
        return None
    except OSError as problem:
        if not path.is_dir():
            return None
        raise Fault(say("git {command} could not run.", command=command[1])) from problem
    lines = os.fsdecode(done.stdout).split("\n")[:-1]
    if lines and len(lines) != (3 if done.returncode else 4):  # without a work tree, it fails last
        raise Fault(say("The name of this folder has a line break: rename it."))
    git_dir, common, bare, top, *_ = (*lines, "", "", "", "")
    if not git_dir and b"not a git repository" not in done.stderr:
        raise _failed(command[1], done.stderr)
    if bare == "false" and not top:  # git is asked beside the files, or they lie elsewhere
        command = ["git", "config", "--get", "core.worktree"]
        done = run(command, cwd=git_dir, env=_inherited(), capture_output=True, check=False)
        files = os.fsdecode(done.stdout).strip() or (".." if git_dir.endswith("/.git") else "")
        top = files and str(Path(git_dir, files).resolve())
    return GitFolders(git_dir, common, top) if git_dir else None


def make(path: Path) -> None:
    """Make a new repository with the branch main."""
    import git  # few runs make one

    git.Repo.init(path, initial_branch="main").close()


def _of_a_person(
    asked: list[str], folder: str, env: Mapping[str, str], given: bytes
) -> tuple[int, bytes, bytes]:
    """Exit code, output and errors of a command that a person runs."""
    from tempfile import TemporaryFile

    import git  # most runs write nothing

    with TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        try:
            status, out, error = git.Git(folder).execute(
                asked,
                istream=stdin,
                env=env,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
        except git.GitCommandError as problem:
            raise OSError from problem
    return status, out, error.encode(errors="surrogateescape")


def _first_line(text: bytes) -> str:
    """What git says is wrong, without the advice it may give before, and where it pushed to."""
    words = text.decode("utf-8", "replace").strip().split("\n")
    lines = (line for line in words if not line.startswith(("hint:", "To ")))
    return next(lines, "").strip()[:200]
