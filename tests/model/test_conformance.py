"""Dates and patterns are read one way."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from pipeline.model.conformance import FORMATS, Conformance, form_of
from pipeline.model.documents import Document
from pipeline.model.ids import ClauseId
from pipeline.new.new_archive import shipped_schemas
from tests.builders.named import worded

SCHEMA = {"properties": {"day": {"format": "date"}, "at": {"format": "date-time"}}}


@pytest.mark.parametrize(
    ("key", "value", "fine"),
    [
        ("day", "2026-11-03", True),
        ("day", "2024-02-29", True),
        ("day", "2026-02-29", False),
        ("day", "2026-W45-1", False),
        ("day", "20261103", False),
        ("day", "２026-11-03", False),
        ("at", "2026-11-03T09:30:00+08:00", True),
        ("at", "2026-W45-1T09:30:00+08:00", False),
        ("at", "2026-11-03T09:30:00", False),
    ],
)
def test_one_way_of_writing(key: str, value: str, fine: bool) -> None:
    found = list(Conformance(SCHEMA, "R13-7").findings(Document("x.yml", {key: value})))
    assert (found == []) is fine


@pytest.mark.parametrize(
    ("pattern", "fine", "wrong"),
    [
        ("^[a-z]+$", "a", "a\n"),
        ("^[^\\s]+$|^x+$", "x", "x\n"),
        ("^\\$[$\\]]$", "$$", "$]\n"),
        ("^$|^[0-9]$", "", "\n"),
    ],
)
def test_nothing_follows_the_end_of_a_pattern(pattern: str, fine: str, wrong: str) -> None:
    held = Conformance({"pattern": pattern}, "R13-7")
    assert not list(held.findings(Document("x.yml", fine)))
    assert list(held.findings(Document("x.yml", wrong)))


def test_what_a_pattern_asks_for_is_still_told() -> None:
    held = Conformance({"pattern": "^[a-z0-9-]{1,64}$", "examples": ["gly-a"]}, "R13-7")
    for wrong in ("A", "a\n"):
        ((finding, _),) = held.findings(Document("x.yml", wrong))
        assert str(finding.remedy) == worded("write-it-like", example="gly-a")


VALUES = (
    "", " ", "x", "x\n", "甲", "１２", "a b", "a\u2028", "\x00", "\x85", "𠀀" * 300, "2026-11-05",
    "2026-02-30", "20261105", "2026-11-05T09:30:00+08:00", "2026-11-05T09:30", "1900-01-01",
    "https://a.example/b", "http://a.example", "a@b.example", "2026-11-05-winter-fire", "a" * 64,
    "R13-2", "100%", 0, 1, -1, 7, 1.0, 1.5, 10**30, True, False, None, [], [""], ["x"],
    ["x", "x"], ["2026-11-05"], [1], [{}], {}, {"x": 1}, {"": ""},
)  # fmt: skip


def _parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every subschema of a property or of the members of a list."""
    for part in (*schema.get("properties", {}).values(), schema.get("items")):
        if isinstance(part, Mapping):
            yield part
            yield from _parts(part)


@pytest.mark.parametrize("folder", ["articles", "records", "registers"])
def test_it_accepts_nothing_that_another_validator_refuses(folder: str) -> None:
    tried = 0
    parts = {repr(part): part for s in shipped_schemas(folder).values() for part in _parts(s)}
    for part in parts.values():
        schema = {"type": "object", "properties": {"key": part}}
        held, other = Conformance(schema, "R11-2"), explaining(schema)
        for value in VALUES:
            if not [*held.findings(Document("x.yml", {"key": value}))]:
                tried += 1
                assert not [*other.iter_errors({"key": value})], (part, value)
    assert tried > 100


def explaining(schema: Any) -> Draft202012Validator:
    """The reference implementation, with our dates."""
    formats = FormatChecker(())
    for name, is_valid in FORMATS.items():
        formats.checks(name, raises=ValueError)(
            lambda value, valid=is_valid: not isinstance(value, str) or valid(value)
        )
    return Draft202012Validator(schema, format_checker=formats)


def test_what_no_file_can_hold_is_refused() -> None:
    held = Conformance({"properties": {"key": {"pattern": "^a"}}}, "R13-7")
    ((finding, _),) = held.findings(Document("x.yml", {"key": "\ud800"}))
    assert finding.name == "schema-unsatisfied"


