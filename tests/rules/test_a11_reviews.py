"""Article 11: three reviews, their statements, publication, return, escalation."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import Approved, Missing, Rejected, Returned, Step, StepState
from pipeline.model.findings import Effect, Location, say
from pipeline.model.posts import Post
from pipeline.model.registers import Delegation
from pipeline.rules.a11_reviews import RULE
from tests.builders.named import worded
from tests.rules.builders import (
    approvals,
    archive,
    complaints,
    line,
    only,
    post,
    publication,
    review,
    values,
    where,
)
from tests.rules.governance import AS_OF, PEOPLE, at, person, registers

AWAITED = {
    Step.FIRST: "first-review-missing",
    Step.SECOND: "second-review-missing",
    Step.FINAL: "final-review-missing",
}


def with_states(subject: Post, *changed: StepState, **more: Any) -> Archive:
    return archive(subject, approvals={subject.id: approvals(subject, *changed)}, **more)


def test_1_accepted_all_three_approved() -> None:
    subject = post()
    assert complaints(RULE, 1, subject, archive(subject)) == []


@pytest.mark.parametrize("step", list(AWAITED))
def test_1_violated_missing_review_names_who_is_awaited(step: Step) -> None:
    subject = post()
    look = with_states(subject, Missing(step))
    found = only(complaints(RULE, 1, subject, look), Effect.HOLD, AWAITED[step])
    assert where(found) == line(subject, "revision")
    assert str(found.remedy) == worded("approve-by-command", post=subject.id)


@pytest.mark.parametrize(
    ("more", "effect"),
    [
        ({}, Effect.HOLD),
        ({"mode": Mode.STANDING}, Effect.REFUSE),
        ({"publications": (publication("2026-11-03 09:30"),)}, Effect.REFUSE),
        ({"publications": (publication("2026-11-03 09:30", revision=2),)}, Effect.HOLD),
        ({"publications": (publication("2026-11-03 09:30", of="2026-11-04-x"),)}, Effect.HOLD),
    ],
)
def test_1_boundary_missing_holds_a_proposal_and_refuses_what_stands_or_is_out(
    more: dict[str, Any], effect: Effect
) -> None:
    subject = post()
    look = with_states(subject, Missing(Step.FINAL), **more)
    only(complaints(RULE, 1, subject, look), effect, AWAITED[Step.FINAL])


def test_1_boundary_a_draft_is_not_judged() -> None:
    subject = post()
    draft = archive(subject, mode=Mode.DRAFT, approvals={})
    assert [complaints(RULE, n, subject, draft) for n in range(1, 8)] == [[]] * 7


def test_1_boundary_who_acts_for_the_absent_is_awaited_too() -> None:
    subject = post()
    acting = Delegation("kz-a", "zz-a", "section-head", AS_OF, AS_OF, "局办批")
    look = with_states(subject, Missing(Step.SECOND), registers=registers(delegations=[acting]))
    [found] = complaints(RULE, 1, subject, look)
    assert "某kz-a kz-a, 某zz-a zz-a" in values(found).values()
    over = replace(acting, start=at("2026-11-20 00:00"), end=at("2026-11-22 19:59"))
    look = with_states(subject, Missing(Step.SECOND), registers=registers(delegations=[over]))
    only(complaints(RULE, 1, subject, look), Effect.HOLD, AWAITED[Step.SECOND])


def test_1_boundary_nobody_in_office_and_contractors_are_not_awaited() -> None:
    subject = post()
    people = [*PEOPLE[1:], person("wb-b", "information-officer@xjk", contractor=True)]
    look = with_states(subject, Missing(Step.FIRST), registers=registers(people=people))
    [found] = complaints(RULE, 1, subject, look)
    assert "-" in values(found).values()


def test_1_violated_rejected_record_keeps_its_reason_place_and_remedy() -> None:
    subject = post()
    place = Location("content/reviews/2026/x/r1/2-second.json", 3)
    void = Rejected(Step.SECOND, "so-it-is", say("Changed."), place, say("Review it again."))
    found = only(
        complaints(RULE, 1, subject, with_states(subject, void)),
        Effect.REFUSE,
        "so-it-is",
    )
    assert (found.location, str(found.remedy)) == (place, "Review it again.")


@pytest.mark.parametrize("step", list(AWAITED))
def test_1_violated_returned_names_who_returned_it(step: Step) -> None:
    subject = post()
    made = review(step, subject, decision="return")
    words = f"{step.value}-review-returned"
    found = only(
        complaints(RULE, 1, subject, with_states(subject, Returned(step, made))),
        Effect.REFUSE,
        words,
    )
    assert (found.location.path, values(found)) == (made.path, {"person": made.reviewer})
    assert "revision" in str(found.remedy)


def test_1_violated_stray_record() -> None:
    subject = post()
    astray = Rejected(
        Step.FIRST, "so-it-is", say("No such step."), Location("content/reviews/x"), say("Go.")
    )
    states = replace(approvals(subject), stray=(astray,))
    look = archive(subject, approvals={subject.id: states})
    found = only(complaints(RULE, 1, subject, look), Effect.REFUSE, "so-it-is")
    assert found.location.path == "content/reviews/x"


def test_1_boundary_a_post_without_any_state_cannot_pass() -> None:
    subject = post()
    with pytest.raises(KeyError):
        complaints(RULE, 1, subject, archive(subject, approvals={}))


WORKS = {
    "collected": "collecting-unstated",
    "sorted": "sorting-unstated",
    "filled": "entries-unstated",
    "proofread": "proofreading-unstated",
    "formatted": "format-unstated",
}


def test_2_accepted_five_works_stated() -> None:
    subject = post()
    assert complaints(RULE, 2, subject, archive(subject)) == []


@pytest.mark.parametrize("name", list(WORKS))
@pytest.mark.parametrize("denied", [True, False])
def test_2_violated_one_work_not_stated(name: str, denied: bool) -> None:
    subject = post()
    stated = dict(review(Step.FIRST, subject).assertions)
    stated |= {name: False} if denied else {}
    if not denied:
        del stated[name]
    made = review(Step.FIRST, subject, assertions=stated)
    look = with_states(subject, Approved(Step.FIRST, made))
    found = only(complaints(RULE, 2, subject, look), Effect.REFUSE, WORKS[name])
    assert found.location.path == made.path


def test_2_boundary_nothing_stated_at_all_and_review_still_missing() -> None:
    subject = post()
    empty = Approved(Step.FIRST, review(Step.FIRST, subject, assertions={}))
    assert len(complaints(RULE, 2, subject, with_states(subject, empty))) == 5
    assert complaints(RULE, 2, subject, with_states(subject, Missing(Step.FIRST))) == []


def test_3_accepted_form_filled() -> None:
    subject = post()
    assert complaints(RULE, 3, subject, archive(subject)) == []


@pytest.mark.parametrize("stated", [{}, {"form_filled": False}])
def test_3_violated_form_not_filled(stated: dict[str, bool]) -> None:
    subject = post()
    made = review(Step.FIRST, subject, assertions=stated)
    look = with_states(subject, Approved(Step.FIRST, made))
    assert (
        only(complaints(RULE, 3, subject, look), Effect.REFUSE, "form-unstated").location.path
        == made.path
    )


def test_3_boundary_another_reviewer_cannot_state_it() -> None:
    subject = post()
    first = Approved(Step.FIRST, review(Step.FIRST, subject, assertions={}))
    second = review(Step.SECOND, subject, assertions={"form_filled": True})
    look = with_states(subject, first, Approved(Step.SECOND, second))
    assert len(complaints(RULE, 3, subject, look)) == 1
    assert complaints(RULE, 3, subject, with_states(subject, Missing(Step.FIRST))) == []
