"""The end of a build: lists of what was made, and lists of those lists."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site.draft import Draft
from pipeline.site.state import Part, State, Units, listing, part_of, units_of
from pipeline.site.units import WHOLE, File, Group, Late, Made, Unit

LISTS = "manifest/"
"""Where the lists of the other groups' files lie."""
Put = Callable[[str, str, Iterable[File]], Made]
"""Writes what a unit of this id and key is made of."""


@dataclass
class Finished:
    """What stands in the draft; satisfies `units.Standing`."""

    draft: Draft
    parts: dict[str, Part]
    units: dict[str, Units]
    """Of the groups that were looked at."""

    @classmethod
    def of(
        cls,
        groups: Iterable[Group],
        opened: Mapping[str, list[Unit]],
        made: Mapping[str, Made],
        idle: Mapping[str, Units],
        usable: Mapping[str, Part],
        draft: Draft,
    ) -> "Finished":
        """Raises Fault when two units have one path."""
        parts, units = dict[str, Part](), dict[str, Units](idle)
        for group in groups:
            if group.id in opened:
                own = opened[group.id]
                units[group.id] = {u.id: made[u.id] for u in own}
                heads = (head for u in own for head in u.heads)
                parts[group.id] = part_of(group.key, units[group.id], heads, group.told)
            else:
                parts[group.id] = usable[group.id]
        paths = [path for some in units.values() for one in some.values() for path in one.files]
        if len(set(paths)) < len(paths):
            raise Fault(say("Two pages want one path; the site was not built."))
        return cls(draft, parts, units)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        return tuple(sorted(head for part in self.parts.values() for head in part.heads))

    def has(self, path: str) -> bool:
        """Whether a file stands in the new site; every group may be asked."""
        return any(path in one.files for i in self.parts for one in self._units(i).values())

    def read(self, path: str) -> bytes:
        return (self.draft.folder / path).read_bytes()

    def listing(self) -> bytes:
        return listing(self.units[WHOLE])

    def _units(self, group: str) -> Units:
        if group not in self.units:
            self.units[group] = units_of(self.draft.out, self.parts[group])
        return self.units[group]

    def close(self, lates: Iterable[Late], put: Put) -> None:
        """Make the list of every group but the whole, then what is made last of all."""
        whole = dict(self.units[WHOLE])
        for group in sorted(self.parts.keys() - {WHOLE}):
            name, key = f"list:{group}", self.parts[group].name
            known = self.draft.present.get(name)
            if known and known.key == key and self.draft.keep(known.files):
                whole[name] = known
            else:
                whole[name] = put(
                    name, key, [(f"{LISTS}{group}.sha256", listing(self._units(group)))]
                )
        self.units[WHOLE] = whole
        for late in lates:
            whole[late.id] = put(late.id, "", late.make(self))
        self.parts[WHOLE] = part_of("", whole, (), self.parts[WHOLE].told)

    @property
    def state(self) -> State:
        return State(self.parts)

    @property
    def digest(self) -> str:
        """sha256 over the list of all files that no other list names: pins the whole site."""
        return sha256(self.listing()).hexdigest()
