"""Dates and patterns are read one way, by both validators."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.conformance import _LIKE, Conformance, form_of, patterns, same_in_both
from pipeline.model.documents import Document
from pipeline.new.new_archive import shipped_schemas
from pipeline.source.program import shipped
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
    held = Conformance({"pattern": "^[a-z0-9-]{1,64}$"}, "R13-7")
    for wrong in ("A", "a\n"):
        ((finding, _),) = held.findings(Document("x.yml", wrong))
        assert str(finding.remedy) == worded("write-the-id")


def test_the_quick_validator_reads_every_pattern_that_ships() -> None:
    """One that it does not read makes every run import the other: a sixth of its time."""
    schemas = shipped("schemas")
    slow = [
        (path, pattern)
        for path, raw in schemas.items()
        if path.count("/") > 1  # the others are of what is published; no run reads them
        for pattern in patterns(json.loads(raw))
        if not same_in_both(pattern)
    ]
    assert slow == []


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
def test_the_quick_validator_accepts_nothing_that_the_explaining_one_refuses(folder: str) -> None:
    """Why there may be two: the quick one decides for most, the other one says what is wrong."""
    tried = 0
    parts = {repr(part): part for s in shipped_schemas(folder).values() for part in _parts(s)}
    for part in parts.values():
        schema = Conformance({"type": "object", "properties": {"key": part}}, "R11-2")
        for value in VALUES:
            if schema.accepts({"key": value}):
                tried += 1
                assert not list(schema._explaining.iter_errors({"key": value})), (part, value)
    assert tried > 100


WRITTEN = "registers", "records", "articles"
"""Folders of schemas whose documents people type."""
BY_TOOLS = {"roster"}
"""What `sanshen roster` writes."""


def test_no_one_who_types_a_value_is_told_a_regular_expression() -> None:
    def patterns(part: object, key: str = "") -> Iterator[tuple[str, str]]:
        if isinstance(part, dict):
            if isinstance(part.get("pattern"), str):
                yield key, part["pattern"]
            for name, inner in part.items():
                yield from patterns(inner, name if isinstance(inner, dict) else key)
        for inner in part if isinstance(part, list) else ():
            yield from patterns(inner, key)

    unnamed = [
        (file.stem, key, pattern)
        for folder in WRITTEN
        for file in Path("schemas", folder).glob("*.json")
        for key, pattern in patterns(json.loads(file.read_text()))
        if "pattern" in dict(form_of(pattern).values) and file.stem not in BY_TOOLS
    ]
    assert unnamed == []
    for pattern, example in _LIKE.items():
        assert re.search(pattern, example), (pattern, example)
