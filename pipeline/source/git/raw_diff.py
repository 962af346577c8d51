"""Parser of git's raw diff format: commits, and a row for each path that a commit changed.

The rows stay bytes until they are looked at: the values made of the paths of a long history take
several times its bytes, and each forked worker copies what it counts references to.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipeline.source.git.objects import unreadable_object
from pipeline.source.git.tree import name_of

ROW = re.compile(rb":\d+ (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*\0([^\0]*+)\0")
"""Mode after the change, object ids before and after it, status, path."""
_ROWS = rb"(?:\n*:\d+ \d+ [0-9a-f]+ [0-9a-f]+ [A-Z]\d*\0[^\0]*+\0)*+"
_COMMIT = re.compile(rb"[\n\0]*([0-9a-f]{40,64})\0+(" + _ROWS + rb")\0*")
"""A commit, and the rows of what it changed: one after another, whatever a path looks like."""


def read_rows(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """(commit, rows of its changes) in git's raw format; once for each parent compared.

    Raises Fault for what is not understood: a change left out is a change that is never judged.
    """
    end = 0
    for match in _COMMIT.finditer(raw):
        if match.start() != end:
            break
        end = match.end()
        yield match[1].decode(), match[2]
    if end != len(raw):
        raise unreadable_object(raw[end : end + 40].decode("utf-8", "replace"))


def paths_in(rows: bytes) -> Iterator[str]:
    return (name_of(path) for *_, path in ROW.findall(rows))


def blobs_in(changes: Iterable[bytes]) -> dict[str, set[str]]:
    """Path → object ids that the rows of several changes gave it."""
    blobs: defaultdict[str, set[str]] = defaultdict(set)
    for rows in changes:
        for _, _, oid, status, path in ROW.findall(rows):
            if status != b"D":
                blobs[name_of(path)].add(oid.decode())
    return blobs
