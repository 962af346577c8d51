"""Judge one record before it is written, for what a later change would be refused for.

Nothing that is written stays private, so a draft of a record is judged before it touches the disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta

from pipeline.judge.load_governance import Trusted
from pipeline.judge.record_reader import RecordReader
from pipeline.law.engine import judge_change, judge_written
from pipeline.model.archive import Archive, Change, Entry, Mode
from pipeline.model.attestations import dotted, moments, route_of, value_at
from pipeline.model.calendar import Clock, midnight
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.records import Fact, Publication
from pipeline.source.content.paths import Files
from pipeline.source.content.records import (
    kind_of_record,
    record_clause,
    record_schema,
    record_words,
)


def fact_objections(
    trusted: Trusted,
    path: str,
    after: Files,
    posts: Set[str],
    now: datetime,
    publications: Sequence[Publication] = (),
) -> tuple[Finding, ...]:
    """The refusals that a plain record would bring; `after`: the files that its clauses look at;
    `posts`: ids of the posts there are; `publications`: of those that a form may list.
    """
    reader = RecordReader(after, trusted.registers, trusted.schemas, trusted.statements, posts)
    change = Change("", "", (Entry(path, "A", "records", ""),))
    recorded = reader.all(now, frozenset(), change)
    judged = record_objections(
        trusted, path, after.read(path), now, recorded.facts, posts, publications
    )
    own = [fact for fact in recorded.facts[kind_of_record(path)] if fact.path == path]
    early, wrong = premature(own, trusted, Clock(now)), disordered(own, trusted, judged)
    findings = (*recorded.problems, *early, *judged, *wrong)
    return tuple(f for f in findings if f.effect is Effect.REFUSE)


def record_objections(
    trusted: Trusted,
    path: str,
    raw: bytes,
    now: datetime,
    facts: Mapping[str, Sequence[Fact]] | None = None,
    posts: Set[str] = frozenset(),
    publications: Sequence[Publication] = (),
) -> tuple[Finding, ...]:
    """The refusals that a record would bring; `facts`: the records there are, itself included;
    `posts`: ids of the posts there are.
    """
    words = (record_words(path, raw),)
    change = Change("", "", (Entry(path, "A", "records", ""),), words=words)
    archive = Archive(
        Mode.CHANGE, Clock(now), trusted.registers, {}, posts, {}, publications, (), change=change,
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
        for route, value in moments(fact.value):
            if not clock.reached(value if isinstance(value, datetime) else midnight(value), slack):
                clause = record_clause(trusted.schemas, fact.kind)
                message = say("{key} lies in the future.", key=dotted(route))
                remedy = say("Correct it, or record it when it has happened.")
                yield Finding(clause, Effect.REFUSE, message, fact.at(*route), remedy)


def disordered(
    facts: Iterable[Fact], trusted: Trusted, others: Iterable[Finding]
) -> Iterator[Finding]:
    """Events dated before the one that they answer, as schemas say with ``after``.

    The same second is in order. A wrong date would keep a time limit, or break one. `others`: what
    clauses refuse already; no event is refused twice.
    """
    refused = {f.location for f in others}
    for fact in facts:
        schema = record_schema(trusted.schemas, fact.kind)
        for route, moment in moments(fact.value):
            for cause in schema.part(route).get("after", ()):
                first = value_at(fact.value, route_of(cause))
                own = {fact.at(*route), fact.at(route[0])}
                if first is not None and moment < first and refused.isdisjoint(own):
                    message = say("{key} lies before {field}, which it follows.",
                                  key=dotted(route), field=cause)  # fmt: skip
                    remedy = say("Correct the time that is wrong. What came in the same second is"
                                 " in order.")  # fmt: skip
                    clause = schema.clause_at(route)
                    yield Finding(clause, Effect.REFUSE, message, fact.at(*route), remedy)
