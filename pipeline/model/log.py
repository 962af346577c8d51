"""The publication log as a value: leaves in order, and a proof that one of them is there.

Nothing here knows signatures or git: `evidence.log` makes leaves, `flow.log` finds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Levels = tuple[tuple[bytes, ...], ...]
"""Hashes of complete subtrees: ``levels[k][i]`` covers the leaves from i·2ᵏ to (i+1)·2ᵏ."""


Place = tuple[str, str, str, str, int]
"""What a leaf says: kind, path, record, post, and `Leaf.since`."""


@dataclass(frozen=True)
class Leaf:
    """One fact that became public."""

    kind: str
    """``confirmation``, ``publication``, ``correction``, ``update``, ``withdrawal``, ``expiry``
    or ``expunge``."""
    path: str
    """Where the record stands in the archive."""
    record: str
    """sha256 (hex) of the record: of a signed one, its statement followed by its signature."""
    post: str
    data: bytes
    """What is hashed: canonical JSON."""
    since: int
    """Size of the log after the change that brought the leaf: the earliest tree that holds it."""


@dataclass(frozen=True)
class Inclusion:
    """A proof that a leaf is in the tree of a size (RFC 9162 §2.1.3)."""

    leaf: Leaf
    index: int
    size: int
    root: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True)
class Log:
    """All leaves of an archive in order, with the hashes of their tree."""

    origin: str
    """The log's name, as its checkpoints state it."""
    leaves: tuple[Leaf, ...]
    levels: Levels
    places: Mapping[str, int]
    """`Leaf.record` → index of the first leaf that has it."""

    @property
    def size(self) -> int:
        return len(self.leaves)
