"""The publication log as a Merkle tree over leaf hashes, with proofs (RFC 6962, RFC 9162 .2.1).

A tree is kept as its complete subtrees by level, so that a proof costs the depth of the tree and
not its size. Verification is written after RFC 9162 .2.1.3.2 and .2.1.4.2, not after the code
that makes the proofs. Nothing in this module knows signatures or git.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final, NamedTuple

Levels = Sequence[Sequence[bytes]]
"""Hashes of complete subtrees: ``levels[k][i]`` covers the leaves from i·2ᵏ to (i+1)·2ᵏ."""


BUILD = "site-build"
"""The kind of a leaf for a published site; its fields are used as `Leaf` says."""
VERSION = 1
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Leaf(NamedTuple):
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
    since: int
    """Size of the log after the change that brought the leaf: the earliest tree that holds it."""
    program: str = ""
    """Of a build, the program that made it as `Program.stated`; empty before 0.9."""
    raw: bytes | None = None
    """The bytes of a published leaf, which need not be those that its fields give."""

    @property
    def data(self) -> bytes:
        """What is hashed: canonical JSON. `path` and `post` are left out of a confirmation, and
        what is empty."""
        if self.raw is not None:
            return self.raw
        value = {"kind": self.kind, "record": self.record, "version": VERSION}
        if self.kind == BUILD:
            value |= {"commit": self.path, "as_of": self.post}
            value |= {"program": self.program} if self.program else {}
        elif self.kind != "confirmation":
            value |= {"path": self.path, "post": self.post}
        return _encode(value).encode("utf-8", "backslashreplace")  # a path need not be text


@dataclass(frozen=True)
class Inclusion:
    """A proof that a leaf is in the tree of a size (RFC 9162 .2.1.3)."""

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
    leaves: Sequence[Leaf]
    levels: Levels

    @property
    def size(self) -> int:
        return len(self.leaves)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """`Leaf.record` → index of the first leaf that has it."""
        return {leaf.record: n for n, leaf in reversed([*enumerate(self.leaves)])}


EMPTY: Final = sha256(b"").digest()
"""Root of the empty tree."""
DIGEST_SIZE: Final = 32


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256 over 0x00 and its data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of a node: SHA-256 over 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


def grow(hashes: Iterable[bytes], levels: Levels = ((),)) -> Levels:
    """The complete subtrees over leaf hashes, level by level; `levels`: those over the first
    leaves, which `hashes` follow."""
    grown = [(*levels[0], *hashes)]
    while len(below := grown[-1]) > 1:
        old = levels[len(grown)] if len(grown) < len(levels) else ()
        pairs = range(2 * len(old), len(below) - 1, 2)
        grown.append((*old, *(node_hash(below[i], below[i + 1]) for i in pairs)))
    return tuple(grown)


def root(levels: Levels, size: int | None = None) -> bytes:
    """Root of the first `size` leaves (default: all). Raises ValueError beyond the tree."""
    size = len(levels[0]) if size is None else size
    if not 0 <= size <= len(levels[0]):
        raise ValueError(f"no tree of size {size}")
    return _subtree(levels, 0, size) if size else EMPTY


def inclusion_proof(levels: Levels, index: int, size: int | None = None) -> tuple[bytes, ...]:
    """PATH(index, D[size]): siblings from the leaf upwards. Raises ValueError outside."""
    size = len(levels[0]) if size is None else size
    if not 0 <= index < size <= len(levels[0]):
        raise ValueError(f"no leaf {index} in a tree of size {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_subtree(levels, middle, end))
            end = middle
        else:
            path.append(_subtree(levels, begin, middle))
            begin = middle
    return tuple(reversed(path))


def consistency_proof(levels: Levels, old: int, new: int | None = None) -> tuple[bytes, ...]:
    """PROOF(old, D[new]): empty when old is 0 or new. Raises ValueError outside."""
    new = len(levels[0]) if new is None else new
    if not 0 <= old <= new <= len(levels[0]):
        raise ValueError(f"no tree of size {old} before one of size {new}")
    return () if old in (0, new) else _subproof(levels, old, 0, new, whole=True)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], wanted: bytes
) -> bool:
    """Whether a leaf hash stands at `index` in the tree of `size` leaves with that root."""
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0 or len(sibling) != DIGEST_SIZE:
            return False
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and computed == wanted


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 <= old <= new or any(len(h) != DIGEST_SIZE for h in proof):
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old else EMPTY)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if not path:
        return False
    was = now = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            now = node_hash(now, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


def _subproof(levels: Levels, old: int, begin: int, end: int, *, whole: bool) -> tuple[bytes, ...]:
    """SUBPROOF(m, D[begin:end], b) of RFC 9162 .2.1.4.1, `old` counted from `begin`."""
    if old == end - begin:
        return () if whole else (_subtree(levels, begin, end),)
    middle = begin + _split(end - begin)
    if begin + old <= middle:
        below = _subproof(levels, old, begin, middle, whole=whole)
        return (*below, _subtree(levels, middle, end))
    below = _subproof(levels, old - (middle - begin), middle, end, whole=False)
    return (*below, _subtree(levels, begin, middle))


def _subtree(levels: Levels, begin: int, end: int) -> bytes:
    """Hash over the leaves from `begin` to `end`, which the recursion keeps aligned."""
    count = end - begin
    height = count.bit_length() - 1
    if count == 1 << height:
        return levels[height][begin >> height]
    middle = begin + (1 << height)
    return node_hash(_subtree(levels, begin, middle), _subtree(levels, middle, end))


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1
