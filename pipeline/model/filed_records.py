"""Records looked up by the names of their files, each read lazily.

A replay meets the records of three years at every change, and a change has to do with a few.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol, TypeVar

from pipeline.model.findings import Finding
from pipeline.model.lazy import LazySequence


class Filed(Protocol):
    """Whatever has a file of its own."""

    @property
    def path(self) -> str: ...


Row = TypeVar("Row", bound=Filed)
Read = tuple[tuple[Row, ...], tuple[Finding, ...]]
"""Records, and what is wrong with those that are none."""


class FiledRecords(LazySequence[Row]):
    """The sound records of one kind, by path; looking at one as a whole reads all of them."""

    def __init__(
        self, by_stem: Callable[[str], Read[Row]], everything: Callable[[], Read[Row]]
    ) -> None:
        """`by_stem` reads the files whose names begin like this, `everything` all of them."""
        self._by_stem, self._read = by_stem, everything
        self._found: dict[str, tuple[Row, ...]] = {}

    def filed_under(self, stem: str) -> tuple[Row, ...]:
        """Those whose file names begin like this, in any folder; no other is read."""
        if stem not in self._found:
            self._found[stem] = self._by_stem(stem)[0]
        return self._found[stem]

    @cached_property
    def _whole(self) -> Read[Row]:
        return self._read()

    @property
    def _all(self) -> tuple[Row, ...]:
        return self._whole[0]

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the files of the kind, each by itself."""
        return self._whole[1]


def filed_under(rows: Sequence[Row], stem: str) -> tuple[Row, ...]:
    """The rows whose file names begin like this."""
    return rows.filed_under(stem) if isinstance(rows, FiledRecords) else _beginning(rows, stem)


def _beginning(rows: Sequence[Row], stem: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.path.rpartition("/")[2].startswith(stem))
