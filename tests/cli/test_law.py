"""explain and rules: any spelling of a clause, every manner of looking, whole articles."""

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.explain import MANNERS
from pipeline.errors import Fault
from pipeline.law.rulebook import clause_texts
from pipeline.model.findings import Message
from pipeline.program import sanshen
from pipeline.report.language import translator
from pipeline.rules import a09_reposts


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(sanshen, ["--lang", language, *arguments])


def clause_finding(name: str) -> tuple[str, str]:
    """What a finding of R09-6 says, and what to do."""
    return dict(clause_texts(a09_reposts.__doc__ or ""))[6].findings[name]


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
    assert "`kind: …`" in run("explain", "kind-differs", language="zh").output, "no name of a value"
    chinese = run("explain", "officer-missing", language="zh").output
    assert "\nofficer-missing：" in chinese
    assert "\n问题的名称：officer-missing、" in chinese
    what, do = clause_finding("file-unlisted")
    english = run("explain", "file-unlisted").output
    assert f"\nfile-unlisted: {what} → {do}\n" in english.replace("…", "{file}")
    chinese = run("explain", "file-unlisted", language="zh").output
    assert translator("zh")(Message(do)) in chinese, "the sentence and what to do, in both"


def test_a_clause_that_is_not_checked_has_no_cases() -> None:
    assert "Accepted:" not in run("explain", "R01-2").output


def test_an_unknown_clause_is_named() -> None:
    found = run("explain", "R99-1")
    assert found.exit_code != 0
    fault = run("explain", "passwords").exception
    assert isinstance(fault, Fault)
    assert "finding" in str(fault.message)


def test_every_clause_of_the_law_is_listed_once_with_its_manner() -> None:
    shown = run("rules").output
    rows = [line for line in shown.splitlines() if line.startswith("  ")]
    names = [row.split()[0] for row in rows]
    assert len(names) == len(set(names)) > 100
    for manner in MANNERS.values():
        assert any(str(manner) in row for row in rows)
    assert "no rule yet" not in shown


def test_a_finding_is_explained_by_its_name() -> None:
    """By the one clause that gives it; by a line each where several do; beside the clauses, too."""
    assert run("explain", "earlier-step-missing").output == run("explain", "R11-1").output
    several = [row.split()[0] for row in run("explain", "declaration-due").output.splitlines()]
    assert several == sorted(several)
    assert {"R01-1", "R16-4", "R17-3"} <= {*several}
    beside = run("explain", "key-unknown")
    assert beside.output == run("explain", "s2").output == run("explain", "S-2").output
    assert "S-2  条款之外" in beside.output
    labels = [line.partition(": ")[0] for line in beside.output.splitlines()]
    assert {"Accepted", "Violated", "Boundary", "What to do"} <= {*labels}


def test_a_word_that_is_no_name_of_a_finding_is_no_clause() -> None:
    assert run("explain", "no-such-name").exit_code == 1
