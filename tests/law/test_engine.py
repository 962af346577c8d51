"""The engine: every clause has an outcome, and whatever does not run refuses."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from pipeline.law.engine import (
    MOST_LISTED,
    judge_change,
    judge_periods,
    judge_post,
)
from pipeline.model.archive import Archive, Change, OnBranch
from pipeline.model.calendar import Clock
from pipeline.model.findings import Complaint, Effect, Finding, Location, Outcome, say
from pipeline.model.law import (
    Article,
    ChangeClause,
    Clause,
    ItemClause,
    PeriodClause,
    Rule,
    Rulebook,
    Unchecked,
)
from pipeline.model.posts import Post
from pipeline.model.reports import Report, Verdict
from tests.builders.cast import AS_OF
from tests.report.samples import PROGRAM
from tests.rules import builders as made
from tests.rules.governance import registers
from tests.verdicts import findings_of


def _book(*clauses: Clause) -> Rulebook:
    article = Article("99", "第九十九条", "", Rule(clauses), "a99", {}, {}, {})
    return Rulebook((article,), "d" * 64)


def _says(effect: Effect) -> Callable[[Post, Archive], Iterator[Complaint]]:
    def check(post: Post, _archive: Archive) -> Iterator[Complaint]:
        yield Complaint(
            "so-it-is", effect, say("So it is."), Location(post.path, 3), say("Do this.")
        )

    return check


def _silent(*_: object) -> Iterator[Complaint]:
    return iter(())


def _archive(**changes: Any) -> Archive:
    subject = made.post()
    base = Archive(
        situation=OnBranch(Change("b", "h", ())),
        clock=Clock(AS_OF),
        registers=registers(),
        posts={subject.id: subject},
        post_ids=frozenset({subject.id}),
        approvals={subject.id: made.approvals(subject)},
        publications=(),
        corrections=(),
    )
    return replace(base, **changes)


def _judged(*clauses: Clause, **post: Any) -> Verdict:
    archive = _archive()
    return judge_post(replace(made.post(), **post), archive, _book(*clauses))


def _raises(error: BaseException) -> Callable[..., Iterator[Complaint]]:
    def check(*_: object) -> Iterator[Complaint]:
        raise error

    return check


def _raises_late(*_: object) -> Iterator[Complaint]:
    yield Complaint("so-it-is", Effect.NOTE, say("So far, so good."), Location("a"))
    raise RuntimeError("late")


@pytest.mark.parametrize(
    "check",
    [
        _raises(KeyError("x")),
        _raises(RecursionError()),
        _raises(StopIteration()),
        _raises_late,
        _raises(MemoryError()),
    ],
)
def test_a_clause_that_crashes_refuses(check: Callable[..., Iterator[Complaint]]) -> None:
    verdict = _judged(ItemClause(1, check), ItemClause(2, _silent))
    assert verdict.decision is Effect.REFUSE
    assert verdict.outcomes["R99-1"] is Outcome.NOT_EVALUATED
    assert verdict.outcomes["R99-2"] is Outcome.SATISFIED
    (found,) = findings_of(verdict, "R99-1")
    assert found.effect is Effect.REFUSE
    assert found.name == "rule-fails"
    assert found.remedy


def test_a_crash_in_the_scope_refuses_too() -> None:
    verdict = _judged(ItemClause(1, _silent, applies=_raises(ValueError())))  # type: ignore[arg-type]
    assert verdict.decision is Effect.REFUSE


def test_a_crash_in_a_period_or_a_change_refuses() -> None:
    archive = _archive()
    assert (
        judge_periods(archive, _book(PeriodClause(1, _raises(ValueError())))).decision
        is Effect.REFUSE
    )
    assert (
        judge_change(archive, _book(ChangeClause(1, _raises(ValueError())))).decision
        is Effect.REFUSE
    )


def test_a_crash_does_not_say_what_the_draft_holds() -> None:
    verdict = _judged(ItemClause(1, _raises(ValueError("340123199001011234"))))
    assert "340123" not in str(verdict.findings)


@pytest.mark.parametrize(
    ("effect", "outcome", "publishable"),
    [
        (Effect.NOTE, Outcome.SATISFIED, True),
        (Effect.HOLD, Outcome.VIOLATED, False),
        (Effect.REFUSE, Outcome.VIOLATED, False),
    ],
)
def test_effects(effect: Effect, outcome: Outcome, publishable: bool) -> None:
    verdict = _judged(ItemClause(1, _says(effect)), ItemClause(2, _silent))
    assert verdict.decision is effect
    assert verdict.outcomes["R99-1"] is outcome
    assert verdict.publishable is publishable
    (found,) = verdict.findings
    assert found == Finding(
        "R99-1",
        "so-it-is",
        effect,
        say("So it is."),
        Location(made.post().path, 3),
        say("Do this."),
    )


@pytest.mark.parametrize(
    ("effect", "listed"), [(Effect.REFUSE, MOST_LISTED + 1), (Effect.NOTE, MOST_LISTED + 20)]
)
def test_a_refusal_a_thousandfold_is_told_in_part_and_says_so(effect: Effect, listed: int) -> None:
    def check(post: Post, _archive: Archive) -> Iterator[Complaint]:
        for line in range(MOST_LISTED + 20):
            yield Complaint(
                "so-it-is", effect, say("So it is."), Location(post.path, line), say("Do this.")
            )

    told = findings_of(_judged(ItemClause(1, check)), "R99-1")
    assert len(told) == listed
    assert (told[-1].name == "more-not-listed") is (effect is Effect.REFUSE)


def test_no_clause_at_all_refuses() -> None:
    assert _judged().decision is Effect.REFUSE
    assert judge_post(made.post(), _archive(), Rulebook((), "")).decision is Effect.REFUSE
    assert judge_periods(_archive(), Rulebook((), "")).decision is Effect.REFUSE
    assert Verdict("x").decision is Effect.REFUSE
    assert not Verdict("x").publishable


@pytest.mark.parametrize("invalid", ["title", ""])
def test_a_clause_without_what_it_needs_is_not_evaluated_and_refuses(invalid: str) -> None:
    """An empty name stands for the whole front matter."""
    verdict = _judged(
        ItemClause(1, _silent, ("title",)), ItemClause(2, _silent), invalid=frozenset({invalid})
    )
    assert verdict.outcomes["R99-1"] is Outcome.NOT_EVALUATED
    assert verdict.outcomes["R99-2"] is Outcome.SATISFIED
    assert verdict.decision is Effect.REFUSE


def test_a_clause_out_of_scope_is_not_applicable() -> None:
    verdict = _judged(
        ItemClause(1, _raises(ValueError()), applies=lambda *_: False), ItemClause(2, _silent)
    )
    assert verdict.outcomes["R99-1"] is Outcome.NOT_APPLICABLE
    assert verdict.decision is None


def test_every_clause_has_an_outcome_in_every_verdict() -> None:
    book = _book(
        ItemClause(1, _silent), PeriodClause(2, _silent), ChangeClause(3, _silent), Unchecked(4)
    )
    archive = _archive()
    for verdict in (
        judge_post(made.post(), archive, book),
        judge_periods(archive, book),
        judge_change(archive, book),
    ):
        assert verdict.outcomes.keys() == {"R99-1", "R99-2", "R99-3", "R99-4"}
        applied = {i for i, o in verdict.outcomes.items() if o is Outcome.SATISFIED}
        assert len(applied) == 1


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_number_that_is_gate_and_duty_keeps_the_shape_that_is_judged(
    order: tuple[int, int],
) -> None:
    clauses: tuple[Clause, Clause] = (ItemClause(1, _says(Effect.REFUSE)), PeriodClause(1, _silent))
    book, archive = _book(*(clauses[n] for n in order)), _archive()
    assert judge_post(made.post(), archive, book).decision is Effect.REFUSE
    assert judge_periods(archive, book).decision is None


def test_a_problem_of_the_files_counts_against_the_clause_it_names() -> None:
    problem = Finding("R99-1", "so-it-is", Effect.REFUSE, say("Bad."), Location("a"), say("Mend."))
    stranger = Finding("R98-7", "so-it-is", Effect.REFUSE, say("Bad."), Location("a"), say("Mend."))
    verdict = _judged(ItemClause(1, _says(Effect.NOTE)), problems=(problem, stranger))
    assert verdict.outcomes["R99-1"] is Outcome.VIOLATED
    assert [f.effect for f in findings_of(verdict, "R99-1")] == [Effect.REFUSE, Effect.NOTE]
    assert findings_of(verdict, "R98-7") == (stranger,)


def test_a_problem_does_not_turn_a_clause_that_never_ran_into_one_that_did() -> None:
    """A note filed on a crashed clause must not make it a satisfied one."""
    note = Finding("R99-1", "so-it-is", Effect.NOTE, say("By the way."), Location("a"))
    verdict = _judged(ItemClause(1, _raises(ValueError())), problems=(note,))
    assert verdict.decision is Effect.REFUSE
    blocked = _judged(
        ItemClause(1, _silent, ("title",)), problems=(note,), invalid=frozenset({"title"})
    )
    assert blocked.decision is Effect.REFUSE


def test_gaps_are_named_and_never_a_pass() -> None:
    gap = Article("98", "第九十八条", "", None, "", {}, {}, {})
    book = Rulebook((gap, *_book(ItemClause(1, _silent), Unchecked(2)).articles), "")
    verdict = judge_post(made.post(), _archive(), book)
    report = Report("verify", AS_OF, "b", "h", (verdict,), book, PROGRAM)
    assert report.unchecked == ("R99-2", "第九十八条")
    assert report.counts.unchecked == 2
    assert report.counts.checked == 1
    only_gaps = Rulebook((gap,), "")
    assert judge_post(made.post(), _archive(), only_gaps).decision is Effect.REFUSE
