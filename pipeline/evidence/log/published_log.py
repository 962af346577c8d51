"""A publication log on a site: where its files are, and how they are read."""

import json

from pipeline.evidence.log.checkpoint import read_checkpoint, read_note
from pipeline.evidence.log.leaves import follows
from pipeline.model.findings import Message, say
from pipeline.model.log import BUILD, Leaf, Levels, Log

FOLDER = "log/"
"""Where the log lies on a site."""
CHECKPOINT = f"{FOLDER}checkpoint"
BUILDS = f"{FOLDER}builds"
"""Which leaves are builds: all that the next build needs besides history (`read_builds`)."""
MANIFEST = "site-manifest.sha256"
MANIFEST_LINE = "sanshen/site-manifest"
"""Names the list of files in checkpoints made before builds were leaves."""


def not_extended(log: Log, published: bytes) -> Message | None:
    """Why a new site may not replace the one with this checkpoint; None: it may (threats A23)."""
    note = read_note(published)
    checkpoint = read_checkpoint(note.text if note else published.decode("utf-8", "replace"))
    if checkpoint is None:
        return say("The checkpoint that was published last cannot be read.")
    return follows(log, checkpoint)


def log_of_entries(origin: str, entries: tuple[bytes, ...], levels: Levels) -> Log:
    """A published log as a value; fields that its leaves do not hold are empty."""
    leaves = tuple(_published(data, len(entries)) for data in entries)
    places: dict[str, int] = {}
    for index, leaf in enumerate(leaves):
        places.setdefault(leaf.record, index)
    return Log(origin, leaves, levels, places)


def _published(data: bytes, size: int) -> Leaf:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    fields = value if isinstance(value, dict) else {}
    own = ("commit", "as_of") if fields.get("kind") == BUILD else ("path", "post")
    kind, record, path, post = (str(fields.get(k, "")) for k in ("kind", "record", *own))
    return Leaf(kind, path, record, post, data, size)
