"""Plain and signed records of an archive, each kind read once and lazily.

A change of one post is judged without the records of all years: the folders of the last three years
and of the years before its posts' suffice. A look-up by name covers all years. What stands is
judged with all records.
"""

import re
from collections.abc import (
    Callable,
    Collection,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Set,
)
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from pipeline.evidence.review.expunge import expunged_posts, foreign_reviews
from pipeline.evidence.review.records import read_authorisations, read_signed, refusal
from pipeline.model.archive import Change
from pipeline.model.attestations import (
    ATTESTATION,
    CORRECTED,
    attestation_fault,
    attestations,
    bound_name,
    correctors,
    events,
)
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.duties import each_declared
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.forms import SCANS
from pipeline.model.ids import F_5, R13_7, R13_10, ClauseId, PostId
from pipeline.model.lazy import Later, Lazy
from pipeline.model.part import program
from pipeline.model.records import (
    Correction,
    Expunged,
    Fact,
    FiledRecords,
    Read,
    Row,
    Signed,
    filed_under,
)
from pipeline.model.registers import Registers
from pipeline.model.run import PerRun
from pipeline.source.content.cross_checks import record_problems
from pipeline.source.content.paths import RECORDS, Files, home
from pipeline.source.content.records import (
    AUTHORISATIONS,
    CORRECTION_SCHEMA,
    corrected_fact,
    kind_of_record,
    paths_under,
    read_corrections,
    read_records,
    read_scans,
    record_clause,
    record_kinds,
    record_schema,
    records_since,
    repeated,
    reviews_by_post,
    schema_of,
    signed_files,
)
from pipeline.source.git.tree_listing import Listing

# Records in folders where no look-up finds them, or that belong to no post.


def orphaned_corrections(
    corrections: Iterable[Correction], posts: Set[PostId]
) -> Iterator[Finding]:
    """Corrections of posts that do not exist: no page would ever show them."""
    for each in corrections:
        if each.post not in posts:
            message = say("This correction belongs to no post.")
            remedy = say("Name the post that was changed, and the file after it.")
            at = each.document.locate("post")
            yield Finding(F_5, "correction-without-post", Effect.REFUSE, message, at, remedy)


def orphaned_waivers(waivers: Iterable[Signed], posts: Set[PostId]) -> Iterator[Finding]:
    """Waivers of no post, or whose name hides which post they are for."""
    for waiver in waivers:
        if waiver["post"] not in posts:
            name, message = "waiver-without-post", say("This waiver belongs to no post.")
        elif not waiver.id.startswith(f"{waiver['post']}."):
            name = "waiver-misnamed"
            message = say("The name of this waiver does not begin with its post.")
        else:
            continue
        remedy = say("Sign it again with `sanshen waive`.")
        yield Finding(waiver["clause"], name, Effect.REFUSE, message, waiver.at(), remedy)


def attestation_mismatches(
    attested: Iterable[Signed], fact: Fact, clause: ClauseId, *, brought: bool = False
) -> Iterator[Finding]:
    """Events of a record that are not what was signed; `brought`: a change brings the signature
    and not the record, so the fault lies there."""
    digests, own = events(fact), bound_name(fact, "")
    for signed in attested:
        for name, digest in signed.subject.items():
            event = name.removeprefix(own)
            if name != event and digests.get(event) != digest:
                key, _, index = event.partition(".")
                at = fact.at(key, int(index)) if index else fact.at(key)
                message = say("{key} in {path} is not what {person} signed in {other}.", key=event,
                              path=at.at_line, person=signed.person, other=signed.path)  # fmt: skip
                remedy = say(
                    "Restore it as it was signed: `git log -p {path}` shows it. What was wrong is"
                    " put right by an item of `corrected`.",
                    path=fact.path,
                )
                if brought:
                    remedy = say("Remove it, and sign again: `sanshen attest`.")
                fault, where = "event-not-attested {key} {other}", signed.at() if brought else at
                yield Finding(clause, fault, Effect.REFUSE, message, where, remedy)


def before(post: PostId) -> int:
    """The year before a post's: a record of December may be relayed in January."""
    return int(post[:4]) - 1


YEARS = 2
"""Years before the present one whose records are read when a change is judged."""
CORRECTIONS, FILINGS = "corrections", "filings"


