"""Article 5: no false dates of publication."""

from dataclasses import replace

import pytest

from pipeline.model.archive import Archive
from pipeline.model.evidence import Approvals, Approved, Step
from pipeline.model.findings import Effect
from pipeline.model.posts import Post
from pipeline.model.records import Publication
from pipeline.rules.a05_updates import RULE
from tests.rules.builders import (
    approvals,
    archive,
    complaints,
    line,
    only,
    post,
    publication,
    review,
    where,
)
from tests.rules.governance import at


def _until(subject: Post, end: str) -> dict[str, Approvals]:
    """Every step signed on its day, and all of them good up to the same time."""
    states = (Approved(step, review(step, subject, not_after=at(end))) for step in Step)
    return {subject.id: approvals(subject, *states)}


def test_6_accepted_true_times() -> None:
    subject = post()
    told = (publication("2026-11-03 09:30"),)
    assert complaints(RULE, 6, subject, archive(subject, publications=told)) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (publication("2026-11-22 20:11"), "publication-in-future"),
        (
            publication("2026-11-03 09:30", recorded_at=at("2026-11-03 09:19")),
            "recorded-beforehand",
        ),
        (
            publication("2026-11-02 12:49"),
            "publication-before-confirmation",
        ),
    ],
)
def test_6_violated_false_times(found: Publication, words: str) -> None:
    subject = post()
    signed = _until(subject, "2026-12-31 00:00" if "future" in words else "2026-11-16 13:00")
    told = archive(subject, publications=(found,), approvals=signed)
    complaint = only(complaints(RULE, 6, subject, told), Effect.REFUSE, words)
    assert complaint.location.path == found.path


def test_6_noted_when_it_went_out_after_its_reviews_had_run_out() -> None:
    subject, late = post(), publication("2026-11-16 13:11")
    told = archive(subject, publications=(late,), approvals=_until(subject, "2026-11-16 13:00"))
    complaint = only(complaints(RULE, 6, subject, told), Effect.NOTE, "published-after-reviews")
    assert complaint.location.path == late.path


@pytest.mark.parametrize(
    "found",
    [
        publication("2026-11-16 13:10"),
        publication("2026-11-03 09:30", recorded_at=at("2026-11-03 09:20")),
        publication("2026-11-02 12:50"),
    ],
)
def test_6_boundary_ten_minutes_of_tolerance(found: Publication) -> None:
    subject = post()
    told = archive(subject, publications=(found,), approvals=_until(subject, "2026-11-16 13:00"))
    assert complaints(RULE, 6, subject, told) == []


@pytest.mark.parametrize(
    ("when", "fine"), [("2026-11-22 20:10", True), ("2026-11-22 20:11", False)]
)
def test_6_boundary_ten_minutes_ahead_of_the_run(when: str, fine: bool) -> None:
    subject = post()
    signed = _until(subject, "2026-12-31 00:00")
    told = archive(subject, publications=(publication(when),), approvals=signed)
    assert (complaints(RULE, 6, subject, told) == []) is fine


@pytest.mark.parametrize("step", Step)
def test_6_boundary_planned_up_to_the_end_of_the_first_review_that_runs_out(step: Step) -> None:
    def told(subject: Post) -> Archive:
        signed = _until(subject, "2026-12-31 00:00")[subject.id]
        ends = review(step, subject, not_after=at("2026-11-16 13:00"))
        states = {**signed.states, step: Approved(step, ends)}
        return archive(subject, approvals={subject.id: replace(signed, states=states)})

    on_time = post(publish_at=at("2026-11-16 13:00"))
    assert complaints(RULE, 6, on_time, told(on_time)) == []
    late = post(publish_at=at("2026-11-16 13:01"))
    complaint = only(complaints(RULE, 6, late, told(late)), Effect.REFUSE, "reviews-end-early")
    assert where(complaint) == line(late, "publish_at")


def test_6_boundary_an_earlier_revision_has_its_own_confirmation() -> None:
    subject = post(revision=2)
    first = review(Step.CONFIRM, post(), signed_at=at("2026-11-01 08:00"))
    signed = {subject.id: approvals(subject, earlier=[first])}
    told = archive(subject, publications=(publication("2026-11-01 09:00"),), approvals=signed)
    assert complaints(RULE, 6, subject, told) == []
