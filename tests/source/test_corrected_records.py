"""Corrections of a plain record: applied in order, typed by the schema, and never of themselves."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.attestations import value_at
from pipeline.model.findings import Finding
from pipeline.model.records import Fact
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.records import corrected_fact, read_records, schema_of
from tests.builders.cast import ROOT, at
from tests.builders.samples import RECORDS, TIME
from tests.builders.verdicts import mark

PATH = "content/records/inquiries/2026/a.yml"
LATER = "2026-11-04T15:00:00+08:00"
VALUES: dict[str, list[Any]] = {
    "received_at": [TIME, LATER],
    "summary": ["询问甲事", "询问乙事"],
    "reply.at": [TIME, LATER],
    "reply.text": ["甲", "乙"],
    "tasks.0.due": ["2026-11-07", "2026-11-08"],
    "tasks.0.returned_at": [LATER, None],
    "result": ["已办", None],
    "transferred": [{"to": "bgs", "at": LATER, "receipt": "2号"}, None],
}
"""Field → values that it may have."""


@cache
def schemas() -> dict[str, bytes]:
    paths = (ROOT / "schemas/records").glob("*.json")
    return {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in paths}


def item(field: str, value: Any) -> dict[str, Any]:
    return {"field": field, "value": value, "reason": "登记时写错", "person": "xxy-a", "at": LATER}


def read(*items: dict[str, Any]) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    raw = dump(RECORDS["inquiries"] | {"corrected": list(items)})
    return read_records(MemoryTree({PATH: raw}), schemas(), "inquiries", [PATH])


def fact(*items: dict[str, Any]) -> Fact:
    (one,), problems = read(*items)
    assert not problems
    return one


FIELDS = st.sampled_from(sorted(VALUES))
PAIRS = FIELDS.flatmap(lambda field: st.tuples(st.just(field), st.sampled_from(VALUES[field])))


@given(st.lists(PAIRS, min_size=1, max_size=6))
def test_of_several_corrections_of_a_field_the_last_holds(chosen: list[tuple[str, Any]]) -> None:
    one, plain = fact(*(item(f, v) for f, v in chosen)), fact(item("account", "wx"))
    last = dict(chosen)
    for field in VALUES:
        route = tuple(int(p) if p.isdecimal() else p for p in field.split("."))
        holds = value_at(one.value, route)
        if field not in last:
            assert holds == value_at(plain.value, route)
        elif isinstance(last[field], dict):
            assert holds["receipt"] == "2号"
        else:
            assert (holds.isoformat() if hasattr(holds, "isoformat") else holds) == last[field]
    assert one.document.value["received_at"] == TIME  # what was entered stays


def test_a_corrected_time_is_a_time() -> None:
    assert fact(item("reply.at", LATER))["reply"]["at"] == at("2026-11-04 15:00")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("reply.by", "gly-a", "key-unknown by"),
        ("answer", "甲", "corrected-key-missing answer"),
        ("tasks.1.due", "2026-11-07", "corrected-key-missing tasks.1.due"),
        ("corrected.0.value", "x", "corrected-key-missing corrected.0.value"),
        ("summary.0", "x", "corrected-key-missing summary.0"),
        ("reply.at", "昨天", "date-invalid reply.at"),
        ("type", "praise", "value-not-allowed type"),
        ("summary", None, "key-missing summary"),
        ("reply.text", None, "key-missing text"),
        ("tasks.0", None, "type-wrong tasks.0"),
    ],
)
def test_a_correction_that_leaves_no_record_is_refused_at_its_line(
    field: str, value: Any, words: str
) -> None:
    facts, problems = read(item("result", "已办"), item(field, value))
    assert not facts and [mark(f) for f in problems] == [words]
    raw = dump(RECORDS["inquiries"] | {"corrected": [item("result", "已办"), item(field, value)]})
    lines = raw.decode().split("\n")
    begun = lines.index(f'  - field: "{field}"')
    assert begun < problems[0].location.line <= begun + 2 and problems[0].remedy


def test_what_was_taken_away_is_given_back_by_a_later_correction() -> None:
    assert "result" not in fact(item("result", None)).value
    assert fact(item("result", None), item("result", "补办"))["result"] == "补办"


def test_an_event_is_given_what_it_lacked() -> None:
    """What is signed cannot grow; an event that is missing is entered."""
    value = RECORDS["inquiries"]
    tasks = [{k: v for k, v in value["tasks"][0].items() if k != "returned_at"}]
    raw = dump(value | {"tasks": tasks, "corrected": [item("tasks.0.returned_at", LATER)]})
    (one,), problems = read_records(MemoryTree({PATH: raw}), schemas(), "inquiries", [PATH])
    assert not problems and one["tasks"][0]["returned_at"] == at("2026-11-04 15:00")


def test_only_the_corrections_that_count_are_applied() -> None:
    one, schema = (
        fact(item("result", "甲"), item("result", "乙")),
        schema_of(schemas(), "inquiries"),
    )
    assert one["result"] == "乙"
    assert corrected_fact(one, schema, {0})["result"] == "甲"
    assert corrected_fact(one, schema, ())["result"] == RECORDS["inquiries"]["result"]
