"""What commits changed, as git told it: read when somebody asks.

The values made of the paths of a long history take several times its bytes, and every worker that
is forked copies what it looks at, because it counts its references there.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.source.git.objects import damaged
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import MODULE, name_of
from pipeline.source.git.tree_listing import Blob

_ROW = re.compile(rb":\d+ (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*\0([^\0]*+)\0")
"""Mode after the change, object ids before and after it, status, path."""
_ROWS = rb"(?:\n*:\d+ \d+ [0-9a-f]+ [0-9a-f]+ [A-Z]\d*\0[^\0]*+\0)*+"
_COMMIT = re.compile(rb"[\n\0]*([0-9a-f]{40,64})\0+(" + _ROWS + rb")\0*")
"""A commit, and the rows of what it changed: one after another, whatever a path looks like."""
_MODULE = MODULE.encode()
_AT_ONCE = 100_000
"""Bytes of rows whose objects are asked about together."""


class Step(NamedTuple):
    """One change of main: from the commit before, by the commits it brought."""

    rows: bytes
    """What it changed, in git's words."""
    sizes: Sequence[int]
    """Bytes of the object after each of these changes; 0 where there is none."""
    way: tuple[bytes, ...]
    """The same of each commit that was merged by it, under content/."""

    @property
    def paths(self) -> Iterator[str]:
        return paths_in(self.rows)

    @property
    def changes(self) -> tuple[RawChange, ...]:
        return tuple(
            RawChange(name_of(path), status.decode(), mode.decode(), oid.decode())
            for mode, _, oid, status, path in _ROW.findall(self.rows)
        )

    @property
    def blobs(self) -> Iterator[tuple[str, bool | None, Blob | None]]:
        """Changed path, whether nothing stood there before, and what stands there after.

        None instead of whether: it is out of order, and so was a tree (`tree.in_order`).
        """
        last = b""
        for size, (mode, _, oid, status, path) in zip(
            self.sizes, _ROW.findall(self.rows), strict=True
        ):
            blob = None if status == b"D" else Blob(mode.decode(), oid.decode(), size)
            yield name_of(path), status == b"A" if last < path else None, blob
            last = path

    @property
    def before(self) -> Mapping[str, str]:
        """Changed path → object id before; empty where nothing stood."""
        rows = _ROW.findall(self.rows)
        return {
            name_of(path): oid.decode() if oid.strip(b"0") else "" for _, oid, _, _, path in rows
        }

    @property
    def held(self) -> Mapping[str, set[str]]:
        """Path under content/ → object ids that merged commits gave it on the way."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for rows in self.way:
            for _, _, oid, status, path in _ROW.findall(rows):
                if status != b"D":
                    found[name_of(path)].add(oid.decode())
        return found


def read_rows(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """(commit, rows of its changes) in git's raw format; once for each parent compared.

    Raises Fault for what is not understood: a change left out would be one that nobody judges.
    """
    at = 0
    for found in _COMMIT.finditer(raw):
        if found.start() != at:
            break
        at = found.end()
        yield found[1].decode(), found[2]
    if at != len(raw):
        raise damaged(raw[at : at + 40].decode("utf-8", "replace"))


def paths_in(rows: bytes) -> Iterator[str]:
    return (name_of(path) for *_, path in _ROW.findall(rows))


def sizes_of(repository: Repository, rows: Iterable[bytes]) -> Iterator[Sequence[int]]:
    """For each change, the bytes of the objects it brought."""
    waiting: list[list[str]] = []
    held = 0
    for of in rows:
        found = _ROW.findall(of)
        waiting.append(
            ["" if s == b"D" or mode == _MODULE else oid.decode() for mode, _, oid, s, _ in found]
        )
        held += len(of)
        if held > _AT_ONCE:
            yield from _told(repository, waiting)
            waiting, held = [], 0
    yield from _told(repository, waiting)


def _told(repository: Repository, waiting: list[list[str]]) -> Iterator[Sequence[int]]:
    known = repository.objects.sizes(oid for oids in waiting for oid in oids if oid)
    return (array("Q", (known.get(oid, 0) for oid in oids)) for oids in waiting)
