"""Git objects as values: the one module that talks to git (GitPython).

Replace refs and grafts are off, because both show other bytes than the ones that were signed
(threats A18; https://git-scm.com/docs/git-replace). Paths come NUL-separated, never quoted.
"""

import os
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import git
from git.exc import GitCommandError, InvalidGitRepositoryError, NoSuchPathError
from gitdb.exc import BadName, BadObject

from pipeline.errors import Fault
from pipeline.model.findings import say

_ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}

REGULAR = ("100644", "100755")


@dataclass(frozen=True)
class Blob:
    """A file of a tree: git mode, object id, size in bytes (0 for what is no blob)."""

    mode: str
    oid: str
    size: int


@dataclass(frozen=True)
class RawChange:
    """One line of ``git diff-tree``."""

    path: str
    status: str
    mode: str


@dataclass(frozen=True)
class Tree:
    """All files of one tree object, read lazily."""

    repository: "Repository"
    oid: str
    files: Mapping[str, Blob]

    def read(self, path: str) -> bytes:
        """The stored bytes of a regular file. Raises KeyError when there is none."""
        blob = self.files[path]
        if blob.mode not in REGULAR:
            raise KeyError(path)
        return self.repository.blob(blob.oid)


@dataclass(frozen=True)
class Repository:
    """One repository. All methods raise Fault when git cannot answer."""

    repo: git.Repo
    _trees: dict[str, Tree] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, path: Path) -> "Repository":
        """Open the repository a folder stands in. Faults: no folder, no repository, shallow."""
        try:
            repo = git.Repo(path, search_parent_directories=True)
        except (InvalidGitRepositoryError, NoSuchPathError) as error:
            raise Fault(
                say("{path} is not a git repository.", path=str(path)),
                say("Go to the archive's folder, or start one with `sanshen init`."),
            ) from error
        repo.git.update_environment(**_ENVIRONMENT)
        opened = cls(repo)
        # GitPython keeps a `git cat-file` running; end it with the value that uses it.
        weakref.finalize(opened, repo.close)
        if opened.git("rev-parse", "--is-shallow-repository").strip() == b"true":
            raise Fault(
                say("This is a shallow clone: its history is cut off, so nothing can be proven."),
                say("Fetch the whole history with `git fetch --unshallow`."),
            )
        return opened

    @classmethod
    def create(cls, path: Path) -> "Repository":
        """Make a new repository with the branch main."""
        git.Repo.init(path, initial_branch="main").close()
        return cls.open(path)

    @property
    def root(self) -> Path:
        return Path(self.repo.working_tree_dir or self.repo.git_dir)

    def commit(self, revision: str) -> str:
        """Object id of a commit named by any git revision."""
        if revision.startswith("-"):
            raise Fault(say("{revision} is not a revision.", revision=revision))
        try:
            found = self.git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        except Fault as error:
            raise Fault(
                say("The commit {revision} does not exist here.", revision=revision),
                say(
                    "Commit first, or fetch it: `git fetch origin`; name it with --base or --head."
                ),
            ) from error
        return found.decode().strip()

    def tree(self, treeish: str) -> Tree:
        """Every file of a commit or tree."""
        if treeish not in self._trees:
            listing = self.git("ls-tree", "-r", "-z", "-l", "--full-tree", treeish)
            files = {}
            for line in filter(None, listing.split(b"\0")):
                meta, path = line.split(b"\t", 1)
                mode, _, oid, size = meta.decode().split()
                if size == "BAD":  # git's word for an object it cannot read
                    raise _damaged(name_of(path))
                files[name_of(path)] = Blob(mode, oid, 0 if size == "-" else int(size))
            self._trees[treeish] = Tree(self, treeish, files)
        return self._trees[treeish]

    def forget(self, treeish: str) -> None:
        """Drop a listing that will not be asked for again; a long audit would keep them all."""
        self._trees.pop(treeish, None)

    def blob(self, oid: str) -> bytes:
        """Bytes of a blob through one persistent ``git cat-file --batch``."""
        try:
            return bytes(self.repo.odb.stream(bytes.fromhex(oid)).read())
        except (BadName, BadObject, ValueError) as error:
            raise _damaged(oid) from error

    def merged(self, base: str, head: str) -> str:
        """The tree that merging head into base gives; head's own when base is its ancestor.

        A proposal is judged on what main would hold (threats A14). Raises Fault on a conflict.
        """
        if self.git("merge-base", base, head, ok=(0, 1)).decode().strip() == base:
            return head
        try:
            return self.git("merge-tree", "--write-tree", base, head).split(b"\n")[0].decode()
        except Fault as error:
            raise Fault(
                say("The proposal conflicts with main and cannot be judged."),
                say(
                    "Rebase it: `git rebase {base}`; signed reviews stay valid.",
                    base=base[:12],
                ),
            ) from error

    def changes(self, base: str, after: str) -> tuple[RawChange, ...]:
        """Paths that differ between two trees; a rename is a deletion and an addition."""
        raw = self.git("diff-tree", "-r", "-z", "--raw", "--no-renames", base, after)
        tokens = raw.split(b"\0")
        found = []
        for meta, path in zip(tokens[::2], tokens[1::2], strict=False):
            _, mode, _, _, status = meta.decode().lstrip(":").split()
            found.append(RawChange(name_of(path), status[0], mode))
        return tuple(found)

    def uncommitted(self) -> tuple[str, ...]:
        """Paths that differ from HEAD in the index or the working tree, untracked ones included."""
        raw = self.git("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
        return tuple(name_of(line[3:]) for line in raw.split(b"\0") if line)

    def add_and_commit(self, paths: Iterable[Path], message: str) -> str:
        """Commit these files and nothing else; the commit's id."""
        names = [str(p) for p in paths]
        self.git("add", "--", *names)
        self.git("commit", "--quiet", "--message", message, "--", *names)
        return self.commit("HEAD")

    def push(self) -> None:
        """Push the branch to where it follows."""
        self.git("push", "--quiet")

    def setting(self, name: str) -> str:
        """A git configuration value, or nothing."""
        return self.git("config", "--get", name, ok=(0, 1)).decode().strip()

    def git(self, command: str, *arguments: str, ok: tuple[int, ...] = (0,)) -> bytes:
        try:
            status, out, error = self.repo.git.execute(
                ["git", command, *arguments],
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
            )
        except (GitCommandError, OSError) as problem:
            raise Fault(say("git {command} could not run.", command=command)) from problem
        if status not in ok:
            raise Fault(
                say(
                    "git {command} failed: {error}",
                    command=command,
                    error=_first_line(error),
                ),
                say("Check the repository with `git status` and `git fsck`."),
            )
        return bytes(out) if isinstance(out, bytes) else out.encode()


def committer() -> str:
    """Who git would name as committer here; empty when it does not know (git-var(1))."""
    try:
        return str(
            git.Git().execute(
                ["git", "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]
            )
        )
    except (GitCommandError, OSError):
        return ""


def _damaged(what: str) -> Fault:
    return Fault(
        say("The repository is damaged: {what} cannot be read.", what=what),
        say("Check it with `git fsck`, and fetch it anew from another copy."),
    )


def _first_line(text: str | bytes) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return words.strip().split("\n")[0][:200]


def name_of(path: bytes) -> str:
    """A path as text; bytes that are no UTF-8 stay visible as surrogates and are refused later."""
    return path.decode("utf-8", "surrogateescape")
