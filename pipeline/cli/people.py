"""people and policy: offices begun, ended and handed over; parameters set from a day on."""

from collections.abc import Mapping
from datetime import date

import click

from pipeline.cli.options import Day
from pipeline.cli.session import Session
from pipeline.cli.signing_options import show_change
from pipeline.errors import Misuse
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import say, say_day
from pipeline.model.registers import Registers
from pipeline.new.offices import (
    FACTS,
    begin_office,
    end_offices,
    governed_with,
    hand_over,
    set_fact,
    set_parameter,
)
from pipeline.report.left_open import unfinished_matters
from pipeline.source.git.worktree import WorkTree, work_tree

ROLE = click.option("--role", required=True, metavar="ROLE", help="As in `sanshen new people`.")


@click.group()
def people() -> None:
    """Who holds which office from when: show, role, end, and hand one over."""


@people.command()
@click.argument("person", required=False)
@click.pass_obj
def show(session: Session, /, person: str | None) -> None:
    """List the people and what they hold, with the first and the last day."""
    registers = trust(work_tree(session.repository())).registers
    for entry in registers.people.values():
        if person not in (None, entry.id):
            continue
        click.echo(f"{entry.id}  {entry.name}  {' '.join(entry.emails)}")
        for tenure in entry.tenures:
            end = say_day(tenure.end) if tenure.end else "-"
            line = say("{role} of {department}, {start} to {end}", role=tenure.role,
                       department=registers.name_of(tenure.department),
                       start=say_day(tenure.start), end=end)  # fmt: skip
            click.echo(f"  {session.tr(line)}")


@people.command()
@click.argument("person")
@ROLE
@click.option("--department", required=True, metavar="DEPARTMENT", help="Id of the department.")
@click.option("--from", "first", type=Day(), help="First day; default: today.")
@click.pass_obj
def role(session: Session, /, person: str, role: str, department: str, first: date | None) -> None:
    """Give a person one more role."""
    tree = work_tree(session.repository())
    files = begin_office(tree, person, role, department, first or local_date(session.now()))
    _write(session, tree, files)


@people.command()
@click.argument("person")
@click.option("--on", "last", type=Day(), required=True, help="Last day in office, included.")
@click.option("--role", default="", metavar="ROLE", help="This role alone; default: all of them.")
@click.option("--department", default="", metavar="DEPARTMENT", help="In this department alone.")
@click.pass_obj
def end(session: Session, /, person: str, last: date, role: str, department: str) -> None:
    """End what a person holds, and list what that leaves to do."""
    tree = work_tree(session.repository())
    after = _write(session, tree, end_offices(tree, person, last, role, department))
    _list_open(session, after, person, last)


@people.command()
@click.argument("old")
@click.argument("new")
@ROLE
@click.option("--on", "first", type=Day(), required=True, help="First day of the new holder.")
@click.pass_obj
def handover(session: Session, /, old: str, new: str, role: str, first: date) -> None:
    """End a role of one person, begin it for another, and list what is to be handed over.

    The last day of the old holder is the day before.
    """
    tree = work_tree(session.repository())
    after = _write(session, tree, hand_over(tree, old, new, role, first))
    _list_open(session, after, old, date.fromordinal(first.toordinal() - 1), new)


def _write(session: Session, tree: WorkTree, files: Mapping[str, bytes]) -> Registers:
    """Show what files change, and write them; the registers that they make."""
    after = governed_with(tree, files)
    show_change(session, tree, after)
    session.write_files(tree.root, files)
    return trust(after).registers


def _list_open(
    session: Session, registers: Registers, person: str, last: date, successor: str = ""
) -> None:
    session.remark(say("What this leaves to do:"))
    for number, (what, following) in enumerate(
        unfinished_matters(registers, person, last, successor), 1
    ):
        click.echo(f"{number:>3}. {session.tr(what)}", err=True)
        click.echo(f"     {session.tr(say('Next: {what}', what=following))}", err=True)


@click.group()
def policy() -> None:
    """Set a parameter from a day on, or state a fact of the unit anew."""


@policy.command("set")
@click.argument("name")
@click.argument("value")
@click.option("--from", "first", type=Day(), help="The day from which it holds.")
@click.option("--source", default="", help="By what: `[S] …`, `[V] …`, `[K] …` or `[D] …`.")
@click.option("--ahead", metavar="UNIT", help="No article has it yet: its unit, or nothing.")
@click.pass_obj
def set_(
    session: Session, /, name: str, value: str, first: date | None, source: str, ahead: str | None
) -> None:
    """Append a setting of the parameter NAME; what stood before stays for its days.

    `archive.…` and `unit.…` are facts, which have no day and no source. A list is given with
    commas between. `sanshen rules --parameters` lists all parameters.
    """
    tree = work_tree(session.repository())
    if name.startswith(FACTS):
        _write(session, tree, set_fact(tree, name, value))
    elif first is None or not source:
        raise Misuse(
            say("A parameter needs a first day and a source."),
            say("Give --from and --source, like `--source '[D] …'`."),
        )
    else:
        _write(session, tree, set_parameter(tree, name, value, first, source, ahead))
    session.remark(say("Commit it on a branch and have it authorised: `sanshen authorise`."))
