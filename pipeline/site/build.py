"""Build the public archive: only what changed is made, and the site is swapped whole (0041)."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pipeline.evidence.log.tiles import LISTS
from pipeline.model.findings import Message, say
from pipeline.model.ids import sha256_of
from pipeline.site import output_folder, state
from pipeline.site.evidence.archive_evidence import UNLISTED, refuse_unless_extended
from pipeline.site.frame.mkdocs_shell import Shell, build_shell, settings_of
from pipeline.site.inputs import BuildReport, SiteInput
from pipeline.site.output_folder import Staging, fault_of
from pipeline.site.pages.posts import post_units
from pipeline.site.pages.site_plan import SitePlan, assets, site_plan
from pipeline.site.render_context import RenderContext, Rendered
from pipeline.site.state import BuiltGroup, SiteState, SpoiledState, Units
from pipeline.site.units import WHOLE, File, FinalUnit, Group, UnfinishedSite, Unit, UnitFiles
from pipeline.workers import spread

_POSTS_AT_ONCE = 10_000
_AT_ONCE = 16
"""Units whose files are read together: a round trip to git costs more than a file."""
_WORTH_A_FORK = 100
"""Units without posts: one post more makes fifty, for which two workers take half a second more
than one process."""
_SPOILED = say("What the last build left is missing or damaged: everything is made anew.")


@dataclass(frozen=True)
class Plan:
    """How to build, which never changes what is built."""

    processes: int = 1
    whole: bool = False
    """Make everything again, whatever the last build left."""


def build(site: SiteInput, out: Path, work: Path, plan: Plan | None = None) -> BuildReport:
    """Build `site` into the folder `out`; the shell is made in `work`.

    The site that stood in `out` stays until the new one is whole. Raises Fault when `out` holds
    files that are not ours, when another build is under way, when a disk is full or read-only,
    when the theme cannot be built, and when the log does not extend the one that `out` shows.
    """
    plan = plan or Plan()
    with output_folder.building_into(out):
        present = state.load(state.beside(out), output_folder.state_name(out))
        shell = shell_of(site, work)
        try:
            if present or not out.exists() or not any(out.iterdir()):
                reason = say("Everything is made anew, as asked.") if plan.whole else None
                return _build_upon(present, out, shell, plan, site, reason if present else None)
        except SpoiledState:
            pass
        return _build_upon(None, out, shell, plan, site, _SPOILED)


def preview(site: SiteInput, work: Path) -> Iterator[File]:
    """Files of the page of the only post that `site` shows, and of all that the page loads.

    Paths are from the site's root. Raises Fault as `shell_of`.
    """
    ctx = RenderContext(site, shell_of(site, work))
    (year,) = ctx.years
    for unit in post_units(ctx, year, None, None):
        yield from unit.make()
    yield from assets(ctx)


def shell_of(site: SiteInput, work: Path) -> Shell:
    """The frames and assets of the theme. Raises Fault when it cannot be drawn or written."""
    settings = settings_of(site.archive.registers.policy, site.theme)
    try:
        return build_shell(site.theme, settings, work, site.shelf)
    except OSError as error:
        raise fault_of(error, work) from error


def _build_upon(
    present: SiteState | None,
    out: Path,
    shell: Shell,
    plan: Plan,
    site: SiteInput,
    reason: Message | None,
) -> BuildReport:
    refuse_unless_extended(out, present.units(WHOLE) if present else {}, site.log)
    base = None if plan.whole else present
    summaries = {group: built.summary for group, built in base.groups.items()} if base else {}
    plan_of_site = site_plan(site, shell, summaries)
    return _Build(site, plan_of_site, plan, output_folder.begin(out, base)).run(reason)


@dataclass
class _Build:
    """One build; the groups that are done by now satisfy `units.UnfinishedSite`."""

    site: SiteInput
    plan: SitePlan
    how: Plan
    staging: Staging
    groups: dict[str, BuiltGroup] = field(default_factory=dict)
    """Groups of the new site."""
    before: dict[str, Units] = field(default_factory=dict)
    """Group → its units in the present site, unless the group stands as it is."""
    after: dict[str, dict[str, UnitFiles]] = field(default_factory=dict)
    """Group → its units in the new site, unless the group stands as it is."""
    made: int = 0

    def run(self, reason: Message | None) -> BuildReport:
        """Stage the site and swap it. Raises SpoiledState before anything of `out` changes."""
        staging = self.staging
        try:
            self._stage()
            lines = dict(staging.present.lines) if staging.present else {}
            lines |= {group: state.line_of(units) for group, units in self.after.items()}
            new = SiteState(self.groups, lines)
            name = new.digest
            if not staging.present or staging.present.digest != name:
                new.save(state.beside(staging.out))
            staging.finish(name, self.site.revision)
        except BaseException:
            with suppress(OSError):
                output_folder.remove(staging.folder)
            raise
        posts = sum(len(volume.posts) for volume in self.site.volumes)
        files = sum(group.files for group in self.groups.values())
        size = sum(group.size for group in self.groups.values())
        digest = sha256_of(state.listing(self.after[WHOLE]))
        return BuildReport(posts, files, size, digest, self.made, reason)

    def _stage(self) -> None:
        """Make what changed."""
        gc.freeze()  # and, in the oldest generation, what there is by now: `_make` looks for the
        gc.unfreeze()  # cycles of templates alone
        present = self.staging.present
        for group, built in present.groups.items() if present else ():
            if self._stands(group, built):
                self.groups[group] = built
            else:
                self.before[group] = present.units(group) if present else {}
                for files in self.before[group].values():
                    self.staging.old.update(files.files)
        opened = [group for group in self.plan.groups if group.id not in self.groups]
        for some in _batches(opened):
            self._make_groups(some)
        self._finish_whole()

    def _stands(self, group: str, built: BuiltGroup) -> bool:
        wanted = next((g.key for g in self.plan.groups if g.id == group), "")
        return bool(wanted) and wanted == built.key

    def _make_groups(self, groups: Sequence[Group]) -> None:
        opened = [(group, list(group.units())) for group in groups]
        made: dict[str, UnitFiles] = {}
        for group, units in opened:
            usable = self.before.get(group.id, {})
            same = (u.id for u in units if u.key and u.id in usable and usable[u.id].key == u.key)
            made |= {i: usable[i] for i in same}
        todo = [u for _, units in opened for u in units if u.id not in made]
        self.made += len(todo)
        made |= self._all_made(todo)
        for group, units in opened:
            self._add(group, units, made)
            group.release()
        self.plan.rendered.clear()

    def _add(self, group: Group, units: Iterable[Unit], made: Mapping[str, UnitFiles]) -> None:
        built = {unit.id: made[unit.id] for unit in units}
        heads = (head for unit in units for head in unit.heads)
        for files in built.values():
            self.staging.claim(files)
        self.after[group.id] = built
        self.groups[group.id] = state.built_group(group.key, built, heads, group.summary)

    def _all_made(self, todo: Sequence[Unit]) -> dict[str, UnitFiles]:
        """Make units: first those that read posts, then those that show what the first rendered."""
        reading = [unit for unit in todo if unit.reads]
        self.site.expect(path for unit in reading if unit.reads for path in unit.reads())
        made: dict[str, UnitFiles] = {}
        processes = self.how.processes
        batches = [reading[at : at + _AT_ONCE] for at in range(0, len(reading), _AT_ONCE)]
        for files, rendered in spread(batches, self._make_posts, processes, together=1):
            made |= files
            self.plan.rendered.update(rendered)
        # An index takes as long as hundreds of pages, so those begin: no process waits for one.
        long = [[unit] for unit in todo if not unit.reads and unit.heads]
        short = [[unit] for unit in todo if not unit.reads and not unit.heads]
        first = len(long) if short else 0
        for files in spread(
            [*long, *short], self._make, processes, together=1, few=_WORTH_A_FORK, first=first
        ):
            made |= files
        return made

    def _make_posts(self, units: Sequence[Unit]) -> tuple[dict[str, UnitFiles], Rendered]:
        """Files of units, and the texts they rendered, for the process that started this one."""
        self.site.prepare(path for unit in units if unit.reads for path in unit.reads())
        made, rendered = self._make(units), dict(self.plan.rendered)
        self.plan.rendered.clear()
        return made, rendered

    def _make(self, units: Sequence[Unit]) -> dict[str, UnitFiles]:
        made = {unit.id: self._put(unit.key, unit.make()) for unit in units}
        self.site.prepare(())  # what was made of posts is left
        gc.collect(0)  # a template that imports another with its context leaves cycles
        return made

    def _put(self, key: str, files: Iterable[File]) -> UnitFiles:
        rows = [self.staging.put(file) for file in files]
        lines = "".join(f"{digest}  {path}\n" for path, digest, _ in rows)
        return UnitFiles(key, sum(size for *_, size in rows), lines)

    def _finish_whole(self) -> None:
        """Add what shows other files to the whole: the lists of groups, then the final units."""
        usable, whole = self.before.get(WHOLE, {}), self.after[WHOLE]
        years = [group for group in self.groups if group != WHOLE]
        lists = [FinalUnit(f"list:{year}", partial(_list, year), of=year) for year in years]
        for unit in (*lists, *self.plan.final):
            key, old = self.groups[unit.of].digest if unit.of else "", usable.get(unit.id)
            same = old if key and old and old.key == key else None
            whole[unit.id] = same or self._put(key, unit.make(self))
            self.staging.claim(whole[unit.id])
        self.groups[WHOLE] = state.built_group("", whole, self.groups[WHOLE].heads, None)

    def units(self, group: str) -> Units:
        present = self.staging.present
        return self.after[group] if group in self.after or not present else present.units(group)

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(sorted(head for group in self.groups.values() for head in group.heads))

    def read(self, path: str) -> bytes:
        return (self.staging.folder / path).read_bytes()

    def listing(self) -> bytes:
        units = self.after[WHOLE].items()
        return state.listing({i: files for i, files in units if not i.startswith(UNLISTED)})


def _list(year: str, site: UnfinishedSite) -> Iterator[File]:
    yield f"{LISTS}{year}.sha256", state.listing(site.units(year))


def _batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Groups that are made at once: so many that all processes are busy, and no more, because what
    is read and rendered for them is held until they are done. The whole goes with the newest year,
    whose posts its lists and feeds show."""
    some: list[Group] = []
    for group in groups:
        if group.id != WHOLE and sum(g.posts for g in some) >= _POSTS_AT_ONCE:
            yield some
            some = []
        some.append(group)
    yield some
