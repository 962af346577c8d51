"""A log as static files: tiles of hashes, bundles of entries, and where they lie on a site.

Source: https://c2sp.org/tlog-tiles (v1). A tile holds up to 256 hashes of one level of the tree,
an entry bundle the leaves of a level-0 tile, each after its length in two bytes. A tile that is
not full has its width in its name.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pipeline.evidence.log.checkpoint import read_checkpoint, read_note
from pipeline.evidence.log.leaves import follows
from pipeline.evidence.log.merkle import BUILD, Leaf, Levels, Log
from pipeline.model.findings import Message, say

LISTS = "manifest/"
"""Where the lists of the files of years lie on a site."""
MARKER = ".sanshen-site"
"""A folder with this file is ours to replace; the file names the state of the site in it."""
HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
MAX_LEAF: Final = 4096
"""The most bytes of a leaf that is read; one of ours has about 250."""


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/0/x001/234`` or, when not full, ``tile/0/x001/234.p/17``.

    `level`: 0 to 63, or ``entries``.
    """
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def tiles(log: Log) -> Iterator[tuple[str, bytes]]:
    """Every tile and entry bundle of a log: path below the log's folder, bytes."""
    for index in range(len(blocks(log))):
        yield from block_tiles(log, index)
    yield from other_tiles(log)


def blocks(log: Log) -> Sequence[bytes]:
    """The hash of each full block of 256 leaves; a full block never changes."""
    return log.levels[HEIGHT] if len(log.levels) > HEIGHT else ()


def block_tiles(log: Log, index: int) -> Iterator[tuple[str, bytes]]:
    """The level-0 tile and the entry bundle of a block of up to 256 leaves."""
    at = index * WIDTH
    leaves, hashes = log.leaves[at : at + WIDTH], log.levels[0][at : at + WIDTH]
    yield tile_path(0, index, len(hashes)), b"".join(hashes)
    yield tile_path("entries", index, len(leaves)), b"".join(pack_entry(x.data) for x in leaves)


def other_tiles(log: Log) -> Iterator[tuple[str, bytes]]:
    """Tiles outside full blocks: the leaves after the last full one, and the higher levels."""
    if log.size % WIDTH:
        yield from block_tiles(log, log.size // WIDTH)
    for level in range(HEIGHT, len(log.levels), HEIGHT):
        hashes = log.levels[level]
        for index, width in spans(len(hashes)):
            at = index * WIDTH
            yield tile_path(level // HEIGHT, index, width), b"".join(hashes[at : at + width])


def spans(count: int) -> Iterator[tuple[int, int]]:
    """(index, width) of the tiles over `count` hashes."""
    for at in range(0, count, WIDTH):
        yield at // WIDTH, min(WIDTH, count - at)


def pack_entry(data: bytes) -> bytes:
    """A leaf after its length, big-endian. Raises OverflowError beyond 65,535 bytes."""
    return len(data).to_bytes(2, "big") + data


def unpack_entries(bundle: bytes) -> tuple[bytes, ...] | None:
    """Leaves of an entry bundle, or None when its lengths do not add up or exceed `MAX_LEAF`."""
    leaves: list[bytes] = []
    at = 0
    while at < len(bundle):
        start = at + 2
        end = start + int.from_bytes(bundle[at:start], "big")
        if end > len(bundle) or start > len(bundle) or end - start > MAX_LEAF:
            return None
        leaves.append(bundle[start:end])
        at = end
    return tuple(leaves)


def read_entries(read: Callable[[str], bytes | None], size: int) -> tuple[bytes, ...] | str:
    """All leaves of a log of `size`, or the path of the first bundle that is missing or wrong.

    `read` returns the bytes at a path below the log's folder, or None when there is no file.
    """
    entries: list[bytes] = []
    for index, width in spans(size):
        path = tile_path("entries", index, width)
        leaves = unpack_entries(read(path) or b"")
        if leaves is None or len(leaves) != width:
            return path
        entries += leaves
    return tuple(entries)


FOLDER = "log/"
"""Where the log lies on a site."""
CHECKPOINT = f"{FOLDER}checkpoint"
BUILDS = f"{FOLDER}builds"
"""Which leaves are builds: all that the next build needs besides history (`read_builds`)."""
MANIFEST = "site-manifest.sha256"
MANIFEST_LINE = "sanshen/site-manifest"
"""Names the list of files in checkpoints made before builds were leaves."""
WELL_KNOWN = ".well-known/sanshen.json"
"""What a site says of itself (schemas/well-known.json)."""
OWN_THEME = "evidence/theme"
"""Where a site lists the files of its theme that are none of the program's."""


def not_extended(log: Log, published: bytes) -> Message | None:
    """Why a new site may not replace the one with this checkpoint; None: it may (threats A23)."""
    note = read_note(published)
    checkpoint = read_checkpoint(note.text if note else published.decode("utf-8", "replace"))
    if checkpoint is None:
        return say("The checkpoint that was published last cannot be read.")
    return follows(log, checkpoint)


def log_of_entries(origin: str, entries: tuple[bytes, ...], levels: Levels) -> Log:
    """A published log as a value; fields that its leaves do not hold are empty."""
    return Log(origin, tuple(_published(data, len(entries)) for data in entries), levels)


def _published(data: bytes, size: int) -> Leaf:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    fields = value if isinstance(value, dict) else {}
    own = ("commit", "as_of") if fields.get("kind") == BUILD else ("path", "post")
    kind, record, path, post = (str(fields.get(k, "")) for k in ("kind", "record", *own))
    program = str(fields.get("program", "")) if kind == BUILD else ""
    return Leaf(kind, path, record, post, size, program, data)
