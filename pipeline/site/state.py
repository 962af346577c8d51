"""What a built site consists of: groups of units with their keys, files with their digests.

It lies beside the site, in files named by their own digests: one that lists the groups, which the
site's marker names, and one with the units of each group, read only when the group is looked at.
A state that is missing, damaged, foreign or of another version counts for nothing: the site is
then built as if for the first time.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.site.units import Made

_VERSION = "sanshen-state 4"
path_of_line = itemgetter(slice(66, None))
"""The path in a line; as text sorts by code points, so do its bytes in UTF-8."""
Units = Mapping[str, Made]
"""Unit id → what was made of it."""


class Damaged(Exception):
    """The units of a group are not there, or not what they were."""


class Part(NamedTuple):
    """What became of a group."""

    key: str
    name: str
    """sha256 (hex) over `encoded` units."""
    size: int
    """Bytes of all its files."""
    files: int
    heads: list[str]
    """Paths of the files in it that lists of the whole site name."""
    told: Any
    """What the next build need not find out again (`Group.told`)."""


@dataclass(frozen=True)
class State:
    """Group id → its part."""

    parts: Mapping[str, Part]

    def encode(self) -> bytes:
        rows = [[i, *self.parts[i]] for i in sorted(self.parts)]
        return json.dumps([_VERSION, rows], ensure_ascii=False).encode("utf-8", "surrogatepass")

    @property
    def files(self) -> int:
        return sum(part.files for part in self.parts.values())

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(part.size for part in self.parts.values())


def decode(raw: bytes) -> State | None:
    """The state in some bytes; None when they are no state of this version."""
    try:
        version, rows = json.loads(raw.decode("utf-8", "surrogatepass"))
        return State({i: Part(*row) for i, *row in rows}) if version == _VERSION else None
    except (ValueError, TypeError):
        return None


def part_of(key: str, units: Units, heads: Iterable[str], told: Any) -> Part:
    """The part of a group with these units."""
    size = sum([made.size for made in units.values()])
    files = sum([made.lines.count("\n") for made in units.values()])
    return Part(key, sha256(encoded(units)).hexdigest(), size, files, sorted(heads), told)


def listing(units: Units) -> bytes:
    """``sha256  path`` of every file, in the order of the paths' bytes, as sha256sum has it."""
    text = "".join([made.lines for made in units.values()])
    return "\n".join([*sorted(text.split("\n")[:-1], key=path_of_line), ""]).encode()


def encoded(units: Units) -> bytes:
    """A paragraph for each unit: its id, key and size, then the lines of its files."""
    ordered = [(i, units[i]) for i in sorted(units)]
    return "\n".join([f"{i}\t{m.key}\t{m.size}\n{m.lines}" for i, m in ordered]).encode()


def decoded(raw: bytes) -> Units:
    """The units in some bytes that `encoded` gave. Raises ValueError for others."""
    units = raw.decode().removesuffix("\n").split("\n\n") if raw else ()
    return dict(map(_unit, units))


def _unit(text: str) -> tuple[str, Made]:
    head, _, lines = text.partition("\n")
    name, key, size = head.split("\t")
    return name, Made(key, int(size), lines and f"{lines}\n")


def path_of(out: Path, name: str) -> Path:
    """Where the state of a site in `out` lies that its marker names, or a part that this names."""
    return out.with_name(f".{out.name}.state-{name[:32]}.json")


def save_units(out: Path, part: Part, units: Units) -> None:
    """Write the units of a part beside a site, unless they are there."""
    path = path_of(out, part.name)
    if not path.exists():
        _write(path, encoded(units))


def save(out: Path, state: State) -> str:
    """Write a state beside a site, when all its units are there; the name its marker must give."""
    raw = state.encode()
    name = sha256(raw).hexdigest()[:32]
    _write(path_of(out, name), raw)
    return name


def _write(path: Path, raw: bytes) -> None:
    draft = path.with_suffix(".new")
    draft.write_bytes(raw)
    draft.replace(path)


def load(out: Path, name: str) -> State | None:
    """The state a marker names, or None when it is not there whole or not what it was."""
    try:
        raw = path_of(out, name).read_bytes()
    except (OSError, ValueError):
        return None
    state = decode(raw) if sha256(raw).hexdigest()[:32] == name else None
    there = state and all(path_of(out, part.name).exists() for part in state.parts.values())
    return state if there else None


def units_of(out: Path, part: Part) -> Units:
    """The units of a part of a state beside a site. Raises Damaged."""
    try:
        raw = path_of(out, part.name).read_bytes()
    except OSError as error:
        raise Damaged(part.name) from error
    if sha256(raw).hexdigest() != part.name:
        raise Damaged(part.name)
    return decoded(raw)


def forget(out: Path, *kept: str) -> None:
    """Remove the states of sites that are no more."""
    states = [state for name in kept if (state := load(out, name)) is not None]
    names = {path_of(out, name).name for name in kept}
    names |= {path_of(out, p.name).name for state in states for p in state.parts.values()}
    for path in out.parent.glob(f".{out.name}.state-*"):
        if path.name not in names:
            with suppress(OSError):
                path.unlink()
