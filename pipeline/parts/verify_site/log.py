"""Check a published log without its repository, alone or with its site (threats A23)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.evidence.log import tiles
from pipeline.evidence.log.checkpoint import Checkpoint, Note, read_checkpoint, read_key, read_note
from pipeline.evidence.log.merkle import BUILD, Leaf, Log, grow, leaf_hash, root
from pipeline.model.findings import Message, say

MAX_ENTRIES = 2_000_000
MAX_LOG = 1_000_000_000
"""Entries, bytes: many times what a hundred thousand posts have."""


@dataclass(frozen=True)
class Site:
    """A site as it can be read."""

    read: Callable[[str], bytes | None]
    """Bytes at a path below the site's root, from the address that links name; None: nothing."""
    listing: Callable[[], Collection[str]] | None = None
    """Every path of the site; None for a server, which lists none."""
    again: Callable[[str], Iterable[tuple[Message, bytes | None]]] | None = None
    """The other ways in which people open a path: (message for other bytes, bytes). None for a
    folder, where all of them are one file."""


@dataclass(frozen=True)
class SiteReport:
    """Problems by path, and how much was checked."""

    problems: tuple[tuple[str, Message], ...]
    remarks: tuple[Message, ...]
    """What was not checked, and facts worth telling."""
    files: int
    posts: int
    entries: int
    uncompared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Signed part that pages do not mark, so that it was not compared → the pages."""


@dataclass
class ReportBuilder:
    """Collects problems and remarks while a site is checked."""

    problems: list[tuple[str, Message]] = field(default_factory=list)
    uncompared: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[Message] = field(default_factory=list)

    def add(self, path: str, *messages: Message) -> None:
        self.problems += [(path, m) for m in messages]


def verify_log(site: Site, key: str | None = None, after: bytes | None = None) -> SiteReport:
    """Check the log alone: entries and tiles match its checkpoint, and it extends an earlier one.

    This reads a few hundred small files of the largest site.
    `key`: the log's public key, obtained elsewhere (``name+id+base64`` or an OpenSSH line);
    `after`: a checkpoint of this log that the reader saved before (threats A23).
    """
    report = ReportBuilder()
    _, log = growing(site, key, after, report)
    size = log.size if log else 0
    return SiteReport(tuple(report.problems), tuple(unchecked(key, after)), 0, 0, size)


def unchecked(key: str | None, after: bytes | None) -> Iterator[Message]:
    if key is None:
        yield say("No key was given: who signed the checkpoint was not checked.")
    if after is None:
        yield say("No earlier checkpoint was given: whether the log only grew was not checked.")


def growing(
    site: Site, key: str | None, after: bytes | None, report: ReportBuilder
) -> tuple[Checkpoint | None, Log | None]:
    """The checkpoint and its log, which must extend the earlier checkpoint."""
    checkpoint = _checkpoint(site, key, report)
    log = _log(site, checkpoint, report) if checkpoint else None
    objection = tiles.not_extended(log, after) if log and after is not None else None
    if objection:
        report.add(tiles.CHECKPOINT, objection)
    return checkpoint, log


def build_of(log: Log) -> Leaf | None:
    """The leaf of the site that a log was published with; None: it was made before they were
    leaves, so the checkpoint alone names the list of files (docs/decisions/0054).

    A log with builds ends with that of its site: another last leaf names no list.
    """
    return log.leaves[-1] if any(leaf.kind == BUILD for leaf in log.leaves) else None


def _checkpoint(site: Site, key: str | None, report: ReportBuilder) -> Checkpoint | None:
    raw = site.read(tiles.CHECKPOINT)
    if raw is None:
        report.add(tiles.CHECKPOINT, say("The log's checkpoint is missing."))
        return None
    note = read_note(raw)
    checkpoint = read_checkpoint(note.text if note else raw.decode("utf-8", "replace"))
    if checkpoint is None or checkpoint.size > MAX_ENTRIES:
        report.add(tiles.CHECKPOINT, say("The log's checkpoint cannot be read."))
        return None
    if key is not None:
        report.add(tiles.CHECKPOINT, *unsigned(note, key, checkpoint.origin))
    return checkpoint


def unsigned(note: Note | None, key: str, origin: str) -> Iterator[Message]:
    """What is wrong with the signature of a checkpoint by a key obtained elsewhere."""
    wanted = read_key(key, origin)
    if wanted is None:
        yield say("The key that was given is none.")
    elif note is None:
        yield say("The checkpoint is not signed.")
    elif wanted.name != origin or not note.signed_by(wanted):
        yield say("The checkpoint is not signed by the key that was given.")


def _log(site: Site, checkpoint: Checkpoint, report: ReportBuilder) -> Log | None:
    """The log rebuilt from its entries; None when the checkpoint states another."""
    left = MAX_LOG

    def read(path: str) -> bytes | None:
        nonlocal left
        raw = site.read(tiles.FOLDER + path)
        left -= len(raw or b"")
        return raw if left >= 0 else None

    entries = tiles.read_entries(read, checkpoint.size)
    if isinstance(entries, str):
        report.add(tiles.FOLDER + entries, say("Entries of the log are missing or cut."))
        return None
    levels = grow(leaf_hash(data) for data in entries)
    if root(levels) != checkpoint.root:
        report.add(tiles.CHECKPOINT, say("The log's entries are not those the checkpoint states."))
        return None
    log = tiles.log_of_entries(checkpoint.origin, entries, levels)
    for path, data in tiles.tiles(log):
        if site.read(tiles.FOLDER + path) != data:
            report.add(
                tiles.FOLDER + path, say("A tile of the log does not hold the log's hashes.")
            )
    return log
