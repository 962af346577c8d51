"""Article 15: the operator, and the final confirmation."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.evidence import Approved, Missing, Rejected, Returned, Step
from pipeline.model.findings import Effect, Location, say
from pipeline.model.registers import Delegation, Person
from pipeline.rules.a15_confirmation import RULE
from tests.rules.builders import (
    approvals,
    archive,
    complaints,
    duties,
    line,
    only,
    post,
    publication,
    review,
    where,
)
from tests.rules.governance import AS_OF, PEOPLE, at, person, registers

OTHERS = [p for p in PEOPLE if not p.id.startswith("gly")]
AWAITED = "confirmation-missing"
NEGATIVES = {
    "no_wording_error": "wording-unstated",
    "no_sensitive_words": "sensitive-words-unstated",
    "no_private_data": "private-data-unstated",
}


def test_1_accepted_operator_and_stand_in() -> None:
    assert duties(RULE, 1, archive()) == []


@pytest.mark.parametrize(
    "people",
    [
        [],
        [person("wb-b", "operator@xjk", contractor=True)],
        [person("gly-a", "operator@jzk")],
        [person("gly-a", "operator@xjk", until="2026-11-21")],
    ],
)
def test_1_violated_no_operator_of_the_lead_department(people: list[Person]) -> None:
    look = archive(registers=registers(people=[*OTHERS, *people]))
    found = only(duties(RULE, 1, look), Effect.REFUSE, "operator-missing")
    assert where(found) == ("content/registers/people.yml", 1)


def test_1_boundary_a_single_operator_on_the_last_day() -> None:
    last = person("gly-a", "operator@xjk", until="2026-11-22")
    look = archive(registers=registers(people=[*OTHERS, last]))
    assert only(duties(RULE, 1, look), Effect.NOTE, "operator-single").owes == "gly-a"


def test_2_accepted_confirmed_a_day_before() -> None:
    subject = post()
    assert complaints(RULE, 2, subject, archive(subject)) == []


@pytest.mark.parametrize(
    ("more", "effect"),
    [
        ({}, Effect.HOLD),
        ({"mode": Mode.STANDING}, Effect.REFUSE),
        ({"publications": (publication("2026-11-03 09:30"),)}, Effect.REFUSE),
        ({"publications": (publication("2026-11-03 09:30", revision=2),)}, Effect.HOLD),
    ],
)
def test_2_violated_missing_names_who_is_awaited(more: dict[str, Any], effect: Effect) -> None:
    subject = post()
    signed = {subject.id: approvals(subject, Missing(Step.CONFIRM))}
    look = archive(subject, approvals=signed, **more)
    found = only(complaints(RULE, 2, subject, look), effect, "confirmation-missing")
    assert where(found) == line(subject, "revision")
    assert str(found.remedy).endswith(f"sanshen confirm {subject.id}")


def test_2_boundary_who_acts_for_the_head_is_awaited_too() -> None:
    subject = post()
    acting = Delegation("kz-a", "zz-a", "section-head", AS_OF, AS_OF, "局办批")
    signed = {subject.id: approvals(subject, Missing(Step.CONFIRM))}
    look = archive(subject, approvals=signed, registers=registers(delegations=[acting]))
    [found] = complaints(RULE, 2, subject, look)
    assert found.name == "confirmation-missing"
    for other in (
        replace(acting, role="leader-in-charge"),
        replace(acting, start=at("2026-11-01 00:00"), end=at("2026-11-22 19:59")),
        replace(acting, start=at("2026-11-22 20:01"), end=at("2026-12-01 00:00")),
    ):
        look = archive(subject, approvals=signed, registers=registers(delegations=[other]))
        only(complaints(RULE, 2, subject, look), Effect.HOLD, "confirmation-missing")


def test_2_violated_rejected_and_returned() -> None:
    subject = post()
    place = Location("content/reviews/2026/x/r1/4-confirm.json")
    void = Rejected(Step.CONFIRM, "so-it-is", say("Wrong key."), place, say("Sign again."))
    look = archive(subject, approvals={subject.id: approvals(subject, void)})
    assert only(complaints(RULE, 2, subject, look), Effect.REFUSE, "so-it-is").location == place
    made = review(Step.CONFIRM, subject, decision="return")
    sent = approvals(subject, Returned(Step.CONFIRM, made))
    look = archive(subject, approvals={subject.id: sent})
    assert (
        only(
            complaints(RULE, 2, subject, look), Effect.REFUSE, "confirmation-returned"
        ).location.path
        == made.path
    )


@pytest.mark.parametrize("name", list(NEGATIVES))
def test_2_violated_statement_denied_or_absent(name: str) -> None:
    subject = post()
    made = review(Step.CONFIRM, subject)
    for stated in (
        {**made.assertions, name: False},
        {k: v for k, v in made.assertions.items() if k != name},
    ):
        signed = approvals(subject, Approved(Step.CONFIRM, replace(made, assertions=stated)))
        look = archive(subject, approvals={subject.id: signed})
        found = only(complaints(RULE, 2, subject, look), Effect.REFUSE, NEGATIVES[name])
        assert found.location.path == made.path


@pytest.mark.parametrize(("when", "old"), [("2026-11-05 13:00", False), ("2026-11-05 13:01", True)])
def test_2_boundary_seventy_two_hours(when: str, old: bool) -> None:
    subject = post(publish_at=at(when))
    found = complaints(RULE, 2, subject, archive(subject))
    if old:
        assert only(found, Effect.NOTE, "confirmation-stale").location.path.endswith(
            "4-confirm.json"
        )
    else:
        assert found == []


def test_2_boundary_a_draft_is_not_judged() -> None:
    subject = post()
    assert complaints(RULE, 2, subject, archive(subject, mode=Mode.DRAFT, approvals={})) == []
