"""Comments of the public in a table, as records to deal with.

A table of comments is read whole before anything is made of it. Who wrote a comment is never
recorded, and private numbers are masked before a record is written.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pipeline.detect.private import mask, private_data
from pipeline.detect.replies import reported
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import Trusted
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document, schema_in
from pipeline.model.findings import Message, say, say_names
from pipeline.model.ids import R12_1, AccountId, PersonId, sha256_of
from pipeline.source.content.paths import RECORDS, Files
from pipeline.source.content.text import typed_elsewhere

MOST = 1_000
"""Rows of one table that are looked at in one go."""
LONGEST_WORDS = 1_000, 2_000
"""Characters of a summary and of a reply (`schemas/records/inquiries.json`)."""
_HEADS = (
    ("replied_at", ("回复时间", "答复时间", "reply time", "replied at", "replied_at")),
    ("reply", ("回复", "答复", "reply", "answer")),
    ("reference", ("编号", "工单", "单号", "id", "ticket", "reference")),
    ("time", ("时间", "日期", "time", "date")),
    ("author", ("昵称", "作者", "用户", "author", "user", "name")),
    ("text", ("内容", "评论", "留言", "诉求", "text", "content", "comment")),
)
"""Column → words in its head, in the order in which heads are given away."""
MOST_EARLIER = 1_500
"""Posts that one record lists (`schemas/records/earlier.json`)."""
_EARLIER = (
    ("title", ("标题", "title")),
    ("url", ("网址", "url")),
    ("published_at", ("发布时间", "published_at")),
)
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""How spreadsheets keep a number as it was typed."""
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
    reply: str = ""
    replied_at: datetime | None = None
    reference: str = ""
    """Its number elsewhere: on the platform, or of 12345."""

    @property
    def name(self) -> str:
        """The name of its record: the same whenever the row is imported again."""
        assert self.at
        parts = (self.at.isoformat(), self.reference, self.text)
        digest = sha256_of("\0".join(parts).encode())
        return f"{local_date(self.at)}-{digest[:10]}"


def comments_in(raw: bytes) -> tuple[Comment, ...]:
    """The rows of a CSV file or of a table that was pasted, in UTF-8, GB 18030 or UTF-16.

    Columns go by their heads, else they are time, author, text. Raises Fault for what is no table.
    """
    lines = table_text(raw).splitlines(keepends=True)
    tabs = bool(lines) and "\t" in lines[0]
    reader = csv.reader(lines, delimiter="\t" if tabs else ",", strict=False)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, row in enumerate(reader, 1):
            rows += [(number, list(map(_cell_text, row)))] if any(map(str.strip, row)) else []
    except csv.Error as error:
        raise Fault(
            say("Row {number} of the table cannot be read.", number=len(rows) + 1),
            say("Save it as CSV again, or paste its rows."),
        ) from error
    columns = _columns(rows[0][1]) if rows else {}
    rows = rows[1:] if columns else rows
    if not rows or len(rows) > MOST:
        raise Fault(
            say(
                "The table has {count} rows; between 1 and {most} are read.",
                count=len(rows),
                most=MOST,
            ),
            say("Give rows with a time and a text each; take a long table in parts."),
        )
    return tuple(_comments(rows, columns or {"time": 0, "author": 1, "text": 2}))


def earlier_in(raw: bytes) -> tuple[list[dict[str, str]], list[Message]]:
    """Posts of before the archive in a CSV file whose heads name title, address and time, the
    oldest first; and the rows that could not be read. Raises Fault for what is no such table."""
    reader = csv.reader(table_text(raw).splitlines(keepends=True))
    head, *rows = [list(map(_cell_text, row)) for row in reader if any(map(str.strip, row))] or [[]]
    columns = {key: head.index(word) for key, words in _EARLIER for word in words if word in head}
    if len(columns) < len(_EARLIER):
        raise Fault(
            say("The table names no title, no address or no time of publication."),
            say("Head its columns 标题, 网址 and 发布时间."),
        )
    items: list[dict[str, str]] = []
    left: list[Message] = []
    for number, row in enumerate(rows, 2):
        cells = {k: row[index] if index < len(row) else "" for k, index in columns.items()}
        at = _moment_of(cells["published_at"])
        if at is None or not cells["title"] or not re.fullmatch(r"https://\S+", cells["url"]):
            left.append(say("Row {number}: title, address or time cannot be read.", number=number))
        else:
            items.append({**cells, "published_at": at.isoformat()})
    if not items or len(items) > MOST_EARLIER:
        raise Fault(
            say(
                "The table has {count} rows; between 1 and {most} are read.",
                count=len(items),
                most=MOST_EARLIER,
            ),
            say("Take it in parts: each makes a record, and one signature covers several."),
        )
    return sorted(items, key=lambda item: item["published_at"]), left


