"""Article 8: the life of an account as recorded events, and the register that follows them."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model import attestations
from pipeline.model.archive import Archive, Change
from pipeline.model.findings import Complaint, Effect
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import UNFILED, Account
from pipeline.rules.a08_account_changes import RULE
from tests.rules.builders import (
    archive,
    change,
    complaints,
    duties,
    objections,
    only,
    post,
    situated,
    values,
    where,
)
from tests.rules.facts import declaration, fact, recorded, with_facts, wording
from tests.rules.governance import account, at, day, defaults, registers
from tests.rules.standing import checked, said

LATE = account("app", "app", opened_on=day("2026-11-10"))


def event(**changes: Any) -> Fact:
    made: dict[str, Any] = {
        "person": "xxy-a",
        "account": "app",
        "type": "open",
        "what": "开设政务APP账号",
        "applied": {"person": "kz-a", "department": "xjk", "on": day("2026-11-02")},
        "reviewed": {"person": "ld-a", "on": day("2026-11-03")},
        "signed": {"person": "ld-b", "on": day("2026-11-04")},
        "effective_on": day("2026-11-10"),
        "filing": {"ref": "云政办备2号", "to": "市政府办公室", "on": day("2026-11-09")},
    }
    return fact("account-events", "e1", **(made | changes))


def look(*events: Fact, of: Account = LATE, when: str = "2026-11-22 20:00") -> Archive:
    rules = registers([account(), of])
    since = replace(rules.policy, archive={"id": "yunlan-yjj", "since": day("2026-11-01")})
    return with_facts(archive(registers=replace(rules, policy=since), as_of=at(when)), *events)


def test_1_accepted_every_department_declared_no_other_accounts() -> None:
    text = wording("no-unregistered-accounts", "information-officer", "department", every_months=3)
    seen = recorded(archive(), "wordings", [text])
    words = [
        declaration(text, "xxy-a", "2026-11-02 09:00", subject=d, until=day("2026-10-31"))
        for d in ("xjk", "jzk")
    ]
    found = duties(RULE, 1, with_facts(seen, *words))
    # The officer of xjk speaks for xjk alone: what was said for jzk does not count.
    assert [c.effect for c in found] == [Effect.REFUSE, Effect.NOTE]


def test_2_accepted_an_event_in_order() -> None:
    assert duties(RULE, 2, look(event())) == []


@pytest.mark.parametrize("office", ["云岚市应急管理局", "我局", "救助科", "市气象局", "局办公室"])
def test_2_violated_filed_with_our_own_office(office: str) -> None:
    """Nothing is filed then: the truth can be entered, and the duty stays."""
    filing = {"ref": "2号", "to": office, "on": day("2026-11-09")}
    told, owed = duties(RULE, 2, look(event(filing=filing)))
    assert (told.effect, told.due) == (Effect.NOTE, None) and office in str(told.message)
    assert (owed.effect, owed.due) == (Effect.REFUSE, at("2026-11-14 23:59:59"))


def test_2_boundary_offices_count_from_the_day_that_policy_names_them() -> None:
    filing = {"ref": "2号", "to": "局办公室", "on": day("2026-11-09")}
    seen = look(event(filing=filing))
    old = seen.registers.policy.parameters["filing.offices"]
    for begins, owed in (("2026-11-09", 2), ("2026-11-10", 0)):
        setting = {"filing.offices": (replace(old[0], effective_from=day(begins)),)}
        policy = replace(seen.registers.policy, parameters={**defaults(), **setting})
        later = replace(seen, registers=replace(seen.registers, policy=policy))
        assert len(duties(RULE, 2, later)) == owed


def test_1_violated_a_closed_account_is_told_to_publish() -> None:
    shut = account("old", closed_on=day("2026-06-30"))
    item = {"person": "xxy-a", "accounts": ["wx", "old"]}
    relay = fact("relays", source_published_at=at("2026-11-20 09:00"), **item)
    asked = fact(
        "inquiries", "q", account="old", received_at=at("2026-11-20 09:00"), person="xxy-a"
    )
    found = checked(RULE, 1, look(relay, asked, of=shut))
    words = "account-not-used"
    assert said(found) == [(Effect.REFUSE, words), (Effect.NOTE, words)]
    long_ago = fact("relays", source_published_at=at("2026-07-01 09:00"), **item)
    assert [c.effect for c in checked(RULE, 1, look(long_ago, of=shut))] == [Effect.NOTE]
    on_its_last_day = fact("relays", source_published_at=at("2026-06-30 09:00"), **item)
    assert checked(RULE, 1, look(on_its_last_day, of=shut)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"applied": {"person": "zz-a", "department": "jzk", "on": day("2026-11-02")}},
         "applicant-not-lead"),
        ({"reviewed": {"person": "kz-a", "on": day("2026-11-03")}},
         "reviewer-not-in-office"),
        ({"signed": {"person": "ld-a", "on": day("2026-11-04")}},
         "signer-not-in-office"),
        ({"reviewed": {"person": "ld-a", "on": day("2026-11-01")}},
         "steps-out-of-order"),
        ({"effective_on": day("2026-11-03")}, "effective-before-signed"),
    ],
)  # fmt: skip
def test_2_violated_a_step_is_wrong(changes: dict[str, Any], words: str) -> None:
    only(duties(RULE, 2, look(event(**changes))), Effect.REFUSE, words)


def test_2_boundary_all_steps_on_one_day() -> None:
    one = day("2026-11-04")
    same = event(
        applied={"person": "kz-a", "department": "xjk", "on": one},
        reviewed={"person": "ld-a", "on": one},
        signed={"person": "ld-b", "on": one},
        effective_on=one,
        filing={"ref": "云政办备2号", "to": "市政府办公室", "on": one},
    )
    assert duties(RULE, 2, look(same)) == []


@pytest.mark.parametrize(
    ("when", "effect"), [("2026-11-14 23:59", Effect.NOTE), ("2026-11-15 00:00", Effect.REFUSE)]
)
def test_2_boundary_the_filing_is_due_on_the_tenth_day(when: str, effect: Effect) -> None:
    found = duties(RULE, 2, look(event(filing=None), when=when))
    assert [(c.effect, c.owes) for c in found] == [(effect, "kz-a")]


def test_2_boundary_a_late_filing_is_only_noted() -> None:
    late = event(filing={"ref": "云政办备2号", "to": "市政府办公室", "on": day("2026-11-15")})
    only(
        duties(RULE, 2, look(late)),
        Effect.NOTE,
        "event-filed-late",
        account="云岚app",
        day="2026-11-14",
    )


def test_2_violated_an_account_without_filing_or_event() -> None:
    bare = look(of=replace(LATE, filing="", opened_on=day("2026-10-01")))
    assert (
        only(
            duties(RULE, 2, bare),
            Effect.REFUSE,
            "account-filing-due",
            account="云岚app",
            day="2026-10-11",
        ).owes
        == "app"
    )


@pytest.mark.parametrize(
    ("when", "effect"),
    [("2026-11-11 23:59", Effect.NOTE), ("2026-11-12 00:01", Effect.REFUSE)],
)
def test_2_boundary_a_founding_account_that_is_not_filed_owes_it(when: str, effect: Effect) -> None:
    """What `init` writes is no reference."""
    pending = look(of=replace(LATE, filing=UNFILED, opened_on=day("2026-11-01")), when=when)
    assert [(c.effect, c.owes) for c in duties(RULE, 2, pending)] == [(effect, "app")]


def test_2_violated_a_filing_alone_is_no_opening() -> None:
    """LATE has its filing's reference, but nobody recorded who applied, reviewed and signed."""
    assert (
        only(
            duties(RULE, 2, look()),
            Effect.REFUSE,
            "opening-unrecorded",
            account="云岚app",
            day="2026-11-10",
        ).owes
        == "app"
    )
    assert duties(RULE, 2, look(of=replace(LATE, opened_on=day("2026-11-01")))) == []


