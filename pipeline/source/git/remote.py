"""What the desk asks of a remote: fetch everything, push one commit to one branch."""

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.source.git.branches import FETCHED, OWN
from pipeline.source.git.repository import Repository

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


def fetch(repository: Repository) -> None:
    """Fetch every branch of the remote, and drop those that are gone there."""
    try:
        repository.git("fetch", "--quiet", "--prune", "--no-tags", ORIGIN, env=_UNATTENDED)
    except Fault as error:
        raise Fault(
            error.message,
            say("Check the network and the address: `git remote -v`, then `git fetch`."),
        ) from error


def refresh(repository: Repository) -> None:
    """Fetch, where there is a remote."""
    if remote_of(repository):
        fetch(repository)


def tip_of(repository: Repository, branch: str) -> str:
    """The last commit of a branch, on the remote where there is one; empty: no such branch."""
    prefix = f"{FETCHED}{ORIGIN}/" if remote_of(repository) else OWN
    shown = repository.git("show-ref", "--verify", f"{prefix}{branch}", ok=(0, 1, 128))
    return shown.decode(errors="replace").partition(" ")[0]


def publish_commit(
    repository: Repository, commit: str, branch: str, before: str, options: tuple[str, ...] = ()
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
    if "fetch first" in row or "non-fast-forward" in row or "stale info" in row:
        raise Overtaken(say("The branch {branch} moved on meanwhile.", branch=branch))
    if row:
        raise Fault(
            say("The remote refused the branch {branch}: {detail}", branch=branch,
                detail=row.rpartition("\t")[2][:200]),
            say("Nothing is lost: it is tried again. Ask who runs the repository to allow it."),
        )  # fmt: skip
    return None


def drop_branch(repository: Repository, branch: str, last: str) -> None:
    """Delete a branch that another one holds, unless it went on after `last`; a refusal harms
    nothing."""
    if remote_of(repository):
        lease = f"--force-with-lease={OWN}{branch}:{last}"
        asked = ("--porcelain", "--no-verify", lease, ORIGIN, f":{OWN}{branch}")
        repository.git("push", *asked, ok=(0, 1, 128), env=_UNATTENDED)
    elif repository.branch != branch:
        repository.git("update-ref", "-d", f"{OWN}{branch}", last, ok=(0, 1, 128))


def _move(repository: Repository, commit: str, branch: str, before: str) -> None:
    """Move a branch of the clone itself; one that is checked out moves with its files."""
    if repository.branch == branch and before:
        if repository.commit("HEAD") != before:
            raise Overtaken(say("The branch {branch} moved on meanwhile.", branch=branch))
        repository.git("merge", "--ff-only", "--quiet", commit)
        return
    try:
        repository.git("update-ref", f"{OWN}{branch}", commit, before or "0" * len(commit))
    except Fault as error:
        raise Overtaken(say("The branch {branch} moved on meanwhile.", branch=branch)) from error
