"""Numbers in every form."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.typography import amount_of, shares, value_of


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
        ("", "", None),
    ],
)
def test_values(numeral: str, large: str, value: int | None) -> None:
    assert value_of(numeral, large) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        ("一万二千", 12_000),
        ("1.2万", 12_000),
        ("3亿5000万", 350_000_000),
        ("3千", 3000),
        ("", None),
    ],
)
def test_amounts_are_added_up(amount: str, value: int | None) -> None:
    assert amount_of(amount) == value


@given(st.integers(1, 9999))
def test_chinese_and_arabic_mean_the_same(n: int) -> None:
    assert value_of(chinese(n)) == n


def chinese(n: int) -> str:
    text, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // power % 10
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + unit
            zero = False
        else:
            zero = True
    return text


def test_shares() -> None:
    assert list(shares("增长百分之三点五，百分之百")) == [
        (2, 8, Decimal("3.5")),
        (9, 13, Decimal(100)),
    ]
