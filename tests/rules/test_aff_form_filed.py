"""Annex: when a form is filled in and filed, that it stays as it is, and for how long."""

from typing import Any

import pytest

from pipeline.model.evidence import Approved, Step
from pipeline.model.findings import Effect
from pipeline.rules.aff_form import RULE
from tests.rules.builders import (
    approvals,
    change,
    complaints,
    duties,
    entry,
    objections,
    only_said,
    post,
    publication,
    review,
    where,
)
from tests.rules.filings import DAY, FOLDER, both, filing, holding
from tests.rules.governance import day, registers


def test_8_accepted_filled_in_before_it_was_out() -> None:
    filed = filing(filled_on=day("2026-11-02"))
    assert complaints(RULE, 8, post(), holding(filed)) == []


def test_8_violated_filled_in_after_it_was_out() -> None:
    filed = filing(filled_on=day("2026-11-04"))
    words = "The form was filled in on 2026-11-04, after the publication."
    found = only_said(complaints(RULE, 8, post(), holding(filed)), Effect.NOTE, words)
    assert where(found) == (filed.document.path, filed.at("filled_on").line)


def test_8_boundary_on_the_day_itself_after_the_first_review_is_noted() -> None:
    filed = filing(filled_on=day(DAY))
    words = "The form was filled in on 2026-11-03, after the first review."
    only_said(complaints(RULE, 8, post(), holding(filed)), Effect.NOTE, words)


@pytest.mark.parametrize(("more", "effect"), [({}, Effect.REFUSE), ({"emergency": {}}, None)])
def test_8_violated_reviewed_after_it_was_out(more: dict[str, Any], effect: Effect | None) -> None:
    subject = post(**(more or {})) if effect else post(emergency={"ordered_by": "ld-a"})
    late = review(Step.FIRST, subject, signed_at=publication("2026-11-04 09:00").published_at)
    signed = {subject.id: approvals(subject, Approved(Step.FIRST, late))}
    words = "The first review, which fills in the form, came after the publication."
    look = holding(subject=subject, approvals=signed)
    only_said(complaints(RULE, 8, subject, look), effect or Effect.NOTE, words)


def test_9_accepted_filed() -> None:
    filed = filing()
    look = holding(filed)
    assert duties(RULE, 9, look) == []
    assert objections(RULE, 9, change(entry(filed.document.path, "records", "A")), look) == []


@pytest.mark.parametrize(
    ("now", "effect", "said"),
    [
        ("2026-11-10 23:59", Effect.NOTE, "is to be filed by 2026-12-03."),
        ("2026-11-11 00:00", Effect.NOTE, "is still not filed; 2026-12-03 is last."),
        ("2026-12-03 23:59", Effect.NOTE, "is still not filed; 2026-12-03 is last."),
        ("2026-12-04 00:00", Effect.REFUSE, "was to be filed by 2026-12-03."),
    ],
)
def test_9_boundary_seven_and_thirty_days(now: str, effect: Effect, said: str) -> None:
    look = holding(as_of=publication(now).published_at)
    found = only_said(duties(RULE, 9, look), effect, f"The form of {DAY} (1 items) {said}")
    assert found.due is not None and f"{found.due:%Y-%m-%d %H:%M}" == "2026-12-03 23:59"


def test_9_violated_one_complaint_to_a_day() -> None:
    out = [publication(f"{DAY} 09:30"), publication(f"{DAY} 10:30", of=f"{DAY}-other")]
    again = publication("2026-11-04 09:30", on="wb")
    look = holding(publications=(*out, again), as_of=publication("2027-01-01 00:00").published_at)
    assert [str(c.message).split(" was")[0] for c in duties(RULE, 9, look)] == [
        f"The form of {DAY} (2 items)"
    ]


@pytest.mark.parametrize("status", ["M", "D", "T"])
def test_9_violated_a_filed_form_is_touched(status: str) -> None:
    for path in (filing().document.path, f"{FOLDER}/2026-11-03.pdf"):
        found = objections(RULE, 9, change(entry(path, "records", status)), holding(filing()))
        words = "A filed form is removed." if status == "D" else "A filed form is changed."
        assert only_said(found, Effect.REFUSE, words).location.path == path


@pytest.mark.parametrize("when", ["2026-11-02", "2026-11-23"])
def test_9_violated_filed_on_a_day_that_cannot_be(when: str) -> None:
    filed = filing(filed_on=day(when))
    words = "The day of filing does not lie between the form's day and today."
    found = duties(RULE, 9, holding(filed))
    assert where(only_said(found, Effect.REFUSE, words))[1] == filed.at("filed_on").line
    proposal = change(entry(filed.document.path, "records", "A"))
    assert objections(RULE, 9, proposal, holding(filed)) == found


@pytest.mark.parametrize("retention", ["10年", "永久"])
def test_10_accepted_kept_long_enough(retention: str) -> None:
    filed = filing(retention=retention)
    assert both(10, filed, holding(filed)) == []


def test_10_violated_kept_too_shortly() -> None:
    filed = filing()
    look = holding(filed, registers=registers(archive__retention="永久"))
    words = "The form is kept for 10年; policy asks for 永久."
    only_said(both(10, filed, look), Effect.NOTE, words)


def test_10_boundary_as_long_as_policy_says() -> None:
    filed = filing(retention="30年")
    look = holding(filed, registers=registers(archive__retention="30年"))
    assert both(10, filed, look) == []
