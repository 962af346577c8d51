"""The publications that a judgement looks at, each read once by the registers that judge.

A replay meets the same records at every change, and most of what they hold is of no concern to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from pipeline.evidence.review.records import counted_publications, read_publication
from pipeline.model.archive import Change
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Finding
from pipeline.model.memoize import Once
from pipeline.model.publications import Lately
from pipeline.model.records import Publication
from pipeline.model.registers import Registers
from pipeline.source.content.post_paths import Files
from pipeline.source.content.publication_names import (
    NO_DAY,
    PUBLICATIONS,
    named_publications,
    publications_on_disk,
)
from pipeline.source.content.records import each_signed, paths_under
from pipeline.source.git.history import History
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR, Listing

RECENT = timedelta(days=120)
"""Publications looked at for cadence when a change is judged; the audit looks at all."""
Key = tuple[str, str, str]
"""A record's path, its git object and that of its signature; empty objects are never kept."""


@dataclass
class Known:
    """What very schemas and registers made of records; it grows, and is shared by all changes that
    they judge and by the duties of the day."""

    read: dict[Key, Publication | Finding] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    """The recent ones asked for last, and what came of them: changes of a day ask for the same."""
    answer: tuple[Publication, ...] = ()


_known: Once[Conformance, Once[Registers, Known]] = Once(lambda _: Once(lambda _: Known()))


@dataclass(frozen=True)
class PublicationReader:
    """Reads publications of one tree."""

    tree: Files
    registers: Registers
    schema: Conformance
    history: History | None
    """What finds records by their names, where the tree is git's."""

    def since(
        self, moment: datetime | None, only: Collection[str] | None, change: Change | None = None
    ) -> tuple[Sequence[Publication], tuple[Finding, ...]]:
        """All that count and the problems of all; or those of the posts in `only` with the
        problems of their records, and of a change's, and the recent ones when they are asked for.

        `moment`: when the change came that is judged, so that a replay looks where it was looked.
        """
        if only is None or moment is None:
            return self.counted(paths_under(self.tree, PUBLICATIONS))
        known = self._known
        own = set(self._paths(NO_DAY, only))
        if change:  # whatever its name tells
            came = (e.path for e in change.entries if e.status != "D")
            own.update(path for path in came if path.startswith(PUBLICATIONS))
        found, problems = counted_publications(self._read(sorted(own), known.read))
        earliest = (local_date(moment) - RECENT).isoformat()
        return Lately(found, only, partial(self._recent, earliest, known)), problems

    def counted(self, paths: Sequence[str]) -> tuple[tuple[Publication, ...], tuple[Finding, ...]]:
        """Of these records those that count, and the problems of the others."""
        return counted_publications(self._read(paths, self._known.read))

    @property
    def _known(self) -> Known:
        return _known(self.schema)(self.registers)

    def _recent(self, earliest: str, known: Known) -> tuple[Publication, ...]:
        """Those of the days since that count."""
        paths = self._paths(earliest, ())
        if not paths or paths is not known.paths:
            known.paths = paths
            known.answer, _ = counted_publications(self._read(paths, known.read))
        return known.answer

    def _read(
        self, paths: Sequence[str], known: dict[Key, Publication | Finding]
    ) -> list[Publication | Finding]:
        """What every record is, by its path; those of the same objects as before are known."""
        objects = {path: self._object(path) for path in paths}
        stems = sorted({path.removesuffix(".sig").removesuffix(".tsr") for path in paths})
        keys = [(s, objects.get(s, ""), objects.get(f"{s}.sig", "")) for s in stems]
        new = {key[0]: key for key in keys if key not in known}
        files = (p for s in new for p in (s, f"{s}.sig", f"{s}.tsr") if p in objects)
        read = {
            file.path: read_publication(file, self.registers, self.schema)
            for file in each_signed(self.tree, files)
        }
        known.update((new[path], one) for path, one in read.items() if all(new[path]))
        return [read.get(key[0]) or known[key] for key in keys]

    def _paths(self, earliest: str, only: Collection[str]) -> tuple[str, ...]:
        """Of the records of these posts, and of days since."""
        if self.history is not None and isinstance(self.tree, Tree):
            return self.history.publications(self.tree, only, earliest)
        files = self.tree.files
        if not isinstance(files, Listing):
            paths = paths_under(self.tree, PUBLICATIONS)
            return tuple(named_publications(paths, only, earliest))
        return publications_on_disk(files, only, earliest)

    def _object(self, path: str) -> str:
        """The git object of a regular file: a link to the same bytes is another thing."""
        blob = self.tree.files[path]
        return blob.oid if blob.mode in REGULAR else ""
