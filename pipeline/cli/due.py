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
from pipeline.model.month import Month
from pipeline.model.reports import names_of
from pipeline.report.duties import NEXT_DAYS, duties_ical, duties_json, duty_lines
from pipeline.report.month import month_csv, month_json, month_markdown


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
@click.option("-m", "--month", "wanted", required=True, metavar="YYYY-MM", help="The month.")
@form_option(("markdown", "csv", "json"))
@head_option()
@AS_OF
@OUTPUT
@click.pass_obj
def report(session: Session, /, wanted: str, form: str, head: str, **given: Any) -> None:
    """The tables of a month: updates, relays, replies, contributions, declarations, duties."""
    try:
        month = Month.of(wanted)
    except ValueError as error:
        raise Misuse(
            say("{month} is no month.", month=wanted), say("Write it like 2026-11.")
        ) from error
    repository, when = session.repository(), session.when(given["as_of"])
    made = flow.month(repository, repository.commit(head), month, when)
    if local_date(made.as_of) < month.first:
        raise Misuse(
            say("{month} has not begun.", month=wanted), say("Name a month that has begun.")
        )
    if form == "csv":
        text = month_csv(made.tables, session.tr)
    else:
        write = {"markdown": month_markdown, "json": month_json}[form]
        text = write(made.tables, month, made.unit, made.as_of, session.tr)
    session.write(text, given["output"])
