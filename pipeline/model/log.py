"""The publication log as a value: leaves in order, and a proof that one of them is there.

Nothing here knows signatures or git: `evidence.log` makes leaves, `publish` collects them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Levels = Sequence[Sequence[bytes]]
"""Hashes of complete subtrees: ``levels[k][i]`` covers the leaves from i·2ᵏ to (i+1)·2ᵏ."""


LeafRow = tuple[str, str, str, str, int]
"""What a leaf says: kind, path, record, post, and `Leaf.since`."""
BUILD = "site-build"
"""The kind of a leaf for a published site; its fields are used as `Leaf` says."""


@dataclass(frozen=True)
class Leaf:
    """One fact that became public."""

    kind: str
    """``confirmation``, ``publication``, ``correction``, ``update``, ``withdrawal``, ``expiry``,
    ``expunge`` or `BUILD`."""
    path: str
    """Where the record stands in the archive; of a build, the commit it was made from."""
    record: str
    """sha256 (hex) of the record: of a signed one, its statement followed by its signature; of a
    build, the list of its files."""
    post: str
    """Id of the post; of a build, the time it was made for."""
    data: bytes
    """What is hashed: canonical JSON."""
    since: int
    """Size of the log after the change that brought the leaf: the earliest tree that holds it."""


@dataclass(frozen=True)
class Inclusion:
    """A proof that a leaf is in the tree of a size (RFC 9162 .2.1.3)."""

    leaf: Leaf
    index: int
    size: int
    root: bytes
    hashes: tuple[bytes, ...]


class Places(Protocol):
    """Where records are in a log."""

    def get(self, record: str, /) -> int | None:
        """Index of the first leaf with this `Leaf.record`; None: there is none."""


@dataclass(frozen=True)
class Log:
    """All leaves of an archive in order, with the hashes of their tree.

    They need not be in memory: `memo.log_cache` reads them lazily.
    """

    origin: str
    """The log's name, as its checkpoints state it."""
    leaves: Sequence[Leaf]
    levels: Levels
    places: Places

    @property
    def size(self) -> int:
        return len(self.leaves)
