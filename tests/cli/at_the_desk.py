"""A session with a time of its own, a key and, when asked for, somebody at the terminal."""

import csv
import io
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from click.testing import CliRunner, Result

from pipeline.cli.options import Session
from pipeline.errors import Fault
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, private_key_file
from tests.builders.named import fault_named, speaking

NOW = at("2026-11-05 18:00")


@dataclass(frozen=True)
class DeskSession(Session):
    """As `Session`, with clock and terminal given."""

    moment: datetime = NOW
    at_terminal: bool = False

    def now(self) -> datetime:
        return self.moment

    @property
    def attended(self) -> bool:
        return self.at_terminal


def run(
    command: click.Command,
    archive: ArchiveRepo,
    *arguments: str,
    by: str = "",
    typed: str = "",
    now: datetime = NOW,
    attended: bool = False,
    lang: str = "names",
) -> Result:
    """Run a verb; `by` signs with that person's key and affirms, `typed` goes to the terminal;
    `lang`: ``names``, or one that people read."""
    keys = archive.root.parent / "keys"
    keys.mkdir(exist_ok=True)
    signing = ["--key", str(private_key_file(by, keys)), "--yes"] if by else []
    spoken = "en" if lang == "names" else lang
    session = DeskSession(
        Path(archive.root), spoken, speaking(lang), dict(os.environ), now, attended
    )
    result = CliRunner().invoke(command, [*arguments, *signing], obj=session, input=typed)
    known = (Fault, SystemExit, click.Abort)
    assert result.exception is None or isinstance(result.exception, known), result.exception
    return result


Cells = dict[str, str | int | None]


def tables_in(text: str) -> dict[str, list[Cells]]:
    """Title → rows of a report as CSV: heading → what stands under it, None for nothing."""
    tables: dict[str, list[Cells]] = {}
    heads: list[str] = []
    for title, *cells in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        if title not in tables:
            tables[title], heads = [], cells
        else:
            values = (int(c) if c.isdecimal() else c or None for c in cells)
            tables[title].append(dict(zip(heads, values, strict=True)))
    return tables


def fault(result: Result) -> str:
    """The name of the fault and the values it shows (`tests.builders.named`)."""
    return fault_named(result.exception)
