"""explain and rules: any spelling of a clause, every manner of looking, whole articles."""

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.explain import MANNERS
from pipeline.program import sanshen


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(sanshen, ["--lang", language, *arguments])


@pytest.mark.parametrize("spelling", ["R05-1", "r5-1", "5-1", "05-1"])
def test_a_clause_is_found_however_it_is_written(spelling: str) -> None:
    found = run("explain", spelling)
    assert found.exit_code == 0
    assert found.output.startswith("R05-1  第五条  [checked over time]")
    assert "cadence.text.count = 2" in found.output


def test_an_article_tells_all_its_clauses_once() -> None:
    shown = run("explain", "r5").output
    assert [shown.count(f"R05-{n}  第五条") for n in range(1, 8)] == [1, 1, 1, 1, 1, 1, 0]
    assert "R05-4  第五条  [by records, by signed declarations]" in shown


def test_a_clause_is_explained_by_what_passes_what_does_not_and_what_to_do() -> None:
    lines = run("explain", "R05-1").output.splitlines()
    [first] = (n for n, line in enumerate(lines) if line.startswith("Accepted: two batches"))
    labels = [line.partition(": ")[0] for line in lines[first : first + 4]]
    assert labels == ["Accepted", "Violated", "Boundary", "What to do"]
    chinese = run("explain", "R05-1", language="zh").output
    for label in ("合格：一周之内发布两批", "不合格：", "界限：", "怎么办：过去的一周无法补救"):
        assert f"\n{label}" in chinese


def test_a_clause_that_is_not_checked_has_no_cases() -> None:
    assert "Accepted:" not in run("explain", "R01-2").output


def test_an_unknown_clause_is_named() -> None:
    found = run("explain", "R99-1")
    assert found.exit_code != 0


def test_every_clause_of_the_law_is_listed_once_with_its_manner() -> None:
    shown = run("rules").output
    rows = [line for line in shown.splitlines() if line.startswith("  ")]
    names = [row.split()[0] for row in rows]
    assert len(names) == len(set(names)) > 100
    for manner in MANNERS.values():
        assert any(str(manner) in row for row in rows)
    assert "no rule yet" not in shown