def _cell_text(cell: str) -> str:
    """The text of a cell, without signs that no file of ours may hold."""
    match = _AS_TEXT.fullmatch(cell.strip())
    shown = unicodedata.normalize("NFC", match[1] if match else cell)  # as YAML is read
    return "".join(c for c in shown if c == "\n" or c.isprintable()).strip()


def table_text(raw: bytes) -> str:
    """The text of a table, in whatever a spreadsheet saved it. Raises Fault for what is none."""
    return typed_elsewhere(raw, "CSV", say("Save it as CSV again."))


def _columns(head: list[str]) -> dict[str, int]:
    """Column of each part, where the first row names the time and the text."""
    columns: dict[str, int] = {}
    for part, words in _HEADS:
        for index, cell in enumerate(head):
            free = index not in columns.values() and len(cell) <= 20
            if free and any(word in cell.lower() for word in words):
                columns.setdefault(part, index)
    return columns if {"time", "text"} <= columns.keys() and not _moment_of(" ".join(head)) else {}


def _comments(rows: list[tuple[int, list[str]]], columns: dict[str, int]) -> Iterator[Comment]:
    for number, row in rows:
        cells = {k: row[index] if index < len(row) else "" for k, index in columns.items()}
        at, text = _moment_of(cells["time"]), cells["text"]
        problem = None
        if at is None:
            problem = say("Row {number}: its time cannot be read.", number=number)
        elif not text:
            problem = say("Row {number}: it has no text.", number=number)
        more = (cells.get("reply", ""), _moment_of(cells.get("replied_at", "")))
        yield Comment(number, at, cells.get("author", ""), text, problem, *more,
                      cells.get("reference", "")[:60])  # fmt: skip


def _moment_of(text: str) -> datetime | None:
    match = _TIME.search(text)
    try:
        parts = "-".join(f"{int(part):02}" for part in match.groups()) if match else ""
        return datetime.strptime(parts, "%Y-%m-%d-%H-%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


# Records of many comments at once: each row is told of that makes none.


def inquiry_of(
    comment: Comment, account: AccountId, person: PersonId, operator: PersonId, now: datetime
) -> dict[str, Any] | Message:
    """The record of a comment, or why none is made: it is to be entered by hand, or mended first.

    What reports a hazard or a breach is a report (Article 12 (3)). `operator`: who replied.
    """
    if comment.problem:
        return comment.problem
    assert comment.at
    if max(comment.at, comment.replied_at or comment.at) > now:
        return say("Row {number}: its time has not come yet.", number=comment.number)
    summary, reply = mask(comment.text)[: LONGEST_WORDS[0]], mask(comment.reply)[: LONGEST_WORDS[1]]
    if private_data(summary) or private_data(reply):
        return say("Row {number}: names, addresses or other private data cannot be masked.",
                   number=comment.number)  # fmt: skip
    value: dict[str, Any] = {
        "person": person,
        "account": account,
        "type": "report" if reported(summary) else "general",
        "received_at": comment.at.isoformat(),
        "summary": summary,
    }
    if comment.reference:
        value["reference"] = comment.reference
    if not reply:
        return value
    if comment.replied_at is None or not operator:
        return say("Row {number}: its reply has no time, or no operator is named.",
                   number=comment.number)  # fmt: skip
    at = comment.replied_at.isoformat()
    return value | {"reply": {"person": operator, "at": at, "text": reply}}


class TakenIn(NamedTuple):
    """What a table of comments makes."""

    records: dict[str, dict[str, Any]]
    """Path → record, of rows that none stands for yet."""
    present: int
    """How many rows have their record already."""
    left: list[Message]
    """Why each of the others makes none."""


def taken_in(
    tree: Files,
    trusted: Trusted,
    comments: Iterable[Comment],
    account: AccountId,
    person: PersonId,
    operator: PersonId,
    now: datetime,
) -> TakenIn:
    """The records of comments that came to an account. Raises Misuse for an account or an operator
    that no register holds."""
    for name, entries in (
        (account, trusted.registers.accounts),
        (operator, trusted.registers.people),
    ):
        if name not in entries:
            raise Misuse(
                say("{name} is in no register.", name=name or "—"),
                say("Entered are: {names}.", names=say_names(sorted(entries))),
            )
    schema = Conformance(schema_in(trusted.schemas["schemas/records/inquiries.json"]), R12_1)
    made = TakenIn({}, 0, [])
    for comment in comments:
        value = inquiry_of(comment, account, person, operator, now)
        if isinstance(value, Message):
            made.left.append(value)
            continue
        path = f"{RECORDS}inquiries/{comment.name[:4]}/{comment.name}.yml"
        if path in tree.files or path in made.records:
            made = made._replace(present=made.present + 1)
        elif any(schema.findings(Document(path, value))):
            sentence = say("Row {number}: it makes no sound record.", number=comment.number)
            made.left.append(sentence)
        else:
            made.records[path] = value
    return made
