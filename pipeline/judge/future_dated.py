"""Records of what has not happened yet."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.judge.load_governance import Trusted
from pipeline.model.calendar import local_date
from pipeline.model.documents import Route
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.records import Fact
from pipeline.source.content.entries import record_clause


def premature(facts: Iterable[Fact], trusted: Trusted, as_of: datetime) -> Iterator[Finding]:
    """Records of what has not happened: an inquiry of next year would owe no answer till then."""
    minutes = trusted.registers.parameter_if_stated("time.tolerance_minutes", local_date(as_of))
    latest = as_of + timedelta(minutes=int(minutes or 0))
    for fact in facts:
        for route, value in _past((), fact.value):
            if value > (latest if isinstance(value, datetime) else local_date(latest)):
                clause = record_clause(trusted.schemas, fact.kind)
                message = say("{key} lies in the future.", key=".".join(map(str, route)))
                remedy = say("Correct it, or record it when it has happened.")
                yield Finding(clause, Effect.REFUSE, message, fact.at(*route), remedy)


def _past(route: Route, value: Any) -> Iterator[tuple[Route, Any]]:
    """Every moment in a record, and the days called `on`: they tell what was done and when."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _past((*route, key), below)
    elif isinstance(value, (list, tuple)):
        for index, below in enumerate(value):
            yield from _past((*route, index), below)
    elif isinstance(value, datetime) or (isinstance(value, date) and route[-1] == "on"):
        yield route, value
