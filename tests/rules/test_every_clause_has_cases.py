"""Every clause that checks something has accepted, violated and boundary cases; files agree."""

import importlib
import json
import pkgutil
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import pipeline.rules
from pipeline.law.rulebook import clause_texts
from pipeline.model.law import Rule, Unchecked
from tests.rules.governance import SCHEMAS

STEMS = sorted(
    m.name
    for m in pkgutil.iter_modules(pipeline.rules.__path__)
    if re.match(r"a(\d\d|ff)_", m.name)
)
CASES = ("accepted", "violated", "boundary")
NUMBERS = {
    "01": range(1, 4),
    "02": range(1, 3),
    "03": range(1, 5),
    "04": range(1, 4),
    "05": range(1, 7),
    "06": range(1, 6),
    "07": range(1, 4),
    "08": range(1, 6),
    "09": range(1, 7),
    "10": range(1, 7),
    "11": range(1, 9),
    "12": range(1, 10),
    "13": range(1, 13),
    "14": range(1, 8),
    "15": range(1, 4),
    "16": range(1, 6),
    "17": range(1, 4),
    "18": range(1, 3),
    "ff": range(11),
}
"""Article → clause numbers of the rule table; an article added later has numbers of its own."""


def lacking(rule: Rule, *tests: ModuleType | SimpleNamespace) -> list[str]:
    """Cases that no test function of the modules stands for: ``3 boundary``."""
    numbers = {c.number for c in rule.clauses if not isinstance(c, Unchecked)}
    names = [n for module in tests for n, value in vars(module).items() if callable(value)]
    return [
        f"{number} {case}"
        for number in sorted(numbers)
        for case in CASES
        if not any(name.startswith(f"test_{number}_{case}") for name in names)
    ]


def rule_of(stem: str) -> tuple[Rule, str]:
    module = importlib.import_module(f"pipeline.rules.{stem}")
    assert isinstance(module.RULE, Rule)
    return module.RULE, module.__doc__ or ""


def schema_of(stem: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{stem}.json").read_text("utf-8"))
    return schema


def told(text: str) -> dict[int, str]:
    """Number → text of the docstring's clause lines, wrapped lines joined."""
    parts = re.split(r"^(\d+)\. ", text, flags=re.MULTILINE)
    return {int(n): " ".join(t.split()) for n, t in zip(parts[1::2], parts[2::2], strict=True)}


def test_every_article_has_its_rule() -> None:
    assert {stem[1:3] for stem in STEMS} >= NUMBERS.keys()


@pytest.mark.parametrize("stem", STEMS)
def test_no_clause_is_without_cases(stem: str) -> None:
    files = sorted(Path(__file__).parent.glob(f"test_{stem}*.py"))
    tests = [importlib.import_module(f"tests.rules.{file.stem}") for file in files]
    assert lacking(rule_of(stem)[0], *tests) == []


@pytest.mark.parametrize("stem", [s for s in STEMS if s[1:3] in NUMBERS])
def test_every_number_of_the_rule_table_is_a_clause(stem: str) -> None:
    assert {c.number for c in rule_of(stem)[0].clauses} == set(NUMBERS[stem[1:3]])


@pytest.mark.parametrize("stem", STEMS)
def test_the_docstring_tells_each_clause_and_what_stays_human(stem: str) -> None:
    rule, text = rule_of(stem)
    lines = told(text)
    assert list(lines) == sorted({c.number for c in rule.clauses})
    for clause in rule.clauses:
        checked, bar, human = lines[clause.number].partition(" | ")
        assert bar
        assert human.startswith("Human: ")
        assert checked.startswith("Unchecked: ") == isinstance(clause, Unchecked)


@pytest.mark.parametrize("stem", STEMS)
def test_a_checked_clause_has_all_four_cases_in_its_docstring(stem: str) -> None:
    rule, text = rule_of(stem)
    checked = {c.number for c in rule.clauses if not isinstance(c, Unchecked)}
    told = {number: words.cases for number, words in clause_texts(text)}
    assert {n: len(cases) for n, cases in told.items()} == {n: 4 * (n in checked) for n in told}


@pytest.mark.parametrize("stem", STEMS)
def test_every_schema_has_its_rule_and_sound_parts(stem: str) -> None:
    schema = schema_of(stem)
    Draft202012Validator.check_schema(schema)
    key = {"ff": "F"}.get(stem[1:3], stem[1:3])
    assert schema["$id"] == f"urn:sanshen:article:{key}"
    checked = {c.number for c in rule_of(stem)[0].clauses if not isinstance(c, Unchecked)}
    front = schema["properties"]["front_matter"]
    assert set(front["required"]) <= front["properties"].keys()
    for name, part in front["properties"].items():
        prefix, _, number = part["clause"].rpartition("-")
        assert prefix == ("F" if key == "F" else f"R{key}"), name
        assert int(number) in checked, name


@pytest.mark.parametrize("stem", STEMS)
def test_parameters_state_default_unit_and_source(stem: str) -> None:
    for name, part in schema_of(stem)["properties"]["parameters"]["properties"].items():
        Draft202012Validator.check_schema(part)
        assert not list(Draft202012Validator(part).iter_errors(part["default"])), name
        assert re.match(r"\[[SVKD]\] .", part["source"]), name
        assert part["unit"], name
        assert part["description"], name


def test_no_key_and_no_parameter_has_two_owners() -> None:
    for section in ("front_matter", "parameters"):
        parts = [schema_of(stem)["properties"][section]["properties"] for stem in STEMS]
        names = [name for part in parts for name in part]
        assert len(names) == len(set(names))


def test_the_count_of_cases_can_fail() -> None:
    rule, _ = rule_of("a02_accounts")
    halves = SimpleNamespace(test_1_accepted_x=print, test_1_violated_y=print, test_2_boundary=1)
    assert lacking(rule, halves) == ["1 boundary", "2 accepted", "2 violated", "2 boundary"]
