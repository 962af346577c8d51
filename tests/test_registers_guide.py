"""The guide of registers and records holds every kind, each with all keys of its schema."""

import re
from pathlib import Path

import pytest

from pipeline.model.brings import Kind
from pipeline.model.conformance import Conformance
from pipeline.model.ids import NO_CLAUSE
from pipeline.model.part import program
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Shape
from pipeline.source.content.text import read_yaml

GUIDE = (Path(__file__).parents[1] / "docs/registers.md").read_text("utf-8")
SECTION = re.compile(r"^### ([a-z-]+) .*?(?=^##|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = {match[1]: match[0] for match in SECTION.finditer(GUIDE)}
SCHEMAS = {**shipped_schemas("registers"), **shipped_schemas("records")}
MADE = {"policy", "roster", "filings"}
"""What commands and pages of their own write."""
ENTERED = {n: k for n, k in program().kinds.items() if not k.predicate and n not in MADE}
SIGNED = [k for k in program().kinds.values() if k.predicate]


def test_every_section_is_of_a_kind_and_every_kind_that_is_entered_has_one() -> None:
    assert SECTIONS.keys() <= program().kinds.keys()
    assert ENTERED.keys() <= SECTIONS.keys()


@pytest.mark.parametrize("name", [name for name, kind in ENTERED.items() if kind.register])
def test_a_register_is_called_as_the_desk_calls_it(name: str) -> None:
    heading = SECTIONS[name].partition("\n")[0]
    assert program().labels[name] in heading


@pytest.mark.parametrize("name", ENTERED)
def test_a_section_names_all_keys(name: str) -> None:
    keys = Shape(name, ENTERED[name].register, SCHEMAS[name]).entry["properties"]
    assert [key for key in keys if f"`{key}`" not in SECTIONS[name]] == []


WHOLE = re.compile(r"^```yaml\n((?:- |person: |post: ).*?)^```$", re.MULTILINE | re.DOTALL)
"""An example of one entry or one record; others begin with what is added later."""


@pytest.mark.parametrize("name", [name for name in ENTERED if WHOLE.search(SECTIONS[name])])
def test_an_example_is_an_entry_that_can_be_copied(name: str) -> None:
    for text in WHOLE.findall(SECTIONS[name]):
        raw = f"{name}:\n{text}" if ENTERED[name].register else text
        document = read_yaml("", raw.encode())
        faults = [*Conformance(SCHEMAS[name], NO_CLAUSE).findings(document)]
        assert (faults, document.problems) == ([], ())


@pytest.mark.parametrize("kind", SIGNED, ids=lambda kind: kind.name)
def test_the_table_of_signed_records_names_each(kind: Kind) -> None:
    table = GUIDE.partition("## 签名记录")[2]
    assert f"| {kind.name} " in table
