"""A month, and a table of what it brought."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from pipeline.model.calendar import YEARS
from pipeline.model.duties import end_of
from pipeline.model.findings import Message


class Named(NamedTuple):
    """An account, a department, a person or a type: the id for machines, the name for people."""

    id: str
    name: str | Message


Cell = str | int | Message | Named | None


@dataclass(frozen=True)
class Table:
    """One table: a stable name, a title, the columns' headings, and rows of cells."""

    name: str
    title: Message
    columns: tuple[tuple[str, Message], ...]
    """(stable name, heading)"""
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Month:
    """A calendar month in Asia/Shanghai."""

    first: date

    @classmethod
    def of(cls, text: str) -> "Month":
        """``2026-11``. Raises ValueError for anything else."""
        if len(text) != 7:
            raise ValueError(text)
        first = date.fromisoformat(f"{text}-01")
        if first.year not in YEARS:
            raise ValueError(text)
        return cls(first)

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def end(self) -> datetime:
        """Its last second."""
        return end_of(self.last)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
