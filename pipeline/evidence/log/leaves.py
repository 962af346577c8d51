"""The publication log: one leaf for everything that became public, in order (design.md .5).

A leaf is canonical JSON (RFC 8785: keys sorted, no spaces, UTF-8), so anyone can make it anew from
a clone. It names the record by its digest. A confirmation's leaf holds nothing else, because a
post that waits for its time is not public yet. A published site has a leaf too: its builds are no
part of history, so the site lists them for the next build (docs/decisions/0054).
"""

import re
from collections.abc import Iterable, Sequence

from pipeline.evidence.log import merkle
from pipeline.evidence.log.checkpoint import Checkpoint
from pipeline.model.findings import Message, say
from pipeline.model.ids import Digest, sha256_of
from pipeline.model.program import STATED


def record_digest(statement: bytes, signature: bytes = b"") -> Digest:
    """sha256 (hex) of a record's bytes; of a signed record, followed by its signature's bytes."""
    return sha256_of(statement + signature)


_BUILD_LINE = re.compile(
    rf"(\d{{1,9}}) ([-+:.\dT]{{25,32}}) ([0-9a-f]{{40,64}}) ([0-9a-f]{{64}})((?: {STATED})?)"
)


def builds_text(builds: Iterable[merkle.Leaf]) -> bytes:
    """The list of builds as the site carries it: a line ``index as_of commit record program`` for
    each, without the program before 0.9."""
    rows = (
        f"{row.since - 1} {row.post} {row.path} {row.record} {row.program}".rstrip() + "\n"
        for row in builds
    )
    return "".join(rows).encode()


def read_builds(raw: bytes) -> tuple[merkle.Leaf, ...] | None:
    """The leaves of builds by their order; None when the bytes are no list of builds.

    They are claims until the log that they give extends a checkpoint.
    """
    lines = [_BUILD_LINE.fullmatch(x) for x in raw.decode("ascii", "replace").split("\n")[:-1]]
    rows = tuple(
        merkle.Leaf(merkle.BUILD, m[3], m[4], m[2], int(m[1]) + 1, m[5].lstrip())
        for m in lines
        if m
    )
    return rows if builds_text(rows) == raw else None


def make_log(
    origin: str, leaves: Iterable[merkle.Leaf], levels: merkle.Levels = ((),)
) -> merkle.Log:
    """The log over these leaves in this order; `levels`: those over the first of them."""
    ordered = leaves if isinstance(leaves, Sequence) else tuple(leaves)
    new = (merkle.leaf_hash(leaf.data) for leaf in ordered[len(levels[0]) :])
    return merkle.Log(origin, ordered, merkle.grow(new, levels))


def prove(log: merkle.Log, record: str) -> merkle.Inclusion | None:
    """Proof that a record is in the log, in the earliest tree that holds it; None: it is not.

    That tree does not change when the log grows, so neither does a page that shows the proof.
    """
    index = log.places.get(record)
    if index is None:
        return None
    leaf = log.leaves[index]
    hashes = merkle.inclusion_proof(log.levels, index, leaf.since)
    return merkle.Inclusion(leaf, index, leaf.since, merkle.root(log.levels, leaf.since), hashes)


def checkpoint_of(log: merkle.Log, extensions: Sequence[str] = ()) -> Checkpoint:
    """What the log commits itself to now."""
    return Checkpoint(log.origin, log.size, merkle.root(log.levels), tuple(extensions))


def follows(log: merkle.Log, published: Checkpoint) -> Message | None:
    """Why the log does not extend a checkpoint that was published; None: it does (threats A23)."""
    if published.origin != log.origin:
        return say(
            "The published checkpoint is of another log ({other}); a site that moves keeps the name"
            " of its log (`log` under `archive`).",
            other=published.origin,
        )
    if published.size > log.size:
        return say(
            "The log has {now} entries, but {before} were published: it was cut short.",
            now=log.size,
            before=published.size,
        )
    proof = merkle.consistency_proof(log.levels, published.size)
    if not merkle.verify_consistency(
        published.size, log.size, published.root, merkle.root(log.levels), proof
    ):
        return say(
            "The first {before} entries are not those that were published: history was changed.",
            before=published.size,
        )
    return None
