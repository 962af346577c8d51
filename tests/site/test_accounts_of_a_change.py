"""What a post's page says of the accounts that carried it, after it was changed."""

from pipeline.site.fragments import _carried
from tests.rules.builders import publication

ACCOUNTS = {"wx": ("云岚应急", "wechat"), "wb": ("云岚应急微博", "weibo")}
FIRST = (publication("2026-11-03 09:30"), publication("2026-11-03 09:31", on="wb"))


def test_it_says_which_accounts_carry_the_corrected_text_and_which_do_not() -> None:
    lines = _carried(FIRST, ACCOUNTS, 1)
    assert "版" not in lines
    later = (*FIRST, publication("2026-11-11 09:30", revision=2))
    wx, wb, again = _carried(later, ACCOUNTS, 2).split("<li>")[1:]
    assert "第 1 版" in wx and "尚未" not in wx
    assert "第 1 版" in wb and "该账号尚未改发第 2 版" in wb
    assert "第 2 版" in again and "尚未" not in again and "2026-11-11" in again
