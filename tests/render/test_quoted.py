"""What a correction quotes: the words a reader saw, rows of tables as cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.archive import quoted


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("", ""),
        ("可容纳 12050 人。", "可容纳 12050 人。"),
        ("**不要**把[炭盆](https://a.example/)放进卧室。", "不要把炭盆放进卧室。"),
        ("## 取暖要通风", "取暖要通风"),
        ("第一段。\n\n第二段。", "第一段。\n第二段。"),
        ("| 烟道 | 每周一次 |", "烟道 ｜ 每周一次"),
        ("  | **烟道** | 甲 \\| 乙 |\n| 报警器 | | 长期 |", "烟道 ｜ 甲 | 乙\n报警器 ｜ 长期"),
        ("| 项目 | 期限 |\n|---|---|\n| 烟道 | 每周 |", "项目 ｜ 期限\n烟道 ｜ 每周"),
        ("甲 | 乙", "甲 | 乙"),
        ("|", ""),
        ("<b>甲</b>", "<b>甲</b>"),
    ],
)
def test_words(sentence: str, words: str) -> None:
    assert quoted(sentence) == words


@given(st.text(alphabet="|\\`-: \n甲*[]()", max_size=40))
def test_nothing_stops_it(sentence: str) -> None:
    assert isinstance(quoted(sentence), str)