def dated(id: str, kind: str, when: str) -> Fact:
    """An event in order in itself, on a day of its own."""
    made = event(type=kind, effective_on=day(when))
    return replace(made, id=id)


@pytest.mark.parametrize(
    ("kinds", "wrong"),
    [
        (("open", "change", "suspend", "close", "cancel"), []),
        (("open", "cancel"), []),
        (("change", "open"), ["e1"]),
        (("open", "close", "open"), ["e2"]),
        (("open", "close", "change"), ["e2"]),
        (("open", "open"), ["e1"]),
        (("open", "cancel", "cancel"), ["e2"]),
    ],
)
def test_2_violated_an_event_out_of_order(kinds: tuple[str, ...], wrong: list[str]) -> None:
    rows = [dated(f"e{n}", kind, f"2026-11-{10 + n}") for n, kind in enumerate(kinds)]
    found = duties(RULE, 2, look(*reversed(rows)))
    assert [(c.name, values(c)["event"]) for c in found] == [
        ("event-out-of-sequence", name) for name in wrong
    ]
    assert {c.effect for c in found} <= {Effect.REFUSE}


def test_2_boundary_opened_and_closed_on_one_day_whatever_their_names() -> None:
    same = (dated("b", "open", "2026-11-10"), dated("a", "close", "2026-11-10"))
    assert duties(RULE, 2, look(*same)) == []


