"""When each file of a kind first stood on main, and when it changed, along first parents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.model.calendar import SHANGHAI
from pipeline.source.git.history import readable
from pipeline.source.git.raw_diff import ROW, read_rows
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import name_of
from pipeline.source.git.tree_listing import REGULAR


@dataclass(frozen=True, slots=True)
class Appearance:
    """What one change of main did to one path."""

    commit: str
    path: str
    oid: str
    """Blob after the change; empty when no regular file stands there any more."""
    status: str
    """A added, M modified, D deleted, T type changed."""
    before: str = ""
    """Blob before the change; empty where none stood."""


def appearances(
    repository: Repository, head: str, *folders: str, since: date | None = None
) -> tuple[Appearance, ...]:
    """What main's changes did below these folders: oldest change first, then by path.

    `since`: only changes of that day and later, by the time they claim: to display, not to judge.
    """
    raw = repository.git(
        "log",
        "-z",
        "--first-parent",
        "--diff-merges=first-parent",
        "--reverse",
        "--raw",
        "--format=%H",
        *([f"--since={since.isoformat()}T00:00:00Z"] if since else []),
        head,
        "--",
        *folders,
    )
    return tuple(appearances_in(raw))


def appearances_in(raw: bytes) -> Iterator[Appearance]:
    """Parse the output of ``git log -z --raw --format=%H``."""
    for commit, rows in read_rows(raw):
        for mode, was, oid, status, path in ROW.findall(rows):
            blob = oid.decode() if mode.decode() in REGULAR else ""
            before = was.decode() if status == b"M" else ""
            yield Appearance(commit, name_of(path), blob, status.decode(), before)


def times(
    repository: Repository, head: str, after: str = "", latest: datetime | None = None
) -> dict[str, datetime]:
    """Commit of main → the earliest moment it can have entered, oldest first.

    `after`: a commit of main; only later ones are returned. `latest`: its own moment.

    A committer's time is a claim, but no change enters before the one it stands on: the latest
    claim so far counts, so a commit dated back behind its parent, or not readably, gains nothing
    (threats A10).
    """
    span = f"{after}..{head}" if after else head
    raw = repository.git("rev-list", "--timestamp", "--first-parent", "--reverse", span)
    moments: dict[str, datetime] = {}
    last = int(latest.timestamp()) if latest else 0
    for line in raw.decode().splitlines():
        stated, commit = line.split()
        last = max(last, int(stated) if readable(stated) else 0)
        moments[commit] = datetime.fromtimestamp(last, SHANGHAI)
    return moments


def dated_back(
    repository: Repository, entered: Mapping[str, datetime], tolerance: timedelta
) -> frozenset[str]:
    """Commits of main that claim a time before what stood on main already: when they came is
    unknown. `entered`: `times` of main's commits, oldest first."""
    raw = repository.git(
        "rev-list", "--timestamp", "--no-walk=unsorted", "--stdin",
        stdin="".join(f"{commit}\n" for commit in entered).encode(),
    )  # fmt: skip
    stated = (line.split() for line in raw.decode().splitlines())
    least = {c: (moment - tolerance).timestamp() for c, moment in entered.items()}
    return frozenset(c for seconds, c in stated if readable(seconds) and int(seconds) < least[c])


def versions_of(repository: Repository, head: str, folder: str) -> frozenset[tuple[str, str]]:
    """(path, blob) of every version of every regular file below a folder, side branches too."""
    raw = repository.git(
        "log",
        "-z",
        "--full-history",
        "--raw",
        "--diff-merges=separate",
        "--format=%H",
        head,
        "--",
        folder,
    )
    return frozenset((a.path, a.oid) for a in appearances_in(raw) if a.oid)
