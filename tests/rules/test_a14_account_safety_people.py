"""Article 14: handover when people change, and fake accounts."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.findings import Effect
from pipeline.model.records import Fact, Signed
from pipeline.rules.a14_account_safety import RULE
from tests.rules.builders import archive, duties, only, values
from tests.rules.facts import fact, recorded, with_facts
from tests.rules.governance import PEOPLE, account, at, day, person
from tests.rules.standing import checked, declared, registers, said
from tests.rules.test_a14_account_safety import device, kept, rotation

STAYING = tuple(p for p in PEOPLE if p.id != "gly-b")
DONE = {"reason": "handover", "devices_returned": True, "access_revoked": True}


def left(until: str, *records: Signed, role: str = "operator", on: str = "2026-11-22 20:00",
         **more: Any) -> Archive:  # fmt: skip
    """An archive whose second operator left on a day."""
    gone = person("gly-b", f"{role}@xjk", until=until)
    return kept(*records, people=(*STAYING, gone), on=on, **more)


def test_3_accepted_changed_on_the_last_day_and_all_given_back() -> None:
    look = left("2026-11-10", rotation("2026-11-10 17:30", **DONE))
    assert declared(RULE, 3, look) == []
    assert checked(RULE, 3, look) == []


def test_3_violated_nothing_was_done() -> None:
    found = only(
        declared(RULE, 3, left("2026-11-10")),
        Effect.REFUSE,
        "handover-password-due",
        person="某gly-b",
        account="云岚wx",
        left="2026-11-10",
        day="2026-11-11",
    )
    assert (found.owes, found.due) == ("wx", at("2026-11-11 23:59").replace(second=59))


@pytest.mark.parametrize(
    ("when", "late"), [("2026-11-11 23:59", False), ("2026-11-12 00:00", True)]
)
def test_3_boundary_changed_after_the_day_is_noted(when: str, late: bool) -> None:
    found = declared(RULE, 3, left("2026-11-10", rotation(when, **DONE)))
    words = "handover-password-late"
    assert said(found) == ([(Effect.NOTE, words)] if late else [])


def test_3_violated_changed_but_rights_and_devices_not_stated() -> None:
    for given in ({}, {"devices_returned": True}, {**DONE, "access_revoked": False}):
        look = left("2026-11-10", rotation("2026-11-11 09:00", **given))
        only(
            declared(RULE, 3, look),
            Effect.REFUSE,
            "handover-unstated",
            person="某gly-b",
            left="2026-11-10",
        )


@pytest.mark.parametrize(
    ("until", "on", "effects"),
    [
        ("2026-11-22", "2026-11-22 23:59", []),
        ("2026-11-21", "2026-11-22 23:59", [Effect.NOTE]),
        ("2026-11-21", "2026-11-23 00:00", [Effect.REFUSE]),
        ("2026-08-16", "2026-11-22 20:00", []),
        ("2026-08-17", "2026-11-22 20:00", [Effect.REFUSE]),
    ],
)
def test_3_boundary_a_role_that_ended_yesterday(until: str, on: str, effects: list[Effect]) -> None:
    assert [c.effect for c in declared(RULE, 3, left(until, on=on))] == effects


def test_3_boundary_changed_the_day_before_the_end_is_too_early() -> None:
    look = left("2026-11-10", rotation("2026-11-09 23:59", **DONE))
    assert len(declared(RULE, 3, look)) == 1


@pytest.mark.parametrize(("role", "count"), [("technician", 1), ("writer", 0)])
def test_3_boundary_roles_with_access_are_policy(role: str, count: int) -> None:
    assert len(declared(RULE, 3, left("2026-11-10", role=role))) == count


def test_3_boundary_who_goes_on_in_another_role_with_access_did_not_leave() -> None:
    first = person("gly-b", "operator@xjk", until="2026-11-10")
    second = replace(person("x", "technician@xjk").tenures[0], start=day("2026-11-11"))
    on = replace(first, tenures=(*first.tenures, second))
    assert declared(RULE, 3, kept(people=(*STAYING, on))) == []
    gap = replace(second, start=day("2026-11-12"))
    later = replace(first, tenures=(*first.tenures, gap))
    assert len(declared(RULE, 3, kept(people=(*STAYING, later)))) == 1


def test_3_boundary_an_account_opened_after_the_end() -> None:
    new = account(custodian="gly-a", opened_on=day("2026-11-11"))
    assert declared(RULE, 3, left("2026-11-10", accounts=[new])) == []
    same = account(custodian="gly-a", opened_on=day("2026-11-10"))
    assert len(declared(RULE, 3, left("2026-11-10", accounts=[same]))) == 1


@pytest.mark.parametrize(
    ("custodian", "effect", "words"),
    [
        ("", Effect.NOTE, "keeper-missing"),
        (
            "gly-b",
            Effect.REFUSE,
            "keeper-entry-due",
        ),
    ],
)
def test_3_violated_keeper_of_an_account(custodian: str, effect: Effect, words: str) -> None:
    look = kept(rotation("2026-11-02 09:00"), accounts=[account(custodian=custodian)])
    only(checked(RULE, 3, look), effect, words)


@pytest.mark.parametrize(
    ("now", "effect"), [("2026-11-20 23:59", Effect.NOTE), ("2026-11-21 00:00", Effect.REFUSE)]
)
def test_3_boundary_the_register_follows_a_handover_within_days(now: str, effect: Effect) -> None:
    """Who kept the account has left, and handed it on as the article says: the register is next,
    and the command that is named heals it."""
    handed = rotation("2026-11-10 17:30", **DONE, custodian="gly-a")
    look = left("2026-11-10", handed, accounts=[account(custodian="gly-b")], on=now)
    assert declared(RULE, 3, look) == []
    (found,) = checked(RULE, 3, look)
    assert found.effect is effect
    assert "enter gly-a as `custodian` in accounts.yml" in str(found.remedy)
    healed = left("2026-11-10", handed, accounts=[account(custodian="gly-a")], on=now)
    assert checked(RULE, 3, healed) == []


def test_3_violated_a_keeper_nobody_knows() -> None:
    look = kept(accounts=[account(custodian="nobody")])
    only(
        checked(RULE, 3, look),
        Effect.REFUSE,
        "keeper-without-role",
        person="nobody",
        account="云岚wx",
    )


def test_3_violated_a_keeper_who_left() -> None:
    look = left("2026-11-21", accounts=[account(custodian="gly-b")])
    only(
        checked(RULE, 3, look),
        Effect.REFUSE,
        "keeper-without-role",
        person="某gly-b",
        account="云岚wx",
    )


@pytest.mark.parametrize(
    ("until", "device_until", "effects"),
    [
        ("2026-11-22", None, []),
        ("2026-11-21", None, [Effect.NOTE]),
        ("2026-11-20", None, [Effect.REFUSE]),
        ("2026-11-20", "2026-11-22", [Effect.REFUSE]),
        ("2026-11-20", "2026-11-21", []),
    ],
)
def test_3_boundary_a_device_kept_by_somebody_who_left(
    until: str, device_until: str | None, effects: list[Effect]
) -> None:
    kept_by = device(keeper="gly-b", until=day(device_until) if device_until else None)
    look = recorded(left(until), "devices", [kept_by])
    assert [c.effect for c in checked(RULE, 3, look)] == effects
    if effects == [Effect.REFUSE]:
        only(
            checked(RULE, 3, look),
            Effect.REFUSE,
            "device-return-due",
            person="某gly-b",
            device="pc1",
        )


FOUND = "2026-11-18 10:00"
PURSUED: dict[str, Any] = {
    "verified_at": at("2026-11-19 10:00"),
    "notified": [{"body": "cyberspace", "at": at("2026-11-18 11:00")}],
    "platform_letter_at": at("2026-11-21 10:00"),
    "filed_at": at("2026-11-20 10:00"),
    "closed_at": at("2026-11-22 10:00"),
}


def case(found: str = FOUND, **changes: Any) -> Fact:
    given = {"person": "gly-a", "found_at": at(found)} | PURSUED | changes
    return fact("incidents", **given)


def pursued(incident: Fact, on: str = "2026-11-22 20:00") -> Archive:
    return with_facts(archive(registers=registers(), as_of=at(on)), incident)


def test_6_accepted_every_step_in_time() -> None:
    assert duties(RULE, 6, pursued(case())) == []


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("verified_at", "fake-verification-due"),
        (
            "notified",
            "fake-report-due",
        ),
        (
            "platform_letter_at",
            "fake-letter-due",
        ),
        (
            "filed_at",
            "fake-filing-due",
        ),
    ],
)
def test_6_violated_a_step_is_missing_or_late(missing: str, words: str) -> None:
    gone: Any = [] if missing == "notified" else None
    found = only(duties(RULE, 6, pursued(case(**{missing: gone}))), Effect.REFUSE, words)
    assert (found.owes, found.due is not None) == ("gly-a", True)
    late = at("2026-11-21 10:01")
    taken: Any = [{"body": "police", "at": late}] if missing == "notified" else late
    only(duties(RULE, 6, pursued(case(**{missing: taken}))), Effect.NOTE, words)


def test_6_violated_a_step_before_the_discovery() -> None:
    found = duties(RULE, 6, pursued(case(verified_at=at("2026-11-18 09:59"))))
    only(found, Effect.REFUSE, "step-before-case")


@pytest.mark.parametrize(
    ("on", "effect"), [("2026-11-19 10:00", Effect.NOTE), ("2026-11-19 10:01", Effect.REFUSE)]
)
def test_6_boundary_twenty_four_natural_hours(on: str, effect: Effect) -> None:
    found = duties(RULE, 6, pursued(case(verified_at=None), on=on))
    assert (found[0].effect, found[0].due) == (effect, at("2026-11-19 10:00"))


def test_6_boundary_telling_the_platform_is_the_letter_but_no_authority() -> None:
    told = [{"body": "platform", "at": at("2026-11-18 12:00")}]
    found = duties(RULE, 6, pursued(case(platform_letter_at=None, notified=told)))
    only(
        found,
        Effect.REFUSE,
        "fake-report-due",
    )


def test_6_boundary_a_step_to_come_is_not_taken() -> None:
    found = duties(RULE, 6, pursued(case(filed_at=at("2026-11-22 20:01"))))
    assert [c.effect for c in found] == [Effect.REFUSE]


@pytest.mark.parametrize(("on", "noted"), [("2026-11-25 10:00", 0), ("2026-11-25 10:01", 1)])
def test_6_boundary_open_for_seven_days(on: str, noted: int) -> None:
    found = duties(RULE, 6, pursued(case(closed_at=None), on=on))
    told = {"days": 7, "at": "2026-12-21 10:00"}
    assert [(c.effect, c.name, values(c)) for c in found] == [
        (Effect.NOTE, "fake-case-open", told)
    ] * noted


def test_6_violated_a_fake_account_is_open_for_seven_months() -> None:
    """A letter more gives thirty days; without one the audit refuses."""
    (found,) = duties(RULE, 6, pursued(case(closed_at=None), on="2027-06-18 10:00"))
    assert (found.effect, found.due) == (Effect.REFUSE, at("2026-12-21 10:00"))
    again = [*PURSUED["notified"], {"body": "platform", "at": at("2027-06-01 09:00")}]
    (found,) = duties(RULE, 6, pursued(case(closed_at=None, notified=again), "2027-06-18 10:00"))
    assert (found.effect, found.due) == (Effect.NOTE, at("2027-07-01 09:00"))
    assert duties(RULE, 6, pursued(case(), on="2027-06-18 10:00")) == []


def test_6_boundary_cases_from_before_recording_rest() -> None:
    old = case("2026-08-16 23:59", verified_at=None, closed_at=None)
    assert duties(RULE, 6, pursued(old)) == []
    assert duties(RULE, 6, pursued(case("2026-08-17 00:00", verified_at=None))) != []


# Article 14(1): an account that was stolen is a case of its own.

RETAKEN = {
    "kind": "stolen",
    "account": "wx",
    "stopped_at": at("2026-11-10 11:00"),
    "notified": [{"body": "police", "at": at("2026-11-11 09:00")}],
    "filed_at": at("2026-11-11 10:00"),
}
THEFT = "2026-11-10 09:00"


def stolen(*records: Signed, on: str = "2026-11-22 20:00", **changes: Any) -> Archive:
    given = {"person": "gly-a", "found_at": at(THEFT)} | RETAKEN | changes
    incident = fact("incidents", **{k: v for k, v in given.items() if v is not None})
    return with_facts(archive(registers=registers(), as_of=at(on)), incident, *records)


def retaken(when: str = "2026-11-10 20:00") -> Signed:
    return rotation(when, reason="incident")


def test_7_accepted_stopped_changed_reported_and_filed() -> None:
    assert duties(RULE, 7, stolen(retaken())) == []
    fake = pursued(case())
    assert duties(RULE, 7, fake) == [], "a fake account is another kind of case"
    assert duties(RULE, 6, stolen(retaken())) == [], "and a stolen one is no fake"


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("stopped_at", "theft-stop-due"),
        ("filed_at",
         "theft-filing-due"),
    ],
)  # fmt: skip
def test_7_violated_a_step_that_was_not_taken(missing: str, words: str) -> None:
    found = only(duties(RULE, 7, stolen(retaken(), **{missing: None})), Effect.REFUSE, words)
    assert found.owes == "gly-a" and found.due is not None


def test_7_violated_no_authority_was_told() -> None:
    platform = [{"body": "platform", "at": at("2026-11-10 09:30")}]
    only(duties(RULE, 7, stolen(retaken(), notified=platform)), Effect.REFUSE, "theft-report-due")


@pytest.mark.parametrize(
    ("records", "on", "effect"),
    [
        ((), "2026-11-11 23:59", Effect.NOTE),
        ((), "2026-11-12 00:00", Effect.REFUSE),
        ((retaken("2026-11-10 10:59"),), "2026-11-12 00:00", Effect.REFUSE),
        ((retaken("2026-11-12 08:00"),), "2026-11-22 20:00", Effect.NOTE),
    ],
    ids=["still time", "too late", "still stolen", "late"],
)
def test_7_boundary_the_password_is_changed_after_it_was_taken_back(
    records: tuple[Signed, ...], on: str, effect: Effect
) -> None:
    assert [c.effect for c in duties(RULE, 7, stolen(*records, on=on))] == [effect]


def test_7_boundary_a_case_of_no_account_is_refused() -> None:
    only(
        duties(RULE, 7, stolen(retaken(), account="gone")), Effect.REFUSE, "stolen-account-missing"
    )
    only(duties(RULE, 7, stolen(retaken(), account=None)), Effect.REFUSE, "stolen-account-missing")
