"""What a built site consists of, so that the next build makes only what changed.

One SQLite file beside the site holds a row a group and a row a unit. The site's marker names a
digest over all groups, and each group one over its units, which are read only when the group is
opened. A state that is missing, damaged, foreign or of another version means a cold build.
"""

import errno
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.site.units import UnitFiles, digest, sha256

_VERSION = "sanshen-state 5"
_TABLES = (
    "groups (id TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "units (grp TEXT, id TEXT, key TEXT, size INTEGER, lines TEXT, PRIMARY KEY (grp, id))",
)
_SPOILED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_ERRNO = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_READONLY: errno.EROFS}
path_of_line = itemgetter(slice(66, None))
"""The path in a line; as text sorts by code points, so do its bytes in UTF-8."""
Units = Mapping[str, UnitFiles]
"""Unit id → its files."""


class SpoiledState(Exception):
    """The units of a group are missing, or not what they were."""


class BuiltGroup(NamedTuple):
    """A group of the site as it was built."""

    key: str
    digest: str
    """Over its units."""
    files: int
    size: int
    """Bytes of all its files."""
    heads: list[str]
    """`Unit.heads` of its units, sorted."""
    summary: Any
    """`Group.summary`."""


class SiteState(NamedTuple):
    """The groups of a site; their units lie in a file."""

    path: Path
    groups: Mapping[str, BuiltGroup]

    @property
    def digest(self) -> str:
        """Names everything in the state."""
        return digest(_VERSION, _rows(self.groups))

    def units(self, group: str) -> Units:
        """The units of a group. Raises SpoiledState."""
        query = "SELECT id, key, size, lines FROM units WHERE grp = ? ORDER BY id"
        try:
            with closing(_reader(self.path)) as file:
                units = {i: UnitFiles(*row) for i, *row in file.execute(query, (group,))}
        except sqlite3.Error as error:
            raise SpoiledState(group) from error
        if _units_digest(units) != self.groups[group].digest:
            raise SpoiledState(group)
        return units


def beside(tree: Path) -> Path:
    """Where the state of the site in a folder lies."""
    return tree.with_name(f".{tree.name}.state")


def load(path: Path, name: str) -> SiteState | None:
    """The state of this `SiteState.digest`, or None when the file does not hold it."""
    try:
        with closing(_reader(path)) as file:
            rows = file.execute("SELECT id, value FROM groups ORDER BY id").fetchall()
        state = SiteState(path, {i: BuiltGroup(*json.loads(value)) for i, value in rows})
    except (sqlite3.Error, ValueError, TypeError):
        return None
    return state if state.digest == name else None


def save(
    state: SiteState, before: Mapping[str, Units], after: Mapping[str, Units], *, fresh: bool
) -> None:
    """Write a state in one transaction. Raises OSError, and SpoiledState for a damaged file.

    `before`, `after`: groups that are to change, with their units in the file and those to be.
    `fresh`: the state replaces a file that nothing is known of.
    """
    if fresh:
        state.path.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(state.path, isolation_level=None)) as file, file:
            file.execute("PRAGMA synchronous = OFF")  # what is half written counts for nothing
            file.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                file.execute(f"CREATE TABLE IF NOT EXISTS {table}")
            for group in {*before, *after}:
                _save_units(file, group, before.get(group, {}), after.get(group, {}))
            file.execute("DELETE FROM groups")
            file.executemany("INSERT INTO groups VALUES (?, ?)", _rows(state.groups))
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _SPOILED:
            raise SpoiledState(str(error)) from error
        raise OSError(_ERRNO.get(error.sqlite_errorcode & 0xFF, errno.EIO), str(error)) from error


def _save_units(file: sqlite3.Connection, group: str, before: Units, units: Units) -> None:
    gone = [(group, i) for i in before if i not in units]
    changed = [(group, i, *files) for i, files in units.items() if before.get(i) != files]
    file.executemany("DELETE FROM units WHERE grp = ? AND id = ?", gone)
    file.executemany("REPLACE INTO units VALUES (?, ?, ?, ?, ?)", changed)


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _rows(groups: Mapping[str, BuiltGroup]) -> list[tuple[str, str]]:
    return [(i, json.dumps(groups[i])) for i in sorted(groups)]


def built_group(key: str, units: Units, heads: Iterable[str], summary: Any) -> BuiltGroup:
    """A group with these units."""
    files = sum(made.lines.count("\n") for made in units.values())
    size = sum(made.size for made in units.values())
    return BuiltGroup(key, _units_digest(units), files, size, sorted(heads), summary)


def _units_digest(units: Units) -> str:
    text = "".join([f"{i}\t{m.key}\t{m.size}\n{m.lines}\n" for i, m in sorted(units.items())])
    return sha256(text.encode())


def listing(units: Units) -> bytes:
    """``sha256  path`` of every file, in the order of the paths' bytes, as sha256sum has it."""
    text = "".join([made.lines for made in units.values()])
    return "\n".join([*sorted(text.split("\n")[:-1], key=path_of_line), ""]).encode()
