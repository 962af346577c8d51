"""What a built site consists of, so that the next build makes only what changed.

One file beside the site: a line with all groups, then a line with the units of each. The site's
marker names a digest over all groups, and each group one over its units, which are read only when
the group is opened. A state that is missing, damaged, foreign or of another version means a cold
build.
"""

import json
from collections.abc import Iterable, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.model.ids import Digest, sha256_of
from pipeline.site.units import UnitFiles, digest
from pipeline.source.atomic import write_whole

_VERSION = "sanshen-state 7"
path_of_line = itemgetter(slice(66, None))
"""The path in a line; as text sorts by code points, so do its bytes in UTF-8."""
Units = Mapping[str, UnitFiles]
"""Unit id → its files."""


class SpoiledState(Exception):
    """The units of a group are missing, or not what they were."""


class BuiltGroup(NamedTuple):
    """A group of the site as it was built."""

    key: str
    digest: Digest
    """Over the line of its units."""
    files: int
    size: int
    """Bytes of all its files."""
    heads: list[str]
    """`Unit.heads` of its units, sorted."""
    summary: Any
    """`Group.summary`."""


class SiteState(NamedTuple):
    """The groups of a site, and the line of each with its units."""

    groups: Mapping[str, BuiltGroup]
    lines: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """Names everything in the state."""
        return digest(_VERSION, self._head)

    @property
    def _head(self) -> bytes:
        return json.dumps(sorted(self.groups.items())).encode()

    def units(self, group: str) -> Units:
        """The units of a group. Raises SpoiledState."""
        line = self.lines[group]
        if sha256_of(line) != self.groups[group].digest:
            raise SpoiledState(group)
        return {i: UnitFiles(*row) for i, row in json.loads(line).items()}

    def save(self, path: Path) -> None:
        """Raises OSError."""
        write_whole(path, b"\n".join([self._head, *(self.lines[g] for g in sorted(self.groups))]))


def beside(tree: Path) -> Path:
    """Where the state of the site in a folder lies."""
    return tree.with_name(f".{tree.name}.state")


def load(path: Path, name: str) -> SiteState | None:
    """The state of this `SiteState.digest`, or None when the file does not hold it."""
    try:
        head, *lines = path.read_bytes().split(b"\n")
        groups = {i: BuiltGroup(*row) for i, row in json.loads(head)}
        state = SiteState(groups, dict(zip(groups, lines, strict=True)))
    except (OSError, ValueError, TypeError):
        return None
    return state if state.digest == name else None


def line_of(units: Units) -> bytes:
    """The units of a group as the state has them."""
    return json.dumps(dict(sorted(units.items()))).encode()


def built_group(key: str, units: Units, heads: Iterable[str], summary: Any) -> BuiltGroup:
    """A group with these units."""
    files = sum(made.lines.count("\n") for made in units.values())
    size = sum(made.size for made in units.values())
    return BuiltGroup(key, sha256_of(line_of(units)), files, size, sorted(heads), summary)


def listing(units: Units) -> bytes:
    """``sha256  path`` of every file, in the order of the paths' bytes, as sha256sum has it."""
    text = "".join([made.lines for made in units.values()])
    return "\n".join([*sorted(text.split("\n")[:-1], key=path_of_line), ""]).encode()
