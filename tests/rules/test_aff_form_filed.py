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
    only,
    post,
    publication,
    review,
    values,
    where,
)
from tests.rules.filings import DAY, FOLDER, both, filing, holding
from tests.rules.governance import day, registers


def test_8_accepted_filled_in_before_it_was_out() -> None:
    filed = filing(filled_on=day("2026-11-02"))
    assert complaints(RULE, 8, post(), holding(filed)) == []


def test_8_violated_filled_in_after_it_was_out() -> None:
    filed = filing(filled_on=day("2026-11-04"))
    found = only(
        complaints(RULE, 8, post(), holding(filed)),
        Effect.NOTE,
        "form-after-publication",
        day="2026-11-04",
    )
    assert where(found) == (filed.document.path, filed.at("filled_on").line)


def test_8_boundary_on_the_day_itself_after_the_first_review_is_noted() -> None:
    filed = filing(filled_on=day(DAY))
    only(
        complaints(RULE, 8, post(), holding(filed)),
        Effect.NOTE,
        "form-after-review",
        day="2026-11-03",
    )


@pytest.mark.parametrize(("more", "effect"), [({}, Effect.REFUSE), ({"emergency": {}}, None)])
def test_8_violated_reviewed_after_it_was_out(more: dict[str, Any], effect: Effect | None) -> None:
    subject = post(**(more or {})) if effect else post(emergency={"ordered_by": "ld-a"})
    late = review(Step.FIRST, subject, signed_at=publication("2026-11-04 09:00").published_at)
    signed = {subject.id: approvals(subject, Approved(Step.FIRST, late))}
    look = holding(subject=subject, approvals=signed)
    only(complaints(RULE, 8, subject, look), effect or Effect.NOTE, "review-after-publication")


def test_9_accepted_filed() -> None:
    filed = filing()
    look = holding(filed)
    assert duties(RULE, 9, look) == []
    assert objections(RULE, 9, change(entry(filed.document.path, "records", "A")), look) == []


@pytest.mark.parametrize(
    ("now", "effect", "pressed"),
    [
        ("2026-11-10 23:59", Effect.NOTE, False),
        ("2026-11-11 00:00", Effect.NOTE, True),
        ("2026-12-03 23:59", Effect.NOTE, True),
        ("2026-12-04 00:00", Effect.REFUSE, True),
    ],
)
def test_9_boundary_seven_and_thirty_days(now: str, effect: Effect, pressed: bool) -> None:
    look = holding(as_of=publication(now).published_at)
    told = {"day": DAY, "count": 1, "late": "2026-12-03"}
    found = only(duties(RULE, 9, look), effect, "form-filing-due", **told)
    (early,) = duties(RULE, 9, holding(as_of=publication("2026-11-04 09:00").published_at))
    assert (found.message.text != early.message.text) is pressed
    assert found.due is not None and f"{found.due:%Y-%m-%d %H:%M}" == "2026-12-03 23:59"


def test_9_violated_one_complaint_to_a_day() -> None:
    out = [publication(f"{DAY} 09:30"), publication(f"{DAY} 10:30", of=f"{DAY}-other")]
    again = publication("2026-11-04 09:30", on="wb")
    look = holding(publications=(*out, again), as_of=publication("2027-01-01 00:00").published_at)
    (found,) = duties(RULE, 9, look)
    assert (values(found)["day"], values(found)["count"]) == (DAY, 2)


@pytest.mark.parametrize("status", ["M", "D", "T"])
def test_9_violated_a_filed_form_is_touched(status: str) -> None:
    for path in (filing().document.path, f"{FOLDER}/2026-11-03.pdf"):
        found = objections(RULE, 9, change(entry(path, "records", status)), holding(filing()))
        words = "filed-form-removed" if status == "D" else "filed-form-changed"
        assert only(found, Effect.REFUSE, words).location.path == path


@pytest.mark.parametrize("when", ["2026-11-02", "2026-11-23"])
def test_9_violated_filed_on_a_day_that_cannot_be(when: str) -> None:
    filed = filing(filed_on=day(when))
    found = duties(RULE, 9, holding(filed))
    assert where(only(found, Effect.REFUSE, "filing-day-unfit"))[1] == filed.at("filed_on").line
    proposal = change(entry(filed.document.path, "records", "A"))
    assert objections(RULE, 9, proposal, holding(filed)) == found


@pytest.mark.parametrize("retention", ["10年", "永久"])
def test_10_accepted_kept_long_enough(retention: str) -> None:
    filed = filing(retention=retention)
    assert both(10, filed, holding(filed)) == []


def test_10_violated_kept_too_shortly() -> None:
    filed = filing()
    look = holding(filed, registers=registers(archive__retention="永久"))
    only(both(10, filed, look), Effect.NOTE, "retention-differs", given="10年", asked="永久")


def test_10_boundary_as_long_as_policy_says() -> None:
    filed = filing(retention="30年")
    look = holding(filed, registers=registers(archive__retention="30年"))
    assert both(10, filed, look) == []
