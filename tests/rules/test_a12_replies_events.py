"""Article 12: public opinion, high attention, tasks of departments, open accounts, words."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.law.engine import judge_periods
from pipeline.model.findings import Complaint, Effect, Outcome
from pipeline.model.records import Fact
from pipeline.rules.a12_replies import RULE
from tests.rules.builders import archive, duties, only, publication, where
from tests.rules.facts import fact, recorded, with_facts
from tests.rules.governance import account, at, day, registers
from tests.rules.test_a12_replies import inquiry, reply, said
from tests.rules.test_bad_registers import trusted


def event(**changes: Any) -> Fact:
    made: dict[str, Any] = {
        "person": "xxy-a",
        "title": "网传水库险情",
        "level": "other",
        "found_at": at("2026-11-16 08:00"),
        "lead": {"person": "ld-b"},
        "departments": ["xjk", "jzk"],
        "reports": [
            {"to": "publicity", "at": at("2026-11-16 09:00")},
            {"to": "cyberspace", "at": at("2026-11-16 09:10")},
        ],
        "actions": ["现场核查", "发布澄清"],
        "first_statement_at": at("2026-11-17 08:00"),
        "hot": False,
        "posts": [],
    }
    return fact("opinions", "o1", **(made | changes))


def test_4_accepted_led_told_and_answered() -> None:
    assert said(4, event()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lead": {"person": "ld-a"}}, "principal-not-leading"),
        ({"departments": []}, "departments-unnamed"),
        ({"actions": []}, "actions-unrecorded"),
        ({"reports": [{"to": "publicity", "at": at("2026-11-16 09:00")}]},
         "cyberspace-uninformed"),
        ({"reports": [{"to": "cyberspace", "at": at("2026-11-16 09:00")}]},
         "publicity-uninformed"),
    ],
)  # fmt: skip
def test_4_violated_something_is_missing(changes: dict[str, Any], words: str) -> None:
    only(said(4, event(**changes)), Effect.REFUSE, words)


def test_4_and_6_boundary_what_nobody_can_mend_any_more_is_noted_after_sixty_days() -> None:
    """Who led then, and who gave a task; what is still to be done stays refused."""
    late = "2027-01-24 09:00"
    led = said(4, event(lead={"person": "ld-a"}, actions=[]), when=late)
    assert [c.effect for c in led if c.name == "principal-not-leading"] == [Effect.NOTE]
    assert [c.effect for c in led if c.name == "actions-unrecorded"] == [Effect.REFUSE]
    given = tasked(returned_at=at("2026-11-16 12:00"), assigned_by="xxy-a")
    only(said(6, given, when=late), Effect.NOTE, "task-giver-unfit")


@pytest.mark.parametrize(
    ("level", "first", "press", "effects"),
    [
        ("other", "2026-11-18 08:00", None, []),
        ("other", "2026-11-18 08:01", None, [Effect.REFUSE]),
        ("major", "2026-11-16 13:00", "2026-11-17 08:00", []),
        ("major", "2026-11-16 13:01", "2026-11-17 08:01", [Effect.REFUSE, Effect.REFUSE]),
    ],
)
def test_4_boundary_the_hours(
    level: str, first: str, press: str | None, effects: list[Effect]
) -> None:
    made = event(level=level, first_statement_at=at(first), press_at=at(press) if press else None)
    assert [c.effect for c in said(4, made)] == effects


def test_4_boundary_while_there_is_time_it_is_only_told() -> None:
    made = event(first_statement_at=None)
    found = only(
        said(4, made, when="2026-11-18 08:00"),
        Effect.NOTE,
        "first-statement-due",
    )
    assert (found.due, found.owes) == (at("2026-11-18 08:00"), "ld-b")


def hot(*carried: Any, when: str = "2026-11-24 09:00") -> list[Complaint]:
    seen = archive(
        registers=registers([account(), account("wb", "weibo")]),
        as_of=at(when),
        publications=carried,
    )
    made = event(hot=True, posts=["2026-11-17-clear"])
    return duties(RULE, 5, with_facts(seen, made))


def test_5_accepted_on_both_platforms() -> None:
    carried = [publication("2026-11-17 10:00", "2026-11-17-clear", on) for on in ("wx", "wb")]
    assert hot(*carried) == []


def test_5_violated_one_platform_is_missing() -> None:
    found = hot(publication("2026-11-17 10:00", "2026-11-17-clear", "wx"))
    only(found, Effect.NOTE, "event-post-due")


def test_5_boundary_seven_days() -> None:
    last = [publication("2026-11-23 08:00", "2026-11-17-clear", on) for on in ("wx", "wb")]
    assert hot(*last) == []
    words = {c.name for c in hot(when="2026-11-23 08:00")}
    assert words == {
        "event-post-due",
    }


def tasked(**changes: Any) -> Fact:
    task = {"department": "jzk", "assigned_by": "gly-a", "due": day("2026-11-18")} | changes
    return inquiry(tasks=[{k: v for k, v in task.items() if v is not None}])


def test_6_accepted_returned_in_time() -> None:
    assert said(6, tasked(returned_at=at("2026-11-18 23:59"))) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"department": "nowhere"}, "department-unregistered"),
        ({"assigned_by": "xxy-a"}, "task-giver-unfit"),
        ({"due": day("2026-11-15")}, "task-due-early"),
    ],
)
def test_6_violated_a_wrong_task(changes: dict[str, Any], words: str) -> None:
    only(said(6, tasked(returned_at=at("2026-11-14 09:00"), **changes)), Effect.REFUSE, words)


@pytest.mark.parametrize(
    ("when", "effect"),
    [
        ("2026-11-18 23:59", Effect.NOTE),
        ("2026-11-23 23:59", Effect.NOTE),
        ("2026-11-24 00:00", Effect.REFUSE),
    ],
)
def test_6_boundary_overdue_is_noted_and_refused_after_five_days(when: str, effect: Effect) -> None:
    found = said(6, tasked(), when=when)
    assert [(c.effect, c.owes) for c in found] == [(effect, "jzk")]


def test_6_boundary_a_late_answer_stays_noted() -> None:
    only(said(6, tasked(returned_at=at("2026-11-19 00:00"))), Effect.NOTE, "task-answered-late")


def test_6_boundary_an_answer_to_come_is_still_owed() -> None:
    found = said(6, tasked(returned_at=at("2026-11-23 09:00")), when="2026-11-20 09:00")
    assert [(c.effect, c.due is not None) for c in found] == [(Effect.NOTE, True)]


def test_4_violated_what_lies_in_the_future_is_not_done() -> None:
    coming = [{"to": to, "at": at("2026-11-23 09:00")} for to in ("publicity", "cyberspace")]
    found = said(4, event(reports=coming, first_statement_at=at("2026-11-23 09:00")))
    assert [c.name for c in found] == [
        "publicity-uninformed",
        "cyberspace-uninformed",
        "first-statement-due",
    ]


def test_7_accepted_open_accounts() -> None:
    assert duties(RULE, 7, archive(registers=registers([account(interaction=True)]))) == []


def test_7_boundary_what_was_not_entered_is_not_known() -> None:
    """A veto of the national inspection is not satisfied by a default: the clause says nothing."""
    (found,) = duties(RULE, 7, archive(registers=registers([account()])))
    words = "interaction-not-entered"
    assert (found.effect, found.name) == (Effect.NOTE, words)
    both = registers([account(), account("wb", interaction=True)])
    for rules, outcome in (
        (registers([account()]), Outcome.NOT_APPLICABLE),
        (registers([account(closed_on=day("2026-06-30"))]), Outcome.NOT_APPLICABLE),
        (both, Outcome.SATISFIED),
        (registers([account(interaction=False)]), Outcome.VIOLATED),
    ):
        verdict = judge_periods(archive(registers=rules), trusted().rulebook, {"R12-7"})
        assert verdict.outcomes["R12-7"] is outcome


def test_7_violated_an_account_takes_no_messages() -> None:
    closed = registers([account(interaction=False)])
    found = duties(RULE, 7, archive(registers=closed))
    assert only(found, Effect.REFUSE, "interaction-closed").owes == "wx"


def test_7_boundary_a_closed_account_owes_nothing() -> None:
    ended = registers([account(interaction=False, closed_on=day("2026-11-21"))])
    assert duties(RULE, 7, archive(registers=ended)) == []


WORDS = fact(
    "lexicons", "w1", category="emotion", effect="note", words=["呵呵"], exceptions=["呵呵笑"],
    reason="语气不当。", suggestion="删去。",
)  # fmt: skip


def answered(text: str) -> list[Complaint]:
    seen = recorded(archive(), "lexicons", [WORDS])
    made = inquiry(reply=reply("2026-11-17 12:00", text=text))
    return duties(RULE, 8, with_facts(seen, made))


def test_8_accepted_plain_words() -> None:
    assert answered("您好，避难场所全天开放。") == []


def test_8_violated_a_mood_in_an_answer_refuses() -> None:
    found, away = answered("呵呵，这个不归我们管。")
    assert (found.effect, found.name) == (
        Effect.REFUSE,
        "answer-words-listed",
    )
    assert away.effect is Effect.NOTE
    assert where(found)[0] == "content/records/inquiries/2026/q1.yml"


def test_8_violated_private_data_in_an_answer() -> None:
    found = answered("请拨打13800138000联系。")
    assert [c.effect for c in found] == [Effect.REFUSE]
    assert "138" not in found[0].name


def test_8_boundary_an_exception_and_another_category() -> None:
    assert answered("他呵呵笑着说") == []
    other = replace(WORDS, value={**WORDS.value, "category": "cliche"})
    seen = recorded(archive(), "lexicons", [other])
    made = inquiry(reply=reply("2026-11-17 12:00", text="呵呵"))
    assert [c.effect for c in duties(RULE, 8, with_facts(seen, made))] == [Effect.NOTE]


def test_8_violated_a_rude_answer() -> None:
    """Refused where it is dismissive, noted where it only says that it is another's matter."""
    found = only(answered("爱找谁找谁去。"), Effect.REFUSE, "answer-brushes-off")
    assert "who is responsible" in str(found.remedy)
    only(answered("此事不归我们管。"), Effect.NOTE, "answer-brushes-off")
    assert answered("此事不归我们管，请向市城管局反映，电话12345。") == []
    old = inquiry(
        received_at=at("2026-08-17 09:00"), reply=reply("2026-08-18 12:00", text="无可奉告")
    )
    assert [c.effect for c in said(8, old)] == [Effect.NOTE]
