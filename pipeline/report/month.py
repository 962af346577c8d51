"""The tables of a month or a quarter as Markdown, CSV and JSON: values in, a text out."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.model.findings import Message, say
from pipeline.model.month import Cell, NamedCell, Table
from pipeline.report.formats import markdown_cell, markdown_row
from pipeline.report.language import Translate, harmless
from pipeline.report.summary import DISCLAIMER

MONTH_VERSION = 1
"""Raised whenever a field of the JSON changes its meaning."""
_FORMULA = tuple("=+-@＝＋－＠")
"""What a spreadsheet would take for a formula at the head of a cell, after blanks too."""


TITLES: Mapping[str, Message] = {
    "month": say("{unit}: work of {period} (as of {as_of})"),
    "inspection": say("{unit}: inspection of {period} (as of {as_of})"),
    "access": say("{unit}: access in {period} (as of {as_of})"),
}
"""Kind of report → its title."""


def tables_markdown(
    tables: Sequence[Table], kind: str, period: str, unit: str, as_of: datetime, tr: Translate
) -> str:
    """For a letter to the lead department: a heading and a table each."""
    values = {"unit": unit, "period": period, "as_of": as_of}
    title = replace(TITLES[kind], values=tuple(values.items()))
    lines = [f"# {markdown_cell(tr(title))}", ""]
    for table in tables:
        lines += [f"## {markdown_cell(tr(table.title))}", ""]
        if not table.rows:
            lines += [tr(say("None.")), ""]
            continue
        lines += [markdown_row([tr(heading) for _, heading in table.columns])]
        lines += [markdown_row(["---"] * len(table.columns))]
        lines += [
            markdown_row([markdown_cell(_text(cell, tr)) for cell in row]) for row in table.rows
        ]
        lines.append("")
    return "\n".join([*lines, tr(DISCLAIMER)]) + "\n"


def tables_csv(tables: Sequence[Table], tr: Translate) -> str:
    """One file for a spreadsheet: the table's title first in every row, headings before rows.

    It begins with a byte order mark, without which spreadsheets misread Chinese.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for table in tables:
        title = tr(table.title)
        writer.writerow([title, *(tr(heading) for _, heading in table.columns)])
        for row in table.rows:
            writer.writerow([title, *(_plain(cell, tr) for cell in row)])
    return f"\ufeff{out.getvalue()}"


def tables_json(
    tables: Sequence[Table], kind: str, period: str, unit: str, as_of: datetime, tr: Translate
) -> str:
    """For machines (schemas/month.json, inspection.json): rows by stable column names."""
    value = {
        "version": MONTH_VERSION,
        **({"month": period} if kind == "month" else {"report": kind, "period": period}),
        "unit": harmless(unit),
        "as_of": as_of.isoformat(),
        "tables": {
            table.name: [
                {
                    name: cell if isinstance(cell, int) else (_machine_text(cell, tr) or None)
                    for (name, _), cell in zip(table.columns, row, strict=True)
                }
                for row in table.rows
            ]
            for table in tables
        },
        "disclaimer": tr(DISCLAIMER),
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _machine_text(cell: Cell, tr: Translate) -> str:
    """A cell for machines: the id of what has one."""
    return harmless(cell.id) if isinstance(cell, NamedCell) else _text(cell, tr)


def _text(cell: Cell, tr: Translate) -> str:
    if cell is None:
        return ""
    if isinstance(cell, NamedCell):
        cell = cell.name
    return tr(cell) if isinstance(cell, Message) else harmless(str(cell))


def _plain(cell: Cell, tr: Translate) -> str | int:
    if isinstance(cell, int):
        return cell
    text = _text(cell, tr)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
