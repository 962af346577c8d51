"""What the engine hands to each clause, where a failed one stands, how verdicts are named."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pipeline.law.engine import (
    judge_change,
    judge_governance,
    judge_periods,
    judge_post,
    judge_written,
)
from pipeline.model.archive import Archive, Change, OnBranch, OnMain
from pipeline.model.findings import Complaint, Effect, Finding, Location, Outcome, say
from pipeline.model.law import Article, ChangeClause, ItemClause, PeriodClause, Rule, Rulebook
from pipeline.model.policy import Unstated
from pipeline.model.reports import Verdict
from tests.builders.cast import at
from tests.builders.named import SENTENCES
from tests.law.test_engine import _archive, _book
from tests.rules import builders as made
from tests.rules.governance import registers
from tests.verdicts import findings_of


def _raises(*_: Any) -> Iterator[Complaint]:
    raise ValueError("no")


def _owing(*_: Any) -> Iterator[Complaint]:
    yield Complaint(
        "so-it-is", Effect.HOLD, say("Overdue."), Location("x", 1), say("Do it."), owes="wx"
    )


def test_what_is_written_is_judged_without_what_lapsed_or_fell_due() -> None:
    def told(archive: Archive) -> Iterator[Complaint]:
        assert archive is given
        for effect in Effect:
            for due in (None, at("2026-11-05 12:00")):
                words = say("{effect} {due}", effect=effect.name, due=due is not None)
                yield Complaint("so-it-is", effect, words, Location("x", 1), say("Do it."), due=due)

    given = _archive()
    book = _book(
        ItemClause(1, _raises), PeriodClause(2, told), PeriodClause(3, _raises, lapse=True),
        PeriodClause(4, _raises),
    )  # fmt: skip
    found = [(f.clause, str(f.message)) for f in judge_written(given, book)]
    assert found[0] == ("R99-2", "REFUSE False")
    assert [clause for clause, _ in found] == ["R99-2", "R99-4"]


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


def test_without_a_change_none_is_judged() -> None:
    with pytest.raises(ValueError, match="^only a change can be judged as one$"):
        judge_change(_archive(situation=OnBranch()), _book())


def _problem(clause: str, effect: Effect) -> Finding:
    return Finding(clause, "so-it-is", effect, say("So it is."), Location("p"), say("Do this."))


def test_registers_without_problems_satisfy_one_clause() -> None:
    verdict = judge_governance(_archive())
    assert verdict.subject == "registers"
    assert dict(verdict.outcomes) == {"R13-7": Outcome.SATISFIED}


def test_registers_with_problems_violate_the_clauses_named() -> None:
    archive: Archive = _archive(record_problems=(_problem("R11-4", Effect.REFUSE),))
    noted = replace(archive.registers, problems=(_problem("R17-1", Effect.NOTE),))
    verdict = judge_governance(replace(archive, registers=noted))
    assert dict(verdict.outcomes) == {
        "R11-4": Outcome.VIOLATED,
        "R17-1": Outcome.SATISFIED,
    }


@pytest.mark.parametrize(
    ("effect", "outcome"),
    [(Effect.NOTE, Outcome.SATISFIED), (Effect.HOLD, Outcome.VIOLATED)],
)
def test_a_problem_of_a_change_weighs_by_its_effect(effect: Effect, outcome: Outcome) -> None:
    change = Change("b", "h", (), problems=(_problem("R99-1", effect),))
    look = _archive(situation=OnBranch(change))
    verdict = judge_change(look, _book(ChangeClause(1, lambda *_: iter(()))))
    assert verdict.outcomes["R99-1"] is outcome
    kept = judge_change(look, _book(ChangeClause(1, _owing)))
    assert kept.outcomes["R99-1"] is Outcome.VIOLATED
    assert len(findings_of(kept, "R99-1")) == 2


def _books(*numbers: str) -> Rulebook:
    """Articles of one item clause each, which refuses."""
    articles = (
        Article(n, f"第{n}条", "", Rule((ItemClause(1, _refusing),)), f"a{n}", {}, {}, {})
        for n in numbers
    )
    return Rulebook(tuple(articles), "d" * 64)


def _refusing(*_: Any) -> Iterator[Complaint]:
    yield Complaint("so-it-is", Effect.REFUSE, say("So it is."), Location("x", 1), say("Do it."))


def test_what_stands_from_before_the_regulation_is_held_to_article_17_alone() -> None:
    book, before = _books("16", "17"), made.post(publish_at=at("2001-01-01 09:00"))
    forced = replace(_archive(), registers=registers(regulation__in_force_from="2020-01-01"))
    standing = replace(forced, situation=OnMain())
    assert _ran(judge_post(before, standing, book)) == ["R17-1"]
    assert _ran(judge_post(before, forced, book)) == ["R16-1", "R17-1"], "a change brings it in"
    assert _ran(judge_post(made.post(), standing, book)) == ["R16-1", "R17-1"]


def test_only_the_duties_asked_for_are_looked_at() -> None:
    book = _book(*(PeriodClause(n, _owing) for n in (1, 2, 3)))
    assert _ran(judge_periods(_archive(), book)) == ["R99-1", "R99-2", "R99-3"]
    assert _ran(judge_periods(_archive(), book, only={"R99-2", "R11-1"})) == ["R99-2"]
    assert _ran(judge_periods(_archive(), book, only=())) == []


def _ran(verdict: Verdict) -> list[str]:
    return [i for i, o in verdict.outcomes.items() if o is Outcome.VIOLATED]


def test_a_parameter_that_the_policy_lacks_refuses_by_its_name() -> None:
    def asks(*_: Any) -> Iterator[Complaint]:
        raise Unstated("cadence.days")
        yield

    for shape, judge in (
        (PeriodClause, judge_periods),
        (ChangeClause, judge_change),
        (ItemClause, lambda archive, book: judge_post(*archive.posts.values(), archive, book)),
    ):
        found = judge(_archive(), _book(shape(1, asks)))
        assert found.outcomes["R99-1"] is Outcome.NOT_EVALUATED
        assert findings_of(found, "R99-1") == (
            Finding(
                "R99-1",
                "parameter-unstated {name}",
                Effect.REFUSE,
                say(SENTENCES["parameter-unstated"], name="cadence.days"),
                Location("content/policy.yml"),
                say(SENTENCES["state-parameter"]),
            ),
        )


def test_what_an_elder_law_cannot_know_does_not_apply() -> None:
    def asks(*_: Any) -> Iterator[Complaint]:
        yield Complaint(
            "so-it-is", Effect.REFUSE, say("So it is."), Location("x", 1), say("Do it.")
        )
        raise Unstated("cadence.days")

    (article,) = _book(PeriodClause(1, asks)).articles
    for elder, known, outcome in (
        (True, {}, Outcome.NOT_APPLICABLE),
        (True, {"cadence.days": {}}, Outcome.NOT_EVALUATED),
        (False, {}, Outcome.NOT_EVALUATED),
    ):
        book = Rulebook((replace(article, elder=elder, parameters=known),), "d" * 64)
        found = judge_periods(_archive(), book)
        assert found.outcomes["R99-1"] is outcome
        assert bool(findings_of(found, "R99-1")) is (outcome is Outcome.NOT_EVALUATED)
