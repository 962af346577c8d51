"""due, report: what is owed when and by whom, and what a month brought."""

from datetime import datetime
from typing import Any

import click

from pipeline.cli.options import AS_OF, OUTPUT, form_option, head_option
from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity
from pipeline.errors import Misuse
from pipeline.history import duties as flow
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.model.month import Month, Quarter, first_day, quarter_named
from pipeline.model.reports import names_of
from pipeline.report.duties import NEXT_DAYS, duties_ical, duties_json, duty_lines
from pipeline.report.tables import tables_csv, tables_json, tables_markdown


@click.command()
@click.option("--ical", "as_calendar", is_flag=True, help="As a calendar feed (iCalendar).")
@form_option(("text", "json", "ical"), "Form of the list.")
@click.option(
    "-d",
    "--days",
    type=click.IntRange(min=1),
    default=NEXT_DAYS,
    show_default=True,
    help="How far to look ahead.",
)
@click.option("--mine", is_flag=True, help="Only what I can do.")
@head_option()
@AS_OF
@OUTPUT
@click.pass_obj
def due(
    session: Session,
    /,
    as_calendar: bool,
    form: str,
    days: int,
    mine: bool,
    head: str,
    as_of: datetime | None,
    output: str | None,
) -> None:
    """Duties that are overdue or fall due next, and who owes them."""
    repository = session.repository()
    owed = flow.duties(repository, repository.commit(head), session.when(as_of))
    archive, names = owed.archive, names_of(owed.archive.registers)
    me = identity(session, repository, archive.registers) if mine else None
    findings = tuple(owed.of(me)) if me else owed.findings
    if as_calendar or form == "ical":
        policy = archive.registers.policy
        title = session.tr(say("Duties of {unit}", unit=policy.unit["short_name"]))
        ident = policy.archive["id"]
        raw = duties_ical(findings, names, ident, title, archive.clock.as_given, session.tr)
        text = raw.decode()
    elif form == "json":
        text = duties_json(findings, names, archive.clock.as_given, session.tr)
    else:
        lines = list(duty_lines(findings, names, archive.clock.as_given, session.tr, days))
        none = (
            say("No duty of {person} is open.", person=me.name) if me else say("No duty is open.")
        )
        text = "\n".join(lines) or session.tr(none) + "\n"
    session.write(text, output)


@click.command()
@click.option("-m", "--month", metavar="YYYY-MM", help="The work of a month.")
@click.option(
    "--inspection", metavar="YYYYQn", help="A quarter by the indicators of the national inspection."
)
@click.option(
    "--access",
    metavar="YYYY-MM",
    help="Who could sign, publish and change what at the end of a month, and did so.",
)
@form_option(("markdown", "csv", "json"))
@head_option()
@AS_OF
@OUTPUT
@click.pass_obj
def report(
    session: Session,
    /,
    month: str | None,
    inspection: str | None,
    access: str | None,
    form: str,
    head: str,
    **given: Any,
) -> None:
    """The tables of a month or a quarter: work, inspection, or access."""
    asked = {"month": month, "inspection": inspection, "access": access}
    kinds = [(kind, text) for kind, text in asked.items() if text is not None]
    if len(kinds) != 1:
        raise Misuse(
            say("A report is of one month or of one quarter."),
            say("Give one of --month, --inspection and --access."),
        )
    ((kind, text),) = kinds
    repository, when = session.repository(), session.when(given["as_of"])
    commit, period = repository.commit(head), _period(kind, text)
    first = first_day(period) if isinstance(period, tuple) else period.first
    made = getattr(flow, kind)(repository, commit, period, when)
    if local_date(made.as_of) < first:
        raise Misuse(
            say("{period} has not begun.", period=text),
            say("Name a month or a quarter that has begun."),
        )
    if form == "csv":
        shown = tables_csv(made.tables, session.tr)
    else:
        write = tables_markdown if form == "markdown" else tables_json
        shown = write(made.tables, kind, text.upper(), made.unit, made.as_of, session.tr)
    session.write(shown, given["output"])


def _period(kind: str, text: str) -> Month | Quarter:
    try:
        return quarter_named(text) if kind == "inspection" else Month.of(text)
    except ValueError as error:
        if kind == "inspection":
            raise Misuse(
                say("{quarter} is no quarter.", quarter=text), say("Write it like 2026Q3.")
            ) from error
        raise Misuse(
            say("{month} is no month.", month=text), say("Write it like 2026-11.")
        ) from error
