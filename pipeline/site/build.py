"""Build the public archive: only what changed is made, and it is exchanged whole (design.md .8)."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from pipeline.model.findings import Message, say
from pipeline.site import output_folder, shards
from pipeline.site import state as states
from pipeline.site.evidence.log_files import refuse_unless_extended
from pipeline.site.frame.mkdocs_shell import Shell, build_shell, settings_of
from pipeline.site.inputs import BuildReport, SiteInput
from pipeline.site.output_folder import Draft, fault_of, mend, told
from pipeline.site.pages.redirects import resting
from pipeline.site.pages.site_plan import Parts, site_groups
from pipeline.site.render_context import Told
from pipeline.site.state import Damaged, Part, State, Units
from pipeline.site.units import WHOLE, File, Group, Late, Made, Unit, made_of
from pipeline.workers import spread

# What stands in a site that is being made: its groups, lists of them, and the end of all.

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


_POSTS_AT_ONCE = 10_000
_AT_ONCE = 16
"""Units whose files are read together: a round trip to git costs more than a file."""


@dataclass(frozen=True)
class Plan:
    """How to build, which never changes what is built."""

    processes: int = 1
    whole: bool = False
    """Make everything again, whatever the last build left."""
    parcels: tuple[Path, ...] = ()
    """Folders that `build_shard` filled: units found in them need not be made."""


def build(site: SiteInput, out: Path, work: Path, plan: Plan | None = None) -> BuildReport:
    """Build `site` into the folder `out`; the shell is made in `work`, and kept there at need.

    The site that stood in `out` stays until the new one is whole. Raises Fault when `out` holds
    files that are not ours, when another build is under way, when a disk is full or read-only,
    when the theme cannot be built, and when the log does not extend the one that `out` shows.
    """
    plan = plan or Plan()
    with told(out):
        output_folder.refuse_foreign(out)
        with output_folder.held(out):
            mend(output_folder.next_to(out), out)
            shell = shell_of(site, work)
            present, reason = _present(out, plan)
            try:
                return _upon(present, out, shell, plan, site, reason)
            except Damaged:
                return _upon(None, out, shell, plan, site, _DAMAGED)


def _upon(
    present: State | None,
    out: Path,
    shell: Shell,
    plan: Plan,
    site: SiteInput,
    reason: Message | None,
) -> BuildReport:
    refuse_unless_extended(out, present, site.log)
    return _replaced(out, _parts(site, shell, present, plan), present, plan, site, reason)


def build_shard(
    site: SiteInput, folder: Path, work: Path, shard: shards.Shard, processes: int = 1
) -> BuildReport:
    """Make one share of the units into a parcel for `Plan.parcels`; no site comes of it alone."""
    out = folder / shards.PART
    with told(out):
        output_folder.refuse_foreign(out)
        with output_folder.held(out):
            plan = Plan(processes)
            parts = _parts(site, shell_of(site, work), None, plan)
            mine = Parts([shard.share(g) for g in parts.groups], [], parts.told)
            return _replaced(out, mine, None, plan, site, None)


def shell_of(site: SiteInput, work: Path) -> Shell:
    """The frames and assets of the theme. Raises Fault when it cannot be drawn or written."""
    settings = settings_of(site.archive.registers.policy)
    try:
        return build_shell(site.theme, settings, work, site.shelf)
    except OSError as error:
        raise fault_of(error, work) from error


def _parts(site: SiteInput, shell: Shell, present: State | None, plan: Plan) -> Parts:
    known = present.parts if present and not plan.whole else {}
    return site_groups(site, shell, {group: part.told for group, part in known.items()})


_DAMAGED = say("What the last build left is missing or damaged: everything is made anew.")


def _present(out: Path, plan: Plan) -> tuple[State | None, Message | None]:
    """What stands in `out`, and why it cannot be built upon if it cannot."""
    if not out.exists() or not any(out.iterdir()):
        return None, None
    state = output_folder.state_in(out, out)
    if state is None:
        return None, _DAMAGED
    return state, say("Everything is made anew, as asked.") if plan.whole else None


def _replaced(
    out: Path,
    parts: Parts,
    present: State | None,
    plan: Plan,
    site: SiteInput,
    reason: Message | None,
) -> BuildReport:
    usable = present.parts if present and not plan.whole else {}
    groups = parts.groups
    standing = {g.id for g in groups if g.key and g.id in usable and usable[g.id].key == g.key}
    draft = output_folder.begin(out, present, standing)
    try:
        finished, made = Finished(draft, partial(_put, draft)), 0
        for some in _together(groups):
            known = {g.id: usable[g.id] for g in some if g.id in standing}
            made += _make_groups(some, known, finished, parts.told, plan, site)
        rests = resting(site.theme, finished) if parts.lates else ()
        if parts.lates:
            finished.close(parts.lates)
        digest, state = finished.digest, finished.state
        output_folder.finish(draft, state, site.revision)
    except BaseException:
        with suppress(OSError):
            output_folder.remove(draft.folder)
        raise
    posts = sum(len(volume.posts) for volume in site.volumes)
    return BuildReport(posts, state.files, state.size, digest, made, reason, rests)


def _together(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Groups that are made at once: so many that all processes are busy, and no more, because what
    is read and drawn for them is held until they are done. The whole goes with the newest year,
    which tells what its lists and feeds show."""
    some: list[Group] = []
    for group in groups:
        if group.id != WHOLE and sum(g.posts for g in some) >= _POSTS_AT_ONCE:
            yield some
            some = []
        some.append(group)
    yield some


