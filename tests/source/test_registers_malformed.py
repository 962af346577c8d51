"""Every register and every record, spoiled in every field: refused under a clause, with a line."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model.findings import Effect
from pipeline.new.new_archive import MemoryTree
from pipeline.new.yaml_writer import dump
from pipeline.source.content.records import read_records, record_kinds
from pipeline.source.content.registers import entry_registers
from tests.builders.cast import ROOT, governance, registers
from tests.builders.samples import CALENDAR, ENTRIES, RECORDS, Route, leaves, spoiled

WRONG: dict[type, Any] = {str: 7, int: "seven", bool: "perhaps", list: "one", dict: "none"}


@cache
def shipped() -> dict[str, bytes]:
    return governance()


def at(value: Any, route: Route) -> Any:
    for part in route:
        value = value[part]
    return value


def with_entry(name: str, entry: Any) -> list[Any]:
    """Refusals of the registers with one more entry in one register."""
    rows = registers().get(name, {name: []})[name]
    tree = MemoryTree({**shipped(), f"content/registers/{name}.yml": dump({name: [*rows, entry]})})
    return [f for f in trust(tree).registers.problems if f.effect is Effect.REFUSE]


def of_record(kind: str, value: Any) -> tuple[Any, ...]:
    path = f"content/records/{kind}/2026/one.yml"
    tree = MemoryTree({path: dump(value)})
    return read_records(tree, shipped(), kind, [path])


def schema(path: str) -> Any:
    return json.loads((ROOT / "schemas" / path).read_text("utf-8"))


def test_samples_name_every_kind() -> None:
    paths = [p.relative_to(ROOT).as_posix() for p in Path(ROOT / "schemas").rglob("*.json")]
    assert set(entry_registers(paths)) <= ENTRIES.keys()
    assert set(record_kinds(paths)) - {"filings"} == RECORDS.keys()


@pytest.mark.parametrize("name", ENTRIES)
def test_a_sound_entry_is_read(name: str) -> None:
    assert with_entry(name, ENTRIES[name]) == []
    keys = schema(f"registers/{name}.json")["properties"][name]["items"]["properties"]
    assert set(ENTRIES[name]) == set(keys), "the sample must show every field"


@pytest.mark.parametrize("kind", RECORDS)
def test_a_sound_record_is_read(kind: str) -> None:
    facts, problems = of_record(kind, RECORDS[kind])
    assert problems == ()
    assert [f.id for f in facts] == ["one"]
    asked = schema(f"records/{kind}.json")["properties"].keys() - {"corrected"}
    assert set(RECORDS[kind]) == asked


@pytest.mark.parametrize(
    ("name", "route"),
    [(n, r) for n, e in ENTRIES.items() for r in leaves(e)],
    ids=lambda x: x if isinstance(x, str) else ".".join(map(str, x)),
)
def test_a_register_spoiled_in_one_field_refuses(name: str, route: Route) -> None:
    before = at(ENTRIES[name], route)
    found = with_entry(name, spoiled(ENTRIES[name], route, WRONG[type(before)]))
    assert found, route
    assert all(f.remedy for f in found)
    # A register of people that cannot be read leaves the roster's keys without owners.
    paths = {f.location.path for f in found} - {"content/registers/roster.yml"}
    assert paths == {f"content/registers/{name}.yml"}


@pytest.mark.parametrize(
    ("kind", "route"),
    [(k, r) for k, v in RECORDS.items() for r in leaves(v)],
    ids=lambda x: x if isinstance(x, str) else ".".join(map(str, x)),
)
def test_a_record_spoiled_in_one_field_refuses(kind: str, route: Route) -> None:
    before = at(RECORDS[kind], route)
    facts, problems = of_record(kind, spoiled(RECORDS[kind], route, WRONG[type(before)]))
    assert facts == ()
    assert problems, route
    assert {f.location.path for f in problems} == {f"content/records/{kind}/2026/one.yml"}
    assert all(f.effect is Effect.REFUSE and f.location.line for f in problems)


@pytest.mark.parametrize("kind", RECORDS)
def test_every_required_key_is_asked_for_and_no_other_is_taken(kind: str) -> None:
    for key in schema(f"records/{kind}.json")["required"]:
        _, problems = of_record(kind, {k: v for k, v in RECORDS[kind].items() if k != key})
        assert any(f"{key} is missing." == str(f.message) for f in problems), key
    _, problems = of_record(kind, RECORDS[kind] | {"password": "x"})
    assert [str(f.message) for f in problems] == ["The key password is not known."]


@pytest.mark.parametrize("kind", RECORDS)
def test_no_text_of_a_record_or_register_is_without_end(kind: str) -> None:
    def endless(part: Any) -> Iterator[Any]:
        if isinstance(part, dict):
            text = part.get("type") == "string" and part.get("format") is None
            if text and "maxLength" not in part and "pattern" not in part:
                yield part
            for below in part.values():
                yield from endless(below)

    assert list(endless(schema(f"records/{kind}.json")["properties"])) == []


@pytest.mark.parametrize("route", list(leaves(CALENDAR)))
def test_a_calendar_year_spoiled_in_one_field_refuses(route: Route) -> None:
    before = at(CALENDAR, route)
    value = spoiled(CALENDAR, route, WRONG[type(before)])
    tree = MemoryTree({**shipped(), "content/registers/calendar/2027.yml": dump(value)})
    assert trust(tree).registers.problems


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"year": 2028}, "The year differs from the name of the file."),
        ({"off_days": ["2026-12-31"]}, "2026-12-31 lies in another year."),
        ({"work_weekends": ["2027-01-04"]}, "2027-01-04 is no weekend."),
        (
            {"off_days": ["2027-01-03"]},
            "2027-01-03 is both off and worked.",
        ),
        ({"off_days": ["2027-02-29"]}, "off_days.0 is not a valid date or time."),
    ],
)
def test_a_calendar_year_against_itself_refuses(changed: dict[str, Any], words: str) -> None:
    value = CALENDAR | changed
    tree = MemoryTree({**shipped(), "content/registers/calendar/2027.yml": dump(value)})
    found = trust(tree).registers.problems
    assert words in [str(f.message) for f in found]
    assert {f.clause for f in found} == {"R03-3"}


def test_a_stray_file_in_the_calendar_does_not_stop_the_reader() -> None:
    tree = MemoryTree({**shipped(), "content/registers/calendar/next.yml": b"year: 2027\n"})
    assert 2027 not in trust(tree).registers.calendar.years


@pytest.mark.parametrize("wrong", [[], {}, None, 7])
def test_an_id_that_is_no_text_refuses_and_never_crashes(wrong: Any) -> None:
    found = with_entry("devices", ENTRIES["devices"] | {"id": wrong})
    assert found
    assert all(f.effect is Effect.REFUSE for f in found)