@dataclass(frozen=True)
class Recorded:
    """The records of an archive, and the problems of those that are judged."""

    facts: Mapping[str, FiledRecords[Fact]]
    signed: Mapping[str, FiledRecords[Signed]]
    corrections: FiledRecords[Correction]
    problems: Sequence[Finding] = ()


_lately: PerRun[Listing, dict[tuple[str, int], tuple[object, Any]]] = PerRun(lambda _: {})
"""(folder, first year) → (state of the folder, records last read).

A replay moves one listing on, and few changes bring records.
"""


_with_corrections: PerRun[tuple[Fact, ...], list[int]] = PerRun(
    lambda facts: [n for n, fact in enumerate(facts) if CORRECTED in fact.value]
)
"""Places of the records that hold corrections."""


@dataclass(frozen=True)
class RecordReader:
    """Reads the records of one tree by the registers and schemas that judge."""

    tree: Files
    registers: Registers
    schemas: Mapping[str, bytes]
    statements: Mapping[str, Conformance]
    posts: Set[PostId]
    """Ids of all posts there are, and of erased ones: their evidence stays."""

    def all(
        self, moment: datetime | None, only: Collection[PostId] | None, change: Change | None
    ) -> Recorded:
        """The records to judge, none of long before a moment.

        Problems are those of a change's own files, or else of all records there are.
        """
        paths = [e.path for e in change.entries if e.path in self.tree.files] if change else []
        records = self._since(_earliest(moment, only, paths))
        if change is not None:
            return replace(records, problems=self._of(paths, records))
        if only is not None:
            return records
        return replace(records, problems=Later(lambda: self._any(records)))

    def since(self, paths: list[str], untouched: Iterable[Correction]) -> Recorded:
        """All records, and the problems of these files; the others have passed already.

        `untouched`: the corrections that others hold.
        """
        records = self._since(0)

        def corrections() -> Read[Correction]:
            came = (path for path in paths if kind_of_record(path) == CORRECTIONS)
            read, problems = self._corrections(came)
            return tuple(sorted((*untouched, *read), key=lambda c: c.path)), problems

        every = FiledRecords(lambda stem: (records.corrections.filed_under(stem), ()), corrections)
        return replace(records, corrections=every, problems=self._of(paths, records))

    def _since(self, earliest: int) -> Recorded:
        """The records in folders of a year and later; of some kinds, those of all years."""

        def facts(kind: str) -> FiledRecords[Fact]:
            if kind == SCANS:
                return self._filed(FILINGS, earliest, lambda p: (read_scans(self.tree, p), ()))
            read = partial(read_records, self.tree, self.schemas, kind)
            first = 0 if program().kind(kind).ever else earliest
            schema = schema_of(self.schemas, kind)
            return self._filed(kind, first, read, schema, partial(self._counted, signed))

        def of_signed(kind: str) -> FiledRecords[Signed]:
            return self._filed(folders[kind], earliest, partial(self._signed, kind))

        folders = program().signed_folders
        signed = Lazy([kind for kind in folders if kind in self.statements], of_signed)
        return Recorded(
            Lazy((*record_kinds(self.schemas), SCANS), facts),
            signed,
            self._filed(CORRECTIONS, 0, self._corrections, self.schemas[CORRECTION_SCHEMA]),
        )

    def _filed(
        self,
        folder: str,
        earliest: int,
        read: Callable[[Iterable[str]], Read[Row]],
        schema: bytes | None = None,
        counted: "Callable[[Read[Row]], Read[Row]]" = lambda read: read,
    ) -> FiledRecords[Row]:
        """The records of one folder, by name or as a whole, read lazily.

        `earliest`: year of the first folder that is read for the whole; `schema`: all that the
        result of `read` depends on besides the files; None: it depends on registers, too.
        `counted`: what other records make of that result.
        """
        files, path = self.tree.files, f"{RECORDS}{folder}"

        def beginning(stem: str) -> "Read[Row]":  # a quote spares a change building the type
            if not isinstance(files, Listing):
                paths = records_since(self.tree, folder, 0)
                return read([p for p in paths if p.rpartition("/")[2].startswith(stem)])
            # A filing and its scan lie in the year that their names begin with.
            years = (stem[:4],) if folder == FILINGS else files.folders(path)
            return read([p for y in years for p in files.beginning(f"{path}/{y}", stem)])

        def whole() -> "Read[Row]":
            if schema is None or not isinstance(files, Listing):
                return read(records_since(self.tree, folder, earliest))
            files.complete(path)
            cache, state = _lately(files), (schema, files.state(path))
            if cache.get((folder, earliest), ("",))[0] != state:
                paths = records_since(self.tree, folder, earliest)
                cache[folder, earliest] = state, read(paths)
            rows: Read[Row] = cache[folder, earliest][1]
            return rows

        return FiledRecords(lambda stem: counted(beginning(stem)), lambda: counted(whole()))

    def _counted(self, signed: Mapping[str, Sequence[Signed]], read: Read[Fact]) -> Read[Fact]:
        """Records with those of their corrections that a signature lets count."""
        facts, problems = list(read[0]), read[1]
        numbers = _with_corrections(read[0])
        for number in numbers:
            fact = facts[number]
            schema = record_schema(self.schemas, fact.kind)
            signers = correctors(signed.get(ATTESTATION, ()), fact, schema)
            counts = {n for n, people in enumerate(signers) if people}
            if len(counts) < len(signers):
                raw = schema_of(self.schemas, fact.kind)
                facts[number] = corrected_fact(fact, raw, counts)
        return (tuple(facts), problems) if numbers else read

    def _any(self, records: Recorded) -> tuple[Finding, ...]:
        """Problems of all records there are."""
        paths = [p for p in sorted(self.tree.files) if kind_of_record(p)]
        return (
            *records.corrections.problems,
            *orphaned_corrections(records.corrections, self.posts),
            *(p for k, of in records.facts.items() for p in self._amiss(k, of, of.problems)),
            *(p for k in record_kinds(self.schemas) for p in repeated(self.tree, k)),
            *(p for of in records.signed.values() for p in of.problems),
            *self._unbound(records.signed.get(ATTESTATION, ()), records, ()),
            *self._unknown(paths),
        )

    def _of(self, paths: list[str], records: Recorded) -> tuple[Finding, ...]:
        """Problems of these files alone; a statement is read with its signature."""
        of: dict[str, list[str]] = {}
        for path in paths:
            of.setdefault(kind_of_record(path), []).append(path)
        corrections, problems = self._corrections(of.get(CORRECTIONS, ()))
        findings = [*problems, *orphaned_corrections(corrections, self.posts)]
        findings += self._unknown(paths)
        for kind in record_kinds(self.schemas):
            if kind in of:
                read = read_records(self.tree, self.schemas, kind, of[kind])
                findings += self._amiss(kind, *read)
                clause = record_clause(self.schemas, kind)
                every = records.signed.get(ATTESTATION, ())
                for fact in read[0]:
                    others = (s for s in attestations(every, fact) if s.path not in paths)
                    findings += attestation_mismatches(others, fact, clause)
                findings += repeated(self.tree, kind, {p.rpartition("/")[2] for p in of[kind]})
        for kind, folder in program().signed_folders.items():
            stems = {p.removesuffix(".sig") for p in of.get(folder, ())}
            pairs = [p for s in stems for p in (s, f"{s}.sig") if p in self.tree.files]
            if pairs and kind in self.statements:
                signed, problems = self._signed(kind, pairs)
                findings += problems
                if kind == ATTESTATION:
                    findings += self._unbound(signed, records, paths)
        return tuple(findings)

    def _unbound(
        self, signed: Iterable[Signed], records: Recorded, paths: Collection[str]
    ) -> Iterator[Finding]:
        """Events bound by attestations that no record holds so; `paths`: files of a change."""
        for each in signed:
            for kind, id in dict.fromkeys(tuple(n.split("/")[:2]) for n in each.subject):
                facts = filed_under(records.facts[kind], id) if kind in records.facts else ()
                fact = next((f for f in facts if f.id == id), None)
                if fact is None:
                    message = say("There is no record {id} of the kind {kind}, which this attests.",
                                  id=id, kind=kind)  # fmt: skip
                    remedy = say("Restore the record: what is signed about is never removed.")
                    name = "attested-record-missing {id} {kind}"
                    yield Finding(R13_7, name, Effect.REFUSE, message, each.at(), remedy)
                else:
                    brought = bool(paths) and fact.path not in paths
                    clause = record_clause(self.schemas, kind)
                    yield from attestation_mismatches([each], fact, clause, brought=brought)

    def _amiss(
        self, kind: str, facts: Iterable[Fact], problems: Iterable[Finding]
    ) -> tuple[Finding, ...]:
        """Problems of records of one kind, and of what they name."""
        if kind == SCANS:
            return ()
        clause = record_clause(self.schemas, kind)
        return (*problems, *record_problems(kind, facts, self.registers, clause))

    def _corrections(self, paths: Iterable[str]) -> Read[Correction]:
        return read_corrections(self.tree, self.schemas, paths)

    def _signed(self, kind: str, paths: Iterable[str]) -> Read[Signed]:
        files = signed_files(self.tree, paths)
        signed, problems = read_signed(files, self.registers, self.statements[kind], kind)
        astray = tuple(orphaned_waivers(signed, self.posts)) if kind == "waiver" else ()
        if kind == ATTESTATION:
            faults = {
                s.path: fault for s in signed if (fault := attestation_fault(s, self.registers))
            }
            signed = tuple(s for s in signed if s.path not in faults)
            astray = tuple(refusal(R13_7, path, fault) for path, fault in faults.items())
        return tuple(d for s in signed for d in each_declared(s)), (*problems, *astray)

    def _unknown(self, paths: Iterable[str]) -> Iterator[Finding]:
        """Records of kinds that no schema describes: nothing is silently unread."""
        others = (k for k in program().records.values() if k.predicate or k.own_reader)
        described = {
            *(k.name for k in others if k.own_reader or k.predicate in self.statements),
            *record_kinds(self.schemas),
        }
        for path in paths:
            kind = kind_of_record(path)
            if kind and kind not in described:
                message = say("No schema says what a record of the kind {kind} is.", kind=kind)
                remedy = say("Correct the name of its folder; {known} are known. For a kind of"
                             " one's own add `schemas/records/{kind}.json`.", kind=kind,
                             known=", ".join(sorted(described)))  # fmt: skip
                name = "record-kind-unknown {kind}"
                yield Finding(R13_7, name, Effect.REFUSE, message, Location(path), remedy)


