"""Check a whole published site without its repository: files, signatures, log (threats A23)."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from pipeline.evidence.checkpoint import Checkpoint, Note, read_checkpoint, read_key, read_note
from pipeline.evidence.merkle import grow, leaf_hash, root
from pipeline.evidence.site_bundle import (
    SiteBundle,
    bundle_problems,
    proof_problems,
    read_site_bundle,
)
from pipeline.evidence.tiles import read_entries, tiles
from pipeline.flow.log import (
    CHECKPOINT,
    FOLDER,
    MANIFEST,
    MANIFEST_LINE,
    log_of_entries,
    not_extended,
)
from pipeline.model.findings import Message, say
from pipeline.model.log import Log
from pipeline.site.finished import LISTS

EVIDENCE = "evidence.json"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f\\]+)")
_FREE = frozenset({MANIFEST, CHECKPOINT, ".sanshen-site"})
MAX_ENTRIES = 10_000_000


@dataclass(frozen=True)
class Site:
    """A site as it can be read."""

    read: Callable[[str], bytes | None]
    """Bytes at a path below the site's root; None: there is nothing."""
    listing: Callable[[], Collection[str]] = tuple
    """Every path there is; none for a server, which tells no such thing."""


@dataclass(frozen=True)
class SiteReport:
    """What was found, by path, and how much was looked at."""

    problems: tuple[tuple[str, Message], ...]
    remarks: tuple[Message, ...]
    files: int
    posts: int
    entries: int


@dataclass
class _Run:
    """Findings as they come in."""

    problems: list[tuple[str, Message]] = field(default_factory=list)

    def add(self, path: str, *messages: Message) -> None:
        self.problems += [(path, m) for m in messages]


def verify_site(
    site: Site,
    key: str = "",
    trusted: Collection[str] | None = None,
    after: bytes | None = None,
) -> SiteReport:
    """Check every file against the list, the list and the log against the checkpoint, every
    page's evidence by itself and against the log, and the log as `verify_log` does.

    `trusted`: ``person key`` lines, see `bundle_problems`; the others: see `verify_log`.
    """
    run = _Run()
    listed = _manifest(site, run)
    checkpoint, log = _growing(site, key, after, run)
    if checkpoint is not None:
        named = checkpoint.extension(MANIFEST_LINE)
        if named != sha256(site.read(MANIFEST) or b"").hexdigest():
            run.add(MANIFEST, say("The list of files is not the one the checkpoint names."))
    bundles = dict(_files(site, listed, run))
    leaves = tuple(x.data for x in log.leaves) if log else ()
    for path, bundle in bundles.items():
        run.add(path, *bundle_problems(bundle, trusted))
        run.add(path, *_served(path, bundle, listed))
        if log is not None:
            run.add(path, *proof_problems(bundle, log.origin, leaves, log.levels))
    if log is not None:
        run.add(CHECKPOINT, *_hidden(log, {b.post for b in bundles.values()}))
    told = say("The reviewers' keys were taken as the site presents them.")
    remarks = (*_unchecked(key, after), *([told] if trusted is None else []))
    return SiteReport(
        tuple(run.problems), remarks, len(listed), len(bundles), log.size if log else 0
    )


def verify_log(site: Site, key: str = "", after: bytes | None = None) -> SiteReport:
    """Check the log alone, which takes a few hundred small files of the largest site: that its
    entries and tiles are those its checkpoint states, and that it extends an earlier checkpoint.

    `key`: the log's public key, obtained elsewhere (``name+id+base64`` or an OpenSSH line);
    `after`: a checkpoint of this log that was kept from an earlier look (threats A23).
    """
    run = _Run()
    _, log = _growing(site, key, after, run)
    return SiteReport(
        tuple(run.problems), tuple(_unchecked(key, after)), 0, 0, log.size if log else 0
    )


def _growing(
    site: Site, key: str, after: bytes | None, run: _Run
) -> tuple[Checkpoint | None, Log | None]:
    """The checkpoint and the log that it states, which must extend the earlier one."""
    checkpoint = _checkpoint(site, key, run)
    log = _log(site, checkpoint, run) if checkpoint else None
    objection = not_extended(log, after) if log and after is not None else None
    if objection:
        run.add(CHECKPOINT, objection)
    return checkpoint, log


def _unchecked(key: str, after: bytes | None) -> Iterator[Message]:
    if not key:
        yield say("No key was given: who signed the checkpoint was not checked.")
    if after is None:
        yield say("No earlier checkpoint was given: whether the log only grew was not checked.")


