"""Shares of a build made elsewhere: units are pure, so several machines can split them.

A parcel is a folder like a site, with only the units of one share. Assembling reads a unit from a
parcel when its key is the one wanted and every byte is what the parcel's state says; else the unit
is made as ever. So a parcel can save work but never change a byte.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site import output_folder
from pipeline.site.state import Damaged, units_of
from pipeline.site.units import File, Group, Made, Unit

PART = "part"
"""The tree inside a parcel's folder; its state lies beside it."""


@dataclass(frozen=True)
class Shard:
    """Share `number` (from 1) of `of`."""

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of <= 256:
            raise ValueError(f"{self.number}/{self.of}")

    def takes(self, unit: Unit) -> bool:
        """Whether the unit is of this share; one without a key is made by who assembles."""
        place = int.from_bytes(sha256(unit.id.encode()).digest()[:4]) % self.of
        return bool(unit.key) and place == self.number - 1

    def share(self, group: Group) -> Group:
        """The group with the units of this share alone."""
        return replace(group, units=lambda: filter(self.takes, group.units()))


def unpacked(units: Sequence[Unit], folders: Iterable[Path]) -> list[Unit]:
    """The units, those found in a parcel replaced by ones that read them there.

    Raises Fault for a folder that holds no parcel.
    """
    found: dict[tuple[str, str], tuple[Path, Made]] = {}
    for folder in folders:
        tree = folder / PART
        for unit, made in _made_in(tree, folder):
            found[unit, made.key] = tree, made
    return [_read(u, *found[u.id, u.key]) if (u.id, u.key) in found else u for u in units]


def _made_in(tree: Path, folder: Path) -> Iterator[tuple[str, Made]]:
    state = output_folder.state_in(tree, tree)
    if state is None:
        _no_share(folder)
    try:
        for part in state.parts.values():
            yield from units_of(tree, part).items()
    except Damaged:
        _no_share(folder)


def _no_share(folder: Path) -> NoReturn:
    raise Fault(
        say("{path} holds no share of a build.", path=str(folder)),
        say("Make it with `sanshen build --shard`, and copy its hidden files too."),
    )


def _read(unit: Unit, folder: Path, made: Made) -> Unit:
    def files() -> Iterable[File]:
        try:
            read = [(path, (folder / path).read_bytes()) for path in made.files]
        except OSError:
            return unit.make()
        whole = all(made.files[path] == sha256(data).hexdigest() for path, data in read)
        return read if whole else unit.make()

    return replace(unit, make=files, reads=None)
