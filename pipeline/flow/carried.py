"""The publications that a judgement looks at, each read once by the registers that judge.

A replay meets the same records at every change, and most of what they hold is of no concern to it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.evidence.records import counted_publications, read_publication
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Finding
from pipeline.model.once import Once
from pipeline.model.records import Publication
from pipeline.model.registers import Registers
from pipeline.source.history import History
from pipeline.source.posts import Files
from pipeline.source.records import (
    PUBLICATIONS,
    named_publications,
    paths_under,
    signed_files,
)
from pipeline.source.repository import REGULAR, Tree

RECENT = timedelta(days=120)
"""Publications looked at for cadence when a change is judged; the audit looks at all."""
Key = tuple[str, str, str]
"""A record's path, its git object and that of its signature; empty objects are never kept."""
Read = dict[Key, Publication | Finding]
_known: Once[Conformance, Once[Registers, Read]] = Once(lambda _: Once(lambda _: {}))
"""What these very schemas and registers made of records; it grows, and is shared by all changes
that they judge and by the duties of the day."""


@dataclass(frozen=True)
class Carried:
    """Reads publications of one tree."""

    tree: Files
    registers: Registers
    schema: Conformance
    history: History | None
    """What finds records by their names, where the tree is git's."""

    def since(
        self, moment: datetime, only: Collection[str] | None
    ) -> tuple[tuple[Publication, ...], tuple[Finding, ...]]:
        """All that count, or the recent ones and those of the posts in `only`; and problems.

        `moment`: when the change came that is judged, so that a replay looks where it was looked.
        """
        named: dict[str, list[str]] = {}
        # Without `only` the time is not asked: what is kept of the answer then holds on any day.
        earliest = "" if only is None else (local_date(moment) - RECENT).isoformat()
        for path in self._paths(earliest, only):
            named.setdefault(path.removesuffix(".sig").removesuffix(".tsr"), []).append(path)
        keys = [self._key(stem, named[stem]) for stem in sorted(named)]
        known = _known(self.schema)(self.registers)
        new = [p for key in keys if key not in known for p in named[key[0]]]
        read = {
            file.path: read_publication(file, self.registers, self.schema)
            for file in signed_files(self.tree, new)
        }
        found = [read.get(key[0]) or known[key] for key in keys]
        known.update((k, one) for k, one in zip(keys, found, strict=True) if all(k))
        return counted_publications(found)

    def _paths(self, earliest: str, only: Collection[str] | None) -> list[str]:
        if self.history is not None and only is not None and isinstance(self.tree, Tree):
            return self.history.publications(self.tree, only, earliest)
        return named_publications(paths_under(self.tree, PUBLICATIONS), only, earliest)

    def _key(self, stem: str, chosen: Collection[str]) -> Key:
        record, signature = (self._object(p) if p in chosen else "" for p in (stem, f"{stem}.sig"))
        return stem, record, signature

    def _object(self, path: str) -> str:
        """The git object of a regular file: a link to the same bytes is another thing."""
        blob = self.tree.files[path]
        return blob.oid if blob.mode in REGULAR else ""
