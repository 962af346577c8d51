"""What whoever can write the file of a store can do to its rows."""

import sqlite3
from contextlib import closing

from pipeline.memo.store import FILE, SealedStore

Raw = tuple[bytes, bytes]
"""Seal and value."""


def edit(store: SealedStore, statement: str, *values: object) -> None:
    """Run a statement on the file."""
    with closing(sqlite3.connect(store.folder / FILE)) as connection, connection:
        connection.execute(statement, values)


def raw_rows(store: SealedStore, kind: str) -> dict[str, Raw]:
    """Key → the row as it lies there; none when there is no file."""
    if not (store.folder / FILE).exists():
        return {}
    question = "SELECT key, seal, value FROM row WHERE kind = ? ORDER BY key"
    with closing(sqlite3.connect(store.folder / FILE)) as connection:
        return {key: (seal, value) for key, seal, value in connection.execute(question, (kind,))}


def replace(store: SealedStore, kind: str, key: str, row: Raw) -> None:
    """Put another row under a name, its seal and all."""
    edit(store, "REPLACE INTO row VALUES (?, ?, ?, ?)", kind, key, *row)


def lose(store: SealedStore, kind: str, key: str) -> None:
    """Delete a row."""
    edit(store, "DELETE FROM row WHERE kind = ? AND key = ?", kind, key)


def flip(store: SealedStore, kind: str, key: str) -> None:
    """Change a bit in the middle of a value."""
    seal, value = raw_rows(store, kind)[key]
    at = len(value) // 2
    replace(store, kind, key, (seal, value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]))


KEYS = ("a", "b", "big", *map(str, range(20)))


def rows(store: SealedStore, *kinds: str) -> list[dict[str, bytes]]:
    """Of each kind, those of `KEYS` that bear a seal."""
    return [
        {key: value for key in KEYS if (value := store.get(kind, key)) is not None}
        for kind in kinds
    ]
