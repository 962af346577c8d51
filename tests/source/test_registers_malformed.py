"""Every register and every record, spoiled in every field: refused under a clause, with a line."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model.findings import Effect, Finding
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.records import read_records, record_kinds
from pipeline.source.content.registers import entry_registers
from pipeline.source.program import shipped
from tests.builders.cast import governance, registers
from tests.builders.layers import schema
from tests.builders.samples import CALENDAR, ENTRIES, RECORDS, Route, leaves, spoiled
from tests.builders.verdicts import mark

WRONG: dict[type, Any] = {str: 7, int: "seven", bool: "perhaps", list: "one", dict: "none"}


def at(value: Any, route: Route) -> Any:
    for part in route:
        value = value[part]
    return value


def refusals(entries: dict[str, Any]) -> list[Finding]:
    """What is refused of registers that have one more entry each."""
    given, files = registers(), governance()
    for name, entry in entries.items():
        rows = given.get(name, {name: []})[name]
        files[f"content/registers/{name}.yml"] = dump({name: [*rows, entry]})
    problems = trust(MemoryTree(files)).registers.problems
    return [f for f in problems if f.effect is Effect.REFUSE]


def of_record(kind: str, value: Any) -> tuple[Any, ...]:
    path = f"content/records/{kind}/2026/one.yml"
    tree = MemoryTree({path: dump(value)})
    return read_records(tree, shipped("schemas"), kind, [path])


def test_samples_name_every_kind() -> None:
    paths = shipped("schemas")
    assert set(entry_registers(paths)) <= ENTRIES.keys()
    assert set(record_kinds(paths)) - {"filings"} == RECORDS.keys()


def test_a_sound_entry_of_each_register_is_read() -> None:
    assert refusals(ENTRIES) == []
    for name, entry in ENTRIES.items():
        keys = schema(f"registers/{name}")["properties"][name]["items"]["properties"]
        assert set(entry) == set(keys), f"the sample of {name} must show every field"


@pytest.mark.parametrize("kind", RECORDS)
def test_a_sound_record_is_read(kind: str) -> None:
    facts, problems = of_record(kind, RECORDS[kind])
    assert problems == ()
    assert [f.id for f in facts] == ["one"]
    asked = schema(f"records/{kind}")["properties"].keys() - {"corrected"}
    assert set(RECORDS[kind]) == asked


@pytest.mark.parametrize("routes", [*zip_longest(*map(leaves, ENTRIES.values()))])
def test_a_register_spoiled_in_one_field_refuses(routes: tuple[Route | None, ...]) -> None:
    """One field of each register at a time."""
    given = {
        name: spoiled(entry, route, WRONG[type(at(entry, route))])
        for (name, entry), route in zip(ENTRIES.items(), routes, strict=True)
        if route is not None
    }
    refused = refusals(given)
    assert all(f.remedy for f in refused)
    # A register of people that cannot be read leaves the roster's keys without owners.
    paths = {f.location.path for f in refused} - {"content/registers/roster.yml"}
    assert paths == {f"content/registers/{name}.yml" for name in given}


@pytest.mark.parametrize("kind", RECORDS)
def test_every_required_key_is_asked_for_and_no_other_is_taken(kind: str) -> None:
    for key in schema(f"records/{kind}")["required"]:
        _, problems = of_record(kind, {k: v for k, v in RECORDS[kind].items() if k != key})
        assert any(mark(f) == f"key-missing {key}" for f in problems), key
    _, problems = of_record(kind, RECORDS[kind] | {"password": "x"})
    assert [mark(f) for f in problems] == ["key-unknown password"]


@pytest.mark.parametrize("kind", RECORDS)
def test_no_text_of_a_record_or_register_is_without_end(kind: str) -> None:
    def endless(part: Any) -> Iterator[Any]:
        if isinstance(part, dict):
            text = part.get("type") == "string" and part.get("format") is None
            if text and "maxLength" not in part and "pattern" not in part:
                yield part
            for below in part.values():
                yield from endless(below)

    assert list(endless(schema(f"records/{kind}")["properties"])) == []


@pytest.mark.parametrize("route", list(leaves(CALENDAR)))
def test_a_calendar_year_spoiled_in_one_field_refuses(route: Route) -> None:
    before = at(CALENDAR, route)
    value = spoiled(CALENDAR, route, WRONG[type(before)])
    tree = MemoryTree({**governance(), "content/registers/calendar/2027.yml": dump(value)})
    assert trust(tree).registers.problems


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"year": 2028}, "year-differs"),
        ({"off_days": ["2026-12-31"]}, "day-of-another-year 2026-12-31"),
        ({"work_weekends": ["2027-01-04"]}, "day-no-weekend 2027-01-04"),
        (
            {"off_days": ["2027-01-03"]},
            "day-off-and-worked 2027-01-03",
        ),
        ({"off_days": ["2027-02-29"]}, "date-invalid off_days.0"),
    ],
)
def test_a_calendar_year_against_itself_refuses(changed: dict[str, Any], words: str) -> None:
    value = CALENDAR | changed
    tree = MemoryTree({**governance(), "content/registers/calendar/2027.yml": dump(value)})
    found = trust(tree).registers.problems
    assert words in [mark(f) for f in found]
    assert {f.clause for f in found} == {"R03-3"}


def test_a_stray_file_in_the_calendar_does_not_stop_the_reader() -> None:
    tree = MemoryTree({**governance(), "content/registers/calendar/next.yml": b"year: 2027\n"})
    assert 2027 not in trust(tree).registers.calendar.years


@pytest.mark.parametrize("wrong", [[], {}, None, 7])
def test_an_id_that_is_no_text_refuses_and_never_crashes(wrong: Any) -> None:
    found = refusals({"devices": ENTRIES["devices"] | {"id": wrong}})
    assert found
    assert all(f.effect is Effect.REFUSE for f in found)
