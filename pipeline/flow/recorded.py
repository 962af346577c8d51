"""Plain and signed records of an archive, each kind read once and only when somebody asks.

A change of one post is judged without the records of all years: of those only the folders of the
last three years are looked at, as with publications; what stands is judged with all of them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pipeline.evidence.signed import read_signed
from pipeline.flow.lazy import Lazy
from pipeline.model.archive import Change
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.filings import SCANS
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import Registers
from pipeline.source.coherence import record_problems
from pipeline.source.facts import (
    kind_of_record,
    read_records,
    record_clause,
    record_kinds,
    records_since,
)
from pipeline.source.posts import Files
from pipeline.source.records import signed_files
from pipeline.source.scans import read_scans

FOLDERS: Mapping[str, str] = {
    "declaration": "declarations",
    "rotation": "rotations",
    "waiver": "waivers",
}
"""Predicate kind → folder under content/records."""
YEARS = 2
"""Years before the present one whose records are looked at when a change is judged."""
OTHERS = ("publications", "corrections", "authorisations")
"""Kinds with readers of their own."""
Value = TypeVar("Value")
Read = tuple[tuple[Value, ...], tuple[Finding, ...]]


@dataclass(frozen=True)
class Recorded:
    """The records of an archive, and what is wrong with those that were asked about."""

    facts: Mapping[str, tuple[Fact, ...]]
    signed: Mapping[str, tuple[Signed, ...]]
    problems: tuple[Finding, ...]


@dataclass(frozen=True)
class RecordReader:
    """Reads the records of one tree by the registers and schemas that judge."""

    tree: Files
    registers: Registers
    schemas: Mapping[str, bytes]
    statements: Mapping[str, Conformance]
    posts: Set[str]
    """Ids of all posts there are."""

    def all(self, as_of: datetime, only: Collection[str] | None, change: Change | None) -> Recorded:
        """The records to look at; problems of a change's own files, or else of all there are."""
        facts, signed = self._kinds(_earliest(as_of, only))
        problems: tuple[Finding, ...] = ()
        if change is not None:
            problems = self._of([e.path for e in change.entries if e.path in self.tree.files])
        elif only is None:
            paths = [p for p in sorted(self.tree.files) if kind_of_record(p)]
            problems = (
                *(p for _, found in facts.values() for p in found),
                *(p for _, found in signed.values() for p in found),
                *self._unknown(paths),
            )
        return _recorded(facts, signed, problems)

    def since(self, paths: list[str]) -> Recorded:
        """All records, and the problems of these files: the others are known to have none."""
        return _recorded(*self._kinds(0), self._of(paths))

    def _kinds(self, earliest: int) -> tuple[Lazy[str, Read[Fact]], Lazy[str, Read[Signed]]]:
        """Kind → its records in folders of a year and later, read when asked for."""

        def facts(kind: str) -> Read[Fact]:
            if kind == SCANS:
                return read_scans(self.tree), ()
            return self._facts(kind, records_since(self.tree, kind, earliest))

        def signed(kind: str) -> Read[Signed]:
            return self._signed(kind, records_since(self.tree, FOLDERS[kind], earliest))

        return Lazy((*record_kinds(self.schemas), SCANS), facts), Lazy(FOLDERS, signed)

    def _of(self, paths: list[str]) -> tuple[Finding, ...]:
        """What is wrong with these files alone, a statement with its signature."""
        found = list(self._unknown(paths))
        of: dict[str, list[str]] = {}
        for path in paths:
            of.setdefault(kind_of_record(path), []).append(path)
        for kind in record_kinds(self.schemas):
            if kind in of:
                found += self._facts(kind, of[kind])[1]
        for kind, folder in FOLDERS.items():
            stems = {p.removesuffix(".sig") for p in of.get(folder, ())}
            pairs = [p for s in stems for p in (s, f"{s}.sig") if p in self.tree.files]
            if pairs:
                found += self._signed(kind, pairs)[1]
        return tuple(found)

    def _facts(self, kind: str, paths: Iterable[str]) -> Read[Fact]:
        facts, problems = read_records(self.tree, self.schemas, kind, paths)
        clause = record_clause(self.schemas, kind)
        return facts, (*problems, *record_problems(facts, self.registers, clause))

    def _signed(self, kind: str, paths: Iterable[str]) -> Read[Signed]:
        files = signed_files(self.tree, paths)
        signed, problems = read_signed(files, self.registers, self.statements[kind], kind)
        strays = tuple(_strays(signed, self.posts)) if kind == "waiver" else ()
        return signed, (*problems, *strays)

    def _unknown(self, paths: Iterable[str]) -> Iterator[Finding]:
        """Records of kinds that no schema describes: nothing is silently unread."""
        known = {*OTHERS, *FOLDERS.values(), *record_kinds(self.schemas)}
        for path in paths:
            kind = kind_of_record(path)
            if kind and kind not in known:
                message = say("No schema says what a record of the kind {kind} is.", kind=kind)
                remedy = say("Remove it, or add schemas/records/{kind}.json.", kind=kind)
                yield Finding("R13-7", Effect.REFUSE, message, Location(path), remedy)


def _recorded(
    facts: Lazy[str, Read[Fact]], signed: Lazy[str, Read[Signed]], problems: tuple[Finding, ...]
) -> Recorded:
    return Recorded(
        Lazy(facts, lambda kind: facts[kind][0]),
        Lazy(signed, lambda kind: signed[kind][0]),
        problems,
    )


def _strays(waivers: Iterable[Signed], posts: Set[str]) -> Iterator[Finding]:
    """Waivers of no post, or whose name hides which post they are for."""
    for waiver in waivers:
        if waiver["post"] not in posts:
            message = say("This waiver belongs to no post.")
        elif not waiver.id.startswith(f"{waiver['post']}."):
            message = say("The name of this waiver does not begin with its post.")
        else:
            continue
        remedy = say("Sign it again with `sanshen waive`.")
        yield Finding(waiver["clause"], Effect.REFUSE, message, waiver.at(), remedy)


def _earliest(as_of: datetime, only: Collection[str] | None) -> int:
    """The first year whose folders are looked at: all when everything is judged."""
    if only is None:
        return 0
    years = [int(post[:4]) for post in only if re.match(r"\d{4}-", post)]
    return min([local_date(as_of).year - YEARS, *years])