def _earliest(moment: datetime | None, only: Collection[PostId] | None, came: Iterable[str]) -> int:
    """The first year whose folders are read; 0 when everything is judged.

    `came`: files of a change, read in any year.
    """
    if only is None or moment is None:
        return 0
    years = [before(post) for post in only if re.match(r"[0-9]{4}-", post)]
    put = [int(p.split("/")[3]) for p in came if re.match(rf"{RECORDS}[^/]+/[0-9]{{4}}/", p)]
    return min([local_date(moment).year - YEARS, *years, *put])


# Which posts are erased, and what that does not cover (threats A36).


def read_expunged(
    tree: Files, registers: Registers, schema: Conformance
) -> tuple[dict[PostId, Expunged], tuple[Finding, ...]]:
    """The erased posts of a tree, by id, and the problems of their records."""
    paths = [p for p in paths_under(tree, AUTHORISATIONS) if "/expunge-" in p]
    signed, problems = read_authorisations(signed_files(tree, paths), registers, schema)
    return expunged_posts(signed, registers), problems


def expunge_problems(
    own: Mapping[PostId, Expunged],
    gone: Mapping[PostId, Expunged],
    tree: Files,
    ids: Container[str],
    schema: Conformance,
) -> tuple[Finding, ...]:
    """Findings on what an erasure does not cover: a post that is back, a review of other bytes.

    `own`: what the records of the tree erase; `gone`: that, and what later records erase.
    """
    back = [
        Finding(
            R13_10,
            "erased-post-back",
            Effect.REFUSE,
            say("The post was erased by signature and stands here again."),
            Location(f"{home(post)}/post.md"),
            say("Remove it; write a new post under another name."),
        )
        for post in sorted(p for p, e in own.items() if not e.awaits and p in ids)
    ]
    reviews = reviews_by_post(tree, gone.keys()) if gone else {}
    return (
        *back,
        *(
            f
            for post, e in sorted(gone.items())
            for f in foreign_reviews(e, signed_files(tree, reviews.get(post, ())), schema)
        ),
    )
