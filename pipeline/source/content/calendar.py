"""Working days by year out of a tree; a year whose file contradicts itself is named."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, Message, say

CALENDAR = "content/registers/calendar/"
_FILE = re.compile(rf"{CALENDAR}(\d{{4}})\.yml")


def year_of(path: str) -> int | None:
    """The year a path of the calendar stands for; None for another path."""
    named = _FILE.fullmatch(path)
    return int(named[1]) if named else None


def calendar_problems(
    path: str, document: Document, value: Mapping[str, Any], clause: str
) -> Iterator[Finding]:
    """What a year's typed value says against itself; nothing when it broke its schema."""
    for route, message in _contradictions(year_of(path), value) if value else ():
        remedy = say("Compare it with the notice of the State Council.")
        yield Finding(clause, Effect.REFUSE, message, document.locate(*route), remedy)


def _contradictions(year: int | None, value: Mapping[str, Any]) -> Iterator[tuple[Route, Message]]:
    if value["year"] != year:
        yield ("year",), say("The year differs from the name of the file.")
    off: list[date] = value["off_days"]
    worked: list[date] = value["work_weekends"]
    for name, days in (("off_days", off), ("work_weekends", worked)):
        for index, day in enumerate(days):
            if day.year != year:
                yield (name, index), say("{day} lies in another year.", day=day.isoformat())
    for index, day in enumerate(worked):
        if day in off:
            yield (
                ("work_weekends", index),
                say("{day} is both off and worked.", day=day.isoformat()),
            )
        if day.weekday() < 5:
            yield ("work_weekends", index), say("{day} is no weekend.", day=day.isoformat())
