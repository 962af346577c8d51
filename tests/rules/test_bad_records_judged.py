"""What a schema lets through, and registers that cannot be read, never stop a rule."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import trust
from pipeline.law.engine import judge_periods
from pipeline.model.archive import Archive, OnMain
from pipeline.model.calendar import Clock
from pipeline.model.findings import Effect, Finding, Outcome
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import AS_OF, at, governance
from tests.builders.layers import schema
from tests.builders.samples import RECORDS
from tests.rules.test_bad_registers import Route, trusted


def optional(of: Any, value: Any, route: Route = ()) -> Iterator[Route]:
    """Places that a schema does not ask for."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in of.get("required", ()):
                yield (*route, key)
            yield from optional(of["properties"][key], below, (*route, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from optional(of["items"], below, (*route, index))


def without(value: Any, routes: Iterator[Route] | list[Route]) -> Any:
    made = deepcopy(value)
    for route in sorted(routes, key=len, reverse=True):
        here = made
        for part in route[:-1]:
            here = here[part]
        del here[route[-1]]
    return made


def variants(kind: str) -> Iterator[dict[str, Any]]:
    """The record of every type, whole, without each optional key, and without them all."""
    of, whole = schema(f"records/{kind}"), RECORDS[kind]
    keys = list(optional(of, whole))
    for type_ in of["properties"].get("type", {}).get("enum", [None]):
        for made in (whole, *(without(whole, [k]) for k in keys), without(whole, keys)):
            yield made | ({"type": type_} if type_ else {})


def standing(files: Mapping[str, bytes], when: str = "") -> Archive:
    tree = MemoryTree({**governance(), **files})
    return assemble(trusted(), tree, OnMain(), Clock(at(when) if when else AS_OF), {})


def crashed(archive: Archive) -> list[str]:
    outcomes = judge_periods(archive, trusted().rulebook).outcomes
    return [c for c, o in outcomes.items() if o is Outcome.NOT_EVALUATED]


@pytest.mark.parametrize("kind", RECORDS)
def test_no_record_that_its_schema_accepts_stops_a_rule(kind: str) -> None:
    for number, made in enumerate(variants(kind)):
        seen = standing({f"content/records/{kind}/2026/one.yml": dump(made)})
        assert len(seen.facts[kind]) == 1, (number, made)
        assert crashed(seen) == [], made


EDGES = (
    "2026-11-04 00:00", "2027-02-28 23:59", "2028-02-29 00:00", "2028-02-29 23:59",
    "2026-11-08 23:59", "2031-12-31 23:59",
)  # fmt: skip
"""Midnight, the end of February, 29 February, the end of a week, a year without calendar."""


@pytest.mark.parametrize("when", EDGES)
def test_no_edge_of_time_stops_a_rule(when: str) -> None:
    files = {f"content/records/{k}/2026/one.yml": dump(v) for k, v in RECORDS.items()}
    assert crashed(standing(files, when)) == []


NAMES = ("people", "departments", "accounts", "wordings", "contractors")
SPOILED = {"empty": b"", "list": b"[]\n", "key": b"x: 1\n", "no": None}
UNREAD = [(n, raw) for n in NAMES for raw in SPOILED.values() if (n, raw) != ("wordings", None)]
"""The wordings of an archive that has none of its own are the program's."""


@pytest.mark.parametrize(("name", "raw"), UNREAD)
def test_a_register_that_cannot_be_read_refuses_and_stops_no_rule(
    name: str, raw: bytes | None
) -> None:
    files = governance()
    path = f"content/registers/{name}.yml"
    if raw is None:
        del files[path]
    else:
        files[path] = raw
    broken = trust(MemoryTree(files))
    refused: tuple[Finding, ...] = broken.registers.problems
    assert any(f.location.path == path and f.effect is Effect.REFUSE for f in refused)
    seen = assemble(broken, MemoryTree(files), OnMain(), Clock(AS_OF), {})
    assert crashed(seen) == []
