"""What a post is about, on passages typed as officials type them: floors, and hard negatives."""

import json
from pathlib import Path

import pytest

from pipeline.detect.subjects import subjects

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "corpora/subjects.jsonl")
    .read_text("utf-8")
    .split("\n")
    if line
]
FLOORS = {"alert": 0.95, "accident": 0.95, "rumor": 0.95}
"""Kind → the least share of its passages that are seen."""


def kinds(row: dict[str, str]) -> list[str]:
    return [subject.kind for subject in subjects(row["title"], row["text"])]


@pytest.mark.parametrize("kind", FLOORS)
def test_most_passages_of_a_subject_are_seen(kind: str) -> None:
    own = [row for row in ROWS if row["expect"] == kind]
    assert len(own) >= 15
    assert sum(kinds(row) == [kind] for row in own) / len(own) >= FLOORS[kind]


@pytest.mark.parametrize("row", [r for r in ROWS if not r["expect"]], ids=lambda r: r["title"])
def test_lessons_drills_laws_and_summaries_are_about_none(row: dict[str, str]) -> None:
    assert kinds(row) == []


def test_the_corpus_is_large_enough() -> None:
    assert sum(bool(r["expect"]) for r in ROWS) >= 60 <= sum(not r["expect"] for r in ROWS)


def test_under_a_title_that_says_nothing_the_body_is_not_certain() -> None:
    body = "云岚市气象台6月3日8时发布暴雨红色预警信号，请立即停止户外活动。"
    assert [(s.kind, s.certain) for s in subjects("紧急通知", body)] == [("alert", False)]
    assert [(s.kind, s.certain) for s in subjects("云岚市发布暴雨红色预警", body)] == [
        ("alert", True)
    ]


@pytest.mark.parametrize("title", ["通知", "冬季安全提示", "今日动态"])
@pytest.mark.parametrize(
    "body",
    [
        "11月29日，岚城区某工地发生坍塌，造成三人死亡。",
        "一起火灾致三人死亡。",
        "昨日8时，某化工厂发生爆炸，三人死亡，五人受伤。",
        "坍塌事故，致3人遇难。",
        "各位居民：\n\n本月29日，某镇一煤矿透水，造成死亡2人，未造成次生灾害。",
        "今晨，某化工厂爆炸，3死5伤。",
    ],
)
def test_the_dead_of_one_accident_tell_it_whatever_the_title(title: str, body: str) -> None:
    assert [(s.kind, s.certain) for s in subjects(title, body)] == [("accident", True)]


@pytest.mark.parametrize("title", ["通知", "冬季安全提示"])
@pytest.mark.parametrize(
    "body",
    [
        "去年11月29日，某工地发生坍塌，造成三人死亡。",
        "近年来，全国发生多起火灾，造成数十人死亡。",
        "今年以来，全市共发生火灾12起，造成3人死亡。",
        "10月份，全市火灾造成2人死亡。",
        "发生火灾造成三人以上死亡的，由市人民政府组织调查。",
        "造成3人以上10人以下死亡的事故，为较大事故。",
        "模拟一起火灾致三人死亡。",
        "一场火灾，可能造成3人死亡。",
        "您好，您反映的火灾致3人死亡一事已核实。",
        "全年未发生较大火灾，未造成3人死亡。",
    ],
)
def test_history_figures_laws_and_suppositions_with_dead_are_none(title: str, body: str) -> None:
    assert subjects(title, body) == ()


def test_what_was_punished_made_up_or_is_taught_is_no_report() -> None:
    body = "3月4日，某公司发生爆炸，造成1人死亡。"
    assert subjects("执法提示", body + "依法罚款三十万元。") == ()
    assert subjects("安全提示", "“某小区火灾致3人死亡”的视频系谣言。") == ()
    assert subjects("怎样预防爆炸", body) == subjects("安全提示", body + "要吸取教训。") == ()


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("云岚市发布暴雨红色预警", ["alert"]),
        ("云岚市发布暴雨红色预警 演练", []),
        ("暴雨红色预警怎么看", []),
    ],
)
def test_a_title_alone_is_not_enough_and_can_excuse(title: str, about: list[str]) -> None:
    body = "云岚市气象台7月12日6时15分发布暴雨红色预警信号，请注意防范。"
    assert [s.kind for s in subjects(title, body)] == about
    assert subjects(title, "请注意出行安全。") == ()


HELD = "一养殖场沼气池管道破裂，周围有刺鼻气体。"
ASKED = "下风口住户现在就到村东学校，别点火、别开灯。"


@pytest.mark.parametrize("title", ["沼气池养护动态", "生活小贴士", "关于做好巡查工作的通知"])
def test_many_signs_together_tell_a_live_warning_and_are_named(title: str) -> None:
    (subject,) = subjects(title, HELD + ASKED)
    assert (subject.kind, subject.certain) == ("alert", False)
    assert subject.words == ASKED
    assert "管道破裂" in subject.also
    assert "别点火" in subject.also


@pytest.mark.parametrize(
    "body",
    [
        HELD,
        ASKED,
        "遇到沼气池管道破裂，下风口住户应立即到上风处，别点火、别开灯。",
        f"去年此时，{HELD}{ASKED}当天无人伤亡。",
        f"应急演练中，{HELD}{ASKED}",
        "会议要求各地在管道破裂时立即转移下风口住户，严禁点火。",
        "因管道检修，今晚22时起停气，请住户关好阀门，不要点火。",
    ],
)
def test_one_sign_is_not_enough_and_others_speak_against_it(body: str) -> None:
    assert subjects("沼气池养护动态", body) == ()
