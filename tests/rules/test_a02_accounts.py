"""Article 2: verified accounts in the bureau's name, on listed platforms."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.findings import Effect
from pipeline.rules.a02_accounts import RULE, ends_passed
from tests.rules.builders import archive, complaints, duties, line, only, post, where
from tests.rules.facts import declaration, entries, with_facts, wording
from tests.rules.governance import account, at, day, registers
from tests.rules.standing import checked, declared, policed

REGISTER = "content/registers/accounts.yml"


def test_1_accepted_verified_account() -> None:
    subject = post()
    assert complaints(RULE, 1, subject, archive(subject)) == []
    assert checked(RULE, 1, archive(subject)) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            {"verified": False, "verified_until": None},
            "account-unverified",
        ),
        ({"subject": "某公司"}, "account-of-another"),
        (
            {"verified_until": day("2026-11-02")},
            "certificate-ended",
        ),
    ],
)
def test_1_violated_gates_the_post_and_fails_the_audit(fault: dict[str, Any], words: str) -> None:
    subject = post()
    look = archive(subject, registers=registers([account("wb"), account(**fault)]))
    assert where(only(complaints(RULE, 1, subject, look), Effect.REFUSE, words)) == line(
        subject, "accounts", 0
    )
    due = only(checked(RULE, 1, look), Effect.REFUSE, words)
    assert (where(due), due.owes) == ((REGISTER, 12), "wx")


def test_1_boundary_a_certificate_that_was_taken_away_held_until_that_day() -> None:
    """Nothing is published on the account any more, and what it carried before stays right."""
    taken = account(verified=False, verified_until=day("2026-11-03"))
    words = "account-unverified"
    for publish_at, faults in (("2026-11-03 10:00", []), ("2026-11-04 10:00", [words])):
        subject = post(publish_at=at(publish_at))
        found = complaints(RULE, 1, subject, archive(subject, registers=registers([taken])))
        assert [c.name for c in found] == faults
    for end in ("2026-11-03", "2026-11-22"):  # and on the last day, too
        today = account(verified=False, verified_until=day(end))
        only(
            checked(RULE, 1, archive(registers=registers([today]))),
            Effect.REFUSE,
            "account-unverified",
        )


@pytest.mark.parametrize(("end", "odd"), [("2026-11-22", False), ("2026-11-23", True)])
def test_1_boundary_nobody_is_unverified_until_a_day_to_come(end: str, odd: bool) -> None:
    """Whoever takes `verified` back and leaves the day has not said since when."""
    look = archive(registers=registers([account(verified=False, verified_until=day(end))]))
    found = list(ends_passed(look))
    assert bool(found) is odd
    today = post(publish_at=at("2026-11-22 10:00"))
    assert bool(complaints(RULE, 1, today, replace(look, posts={today.id: today}))) is odd
    if odd:
        assert where(only(found, Effect.REFUSE, "verified-in-future")) == (REGISTER, 2)


def test_1_boundary_certificate_ends_on_the_day_of_publication() -> None:
    subject = post()
    ends = registers([account(verified_until=day("2026-11-03"))])
    assert complaints(RULE, 1, subject, archive(subject, registers=ends)) == []


@pytest.mark.parametrize(("end", "noted"), [("2026-12-22", True), ("2026-12-23", False)])
def test_1_boundary_thirty_days_before_the_end(end: str, noted: bool) -> None:
    found = checked(RULE, 1, archive(registers=registers([account(verified_until=day(end))])))
    assert [(c.effect, c.due) for c in found] == (
        [(Effect.NOTE, at(f"{end} 23:59").replace(second=59))] if noted else []
    )
    if noted:
        only(found, Effect.NOTE, "certificate-ending")


def test_1_boundary_closed_account_owes_nothing() -> None:
    closed = account(verified=False, closed_on=day("2026-11-21"))
    assert checked(RULE, 1, archive(registers=registers([closed]))) == []


def test_1_boundary_certificate_whose_end_nobody_entered() -> None:
    look = archive(registers=registers([account(verified_until=None)]))
    only(checked(RULE, 1, look), Effect.NOTE, "certificate-end-missing")


@pytest.mark.parametrize(
    ("role", "effect"), [("operator", Effect.NOTE), ("section-head", Effect.REFUSE)]
)
def test_1_boundary_certificates_are_declared_by_the_operator(role: str, effect: Effect) -> None:
    shown = wording("certification-shown", "operator")
    look = archive(registers=entries(policed(since="2025-01-01"), "wordings", shown))
    who = {"operator": "gly-a", "section-head": "kz-a"}[role]
    made = declaration(shown, who, "2026-11-20 10:00")
    assert [c.effect for c in declared(RULE, 1, with_facts(look, made))] == [effect]


def test_1_boundary_unknown_account_is_left_to_article_8() -> None:
    subject = post(accounts=["nobody"])
    assert complaints(RULE, 1, subject, archive(subject)) == []


def test_2_accepted_listed_platform() -> None:
    subject = post(accounts=["wx", "wb"])
    look = archive(subject, registers=registers([account(), account("wb", "weibo", filing="")]))
    assert complaints(RULE, 2, subject, look) == []
    assert duties(RULE, 2, look) == []


def test_2_violated_unlisted_and_unfiled() -> None:
    subject = post(accounts=["sp"])
    look = archive(subject, registers=registers([account("sp", "channels", filing=" ")]))
    found = only(complaints(RULE, 2, subject, look), Effect.REFUSE, "account-unfiled")
    assert where(found) == line(subject, "accounts", 0)
    assert where(only(duties(RULE, 2, look), Effect.REFUSE, "account-unfiled")) == (REGISTER, 2)


def test_2_boundary_unlisted_but_filed_is_noted_once_in_the_audit() -> None:
    subject = post(accounts=["sp"])
    look = archive(subject, registers=registers([account("sp", "channels")]))
    only(duties(RULE, 2, look), Effect.NOTE, "platform-unlisted")
    assert complaints(RULE, 2, subject, look) == []


def test_2_boundary_the_list_is_policy() -> None:
    lists = registers([account("sp", "channels")], account__allowed_platforms=["channels"])
    assert duties(RULE, 2, archive(registers=lists)) == []
