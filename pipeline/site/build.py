"""Build the public archive: only what changed is made, and it is exchanged whole (design.md §8)."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.site import output, parcels
from pipeline.site.builder import build_shell, settings_of
from pipeline.site.exchange import fault_of, mend, told
from pipeline.site.inputs import BuildReport, SiteInput
from pipeline.site.log_files import refuse_unless_extended
from pipeline.site.pages import Parts, site_units
from pipeline.site.state import State
from pipeline.site.units import File, Late, Made, Unit, made_of
from pipeline.site.workshop import Told
from pipeline.workers import spread

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
        output.refuse_foreign(out)
        with output.held(out):
            mend(output.next_to(out), out)
            parts = _parts(site, work)
            present, reason = _present(out, plan)
            refuse_unless_extended(out, present, site.log)
            return _replaced(out, parts, present, plan, site, reason)


def build_shard(
    site: SiteInput, folder: Path, work: Path, shard: parcels.Shard, processes: int = 1
) -> BuildReport:
    """Make one share of the units into a parcel for `Plan.parcels`; no site comes of it alone."""
    out = folder / parcels.PART
    with told(out):
        output.refuse_foreign(out)
        with output.held(out):
            parts = _parts(site, work)
            mine = parts._replace(units=[u for u in parts.units if shard.takes(u)], lates=[])
            return _replaced(out, mine, None, Plan(processes), site, None)


def _parts(site: SiteInput, work: Path) -> Parts:
    settings = settings_of(site.archive.registers.policy)
    try:
        shell = build_shell(site.theme, settings, work, site.shelf)
    except OSError as error:
        raise fault_of(error, work) from error
    return site_units(site, shell)


def _present(out: Path, plan: Plan) -> tuple[State | None, Message | None]:
    """What stands in `out`, and why it cannot be built upon if it cannot."""
    if not out.exists() or not any(out.iterdir()):
        return None, None
    state = output.state_in(out, out)
    if state is None:
        return None, say("What the last build left is missing or damaged: everything is made anew.")
    return state, say("Everything is made anew, as asked.") if plan.whole else None


def _replaced(
    out: Path,
    parts: Parts,
    present: State | None,
    plan: Plan,
    site: SiteInput,
    reason: Message | None,
) -> BuildReport:
    units = parts.units
    draft = output.begin(out, present)
    try:
        usable = {} if plan.whole else draft.present
        same = {u.id: usable[u.id] for u in units if u.key and _is(usable.get(u.id), u)}
        draft.give_up(same)
        kept = {i: m for i, m in same.items() if draft.before.get(i) == m or draft.keep(m.files)}
        gc.freeze()  # what stands by now is old: `_make` looks only for what a page leaves
        gc.unfreeze()
        todo = parcels.unpacked([u for u in units if u.id not in kept], plan.parcels)
        site.expect(path for unit in todo if unit.reads for path in unit.reads())
        made = dict(_all_made(todo, parts.told, site, draft, plan.processes))
        state = _rounded_off(State({**kept, **made}), parts.lates, draft)
        if state.twice:
            raise Fault(say("Two pages want one path; the site was not built."))
        output.finish(draft, state, site.revision)
    except BaseException:
        with suppress(OSError):
            output.remove(draft.folder)
        raise
    return BuildReport(
        len(site.archive.posts), len(state.lines), state.size, state.digest, len(todo), reason
    )


def _is(made: Made | None, unit: Unit) -> bool:
    """Whether a unit of the present site is what it would be if it were made again."""
    return made is not None and made.key == unit.key


def _rounded_off(state: State, lates: Iterable[Late], draft: output.Draft) -> State:
    """The state with what is made of the files themselves."""
    for late in lates:
        files = late.make(state.units, lambda path: (draft.folder / path).read_bytes())
        state = state.plus(late.id, _put(late.id, "", files, draft))
    return state


def _all_made(
    todo: Iterable[Unit],
    told: dict[str, Told],
    site: SiteInput,
    draft: output.Draft,
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


def _make(site: SiteInput, draft: output.Draft, units: Sequence[Unit]) -> list[tuple[str, Made]]:
    site.prepare(path for unit in units if unit.reads for path in unit.reads())
    made = [(unit.id, _put(unit.id, unit.key, unit.make(), draft)) for unit in units]
    gc.collect(0)  # a template that imports another with its context leaves cycles
    return made


def _put(name: str, key: str, files: Iterable[File], draft: output.Draft) -> Made:
    shared = draft.present[name].files if name in draft.present else {}
    return made_of(key, (draft.put(file, shared) for file in files))
