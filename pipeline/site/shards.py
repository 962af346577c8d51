"""Parts of a build that several machines make: units are pure, so they can be shared out.

A shard is a folder like a site with only some units. Assembling takes a unit from a shard when
its key is the one wanted and every byte is what the shard's state says; otherwise the unit is
made as ever. So a shard can save work but never change a byte.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site import state
from pipeline.site.output_folder import state_name
from pipeline.site.state import SpoiledState
from pipeline.site.units import File, Group, Unit, UnitFiles, sha256

TREE = "part"
"""The tree inside a shard's folder; its state lies beside it."""


@dataclass(frozen=True)
class Shard:
    """Part `number` (from 1) of `of`."""

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of <= 256:
            raise ValueError(f"{self.number}/{self.of}")

    def takes(self, unit: Unit) -> bool:
        """Whether the unit is in this shard; one without a key is in none."""
        number = int(sha256(unit.id.encode())[:8], 16) % self.of + 1
        return bool(unit.key) and number == self.number

    def of_group(self, group: Group) -> Group:
        """The group with the units of this shard alone."""
        return replace(group, units=lambda: filter(self.takes, group.units()))


def with_shards(units: Iterable[Unit], folders: Iterable[Path]) -> list[Unit]:
    """The units, those that lie in a shard replaced by ones that read them there.

    Raises Fault for a folder that holds no shard.
    """
    ready = {key: value for folder in folders for key, value in _ready(folder).items()}
    return [_reading(u, *ready[u.id, u.key]) if (u.id, u.key) in ready else u for u in units]


def _ready(folder: Path) -> dict[tuple[str, str], tuple[Path, UnitFiles]]:
    """(id, key) of the units in a shard → its tree, and their files."""
    tree = folder / TREE
    shard = state.load(state.beside(tree), state_name(tree))
    try:
        if shard is None:
            raise SpoiledState
        units = [unit for group in shard.groups for unit in shard.units(group).items()]
    except SpoiledState as error:
        raise Fault(
            say("{path} holds no share of a build.", path=str(folder)),
            say("Make it with `sanshen build --shard`, and copy its hidden files too."),
        ) from error
    return {(i, files.key): (tree, files) for i, files in units}


def _reading(unit: Unit, tree: Path, files: UnitFiles) -> Unit:
    def read() -> Iterable[File]:
        try:
            ready = [(path, (tree / path).read_bytes()) for path in files.files]
        except OSError:
            return unit.make()
        whole = all(files.files[path] == sha256(data) for path, data in ready)
        return ready if whole else unit.make()

    return replace(unit, make=read, reads=None)
