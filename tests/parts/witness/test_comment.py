"""What stands above a report: who is next, what counts, what does not, and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.parts.witness.proposals import accounts, composed, preface
from pipeline.report.language import translator
from tests.builders.named import worded

POST = "2026-11-03-gas-safety"


def _click(login: str, step: str, outcome: str, message: str) -> dict[str, Any]:
    return {"id": 1, "login": login, "person": "", "post": POST, "step": step,
            "outcome": outcome, "message": message, "moment": "2026-11-05T10:00:00+08:00",
            "revision": 0}  # fmt: skip


def _answer(*reviews: dict[str, Any], people: tuple[tuple[str, list[int]], ...] = ()) -> Any:
    awaited = [{"person": name, "name": name, "accounts": ids} for name, ids in people]
    return {
        "version": 1,
        "commit": "",
        "records": [],
        "reviews": list(reviews),
        "awaited": [{"post": POST, "step": "second", "people": awaited}] * bool(people),
    }


def test_it_says_who_is_next_and_which_clicks_did_not_count() -> None:
    answer = _answer(
        _click("xinxi-jia", "first", "recorded", "已记录。"),
        _click("luren", "", "not-counted", "此账号不在名册中。"),
        _click("fuze-ren", "second", "held", "退回须写明意见。"),
        people=(("科长甲", [102]), ("科长乙", [104, 103])),
    )
    assert preface(answer, translator("zh")) == (
        "### 下一步\n\n"
        f"- {POST}：复审，由 科长甲、科长乙 办理。\n\n"
        "### 没有算数的点击\n\n"
        "- luren（11-05 10:00）：此账号不在名册中。\n"
        "- fuze-ren（复审、11-05 10:00）：退回须写明意见。\n\n"
        "### 已算数的点击\n\n"
        "- xinxi-jia（初审、11-05 10:00）：已记录。\n\n"
    )
    assert accounts(answer) == [102, 103, 104]


def test_who_signs_with_a_key_is_told_first_and_not_asked_for_a_click() -> None:
    answer = _answer(_click("a", "first", "recorded", "已登记。"), people=(("领导甲", [103]),))
    answer["awaited"][0] |= {"step": "confirm", "signed": True}
    first, _, row, *_ = preface(answer, translator("zh")).splitlines()
    assert first == "### 下一步" and "本人密钥" in row and "工作台" in row
    assert f"`sanshen confirm {POST} --commit --push`" in row
    assert accounts(answer) == []


def test_a_click_is_listed_with_its_time_and_revision_and_settled_ones_are_not() -> None:
    seen = {"moment": "2026-11-05T15:42:09+08:00", "revision": 2}
    text = preface(
        _answer(
            _click("a", "second", "not-counted", "再点。") | seen,
            _click("b", "", "not-counted", "不在名册中。") | seen,
            _click("c", "first", "settled", "旧。") | seen,
        ),
        translator("zh"),
    )
    assert text == (
        "### 没有算数的点击\n\n"
        "- a（复审、11-05 15:42、第2版）：再点。\n"
        "- b（11-05 15:42、第2版）：不在名册中。\n\n"
    )


def test_of_a_person_only_the_last_that_does_not_count_is_listed_but_each_refused_one() -> None:
    rows = [
        _click("a", "second", outcome, f"第{n}次。")
        | {"person": "kz", "moment": f"2026-11-05T1{n}"}
        for n, outcome in enumerate(("refused", "not-counted", "not-counted", "recorded"))
    ]
    for end, listed in ((4, ["第0次"]), (3, ["第0次", "第2次"]), (2, ["第0次", "第1次"])):
        text = preface(_answer(*rows[:end][::-1]), translator("zh")).partition("### 已算数")[0]
        assert sorted(t for t in (f"第{n}次" for n in range(4)) if t in text) == listed


def test_why_no_review_can_count_comes_first() -> None:
    answer = _answer(_click("xinxi-jia", "", "not-counted", "请求已关闭。"))
    lines = preface(answer | {"notice": "分支\n### 可以合并"}, translator("zh")).splitlines()
    assert lines[0] == worded("no-review-counts", "zh")
    assert [line for line in lines if line.startswith("#")][1:] == ["### 没有算数的点击"]


def test_without_a_click_and_without_anybody_awaited_it_says_nothing() -> None:
    assert preface(_answer(), translator("zh")) == ""


def test_no_click_makes_a_line_of_its_own() -> None:
    hostile = _click("a\n### 可以合并", "", "held", "x\u202ey")
    lines = preface(_answer(hostile), translator("zh")).splitlines()
    assert [line for line in lines if line.startswith("#")] == ["### 没有算数的点击"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"awaited": 3, "reviews": []}', "{"])
def test_what_is_no_answer_is_a_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "witness.json").write_text(text)
    with pytest.raises(Fault, match="is no answer"):
        composed(translator("en"), tmp_path / "witness.json", "# 报告\n")


def test_it_stands_above_the_report(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(json.dumps(_answer(people=(("甲", []),))))
    text = composed(translator("en"), tmp_path / "w.json", "# 报告\n")
    assert text.startswith("### Next\n") and text.endswith("# 报告\n")
