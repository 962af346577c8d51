"""The leaves of a log, stored in rows of which each is read when one of its leaves is asked for.

A build with nothing changed asks for the last few alone, and a row that is full never changes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pickle import HIGHEST_PROTOCOL, dumps
from typing import overload

from pipeline.evidence.log.merkle import BUILD, Leaf
from pipeline.model.ids import sha256_of

ROW = 1024
"""Leaves of a row: four bundles of the published log."""


def _none(key: str) -> Sequence[Leaf]:
    raise KeyError(key)


@dataclass
class LeafRows(Sequence[Leaf]):
    """The leaves of a log, in order."""

    rest: tuple[Leaf, ...] = ()
    """Those after the stored rows."""
    keys: tuple[str, ...] = ()
    """Of the rows, each with a digest of it."""
    stored_builds: tuple[Leaf, ...] = ()
    """The builds among the leaves of the rows."""
    read: Callable[[str], Sequence[Leaf]] = field(default=_none, compare=False)
    """The row of a key; it is asked for each leaf of it."""

    def __len__(self) -> int:
        return len(self.keys) * ROW + len(self.rest)

    @overload
    def __getitem__(self, at: int) -> Leaf: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Leaf]: ...
    def __getitem__(self, at: int | slice) -> Leaf | Sequence[Leaf]:
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        row, inside = divmod(range(len(self))[at], ROW)
        if row < len(self.keys):
            return self.read(self.keys[row])[inside]
        return self.rest[(row - len(self.keys)) * ROW + inside]

    def __iter__(self) -> Iterator[Leaf]:
        return chain(*map(self.read, self.keys), self.rest)

    @property
    def builds(self) -> list[Leaf]:
        return [*self.stored_builds, *(leaf for leaf in self.rest if leaf.kind == BUILD)]

    def followed_by(self, new: Iterable[Leaf]) -> "LeafRows":
        """The same with more leaves."""
        return replace(self, rest=(*self.rest, *new))

    def in_rows(self) -> tuple["LeafRows", dict[str, bytes]]:
        """The same, to be stored: all that fills rows in rows; and those of them that are new."""
        full = len(self.rest) // ROW * ROW
        new: dict[str, bytes] = {}
        for at in range(0, full, ROW):
            raw = dumps(self.rest[at : at + ROW], HIGHEST_PROTOCOL)
            new[f"{len(self.keys) + len(new)}-{sha256_of(raw)}"] = raw
        builds = [leaf for leaf in self.rest[:full] if leaf.kind == BUILD]
        keys, stored_builds = (*self.keys, *new), (*self.stored_builds, *builds)
        return LeafRows(self.rest[full:], keys, stored_builds), new
