"""Article 4: topics, service to the public, and their shares."""

from dataclasses import replace

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import Approved, Missing, Step
from pipeline.model.findings import Effect
from pipeline.rules.a04_focus import RULE
from tests.rules.builders import (
    approvals,
    archive,
    complaints,
    duties,
    line,
    only,
    post,
    review,
    where,
)
from tests.rules.governance import registers


def quarter(other: int, count: int, first: str = "2026-11") -> Archive:
    """Posts of one month, the first of them on other topics; all tips."""
    ids = [f"{first}-{n:02}-x" for n in range(1, count + 1)]
    return archive(*(post(i, topic="other" if n < other else "affairs") for n, i in enumerate(ids)))


def test_1_accepted_own_topic() -> None:
    subject = post(topic="emergency")
    assert complaints(RULE, 1, subject, archive(subject)) == []


def test_1_violated_other_topic_without_reason() -> None:
    subject = post(topic="other")
    found = only(complaints(RULE, 1, subject, archive(subject)), Effect.NOTE, "topic-unjustified")
    assert where(found) == line(subject, "topic")


def test_1_boundary_other_topic_with_reason() -> None:
    subject = post(topic="other", justification="市里统一部署。")
    assert complaints(RULE, 1, subject, archive(subject)) == []


def test_1_violated_share_of_the_quarter() -> None:
    found = only(duties(RULE, 1, quarter(3, 10)), Effect.NOTE, "topics-elsewhere")
    assert found.location.path == "content/posts"


def test_1_boundary_share_is_judged_from_ten_posts_and_above_a_fifth() -> None:
    assert duties(RULE, 1, quarter(2, 10)) == []
    assert duties(RULE, 1, quarter(9, 9)) == []


def test_1_boundary_only_the_running_quarter_counts() -> None:
    assert duties(RULE, 1, quarter(10, 10, "2026-09")) == []
    assert len(duties(RULE, 1, quarter(10, 10, "2026-10"))) == 1


def test_1_boundary_an_id_without_a_date_belongs_to_no_quarter() -> None:
    look = quarter(3, 10)
    strange = archive(*look.posts.values(), post_ids=look.post_ids | {"2026-xx-01-y", "xxxx-11-01"})
    assert len(duties(RULE, 1, strange)) == 1


def test_1_boundary_a_quarter_that_is_not_all_there_is_not_judged() -> None:
    look = quarter(10, 10)
    partial = archive(*look.posts.values(), post_ids=look.post_ids | {"2026-12-01-y"})
    assert duties(RULE, 1, partial) == []


def test_1_boundary_withdrawn_posts_do_not_count() -> None:
    gone = post("2026-11-10-x", topic="other", validity="withdrawn")
    look = quarter(2, 9)
    assert duties(RULE, 1, archive(*look.posts.values(), gone)) == []


def serving(tips: int, count: int) -> Archive:
    """Posts of November, the first of them tips, the others about activities."""
    ids = [f"2026-11-{n:02}-x" for n in range(1, count + 1)]
    posts = (post(i, kind="tip" if n < tips else "activity") for n, i in enumerate(ids))
    return archive(*posts)


def test_2_accepted_enough_service() -> None:
    assert duties(RULE, 2, serving(5, 10)) == []


def test_2_violated_too_little_service() -> None:
    only(duties(RULE, 2, serving(2, 10)), Effect.NOTE, "services-too-few")


@pytest.mark.parametrize(("tips", "count", "noted"), [(3, 10, False), (0, 9, False), (3, 11, True)])
def test_2_boundary_three_tenths_from_ten_posts_on(tips: int, count: int, noted: bool) -> None:
    assert bool(duties(RULE, 2, serving(tips, count))) is noted


def test_2_boundary_the_kinds_are_policy() -> None:
    look = replace(serving(0, 10), registers=registers(focus__service_kinds=["activity"]))
    assert duties(RULE, 2, look) == []


def test_3_accepted_stated_by_the_final_review() -> None:
    subject = post()
    assert complaints(RULE, 3, subject, archive(subject)) == []


@pytest.mark.parametrize("assertions", [{}, {"lawful": True}, {"lawful": True, "direction": False}])
def test_3_violated_not_stated(assertions: dict[str, bool]) -> None:
    subject = post()
    final = review(Step.FINAL, subject, assertions=assertions)
    state = approvals(subject, Approved(Step.FINAL, final))
    found = complaints(RULE, 3, subject, archive(subject, approvals={subject.id: state}))
    assert where(only(found, Effect.REFUSE, "direction-unstated")) == (final.path, 0)


def test_3_boundary_a_review_that_is_not_there_is_left_to_article_11() -> None:
    subject = post()
    state = approvals(subject, Missing(Step.FINAL))
    assert complaints(RULE, 3, subject, archive(subject, approvals={subject.id: state})) == []
    draft = archive(subject, mode=Mode.DRAFT, approvals={})
    assert complaints(RULE, 3, subject, draft) == []


def test_3_boundary_it_counts_as_declared() -> None:
    (clause,) = [c for c in RULE.clauses if c.number == 3]
    assert getattr(clause, "declared", False)