def _manifest(site: Site, run: _Run) -> dict[str, str]:
    """Path → sha256 of the lists of files; whatever of them cannot be used is named."""
    listed: dict[str, str] = {}
    _list(site, MANIFEST, listed, run)
    for path in [path for path in listed if path.startswith(LISTS)]:
        _list(site, path, listed, run)
    return listed


def _list(site: Site, path: str, listed: dict[str, str], run: _Run) -> None:
    """Read one list: that of the whole site, or one that it names, of a year."""
    raw = site.read(path)
    if raw is None:
        run.add(path, say("The list of files is missing."))
        return
    for line in raw.decode("utf-8", "replace").removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        if found is None or not _inside(found[2]) or found[2] in listed:
            run.add(path, say("The list of files has a line that cannot be used."))
            continue
        listed[found[2]] = found[1]


def _inside(path: str) -> bool:
    return not path.startswith("/") and not {"", ".", ".."} & set(path.split("/"))


def _files(site: Site, listed: Mapping[str, str], run: _Run) -> Iterator[tuple[str, SiteBundle]]:
    """Hold every file to its digest; the evidence files among them, typed."""
    for path in sorted(set(site.listing()) - listed.keys() - _FREE):
        run.add(path, say("This file is not in the list of files."))
    for path, digest in listed.items():
        raw = site.read(path)
        if raw is None:
            run.add(path, say("This file is missing."))
        elif sha256(raw).hexdigest() != digest:
            run.add(path, say("This file was changed."))
        elif path.rpartition("/")[2] == EVIDENCE:
            bundle = read_site_bundle(raw)
            if bundle is None:
                run.add(path, say("The evidence cannot be read."))
            else:
                yield path, bundle


def _checkpoint(site: Site, key: str, run: _Run) -> Checkpoint | None:
    raw = site.read(CHECKPOINT)
    if raw is None:
        run.add(CHECKPOINT, say("The log's checkpoint is missing."))
        return None
    note = read_note(raw)
    found = read_checkpoint(note.text if note else raw.decode("utf-8", "replace"))
    if found is None or found.size > MAX_ENTRIES:
        run.add(CHECKPOINT, say("The log's checkpoint cannot be read."))
        return None
    if key:
        run.add(CHECKPOINT, *_unsigned(note, key, found.origin))
    return found


def _unsigned(note: Note | None, key: str, origin: str) -> Iterator[Message]:
    wanted = read_key(key, origin)
    if wanted is None:
        yield say("The key that was given is none.")
    elif note is None:
        yield say("The checkpoint is not signed.")
    elif wanted.name != origin or not note.signed_by(wanted):
        yield say("The checkpoint is not signed by the key that was given.")


def _log(site: Site, checkpoint: Checkpoint, run: _Run) -> Log | None:
    """The log made anew from its entries, when it is the one the checkpoint states."""
    entries = read_entries(lambda path: site.read(FOLDER + path), checkpoint.size)
    if isinstance(entries, str):
        run.add(FOLDER + entries, say("Entries of the log are missing or cut."))
        return None
    levels = grow(leaf_hash(data) for data in entries)
    if root(levels) != checkpoint.root:
        run.add(CHECKPOINT, say("The log's entries are not those the checkpoint states."))
        return None
    log = log_of_entries(checkpoint.origin, entries, levels)
    for path, data in tiles(log):
        if site.read(FOLDER + path) != data:
            run.add(FOLDER + path, say("A tile of the log does not hold the log's hashes."))
    return log


def _served(path: str, bundle: SiteBundle, listed: Mapping[str, str]) -> Iterator[Message]:
    """Files that the page offers as reviewed must be the bytes that were reviewed."""
    folder = path.rpartition("/")[0]
    for name, (digest, address) in bundle.files.items():
        place = f"{folder}/{address}" if folder else address
        if address and listed.get(place) != digest:
            yield say("{name} is not the file that was reviewed.", name=name[:200])


def _hidden(log: Log, shown: Collection[str]) -> Iterator[Message]:
    """Posts that the log says were published and that the site neither shows nor erased."""
    erased = {x.post for x in log.leaves if x.kind == "expunge"}
    published: Iterable[str] = (x.post for x in log.leaves if x.kind == "publication" and x.post)
    for post in sorted(set(published) - set(shown) - erased):
        yield say("{post} was published, but the site does not show it.", post=post)
