"""The names of a clause's findings, as `explain` lists them, read in the rule's own code."""

import re
from functools import partial

import pytest

from pipeline.cli.explain import finding_names as rows
from pipeline.judge.load_governance import trust
from pipeline.law.side_checks import BESIDE
from pipeline.model.law import CASES, Unchecked
from pipeline.new.new_archive import empty_archive
from tests.finding_names import GOLDEN, finding_names, golden, homes

RULEBOOK = trust(empty_archive()).rulebook
CLAUSES = {
    article.clause_id(number): [c for c in article.rule.clauses if c.number == number]
    for article in RULEBOOK.articles
    if article.rule
    for number in {c.number for c in article.rule.clauses}
}


def names(clause: str) -> set[str]:
    return {name for each in CLAUSES[clause] for name in finding_names(each)}


@pytest.mark.parametrize(
    ("clause", "some"),
    [
        ("R09-6", {"file-unlisted", "listed-file-missing", "portrait-without-consent"}),
        ("R11-1", {"second-review-missing", "second-review-returned", "review-witnessed"}),
        ("R11-2", {"proofreading-unstated"}),
        ("R13-1", {"bottom-line-unstated", "bottom-lines-outdated"}),
        ("R13-2", {"words-listed"}),
        ("R14-1", {"password-due", "keeper-unfit"}),
        ("F-9", {"form-filing-due", "filed-form-removed"}),
    ],
)
def test_names_are_read_wherever_the_rule_has_them(clause: str, some: set[str]) -> None:
    """In calls, tables, bound functions, what is imported, and what is made once."""
    assert names(clause) >= some


def test_other_words_with_hyphens_are_no_names() -> None:
    """Roles, wordings and kinds of private data are arguments of the same calls."""
    assert not names("R06-1") & {"section-head", "information-officer"}
    assert not names("R13-10") & {"bank-card", "weak-mask", "identity-old"}
    assert "basis-review" not in names("R01-1")


def test_every_checked_clause_gives_names_but_that_of_the_channels() -> None:
    nameless = {
        clause
        for clause, each in CLAUSES.items()
        if not names(clause) and not all(isinstance(c, Unchecked) for c in each)
    }
    assert nameless == set()


def test_what_is_no_function_has_none() -> None:
    assert finding_names(Unchecked(1)) == finding_names(partial(len)) == []


def test_no_name_is_changed_without_being_seen() -> None:
    """Exports and what a change brings go by them: one that is renamed is a line of the diff."""
    assert golden() == GOLDEN.read_text("utf-8"), "python -m tests.finding_names"


def test_every_name_is_two_to_four_plain_words() -> None:
    for row in GOLDEN.read_text("utf-8").splitlines():
        clause, name = row.split(" ")
        assert re.fullmatch(r"(?:R\d\d|F|S)-\d+", clause), row
        assert re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+){1,3}", name), row


def test_every_finding_has_a_clause_that_explain_tells() -> None:
    beside = {BESIDE.clause_id(number) for number in BESIDE.texts}
    assert {clause for clause, _ in rows()} <= {*CLAUSES, *beside}
    assert beside <= {clause for clause, _ in rows()}


def test_what_is_judged_beside_the_clauses_has_its_cases() -> None:
    for text in BESIDE.texts.values():
        assert text.checked
        assert len(text.cases) == len(CASES)


def test_a_name_that_no_module_with_a_clause_gives_is_refused() -> None:
    with pytest.raises(AssertionError, match="made-up-name"):
        homes("made-up-name")
