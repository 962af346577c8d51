"""due, report: what is owed when and by whom, and what a month brought."""

from typing import Any

import click

from pipeline.cli.options import AS_OF, OUTPUT, Session, form_option, head_option, together
from pipeline.cli.signing_options import identity
from pipeline.errors import Misuse
from pipeline.history.duties import duties
from pipeline.model import calendar, part, reports
from pipeline.model.brings import ReportOption, load
from pipeline.model.findings import say, say_names
from pipeline.model.month import Month, PeriodReport, Quarter, first_day, quarter_named
from pipeline.report.duties import NEXT_DAYS, duty_lines
from pipeline.report.tables import tables_csv, tables_markdown


@click.command()
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
def due(session: Session, /, days: int, mine: bool, head: str, **given: Any) -> None:
    """Duties that are overdue or fall due next, and who owes them."""
    repository = session.repository()
    owed = duties(repository, repository.commit(head), session.when(given["as_of"]))
    archive, names = owed.archive, reports.names_of(owed.archive.registers)
    me = identity(session, repository, archive.registers) if mine else None
    lines = list(duty_lines(owed.of(me) if me else owed.findings, names, archive.clock.as_given,
                            session.tr, days))  # fmt: skip
    none = say("No duty of {person} is open.", person=me.name) if me else say("No duty is open.")
    text = "\n".join(lines) or session.tr(none) + "\n"
    session.write(text, given["output"])


MONTH = ReportOption("month", "The work of a month.", "pipeline.history.month_report:month")
REPORTS = {report.name: report for report in (MONTH, *part.program().reports)}


def _option(report: ReportOption) -> Any:
    short = ["-m"] if report is MONTH else []
    metavar = "YYYYQn" if report.quarter else "YYYY-MM"
    return click.option(*short, f"--{report.name}", metavar=metavar, help=report.help)


@click.command()
@together(*map(_option, REPORTS.values()))
@form_option(("markdown", "csv"))
@head_option()
@AS_OF
@OUTPUT
@click.pass_obj
def report(session: Session, /, form: str, head: str, **given: Any) -> None:
    """The tables of a month or a quarter: work, inspection, or access."""
    asked = [(REPORTS[name], given[name]) for name in REPORTS if given[name] is not None]
    if len(asked) != 1:
        options = say_names([f"--{name}" for name in REPORTS])
        raise Misuse(
            say("A report is of one month or of one quarter."),
            say("Give one of these: {options}.", options=options),
        )
    ((kind, text),) = asked
    repository, when = session.repository(), session.when(given["as_of"])
    commit, period = repository.commit(head), period_of(kind, text)
    first = first_day(period) if isinstance(period, tuple) else period.first
    made: PeriodReport = load(kind.where)(repository, commit, period, when)
    if calendar.local_date(made.as_of) < first:
        raise Misuse(
            say("{period} has not begun.", period=text),
            say("Name a month or a quarter that has begun."),
        )
    write = tables_csv if form == "csv" else tables_markdown
    session.write(write(made, session.tr), given["output"])


def period_of(kind: ReportOption, text: str) -> Month | Quarter:
    try:
        return quarter_named(text) if kind.quarter else Month.of(text)
    except ValueError as error:
        wrong = say("{quarter} is no quarter.", quarter=text), say("Write it like 2026Q3.")
        if not kind.quarter:
            wrong = say("{month} is no month.", month=text), say("Write it like 2026-11.")
        raise Misuse(*wrong) from error
