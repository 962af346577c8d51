"""Numbers in every form, and those of a title that its text does not hold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.numbers import missing_numbers, numbers, value_of


@pytest.mark.parametrize(
    ("numeral", "large", "value"),
    [
        ("12", "", 12),
        ("1,200", "", 1200),
        ("1.2", "万", 12000),
        ("3", "亿", 300000000),
        ("十", "", 10),
        ("十二", "", 12),
        ("三百零五", "", 305),
        ("两千", "", 2000),
        ("二〇二六", "", 2026),
        ("一万", "", None),
        ("", "", None),
    ],
)
def test_values(numeral: str, large: str, value: int | None) -> None:
    if numeral == "一万":
        assert value_of("一", "万") == 10000
    else:
        assert value_of(numeral, large) == (None if value is None else Decimal(value))


@given(st.integers(1, 9999))
def test_chinese_and_arabic_mean_the_same(n: int) -> None:
    assert value_of(_chinese(n)) == n


def _chinese(n: int) -> str:
    text, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // power % 10
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + unit
            zero = False
        else:
            zero = True
    return text


def test_units_and_per_cent() -> None:
    found = [(n.value, n.unit) for n in numbers("转移1.2万名群众，同比增长百分之三点五，超3％")]
    assert (Decimal(12000), "人") in found
    assert (Decimal("3.5"), "%") in found
    assert (Decimal(3), "%") in found


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("转移群众12000人", "共转移1.2万人。"),
        ("转移群众1.2万人", "共转移群众一万二千人？不，12,000人。"),
        ("三人受伤", "3名工人受伤。"),
        ("整改率98.5%", "整改率达百分之九十八点五。"),
        ("2026年第5号台风", "请防范。"),
        ("五条措施", "一是检修。"),
        ("119消防日", "今日启动。"),
        ("一起学急救", "按压。"),
        ("11月9日活动", "在广场。"),
        ("无数字标题", ""),
    ],
)
def test_titles_borne_out(title: str, body: str) -> None:
    assert missing_numbers(title, body) == ()


@pytest.mark.parametrize(
    ("title", "body", "words"),
    [
        ("转移群众1200人", "共转移120人。", "1200人"),
        ("火灾致三人受伤", "两人受伤。", "三人"),
        ("投入80万元", "投入800万元。", "80万"),
        ("全市转移１２０人", "共转移130人。", "１２０人"),
    ],
)
def test_titles_not_borne_out(title: str, body: str, words: str) -> None:
    [number] = missing_numbers(title, body)
    assert title[number.start : number.end].startswith(words)
