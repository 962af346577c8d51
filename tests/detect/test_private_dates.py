"""Runs of digits that hold no number, most of them dates, are passed over and nothing else is."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.detect.private_numbers import RUN, _in_run, _may_hold, private_numbers, run_of
from tests.corpora.fictional import mobile

PARTS = (
    mobile(6), "0564-3000123", "0108300012", "3000123",
    "0", "〇", "零", "壹", "一", "1", "2", "5", "8", "62", "2026-11-03", "010", "0564", "-", " ",
    ".", "(", "）", "\n", "，", "x", "*", "a", "第", "号", "电话", "电 话", "号码：", "tel", "联系",
    "栋", "单元", "号楼", "室", "123456", "十二",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=24).map("".join))
@example("电话2026-11-03")
@example("拨打 300 0123")
@example("〇五六四3000")
@example("电话\n3000123")
@example("电话" + "第" * 6 + "3000123")
def test_a_run_that_is_passed_over_holds_nothing(text: str) -> None:
    for match in RUN.finditer(text):
        if not _may_hold(match):
            assert not list(_in_run(run_of(match)))


def test_a_date_is_passed_over_and_a_landline_is_not() -> None:
    assert not any(map(_may_hold, RUN.finditer("发布于2026-11-03。")))
    assert [kind for kind, *_ in private_numbers("电话300-0123")] == ["landline"]


@given(st.lists(st.sampled_from(PARTS), max_size=24).map("".join))
def test_runs_are_those_of_a_search_that_goes_back(text: str) -> None:
    patient = re.compile(RUN.pattern.replace("}+", "}"))
    assert patient.pattern != RUN.pattern
    assert [m.span() for m in RUN.finditer(text)] == [m.span() for m in patient.finditer(text)]
