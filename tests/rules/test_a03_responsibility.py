"""Article 3: named people, staffed tiers, timeliness, the statement of lawfulness."""

from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.evidence import Approved, Missing, Step
from pipeline.model.findings import Effect
from pipeline.rules.a03_responsibility import RULE
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
from tests.rules.governance import PEOPLE, day, person, registers


def test_1_accepted_everyone_is_registered() -> None:
    subject = post(co_authors=["xxy-a"])
    assert complaints(RULE, 1, subject, archive(subject)) == []


@pytest.mark.parametrize(
    ("meta", "route", "words"),
    [
        ({"author": "ghost"}, ("author",), "person-unregistered"),
        (
            {"co_authors": ["xxy-a", "ghost"]},
            ("co_authors", 1),
            "person-unregistered",
        ),
        ({"origin_dept": "none"}, ("origin_dept",), "department-unregistered"),
    ],
)
def test_1_violated_unknown_name(
    meta: dict[str, Any], route: tuple[str | int, ...], words: str
) -> None:
    subject = post(**meta)
    found = only(complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, words)
    assert where(found) == line(subject, *route)


def test_1_violated_reviewer_unknown() -> None:
    subject = post()
    made = review(Step.SECOND, subject, reviewer="ghost")
    look = archive(subject, approvals={subject.id: approvals(subject, Approved(Step.SECOND, made))})
    found = only(complaints(RULE, 1, subject, look), Effect.REFUSE, "person-unregistered")
    assert found.location.path == made.path


def test_1_boundary_a_draft_has_no_reviews() -> None:
    subject = post()
    assert complaints(RULE, 1, subject, archive(subject, mode=Mode.DRAFT, approvals={})) == []


def test_2_accepted_three_tiers_staffed() -> None:
    assert duties(RULE, 2, archive()) == []


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("xxy-a", "officer-vacant"),
        ("kz-a", "head-vacant"),
    ],
)
def test_2_violated_vacant_tier(missing: str, words: str) -> None:
    look = archive(registers=registers(people=[p for p in PEOPLE if p.id != missing]))
    found = only(duties(RULE, 2, look), Effect.REFUSE, words)
    assert where(found) == ("content/registers/people.yml", 1)


def test_2_violated_contractor_in_office() -> None:
    people = [*PEOPLE[1:], person("wb-b", "information-officer@xjk", contractor=True)]
    only(
        duties(RULE, 2, archive(registers=registers(people=people))),
        Effect.REFUSE,
        "officer-vacant",
    )


def test_2_boundary_principal_stands_in_and_both_gone_is_vacant() -> None:
    kept = [p for p in PEOPLE if p.id != "ld-a"]
    assert duties(RULE, 2, archive(registers=registers(people=kept))) == []
    none = [p for p in kept if p.id != "ld-b"]
    only(duties(RULE, 2, archive(registers=registers(people=none))), Effect.REFUSE, "leader-vacant")


def test_2_boundary_role_that_ended_yesterday() -> None:
    gone = person("xxy-a", "information-officer@xjk", until="2026-11-21")
    look = archive(registers=registers(people=[gone, *PEOPLE[1:]]))
    only(duties(RULE, 2, look), Effect.REFUSE, "officer-vacant")
    last = person("xxy-a", "information-officer@xjk", until="2026-11-22")
    assert duties(RULE, 2, archive(registers=registers(people=[last, *PEOPLE[1:]]))) == []


def test_2_boundary_two_people_in_three_tiers() -> None:
    both = person("kz-a", "section-head@xjk", "information-officer@xjk")
    people = [both, person("ld-a", "leader-in-charge@office")]
    only(
        duties(RULE, 2, archive(registers=registers(people=people))),
        Effect.REFUSE,
        "reviewers-too-few",
    )


def test_3_accepted_next_day() -> None:
    subject = post()
    assert complaints(RULE, 3, subject, archive(subject)) == []


@pytest.mark.parametrize(("event", "noted"), [("2026-10-29", False), ("2026-10-28", True)])
def test_3_boundary_event_three_and_four_working_days_before(event: str, noted: bool) -> None:
    subject = post(event_date=day(event))
    found = complaints(RULE, 3, subject, archive(subject))
    assert len(found) == noted
    if noted:
        assert where(only(found, Effect.NOTE, "post-after-event")) == line(subject, "event_date")


@pytest.mark.parametrize(("made", "effects"), [("2026-10-01", 20), ("2026-09-30", 20)])
def test_3_boundary_holiday_days_do_not_count(made: str, effects: int) -> None:
    """From 1 October the holidays end on the 7th; Saturday the 10th was a working day."""
    subject = post(created_on=day(made), disclosure="mandatory")
    found = complaints(RULE, 3, subject, archive(subject))
    only(found, Effect.NOTE, "post-after-event")


def test_3_violated_mandatory_disclosure_on_the_twenty_first_working_day() -> None:
    subject = post(
        created_on=day("2026-09-29"), event_date=day("2026-11-02"), disclosure="mandatory"
    )
    found = only(complaints(RULE, 3, subject, archive(subject)), Effect.NOTE, "disclosure-late")
    assert where(found) == line(subject, "disclosure")


def test_3_violated_dated_before_it_was_made() -> None:
    subject = post(created_on=day("2026-11-04"))
    only(complaints(RULE, 3, subject, archive(subject)), Effect.NOTE, "post-before-event")


def test_3_boundary_made_on_the_day_of_publication() -> None:
    subject = post(created_on=day("2026-11-03"))
    assert complaints(RULE, 3, subject, archive(subject)) == []


def test_3_boundary_year_without_calendar_is_said() -> None:
    subject = post(event_date=day("2026-10-20"))
    look = archive(subject, registers=registers(years=(2025,)))
    late, said = complaints(RULE, 3, subject, look)
    assert late.effect is said.effect is Effect.NOTE
    assert said.name == ("calendar-missing")


def test_3_boundary_the_first_publication_counts() -> None:
    subject = post(event_date=day("2026-10-29"))
    late = publication("2026-11-04 09:00")
    only(
        complaints(RULE, 3, subject, archive(subject, publications=(late,))),
        Effect.NOTE,
        "post-after-event",
    )
    both = (late, publication("2026-11-03 09:00"))
    assert complaints(RULE, 3, subject, archive(subject, publications=both)) == []


def test_4_accepted_statement_made() -> None:
    subject = post()
    assert complaints(RULE, 4, subject, archive(subject)) == []


@pytest.mark.parametrize("assertions", [{}, {"lawful": False}])
def test_4_violated_statement_absent_or_denied(assertions: dict[str, bool]) -> None:
    subject = post()
    final = review(Step.FINAL, subject, assertions=assertions)
    look = archive(subject, approvals={subject.id: approvals(subject, Approved(Step.FINAL, final))})
    found = only(complaints(RULE, 4, subject, look), Effect.REFUSE, "lawfulness-unstated")
    assert found.location.path == final.path


def test_4_boundary_awaited_review_and_draft_are_not_judged_here() -> None:
    subject = post()
    waiting = {subject.id: approvals(subject, Missing(Step.FINAL))}
    assert complaints(RULE, 4, subject, archive(subject, approvals=waiting)) == []
    assert complaints(RULE, 4, subject, archive(subject, approvals={}, mode=Mode.DRAFT)) == []
