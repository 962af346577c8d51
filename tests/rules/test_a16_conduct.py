"""Article 16: figures, pressure, profit."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect
from pipeline.rules.a16_conduct import RULE
from tests.builders.named import shows
from tests.rules.builders import archive, duties, only, where
from tests.rules.facts import declaration, fact, recorded, with_facts, wording
from tests.rules.governance import account, at, day
from tests.rules.standing import checked, declared, policed, registers, said


def counts(*rows: tuple[str, int], account: str = "wx", as_of: str = "2026-11-22 20:00") -> Archive:
    made = [
        fact("statistics", f"{account}-{n}", account=account, on=day(on), followers=f, reads=0)
        for n, (on, f) in enumerate(rows)
    ]
    return with_facts(archive(registers=registers(), as_of=at(as_of)), *made)


def leaps(look: Archive) -> list[Complaint]:
    """What is said of counts, without the next ones that are due."""
    return [c for c in checked(RULE, 1, look) if c.due is None]


def test_1_accepted_steady_growth_in_whatever_order_it_was_recorded() -> None:
    look = counts(("2026-11-16", 11200), ("2026-11-02", 10000), ("2026-11-09", 10600))
    assert leaps(look) == []


@pytest.mark.parametrize("after", [15000, 5000])
def test_1_violated_a_leap_up_or_down(after: int) -> None:
    found = only(
        leaps(counts(("2026-11-02", 10000), ("2026-11-09", after))),
        Effect.NOTE,
        "followers-jumped",
    )
    assert found.owes == "wx"


@pytest.mark.parametrize(
    ("rows", "noted"),
    [
        ([("2026-11-02", 10000), ("2026-11-09", 13000)], False),
        ([("2026-11-02", 10000), ("2026-11-09", 13001)], True),
        ([("2026-11-02", 100), ("2026-11-09", 1100)], False),
        ([("2026-11-02", 100), ("2026-11-09", 1101)], True),
        ([("2026-11-02", 10000), ("2026-11-16", 16000)], False),
        ([("2026-11-02", 10000), ("2026-11-02", 13001)], True),
        ([("2026-11-02", 0), ("2026-11-09", 1000)], False),
        ([("2026-11-22", 10000), ("2026-11-23", 20000)], False),
    ],
)
def test_1_boundary_share_and_number_of_a_week(
    rows: Sequence[tuple[str, int]], noted: bool
) -> None:
    assert bool(leaps(counts(*rows))) is noted


def test_1_violated_followers_nearly_double_in_three_weeks() -> None:
    """Each week for itself stays below three tenths; the three together are one leap, told once."""
    rows = [("2026-11-01", 10000), ("2026-11-08", 12400), ("2026-11-15", 15400)]
    rows += [("2026-11-22", 19000)]
    (found,) = leaps(counts(*rows))
    assert found.name == "followers-jumped"
    weekly = [("2026-09-27", 10000), ("2026-10-25", 16001), ("2026-11-22", 16001)]
    assert len(leaps(counts(*weekly))) == 1
    slow = [("2026-09-27", 10000), ("2026-10-25", 13000), ("2026-11-22", 16000)]
    assert leaps(counts(*slow)) == []
    apart = [("2026-09-01", 10000), ("2026-11-22", 20000)]  # twelve weeks
    assert leaps(counts(*apart)) == []


def test_1_violated_ten_months_without_figures() -> None:
    look = counts(("2026-08-20", 10000), as_of="2027-06-22 20:00")
    due = [c for c in checked(RULE, 1, look) if c.owes == "wx"]
    assert [(c.effect, str(c.due)[:10]) for c in due] == [(Effect.REFUSE, "2026-11-20")]
    assert shows(str(due[0].remedy), "enter-todays-counts")
    healed = counts(("2026-08-20", 10000), ("2026-11-22", 10400))
    assert [c.effect for c in checked(RULE, 1, healed) if c.owes == "wx"] == [Effect.NOTE]


def test_1_boundary_figures_are_owed_from_the_day_that_policy_names() -> None:
    """An archive that adopts the parameter later owes nothing for the time before."""
    old = registers()
    setting = replace(
        old.policy.parameters["stats.every_months"][0], effective_from=day("2026-11-01")
    )
    policy = replace(old.policy, parameters={**old.policy.parameters, setting.name: (setting,)})
    look = archive(registers=replace(old, policy=policy))
    assert {str(c.due)[:10] for c in checked(RULE, 1, look) if c.due} == {"2027-02-01"}


def test_1_boundary_accounts_are_counted_apart_and_old_leaps_rest() -> None:
    look = counts(("2026-11-02", 10000))
    other = counts(("2026-11-09", 20000), account="wb").facts["statistics"]
    assert leaps(with_facts(look, *other)) == []
    leap = (("2026-05-17", 10000), ("2026-05-24", 20000))
    assert len(leaps(counts(*leap))) == 1
    assert leaps(counts(*leap, as_of="2026-11-23 00:00")) == []


@pytest.mark.parametrize(
    ("number", "name", "months"),
    [(1, "no-data-fraud", 12), (3, "no-forced-actions", 6), (4, "no-profit", 12)],
)
def test_declarations_are_asked_of_the_head_of_the_lead_department(
    number: int, name: str, months: int
) -> None:
    text = wording(name, "section-head", every_months=months)
    look = recorded(archive(registers=registers()), "wordings", [text])
    signed = with_facts(look, declaration(text, "kz-a", "2026-11-20 10:00"))
    (found,) = declared(RULE, number, signed)
    due = {12: "2027-11-20", 6: "2027-05-20"}[months]
    assert (found.effect, str(found.due)[:10], found.owes) == (Effect.NOTE, due, "kz-a")


HALF_YEARLY = wording("no-forced-actions", "section-head", every_months=6)


def forced(when: str, who: str = "kz-a") -> list[Effect]:
    made = policed(since="2026-01-01")
    look = recorded(archive(registers=made), "wordings", [HALF_YEARLY])
    return [c.effect for c in declared(RULE, 3, with_facts(
        look, declaration(HALF_YEARLY, who, when)))]  # fmt: skip


def test_3_accepted_declared_this_half_year() -> None:
    assert forced("2026-11-02 10:00") == [Effect.NOTE]


def test_3_violated_declared_by_somebody_else() -> None:
    assert forced("2026-11-02 10:00", "gly-a") == [Effect.REFUSE]


def test_3_boundary_six_months_to_the_day() -> None:
    assert forced("2026-05-22 10:00") == [Effect.NOTE]
    assert forced("2026-05-21 23:59") == [Effect.REFUSE]


def test_4_accepted_no_advertising() -> None:
    assert checked(RULE, 4, archive(registers=registers())) == []


def test_4_violated_advertising_is_switched_on() -> None:
    look = archive(registers=registers(accounts=[account("wb"), account(ads=True)]))
    found = only(checked(RULE, 4, look), Effect.REFUSE, "advertising-on")
    assert (where(found), found.owes) == (("content/registers/accounts.yml", 12), "wx")


@pytest.mark.parametrize(("closed", "refused"), [("2026-11-21", False), ("2026-11-22", True)])
def test_4_boundary_an_account_that_is_closed(closed: str, refused: bool) -> None:
    row = account(ads=True, closed_on=day(closed))
    assert bool(checked(RULE, 4, archive(registers=registers(accounts=[row])))) is refused


def quotas(*names: str, text: str = "") -> Archive:
    rows = {name: [(1, "[D] 自定", "2023-03-21")] for name in names}
    denied = [(["quota", "likes"], "[D] 自定", "2023-03-21")]
    made = policed(**rows, formalism__denied_names=denied)
    words = [wording("x", "operator", text=text)] if text else []
    return recorded(archive(registers=made), "wordings", words)


def test_5_accepted_policy_and_declarations_without_quota() -> None:
    look = quotas("cadence__text__count", text="本人声明：未购买粉丝，未要求公众转发信息。")
    assert duties(RULE, 5, look) == []


@pytest.mark.parametrize("name", ["quota__articles", "dept__likes_per_month", "a__likes"])
def test_5_violated_a_quota_in_policy(name: str) -> None:
    (found,) = duties(RULE, 5, quotas(name))
    assert found.effect is Effect.NOTE
    assert found.name == "quota-set"


@pytest.mark.parametrize(
    "text",
    ["本人每月转发信息不少于20条。", "本科室点赞任务已完成。", "本人每周评论 3 条以上。"],
)
def test_5_violated_a_declaration_that_demands_a_number(text: str) -> None:
    found = duties(RULE, 5, quotas(text=text))
    assert said(found) == [(Effect.NOTE, "quota-declared")]


@pytest.mark.parametrize(
    "text",
    [
        "本单位未下达点赞、转发指标，也没有排名。",
        "不得把关注人数作为考核内容。",
        "欢迎转发。本季度任务按时完成。",
    ],
)
def test_5_boundary_what_forbids_a_quota_is_none(text: str) -> None:
    assert duties(RULE, 5, quotas(text=text)) == []


def test_5_boundary_a_word_inside_another_is_none() -> None:
    assert duties(RULE, 5, quotas("unlikes__a", "quotation__b")) == []
