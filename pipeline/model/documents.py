"""Parsed files with the place of every key: what `source` hands on, problems included."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.model.findings import Finding, Location

Route = tuple[str | int, ...]
"""A path of keys and list positions into a document, such as ``("source", "url")``."""


@dataclass(frozen=True)
class Document:
    """One YAML or JSON document.

    `value` is None when nothing usable was read; `problems` then says why.
    """

    path: str
    value: Any = None
    marks: Mapping[Route, tuple[int, int]] = field(default_factory=dict)
    """Route → (line, column), both from 1, in the file as stored."""
    problems: tuple[Finding, ...] = ()
    digest: str = ""
    """sha256 of the stored bytes, lower-case hex."""

    def locate(self, *route: str | int) -> Location:
        """The place of a key, or of its nearest existing parent."""
        while route and route not in self.marks:
            route = route[:-1]
        line, column = self.marks.get(route, (1, 1))
        return Location(self.path, line, column)
