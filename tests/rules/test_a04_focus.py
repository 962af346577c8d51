"""Article 4: topics and their shares."""

from pipeline.model.archive import Archive
from pipeline.model.findings import Effect
from pipeline.rules.a04_focus import RULE
from tests.rules.builders import archive, complaints, duties, line, only, post, where


def quarter(other: int, count: int, first: str = "2026-11") -> Archive:
    ids = [f"{first}-{n:02}-x" for n in range(1, count + 1)]
    return archive(*(post(i, topic="other" if n < other else "affairs") for n, i in enumerate(ids)))


def test_1_accepted_own_topic() -> None:
    subject = post(topic="emergency")
    assert complaints(RULE, 1, subject, archive(subject)) == []


def test_1_violated_other_topic_without_reason() -> None:
    subject = post(topic="other")
    words = "The post is outside the bureau's own duties and does not say why it is needed."
    found = only(complaints(RULE, 1, subject, archive(subject)), Effect.NOTE, words)
    assert where(found) == line(subject, "topic")


def test_1_boundary_other_topic_with_reason() -> None:
    subject = post(topic="other", justification="市里统一部署。")
    assert complaints(RULE, 1, subject, archive(subject)) == []


def test_1_violated_share_of_the_quarter() -> None:
    words = "3 of 10 posts of this quarter are outside the bureau's own duties."
    found = only(duties(RULE, 1, quarter(3, 10)), Effect.NOTE, words)
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
