"""What a post's page says of the accounts that carried it, after it was changed."""

from dataclasses import replace

import pytest

from pipeline.site.fragments import _carried
from tests.rules.builders import at, post, publication

ACCOUNTS = {"wx": ("云岚应急", "wechat"), "wb": ("云岚应急微博", "weibo")}
FIRST = (publication("2026-11-03 09:30"), publication("2026-11-03 09:31", on="wb"))


def test_it_says_which_accounts_carry_the_corrected_text_and_which_do_not() -> None:
    lines = _carried(FIRST, ACCOUNTS, post())
    assert "版" not in lines
    later = (*FIRST, publication("2026-11-11 09:30", revision=2))
    wx, wb, again = _carried(later, ACCOUNTS, post(revision=2)).split("<li>")[1:]
    assert "第 1 版" in wx and "尚未" not in wx
    assert "第 1 版" in wb and "该账号尚未重新发布第 2 版" in wb
    assert "第 2 版" in again and "尚未" not in again and "2026-11-11" in again


@pytest.mark.parametrize("validity", ["valid", "withdrawn", "expired"])
def test_of_what_ended_no_account_is_said_to_be_behind(validity: str) -> None:
    lines = _carried(FIRST, ACCOUNTS, post(revision=2, validity=validity))
    assert ("尚未" in lines) is (validity == "valid")


def test_nor_is_it_said_of_an_item_that_was_taken_down() -> None:
    first, wb = FIRST
    gone = replace(first, removed_at=at("2026-11-11 09:30"), reason="已删除旧文")
    again = publication("2026-11-03 10:30")
    lines = _carried((gone, wb, again), ACCOUNTS, post(revision=2)).split("<li>")[1:]
    assert [("尚未" in line) for line in lines] == [False, True, True]
