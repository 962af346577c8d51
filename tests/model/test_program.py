"""Versions compare as numbers, and a schema is as a version had it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import __version__
from pipeline.model.program import VERSION, Program, as_of, asked_of, order
from pipeline.source.program import shipped

NUMBERS = st.tuples(*[st.integers(0, 999_999)] * 3)


@given(NUMBERS, NUMBERS)
def test_versions_compare_as_their_numbers(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    first, second = ("{}.{}.{}".format(*numbers) for numbers in (one, other))
    assert VERSION.fullmatch(first) and order(first) == one
    assert asked_of(first, second) is (one <= other)


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3rc1", "１.2.3", "1.2.-3"]
)
def test_what_is_no_version(text: str) -> None:
    assert not VERSION.fullmatch(text)


def test_the_program_that_runs_has_a_version() -> None:
    assert VERSION.fullmatch(__version__)
    assert Program(__version__, "a" * 64).short == f"sha256:{'a' * 16}"


SCHEMA: dict[str, Any] = {
    "properties": {
        "old": {"type": "object", "properties": {"in": {"since": "1.2.0"}, "at": {}},
                "required": ["in", "at"]},
        "new": {"type": "string", "since": "1.2.0"},
        "since": {"type": "string", "description": "A key of this name is a key like others."},
    },
    "required": ["old", "new"],
    "allOf": [{"if": {}, "then": {"required": ["old"]}, "since": "1.2.0"}, {"minProperties": 1}],
    "items": {"properties": {"x": {"since": "1.1.0"}}, "required": ["x"]},
    "default": {"since": "2026-01-01"},
    "enum": [None, 1],
}  # fmt: skip


def at(version: str, schema: Any = SCHEMA) -> Any:
    found = as_of({"schemas/a.json": json.dumps(schema).encode()}, version)
    return json.loads(found["schemas/a.json"]) if found else None


@pytest.mark.parametrize("version", ["1.2.0", "1.2.1", "2.0.0"])
def test_from_its_version_on_a_key_is_there(version: str) -> None:
    assert at(version) == SCHEMA


@pytest.mark.parametrize("version", ["1.1.9", "1.1.0"])
def test_before_it_neither_key_nor_demand_nor_condition_is(version: str) -> None:
    assert at(version) == {
        **SCHEMA,
        "properties": {
            "old": {"type": "object", "properties": {"at": {}}, "required": ["at"]},
            "since": SCHEMA["properties"]["since"],
        },
        "required": ["old"],
        "allOf": [{"minProperties": 1}],
    }
    assert at("1.0.9")["items"] == {"properties": {}, "required": []}


@pytest.mark.parametrize(("version", "there"), [("1.1.9", False), ("1.2.0", True)])
def test_a_whole_schema_may_come_later(version: str, there: bool) -> None:
    assert (at(version, {"since": "1.2.0"}) is not None) is there


def test_what_names_no_version_keeps_its_bytes() -> None:
    raw = b'{ "type":  "object" }'
    assert as_of({"a.json": raw}, "0.1.0") == {"a.json": raw}


def _sinces(value: Any) -> list[str]:
    if isinstance(value, list):
        return [since for item in value for since in _sinces(item)]
    if not isinstance(value, dict):
        return []
    own = [value["since"]] if isinstance(value.get("since"), str) else []
    return own + [since for part in value.values() for since in _sinces(part)]


def test_no_shipped_schema_names_a_version_that_is_none_or_to_come() -> None:
    """A slip in it would be asked of every archive at once, or of none."""
    for path, raw in shipped("schemas").items():
        for since in _sinces(json.loads(raw)):
            assert VERSION.fullmatch(since) and asked_of(since, __version__), (path, since)
