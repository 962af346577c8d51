"""A commit of the working tree, which the next command ends where its own was killed."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep, time

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.ids import CommitId
from pipeline.source.atomic import write_whole
from pipeline.source.git.repository import Repository

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
