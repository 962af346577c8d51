"""A reprint against its source: what turns the meaning, and what is no change."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.reprint import (
    ReprintChange,
    changed_excerpt,
    changed_facts,
    changed_sentences,
    without_notes,
)

SAFETY = (
    "火未熄灭不要离开。",
    "严禁在楼道内停放电动自行车。",
    "电热毯不折叠使用，睡前关闭。",
    "不得在林区用火，未经批准禁止施工。",
    "夜间气温降至-5℃，暂停施工8小时。",
    "11月20日（星期五）起，全市1.2万只报警器投入使用。",
    "石门坎乡有30余人转移，无人员伤亡。",
    "市应急管理局局长周大山表示，《条例》第三条已经写明。",
    "出门前请检查燃气阀门，保持室内通风。",
    "风力达到五级以上时，非必要不乘船。",
)
SENTENCES = st.lists(st.sampled_from(SAFETY), min_size=1, max_size=6)
NEGATIONS = re.compile("[不未无禁]|非(?=必要)")


def changes(ours: str, theirs: str) -> list[ReprintChange]:
    return list(changed_sentences(ours, theirs))


def turned(ours: str, theirs: str) -> bool:
    return any(c.lost or c.gained for c in changes(ours, theirs))


@given(SENTENCES, st.sampled_from(["", "\n", "\n\n"]))
def test_a_text_and_its_other_form_are_one(sentences: list[str], between: str) -> None:
    """White space, width and marks of Markdown are no change, however the lines are cut."""
    source = between.join(sentences)
    assert changes(source, source) == []
    narrow = unicodedata.normalize("NFKC", source).replace("。", "。\n\n")
    spaced = "**" + " ".join(source.replace("\n", "")) + "**"
    assert changes(narrow, source) == changes(spaced, source) == changes(source, narrow) == []


@given(SENTENCES, st.data())
def test_one_negation_less_turns_the_meaning(sentences: list[str], data: st.DataObject) -> None:
    source = "".join(sentences)
    signs = [m.start() for m in NEGATIONS.finditer(source)]
    if signs:
        at = data.draw(st.sampled_from(signs))
        assert turned(source[:at] + source[at + 1 :], source)
        assert turned(source, source[:at] + source[at + 1 :])


@given(SENTENCES, st.data())
def test_one_other_number_turns_the_meaning(sentences: list[str], data: st.DataObject) -> None:
    source = "".join(sentences)
    digits = [m.start() for m in re.finditer(r"\d|[三五](?=[级条])", source)]
    if digits:
        at = data.draw(st.sampled_from(digits))
        other = data.draw(st.sampled_from([d for d in "1246789" if d != source[at]]))
        assert turned(source[:at] + other + source[at + 1 :], source)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("暂停8分钟。", "暂停8小时。"),
        ("长3公里。", "长3公斤。"),
        ("气温5℃。", "气温-5℃。"),
        ("增长3.5%。", "增长35%。"),
        ("转移30余人。", "转移30人。"),
        ("星期五起施行。", "星期四起施行。"),
        ("明天停水。", "今天停水。"),
        ("鹿呜镇平安。", "鹿鸣镇平安。"),
        ("记者李明到场。", "记者李敏到场。"),
        ("零下5度。", "5度。"),
        ("依照《办法》。", "依照《条例》。"),
        ("别靠近。", "请靠近。"),
        ("5人死亡，3人受伤。", "3人死亡，5人受伤。"),
    ],
)
def test_units_dates_and_names_turn_the_meaning(ours: str, theirs: str) -> None:
    assert turned(ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("转移12000人。", "转移1.2万人。"),
        ("出门前，检查阀门。", "出门前要检查阀门。"),
        ("特别重要。", "尤为重要。"),
        ("一般情况。", "通常情况。"),
        ("占比百分之三十。", "占比百分之30。"),
    ],
)
def test_other_words_are_shown_and_turn_nothing(ours: str, theirs: str) -> None:
    assert not turned(ours, theirs)


def test_each_changed_sentence_stands_beside_its_own() -> None:
    ours = "甲到场。\n\n乙到场了。丙到场。\n\n己来了。"
    theirs = "标题\n甲到场。乙到场。丙到场。丁到场。\n责任编辑：某某\n己来了。"
    found = list(changed_sentences(ours, theirs, ("标题",)))
    assert [(c.line, c.ours, c.theirs) for c in found] == [
        (2, "乙到场了。", "乙到场。"),
        (4, "", "丁到场。"),
    ]


@pytest.mark.parametrize(
    "ours",
    ["见[条例](https://a.example/x(2021))。", '![图](a.png "图名")见条例。', "见[条](u)[例](v)。"],
)
def test_links_and_pictures_are_no_words(ours: str) -> None:
    assert [*changed_sentences(ours, "见条例。")] == []
    assert [*changed_sentences(ours.replace("例", "文"), "见条例。")]


def test_a_credit_may_go_and_none_may_come() -> None:
    credit = "（责任编辑：某某）"
    assert changes("甲到场。", f"甲到场。\n{credit}") == []
    assert changes(f"甲到场。\n{credit}", f"甲到场。\n{credit}") == []
    (came,) = changes("甲到场。\n编辑：请拨打12人转账", "甲到场。")
    assert (came.theirs, came.gained) == ("", ("12人",))
    assert [c.ours for c in changes("甲到场。", "甲到场。\n记者：为什么不去？")] == [""]


def test_a_numeral_may_have_any_number_of_signs() -> None:
    ours, theirs = (f"共{'一' * 5_000}{last}人。" for last in "二三")
    (one,) = changes(ours, theirs)
    assert one.lost and one.gained


def test_a_protected_name_is_a_fact() -> None:
    assert changed_facts("甲甲乙乙丙到场", "甲甲乙乙丁到场", ("甲甲乙乙丁",)) == (
        ("甲甲乙乙丁",),
        (),
    )


def test_an_excerpt_keeps_whole_sentences() -> None:
    source = "".join(SAFETY)
    assert list(changed_excerpt(SAFETY[1] + "\n\n" + SAFETY[3], source)) == []
    (cut,) = changed_excerpt("不得在林区用火。", source)
    assert (cut.ours, cut.theirs, cut.lost) == ("不得在林区用火。", SAFETY[3], ("未", "禁"))
    (own,) = changed_excerpt("本市已经完成。", source)
    assert own.theirs == ""
    (near,) = changed_excerpt("不得在林区用火，未经批准施工。", source)
    assert (near.theirs, near.lost) == (SAFETY[3], ("禁",))


def test_a_marked_note_is_the_bureaus_own() -> None:
    body = "正文一。\n\n> 编者按：本市已有12个\n> 乡镇完成。\n\n正文二。"
    text, notes = without_notes(body, "正文一。正文二。")
    assert (text.count("\n"), notes) == (
        body.count("\n"),
        ("> 编者按：本市已有12个\n> 乡镇完成。",),
    )
    assert changes(text, "正文一。正文二。") == []
    # The source's own note is no way to add words, and has to stay.
    assert without_notes("编者按：甲。\n\n乙。", "编者按：甲。乙。")[1] == ()
