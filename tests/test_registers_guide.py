"""The guide of registers and records holds every kind, each with all keys of its schema."""

import re
from pathlib import Path

import pytest

from pipeline.model.kinds import Kind
from pipeline.model.part import program
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Shape

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


@pytest.mark.parametrize("name", ENTERED)
def test_a_section_names_all_keys(name: str) -> None:
    keys = Shape(name, ENTERED[name].register, SCHEMAS[name]).entry["properties"]
    assert [key for key in keys if f"`{key}`" not in SECTIONS[name]] == []


@pytest.mark.parametrize("kind", SIGNED, ids=lambda kind: kind.name)
def test_the_table_of_signed_records_names_each(kind: Kind) -> None:
    table = GUIDE.partition("## 签名记录")[2]
    assert f"| {kind.name} " in table