WRITTEN = "registers", "records", "articles"
"""Folders of schemas whose documents people type."""
BY_TOOLS = {"roster"}
"""What `sanshen roster` writes."""


def test_no_one_who_types_a_value_is_told_a_regular_expression() -> None:
    unnamed = []
    for folder in WRITTEN:
        for file in Path("schemas", folder).glob("*.json"):
            for part in _with_patterns(json.loads(file.read_text())):
                told = dict(form_of(part).values)
                if "pattern" in told and file.stem not in BY_TOOLS:
                    unnamed.append((file.stem, part["pattern"]))
                assert all(re.search(part["pattern"], e) for e in part.get("examples", ())), part
    assert unnamed == []


def _with_patterns(part: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part
        for inner in part.values():
            yield from _with_patterns(inner)
    for inner in part if isinstance(part, list) else ():
        yield from _with_patterns(inner)


def test_a_key_that_no_pattern_fits_is_named() -> None:
    whole = {
        "properties": {"a": {}},
        "patternProperties": {r"^\p{Han}+$": {"type": "string"}},
        "additionalProperties": False,
    }
    held = Conformance(whole, ClauseId("R01-1"))
    value = {"a": 1, "发布日": "今天", "b": 1, "时间": 2}
    found = [(f.name, route) for f, route in held.findings(Document("a.yml", value))]
    assert sorted(found) == [("key-unknown", ("b",)), ("type-wrong", ("时间",))]


def test_what_only_the_judging_validator_refuses_is_refused() -> None:
    """The other one explains; it has no say."""
    held = Conformance({"unevaluatedProperties": False, "patternProperties": {r"^\p{Han}$": {}}},
                       ClauseId("R01-1"))  # fmt: skip
    assert not list(held.findings(Document("a.yml", {"中": 1})))
    assert list(held.findings(Document("a.yml", {"b": 1})))


SCHEMAS = shipped_schemas("registers")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMLqs7Zz6c6gbbJC3/Zwu4F6QEUlGufX79AmM2b3akRv"


def test_keys_by_a_pattern_are_read_by_the_one_reader_of_patterns() -> None:
    """Python reads no \\p: a schema that uses it judged nothing, and stopped every command."""
    dated = {"type": "string", "format": "date", "clause": "R01-2"}
    whole = {"type": "object", "properties": {"a": {}}, "patternProperties": {r"^\p{Han}+$": dated}}
    schema = Conformance(whole, ClauseId("R01-1"))
    assert schema.usable
    assert schema.convert({"发布日": "2026-11-03", "b": "2026-11-03"}) == {
        "发布日": date(2026, 11, 3),
        "b": "2026-11-03",
    }
    [(finding, route)] = schema.findings(Document("a.yml", value={"发布日": "昨天"}))
    assert (finding.clause, route) == ("R01-2", ("发布日",))


def test_a_key_that_another_one_needs_is_named() -> None:
    schema = Conformance(SCHEMAS["roster"], ClauseId("R11-1"))
    row = {"person": "a", "key": KEY, "from": "2026-01-01T00:00:00+08:00"}
    roster = {"serial": 1, "previous": None, "delegations": []}
    value = {**roster, "keys": [{**row, "revocation": "compromised"}]}
    findings = [finding for finding, _ in schema.findings(Document("a.yml", value=value))]
    assert "revoked_at" in str(findings[0].message) and "revoked_at: " in str(findings[0].remedy)
    broken = {**roster, "keys": [{**row, "key": f"{KEY} name@pc"}]}
    [(finding, _)] = schema.findings(Document("a.yml", value=broken))
    assert str(finding.remedy) == f"Write it like {KEY}."


def test_a_missing_key_of_one_value_is_shown_with_it() -> None:
    """Who is asked for an opaque word cannot guess the only one that is taken."""
    review = {"required": ["result"], "properties": {"result": {"const": "releasable"}}}
    schema = {
        "required": ["review"],
        "properties": {"review": {"type": "object"} | review},
    }
    ((found, _),) = Conformance(schema, "R13-7").findings(Document("x.yml", {}))
    assert 'review: {result: "releasable"}' in str(found.remedy)
