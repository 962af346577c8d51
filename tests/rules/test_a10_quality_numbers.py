"""Article 10(1): public telephone numbers against what a text has them called for."""

from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.findings import Effect
from pipeline.rules.a10_quality import RULE
from pipeline.source.content.shipped_lists import shipped
from tests.rules.builders import archive, complaints, post
from tests.rules.facts import recorded
from tests.rules.governance import registers


def judged(body: str, mode: Mode = Mode.DRAFT, **parameters: object) -> list[Any]:
    subject = post(body=body)
    look = archive(subject, mode=mode, registers=registers(**parameters))
    return complaints(RULE, 1, subject, recorded(look, "public-numbers", shipped("public-numbers")))


@pytest.mark.parametrize(
    "body",
    [
        "发生火灾请拨打119，医疗急救拨打120，交通事故拨打122。",
        "请记住：119火灾，120急救，122交通事故，12345咨询求助。",
        "遇到紧急情况，请拨打110、119、120。",
        "发现燃气泄漏、有人昏迷，请拨打119或120。",
        "举报事故隐患请拨打12350或12345，火灾隐患也可拨打96119。",
        "进入森林防火期，发现火情请拨打12119。",
        "全年接报火灾118起，疏散120人；119消防宣传月活动启动。",
        "火灾报警不是110，是119。",
        "误拨120报火警的，及时转接119。",
        "急救培训报名电话12345。",
        "设备编号118-120，联系电话0564-3378118。",
        "11月20日，居民拨打了110，火灾很快扑灭。",
        "火灾现场有人受伤，请拨打120。",
        "交通事故造成人员受伤，请拨打120。",
        "火灾致人昏迷拨打120。",
        "发生火灾，有人受伤请拨打120，火势扩大请拨打119。",
        "在国外遇到火灾，请拨打911。",
        "不要打911，火灾报警请打119。",
        "火灾报警电话300余次，举报热线400 820 1234。",
    ],
)
def test_1_accepted_numbers_that_serve_their_purpose(body: str) -> None:
    assert judged(body) == []


@pytest.mark.parametrize(
    ("body", "wrong", "right", "purpose"),
    [
        ("火灾请拨打118。", "118", "119", "火灾"),
        ("医疗急救请拨119。", "119", "120", "医疗急救"),
        ("举报事故隐患，请拨打12351。", "12351", "12350", "安全生产举报投诉"),
        ("政务服务便民热线：12354", "12354", "12345", "政务服务便民热线"),
        ("| 事项 | 电话 |\n|---|---|\n| 火灾 | 118 |\n", "118", "119", "火灾"),
        ("发现火情，请拨打**118**报警。", "118", "119", "火灾"),
        ("着火了，拨打911。", "911", "119", "火灾"),
        ("火警电话：“999”", "999", "119", "火灾"),
        ("有人受伤，火灾请拨打120。", "120", "119", "火灾"),
        ("火灾现场有人受伤，请拨打121。", "121", "120", "人员受伤"),
    ],
)
def test_1_violated_a_number_that_serves_another_purpose_or_none(
    body: str, wrong: str, right: str, purpose: str
) -> None:
    [found] = judged(body)
    said = dict(found.message.values)
    assert (found.effect, found.name) == (Effect.REFUSE, "number-of-another")
    assert said == {"number": wrong, "purpose": purpose, "right": right, "words": found.waivable}


def test_1_boundary_the_bureaus_own_number_is_right_for_whatever_it_says() -> None:
    body = "举报事故隐患请拨打12351。"
    own = {"pii__published_numbers": ["12351"]}
    assert len(judged(body)) == 1 and judged(body, **own) == []


def test_1_next_of_emergencies_nothing_is_offered_but_to_correct_or_waive() -> None:
    [fire], [report] = judged("火灾请拨打118。"), judged("举报事故隐患请拨打12351。")
    offered = ["pii.published_numbers" in str(found.remedy) for found in (fire, report)]
    assert offered == [False, True]


def test_1_boundary_what_stands_is_noted() -> None:
    [found] = judged("火灾请拨打118。", Mode.STANDING)
    assert (found.effect, found.location.line) == (Effect.NOTE, 40)
