"""The publications that a judgement looks at, each read once by the registers that judge.

A replay meets the same records at every change and needs few of them.
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
from pipeline.model.lazy import Once
from pipeline.model.records import Publication, RecentPublications
from pipeline.model.registers import Registers
from pipeline.source.content.paths import (
    NO_DAY,
    PUBLICATIONS,
    Files,
    named_publications,
    publications_on_disk,
)
from pipeline.source.content.records import each_signed, paths_under
from pipeline.source.git.history import History
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR, Listing

RECENT = timedelta(days=120)
"""Age of the publications that count for cadence when a change is judged; the audit reads all."""
Key = tuple[str, str, str]
"""A record's path, its git object and that of its signature; an empty object is never cached."""


@dataclass
class PublicationCache:
    """Parsed publications, cached per (schema, registers) and shared by all changes they judge."""

    read: dict[Key, Publication | Finding] = field(default_factory=dict)
    latest: tuple[tuple[str, ...], tuple[Publication, ...]] = (), ()
    """The recent paths of the last look-up, and its answer: changes of a day ask for the same. One
    value, because threads share it."""


_caches: Once[Conformance, Once[Registers, PublicationCache]] = Once(
    lambda _: Once(lambda _: PublicationCache())
)


@dataclass(frozen=True)
class PublicationReader:
    """Reads publications of one tree."""

    tree: Files
    registers: Registers
    schema: Conformance
    history: History | None
    """Index of records by name, where the tree is of git."""

    def since(
        self, moment: datetime | None, only: Collection[str] | None, change: Change | None = None
    ) -> tuple[Sequence[Publication], tuple[Finding, ...]]:
        """The publications that count, and the problems of the others.

        With `only` and `moment`: those of these posts and of the change; recent ones of other posts
        are read lazily. `moment`: when the judged change came, so a replay reads the same records.
        """
        if only is None or moment is None:
            return self.counted(paths_under(self.tree, PUBLICATIONS))
        cache = self._cache
        own = set(self._paths(NO_DAY, only))
        if change:  # under any name
            came = (e.path for e in change.entries if e.status != "D")
            own.update(path for path in came if path.startswith(PUBLICATIONS))
        publications, problems = counted_publications(self._read(sorted(own), cache.read))
        earliest = (local_date(moment) - RECENT).isoformat()
        return RecentPublications(
            publications, only, partial(self._recent, earliest, cache)
        ), problems

    def counted(self, paths: Sequence[str]) -> tuple[tuple[Publication, ...], tuple[Finding, ...]]:
        """The publications of these records that count, and the problems of the others."""
        return counted_publications(self._read(paths, self._cache.read))

    @property
    def _cache(self) -> PublicationCache:
        return _caches(self.schema)(self.registers)

    def _recent(self, earliest: str, cache: PublicationCache) -> tuple[Publication, ...]:
        """The publications since a day that count."""
        paths = self._paths(earliest, ())
        last, answer = cache.latest
        if not paths or paths is not last:
            answer, _ = counted_publications(self._read(paths, cache.read))
            cache.latest = paths, answer
        return answer

    def _read(
        self, paths: Sequence[str], cached: dict[Key, Publication | Finding]
    ) -> list[Publication | Finding]:
        """Each record as a publication or a finding, by path; cached by git objects."""
        objects = {path: self._object(path) for path in paths}
        stems = sorted({path.removesuffix(".sig").removesuffix(".tsr") for path in paths})
        keys = [(s, objects.get(s, ""), objects.get(f"{s}.sig", "")) for s in stems]
        new = {key[0]: key for key in keys if key not in cached}
        files = (p for s in new for p in (s, f"{s}.sig", f"{s}.tsr") if p in objects)
        read = {
            file.path: read_publication(file, self.registers, self.schema)
            for file in each_signed(self.tree, files)
        }
        cached.update((new[path], one) for path, one in read.items() if all(new[path]))
        return [read.get(key[0]) or cached[key] for key in keys]

    def _paths(self, earliest: str, only: Collection[str]) -> tuple[str, ...]:
        """Paths of the records of these posts, and of the days since `earliest`."""
        if self.history is not None and isinstance(self.tree, Tree):
            return self.history.publications(self.tree, only, earliest)
        files = self.tree.files
        if not isinstance(files, Listing):
            paths = paths_under(self.tree, PUBLICATIONS)
            return tuple(named_publications(paths, only, earliest))
        return publications_on_disk(files, only, earliest)

    def _object(self, path: str) -> str:
        """The git object of a regular file; empty for a link, even to the same bytes."""
        blob = self.tree.files[path]
        return blob.oid if blob.mode in REGULAR else ""
