"""Article 11: approval after the fact, refused by default and bounded where policy allows it."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.evidence import Approved, Missing, Step
from pipeline.model.findings import Complaint, Effect
from pipeline.model.posts import Post
from pipeline.rules.a05_updates import RULE as UPDATES
from pipeline.rules.a11_reviews import RULE
from pipeline.rules.a15_confirmation import RULE as CONFIRMATION
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
    values,
    where,
)
from tests.rules.governance import at, registers

ORDER = {"reason": "山洪红色预警", "ordered_by": "ld-a", "ordered_at": at("2026-11-03 08:00")}


def flood(**changes: Any) -> Post:
    return post(**({"kind": "alert", "emergency": ORDER} | changes))


def look(
    subject: Post, confirmed: str | None, when: str = "2026-11-22 20:00", allow: bool = True
) -> Archive:
    """Published at 09:00 on 3 November; confirmed at the time given, or not yet."""
    state = Missing(Step.CONFIRM)
    if confirmed:
        signed = review(Step.CONFIRM, subject, signed_at=at(confirmed))
        state = Approved(Step.CONFIRM, signed)  # type: ignore[assignment]
    return archive(
        subject,
        registers=registers(review__allow_post_hoc=allow),
        publications=(publication("2026-11-03 09:00"),),
        approvals={subject.id: approvals(subject, state)},
        as_of=at(when),
    )


def said(subject: Post, seen: Archive) -> list[Complaint]:
    return complaints(RULE, 6, subject, seen)


def test_6_accepted_no_order_no_question() -> None:
    assert said(post(), look(post(), "2026-11-02 10:00")) == []
    assert said(flood(), look(flood(), "2026-11-02 10:00")) == []


def test_6_boundary_the_order_itself_is_true_and_stays() -> None:
    """Where policy excuses nothing, it is the publication that is refused, and not the order."""
    seen = look(flood(), "2026-11-03 20:00", allow=False)
    noted = only(said(flood(), seen), Effect.NOTE, "order-not-excused")
    assert where(noted) == line(flood(), "emergency")
    only(
        complaints(RULE, 4, flood(), seen),
        Effect.REFUSE,
        "published-beforehand",
    )


def test_6_boundary_a_time_after_the_confirmation_beside_an_earlier_order_is_noted() -> None:
    seen = look(flood(), "2026-11-03 08:30", allow=False)
    _, noted = said(flood(), seen)
    assert noted.effect is Effect.NOTE and noted.name == "order-before-confirmation"
    assert noted.location.path == seen.publications[0].path


EARLY = "值班电话命令，网络中断"


@pytest.mark.parametrize("confirmed", ["2026-11-03 20:00", None])
def test_6_violated_what_the_record_says_went_out_first(confirmed: str | None) -> None:
    """Noted of the post, which stands; refused of the bureau, under each clause that it breaks."""
    subject = post()
    seen = look(subject, confirmed, allow=False)
    early = replace(seen.publications[0], unconfirmed=EARLY)
    seen = replace(seen, publications=(early,))
    (noted,) = complaints(RULE, 4, subject, seen)
    assert (noted.effect, noted.name) == (Effect.NOTE, "published-unconfirmed")
    told = values(noted)
    assert {"2026-11-03 09:00", EARLY} <= {*map(str, told.values())}
    for rule, number in ((RULE, 4), (RULE, 6), (CONFIRMATION, 2)):
        refused = next(d for d in duties(rule, number, seen) if values(d).items() >= told.items())
        assert (refused.effect, refused.waivable) == (Effect.REFUSE, early.fault)


def test_6_accepted_a_leader_ordered_it_and_it_was_confirmed_in_time() -> None:
    seen = look(flood(), "2026-11-03 20:00")
    early = replace(seen.publications[0], unconfirmed=EARLY)
    assert duties(RULE, 6, replace(seen, publications=(early,))) == []


def test_6_violated_early_publications_count_with_the_ordered_ones() -> None:
    posts = [flood(id=f"2026-11-0{n}-flood", publish_at=at(f"2026-11-0{n} 09:00")) for n in (3, 4)]
    early = publication("2026-11-05 09:00", "2026-11-05-tip", unconfirmed=EARLY)
    found = duties(RULE, 6, archive(*posts, publications=(early,)))
    (many,) = [d for d in found if d.waivable == "2026-11"]
    assert (many.name, values(many)["count"]) == ("emergencies-too-many", 3)
    again = replace(early, post=posts[0].id)  # ordered out, and on an account: one post
    found = duties(RULE, 6, archive(*posts, publications=(again,)))
    assert not [d for d in found if d.waivable == "2026-11"]


def test_6_violated_a_drill_is_ordered_out() -> None:
    drill = flood(alert={"exercise": True})
    only(said(drill, look(drill, "2026-11-03 20:00")), Effect.REFUSE, "order-not-lawful")


def test_6_accepted_ordered_out_and_reviewed_within_a_day_stays_visible() -> None:
    seen = look(flood(), "2026-11-04 08:59")
    only(said(flood(), seen), Effect.NOTE, "approval-after-fact")
    assert complaints(RULE, 4, flood(), seen) == []
    assert complaints(UPDATES, 6, flood(), seen) == []


@pytest.mark.parametrize(
    ("confirmed", "effect"),
    [("2026-11-04 09:00", Effect.NOTE), ("2026-11-04 09:01", Effect.REFUSE)],
)
def test_6_boundary_twenty_four_hours(confirmed: str, effect: Effect) -> None:
    assert [c.effect for c in said(flood(), look(flood(), confirmed))] == [effect]


@pytest.mark.parametrize(
    ("when", "effect"), [("2026-11-04 09:00", Effect.HOLD), ("2026-11-04 09:01", Effect.REFUSE)]
)
def test_6_boundary_still_awaited(when: str, effect: Effect) -> None:
    assert [c.effect for c in said(flood(), look(flood(), None, when))] == [effect]


@pytest.mark.parametrize(
    ("when", "effect"), [("2026-11-04 09:00", Effect.HOLD), ("2026-11-04 09:01", Effect.REFUSE)]
)
def test_15_2_awaits_the_confirmation_of_what_was_ordered_out_as_long(
    when: str, effect: Effect
) -> None:
    """Else its publication could not be recorded before the reviews that may follow it."""
    seen = complaints(CONFIRMATION, 2, flood(), look(flood(), None, when))
    assert [c.effect for c in seen if "confirmation is missing" in c.message.text] == [effect]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "tip"},
        {"emergency": ORDER | {"ordered_by": "kz-a"}},
        {"emergency": ORDER | {"ordered_at": at("2026-11-03 09:01")}},
    ],
)
def test_6_violated_the_order_does_not_hold(changes: dict[str, Any]) -> None:
    subject = flood(**changes)
    only(said(subject, look(subject, "2026-11-03 12:00")), Effect.REFUSE, "order-not-lawful")


def test_6_boundary_three_in_a_month_are_too_many() -> None:
    posts = [flood(id=f"2026-11-0{n}-flood", publish_at=at(f"2026-11-0{n} 09:00")) for n in (3, 4)]
    assert duties(RULE, 6, archive(*posts)) == []
    third = flood(id="2026-11-05-flood", publish_at=at("2026-11-05 09:00"))
    only(
        duties(RULE, 6, archive(*posts, third)),
        Effect.REFUSE,
        "emergencies-too-many",
        count=3,
        month="2026-11",
        most=2,
    )
    other = replace(third, meta={**third.meta, "publish_at": at("2026-12-05 09:00")})
    assert duties(RULE, 6, archive(*posts, other)) == []
