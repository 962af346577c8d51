"""The JSON report and its published schema (schemas/report.json)."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from pipeline.model.calendar import SHANGHAI
from pipeline.model.conformance import FORMATS
from pipeline.model.findings import Effect, Finding
from pipeline.model.reports import Report
from tests.report.samples import (
    PATH,
    PROGRAM,
    RENDERERS,
    sample_finding,
    sample_report,
    sample_rulebook,
)

ROOT = Path(__file__).resolve().parent.parent.parent


def _of_text(is_valid: Callable[[str], bool], value: object) -> bool:
    return not isinstance(value, str) or is_valid(value)


def _json(report: Report) -> Any:
    return json.loads(RENDERERS["json"](report))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    value = json.loads((ROOT / "schemas" / "report.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(value)
    formats = FormatChecker(())
    for name, is_valid in FORMATS.items():
        formats.checks(name, raises=ValueError)(partial(_of_text, is_valid))
    return Draft202012Validator(value, format_checker=formats)


@pytest.mark.parametrize(
    "findings",
    [
        (),
        (sample_finding("x", Effect.NOTE),),
        (sample_finding("x", Effect.HOLD), sample_finding("y", line=0)),
    ],
    ids=["none", "note", "two"],
)
def test_json_satisfies_its_schema(
    schema: Draft202012Validator, findings: tuple[Finding, ...]
) -> None:
    assert list(schema.iter_errors(_json(sample_report(*findings)))) == []


def test_json_of_a_working_tree_and_of_nothing_satisfies_its_schema(
    schema: Draft202012Validator,
) -> None:
    report = Report(
        "check", datetime(2026, 1, 1, tzinfo=SHANGHAI), "", "", (), sample_rulebook(), PROGRAM
    )
    value = _json(report)
    assert list(schema.iter_errors(value)) == []
    assert (value["base"], value["head"], value["exit_code"]) == (None, None, 3)


@pytest.mark.parametrize(
    ("route", "wrong"),
    [
        (("version",), 1),
        (("exit_code",), 1),
        (("decision",), "fine"),
        (("as_of",), "yesterday"),
        (("counts", "checked"), -1),
        (("verdicts", 0, "outcomes", "R09-1"), "skipped"),
        (("verdicts", 0, "findings", 0, "clause"), "R19-1"),
        (("verdicts", 0, "findings", 0, "location", "line"), None),
        (("more",), 1),
    ],
)
def test_the_schema_refuses_another_shape(
    schema: Draft202012Validator, route: tuple[str | int, ...], wrong: object
) -> None:
    value = _json(sample_report(sample_finding("x")))
    place = value
    for key in route[:-1]:
        place = place[key]
    place[route[-1]] = wrong
    assert list(schema.iter_errors(value))


def test_json_says_what_the_report_says() -> None:
    value = _json(sample_report(sample_finding("note", Effect.NOTE), sample_finding("bad")))
    assert (value["decision"], value["exit_code"]) == ("refuse", 11)
    assert value["counts"] == {
        "checked": 2, "declared": 1, "entered": 0, "undeclared": 0, "unchecked": 2,
    }  # fmt: skip
    path = "content/reviews/2026-11-02-x/r1/3-final.json"
    assert value["verdicts"][0]["signed"] == {"R09-3": [path]}
    assert value["unchecked"] == ["R09-4", "第十二条"]
    assert value["verdicts"][0]["outcomes"] == {
        "R09-1": "violated",
        "R09-2": "satisfied",
        "R09-3": "declared",
    }
    first, second = value["verdicts"][0]["findings"]
    assert (first["effect"], second["effect"]) == ("refuse", "note"), "the heaviest comes first"
    assert first["message"] == "The title bad is wrong."
    assert first["remedy"] == "Write bad anew."
    assert first["location"] == {"path": PATH, "line": 7, "column": 3}
