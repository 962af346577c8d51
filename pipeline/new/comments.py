"""Comments that a platform exports or that are pasted, as rows of which inquiries are made."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import Message, say
from pipeline.source.content.text import typed_elsewhere

MOST = 200
"""Rows that are looked at in one go."""
_HEADS = (
    ("time", ("时间", "日期", "time", "date")),
    ("author", ("昵称", "作者", "用户", "author", "user", "name")),
    ("text", ("内容", "评论", "留言", "text", "content", "comment")),
)
_TIME = re.compile(
    r"(20\d\d)\s?[年./-]\s?(\d\d?)\s?[月./-]\s?(\d\d?)日?[\sT]*(\d\d?)[:：时点](\d\d)", re.ASCII
)


@dataclass(frozen=True)
class Comment:
    """One row as it was read."""

    number: int
    """Of the row in the file, as a spreadsheet counts them."""
    at: datetime | None
    author: str
    """To be recognised by; it is never recorded."""
    text: str
    problem: Message | None
    """Why it cannot be taken as it is."""


def comments_in(raw: bytes) -> tuple[Comment, ...]:
    """The rows of a CSV file or of a table that was pasted, in UTF-8 or GB 18030.

    Columns go by their heads, else they are time, author, text. Raises Fault for what is no table.
    """
    lines = _decoded(raw).splitlines(keepends=True)
    tabs = bool(lines) and "\t" in lines[0]
    reader = csv.reader(lines, delimiter="\t" if tabs else ",", strict=False)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, row in enumerate(reader, 1):
            rows += [(number, [cell.strip() for cell in row])] if any(map(str.strip, row)) else []
    except csv.Error as error:
        raise Fault(
            say("Row {number} of the table cannot be read.", number=len(rows) + 1),
            say("Save it as CSV again, or paste its rows."),
        ) from error
    columns = _columns(rows[0][1]) if rows else {}
    rows = rows[1:] if columns else rows
    if not rows or len(rows) > MOST:
        raise Fault(
            say("The table has {count} rows; between 1 and {most} are read.", count=len(rows),
                most=MOST),
            say("Leave out what is no inquiry, or take it in parts."),
        )  # fmt: skip
    return tuple(_comments(rows, columns or {"time": 0, "author": 1, "text": 2}))


def _decoded(raw: bytes) -> str:
    text = typed_elsewhere(raw)
    if text is not None:
        return text
    raise Fault(
        say("{path} is neither UTF-8 nor GB 18030.", path="CSV"), say("Save it as CSV again.")
    )


def _columns(head: list[str]) -> dict[str, int]:
    """Column of each part, where the first row names the time and the text."""
    columns: dict[str, int] = {}
    for part, words in _HEADS:
        for index, cell in enumerate(head):
            free = index not in columns.values() and len(cell) <= 20
            if free and any(word in cell.lower() for word in words):
                columns.setdefault(part, index)
    return columns if {"time", "text"} <= columns.keys() and not _moment(" ".join(head)) else {}


def _comments(rows: list[tuple[int, list[str]]], columns: dict[str, int]) -> Iterator[Comment]:
    for number, row in rows:
        cells = {k: row[index] if index < len(row) else "" for k, index in columns.items()}
        at, text = _moment(cells["time"]), cells["text"]
        problem = None
        if at is None:
            problem = say("Row {number}: its time cannot be read.", number=number)
        elif not text:
            problem = say("Row {number}: it has no text.", number=number)
        yield Comment(number, at, cells.get("author", ""), text, problem)


def _moment(text: str) -> datetime | None:
    match = _TIME.search(text)
    try:
        parts = "-".join(f"{int(part):02}" for part in match.groups()) if match else ""
        return datetime.strptime(parts, "%Y-%m-%d-%H-%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
