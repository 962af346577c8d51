"""What the engine hands to each clause, where a failed one stands, how verdicts are named."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pipeline.engine import judge_change, judge_governance, judge_periods, judge_post
from pipeline.model.archive import Archive, Change
from pipeline.model.findings import Complaint, Effect, Finding, Location, Outcome, say
from pipeline.model.law import ChangeClause, ItemClause, PeriodClause
from tests.test_engine import _archive, _book


def _raises(*_: Any) -> Iterator[Complaint]:
    raise ValueError("no")


def _owing(*_: Any) -> Iterator[Complaint]:
    yield Complaint(Effect.HOLD, say("Overdue."), Location("x", 1), say("Do it."), owes="wx")


def test_every_shape_gets_exactly_its_arguments() -> None:
    archive = _archive()
    (subject,) = archive.posts.values()
    met: list[tuple[Any, ...]] = []

    def note(*given: Any) -> Iterator[Complaint]:
        met.append(given)
        return iter(())

    judge_post(subject, archive, _book(ItemClause(1, note)))
    judge_change(archive, _book(ChangeClause(1, note)))
    judge_periods(archive, _book(PeriodClause(1, note)))
    assert met == [(subject, archive), (archive.change, archive), (archive,)]


def test_a_shape_is_judged_by_its_own_function_alone() -> None:
    archive = _archive()
    (subject,) = archive.posts.values()
    book = _book(ItemClause(1, _raises), ChangeClause(2, _raises), PeriodClause(3, _raises))
    for verdict, number in (
        (judge_post(subject, archive, book), "R99-1"),
        (judge_change(archive, book), "R99-2"),
        (judge_periods(archive, book), "R99-3"),
    ):
        ran = [i for i, c in verdict.outcomes.items() if c.outcome is Outcome.NOT_EVALUATED]
        assert ran == [number]


def test_verdicts_have_names_and_failed_clauses_a_place() -> None:
    archive = _archive()
    (subject,) = archive.posts.values()
    post = judge_post(subject, archive, _book(ItemClause(1, _raises)))
    change = judge_change(archive, _book(ChangeClause(1, _raises)))
    periods = judge_periods(archive, _book(PeriodClause(1, _raises)))
    assert [v.subject for v in (post, change, periods)] == [subject.id, "change", "archive"]
    places = [v.findings[0].location for v in (post, change, periods)]
    assert places == [Location(subject.path), Location(""), Location("")]
    assert [v.findings[0].clause for v in (post, change, periods)] == ["R99-1"] * 3


def test_who_owes_a_duty_is_handed_on() -> None:
    verdict = judge_periods(_archive(), _book(PeriodClause(1, _owing)))
    assert verdict.findings[0].owes == "wx"


def test_without_a_change_none_is_judged() -> None:
    with pytest.raises(ValueError, match="^only a change can be judged as one$"):
        judge_change(_archive(change=None), _book())


def _problem(clause: str, effect: Effect) -> Finding:
    return Finding(clause, effect, say("So it is."), Location("p"), say("Do this."))


def test_registers_without_problems_satisfy_one_clause() -> None:
    verdict = judge_governance(_archive(), _book())
    assert verdict.subject == "registers"
    assert {i: c.outcome for i, c in verdict.outcomes.items()} == {"R13-7": Outcome.SATISFIED}


def test_registers_with_problems_violate_the_clauses_named() -> None:
    archive: Archive = _archive(record_problems=(_problem("R11-4", Effect.REFUSE),))
    noted = replace(archive.registers, problems=(_problem("R17-1", Effect.NOTE),))
    verdict = judge_governance(replace(archive, registers=noted), _book())
    assert {i: c.outcome for i, c in verdict.outcomes.items()} == {
        "R11-4": Outcome.VIOLATED,
        "R17-1": Outcome.SATISFIED,
    }


@pytest.mark.parametrize(
    ("effect", "outcome"),
    [(Effect.NOTE, Outcome.SATISFIED), (Effect.HOLD, Outcome.VIOLATED)],
)
def test_a_problem_of_a_change_weighs_by_its_effect(effect: Effect, outcome: Outcome) -> None:
    change = Change("b", "h", (), problems=(_problem("R99-1", effect),))
    verdict = judge_change(_archive(change=change), _book(ChangeClause(1, lambda *_: iter(()))))
    assert verdict.outcomes["R99-1"].outcome is outcome
    kept = judge_change(_archive(change=change), _book(ChangeClause(1, _owing)))
    assert kept.outcomes["R99-1"].outcome is Outcome.VIOLATED
    assert len(kept.outcomes["R99-1"].findings) == 2
