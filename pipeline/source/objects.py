"""Objects of a repository, many at a time, through one running ``git cat-file``.

A process that was forked starts a `cat-file` of its own: two readers of one pipe would take each
other's answers. https://git-scm.com/docs/git-cat-file#_batch_output
"""

import os
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Protocol

from pipeline.errors import Fault
from pipeline.model.findings import say

_AT_ONCE = 1000
"""Requests written before an answer is read: fifty bytes each, and a pipe holds 64 KiB."""
_KEPT = 64_000_000
"""Bytes of objects that are held ready at most."""


class Reader(Protocol):
    """A running ``git cat-file --batch-command``."""

    stdin: IO[bytes]
    stdout: IO[bytes]

    def wait(self) -> int: ...


@dataclass
class Objects:
    """Reads objects by id. All methods raise Fault for what git cannot read."""

    start: Callable[[], Reader]
    _readers: list[tuple[int, Reader]] = field(default_factory=list)
    """Process id → its reader. Those of other processes stay referred to: the end of one's last
    reference would end the reader of the process that this one was forked from."""
    _ready: dict[str, bytes] = field(default_factory=dict)

    def read(self, oid: str) -> bytes:
        """The bytes of an object, whatever its kind."""
        if oid in self._ready:
            return self._ready[oid]
        reader = self._running()
        self._ask(reader, "contents", [oid])
        return self._answer(reader, oid)

    def prepare(self, oids: Iterable[str]) -> None:
        """Read these objects in one go, so that `read` finds them; what was ready is dropped."""
        self._ready.clear()
        held = 0
        for some in _slices(oids):
            reader = self._running()
            self._ask(reader, "contents", some)
            for oid in some:
                raw = self._answer(reader, oid)
                held += len(raw)
                if held <= _KEPT:
                    self._ready[oid] = raw

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """Object id → size in bytes."""
        found: dict[str, int] = {}
        for some in _slices(oids):
            reader = self._running()
            self._ask(reader, "info", some)
            found |= {oid: self._header(reader, oid) for oid in some}
        return found

    def _running(self) -> Reader:
        owner, reader = self._readers[-1] if self._readers else (0, None)
        if reader is None or owner != os.getpid():
            self._ready, reader = {}, self.start()
            self._readers.append((os.getpid(), reader))
            weakref.finalize(self, _end, reader, os.getpid())
        return reader

    def _answer(self, reader: Reader, oid: str) -> bytes:
        size = self._header(reader, oid)
        raw = reader.stdout.read(size)
        if len(raw) != size or reader.stdout.read(1) != b"\n":
            raise self._failed(oid)
        return raw

    def _header(self, reader: Reader, oid: str) -> int:
        words = reader.stdout.readline().split()
        if len(words) != 3 or words[0].decode() != oid:
            raise self._failed(oid)
        return int(words[2])

    def _ask(self, reader: Reader, word: str, oids: Iterable[str]) -> None:
        try:
            reader.stdin.write("".join(f"{word} {oid}\n" for oid in oids).encode())
            reader.stdin.flush()
        except OSError as error:  # it died on an object before this one
            raise self._failed("") from error

    def _failed(self, oid: str) -> Fault:
        """What the reader still has to say belongs to no question any more: let go of it."""
        self._readers.pop()
        return damaged(oid)


def _slices(oids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, each once, as many at a time as may be asked for."""
    left = list(dict.fromkeys(oids))
    return (left[at : at + _AT_ONCE] for at in range(0, len(left), _AT_ONCE))


def _end(reader: Reader, owner: int) -> None:
    if owner == os.getpid():
        reader.stdin.close()
        reader.stdout.close()
        reader.wait()


def damaged(what: str) -> Fault:
    """The fault of an object that git cannot read."""
    return Fault(
        say("The repository is damaged: {what} cannot be read.", what=what),
        say("Check it with `git fsck`, and fetch it anew from another copy."),
    )
