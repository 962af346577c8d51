"""Warnings: colour and level in every order and spelling, and levels that are of something else."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.alerts import (
    _WORDS,
    COLOURS,
    AlertMention,
    alerts,
    colours_named,
    strange_warnings,
    wrong_pairs,
    wrong_turns,
)

WRITTEN = {
    1: ("Ⅰ级", "一级", "1级", "I级", "１ 级"),
    2: ("Ⅱ级", "二级", "2级", "II级"),
    3: ("Ⅲ级", "三级", "3级", "ⅲ级"),
    4: ("Ⅳ级", "四级", "4级", "ＩＶ级"),
}
FORMS = (
    "发布暴雨{c}色预警（{l}）",
    "发布暴雨{c}色预警信号【**{l}**】",
    "发布{l}{c}色预警",
    "{l}·{c}色预警",
    "{l}／{c}色预警信号",
    "暴雨{l}预警（{c}色）",
    "{c}色暴雨预警，级别为{l}",
    "{c} 色 预警（预警等级：{l}）",
    "发布{l}暴雨预警，颜色为{c}色",
    "预警级别：{l}，预警颜色：{c}色",
    "预警级别：{l}；预警区域：云岚市；预警颜色：{c}色",
    "发布暴雨**{c}色**预警。\n\n请注意防范。预警级别：{l}。",
    "预警级别由其他级别调整为{l}（{c}）",
    "{l}预警，用{c}色标示",
    "| 预警级别 | {l} |\n|---|---|\n| 预警颜色 | **{c}色** |",
    "| 序号 | 预警 | 级别 | 颜色 |\n|---|---|---|---|\n| 1 | 暴雨 | {l} | {c}色 |",
    "预警\t级别\t颜色\n暴雨\t{l}\t{c}色",
)
"""Ways to write one warning: {c} its colour, {l} its level."""


@given(
    st.sampled_from(FORMS), st.sampled_from("红橙黄蓝"), st.sampled_from([1, 2, 3, 4]), st.data()
)
def test_a_pair_is_wrong_unless_it_belongs_together(
    form: str, colour: str, level: int, data: st.DataObject
) -> None:
    text = form.format(c=colour, l=data.draw(st.sampled_from(WRITTEN[level])))
    wrong = {(w.colour, w.level) for w in wrong_pairs(text)}
    assert wrong == ({(colour, level)} if COLOURS[colour] != level else set())


@given(st.permutations("红橙黄蓝"), st.sampled_from("升降"))
def test_a_turn_is_wrong_unless_it_goes_the_way_it_says(order: list[str], way: str) -> None:
    one, other = order[0], order[1]
    up = COLOURS[other] < COLOURS[one]
    for text in (
        f"暴雨预警由{one}色{way}级为{other}色",
        f"将{one}色（{WRITTEN[COLOURS[one]][0]}）预警{way}至{WRITTEN[COLOURS[other]][1]}预警",
    ):
        assert bool(wrong_turns(text)) == (up != (way == "升"))
        assert wrong_pairs(text) == ()


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("寒潮蓝色预警（Ⅲ级）", ("蓝", 3)),
        ("Ⅰ级（黄色）预警", ("黄", 1)),
        ("红色预警信号（二级）", ("红", 2)),
        ("橙色（一般）", ("橙", 4)),
        ("预警级别：II级/红色", ("红", 2)),
        ("暴雨橙色预警升级为红色预警（Ⅱ级）", ("红", 2)),
        ("红色、橙色（三级）预警", ("橙", 3)),
    ],
)
def test_pairs_that_do_not_belong_together(text: str, pair: tuple[str, int]) -> None:
    [wrong] = wrong_pairs(text)
    assert (wrong.colour, wrong.level) == pair


@pytest.mark.parametrize(
    "text",
    [
        "寒潮蓝色预警（Ⅳ级）",
        "黄色预警，启动Ⅳ级应急响应",
        "红色预警，启动二级预警响应",
        "发布橙色预警。应急响应级别为三级。",
        "红色预警（2小时）",
        "风力7级，蓝色预警",
        "蓝色预警，阵风4级",
        "三级医院（蓝天）",
        "暴雨红色预警、地质灾害二级预警（橙色）",
        "暴雨黄色预警。\n地质灾害气象风险二级预警。",
        "预警分为四级：红色、橙色、黄色、蓝色",
        "预警级别分为四级，分别用蓝色、黄色、橙色和红色标示，一级为最高级别",
        "一级（红色）、二级（橙色）、三级（黄色）、四级（蓝色）",
        "红色（一级）、橙色（二级）预警",
        "| 颜色 | 级别 |\n|---|---|\n| 红色 | 一级 |\n| 橙色 | 二级 |",
        "森林火险等级四级（橙色）",
    ],
)
def test_no_wrong_pair(text: str) -> None:
    assert (wrong_pairs(text), wrong_turns(text)) == ((), ())


def test_the_span_of_a_wrong_pair_is_its_words() -> None:
    text = "| 项目 | 内容 |\n|---|---|\n| 预警 | 暴雨**红色**（Ⅱ级） |"
    [wrong] = wrong_pairs(text)
    assert text[wrong.start : wrong.end] == "红色**（Ⅱ级"


def test_warnings_are_read_with_hazard_colour_and_level() -> None:
    text = "市气象台将大风蓝色预警升级为黄色预警（Ⅲ级）。启动Ⅳ级应急响应。"
    assert alerts(text) == (AlertMention(7, 9, "大风", "蓝", 0), AlertMention(14, 21, "", "黄", 3))
    assert alerts("红色景区、三级医院，黄色警戒线") == ()


def test_colours_named() -> None:
    assert list(colours_named("黄色预警降为蓝色预警")) == ["黄", "蓝"]
    assert list(colours_named("寒潮黄色预警降为蓝色大风预警，红色警戒线")) == ["黄", "蓝"]


def test_responses_and_fire_danger_are_raised_and_lowered_too() -> None:
    for text in (
        "防汛应急响应由Ⅲ级提升至Ⅳ级",
        "将防汛四级应急响应下调为三级",
        "森林火险等级由四级升为三级",
    ):
        assert wrong_turns(text)
    for text in (
        "防汛应急响应由Ⅲ级提升至Ⅱ级",
        "森林火险等级由三级升为四级",
        "医院由二级升级为三级",
    ):
        assert wrong_turns(text) == ()


def test_a_colour_beside_the_highest_level_in_words() -> None:
    assert wrong_pairs("此次预警为最高级别的橙色预警") and wrong_pairs("橙色预警，也就是一级")
    assert wrong_pairs("这是今年以来最高级别的橙色预警") == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("黄色预警高于橙色预警", ["黄色预警高于橙色"]),
        ("橙色比红色更严重，预警要看颜色", ["橙色比红色"]),
        ("橙色预警高于黄色预警，低于红色预警", []),
        ("预警等级提高，由橙色变为黄色", ["提高，由橙色变为黄色"]),
        ("暴雪橙色预警变更为红色预警，预警级别降低", ["橙色预警变更为红色"]),
    ],
)
def test_colours_are_ranked_and_turned_the_right_way(text: str, wrong: list[str]) -> None:
    assert [text[start:end] for start, end in wrong_turns(text)] == wrong


def test_an_answer_a_header_and_a_response_tell_whose_level_it_is() -> None:
    assert wrong_pairs("问：红色预警是几级？答：二级。")
    assert wrong_pairs("| 日期 | 信号 | 级 |\n|---|---|---|\n| 3日 | 暴雨橙色 | Ⅲ |")
    assert not wrong_pairs("| 预警 | 响应 |\n|---|---|\n| 红色 | 二级 |")
    assert not wrong_pairs("红色预警生效。二级响应不变。三级巡查照旧。")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("霜冻橙色预警是最高级别。", False),
        ("霜冻预警信号分三级，橙色为最高级别。", False),
        ("霜冻黄色预警是最高级别。", True),
        ("霜冻橙色预警为Ⅰ级。", True),
        ("霜冻将至。暴雨橙色预警是最高级别。", True),
    ],
)
def test_frost_has_no_red_and_its_highest_is_orange(text: str, wrong: bool) -> None:
    assert bool(wrong_pairs(text)) is wrong
    assert not wrong_turns(text) or wrong


SIGNALS = (
    ("台风", "四级，分别以蓝色、黄色、橙色和红色"),
    ("暴雨", "四级，分别以蓝色、黄色、橙色、红色"),
    ("暴雪", "四级，分别以蓝色、黄色、橙色、红色"),
    ("寒潮", "四级，分别以蓝色、黄色、橙色、红色"),
    ("大风", "四级，分别以蓝色、黄色、橙色、红色"),
    ("沙尘暴", "三级，分别以黄色、橙色、红色"),
    ("高温", "三级，分别以黄色、橙色、红色"),
    ("干旱", "二级，分别以橙色、红色"),
    ("雷电", "三级，分别以黄色、橙色、红色"),
    ("冰雹", "二级，分别以橙色、红色"),
    ("霜冻", "三级，分别以蓝色、黄色、橙色"),
    ("大雾", "三级，分别以黄色、橙色、红色"),
    ("道路结冰", "三级，分别以黄色、橙色、红色"),
)
"""As the national rule lays them down (中国气象局令第16号，附件)."""


@pytest.mark.parametrize(("hazard", "scale"), SIGNALS)
def test_each_warning_has_the_colours_of_the_national_rule(hazard: str, scale: str) -> None:
    """Its own highest and lowest colour may be called so, and no other."""
    other = "霜冻" if hazard in ("暴雨", "台风") else "暴雨"
    law = f"{hazard}预警信号分{scale}表示。"
    assert (wrong_pairs(law), wrong_turns(law)) == ((), ())
    colours = [c for c in scale if c in COLOURS]
    for word, right in (("最高", colours[-1]), ("最低", colours[0])):
        for colour in COLOURS:
            text = f"{hazard}{colour}色预警是{word}级别。"
            for said in (text, f"不同于{other}预警，{text}"):
                assert bool(wrong_pairs(said) or wrong_turns(said)) is (colour != right), said


def test_a_text_that_is_one_sentence_is_read_once() -> None:
    text, begun = "霜冻" + "橙色预警为最高级别，" * 20_000, process_time()
    assert wrong_pairs(text) and wrong_turns(text)
    assert process_time() - begun < 10, "it was read from its begin to each level: 50 s"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("发布大风预警。空气质量二级为黄色，三级为橙色。", False),
        ("预警分级另行通知。空气质量等级二级为黄色。", False),
        ("预警信号照旧。AQI级别：三级为橙色。", False),
        ("空气质量预警二级为黄色。", True),
        ("空气质量转差。预警二级为黄色。", True),
    ],
)
def test_the_colours_of_air_quality_are_no_warnings(text: str, wrong: bool) -> None:
    assert bool(wrong_pairs(text) or wrong_turns(text)) is wrong


@pytest.mark.parametrize(
    "text",
    [
        "冰雹黄色",
        "干旱蓝预警",
        "霜冻预警：红色",
        "道路结冰天气蓝色",
        "暴雨紫色警报",
        "启动防汛v级应急响应",
        "五级预警",
        "响应等级：五级",
        "今天多云，明天有雨。",
    ],
)
def test_no_strange_warning_is_passed_by(text: str) -> None:
    """A text without words that each of them has is not searched."""
    assert bool(strange_warnings(text)) is ("多云" not in text)
    assert strange_warnings(text) == tuple(m.span() for m in _WORDS["strange"].finditer(text))
