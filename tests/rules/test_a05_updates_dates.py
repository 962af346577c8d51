"""Article 5: no false dates of publication."""

import pytest

from pipeline.model.evidence import Approved, Step
from pipeline.model.findings import Effect
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


def test_6_accepted_true_times() -> None:
    subject = post()
    told = (publication("2026-11-03 09:30"),)
    assert complaints(RULE, 6, subject, archive(subject, publications=told)) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (publication("2026-11-22 20:11"), "The recorded time of publication lies in the future."),
        (
            publication("2026-11-03 09:30", recorded_at=at("2026-11-03 09:19")),
            "The publication was recorded before it happened.",
        ),
        (
            publication("2026-11-02 12:49"),
            "The recorded time of publication lies before the final confirmation.",
        ),
        (
            publication("2026-11-16 13:11"),
            "The post was published after its reviews had run out.",
        ),
    ],
)
def test_6_violated_false_times(found: Publication, words: str) -> None:
    subject = post()
    confirm = review(Step.CONFIRM, subject)
    if "future" in words:
        confirm = review(Step.CONFIRM, subject, not_after=at("2026-12-31 00:00"))
    signed = {subject.id: approvals(subject, Approved(Step.CONFIRM, confirm))}
    told = archive(subject, publications=(found,), approvals=signed)
    complaint = only(complaints(RULE, 6, subject, told), Effect.REFUSE, words)
    assert complaint.location.path == found.path


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
    assert complaints(RULE, 6, subject, archive(subject, publications=(found,))) == []


@pytest.mark.parametrize(
    ("when", "fine"), [("2026-11-22 20:10", True), ("2026-11-22 20:11", False)]
)
def test_6_boundary_ten_minutes_ahead_of_the_run(when: str, fine: bool) -> None:
    subject = post()
    confirm = review(Step.CONFIRM, subject, not_after=at("2026-12-31 00:00"))
    signed = {subject.id: approvals(subject, Approved(Step.CONFIRM, confirm))}
    told = archive(subject, publications=(publication(when),), approvals=signed)
    assert (complaints(RULE, 6, subject, told) == []) is fine


def test_6_boundary_planned_up_to_the_end_of_the_confirmation() -> None:
    on_time = post(publish_at=at("2026-11-16 13:00"))
    assert complaints(RULE, 6, on_time, archive(on_time)) == []
    late = post(publish_at=at("2026-11-16 13:01"))
    words = "The reviews end at 2026-11-16 13:00, before the post is due."
    assert where(only(complaints(RULE, 6, late, archive(late)), Effect.REFUSE, words)) == line(
        late, "publish_at"
    )


def test_6_boundary_an_earlier_revision_has_its_own_confirmation() -> None:
    subject = post(revision=2)
    first = review(Step.CONFIRM, post(), signed_at=at("2026-11-01 08:00"))
    signed = {subject.id: approvals(subject, earlier=[first])}
    told = archive(subject, publications=(publication("2026-11-01 09:00"),), approvals=signed)
    assert complaints(RULE, 6, subject, told) == []
