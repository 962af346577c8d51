"""The one form of a text, and the way back to its offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.folding import (
    _HALF,
    _IDEOGRAPHS,
    _ODD,
    _PARTING,
    _USUAL,
    MOST_CELLS,
    flat,
    fold,
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("应急管理，局", "应急管理，局"),
        ("ＡＰＰ下载", "app下载"),
        ("①④", "14"),
        ("Ⅳ级", "iv级"),
        ("扫\u200b码\ufeff", "扫码"),
        ("扫 码*购**买", "扫码购买"),
        ("扫\n码", "扫码"),
        ("扫\n\n码", "扫\n\n码"),
        ("加入、盟友", "加入、盟友"),
        ("a b", "a b"),
        ("АРР", "app"),
        ("⼈民", "人民"),
        ("", ""),
    ],
)
def test_forms(text: str, form: str) -> None:
    assert fold(text).text == form


def test_offsets_lead_back_through_all_that_was_left_out() -> None:
    text = "请\u200b扫 **码** 购买，Ⅳ级"
    folded = fold(text)
    at = folded.text.index("扫码购买")
    start, end = folded.span(at, at + 4)
    assert text[start:end] == "扫 **码** 购买"
    four = folded.text.index("iv")
    assert text[slice(*folded.span(four, four + 2))] == "Ⅳ"


def test_no_usual_sign_is_odd() -> None:
    plain = "".join(c for c in map(chr, range(0x110000)) if _IDEOGRAPHS.fullmatch(c))
    assert len(plain) == 0x5200  # a text of these is returned as it stands
    assert _USUAL.fullmatch(plain)
    assert plain == plain.lower() == _PARTING.sub("", _HALF.sub("", plain))
    assert not _ODD.search("".join(c for c in map(chr, range(0x110000)) if _USUAL.fullmatch(c)))


@given(st.text(alphabet="扫码ａA1１ \u200b*Ⅳα\n，é", max_size=40))
def test_a_fold_of_a_fold_is_itself_and_offsets_rise(text: str) -> None:
    folded = fold(text)
    assert fold(folded.text).text == folded.text
    assert len(folded.origin) == len(folded.text)
    assert list(folded.origin) == sorted(folded.origin)
    assert all(0 <= place < len(text) for place in folded.origin)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("共**3**人、`5`户", "共3人、5户"),
        ("~~旧~~ 138****0000，3~5人，5*10米", "旧 138****0000，3~5人，5*10米"),
        ("云政发\\[2018\\]1号", "云政发[2018]1号"),
        (
            "| 级别 | 红色 |\n| 时间 | 今天 |",
            "级别：红色。\n时间：今天。\n级别：时间，红色：今天。\n",
        ),
        (
            "| 姓名 | 电话 | 住址 |\n|---|:-:|--|\n| 某某 | 1 | |\n完",
            "姓名：电话，住址。\n姓名：某某，电话：1，住址：。\n完",
        ),
        ("| 甲 | 乙 |\n|--|--|\n| 一 | 二 | 三 |", "甲：乙。\n甲：一，乙：二，三。\n"),
        ("甲|乙|丙|丁", "甲：乙，丙：丁。\n"),
        ("甲\\|乙", "甲|乙"),
        ("甲\t乙\r\n丙", "甲：乙。\n丙"),
    ],
)
def test_marks_go_and_cells_are_read_with_their_labels(text: str, form: str) -> None:
    assert flat(text).text == form


@given(st.text(alphabet="扫码ａ1 \u200b*_~`\\|\t\n-Ⅳ：", max_size=60))
def test_a_flat_text_loses_no_word_and_its_offsets_lead_back(text: str) -> None:
    folded = flat(text)
    assert len(folded.origin) == len(folded.text)
    assert all(0 <= folded.origin[n] < len(text) for n in range(len(folded.text)))
    assert {c for c in fold(text).text if c.isalnum()} == {c for c in folded.text if c.isalnum()}
    for n in range(len(folded.text) - 1):
        start, end = folded.span(n, n + 2)
        assert 0 <= start < end <= len(text)


def test_no_more_cells_are_read_with_labels_than_a_body_may_have() -> None:
    row = "|甲" * 100 + "\n"
    short = flat("|姓名" * 100 + "\n" + "|-" * 100 + "\n" + row * 2)
    assert short.text.count("姓名：") == 150 + 200, "the header read by itself, and two rows"
    rows = MOST_CELLS // 50
    long = flat("|姓名" * 100 + "\n" + "|-" * 100 + "\n" + row * rows)
    assert 350 < long.text.count("姓名：") < MOST_CELLS + 150
    assert long.text.count("甲") >= 100 * rows, "the others are read as they stand"


def test_a_short_row_is_not_filled_up_with_the_labels_of_a_wide_header() -> None:
    wide = flat("|姓名" * 1_000 + "\n" + "|-" * 1_000 + "\n" + "|甲|乙\n" * 100)
    assert wide.text.count("姓名：") == 1_500 + 200


def test_what_is_typed_sign_by_sign_is_read_as_words() -> None:
    text = "请于 2 0 2 6 年 1 1 月 9 日 （ 周 六 ） 前报送"
    read = fold(text)
    assert "2026年11月9日（周六）" in read.text
    start = read.text.index("周六")
    assert text[slice(*read.span(start, start + 2))] == "周 六"


@pytest.mark.parametrize("text", ["3 5 7 9 11", "a b", "1 2 3 4"])
def test_a_row_of_numbers_and_short_rows_keep_their_blanks(text: str) -> None:
    assert " " in fold(text).text
