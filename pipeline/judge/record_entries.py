"""What a change does to plain records that stand, and one record judged before it is written.

A change of main is asked as a proposal is: both are compared with their base. The schema of the
base decides: one that knows no `corrected` is of a time when a record could only be rewritten
(docs/decisions/0024). Nothing that is written stays private, so a draft of a record is judged
before it touches the disk.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

from pipeline.judge.load_governance import Trusted
from pipeline.judge.record_reader import RecordReader
from pipeline.law.engine import judge_change, judge_written
from pipeline.model import attestations, brings, documents, duties
from pipeline.model.archive import Archive, Change, Entry, OnBranch
from pipeline.model.calendar import Clock, midnight, minute
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Effect, Finding, say, say_names
from pipeline.model.ids import NO_COMMIT, NO_DIGEST, PostId
from pipeline.model.part import program
from pipeline.model.posts import Handler
from pipeline.model.records import Fact, Publication
from pipeline.source.content import records
from pipeline.source.content.paths import Files


def fact_objections(
    trusted: Trusted,
    path: str,
    after: Files,
    posts: Set[PostId],
    now: datetime,
    publications: Sequence[Publication] = (),
) -> tuple[Finding, ...]:
    """The refusals that a plain record would bring; `after`: the files that its clauses look at;
    `posts`: ids of the posts there are; `publications`: of those that a form may list.
    """
    reader = RecordReader(after, trusted.registers, trusted.schemas, trusted.statements, posts)
    change = Change(NO_COMMIT, NO_COMMIT, (Entry(path, "A", "records", NO_DIGEST),))
    recorded = reader.all(now, frozenset(), change)
    judged = record_objections(
        trusted, path, after.read(path), now, recorded.facts, posts, publications
    )
    own = [fact for fact in recorded.facts[records.kind_of_record(path)] if fact.path == path]
    early, wrong = premature(own, trusted, Clock(now)), disordered(own, trusted, judged)
    findings = (*recorded.problems, *early, *judged, *wrong)
    return tuple(f for f in findings if f.effect is Effect.REFUSE)


def record_objections(
    trusted: Trusted,
    path: str,
    raw: bytes,
    now: datetime,
    facts: Mapping[str, Sequence[Fact]] | None = None,
    posts: Set[PostId] = frozenset(),
    publications: Sequence[Publication] = (),
) -> tuple[Finding, ...]:
    """The refusals that a record would bring; `facts`: the records there are, itself included;
    `posts`: ids of the posts there are.
    """
    words = (records.record_words(path, raw),)
    change = Change(NO_COMMIT, NO_COMMIT, (Entry(path, "A", "records", NO_DIGEST),), words=words)
    archive = Archive(
        OnBranch(change), Clock(now), trusted.registers, {}, posts, {}, publications, (),
        facts=facts or {},
    )  # fmt: skip
    findings = judge_change(archive, trusted.rulebook).findings
    if facts is not None:
        findings = (*findings, *judge_written(archive, trusted.rulebook))
    return tuple(f for f in findings if f.effect is Effect.REFUSE and f.location.path == path)


def premature(facts: Iterable[Fact], trusted: Trusted, clock: Clock) -> Iterator[Finding]:
    """Records of what has not happened: an inquiry of next year would owe no answer till then."""
    minutes = trusted.registers.current("time.tolerance_minutes", clock)
    slack = timedelta(minutes=int(minutes or 0))
    for fact in facts:
        for route, value in attestations.moments(fact.value):
            if not clock.reached(value if isinstance(value, datetime) else midnight(value), slack):
                clause = records.record_clause(trusted.schemas, fact.kind)
                message = say("{key} lies in the future.", key=attestations.dotted(route))
                remedy = say("Correct it, or record it when it has happened.")
                name, at = "event-in-future {key}", fact.at(*route)
                yield Finding(clause, name, Effect.REFUSE, message, at, remedy)


def disordered(
    facts: Iterable[Fact], trusted: Trusted, others: Iterable[Finding]
) -> Iterator[Finding]:
    """Events dated before the one that they answer, as schemas say with ``after``.

    The same second is in order. A wrong date would keep a time limit, or break one. `others`: what
    clauses refuse already; no event is refused twice.
    """
    refused = {f.location for f in others}
    for fact in facts:
        schema = records.record_schema(trusted.schemas, fact.kind)
        for route, moment in attestations.moments(fact.value):
            for cause in schema.part(route).get("after", ()):
                first = attestations.value_at(fact.value, attestations.route_of(cause))
                own = {fact.at(*route), fact.at(route[0])}
                if first is not None and moment < first and refused.isdisjoint(own):
                    message = say("{key} lies before {field}, which it follows.",
                                  key=attestations.dotted(route), field=cause)  # fmt: skip
                    remedy = say(
                        "Correct the time that is wrong. What came in the same second is in order."
                    )
                    clause, name = schema.clause_at(route), "event-out-of-order {key} {field}"
                    yield Finding(clause, name, Effect.REFUSE, message, fact.at(*route), remedy)


SHOWN = 80
"""Characters of a value that a finding shows."""


def entry_findings(
    archive: Archive,
    after: Files,
    before: Callable[[], Files],
    trusted: Trusted,
    writers: Callable[[Collection[str]], Mapping[str, Collection[Handler]]],
) -> Iterator[Finding]:
    """Refusals of events that are rewritten, and notes on those that are entered late, or by
    another than they name.

    `writers`: as of `record_writers`, of the change.
    """
    kinds = set(records.record_kinds(trusted.schemas))
    for entry in archive.change.entries if archive.change else ():
        kind = records.kind_of_record(entry.path)
        if kind not in kinds or entry.status == "D":
            continue
        schema = records.record_schema(trusted.schemas, kind)
        if attestations.CORRECTED not in schema.schema.get("properties", {}):
            continue
        old: tuple[Fact, ...] = ()
        if entry.status != "A":  # most records are new, and their base need not be read
            old, _ = records.read_records(before(), trusted.schemas, kind, [entry.path])
        new, _ = records.read_records(after, trusted.schemas, kind, [entry.path])
        for fact in new:
            stood = old[0].document.value if old else {}
            yield from _rewritten(stood, fact, schema)
            yield from _unsigned(fact, schema, archive)
            yield from _unattested(stood, fact, schema, archive)
            yield from _own_check(old, fact, schema, archive)
            yield from _late(stood, fact, schema, archive)
            yield from _by_another(stood, fact, schema, archive, writers([fact.path]))


def _by_another(
    stood: Any,
    fact: Fact,
    schema: Conformance,
    archive: Archive,
    writers: Mapping[str, Collection[Handler]],
) -> Iterator[Finding]:
    """A note on what another enters than the record names, unless somebody signs it."""
    new = [
        e
        for e in attestations.unattested(archive, fact)
        if attestations.value_at(stood, attestations.route_of(e)) is None
    ]
    ids = attestations.strangers(fact, writers, archive.registers, archive.clock) if new else []
    if ids:
        names = [
            archive.registers.name_of(i) if i else say("an address in no register") for i in ids
        ]
        message = say("By its commit, {who} entered {id}, whom it does not name: it counts for no"
                      " one.", who=say_names(names), id=fact.id)  # fmt: skip
        remedy = say(
            "Who knows it to be so signs it: `sanshen attest {kind} {id}`; else enter it in your"
            " own name, from your own address.", kind=fact.kind, id=fact.id,
        )  # fmt: skip
        route = attestations.route_of(new[0])
        location = fact.at(*route)
        clause = schema.clause_at(route)
        yield Finding(clause, "entered-by-another {id}", Effect.NOTE, message, location, remedy)


def replaced(stood: Any, value: Any) -> Iterator[tuple[documents.Route, Any, Any]]:
    """(route, old value, new value or None) of what stood and is altered or gone.

    Private data may give way to stars: it must not be read, and no other word is lost.
    """
    for route, old, new in attestations.rewrites(stood, value):
        if not (isinstance(old, str) and isinstance(new, str) and program().starred(old, new)):
            yield route, old, new


def _rewritten(stood: Any, fact: Fact, schema: Conformance) -> Iterator[Finding]:
    """A refusal for each value that stood on main and is altered or gone."""
    for route, old, new in replaced(stood, fact.document.value):
        key = attestations.dotted(route)
        message = say("{key} stands on main and is written once: {old} may not become {new}.",
                      key=key, old=shown(old), new=shown(new))  # fmt: skip
        item = f"- {{field: {key}, value: {shown(new)}, reason: …, person: …, at: …}}"
        remedy = say("Restore it, and correct it beside: add `{item}` to `corrected` at the end of"
                     " the file.", item=item)  # fmt: skip
        if route[0] == attestations.CORRECTED:
            remedy = say("Restore it. A correction that is wrong is corrected by a later one of the"
                         " same field.")  # fmt: skip
        at = fact.at(*route)
        clause = schema.clause_at(route)
        yield Finding(clause, "event-rewritten {key}", Effect.REFUSE, message, at, remedy)


def _unsigned(fact: Fact, schema: Conformance, archive: Archive) -> Iterator[Finding]:
    """A refusal of each correction that no signature lets count."""
    signed = archive.signed.get(attestations.ATTESTATION, ())
    for number, people in enumerate(attestations.correctors(signed, fact, schema)):
        if not people:
            field = fact.document.value[attestations.CORRECTED][number]["field"]
            message = say(
                "The correction of {key} awaits a signature, and does not count yet.", key=field
            )
            remedy = say("A member of staff signs it on this branch: `sanshen attest {kind} {id}"
                         " --event {event}`; a time is signed by a person whom the record does not"
                         " name, a decision by who took it.", kind=fact.kind, id=fact.id,
                         event=f"{attestations.CORRECTED}.{number}")  # fmt: skip
            clause = schema.clause_at(attestations.route_of(field))
            at = fact.at(attestations.CORRECTED, number)
            yield Finding(clause, "correction-unsigned {key}", Effect.REFUSE, message, at, remedy)


def _unattested(stood: Any, fact: Fact, schema: Conformance, archive: Archive) -> Iterator[Finding]:
    """A refusal of each new event without a signature, where policy asks for one of that kind."""
    kinds = archive.registers.parameter_if_stated("record.signed_kinds", archive.entry_day)
    for event in attestations.unattested(archive, fact) if fact.kind in (kinds or ()) else ():
        route = attestations.route_of(event)
        if route[0] != attestations.CORRECTED and attestations.value_at(stood, route) is None:
            message = say("{key} of {id} comes without a signature.", key=event, id=fact.id)
            remedy = say("Who knows it to be so signs it on this branch: `sanshen attest {kind}"
                         " {id}`.", kind=fact.kind, id=fact.id)  # fmt: skip
            clause = schema.clause_at(route)
            location = fact.at(*route)
            yield Finding(clause, "event-unsigned {key}", Effect.REFUSE, message, location, remedy)


EntryCheck = Callable[[Sequence[Fact], Fact, Conformance, Archive], Iterable[Finding]]
"""The record that stood (or none), as it becomes, its schema, the archive → findings on what it is
given (`Kind.on_entry`)."""


def _own_check(
    old: Sequence[Fact], fact: Fact, schema: Conformance, archive: Archive
) -> Iterable[Finding]:
    kind = program().kind(fact.kind)
    check: EntryCheck | None = brings.load(kind.on_entry) if kind.on_entry else None
    return check(old, fact, schema, archive) if check else ()


def shown(value: Any) -> str:
    """A value as YAML takes it, on one line and without private numbers."""
    text: str = program().masked(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def late_events(
    stood: Any, fact: Fact, schema: Conformance, entered: datetime, hours: int | None
) -> list[tuple[datetime, documents.Route]]:
    """(when it happened, where it stands) of what a record is given this long after it happened.

    `stood`: what the record held before; `hours`: None where the policy states none.
    """
    if hours is None or program().kind(fact.kind).of_long_ago:
        return []
    every = (
        (value if isinstance(value, datetime) else duties.end_of(value), route)
        for route, value in attestations.moments(schema.convert(fact.document.value))
        if attestations.value_at(stood, route) is None
    )
    limit = entered - timedelta(hours=hours)
    return sorted(((at, route) for at, route in every if at < limit), key=lambda row: row[0])


def _late(stood: Any, fact: Fact, schema: Conformance, archive: Archive) -> Iterator[Finding]:
    """A note on the events that a record is given long after they happened (补记)."""
    hours = archive.registers.parameter_if_stated("record.late_hours", archive.entry_day)
    late = late_events(stood, fact, schema, archive.entered or archive.as_of, hours)
    for first, route in late[:1]:
        message = say("Entered more than {hours} hours after it happened on {at}: {known}.",
                      hours=hours, at=minute(first),
                      known=", ".join(attestations.dotted(r) for _, r in late))  # fmt: skip
        remedy = say(
            "Nothing to do: late entries are told as such. Record what happens on the same day."
        )
        location = fact.at(*route)
        clause = schema.clause_at(route)
        yield Finding(clause, "event-entered-late", Effect.NOTE, message, location, remedy)
