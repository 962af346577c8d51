"""Offices begin, end and are handed over, and settings are appended, in the text of registers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from pipeline.errors import Misuse
from pipeline.history.change_in_words import governed_with
from pipeline.judge.load_governance import trust
from pipeline.model.registers import Registers, Tenure
from pipeline.parts.people import offices
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import governance
from tests.builders.named import fault_named, refuses

DAY = date(2026, 12, 1)
BEFORE = date(2026, 11, 30)
PEOPLE, POLICY = "content/registers/people.yml", "content/policy.yml"


@pytest.fixture(scope="module")
def tree() -> MemoryTree:
    return MemoryTree(governance())


def _after(tree: MemoryTree, files: Mapping[str, bytes]) -> Registers:
    return trust(governed_with(tree, files)).registers


def _held(registers: Registers, person: str, role: str) -> list[tuple[date, date | None]]:
    return [(t.start, t.end) for t in registers.people[person].tenures if t.role == role]


def test_a_person_s_offices_end_on_a_last_day(tree: MemoryTree) -> None:
    files = offices.end_offices(tree, "xxy-c", BEFORE)
    assert [*files] == [PEOPLE]
    assert {t.end for t in _after(tree, files).people["xxy-c"].tenures} == {BEFORE}


def test_one_office_of_several_ends_alone(tree: MemoryTree) -> None:
    after = _after(tree, offices.end_offices(tree, "xxy-c", BEFORE, department="bgs"))
    assert [(t.department, t.end) for t in after.people["xxy-c"].tenures] == [
        ("jzk", None),
        ("bgs", BEFORE),
    ]


def test_an_office_goes_from_one_to_another_without_a_gap(tree: MemoryTree) -> None:
    after = _after(tree, offices.hand_over(tree, "kz-a", "xxy-b", "section-head", DAY))
    assert _held(after, "kz-a", "section-head")[0][1] == BEFORE
    assert _held(after, "xxy-b", "section-head") == [(DAY, None)]


def test_who_serves_in_the_office_already_goes_on(tree: MemoryTree) -> None:
    after = _after(tree, offices.hand_over(tree, "xxy-c", "xxy-d", "information-officer", DAY))
    assert after.people["xxy-d"] == _after(tree, {}).people["xxy-d"]


def test_a_role_is_added(tree: MemoryTree) -> None:
    after = _after(tree, offices.begin_office(tree, "xxy-a", "writer", "bgs", DAY))
    assert after.people["xxy-a"].tenures[-1] == Tenure("writer", "bgs", DAY, None)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda t: offices.end_offices(t, "nn", DAY), "person-unregistered nn"),
        (
            lambda t: offices.end_offices(t, "xxy-a", DAY, "operator"),
            "office-not-held 某xxy-a 2026-12-01",
        ),
        (
            lambda t: offices.begin_office(t, "xxy-b", "section-head", "xjk", DAY),
            "department-heads-two xjk",
        ),
        (
            lambda t: offices.begin_office(t, "xxy-b", "writer", "nn", DAY),
            "reference-unknown department nn",
        ),
        (
            lambda t: offices.end_offices(t, "xxy-a", date(2025, 1, 1)),
            "period-backwards",
        ),
    ],
)
def test_what_the_registers_would_refuse_is_not_written(
    tree: MemoryTree, call: Any, said: str
) -> None:
    with pytest.raises(Misuse) as refused:
        call(tree)
    assert fault_named(refused.value) == said


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("cadence.text.count", "3", 3),
        ("focus.min_service_ratio", "0.5", 0.5),
        ("account.allowed_platforms", "wechat，weibo", ["wechat", "weibo"]),
        ("account.allowed_platforms", '["wechat"]', ["wechat"]),
        ("outsourcing.contractor_may_operate", "true", True),
        ("review.escalate_effect", "refuse", "refuse"),
    ],
)
def test_a_setting_is_appended_and_the_old_one_stays(
    tree: MemoryTree, name: str, text: str, value: Any
) -> None:
    files = offices.set_parameter(tree, name, text, DAY, "[D] 会议纪要")
    before, after = tree.read(POLICY).decode(), files[POLICY].decode()
    assert set(before.split("\n")) <= set(after.split("\n"))
    policy = _after(tree, files).policy
    assert policy.value(name, DAY) == value
    assert policy.value(name, BEFORE) == _after(tree, {}).policy.value(name, BEFORE)


@pytest.mark.parametrize(
    ("name", "text", "first", "said"),
    [
        ("no.such", "3", DAY, "parameter-unknown no.such"),
        ("cadence.text.count", "x", DAY, "value-unreadable x"),
        ("cadence.text.count", "-1", DAY, None),
        (
            "cadence.text.count",
            "3",
            date(2023, 3, 21),
            "parameter-set-already cadence.text.count 2023-03-21",
        ),
    ],
)
def test_a_setting_that_would_not_hold_is_not_written(
    tree: MemoryTree, name: str, text: str, first: date, said: str | None
) -> None:
    with pytest.raises(Misuse) as refused:
        offices.set_parameter(tree, name, text, first, "[D] 会议纪要")
    assert said in (None, fault_named(refused.value))


def test_a_fact_of_the_unit_is_stated_anew(tree: MemoryTree) -> None:
    after = _after(tree, offices.set_fact(tree, "unit.footer.icp", "皖ICP备1号"))
    assert after.policy.unit["footer"]["icp"] == "皖ICP备1号"
    after = _after(tree, offices.set_fact(tree, "archive.digests_published", "公告栏"))
    assert after.policy.digests_published == "公告栏"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("unit.marks", "under `unit`: `marks: [{name: …, url: …, image: …}]`"),
        ("archive.data_licence", "under `archive`: `data_licence: {name: …, url: …}`"),
    ],
)
def test_a_fact_of_several_values_is_written_by_hand(
    tree: MemoryTree, name: str, lines: str
) -> None:
    with pytest.raises(Misuse, match=f"{name} holds several values") as refused:
        offices.set_fact(tree, name, "x")
    assert str(refused.value.remedy) == f"Write it in {POLICY} by hand, {lines}"


@pytest.mark.parametrize("name", ["unit.nn", "unit.", "unit.footer.nn", "unit.marks.name"])
def test_what_is_no_fact_is_not_stated(tree: MemoryTree, name: str) -> None:
    with refuses("parameter-unknown", Misuse):
        offices.set_fact(tree, name, "x")