def test_2_violated_a_new_account_may_not_be_used_before_its_event() -> None:
    subject = post(accounts=["wx", "app"])
    only(
        complaints(RULE, 2, subject, look()),
        Effect.REFUSE,
        "opening-out-of-order",
        account="云岚app",
    )
    spoiled = event(signed={"person": "ld-a", "on": day("2026-11-04")})
    only(
        complaints(RULE, 2, subject, look(spoiled)),
        Effect.REFUSE,
        "opening-out-of-order",
        account="云岚app",
    )
    assert complaints(RULE, 2, subject, look(event())) == []


def changed(*events: Fact, after: Account | None, before: Account | None = LATE) -> list[Complaint]:
    seen = look(*events)
    rest = {"wx": seen.registers.accounts["wx"]}
    old = replace(seen.registers, accounts=rest | ({before.id: before} if before else {}))
    new = replace(seen.registers, accounts=rest | ({after.id: after} if after else {}))
    proposal: Change = replace(change(), proposed=new)
    return objections(RULE, 3, proposal, replace(seen, registers=old))


def test_3_accepted_what_an_event_says() -> None:
    assert changed(event(), before=None, after=LATE) == []
    renamed = replace(LATE, name="云岚发布")
    assert changed(event(type="change", changes={"name": "云岚发布"}), after=renamed) == []
    ended = replace(LATE, closed_on=day("2026-11-20"))
    assert changed(event(type="close", effective_on=day("2026-11-20")), after=ended) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, LATE, "opening-unrecorded"),
        (LATE, None, "account-removed"),
        (LATE, replace(LATE, name="云岚发布"),
         "field-without-event 云岚app name"),
        (LATE, replace(LATE, custodian="gly-b"),
         "field-without-event 云岚app custodian"),
        (LATE, replace(LATE, closed_on=day("2026-11-20")),
         "closing-unrecorded"),
        (replace(LATE, closed_on=day("2026-11-20")), LATE,
         "account-reopened"),
    ],
)  # fmt: skip
def test_3_violated_a_change_without_event(
    before: Account | None, after: Account | None, words: str
) -> None:
    found = only(changed(before=before, after=after), Effect.REFUSE, words)
    assert where(found) == ("content/registers/accounts.yml", 0)


def test_3_boundary_another_value_than_the_event_gives() -> None:
    other = replace(LATE, name="云岚安全")
    found = changed(event(type="change", changes={"name": "云岚发布"}), after=other)
    only(
        found,
        Effect.REFUSE,
        "field-without-event",
        account="云岚app",
        field="name",
        value="云岚安全",
    )
    assert changed(after=replace(LATE, verified_until=day("2028-01-01"))) == []
    assert changed(after=replace(LATE, interaction=False, ads=True)) == []  # seen on the platform


@pytest.mark.parametrize(("when", "effect"), [("11-22", Effect.REFUSE), ("11-23", Effect.NOTE)])
def test_3_accepted_an_end_before_it_was_signed_is_entered_with_its_day(
    when: str, effect: Effect
) -> None:
    """As of an account that its platform closed; nobody can mend it, so the refusal ends."""
    gone = event(
        type="close",
        effective_on=day("2026-11-11"),
        signed={"person": "ld-b", "on": day("2026-11-12")},
        filing={"ref": "云政办备3号", "to": "市政府办公室", "on": day("2026-11-12")},
    )
    opened = event()
    assert changed(opened, gone, after=replace(LATE, closed_on=day("2026-11-11"))) == []
    only(
        duties(RULE, 2, look(opened, gone, when=f"2026-{when} 12:00")),
        effect,
        "account-ended-early",
        account="云岚app",
        day="2026-11-11",
    )


