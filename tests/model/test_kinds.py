"""Every register and kind of record has one row, and each row what it names."""

import inspect
from collections import Counter

import pytest

from pipeline.model.brings import Kind, load
from pipeline.model.part import program
from pipeline.new.new_archive import shipped_schemas
from pipeline.source.content.paths import area_of

KINDS = program().kinds
SIGNATURES = {
    ("checks", True): 2,
    ("checks", False): 2,
    ("on_entry", False): 4,
}
"""(function of a row, whether the row is of a register) → how many arguments it takes."""


def test_every_row_has_its_schema_and_every_schema_its_row() -> None:
    registers, records, statements = map(shipped_schemas, ("registers", "records", "statements"))
    assert {n for n, k in KINDS.items() if k.register} == registers.keys()
    assert {n for n, k in KINDS.items() if not (k.register or k.predicate)} == records.keys()
    signed = {k.predicate for k in KINDS.values() if k.predicate}
    assert signed == statements.keys() - {"review"}


def test_no_name_and_no_key_stands_twice() -> None:
    rows = [kind for part in program().parts for kind in part.kinds]
    keys = [key for kind in rows for key in kind.named_by]
    assert max(Counter([k.name for k in rows]).values()) == max(Counter(keys).values()) == 1
    assert all(kind.label for kind in rows)


@pytest.mark.parametrize("name", KINDS)
def test_what_a_row_names_is_there(name: str) -> None:
    kind = KINDS[name]
    for (field, register), count in SIGNATURES.items():
        if (where := getattr(kind, field)) and kind.register == register:
            assert len(inspect.signature(load(where)).parameters) == count
    assert not (kind.register and kind.on_entry)


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("content/records/inquiries/2026/2026-11-25-1.yml", "records"),
        ("content/records/declarations/2026/a.json.sig", "records"),
        ("content/records/declarations/2026/a.yml", "unknown"),
        ("content/records/inquiries/2026/a.json", "unknown"),
        ("content/records/people/2026/a.yml", "unknown"),
        ("content/records/nothing/2026/a.yml", "unknown"),
        ("content/records/inquiries/２０２６/a.yml", "unknown"),
        ("content/records/inquiries/2026/a.yml\n", "unknown"),
        ("content/records/filings/2025/2026-11-05.yml", "unknown"),
    ],
)
def test_a_record_lies_where_its_row_says(path: str, area: str) -> None:
    assert area_of(path) == area


def test_what_no_row_describes_is_a_plain_record() -> None:
    assert program().kind("nothing") == Kind("nothing", "")
