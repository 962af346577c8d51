"""simulate: what another policy would ask of what happened."""

from datetime import date, datetime

import click

from pipeline.cli.options import AS_OF, OUTPUT, Day, form_option, head_option
from pipeline.cli.session import Session
from pipeline.errors import Misuse
from pipeline.judge.load_governance import governing_files, trust
from pipeline.model.findings import EXIT_NOTHING, say
from pipeline.model.reports import names_of
from pipeline.new.profiles import profile_named
from pipeline.parts.people.offices import set_parameter, with_profile
from pipeline.parts.simulate.simulate import simulate as judge
from pipeline.report import tables
from pipeline.source.content.paths import Files, MemoryTree

_TRIED_FROM, _TRIED_BY = date(2099, 1, 1), "[D] 试算"
"""Day and source of a setting that is only tried; the trial gives it a day of its own."""


@click.command()
@click.argument("settings", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--profile", metavar="NAME", help="Try the numbers of another place, like gansu.")
@click.option("--proposal", metavar="COMMIT", help="Try the policy and registers of this commit.")
@click.option("--since", type=Day(), help="First day to judge again; twelve weeks ago by default.")
@form_option(("text", "markdown"))
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
    form: str,
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
    made = judge(repository, repository.commit(head), tried, since, session.when(as_of),
                 session.processes)  # fmt: skip
    if made is None:
        session.remark(say("What is tried is what stands: policy and registers do not differ."))
        raise SystemExit(EXIT_NOTHING)
    write = getattr(tables, f"simulation_{form}")
    session.write(write(made, names_of(trust(tree).registers), session.tr), output)


def _with_setting(tree: MemoryTree, setting: str) -> dict[str, bytes]:
    name, equals, value = setting.partition("=")
    if not equals:
        raise Misuse(
            say("{setting} states no value.", setting=setting),
            say("Write it like `cadence.text.count=3`."),
        )
    return set_parameter(tree, name.strip(), value.strip(), _TRIED_FROM, _TRIED_BY)