def _make_groups(
    groups: Iterable[Group],
    known: Mapping[str, Part],
    finished: Finished,
    told: dict[str, Told],
    plan: Plan,
    site: SiteInput,
) -> int:
    """How many units were made. `known`: groups that stand, unless a file of them is gone."""
    draft, kept = finished.draft, dict[str, Made]()
    usable = {} if plan.whole else draft.present
    opened: list[tuple[Group, list[Unit]]] = []
    for group in groups:
        part = known.get(group.id)
        there = finished.keep(group.id, part) if part else {}
        if there is None:
            continue
        kept |= there
        units = list(group.units())
        opened.append((group, units))
        same = ((u.id, m) for u in units if u.key and (m := usable.get(u.id)) and m.key == u.key)
        kept |= {i: m for i, m in same if i not in kept and draft.keep(m.files)}
    gc.freeze()  # what stands by now is old: `_make` looks only for what a page leaves
    gc.unfreeze()
    todo = [u for _, units in opened for u in units if u.id not in kept]
    todo = shards.unpacked(todo, plan.parcels)
    site.expect(path for unit in todo if unit.reads for path in unit.reads())
    made = kept | dict(_all_made(todo, told, site, draft, plan.processes))
    for group, units in opened:
        finished.add(group, units, made)
        group.done()
    told.clear()
    return len(todo)


def _all_made(
    todo: Iterable[Unit],
    told: dict[str, Told],
    site: SiteInput,
    draft: Draft,
    processes: int,
) -> Iterator[tuple[str, Made]]:
    """What became of units: first of those that read files, then of those that they tell."""
    reading: list[Unit] = []
    others: list[list[Unit]] = []
    for unit in todo:
        if unit.reads:
            reading.append(unit)
        else:
            others.append([unit])
    make = partial(_make, site, draft)
    together = [reading[at : at + _AT_ONCE] for at in range(0, len(reading), _AT_ONCE)]
    for made, said in spread(together, partial(_make_telling, make, told), processes):
        told |= said
        yield from made
    for made in spread(others, make, processes):
        yield from made


def _make_telling(
    make: Callable[[Sequence[Unit]], list[tuple[str, Made]]],
    told: dict[str, Told],
    units: Sequence[Unit],
) -> tuple[list[tuple[str, Made]], dict[str, Told]]:
    """What became of units, and what they told, which the process that waits for it must hear."""
    made = make(units)
    said = dict(told)
    told.clear()
    return made, said


def _make(site: SiteInput, draft: Draft, units: Sequence[Unit]) -> list[tuple[str, Made]]:
    site.prepare(path for unit in units if unit.reads for path in unit.reads())
    made = [(unit.id, _put(draft, unit.id, unit.key, unit.make())) for unit in units]
    gc.collect(0)  # a template that imports another with its context leaves cycles
    return made


def _put(draft: Draft, name: str, key: str, files: Iterable[File]) -> Made:
    shared = draft.present[name].files if name in draft.present else {}
    return made_of(key, (draft.put(file, shared) for file in files))