def test_3_violated_an_event_without_its_leaders_gives_nothing() -> None:
    unsigned = event(signed={"person": "ld-a", "on": day("2026-11-04")})
    only(
        changed(unsigned, before=None, after=LATE),
        Effect.REFUSE,
        "opening-unrecorded",
        account="云岚app",
        day="2026-11-10",
    )
    assert changed(event(filing=None), before=None, after=LATE) == []


def test_3_accepted_the_number_under_which_the_opening_was_filed() -> None:
    opening = event(
        filing={"ref": "云政办新媒备〔2026〕9号", "to": "市府办", "on": day("2026-11-12")}
    )
    filed = replace(LATE, filing="云政办新媒备〔2026〕9号")
    assert changed(opening, after=filed) == []
    other = event(type="change", changes={"filing": "云政办新媒备〔2026〕10号"},
                  effective_on=day("2026-11-20"))  # fmt: skip
    only(changed(opening, other, after=filed), Effect.REFUSE,
         "field-without-event", account="云岚app", field="filing")  # fmt: skip
    only(changed(event(filing=None), after=filed), Effect.REFUSE,
         "field-without-event", account="云岚app", field="filing")  # fmt: skip


def test_3_accepted_the_first_number_of_the_founding_account() -> None:
    """It was never opened by an event: `due` asks for its filing, and it can be entered."""
    owed, filed = replace(LATE, filing="待备案"), replace(LATE, filing="云政办新媒备〔2026〕4号")
    assert changed(before=owed, after=filed) == []
    renamed = event(type="change", changes={"custodian": "gly-b"})
    assert changed(renamed, before=replace(owed, custodian="gly-b"),
                   after=replace(filed, custodian="gly-b")) == []  # fmt: skip
    only(
        changed(event(filing=None), before=owed, after=filed),
        Effect.REFUSE,
        "field-without-event",
        account="云岚app",
        field="filing",
    )


def test_3_violated_an_older_event_gives_no_value_back() -> None:
    """Named A, then B: the register may not fall back to A on the strength of the first event."""
    first = replace(event(type="change", changes={"name": "云岚甲"}), id="e1")
    second = replace(
        event(type="change", changes={"name": "云岚乙"}, effective_on=day("2026-11-12")), id="e2"
    )
    before, after = replace(LATE, name="云岚乙"), replace(LATE, name="云岚甲")
    for events in ((first, second), (second, first)):
        only(
            changed(*events, before=before, after=after),
            Effect.REFUSE,
            "field-without-event",
            account="云岚乙",
            field="name",
            value="云岚甲",
        )
        assert changed(*events, before=after, after=before) == []


# Decisions of leaders, from the day on which they are to be signed.


def signed(event: Fact, *steps: str, by: str = "", about: bool = True) -> Signed:
    """An attestation of decisions by those who took them, or by somebody else for them all."""
    names = {*steps, *(e for s in steps if about for e in attestations.decided(event, s))}
    digests = attestations.events(event)
    subject = {attestations.bound_name(event, name): digests[name] for name in names}
    person = by or event[steps[0]]["person"]
    path = f"content/records/attestations/2026/account-events.e1.{person}.json"
    return Signed("attestation", path, "", person, "", at("2026-11-10 09:00"), {}, subject, "")


def decided(event: Fact, *signatures: Signed, when: str = "2026-11-08 20:00") -> Archive:
    """The event, signed like this, in an archive that asks for signatures from 1 November on."""
    seen = look(event, when=when)
    asked = defaults(account__decisions_signed_from="2026-11-01")
    policy = replace(seen.registers.policy, parameters=asked)
    rules = replace(seen.registers, policy=policy)
    return replace(seen, registers=rules, signed={"attestation": signatures})


PLAIN = event(
    applied={"person": "kz-a", "department": "xjk", "on": "2026-11-02"},
    reviewed={"person": "ld-a", "on": "2026-11-03"},
    signed={"person": "ld-b", "on": "2026-11-04"},
    effective_on="2026-11-10",
    filing={"ref": "云政办备2号", "to": "市政府办公室", "on": "2026-11-09"},
)
TYPED = replace(event(), document=PLAIN.document)
"""As the reader makes it: days are typed, the document holds the file's own values."""
BOTH = (signed(TYPED, "reviewed"), signed(TYPED, "signed"))


