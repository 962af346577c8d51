"""Article 16: pressure, preconditions and business in the words of a post."""

from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.findings import Effect
from pipeline.report.language import translator
from pipeline.rules.a16_conduct import RULE
from tests.rules.builders import archive, complaints, line, only, post, where
from tests.rules.facts import fact, recorded


def lexicon(category: str, *words: str) -> Any:
    return fact(
        "lexicons",
        category,
        category=category,
        effect="refuse",
        words=list(words),
        exceptions=[],
        reason="第十六条禁止",
        suggestion="改写",
    )


def judged(number: int, body: str, **meta: Any) -> list[Any]:
    entries = [
        lexicon("forced-sharing", "务必转发"),
        lexicon("precondition", "关注后方可"),
        lexicon("profit", "打赏"),
    ]
    subject = post(body=body, **meta)
    return complaints(RULE, number, subject, recorded(archive(subject), "lexicons", entries))


def test_2_accepted_a_friendly_request() -> None:
    assert judged(2, "欢迎转发。严禁要求务必转发。") == []


def test_2_violated_pressure_to_share() -> None:
    found = only(judged(2, "收到请务必转发。"), Effect.REFUSE, "words-listed", words="务必转发")
    assert (found.location.line, found.waivable) == (40, "务必转发")


@pytest.mark.parametrize(
    ("mode", "effect"), [(Mode.DRAFT, Effect.REFUSE), (Mode.STANDING, Effect.NOTE)]
)
def test_2_boundary_pressure_without_a_listed_word(mode: Mode, effect: Effect) -> None:
    subject = post(body="未入群的暂不办理，请先加入“企业服务群”。")
    found = complaints(RULE, 2, subject, archive(subject, mode=mode))
    assert [c.effect for c in found] == [effect]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("各单位今天完成。\n转发截图，未完成的通报，电话13912345678。",
         "“转发截图” together with “未完成” in “转发截图，未完成的通报，电话***********”"),
        ("未入群的暂不办理。", "“未入群” in “未入群的暂不办理”"),
        ("请转发截图，\x1b未完成的。",
         "“转发截图” together with “未完成” in “请转发截图，\x1b未完成的”"),
        (f"{'甲' * 300}，关注公众号的人数必须达标{'乙' * 300}。",
         f"“关注公众号” together with “必须” in “…{'甲' * 39}，关注公众号的人数必须"
         f"达标{'乙' * 38}…”"),
    ],
)  # fmt: skip
def test_2_violated_a_purpose_is_shown_by_its_sentence_and_both_cues(body: str, words: str) -> None:
    """Private data is masked, also where the quotation is cut; control characters are made visible
    where the sentence is printed."""
    subject = post(body=body)
    (found,) = complaints(RULE, 2, subject, archive(subject, mode=Mode.DRAFT))
    assert str(found.message).startswith(words)
    shown = translator("zh")(found.message)
    assert "\x1b" not in shown
    assert "13912345678" not in shown


@pytest.mark.parametrize("number", [2, 3, 4])
def test_2_boundary_each_clause_has_its_own_words(number: int) -> None:
    body = {2: "务必转发。", 3: "关注后方可办理。", 4: "欢迎打赏。"}[number]
    for other in (2, 3, 4):
        assert bool(judged(other, body)) == (other == number)


def test_3_accepted_a_service_without_condition() -> None:
    assert judged(3, "窗口和网上均可办理。", requires_follow=False) == []


def test_3_violated_a_condition_said() -> None:
    only(judged(3, "关注后方可预约。"), Effect.REFUSE, "words-listed", words="关注后方可")


def test_3_boundary_a_condition_marked() -> None:
    subject = post(requires_follow=True)
    found = only(
        complaints(RULE, 3, subject, archive(subject)), Effect.REFUSE, "service-needs-follow"
    )
    assert where(found) == line(subject, "requires_follow")
    assert found.waivable == ""


def test_4_accepted_no_business() -> None:
    assert judged(4, "培训免费，不接受打赏。") == []


def test_4_violated_words_of_sale() -> None:
    only(judged(4, "喜欢请打赏。"), Effect.REFUSE, "words-listed", words="打赏")


def test_4_boundary_a_withdrawn_post_sells_nothing() -> None:
    assert judged(4, "喜欢请打赏。", validity="withdrawn") == []
