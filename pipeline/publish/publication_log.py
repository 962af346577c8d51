"""The publication log of an archive, from its history and the builds that were published, and its
files for the site (docs/decisions/0054)."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from pipeline.evidence.log import tiles
from pipeline.evidence.log.checkpoint import note_key, sign_note
from pipeline.evidence.log.leaves import (
    builds_text,
    checkpoint_of,
    make_log,
    prove,
    record_digest,
)
from pipeline.evidence.log.merkle import BUILD, Leaf, Levels, Log
from pipeline.memo.leaf_rows import LeafRows
from pipeline.model.brings import POST_ID
from pipeline.model.calendar import SHANGHAI
from pipeline.model.ids import F_5, CommitId, sha256_of
from pipeline.model.program import Program
from pipeline.site.inputs import SiteLog
from pipeline.source.content.paths import PUBLICATIONS
from pipeline.source.content.records import AUTHORISATIONS, CORRECTIONS, REVIEWS
from pipeline.source.content.text import read_yaml
from pipeline.source.git.bulk_history import Appearance, appearances
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree_listing import REGULAR, Blob

_SOURCES = (REVIEWS, PUBLICATIONS, CORRECTIONS, AUTHORISATIONS)
_CONFIRM = "/4-confirm.json"
_POST = re.compile(rf"(?=.{{1,100}}\Z){POST_ID}")
_AT_ONCE = 500
"""Changes whose bytes are read together: a round trip to git costs more than a record."""
_LONGEST = 300
"""Characters of a path in a leaf; no path that an archive admits is longer."""


@dataclass(frozen=True)
class PublicationLog(Log):
    """The log of an archive, whose leaves a store holds in rows."""

    leaves: LeafRows


def publication_log(
    repository: Repository,
    head: CommitId,
    origin: str,
    builds: Iterable[Leaf] = (),
    after: str = "",
    earlier: LeafRows | None = None,
    levels: Levels = ((),),
) -> PublicationLog:
    """The log of all that became public up to a commit: by change of main, then by path.

    `after`: an earlier commit of main, whose log has the leaves `earlier` and the hashes `levels`;
    only what came since is read. `builds`: the published ones, each in its place among the records;
    one whose place main does not reach, or that would part the records of one change, is left out,
    so the log does not extend theirs.

    A signed record has its leaf in the change that completes it; one whose bytes change has a
    leaf for each. Nothing is judged here: what was public stays in the log, right or wrong.
    """
    earlier = earlier or LeafRows()
    changes = appearances(repository, f"{after}..{head}" if after else head, *_SOURCES)
    before = repository.tree(after).files if after else {}
    coming = deque(row for row in builds if row.since > len(earlier))
    leaves = earlier.followed_by(_leaves(repository, changes, before, len(earlier), coming))
    return PublicationLog(origin, leaves, make_log(origin, leaves, levels).levels)


def has_builds(leaves: LeafRows, builds: Iterable[Leaf]) -> bool:
    """Whether a log with these builds begins with these leaves."""
    return leaves.builds == [row for row in builds if row.since <= len(leaves)]


def _read(repository: Repository, changes: Sequence[Appearance]) -> Iterator[Appearance]:
    """The changes, and in one go with their neighbours the bytes of what leaves are made of."""
    for at in range(0, len(changes), _AT_ONCE):
        some = changes[at : at + _AT_ONCE]
        repository.objects.prepare(
            e.oid for e in some if e.oid and (_CONFIRM in e.path or not e.path.startswith(REVIEWS))
        )
        yield from some


def _leaves(
    repository: Repository,
    changes: Sequence[Appearance],
    before: Mapping[str, Blob],
    size: int,
    builds: deque[Leaf],
) -> Iterator[Leaf]:
    objects: dict[str, str] = {}
    for entries in _by_commit(_read(repository, changes)):
        stems = set()
        for entry in entries:
            objects[entry.path] = entry.oid
            stems.add(entry.path.removesuffix(".sig"))
        for path in (p for stem in stems for p in (stem, f"{stem}.sig") if p not in objects):
            blob = before.get(path)
            objects[path] = blob.oid if blob and blob.mode in REGULAR else ""
        rows = [r for stem in sorted(stems) if (r := _leaf(repository, objects, stem)) is not None]
        for build in _due(builds, size) if rows else ():
            yield build
            size += 1
        size += len(rows)
        yield from (Leaf(*row, size) for row in rows)
    yield from _due(builds, size)


def _due(builds: deque[Leaf], size: int) -> Iterator[Leaf]:
    """The builds that come next in a log of this size; they are taken out."""
    while builds and builds[0].since == size + 1:
        size += 1
        yield builds.popleft()


def _by_commit(changes: Iterable[Appearance]) -> Iterator[list[Appearance]]:
    batch: list[Appearance] = []
    for entry in changes:
        if batch and batch[-1].commit != entry.commit:
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch


def _leaf(
    repository: Repository, objects: dict[str, str], path: str
) -> tuple[str, str, str, str] | None:
    """(kind, path, record digest, post) of a record as it stands; None: nothing public."""
    if not objects.get(path):
        return None
    if path.startswith(CORRECTIONS):
        raw = repository.blob(objects[path])
        kind, post = _correction(path, raw)
        return kind, _short_path(path), record_digest(raw), post
    if not objects.get(f"{path}.sig") or (path.startswith(REVIEWS) and not path.endswith(_CONFIRM)):
        return None
    raw = repository.blob(objects[path])
    predicate = _predicate(raw)
    kind, subject = _kind(path, predicate)
    if not kind:
        return None
    record = record_digest(raw, repository.blob(objects[f"{path}.sig"]))
    post = str(subject.get("post", ""))
    return kind, _short_path(path), record, post if _POST.fullmatch(post) else ""


def _short_path(path: str) -> str:
    """The path as a leaf holds it: its digest when it is too long for a leaf.

    Such a path can only be pushed past all checks. In full it would make the log unreadable.
    """
    if len(path) <= _LONGEST:
        return path
    return "sha256:" + sha256_of(path.encode("utf-8", "surrogateescape"))


def _kind(path: str, predicate: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """(kind of the leaf, mapping with the post's id); no kind: the record makes nothing public."""
    if path.startswith(REVIEWS):
        return ("confirmation" if predicate.get("decision") == "approve" else ""), predicate
    if path.startswith(PUBLICATIONS):
        return "publication", predicate
    what = predicate.get("expunges")
    return ("expunge", what) if isinstance(what, dict) else ("", {})


def _predicate(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    predicate = value.get("predicate") if isinstance(value, dict) else None
    return predicate if isinstance(predicate, dict) else {}


def _correction(path: str, raw: bytes) -> tuple[str, str]:
    value = read_yaml(path, raw, F_5).value
    kinds = ("correction", "update", "withdrawal", "expiry")
    kind = value.get("kind") if isinstance(value, dict) else None
    post = path.rsplit("/", 1)[-1].removesuffix(".yml").rpartition(".r")[0]
    return (kind if kind in kinds else "correction"), post


def block_files(log: Log, block: int) -> Iterator[tuple[str, bytes]]:
    """(path on the site, bytes) of the tile and the entry bundle of a full block."""
    return ((tiles.FOLDER + path, data) for path, data in tiles.block_tiles(log, block))


def other_files(log: Log) -> Iterator[tuple[str, bytes]]:
    """(path on the site, bytes) of all other tiles and entry bundles."""
    return ((tiles.FOLDER + path, data) for path, data in tiles.other_tiles(log))


@dataclass(frozen=True)
class Seal:
    """How a checkpoint gets its signature lines, and the public key of the log."""

    note: Callable[[str], bytes] = str.encode
    """Text of a checkpoint → the note."""
    verifier: str = ""
    """``name+id+base64``; empty when checkpoints are not signed."""


def own_seal(origin: str, key: bytes | None) -> Seal:
    """The seal of who holds the log's key: an OpenSSH Ed25519 private key, unencrypted, of the log
    alone. None: the checkpoint is its text. Raises Fault for another key."""
    if key is None:
        return Seal()
    return Seal(lambda text: sign_note(text, origin, key), note_key(origin, key).text)


def published_seal(note: bytes, verifier: str) -> Seal:
    """The seal of who holds none: the published note, where its text is the very one made."""

    def repeat(text: str) -> bytes:
        return note if note.startswith(b"%b\n" % text.encode()) else text.encode()

    return Seal(repeat, verifier)


class Builds(NamedTuple):
    """The builds before this one, and what the leaf of this one says besides its list."""

    before: Sequence[Leaf]
    commit: CommitId
    as_of: datetime
    program: Program


def site_log(log: Log, builds: Builds, seal: Seal) -> SiteLog:
    """The log as the site needs it."""
    as_of = builds.as_of.astimezone(SHANGHAI).isoformat()

    def close(manifest: str) -> Iterator[tuple[str, bytes]]:
        program = builds.program.stated
        own = Leaf(BUILD, builds.commit, manifest, as_of, log.size + 1, program)
        last = builds.before[-1] if builds.before else None
        same = last and (last.record, last.since, last.program) == (manifest, log.size, program)
        rows = builds.before if same else (*builds.before, own)
        leaves = log.leaves
        grown = leaves.followed_by([own]) if isinstance(leaves, LeafRows) else (*leaves, own)
        whole = log if same else make_log(log.origin, grown, log.levels)
        for block in range(len(tiles.blocks(log)), len(tiles.blocks(whole))):
            yield from block_files(whole, block)
        yield from other_files(whole)
        yield tiles.BUILDS, builds_text(rows)
        yield tiles.CHECKPOINT, seal.note(checkpoint_of(whole).text)

    return SiteLog(
        origin=log.origin,
        prove=partial(prove, log),
        blocks=tiles.blocks(log),
        block=partial(block_files, log),
        close=close,
        objection=partial(tiles.not_extended, log),
        verifier=seal.verifier,
    )
