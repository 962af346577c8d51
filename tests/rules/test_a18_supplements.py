"""Article 18: limits of higher layers, and the archive's own settings."""

from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.findings import Effect
from pipeline.rules.a18_supplements import RULE
from tests.rules.builders import archive, change, duties, objections, only, where
from tests.rules.standing import Setting, policed, proposed, said

NATION = {"title": "检查指标", "number": "国办秘函〔2019〕19号", "layer": "national"}
CITY = {"title": "暂行办法", "number": "六政办秘〔2021〕148号", "layer": "city"}
BASIS = (NATION, CITY)
RED: dict[str, Any] = {
    "parameter": "cadence.redline_days",
    "layer": "national",
    "at_most": 14,
    "source": "[V] 国办秘函〔2019〕19号",
}
LOCAL: dict[str, Any] = {**RED, "layer": "city", "source": "[V] 六政办秘〔2021〕148号"}
LAX = "setting-laxer cadence.redline_days {}"
DROPPED = "limit-loosened"


def days(*values: Any, first: str = "2023-03-21") -> list[Setting]:
    """Settings of the red line, one from `first`, the others from December 2026 on."""
    starts = (first, "2026-12-01", "2027-12-01")
    return [(v, "[D] 自定", s) for v, s in zip(values, starts, strict=False)]


def looked(settings: list[Setting], *limits: dict[str, Any]) -> Archive:
    return archive(registers=policed(BASIS, limits, cadence__redline_days=settings))


@pytest.mark.parametrize("value", [14, 13.5, 7, 0])
def test_1_accepted_as_strict_or_stricter(value: float) -> None:
    assert duties(RULE, 1, looked(days(value), RED)) == []


@pytest.mark.parametrize("value", [15, 14.01, True, "14", None, [14]])
def test_1_violated_laxer_or_no_number(value: object) -> None:
    look = looked(days(value), RED)
    found = only(duties(RULE, 1, look), Effect.REFUSE, LAX.format("2023-03-21"))
    assert where(found)[1] == look.registers.policy.document.marks[("limits", 0)][0]


def test_1_violated_at_least() -> None:
    least = {k: v for k, v in RED.items() if k != "at_most"} | {"at_least": 10}
    assert duties(RULE, 1, looked(days(10), least)) == []
    only(duties(RULE, 1, looked(days(9), least)), Effect.REFUSE, LAX.format("2023-03-21"))


def test_1_boundary_settings_to_come_are_held_to_it_and_past_ones_are_not() -> None:
    only(duties(RULE, 1, looked(days(14, 20), RED)), Effect.REFUSE, LAX.format("2026-12-01"))
    replaced = [*days(20), *days(14, first="2026-11-22")]
    assert duties(RULE, 1, looked(replaced, RED)) == []
    tomorrow = [*days(20), *days(14, first="2026-11-23")]
    assert len(duties(RULE, 1, looked(tomorrow, RED))) == 1


def test_1_violated_a_limit_laxer_than_that_of_a_higher_layer() -> None:
    only(
        duties(RULE, 1, looked(days(14), RED, {**LOCAL, "at_most": 20})),
        Effect.REFUSE,
        "limit-laxer",
        name="cadence.redline_days",
    )
    assert duties(RULE, 1, looked(days(7), RED, {**LOCAL, "at_most": 7})) == []


def test_1_boundary_the_higher_layer_may_be_laxer() -> None:
    look = looked(days(14), {**RED, "at_most": 30}, {**LOCAL, "at_most": 14})
    assert duties(RULE, 1, look) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"source": "[V] 六政办秘〔2021〕148号"},
            "limit-without-instrument",
        ),
        (
            {"source": "[V] 某文件"},
            "limit-without-instrument",
        ),
        (
            {"parameter": "cadence.nothing"},
            "limit-parameter-unknown",
        ),
    ],
)
def test_1_violated_a_limit_that_stands_on_nothing(changed: dict[str, Any], words: str) -> None:
    only(duties(RULE, 1, looked(days(14), RED | changed)), Effect.REFUSE, words)


def test_1_boundary_a_policy_without_limits_is_noted() -> None:
    only(duties(RULE, 1, looked(days(14))), Effect.NOTE, "limits-missing")


def test_1_violated_a_change_that_loosens() -> None:
    look = looked(days(14), RED)
    after = looked(days(14, 15), RED).registers
    only(objections(RULE, 1, proposed(after), look), Effect.REFUSE, LAX.format("2026-12-01"))


def test_1_violated_a_change_that_drops_the_limit_and_uses_it() -> None:
    look = looked(days(14), RED)
    for limits in ((), ({**RED, "at_most": 15},)):
        after = looked(days(14, 15), *limits).registers
        dropped, lax = objections(RULE, 1, proposed(after), look)
        only([dropped], Effect.NOTE, DROPPED)
        only([lax], Effect.REFUSE, LAX.format("2026-12-01"))


def test_1_boundary_a_dropped_limit_is_noted_and_a_stricter_one_is_not() -> None:
    look = looked(days(7), RED)
    only(objections(RULE, 1, proposed(looked(days(7)).registers), look), Effect.NOTE, DROPPED)
    stricter = looked(days(7), {**RED, "at_most": 10}).registers
    assert objections(RULE, 1, proposed(stricter), look) == []
    assert objections(RULE, 1, change(), look) == []


def marked(*sources: str) -> Archive:
    rows = {f"a__p{n}": [(1, s, "2023-03-21")] for n, s in enumerate(sources)}
    return archive(registers=policed(BASIS, **rows))


def test_2_accepted_everything_rests_on_an_instrument() -> None:
    assert duties(RULE, 2, marked("[S] 细则第五条", "[V] 国办秘函〔2019〕19号")) == []


def test_2_violated_own_and_unconfirmed_settings_are_listed() -> None:
    found = duties(RULE, 2, marked("[D] 自定", "[S] 细则第五条", "[D] 自定", "[K] 某条例"))
    assert said(found) == [
        (Effect.NOTE, "own-choices"),
        (Effect.NOTE, "sources-unconfirmed"),
    ]


def test_2_boundary_the_setting_in_force_today_counts() -> None:
    own: list[Setting] = [(1, "[S] 细则第五条", "2023-03-21"), (2, "[D] 自定", "2026-11-23")]
    assert duties(RULE, 2, archive(registers=policed(BASIS, a__b=own))) == []
    today: list[Setting] = [own[0], (2, "[D] 自定", "2026-11-22")]
    assert len(duties(RULE, 2, archive(registers=policed(BASIS, a__b=today)))) == 1
