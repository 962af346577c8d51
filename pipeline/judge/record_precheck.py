"""Judge one record before it is written, for what a later change would be refused for.

Nothing that is written stays private, so a draft of a record is judged before it touches the disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.judge.load_governance import Trusted
from pipeline.judge.record_reader import RecordReader
from pipeline.law.engine import judge_change, judge_written
from pipeline.model.archive import Archive, Change, Entry, Mode
from pipeline.model.clock import Clock, midnight
from pipeline.model.documents import Route
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.records import Fact, Publication
from pipeline.source.content.post_paths import Files
from pipeline.source.content.records import kind_of_record, record_clause, record_words


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
    findings = (*recorded.problems, *premature(own, trusted, Clock(now)), *judged)
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
        for route, value in _past((), fact.value):
            if not clock.reached(value if isinstance(value, datetime) else midnight(value), slack):
                clause = record_clause(trusted.schemas, fact.kind)
                message = say("{key} lies in the future.", key=".".join(map(str, route)))
                remedy = say("Correct it, or record it when it has happened.")
                yield Finding(clause, Effect.REFUSE, message, fact.at(*route), remedy)


def _past(route: Route, value: Any) -> Iterator[tuple[Route, Any]]:
    """Every moment in a record, and the days called `on`, each with its route."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _past((*route, key), below)
    elif isinstance(value, (list, tuple)):
        for index, below in enumerate(value):
            yield from _past((*route, index), below)
    elif isinstance(value, datetime) or (isinstance(value, date) and route[-1] == "on"):
        yield route, value
