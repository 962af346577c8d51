"""The publication log of an archive, from its history alone, and its files for the site."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from pipeline.evidence.log.checkpoint import note_key, sign_note
from pipeline.evidence.log.leaves import (
    checkpoint_of,
    leaf_of,
    make_log,
    prove,
    record_digest,
)
from pipeline.evidence.log.merkle import root
from pipeline.evidence.log.published_log import COMMIT_LINE, FOLDER, MANIFEST_LINE, not_extended
from pipeline.evidence.log.tiles import block_tiles, blocks, other_tiles
from pipeline.memo.log_cache import KeptLog
from pipeline.model.log import Leaf, Log
from pipeline.site.inputs import SiteLog
from pipeline.source.content.paths import POST_ID
from pipeline.source.content.publication_names import PUBLICATIONS
from pipeline.source.content.records import AUTHORISATIONS, CORRECTIONS, REVIEWS
from pipeline.source.content.yaml import read_yaml
from pipeline.source.git.first_appearances import Appearance, appearances
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree_listing import REGULAR, Blob

_SOURCES = (REVIEWS, PUBLICATIONS, CORRECTIONS, AUTHORISATIONS)
_CONFIRM = "/4-confirm.json"
_POST = re.compile(rf"(?=.{{1,100}}\Z){POST_ID}")
_LONGEST = 300
"""Characters of a path that a leaf tells; none that has a place in an archive is longer."""


def publication_log(
    repository: Repository, head: str, origin: str, kept: KeptLog | None = None
) -> Log:
    """The log of all that became public up to a commit: by change of main, then by path.

    `kept`: the log of an earlier commit of main, so that only what came since is read.

    A signed record has its leaf in the change that completes it; one whose bytes change has a
    leaf for each. Nothing is judged here: what was public stays in the log, right or wrong.
    """
    after = kept.commit if kept else ""
    changes = appearances(repository, f"{after}..{head}" if after else head, *_SOURCES)
    before = repository.tree(after).files if after else {}
    size = kept.size + len(kept.outline.rest) if kept else 0
    new = _leaves(repository, changes, before, size)
    return kept.log(origin, new) if kept else make_log(origin, new)


def _leaves(
    repository: Repository, changes: Iterable[Appearance], before: Mapping[str, Blob], size: int
) -> Iterator[Leaf]:
    here: dict[str, str] = {}
    for entries in _by_commit(changes):
        stems = set()
        for entry in entries:
            here[entry.path] = entry.oid
            stems.add(entry.path.removesuffix(".sig"))
        for path in (p for stem in stems for p in (stem, f"{stem}.sig") if p not in here):
            blob = before.get(path)
            here[path] = blob.oid if blob and blob.mode in REGULAR else ""
        found = [f for stem in sorted(stems) if (f := _leaf(repository, here, stem)) is not None]
        size += len(found)
        yield from (leaf_of((*told, size)) for told in found)


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
    repository: Repository, here: dict[str, str], path: str
) -> tuple[str, str, str, str] | None:
    """(kind, path, record digest, post) of a record as it stands; None: nothing public."""
    if not here.get(path):
        return None
    if path.startswith(CORRECTIONS):
        raw = repository.blob(here[path])
        kind, post = _correction(path, raw)
        return kind, _told(path), record_digest(raw), post
    if not here.get(f"{path}.sig") or (path.startswith(REVIEWS) and not path.endswith(_CONFIRM)):
        return None
    raw = repository.blob(here[path])
    predicate = _predicate(raw)
    kind, said = _kind(path, predicate)
    if not kind:
        return None
    record = record_digest(raw, repository.blob(here[f"{path}.sig"]))
    post = str(said.get("post", ""))
    return kind, _told(path), record, post if _POST.fullmatch(post) else ""


def _told(path: str) -> str:
    """What a leaf tells of a path: one that is pushed past all checks may be longer than a leaf may
    be, and no log that holds it could be read or written again."""
    if len(path) <= _LONGEST:
        return path
    return "sha256:" + sha256(path.encode("utf-8", "surrogateescape")).hexdigest()


def _kind(path: str, predicate: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """(kind of the leaf, what names the post); no kind: the record makes nothing public."""
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
    found = value.get("predicate") if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _correction(path: str, raw: bytes) -> tuple[str, str]:
    value = read_yaml(path, raw, "F-5").value
    kinds = ("correction", "update", "withdrawal", "expiry")
    kind = value.get("kind") if isinstance(value, dict) else None
    post = path.rsplit("/", 1)[-1].removesuffix(".yml").rpartition(".r")[0]
    return (kind if kind in kinds else "correction"), post


def block_files(log: Log, block: int) -> Iterator[tuple[str, bytes]]:
    """The tile and the entry bundle of a full block as they lie on a site: path, bytes."""
    return ((FOLDER + path, data) for path, data in block_tiles(log, block))


def other_files(log: Log) -> Iterator[tuple[str, bytes]]:
    """All other tiles and entry bundles as they lie on a site: path, bytes."""
    return ((FOLDER + path, data) for path, data in other_tiles(log))


def checkpoint_note(log: Log, manifest: str, commit: str, key: bytes | None) -> bytes:
    """The checkpoint of a site: signed when there is a key, else its text alone.

    `manifest`: sha256 (hex) of the site's list of files; `key`: an OpenSSH Ed25519 private key,
    unencrypted, of the log alone. Raises Fault for another key.
    """
    lines = (f"{MANIFEST_LINE} {manifest}", f"{COMMIT_LINE} {commit}")
    text = checkpoint_of(log, lines).text
    return text.encode() if key is None else sign_note(text, log.origin, key)


def verifier_key(log: Log, key: bytes) -> str:
    """The public half of the log's key, for readers to note down: ``name+id+base64``."""
    return note_key(log.origin, key).text


def site_log(log: Log, head: str, key: bytes | None) -> SiteLog:
    """The log as the site needs it."""
    return SiteLog(
        origin=log.origin,
        size=log.size,
        root=b64encode(root(log.levels)).decode(),
        prove=partial(prove, log),
        blocks=blocks(log),
        block=partial(block_files, log),
        others=partial(other_files, log),
        note=lambda manifest: checkpoint_note(log, manifest, head, key),
        objection=partial(not_extended, log),
        verifier=verifier_key(log, key) if key else "",
    )
