"""Objects of a repository, many at a time, through one running ``git cat-file``.

A process that was forked starts a `cat-file` of its own: two readers of one pipe would take each
other's answers. https://git-scm.com/docs/git-cat-file#_batch_output
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, cast

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.ids import CommitId
from pipeline.source.git.git_process import Child

_AT_ONCE = 1000
"""Requests written before an answer is read: fifty bytes each, and a pipe holds 64 KiB."""
_MOST_READY = 16_000_000
"""Most bytes of objects in the cache."""
_BUFFER = 65_536
"""Bytes taken out of the pipe at once: all that a pipe of Linux holds."""


@dataclass(frozen=True)
class CatFile:
    """Both ends of a running ``git cat-file --batch-command --buffer``."""

    child: Child
    asks: IO[bytes]
    answers: IO[bytes]

    @classmethod
    def of(cls, child: Child) -> "CatFile":
        stdin, stdout = cast(IO[bytes], child.process.stdin), child.process.stdout
        raw = stdout.raw if isinstance(stdout, io.BufferedReader) else None
        return cls(child, stdin, io.BufferedReader(cast(io.RawIOBase, raw), _BUFFER))


@dataclass
class Objects:
    """Reads objects by id. All methods raise Fault for what git cannot read."""

    start: Callable[[], Child]
    _cat_file: CatFile | None = None
    """The process that answers, started lazily."""
    _ready: dict[str, bytes] = field(default_factory=dict)
    _held: int = 0
    """Bytes in `_ready`."""

    def read(self, oid: str) -> bytes:
        """The bytes of an object, whatever its kind."""
        if oid in self._ready:
            return self._ready[oid]
        reader = self._running()
        self._ask(reader, "contents", [oid])
        return self._answer(reader, oid)

    def prepare(self, oids: Iterable[str]) -> None:
        """Read these objects in one go, so that `read` finds them; others may be dropped."""
        for some in _slices(oid for oid in oids if oid not in self._ready):
            reader = self._running()
            self._ask(reader, "contents", some)
            for oid in some:
                raw = self._answer(reader, oid)
                if self._held + len(raw) > _MOST_READY:
                    self._ready.clear()
                    self._held = 0
                self._held += len(raw)
                self._ready[oid] = raw

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """Object id → size in bytes."""
        sizes: dict[str, int] = {}
        for some in _slices(oids):
            reader = self._running()
            self._ask(reader, "info", some)
            sizes |= {oid: self._header(reader, oid) for oid in some}
        return sizes

    def commit(self, revision: str) -> CommitId | None:
        """Id of the commit that a revision names; None: there is none."""
        if "\n" in revision:
            return None
        reader = self._running()
        self._ask(reader, "info", [f"{revision}^{{commit}}"])
        line = reader.answers.readline()
        if not line:  # it dies of some that cannot be (`@{upstream}` of what has none)
            raise _failed(reader, revision)
        oid, *kind_and_size = line.split()
        is_commit = len(kind_and_size) == 2 and kind_and_size[0] == b"commit"
        return CommitId(oid.decode()) if is_commit and kind_and_size[1].isdigit() else None

    def _running(self) -> CatFile:
        if self._cat_file is None or not self._cat_file.child.runs:
            self._cat_file = CatFile.of(self.start())
        return self._cat_file

    def _answer(self, reader: CatFile, oid: str) -> bytes:
        size = self._header(reader, oid)
        raw = reader.answers.read(size)
        if len(raw) != size or reader.answers.read(1) != b"\n":
            raise _failed(reader, oid)
        return raw

    def _header(self, reader: CatFile, oid: str) -> int:
        words = reader.answers.readline().split()
        if len(words) != 3 or words[0].decode() != oid:
            raise _failed(reader, oid)
        return int(words[2])

    def _ask(self, reader: CatFile, word: str, oids: Iterable[str]) -> None:
        try:
            asked = "".join(f"{word} {oid}\n" for oid in oids)
            reader.asks.write(f"{asked}flush\n".encode(errors="surrogateescape"))
            reader.asks.flush()
        except OSError as error:  # it died on an object before this one
            raise _failed(reader, "") from error


def _failed(reader: CatFile, oid: str) -> Fault:
    """End the process: its remaining output answers no question any more."""
    reader.child.end()
    return unreadable_object(oid)


def _slices(oids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, each once, as many at a time as may be asked for."""
    left = list(dict.fromkeys(oids))
    return (left[at : at + _AT_ONCE] for at in range(0, len(left), _AT_ONCE))


def ambiguous_tree(folder: str) -> Fault:
    """The fault of a tree that programs read differently; `folder`: commit:path.

    https://git-scm.com/docs/git-fsck: treeNotSorted, duplicateEntries, fullPathname
    """
    return Fault(
        say("{place} holds names out of order, twice or with a slash in them.", place=folder),
        say("Take back the commit that brought it: programs read such a folder differently."),
    )


def unreadable_object(what: str) -> Fault:
    """The fault of an object that git cannot read."""
    return Fault(
        say("The repository is damaged: {what} cannot be read.", what=what),
        say("Check it with `git fsck`, and fetch it anew from another copy."),
    )
