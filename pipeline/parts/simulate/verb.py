"""simulate: what another policy would ask of what happened."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import click

from pipeline.cli.options import AS_OF, OUTPUT, Day, Session, head_option
from pipeline.errors import Misuse
from pipeline.judge.archive_at import assemble
from pipeline.judge.judge_posts import judge_one
from pipeline.judge.load_governance import When, governing_files, pinned, trust
from pipeline.law.engine import judge_periods
from pipeline.model.archive import Archive, OnMain
from pipeline.model.calendar import Clock, local_date
from pipeline.model.duties import end_of
from pipeline.model.findings import EXIT_NOTHING, Effect, Finding, say, say_day
from pipeline.model.ids import CommitId
from pipeline.model.law import Rulebook, parameter_schemas
from pipeline.model.policy import Parameter, Policy
from pipeline.model.registers import Registers
from pipeline.model.reports import Verdict, names_of
from pipeline.new.profiles import profile_named
from pipeline.parts.people.offices import set_parameter, with_profile
from pipeline.report.governed_change import governed_change_in_words
from pipeline.report.tables import Simulation, TrialDifference, simulation_markdown
from pipeline.source.content.paths import Files, MemoryTree, post_ids
from pipeline.source.git.history import handlers
from pipeline.source.git.repository import Repository
from pipeline.workers import spread

# What stands at a commit is judged twice, by its own policy and registers and by those that are
# tried, as if these had held since a day (OpenFisca calls such a trial a reform).

WEEKS = 12
"""How far back a trial looks where no day is given."""


def simulated(
    repository: Repository,
    head: CommitId,
    tried: Callable[[Files], Files],
    since: date | None,
    when: When,
    processes: int = 1,
) -> Simulation | None:
    """Judge what stands at `head` from a day on, by its governance and by another.

    `tried`: makes a tree with the other policy and registers of the tree that stands; law and rules
    are not tried. Duties are judged at the end of each day. None where nothing differs to try.
    Raises Misuse for a day to come, and for governance that is not sound.
    """
    tree = repository.tree(head)
    stands = pinned(trust(tree), repository, head)
    clock = Clock(when(stands.registers))
    since = since or clock.today - timedelta(weeks=WEEKS)
    if not clock.day_reached(since):
        raise Misuse(
            say("{day} has not begun.", day=say_day(since)),
            say("Choose a day that has passed: what happened since is judged again."),
        )
    other = pinned(trust(tried(tree), to_come=True), repository, head).registers
    if _values(other) == _values(stands.registers):
        return None
    trial = replace(stands, registers=_held_since(stands.registers, other, since))
    ids = frozenset(i for i in post_ids(tree, ()) if i >= since.isoformat())
    handled = handlers(repository, head)
    old, new = (
        assemble(trusted, tree, OnMain(), Clock(clock.as_given), handled, ids)
        for trusted in (stands, trial)
    )
    rows = [
        *_of_posts(old, new, stands.rulebook),
        *_of_days(old, new, stands.rulebook, since, processes),
    ]
    rows.sort(key=lambda d: (d.finding.clause, d.subject, d.first, d.tried))
    texts = {n: p.get("description", "") for n, p in parameter_schemas(stands.rulebook).items()}
    changes = governed_change_in_words(stands.registers, trial.registers, texts)
    return Simulation(since, clock.as_given, len(ids), tuple(changes), tuple(rows))


def _values(registers: Registers) -> Mapping[str, Any]:
    return {name: document.value for name, document in registers.documents.items()}


def _held_since(stands: Registers, tried: Registers, since: date) -> Registers:
    """The registers to try, their new settings as if they had taken effect on a day.

    Raises Misuse for the first problem that they have and the present ones lack.
    """
    before = {p.mark for p in stands.problems}
    for problem in tried.problems:
        if problem.effect is Effect.REFUSE and problem.mark not in before:
            where = say("{path}: {message}", path=problem.location.path, message=problem.message)
            raise Misuse(where, problem.remedy)
    return replace(tried, policy=_shifted(stands.policy, tried.policy, since))


def _shifted(stands: Policy, tried: Policy, since: date) -> Policy:
    """A policy whose changed parameters take their latest value on a day."""

    def settings(name: str) -> tuple[Parameter, ...]:
        old, new = stands.parameters.get(name, ()), tried.parameters[name]
        if new == old:
            return new
        held = tuple(s for s in old if s.effective_from < since)
        return (*held, replace(new[-1], effective_from=since))

    return replace(tried, parameters={name: settings(name) for name in tried.parameters})


_Key = tuple[object, ...]


def _apart(old: Verdict, new: Verdict) -> Iterator[tuple[_Key, Finding, bool]]:
    """(mark, refusal, whether the trial makes it) of what only one of two verdicts refuses."""

    def refusals(verdict: Verdict) -> dict[_Key, Finding]:
        return {f.mark: f for f in verdict.findings if f.effect is Effect.REFUSE}

    was, now = refusals(old), refusals(new)
    yield from ((key, f, False) for key, f in was.items() if key not in now)
    yield from ((key, f, True) for key, f in now.items() if key not in was)


def _of_posts(old: Archive, new: Archive, rulebook: Rulebook) -> Iterator[TrialDifference]:
    for post in sorted(old.posts):
        day = date.fromisoformat(post[:10])
        verdicts = (judge_one(post, archive, rulebook) for archive in (old, new))
        for _, finding, tried in _apart(*verdicts):
            yield TrialDifference(post, finding, tried, day, day)


def _of_days(
    old: Archive, new: Archive, rulebook: Rulebook, since: date, processes: int
) -> Iterator[TrialDifference]:
    """Differences of duties over time, each with the first and the last day it is made."""
    now = old.clock.as_given

    def judged(moment: datetime) -> list[tuple[_Key, Finding, bool]]:
        at = (replace(archive, clock=Clock(moment)) for archive in (old, new))
        return list(_apart(*(judge_periods(archive, rulebook) for archive in at)))

    count = (local_date(now) - since).days + 1
    moments = [min(end_of(since + timedelta(number)), now) for number in range(count)]
    rows: dict[tuple[_Key, bool], TrialDifference] = {}
    for moment, apart in zip(moments, spread(moments, judged, processes), strict=True):
        day = local_date(moment)
        for key, finding, tried in apart:
            first = rows[key, tried].first if (key, tried) in rows else day
            rows[key, tried] = TrialDifference(finding.owes, finding, tried, first, day)
    yield from rows.values()


# The verb.

_TRIED_FROM, _TRIED_BY = date(2099, 1, 1), "[D] 试算"
"""Day and source of a setting that is only tried; the trial gives it a day of its own."""


@click.command()
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--profile", metavar="NAME", help="Try the numbers of another place, like gansu.")
@click.option("--proposal", metavar="COMMIT", help="Try the policy and registers of this commit.")
@click.option("--since", type=Day(), help="First day to judge again; twelve weeks ago by default.")
@head_option()
@AS_OF
@OUTPUT
@click.pass_obj
def simulate(
    session: Session,
    /,
    settings: tuple[str, ...],
    profile: str | None,
    proposal: str | None,
    since: date | None,
    head: str,
    as_of: datetime | None,
    output: str | None,
) -> None:
    """Try another number, register or whole policy on what happened, and list what changes.

    Nothing is written. What stands since a day is judged by the present policy and registers and by
    those that are tried, as if they had held since that day: `simulate cadence.text.count=3 --since
    2026-09-01`. Law and rules are not tried. Exit 3 where nothing differs.
    """
    if not (settings or profile or proposal):
        raise Misuse(
            say("Nothing is given to try."),
            say("Name a parameter and a value, like `sanshen simulate cadence.text.count=3`."),
        )
    repository = session.repository()
    another = profile_named(profile) if profile else None

    def tried(tree: Files) -> MemoryTree:
        begin = repository.tree(repository.commit(proposal)) if proposal else tree
        other = governing_files(begin)
        if another:
            other |= with_profile(MemoryTree(other), another, _TRIED_FROM)
        for setting in settings:
            other |= _with_setting(MemoryTree(other), setting)
        return MemoryTree(other)

    tree = repository.tree(repository.commit(head))
    made = simulated(
        repository, repository.commit(head), tried, since, session.when(as_of), session.processes
    )
    if made is None:
        session.remark(say("What is tried is what stands: policy and registers do not differ."))
        raise SystemExit(EXIT_NOTHING)
    names = names_of(trust(tree).registers)
    session.write(simulation_markdown(made, names, session.tr), output)


def _with_setting(tree: MemoryTree, setting: str) -> dict[str, bytes]:
    name, equals, value = setting.partition("=")
    if not equals:
        raise Misuse(
            say("{setting} states no value.", setting=setting),
            say("Write it like `cadence.text.count=3`."),
        )
    return set_parameter(tree, name.strip(), value.strip(), _TRIED_FROM, _TRIED_BY)
