"""What the commits of a proposal say: words that stay in the history for ever (threats A36)."""

import re
from typing import NamedTuple

from pipeline.model.regex import regex
from pipeline.source.repository import Repository

_DATED = regex(rb"^committer [^\n]*> (\d+) [+-]\d{4}$", re.MULTILINE)


class Said(NamedTuple):
    """What one commit says."""

    commit: str
    seconds: int
    """When it was committed, as it claims, in seconds since 1970."""
    words: str
    """Its message with trailers and names."""


def messages(repository: Repository, base: str, head: str) -> tuple[Said, ...]:
    """Every commit of a range, oldest first."""
    raw = repository.git(
        "log", "-z", "--reverse", "--format=%H %ct%n%an <%ae>%n%cn <%ce>%n%B", f"{base}..{head}"
    )
    texts = raw.decode("utf-8", "replace").split("\0")
    return tuple(_said(*t.split("\n", 1)) for t in texts if "\n" in t)


def _said(head: str, words: str) -> Said:
    commit, _, seconds = head.partition(" ")
    return Said(commit, int(seconds or 0), words)


def committed(repository: Repository, commit: str) -> int:
    """As `Said.seconds`, of one commit; 0 when it tells none that can be read."""
    header = repository.objects.read(commit).partition(b"\n\n")[0]
    told = _DATED.search(header)
    return int(told[1]) if told else 0
