"""The tables of a month or a quarter, and what a trial of other policy gives."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.model.findings import Finding, Message, say, say_day
from pipeline.model.month import Cell, PeriodReport
from pipeline.report.formats import markdown_cell, markdown_row
from pipeline.report.language import Translate, harmless
from pipeline.report.summary import DISCLAIMER

_FORMULA = tuple("=+-@＝＋－＠")
"""What a spreadsheet would take for a formula at the head of a cell, after blanks too."""


def tables_markdown(report: PeriodReport, tr: Translate) -> str:
    """For a letter to the lead department: a heading and a table each."""
    lines = [f"# {markdown_cell(tr(report.title))}", ""]
    for table in report.tables:
        lines += [f"## {markdown_cell(tr(table.title))}", ""]
        if not table.rows:
            lines += [tr(say("None.")), ""]
            continue
        lines += [markdown_row([tr(heading) for heading in table.columns])]
        lines += [markdown_row(["---"] * len(table.columns))]
        lines += [
            markdown_row([markdown_cell(cell_text(cell, tr)) for cell in row]) for row in table.rows
        ]
        lines.append("")
    return "\n".join([*lines, tr(DISCLAIMER)]) + "\n"


def tables_csv(report: PeriodReport, tr: Translate) -> str:
    """One file for a spreadsheet: the table's title first in every row, headings before rows.

    It begins with a byte order mark, without which spreadsheets misread Chinese.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for table in report.tables:
        title = tr(table.title)
        writer.writerow([title, *(tr(heading) for heading in table.columns)])
        for row in table.rows:
            writer.writerow([title, *(_csv_cell(cell, tr) for cell in row)])
    return f"\ufeff{out.getvalue()}"


def cell_text(cell: Cell, tr: Translate) -> str:
    if cell is None:
        return ""
    return tr(cell) if isinstance(cell, Message) else harmless(str(cell))


def _csv_cell(cell: Cell, tr: Translate) -> str | int:
    if isinstance(cell, int):
        return cell
    text = cell_text(cell, tr)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


@dataclass(frozen=True)
class TrialDifference:
    """A refusal that one of two governances makes, and the other does not."""

    subject: str
    """Id of the post, or of the person, account or department that owes; may be empty."""
    finding: Finding
    tried: bool
    """The governance that is tried makes it; else the one that stands does."""
    first: date
    last: date
    """First and last day at whose end it is made; of a post, the day in its id."""


@dataclass(frozen=True)
class Simulation:
    """What a trial refuses that stands today, and what it lets pass, by clause and subject."""

    since: date
    as_of: datetime
    posts: int
    """How many posts of these days were judged."""
    changes: tuple[Message, ...]
    """What is tried, a sentence each."""
    differences: tuple[TrialDifference, ...]


def simulation_markdown(simulation: Simulation, names: Mapping[str, str], tr: Translate) -> str:
    """What is tried, and one table of what it would have changed, clause by clause."""
    heads = (say("Clause"), say("Subject"), say("Days"), say("With what is tried"), say("Finding"))
    lines = [f"### {tr(say('What this would have changed'))}", ""]
    lines += [f"- {markdown_cell(tr(line))}" for line in simulation.changes]
    lines += ["", markdown_cell(tr(_extent(simulation))), ""]
    if simulation.differences:
        lines += [markdown_row(list(map(tr, heads))), markdown_row(["---"] * len(heads))]
    for row in simulation.differences:
        cells = (row.finding.clause, _subject(row, names), _days(row, tr), _mark(row, tr),
                 tr(row.finding.message))  # fmt: skip
        lines.append(markdown_row([markdown_cell(cell) for cell in cells]))
    return "\n".join([*lines, *_none(simulation, tr)]) + "\n\n"


def _extent(simulation: Simulation) -> Message:
    return say(
        "Looked at {posts} posts, and at the duties of every day from {since} to {until}.",
        posts=simulation.posts,
        since=say_day(simulation.since),
        until=say_day(simulation.as_of.date()),
    )


def _mark(row: TrialDifference, tr: Translate) -> str:
    return tr(say("refused")) if row.tried else tr(say("no longer refused"))


def _days(row: TrialDifference, tr: Translate) -> str:
    first, last = tr(say_day(row.first)), tr(say_day(row.last))
    return first if first == last else tr(say("{first} to {last}", first=first, last=last))


def _subject(row: TrialDifference, names: Mapping[str, str]) -> str:
    return harmless(names.get(row.subject, row.subject))


def _none(simulation: Simulation, tr: Translate) -> list[str]:
    return [] if simulation.differences else [tr(say("Nothing would have been judged otherwise."))]
