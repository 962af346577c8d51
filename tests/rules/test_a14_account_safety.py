"""Article 14: age and strength of passwords, devices."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.calendar import Clock
from pipeline.model.findings import Effect
from pipeline.model.records import Fact, Signed
from pipeline.rules.a14_account_safety import RULE, passwords_fresh, rotations_sound
from tests.rules.builders import archive, only, values, where
from tests.rules.facts import declaration, fact, recorded, signed, with_facts, wording
from tests.rules.governance import PEOPLE, account, at, day, person
from tests.rules.standing import checked, declared, registers

ACCOUNTS = "content/registers/accounts.yml"
OPERATOR = "operator"


def rotation(when: str, who: str = "gly-a", role: str = OPERATOR, /, **changes: Any) -> Signed:
    """A password changed and signed the same minute."""
    return signed(
        "rotation",
        who,
        role,
        changes.pop("signed_at", when),
        id=f"{when[:10]}.{changes.get('account', 'wx')}.{role}",
        **({
            "account": "wx", "rotated_at": at(when), "custodian": "gly-a", "reason": "scheduled",
            "classes": 2, "long_enough": True,
        } | changes),
    )  # fmt: skip


def kept(*records: Signed, on: str = "2026-11-22 20:00", **more: Any) -> Archive:
    more.setdefault("accounts", [account(custodian="gly-a")])
    return with_facts(archive(registers=registers(**more), as_of=at(on)), *records)


def test_1_accepted_changed_within_three_months() -> None:
    look = kept(rotation("2026-10-20 09:00"))
    assert list(rotations_sound(look)) == []
    (found,) = passwords_fresh(look)
    assert (found.effect, found.owes, where(found)) == (Effect.NOTE, "gly-a", (ACCOUNTS, 2))
    assert (found.name, values(found)["day"]) == ("password-due", "2027-01-20")
    assert found.due == at("2027-01-20 23:59").replace(second=59)


def test_1_violated_older_than_three_months() -> None:
    found = declared(RULE, 1, kept(rotation("2026-08-21 09:00")))
    only(found, Effect.REFUSE, "password-due", account="云岚wx", day="2026-11-21")


def test_1_violated_never_changed_since_recording_began() -> None:
    found = only(
        declared(RULE, 1, kept()),
        Effect.REFUSE,
        "password-due",
        account="云岚wx",
        day="2026-11-17",
    )
    assert "sanshen rotate wx" in str(found.remedy)


@pytest.mark.parametrize(
    ("changed", "on", "effect"),
    [
        ("2026-08-22 23:59", "2026-11-22 23:59", Effect.NOTE),
        ("2026-08-22 23:59", "2026-11-23 00:00", Effect.REFUSE),
        ("2026-11-30 09:00", "2027-02-28 23:59", Effect.NOTE),
        ("2026-11-30 09:00", "2027-03-01 00:00", Effect.REFUSE),
        ("2027-11-29 09:00", "2028-02-29 23:59", Effect.NOTE),
        ("2027-11-30 09:00", "2028-03-01 00:00", Effect.REFUSE),
    ],
)
def test_1_boundary_calendar_months_to_the_last_second(
    changed: str, on: str, effect: Effect
) -> None:
    assert [c.effect for c in declared(RULE, 1, kept(rotation(changed), on=on))] == [effect]


@pytest.mark.parametrize(("on", "soon"), [("2026-11-07 23:59", False), ("2026-11-08 00:00", True)])
def test_1_boundary_fourteen_days_before(on: str, soon: bool) -> None:
    (found,) = declared(RULE, 1, kept(rotation("2026-08-22 09:00"), on=on))
    (early,) = declared(RULE, 1, kept(rotation("2026-08-22 09:00"), on="2026-09-01 09:00"))
    assert (found.message.text != early.message.text) is soon
    assert found.effect is Effect.NOTE


def test_1_boundary_closed_accounts_owe_nothing_and_new_ones_from_their_opening() -> None:
    closed = account(custodian="gly-a", closed_on=day("2026-11-21"))
    assert declared(RULE, 1, kept(accounts=[closed])) == []
    new = account(custodian="gly-a", opened_on=day("2026-11-01"))
    (found,) = declared(RULE, 1, kept(accounts=[new]))
    assert str(found.due)[:10] == "2027-02-01"


def deviation(when: str, who: str = "kz-a", role: str = "section-head", **more: Any) -> Signed:
    given = {"reason": "deviation", "deviation_reason": "平台改版，暂不能改密。", "classes": 0}
    return rotation(when, who, role, **(given | more))


@pytest.mark.parametrize(
    ("when", "on", "effect"),
    [
        ("2026-11-10 09:00", "2026-11-22 20:00", Effect.NOTE),
        ("2026-08-21 08:00", "2026-11-21 23:59", Effect.NOTE),
        ("2026-08-21 08:00", "2026-11-22 00:00", Effect.REFUSE),
        ("2026-11-10 09:00", "2027-02-10 23:59", Effect.NOTE),
        ("2026-11-10 09:00", "2027-02-11 00:00", Effect.REFUSE),
    ],
)
def test_1_boundary_a_signed_reason_excuses_for_three_months(
    when: str, on: str, effect: Effect
) -> None:
    look = kept(rotation("2026-08-20 09:00"), deviation(when), on=on)
    assert [c.effect for c in passwords_fresh(look)] == [effect]


@pytest.mark.parametrize(
    "excuse",
    [
        deviation("2026-11-10 09:00", "gly-a", "operator"),
        deviation("2026-11-10 09:00", deviation_reason=" "),
        deviation("2026-11-10 09:00", account="wb"),
    ],
)
def test_1_violated_a_reason_that_does_not_excuse(excuse: Signed) -> None:
    accounts = [account(custodian="gly-a"), account("wb", "weibo", custodian="gly-a")]
    look = kept(
        rotation("2026-08-20 09:00"),
        rotation("2026-11-01 09:00", account="wb"),
        excuse,
        accounts=accounts,
    )
    assert [c.effect for c in passwords_fresh(look)] == [Effect.REFUSE, Effect.NOTE]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (rotation("2026-11-02 09:00", "zz-a", "writer"), "rotation-signer-unfit"),
        (rotation("2026-11-02 09:00", "wb-a", "operator"), "rotation-signer-unfit"),
        (rotation("2026-11-02 09:00", "gly-a", "section-head"),
         "rotation-signer-unfit"),
        (rotation("2026-11-02 09:00", custodian="wb-a"), "keeper-unfit"),
        (rotation("2026-11-02 09:00", custodian="nobody"), "keeper-unfit"),
        (rotation("2026-11-02 09:00", account="gone"), "account-unregistered"),
        (rotation("2026-11-02 09:01", signed_at="2026-11-02 09:00"),
         "rotation-in-future"),
        (rotation("2026-11-22 20:01"), "rotation-in-future"),
    ],
)  # fmt: skip
def test_1_violated_a_rotation_that_does_not_count(record: Signed, words: str) -> None:
    look = kept(record)
    found = only(list(rotations_sound(look)), Effect.REFUSE, words)
    assert found.location.path == record.path
    assert [c.effect for c in passwords_fresh(look)] == [Effect.REFUSE]


@pytest.mark.parametrize(("until", "counts"), [("2026-11-02", True), ("2026-11-01", False)])
def test_1_boundary_signed_on_the_last_day_in_office(until: str, counts: bool) -> None:
    people = [p for p in PEOPLE if p.id != "gly-a"]
    people.append(person("gly-a", "operator@xjk", until=until))
    look = kept(rotation("2026-11-02 23:59", custodian="gly-b"), people=people)
    assert (list(rotations_sound(look)) == []) is counts


def test_2_accepted_two_kinds() -> None:
    assert declared(RULE, 2, kept(rotation("2026-11-02 09:00"))) == []


@pytest.mark.parametrize("classes", [0, 1])
def test_2_violated_one_kind(classes: int) -> None:
    found = declared(RULE, 2, kept(rotation("2026-11-02 09:00", classes=classes)))
    only(found, Effect.REFUSE, "password-weak", account="云岚wx", least=2)


def test_2_boundary_short_is_noted_and_the_last_rotation_counts() -> None:
    short = kept(rotation("2026-11-02 09:00", long_enough=False))
    only(declared(RULE, 2, short), Effect.NOTE, "password-short", account="云岚wx")
    mended = kept(rotation("2026-11-02 09:00", classes=1), rotation("2026-11-02 09:10"))
    assert declared(RULE, 2, mended) == []
    assert declared(RULE, 2, kept()) == []
    excused = kept(rotation("2026-11-02 09:00"), deviation("2026-11-03 09:00"))
    assert declared(RULE, 2, excused) == []


def device(id: str = "pc1", **changes: Any) -> Fact:
    given = {"kind": "台式机", "keeper": "gly-a", "department": "xjk", "hardened": True,
             "from_": day("2026-01-01")}  # fmt: skip
    return fact("devices", id, **(given | changes))


def equipped(*devices: Fact) -> Archive:
    return recorded(kept(), "devices", devices)


def test_4_accepted_devices_with_safeguards() -> None:
    assert checked(RULE, 4, equipped(device())) == []


def test_4_violated_a_device_without_safeguards() -> None:
    found = checked(RULE, 4, equipped(device(), device("pc2", hardened=False)))
    assert only(found, Effect.REFUSE, "device-unprotected", device="pc2").owes == "gly-a"


@pytest.mark.parametrize(
    ("changes", "effects"),
    [
        ({"until": day("2026-11-22")}, [Effect.REFUSE]),
        ({"until": day("2026-11-21")}, [Effect.NOTE]),
        ({"from_": day("2026-11-23")}, [Effect.NOTE]),
    ],
)
def test_4_boundary_devices_in_use_today(changes: dict[str, Any], effects: list[Effect]) -> None:
    found = checked(RULE, 4, equipped(device(hardened=False, **changes)))
    assert [c.effect for c in found] == effects
    if effects == [Effect.NOTE]:
        only(found, Effect.NOTE, "devices-missing")


def test_4_boundary_hygiene_is_declared_each_month_for_each_account() -> None:
    monthly = wording("account-hygiene", "operator", "account", every_months=1)
    two = [account(custodian="gly-a"), account("wb", "weibo", custodian="gly-a")]
    look = recorded(kept(accounts=two), "wordings", [monthly])
    look = replace(look, clock=Clock(at("2026-11-30 23:59")))
    made = declaration(monthly, "gly-b", "2026-10-31 09:00", subject="wx")
    found = declared(RULE, 4, with_facts(look, made))
    assert [(c.effect, c.name, *[*values(c).values()][:2]) for c in found] == [
        (Effect.REFUSE, "declaration-due", "account-hygiene (云岚wb)", "2026-09-17"),
        (Effect.NOTE, "declaration-due", "account-hygiene (云岚wx)", "2026-11-30"),
    ]
