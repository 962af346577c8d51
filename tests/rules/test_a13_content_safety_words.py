"""Article 13(1) and (2): words of the lexicons, and words of nobody but the writer."""

from typing import Any

import pytest

from pipeline.model.findings import Effect
from pipeline.rules.a13_content_safety import RULE
from tests.rules.builders import archive, complaints, line, only, post, where
from tests.rules.facts import fact, recorded


def lexicon(category: str, *words: str, effect: str = "refuse", exceptions: Any = ()) -> Any:
    return fact(
        "lexicons",
        category,
        category=category,
        effect=effect,
        words=list(words),
        exceptions=list(exceptions),
        reason="不得发布",
        suggestion="删去",
    )


def judged(number: int, body: str, *lexicons: Any, **meta: Any) -> list[Any]:
    subject = post(body=body, **meta)
    return complaints(RULE, number, subject, recorded(archive(subject), "lexicons", lexicons))


@pytest.mark.parametrize(
    "body", ["", "请关好门窗。", "严禁扫码购买。", "网传“扫码购买领补贴”不实。"]
)
def test_2_accepted_words_only_spoken_of(body: str) -> None:
    assert judged(2, body, lexicon("advertising", "扫码购买")) == []


@pytest.mark.parametrize(
    "category", ["advertising", "gambling", "violence", "pornography", "cult", "political"]
)
@pytest.mark.parametrize(("effect", "weight"), [("refuse", Effect.REFUSE), ("note", Effect.NOTE)])
def test_2_violated_each_category_with_its_effect(
    category: str, effect: str, weight: Effect
) -> None:
    entry = lexicon(category, "扫码购买", effect=effect)
    found = only(judged(2, "好物。\n\n扫码购买。", entry), weight, "words-listed")
    assert (found.location.line, found.location.column, found.waivable) == (42, 1, "扫码购买")


def test_2_violated_title_and_disguise() -> None:
    subject = post(title="扫 码 购 买")
    look = recorded(archive(subject), "lexicons", [lexicon("advertising", "扫码购买")])
    found = only(complaints(RULE, 2, subject, look), Effect.REFUSE, "words-listed")
    assert where(found) == line(subject, "title")
    assert found.waivable == "扫 码 购 买"


def test_2_boundary_exceptions_other_categories_and_withdrawn_posts() -> None:
    entry = lexicon("advertising", "加购", exceptions=["新增加购"])
    assert judged(2, "新增加购置款。", entry) == []
    assert judged(2, "扫码购买。", lexicon("cliche", "扫码购买")) == []
    assert judged(2, "加购。", entry, validity="withdrawn") == []
    assert len(judged(2, "加购。", entry)) == 1


def test_2_boundary_every_use_is_a_finding_of_its_own() -> None:
    found = judged(2, "加购。\n加购。", lexicon("advertising", "加购"))
    assert [c.location.line for c in found] == [40, 41]


def test_6_accepted_plain_facts() -> None:
    assert judged(6, "专家认为水位将回落。", lexicon("personal", "我认为", effect="note")) == []


@pytest.mark.parametrize("category", ["personal", "emotion"])
def test_6_violated_views_and_moods_are_noted(category: str) -> None:
    entry = lexicon(category, "我认为", effect="note")
    only(judged(6, "我认为不妥。", entry), Effect.NOTE, "words-listed")


def test_6_boundary_in_a_reply_they_are_refused() -> None:
    entry = lexicon("emotion", "呵呵", effect="note")
    only(judged(6, "呵呵，已回复。", entry, kind="reply"), Effect.REFUSE, "words-listed")
    only(judged(6, "呵呵，已回复。", entry, kind="tip"), Effect.NOTE, "words-listed")


def test_6_boundary_a_reply_that_stands_is_noted_for_what_no_list_holds() -> None:
    """Older programs looked for listed words alone, and what they let pass goes on to stand."""
    subject = post(body="为什么邻居收到了短信，我没有收到？\n", kind="reply")
    found = complaints(RULE, 6, subject, archive(subject))
    assert [c.effect for c in found] == [Effect.NOTE]