def _follows(seen: Archive) -> list[Complaint]:
    """What is said of entering the account after the event."""
    before = replace(seen.registers, accounts={"wx": account()})
    told = change(proposed=seen.registers)
    return objections(RULE, 3, told, situated(replace(seen, registers=before), change=told))


def test_2_accepted_decisions_that_both_leaders_signed() -> None:
    seen = decided(TYPED, *BOTH)
    assert duties(RULE, 2, seen) == []
    assert _follows(seen) == []
    assert complaints(RULE, 2, post(accounts=("app",)), seen) == []


@pytest.mark.parametrize(
    ("signatures", "owes"),
    [
        ((), ["ld-a", "ld-b"]),
        (BOTH[:1], ["ld-b"]),
        ((*BOTH[:1], signed(TYPED, "signed", about=False)), ["ld-b"]),
        ((*BOTH[:1], signed(TYPED, "signed", by="gly-a")), ["ld-b"]),
        ((signed(TYPED, "reviewed", "signed", by="ld-a"),), ["ld-b"]),
    ],
    ids=[
        "none",
        "one",
        "a decision about nothing",
        "the clerk for the principal",
        "the deputy for both",
    ],
)
def test_2_violated_a_decision_that_its_leader_did_not_sign(
    signatures: tuple[Signed, ...], owes: list[str]
) -> None:
    """It waits, and is refused when the days to file it have passed; meanwhile nothing follows."""
    seen = decided(TYPED, *signatures)
    assert [(c.owes, c.effect) for c in duties(RULE, 2, seen)] == [(p, Effect.NOTE) for p in owes]
    late = decided(TYPED, *signatures, when="2026-11-20 20:00")
    assert {c.effect for c in duties(RULE, 2, late)} == {Effect.REFUSE}
    assert _follows(seen)[0].name == "opening-unrecorded"
    found = complaints(RULE, 2, post(accounts=("app",)), seen)
    only(found, Effect.REFUSE, "opening-out-of-order", account=LATE.name)


def test_3_violated_days_that_lie_before_signatures_were_asked_for() -> None:
    """An event dated back is told by the audit as it was before; the register does not follow."""
    old = {"person": "ld-a", "on": day("2026-10-03")}
    early = event(
        applied={"person": "kz-a", "department": "xjk", "on": day("2026-10-02")},
        reviewed=old, signed=old | {"person": "ld-b"},
        filing={"ref": "2号", "to": "市政府办公室", "on": day("2026-10-09")},
    )  # fmt: skip
    seen = decided(early)
    assert duties(RULE, 2, seen) == []
    assert _follows(seen)[0].name == "opening-unrecorded"


@pytest.mark.parametrize(
    ("without", "owes", "step"),
    [(("reviewed", "signed"), "ld-a", "reviewed"), (("signed",), "ld-b", "signed")],
)
def test_2_boundary_an_application_waits_for_the_next_leader(
    without: tuple[str, ...], owes: str, step: str
) -> None:
    """The honest order: entered by the clerk, then decided; no day makes a decision overdue."""
    gone = (*without, "effective_on", "filing")
    fresh = replace(TYPED, value={k: v for k, v in TYPED.value.items() if k not in gone})
    for when in ("2026-11-08 20:00", "2026-12-20 20:00"):
        (waits,) = duties(RULE, 2, decided(fresh, signed(TYPED, "reviewed"), when=when))
        assert (waits.owes, waits.effect) == (owes, Effect.NOTE)
        assert dict(waits.message.values)["key"] == step
    assert _follows(decided(fresh, *BOTH)) != []


def test_2_violated_in_effect_before_the_principal_signed() -> None:
    fresh = replace(TYPED, value={k: v for k, v in TYPED.value.items() if k != "signed"})
    found = duties(RULE, 2, decided(fresh, *BOTH, when="2026-11-10 09:00"))
    assert "effective-before-signed" in [c.name for c in found]


def test_2_violated_changes_that_were_added_after_the_decision() -> None:
    """What the leaders signed says nothing of the keeper that a clerk adds; so they sign again."""
    more = {"changes": {"custodian": "gly-a"}}
    document = replace(TYPED.document, value=TYPED.document.value | more)
    later = replace(TYPED, value=TYPED.value | more, document=document)
    assert [c.owes for c in duties(RULE, 2, decided(later, *BOTH))] == ["ld-a", "ld-b"]
    again = (signed(later, "reviewed"), signed(later, "signed"))
    assert duties(RULE, 2, decided(later, *BOTH, *again)) == []
