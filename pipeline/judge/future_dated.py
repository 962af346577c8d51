"""Records of what has not happened yet."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.judge.load_governance import Trusted
from pipeline.model.clock import Clock, midnight
from pipeline.model.documents import Route
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.records import Fact
from pipeline.source.content.records import record_clause


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
