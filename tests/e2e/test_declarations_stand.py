"""No outcome is declared without a signed record in force that the verdict names (0060)."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.history.duties import overview
from pipeline.judge.load_governance import Trusted
from pipeline.law.engine import judge_periods
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, Clock
from pipeline.model.findings import Outcome
from pipeline.source.git.repository import Repository
from tests.builders.command import ours
from tests.e2e.test_journey import Bureau

COMMANDS = ("verify", "audit")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return Bureau(tmp_path_factory.mktemp("fresh"))


def declared(report: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """(subject, clause, the records named) of every declared outcome of a report."""
    for verdict in report["verdicts"]:
        assert verdict["signed"].keys() <= verdict["outcomes"].keys()
        for clause, outcome in verdict["outcomes"].items():
            records = verdict["signed"].get(clause, [])
            assert (outcome == "declared") is bool(records), (verdict["subject"], clause)
            if records:
                yield verdict["subject"], clause, records


@pytest.mark.parametrize("later", ["", "2027-11-30T09:00:00+08:00"])
def test_an_archive_without_one_record_declares_nothing(fresh: Bureau, later: str) -> None:
    """Neither on its first day, nor when every declaration is overdue."""
    when = ("--as-of", later) if later else ()
    for command in COMMANDS:
        done = ours([command, "--format", "json", *when], str(fresh.folder), fresh.environment)
        report = json.loads(done.stdout)
        assert list(declared(report)) == []
        assert report["counts"]["declared"] == 0
    assert report["counts"]["undeclared"] >= 6
    words = ours(["audit", *when], str(fresh.folder), fresh.environment).stdout
    assert "已声明0项" in words
    (names,) = re.findall(r"^尚无人声明：(.+)。$", words, re.MULTILINE)
    assert len(re.split("[、, ]+", names)) == report["counts"]["undeclared"]
    assert "R13-8" in names


def test_clauses_that_had_nothing_to_look_at_are_not_counted_as_checked(fresh: Bureau) -> None:
    """No post, no publication, and no one entered whether an account shows advertising."""
    done = ours(["audit", "--format", "json"], str(fresh.folder), fresh.environment)
    verdicts = json.loads(done.stdout)["verdicts"]
    for clause in ("R04-1", "R04-2", "R11-4", "R11-6", "R15-2", "R16-4"):
        of = {v["outcomes"].get(clause, "not-applicable") for v in verdicts}
        assert of == {"not-applicable"}, clause


def test_its_inspection_report_claims_no_declaration_and_no_check(fresh: Bureau) -> None:
    quarter = f"{datetime.now(SHANGHAI).year}Q{(datetime.now(SHANGHAI).month + 2) // 3}"
    said = fresh.sanshen("report", "--inspection", quarter)
    vetoes = said.split("\n## ")[1]
    assert "已声明" not in vetoes and "已检" not in vetoes
    (forced,) = [line for line in vetoes.splitlines() if "强制点赞" in line]
    assert "未检查（" in forced, forced
    assert "未发现" not in vetoes  # nothing was published


def test_every_declared_outcome_of_the_demo_names_a_record_that_was_signed(
    demo: Path, reports: dict[str, dict[str, Any]]
) -> None:
    clauses = set()
    for report in reports.values():
        for subject, clause, records in declared(report):
            clauses.add(clause)
            for path in records:
                signed = demo / path
                assert signed.is_file() and Path(f"{signed}.sig").is_file(), (subject, path)
    assert {"R03-4", "R11-2", "R13-1", "R13-8", "R14-1", "R17-3"} <= clauses


@pytest.fixture(scope="module")
def standing(demo: Path) -> Iterator[tuple[Archive, Trusted]]:
    moment = datetime(2026, 11, 22, 20, tzinfo=SHANGHAI)
    with Repository.open(demo) as repository:
        yield overview(repository, repository.commit("HEAD"), lambda _: moment)


@given(days=st.integers(-90, 900), left=st.sets(st.sampled_from(
    ("declaration", "rotation", "attestation"))))  # fmt: skip
def test_duties_are_declared_by_what_is_signed_alone(
    standing: tuple[Archive, Trusted], days: int, left: set[str]
) -> None:
    """Whatever the day, and whatever kinds of signed records are left in the archive."""
    archive, trusted = standing
    signed = {kind: rows for kind, rows in archive.signed.items() if kind in left}
    moved = Clock(archive.as_of + timedelta(days=days))
    verdict = judge_periods(replace(archive, signed=signed, clock=moved), trusted.rulebook)
    there = {row.path for rows in signed.values() for row in rows}
    for clause, outcome in verdict.outcomes.items():
        records = verdict.records(clause)
        assert (outcome is Outcome.DECLARED) is bool(records), clause
        assert set(records) <= there, clause
