"""What stands in a site that is being made: its groups, lists of them, and the end of all."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from pipeline.site import state as states
from pipeline.site.staging_tree import Draft
from pipeline.site.state import Part, State, Units
from pipeline.site.units import WHOLE, File, Group, Late, Made, Unit

LISTS = "manifest/"
"""Where the lists of the files of years lie."""
Put = Callable[[str, str, Iterable[File]], Made]
"""Writes what a unit of this id and key is made of."""


@dataclass
class Finished:
    """The groups that stand in the draft by now; satisfies `units.Standing`."""

    draft: Draft
    put: Put
    parts: dict[str, Part] = field(default_factory=dict)
    lists: dict[str, Made] = field(default_factory=dict)
    """The lists of the files of groups, each a unit of the whole."""
    whole: dict[str, Made] = field(default_factory=dict)
    """The units of the whole, when they are made."""

    def keep(self, group: str, part: Part) -> Units | None:
        """Let a group of the present site stand as it is; what of it does, when not all does."""
        if group not in self.draft.as_wanted:
            units = self.draft.groups[group]
            kept = {i: made for i, made in units.items() if self.draft.keep(made.files)}
            if len(kept) < len(units):
                return kept
            self._add(group, part, units)
        self.parts[group] = part
        self._list(group, part, None)
        return None

    def add(self, group: Group, own: Iterable[Unit], made: Mapping[str, Made]) -> None:
        """A group that was looked at, with what became of its units."""
        found = list(own)
        units = {unit.id: made[unit.id] for unit in found}
        heads = (head for unit in found for head in unit.heads)
        part = states.part_of(group.key, units, heads, group.told)
        self._add(group.id, part, units)
        if group.id == WHOLE:
            self.whole = units
        else:
            self._list(group.id, part, units)

    def _add(self, group: str, part: Part, units: Units) -> None:
        for made in units.values():
            self.draft.claim(made)
        self.parts[group] = part
        states.save_units(self.draft.out, part, units)

    def _list(self, group: str, part: Part, units: Units | None) -> None:
        """The list of a group's files: as it was, or from its units."""
        name = f"list:{group}"
        known = self.draft.present.get(name)
        if known and known.key == part.name and self.draft.keep(known.files):
            self.lists[name] = known
            return
        raw = states.listing(units if units is not None else self._units(part))
        self.lists[name] = self.put(name, part.name, [(f"{LISTS}{group}.sha256", raw)])

    def _units(self, part: Part) -> Units:
        return states.units_of(self.draft.out, part)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        return tuple(sorted(head for part in self.parts.values() for head in part.heads))

    def there(self, paths: Set[str]) -> set[str]:
        """Those of these paths that stand in the new site; every group is asked."""
        units = (one for part in self.parts.values() for one in self._units(part).values())
        return {path for one in units for path in one.files if path in paths}

    def read(self, path: str) -> bytes:
        return (self.draft.folder / path).read_bytes()

    def listing(self) -> bytes:
        return states.listing(self.whole)

    def close(self, lates: Iterable[Late]) -> None:
        """Put the lists of all groups into the whole, then what is made last of all."""
        self.whole |= self.lists
        for late in lates:
            self.whole[late.id] = self.put(late.id, "", late.make(self))
        for name in (*self.lists, *(late.id for late in lates)):
            self.draft.claim(self.whole[name])
        told = self.parts[WHOLE].told
        self.parts[WHOLE] = part = states.part_of("", self.whole, (), told)
        states.save_units(self.draft.out, part, self.whole)

    @property
    def state(self) -> State:
        return State(self.parts)

    @property
    def digest(self) -> str:
        """sha256 over the list of all files that no other list names: pins the whole site."""
        return sha256(self.listing()).hexdigest()
