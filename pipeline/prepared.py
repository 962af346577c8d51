"""What is made of the program's own files, ready beside its bytecode, and as that is.

Patterns compiled, lists parsed, tables made of them took a third of a short run. A command leaves
what it made where bytecode lies; the next one of the same interpreter takes it, where it was made
of the same bytes. What was not left whole is made again, and so is all where the folder is shut or
Python is told to write no bytecode. Who may write there may change the program itself.
"""

import marshal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, ClassVar

_SIZE = sha256().digest_size


class Prepared:
    """Key → a value made of plain parts, of one kind."""

    grown: ClassVar[dict[Path, "Prepared"]] = {}
    """Those in which this process made something."""

    def __init__(self, kind: str, maker: str) -> None:
        """`maker`: file of the module that makes them; another one makes them anew."""
        name = f"{kind}.{sys.implementation.cache_tag}-{sys.hexversion:x}.ready"
        self._path, self._maker = Path(cache_from_source(__file__)).with_name(name), maker

    def of(self, key: Any, source: bytes, make: Callable[[], Any]) -> Any:
        """What was made of a key and source, or is made now; both are plain values."""
        digest = sha256(self._made_by + source).digest()
        before, packed = self._rows.get(key, (b"", b""))
        if before == digest:
            return marshal.loads(packed)  # noqa: S302
        value = make()
        self._rows[key] = digest, marshal.dumps(value)
        self.grown[self._path] = self
        return value

    @cached_property
    def _made_by(self) -> bytes:
        return sha256(Path(self._maker).read_bytes()).digest()

    @cached_property
    def _rows(self) -> dict[Any, tuple[bytes, bytes]]:
        """Key → digest of what a value was made of, and the value packed: few are asked for."""
        with suppress(OSError):
            raw = self._path.read_bytes()
            if sha256(raw[_SIZE:]).digest() == raw[:_SIZE]:
                rows: dict[Any, tuple[bytes, bytes]] = marshal.loads(raw[_SIZE:])  # noqa: S302
                return rows
        return {}

    def packed(self) -> bytes:
        """All rows, with a digest ahead."""
        raw = marshal.dumps(self._rows)
        return sha256(raw).digest() + raw


def leave_prepared(write: Callable[[Path, bytes], None]) -> None:
    """Write what this process made, for the next one."""
    for path, prepared in () if sys.dont_write_bytecode else Prepared.grown.items():
        with suppress(OSError):
            write(path, prepared.packed())
