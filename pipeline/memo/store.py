"""The one store of what a run keeps for the next: sealed rows in one SQLite file.

The seal is a keyed digest (HMAC-SHA256, RFC 2104) over the program's digest and the row's kind, key
and value. Its key lies in the caller's own folder, outside the repository, readable by the caller
alone. Write access to the repository, its .git folder or a restored cache makes no seal, and a row
without one is absent. So is every row when SQLite refuses: the file is locked, spoiled, read-only
or deleted, or the disk is full. A row's key or value names all that decided it,
so an older row is still true.
"""

import hmac
import os
import pickle
import secrets
import sqlite3
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pipeline.model.ids import sha256_of
from pipeline.source.program import libraries, running

FILE = "store.sqlite"
_KEY = 32
_WAIT = 10
"""Seconds to wait for another process that writes."""
_TABLE = (
    "CREATE TABLE row (kind TEXT NOT NULL, key TEXT NOT NULL, seal BLOB NOT NULL,"
    " value BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
)
Rows = Mapping[str, bytes]
"""Key → value."""
Result = TypeVar("Result")


@cache
def code_digest() -> str:
    """sha256 (hex) of the program, the interpreter and the libraries that rows come from."""
    return sha256_of("\n".join((sys.version, running().digest, *libraries())).encode())


@dataclass(frozen=True)
class SealedStore:
    """Rows by kind and key, sealed with one key, in a file of one folder. It is opened for each
    question: a process forks, and a file is deleted or restored, at any time."""

    folder: Path
    key: bytes

    def get(self, kind: str, key: str) -> bytes | None:
        """The value of a row; None when it is absent."""
        return self.several([(kind, key)]).get((kind, key))

    def several(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """(kind, key) → value, of the rows that are there."""
        question = "SELECT seal, value FROM row WHERE kind = ? AND key = ?"

        def work(connection: sqlite3.Connection) -> dict[tuple[str, str], bytes]:
            whole: dict[tuple[str, str], bytes] = {}
            for name in names:
                match connection.execute(question, name).fetchone():
                    case (bytes(seal), bytes(value)):
                        if hmac.compare_digest(seal, self._seal(*name, value)):
                            whole[name] = value
            return whole

        return self._attempt(work, {})

    def write(self, put: Mapping[str, Rows], only: Mapping[str, Collection[str]]) -> bool:
        """Put rows by kind, and remove those of a kind in `only` with other keys: all or nothing.

        Returns False when they cannot be written.
        """

        def work(connection: sqlite3.Connection) -> bool:
            connection.executemany("REPLACE INTO row VALUES (?, ?, ?, ?)", self._sealed(put))
            for kind, keys in only.items():
                old = connection.execute("SELECT key FROM row WHERE kind = ?", (kind,)).fetchall()
                gone = [(kind, key) for (key,) in old if key not in keys]
                connection.executemany("DELETE FROM row WHERE kind = ? AND key = ?", gone)
            return True

        return self._attempt(work, False, write=True)

    def value(self, kind: str, key: str) -> Any:
        """What `put` put; None when it is absent. Sealed bytes alone are unpickled: who can make a
        seal can run any program as the caller."""
        raw = self.get(kind, key)
        return None if raw is None else pickle.loads(raw)  # noqa: S301

    def put(self, kind: str, key: str, value: object) -> None:
        """Put a value in place of all others of its kind."""
        self.write({kind: {key: pickle.dumps(value, pickle.HIGHEST_PROTOCOL)}}, {kind: {key}})

    def find(self, name: str) -> bytes | None:
        """The value named ``KIND-KEY``."""
        return self.get(*name.split("-", 1))

    def keep(self, name: str, value: bytes) -> None:
        """Put a value named ``KIND-KEY`` in place of all others of its kind."""
        kind, _, key = name.partition("-")
        self.write({kind: {key: value}}, {kind: {key}})

    def _sealed(self, put: Mapping[str, Rows]) -> Iterator[tuple[str, str, bytes, bytes]]:
        for kind, rows in put.items():
            for key, value in rows.items():
                yield kind, key, self._seal(kind, key, value), value

    def _seal(self, kind: str, key: str, value: bytes) -> bytes:
        sealed = f"sanshen row 1\0{code_digest()}\0{kind}\0{key}\0".encode() + value
        return hmac.digest(self.key, sealed, "sha256")

    def _attempt(
        self, work: Callable[[sqlite3.Connection], Result], absent: Result, *, write: bool = False
    ) -> Result:
        """The result of the work in one transaction, or `absent`; a spoiled file is removed."""
        try:
            opened = self._connection(make=write)
            if opened is None:
                return absent
            with closing(opened) as connection, connection:
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                if connection.execute("PRAGMA user_version").fetchone() != (_version(),):
                    if not write:
                        return absent
                    connection.execute("DELETE FROM row")  # another program's
                    connection.execute(f"PRAGMA user_version = {_version()}")
                return work(connection)
        except (sqlite3.OperationalError, OSError):
            return absent
        except sqlite3.Error:
            self._remove()
            return absent

    def _connection(self, *, make: bool) -> sqlite3.Connection | None:
        """A new connection; None when there is no file, or the file is not ours."""
        path = (self.folder / FILE).absolute()
        if self.folder.is_symlink():
            return None
        if make:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        there = path.exists() or path.is_symlink()
        if (there and not _is_plain(path)) or not (there or make):
            return None
        address = f"{path.as_uri()}?mode={'rwc' if make else 'rw'}"
        connection = sqlite3.connect(address, timeout=_WAIT, isolation_level=None, uri=True)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = OFF")  # what a power cut spoils bears no seal
        if make:
            connection.execute(_TABLE.replace("TABLE", "TABLE IF NOT EXISTS"))
        schema = connection.execute("SELECT sql FROM sqlite_schema").fetchall()
        if not schema:
            return None  # another process is about to make the table
        if schema != [(_TABLE,)]:
            raise sqlite3.DatabaseError  # a view or a trigger would run here
        return connection

    def _remove(self) -> None:
        with suppress(OSError):
            if not self.folder.is_symlink():
                (self.folder / FILE).unlink(missing_ok=True)


def _version() -> int:
    """The program's digest as the 31 bits that SQLite keeps for such a mark."""
    return int(code_digest()[:8], 16) >> 1


def _is_plain(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode)


def own_key(path: Path) -> bytes | None:
    """The caller's key, made if there is none; None where others could read or replace it."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        if not _private(path.parent.lstat(), 0o022) or not _private(path.lstat(), 0o077):
            return None
        key = path.read_bytes()
        return key if len(key) == _KEY and _is_plain(path) else None
    return None


def _make(path: Path) -> None:
    """Make a key and link it to its path whole: of two runs that make one, the first wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as out:
            out.write(secrets.token_bytes(_KEY))
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _private(status: os.stat_result, others: int) -> bool:
    """Whether a file is the caller's alone; Windows cannot say, so nothing is kept there."""
    mine = hasattr(os, "geteuid") and status.st_uid == os.geteuid()
    return mine and not status.st_mode & others
