"""What the commits of a proposal say: words that stay in the history for ever (threats A36)."""

from typing import NamedTuple

from pipeline.source.git.repository import Repository


class Said(NamedTuple):
    """What one commit says."""

    commit: str
    seconds: int
    """When it was committed, as it claims, in seconds since 1970; 0: not readably."""
    words: str
    """Its message with trailers and names."""


def messages(repository: Repository, base: str, head: str) -> tuple[Said, ...]:
    """Every commit of a range, oldest first."""
    told = _told(repository, f"{base}..{head}")
    raw = repository.git(
        "log", "-z", "--reverse", "--format=%H%n%an <%ae>%n%cn <%ce>%n%B", f"{base}..{head}"
    )
    texts = (t.split("\n", 1) for t in raw.decode("utf-8", "replace").split("\0") if "\n" in t)
    return tuple(Said(commit, told[commit], words) for commit, words in texts)


def committed(repository: Repository, commit: str) -> int:
    """As `Said.seconds`, of one commit."""
    return _told(repository, "--no-walk", commit)[commit]


def _told(repository: Repository, *revisions: str) -> dict[str, int]:
    """Commit → its seconds, as for when it came to main (`appearances.times`): of a time without a
    zone, or of two committers, git's other commands tell another one."""
    rows = repository.git("rev-list", "--timestamp", *revisions).decode().splitlines()
    return {commit: int(stated) for stated, commit in map(str.split, rows)}
