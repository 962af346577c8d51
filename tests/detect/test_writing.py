"""Typography, similarity and links: edges beyond the corpora."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect import typography
from pipeline.detect.links import target, under
from pipeline.detect.reprint import likeness
from pipeline.detect.typography import slips
from tests.builders.steps import steps_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("共12处,已整改", ","),
        ("好，，共", "，，"),
        ("今天(周日)休", "(周日)"),
        ("检查的的重点", "的的"),
        ("2026年06月8日", "06月"),
        ("6月08日", "08日"),
        ("共１２处", "１２"),
        ("（含乡镇排查", "（"),
        ("含乡镇）排查", "）"),
    ],
)
def test_a_slip_is_told_where_it_stands(text: str, words: str) -> None:
    [slip] = slips(text)
    assert text[slip.start : slip.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "", "[说明](https://a.example/文,字(一).html)", "![图](图,一.png)", "`代码,标点`",
        "1. 第一\n2. 第二", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |", "1）甲\n2）乙",
        "时间：16:30，比分3:1", "“他说：‘好’。”",
    ],
)  # fmt: skip
def test_markdown_and_right_marks_are_left_alone(text: str) -> None:
    assert slips(text) == ()


def test_pairs_end_with_their_paragraph() -> None:
    assert [s.start for s in slips("甲（乙\n\n丙）丁")] == [1, 6]
    assert slips("甲（乙\n丙）丁") == ()


@given(st.text(alphabet="应急管理，1a", max_size=30), st.text(alphabet="应急管理，1a", max_size=30))
def test_likeness_is_exact_and_the_same_both_ways(one: str, other: str) -> None:
    a, b = ("".join(c for c in t if c != "，") for t in (one, other))
    longest = max((n for n in range(len(a) + 1) if _holds(a, b, n)), default=0)
    expected = 2 * longest / (len(a) + len(b)) if a or b else 1.0
    assert likeness(one, other) == pytest.approx(expected)
    assert likeness(one, other) == likeness(other, one)


def _holds(a: str, b: str, count: int) -> bool:
    """Whether some `count` signs of `a` stand in `b` in their order (by dynamic programming)."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], last + 1 if x == y else max(row[j], row[j - 1])
    return row[-1] >= count


def test_form_is_no_difference_and_order_is() -> None:
    assert likeness("共1处，已整改。", "共１处,\n已整改!") == 1.0
    assert likeness("甲乙丙丁", "丁丙乙甲") == 0.25
    assert likeness("", "甲") == 0.0


def test_long_texts_are_compared_in_steps_of_their_length() -> None:
    one = "".join(chr(0x4E00 + n * 7 % 5000) for n in range(20000))
    other = "".join(chr(0x4E00 + n * 11 % 5000) for n in range(20000))
    assert 0 < likeness(one, other) < 1
    assert steps_of(lambda: likeness(one, other)) < 40 * len(one + other)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://www.gov.cn@evil.example/", "disguised"),
        ("https://www.gov.cn\u200b.evil.example/", "disguised"),
        ("https://127.0.0.1/", "number"),
        ("https://0x7f000001/", "number"),
        ("https://2130706433/", "number"),
        ("https://[::1]/", "number"),
        ("https://www.gоv.cn/", "foreign-script"),
        ("https://xn--fiqs8s/", "foreign-script"),
        ("https:///path", "unreadable"),
        ("https://a.example:x/", "unreadable"),
        ("https://[a", "unreadable"),
    ],
)
def test_unsafe_addresses(url: str, fault: str) -> None:
    assert fault in target(url).faults


def test_parts_of_an_address() -> None:
    to = target("HTTPS://WWW.Gov.CN./a?b#c")
    assert (to.scheme, to.host, to.path, to.fragment, to.faults) == (
        "https", "www.gov.cn", "/a", "c", (),
    )  # fmt: skip
    assert target("mailto:a@gov.cn").faults == ()
    assert target("tel:12345").faults == ()


@pytest.mark.parametrize(
    ("host", "inside"),
    [("gov.cn", True), ("www.gov.cn", True), ("evilgov.cn", False), ("gov.cn.evil.example", False)],
)
def test_hosts_below_a_name(host: str, inside: bool) -> None:
    assert under(host, [".gov.cn"]) is inside
    assert under(host, ["GOV.cn"]) is inside


def test_combinations_of_slips_are_told_apart() -> None:
    parts = ["共１２处", "，，", "(周日)", "的的"]
    for one, other in combinations(parts, 2):
        assert len(slips(f"{one}甲{other}乙")) >= 2


SIGNS = "，。；：、！？的了进行开展是和字啊a1０Ａｚ0月日.,;:!?()\"'-—…·\u3000 \n|"
SIGNS += "（）《》“”‘’「」【】〔〕`[]"


@given(st.text(SIGNS, max_size=20))
def test_one_pass_finds_what_each_class_finds(text: str) -> None:
    each = {
        (name, *m.span())
        for name, _ in typography._WHY
        for m in typography._WORDS[name].finditer(text)
    }
    passed = typography._SLIPS.matches(text)
    assert {(typography._WHY[number][0], *at) for number, *at in passed} == each


class _Counted(str):
    """A text that counts how often it is searched backwards for a line's beginning."""

    searched = 0

    def rfind(self, *asked: Any) -> int:
        type(self).searched += 1
        return super().rfind(*asked)


def test_a_line_is_looked_for_once_however_many_slips_stand_in_it() -> None:
    text = _Counted("“‘（《" * 2_000 + "\n" + "“‘（《" * 2_000)
    assert len(slips(text)) > 1_000
    assert _Counted.searched == 2
