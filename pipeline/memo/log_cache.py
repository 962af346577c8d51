"""The publication log, cached from one build to the next.

A full block of 256 leaves never changes, so it is a row of its own. A build reads the outline: the
hashes of the blocks, and the leaves after the last full block. A block is read lazily; one whose
row is absent is made again from history.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar, overload
from zlib import crc32

from pipeline.evidence.log.leaves import builds_text, leaf_of, make_log
from pipeline.evidence.log.merkle import Leaf, LeafRow, Log, grow
from pipeline.evidence.log.tiles import HEIGHT, WIDTH, blocks
from pipeline.memo.store import SealedStore

KIND = "log"
"""The kind of the rows."""
_SIGN, _ENTRY = 4, 8
"""Bytes of the index: the CRC of a record's digest, then the leaf's number as long again."""
Item = TypeVar("Item")


class Outline(NamedTuple):
    """What every build reads of a cached log; as JSON, a list."""

    blocks: tuple[tuple[str, str], ...] = ()
    """(key of its row, hash in hex) of each full block."""
    records: str = ""
    """Key of the row that says which leaves have a record; empty when there is no block."""
    rest: tuple[LeafRow, ...] = ()
    """The leaves after the last full block."""
    builds: str = ""
    """`builds_digest` of those among its leaves."""

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self.blocks) * WIDTH + len(self.rest)

    def fits(self, builds: Iterable[LeafRow]) -> bool:
        """Whether a log with these builds begins with it."""
        return not self.size or self.builds == builds_digest(builds, self.size)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all rows."""
        return frozenset((self.records, *(key for key, _ in self.blocks)))


def outline_of(packed: list[Any]) -> Outline:
    """The outline of its JSON."""
    full, records, rest, builds = packed
    rows = tuple(LeafRow(*row) for row in rest)
    return Outline(tuple(map(tuple, full)), records, rows, builds)


def builds_digest(builds: Iterable[LeafRow], size: int) -> str:
    """Digest of the builds among the first `size` leaves."""
    return sha256(builds_text(row for row in builds if row.since <= size)).hexdigest()


@dataclass(frozen=True, eq=False)
class CachedLog:
    """The log of a commit of main, read block by block."""

    commit: str
    """Empty when nothing is cached."""
    outline: Outline
    store: SealedStore
    anew: Callable[[], Log]
    """The same log made from history."""
    _opened: dict[int, Log] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Leaves in full blocks."""
        return len(self.outline.blocks) * WIDTH

    def log(self, origin: str, new: Iterable[Leaf]) -> Log:
        """The log with more leaves after the cached ones."""
        rest = make_log(origin, (*map(leaf_of, self.outline.rest), *new))
        if not self.size:
            return rest
        size = self.size + rest.size
        full = (*(bytes.fromhex(h) for _, h in self.outline.blocks), *blocks(rest))
        low = (_View(size >> k, partial(self._hash, rest, k)) for k in range(HEIGHT))
        leaves = _View(size, partial(self._leaf, rest))
        return Log(origin, leaves, (*low, *grow(full)), _Positions(self, rest))

    def plus(self, log: Log, builds: Iterable[LeafRow]) -> Outline:
        """Write what became full in a log that begins with this one; return its outline.

        `builds`: those of the log.
        """
        full, records, *_ = self.outline
        count = log.size // WIDTH
        new = range(len(full), count)
        if new:
            full += tuple(
                (self._put(_encoded(_of_block(log, n))), blocks(log)[n].hex()) for n in new
            )
            more = log.leaves[self.size : count * WIDTH]
            records = self._put(_index(self._index, more, self.size))
        rest = tuple(map(_row, log.leaves[count * WIDTH :]))
        return Outline(full, records, rest, builds_digest(builds, log.size))

    def find(self, record: str) -> int | None:
        """The first leaf with a record, among those in full blocks."""
        index, sign = self._index, _sign(record)
        at = _insertion_point(sign, index)
        while index[at : at + _SIGN] == sign:
            number = int.from_bytes(index[at + _SIGN : at + _ENTRY])
            if self._block(number // WIDTH).leaves[number % WIDTH].record == record:
                return number
            at += _ENTRY
        return None

    def _leaf(self, rest: Log, number: int) -> Leaf:
        if number >= self.size:
            return rest.leaves[number - self.size]
        return self._block(number // WIDTH).leaves[number % WIDTH]

    def _hash(self, rest: Log, level: int, number: int) -> bytes:
        before = self.size >> level
        if number >= before:
            return rest.levels[level][number - before]
        block, number = divmod(number, WIDTH >> level)
        return self._block(block).levels[level][number]

    def _block(self, n: int) -> Log:
        """A full block, a log of its own."""
        if n not in self._opened:
            raw = self._read(self.outline.blocks[n][0], lambda: _encoded(_of_block(self.anew(), n)))
            self._opened[n] = make_log("", map(leaf_of, json.loads(raw)))
        return self._opened[n]

    @cached_property
    def _index(self) -> bytes:
        """Sign and number of each leaf in full blocks, sorted."""
        name = self.outline.records
        if not name:
            return b""
        return self._read(name, lambda: _index(b"", self.anew().leaves[: self.size], 0))

    def _read(self, key: str, make: Callable[[], bytes]) -> bytes:
        raw = self.store.get(KIND, key)
        if raw is None:
            raw = make()
            self._put(raw)
        return raw

    def _put(self, content: bytes) -> str:
        key = sha256(content).hexdigest()
        self.store.write({KIND: {key: content}}, {})
        return key


@dataclass(frozen=True, eq=False)
class _Positions:
    """Record → number of its first leaf: full blocks are searched before the rest."""

    cached: CachedLog
    rest: Log

    def get(self, record: str, /) -> int | None:
        number = self.cached.find(record)
        if number is None:
            number = self.rest.places.get(record)
            return None if number is None else self.cached.size + number
        return number


class _View(Sequence[Item]):
    """A sequence of fixed length whose items are made lazily."""

    def __init__(self, size: int, find: Callable[[int], Item]) -> None:
        self._numbers, self._find = range(size), find

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, at: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(at, slice):
            return tuple(map(self._find, self._numbers[at]))
        return self._find(self._numbers[at])

    def __len__(self) -> int:
        return len(self._numbers)


def _sign(record: str) -> bytes:
    return crc32(record.encode()).to_bytes(_SIGN)


def _index(before: bytes, leaves: Iterable[Leaf], start: int) -> bytes:
    """An index with the entries of more leaves, the first of which has the number `start`."""
    parts: list[bytes] = []
    at = 0
    for entry in sorted(_sign(x.record) + n.to_bytes(4) for n, x in enumerate(leaves, start)):
        end = _insertion_point(entry, before)
        parts += (before[at:end], entry)
        at = end
    return b"".join((*parts, before[at:]))


def _insertion_point(entry: bytes, index: bytes) -> int:
    """Offset in bytes at which an entry that begins so belongs in an index."""
    offsets = range(0, len(index), _ENTRY)
    at = bisect_left(offsets, entry, key=lambda at: index[at : at + len(entry)])
    return at * _ENTRY


def _of_block(log: Log, n: int) -> Sequence[Leaf]:
    return log.leaves[n * WIDTH : (n + 1) * WIDTH]


def _encoded(leaves: Iterable[Leaf]) -> bytes:
    return json.dumps([*map(_row, leaves)], separators=(",", ":")).encode()


def _row(leaf: Leaf) -> LeafRow:
    return LeafRow(leaf.kind, leaf.path, leaf.record, leaf.post, leaf.since, leaf.program)
