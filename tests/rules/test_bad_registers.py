"""Registers and records malformed in every field, generated from their schemas: never a crash.

The list of bad input of the issue: each spoiled place gives a finding that names file, line and
clause; a record that its schema lets through never stops a rule; edges of time hold.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from pipeline.evidence.review.records import read_signed
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Effect
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.records import read_corrections, read_records
from pipeline.source.content.text import read_yaml
from tests.builders.cast import at, governance, sign_as
from tests.builders.layers import schema
from tests.builders.samples import ENTRIES, RECORDS, Route, leaves, spoiled
from tests.evidence.test_signed import PREDICATES

POST = "2026-11-05-winter-fire"
FILING: dict[str, Any] = {
    "number": "MB0000000-2026-11-05",
    "day": "2026-11-05",
    "items": [{"post": POST, "revision": 1, "manifest": "a" * 64}],
    "form": "a" * 64,
    "signature": "wet",
    "filled_on": "2026-11-05",
    "status": "filed",
    "filed_on": "2026-11-05",
    "location": "一号柜",
    "retention": "10年",
    "person": "kz-a",
    "scan": {"file": "a.pdf", "sha256": "a" * 64, "scanned_on": "2026-11-05"},
    "replaces": "2026-11-05-a",
    "reason": "漏列一条",
}
CORRECTION: dict[str, Any] = {
    "post": POST,
    "revision": 2,
    "kind": "correction",
    "reason": "补充一句说明。",
    "changed_on": "2026-11-05",
    "person": "zz-a",
    "changes": [{"old": "旧句。", "new": "新句。"}],
}
PLAIN = {**RECORDS, "filings": FILING, "corrections": CORRECTION}
CORRECTION_NAME = f"{CORRECTION['post']}.r{CORRECTION['revision']}"
WRONG: tuple[Any, ...] = (
    None,
    7.5,
    -(10**9),
    "",
    "x" * 5000,
    "\u202e",
    "2026-02-30",
    "no",
    [[]],
    {"a": {}},
)
"""Values of every shape; where a place may hold one, it is left out."""


@cache
def trusted() -> Trusted:
    return trust(MemoryTree(governance()))


def bad(of: Any, value: Any) -> Iterator[tuple[Route, Any]]:
    """(place, whole value with that place spoiled) of all that the schema `of` does not accept."""
    held = Conformance(of, "R13-7")
    for route in leaves(value):
        for wrong in WRONG:
            made = spoiled(value, route, wrong)
            if [*held.findings(Document("x.yml", made))]:
                yield route, made


def told(found: Any, path: str, route: Route) -> None:
    """A refusal with file, line, clause and remedy; lines only where a file has several."""
    assert found, route
    for finding in found:
        assert finding.effect is Effect.REFUSE
        assert finding.location.path == path
        assert finding.clause
        assert finding.remedy
        assert finding.location.line or path.endswith(".json")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_register_spoiled_in_any_field_by_any_shape(name: str) -> None:
    path, of = f"content/registers/{name}.yml", schema(f"registers/{name}")
    held, count = Conformance(of, "R13-7"), 0
    for route, made in bad(of, {name: [ENTRIES[name]]}):
        document = read_yaml(path, dump(made), held.clause)
        told(document.problems or [f for f, _ in held.findings(document)], path, route)
        count += 1
    assert count > 20


@pytest.mark.parametrize("kind", PLAIN)
def test_a_record_spoiled_in_any_field_by_any_shape(kind: str) -> None:
    name = CORRECTION_NAME if kind == "corrections" else "one"
    path = f"content/records/{kind}/2026/{name}.yml"
    routes = set()
    for route, made in bad(schema(f"records/{kind}"), PLAIN[kind]):
        tree = MemoryTree({path: dump(made)})
        facts: tuple[Any, ...]
        if kind == "corrections":
            facts, problems = read_corrections(tree, trusted().schemas, [path])
        else:
            facts, problems = read_records(tree, trusted().schemas, kind, [path])
        assert facts == (), route
        told(problems, path, route)
        routes.add(route)
    assert routes == set(leaves(PLAIN[kind]))


@pytest.mark.parametrize("kind", PREDICATES)
def test_a_signed_record_spoiled_in_any_field_by_any_shape(kind: str) -> None:
    path = f"content/records/{kind}s/2026/one.json"
    stated = {"archive": "yunlan-yjj", "person": "kz-a", "signed_at": at("2026-11-04 10:00")}
    sound = json.loads(write_statement(kind, {"x": "a" * 64}, stated | PREDICATES[kind]))
    count = 0
    for route, made in bad(schema(f"statements/{kind}"), sound):
        raw = json.dumps(made).encode()
        file = SignedFile(path, raw, sign_as("kz-a", raw))
        signed, problems = read_signed(
            [file], trusted().registers, trusted().statements[kind], kind
        )
        assert signed == (), route
        told(problems, path, route)
        count += 1
    assert count > 20
