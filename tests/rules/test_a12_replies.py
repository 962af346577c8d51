"""Article 12: inquiries, matters to be handled, reports; working days and cut-off."""

from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect
from pipeline.model.records import Fact
from pipeline.model.registers import Department
from pipeline.rules.a12_replies import RULE
from tests.builders.named import worded
from tests.rules.builders import archive, duties, only, values, where
from tests.rules.facts import fact, with_facts
from tests.rules.governance import PEOPLE, at, day, person, registers

FRIDAY, MONDAY = "2026-11-13 10:00", "2026-11-16 10:00"


def inquiry(type: str = "general", id: str = "q1", **changes: Any) -> Fact:
    made: dict[str, Any] = {
        "person": "xxy-a",
        "account": "wx",
        "type": type,
        "received_at": at(MONDAY),
        "summary": "咨询避难场所开放时间",
        "drafted": {"person": "xxy-a", "at": at("2026-11-17 09:00")},
    }
    return fact("inquiries", id, **(made | changes))


def reply(when: str, person: str = "gly-a", text: str = "全天开放。") -> dict[str, Any]:
    return {"person": person, "at": at(when), "text": text}


def look(*found: Fact, when: str = "2026-11-22 20:00", years: tuple[int, ...] = (2026,)) -> Archive:
    rules = registers(years=years)
    office = Department("bgs", "办公室", False, ("局办公室",))
    rules.departments["bgs"] = office  # type: ignore[index]
    return with_facts(archive(registers=rules, as_of=at(when)), *found)


def said(number: int, *found: Fact, **more: Any) -> list[Complaint]:
    return duties(RULE, number, look(*found, **more))


def test_1_accepted_answered_on_the_next_working_day() -> None:
    assert said(1, inquiry(reply=reply("2026-11-17 17:00"))) == []


def test_1_accepted_by_an_operator_who_has_left_since() -> None:
    """The office counts on the day of the answer, not on the day of the report."""
    left = [p for p in PEOPLE if p.id != "gly-a"]
    for until, weight in (("2026-11-17", []), ("2026-11-16", [Effect.REFUSE])):
        rules = registers(people=[*left, person("gly-a", "operator@xjk", until=until)])
        answered = inquiry(reply=reply("2026-11-17 17:00"))
        looked = with_facts(archive(registers=rules, as_of=at("2026-11-22 20:00")), answered)
        assert [c.effect for c in duties(RULE, 1, looked)] == weight


def test_1_violated_never_answered() -> None:
    found = only(
        said(1, inquiry(), when="2026-11-24 09:00"),
        Effect.REFUSE,
        "answer-due",
        at="2026-11-23 23:59",
    )
    assert (where(found)[0], found.owes) == ("content/records/inquiries/2026/q1.yml", "xxy-a")


def test_1_violated_a_number_in_an_inquiry_is_not_told() -> None:
    """Neither whole, nor what is left of it where its words are cut."""
    for ahead in ("", "市民来电反映楼道堆放杂物占用通道电话"):
        made = inquiry(summary=f"{ahead}13800000000反映楼道堆放杂物，请尽快处理")
        found = said(1, made, when="2026-11-24 09:00")
        assert found and "138000" not in " ".join(str(each.message) for each in found)


def test_1_boundary_after_the_target_it_is_noted() -> None:
    found = said(1, inquiry(reply=reply("2026-11-18 09:00")))
    only(found, Effect.NOTE, "answer-target-missed", at="2026-11-17 23:59")
    assert str(found[0].remedy) == worded("be-quicker")  # it is answered


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-13 17:30", "2026-11-20 23:59"),
        ("2026-11-13 17:31", "2026-11-23 23:59"),
        ("2026-11-14 09:00", "2026-11-23 23:59"),
        ("2026-09-30 18:00", "2026-10-14 23:59"),
        ("2026-09-30 10:00", "2026-10-13 23:59"),
        ("2026-10-09 10:00", "2026-10-15 23:59"),
    ],
)
def test_1_boundary_cut_off_weekends_and_days_the_state_council_moved(
    received: str, due: str
) -> None:
    """1–7 October off and Saturday 10 October worked, as the register of these tests has it."""
    found = said(1, inquiry(received_at=at(received), drafted=None), when=received)
    words = f"“咨询避难场所开放时间” of {received[:10]}"
    assert (found[-1].name, values(found[-1])) == ("answer-due", {"inquiry": words, "at": due})


def test_1_boundary_a_year_without_holidays_is_provisional() -> None:
    late = inquiry(received_at=at("2026-12-30 10:00"), drafted=None)
    first, *_ = said(1, late, when="2026-12-30 11:00")
    assert (first.effect, first.name) == (Effect.NOTE, "calendar-missing")
    assert values(first)["year"] == 2027


def test_1_violated_late_answers_refuse_for_sixty_days_only() -> None:
    late = inquiry(reply=reply("2026-11-24 00:00"))
    only(
        said(1, late, when="2026-11-25 09:00"),
        Effect.REFUSE,
        "answer-due",
        at="2026-11-23 23:59",
    )
    only(
        said(1, late, when="2027-01-24 09:00"),
        Effect.NOTE,
        "answer-due",
        at="2026-11-23 23:59",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"drafted": {"person": "zz-a", "at": at("2026-11-17 09:00")}},
         "drafter-no-officer"),
        ({"reply": reply("2026-11-17 17:00", "xxy-a")},
         "replier-no-operator"),
        ({"drafted": None}, "draft-unrecorded"),
    ],
)  # fmt: skip
def test_1_violated_the_wrong_hands(changes: dict[str, Any], words: str) -> None:
    made = inquiry(**({"reply": reply("2026-11-17 17:00")} | changes))
    only(said(1, made), Effect.REFUSE, words)
    only(said(1, made, when="2027-01-24 09:00"), Effect.NOTE, words)  # it can never be mended


def matter(**changes: Any) -> Fact:
    made = {
        "acknowledged": {"at": at("2026-11-16 15:00"), "promised_due": day("2026-11-20")},
        "closed_at": at("2026-11-20 23:59"),
        "result": "已修复。",
    }
    return inquiry("processing", **(made | changes))


def test_2_accepted_acknowledged_and_settled_in_time() -> None:
    assert said(2, matter()) == []


def test_2_violated_acknowledged_too_late_or_never() -> None:
    late = matter(acknowledged={"at": at("2026-11-17 00:00"), "promised_due": day("2026-11-20")})
    only(said(2, late), Effect.REFUSE, "acknowledgement-due", at="2026-11-16 23:59")
    never = matter(acknowledged=None)
    only(said(2, never), Effect.REFUSE, "acknowledgement-due", at="2026-11-16 23:59")


def test_2_boundary_after_hours_the_next_working_day_is_noted() -> None:
    """Received on Friday at 18:00, acknowledged on Monday."""
    seen = {"at": at("2026-11-16 23:59"), "promised_due": day("2026-11-20")}
    grace = matter(received_at=at("2026-11-13 18:00"), acknowledged=seen)
    only(said(2, grace), Effect.NOTE, "acknowledgement-due", at="2026-11-13 23:59")
    tuesday = seen | {"at": at("2026-11-17 00:00")}
    too_late = matter(received_at=at("2026-11-13 18:00"), acknowledged=tuesday)
    only(said(2, too_late), Effect.REFUSE, "acknowledgement-due", at="2026-11-13 23:59")


def test_2_violated_settled_after_the_promise_or_without_a_result() -> None:
    only(
        said(2, matter(closed_at=at("2026-11-21 00:00"))),
        Effect.REFUSE,
        "settlement-due",
        at="2026-11-20 23:59",
    )
    bare = matter(result=None)
    only(said(2, bare), Effect.REFUSE, "result-missing")


def test_2_boundary_three_months_are_the_most() -> None:
    """From the last day of November three months end on the last of February."""
    early = {"received_at": at("2026-11-30 10:00"), "closed_at": None, "result": None}
    for promised, wrong in ((day("2027-02-28"), False), (day("2027-03-01"), True)):
        seen = {"at": at("2026-11-30 11:00"), "promised_due": promised}
        found = said(2, matter(**early, acknowledged=seen), when="2026-12-01 09:00")
        assert any(c.name == "promise-too-long" for c in found) is wrong


def report(**changes: Any) -> Fact:
    made = {"transferred": {"to": "bgs", "at": at("2026-11-17 12:00"), "receipt": "信访收文2号"},
            "reply": reply("2026-11-17 16:00", text="已转局办公室办理。")}  # fmt: skip
    return inquiry("report", **(made | changes))


def test_3_violated_a_report_of_a_hazard_entered_as_general() -> None:
    """It never reached the office; the transfer can be entered on the record as it is."""
    hazard = {"summary": "举报某加油站违规卸油", "reply": reply("2026-11-17 09:00", text="谢谢。")}
    found = only(
        said(3, inquiry(**hazard)),
        Effect.REFUSE,
        "transfer-due",
        at="2026-11-17 23:59",
        words="举报",
    )
    assert "`transferred`" in str(found.remedy)
    on_monday = said(3, inquiry(**hazard), when=MONDAY)
    assert [(c.effect, c.due is not None) for c in on_monday] == [(Effect.NOTE, True)]
    transfer = {"to": "bgs", "at": at("2026-11-17 10:00"), "receipt": "收文1号"}
    assert said(3, inquiry(**hazard, transferred=transfer)) == []
    elsewhere = said(3, inquiry(**hazard, transferred={**transfer, "to": "jzk"}))
    only(elsewhere, Effect.REFUSE, "transfer-misdirected")
    assert [c.effect for c in said(3, inquiry(**hazard), when="2027-03-01 09:00")] == [Effect.NOTE]


def test_3_accepted_a_question_about_reporting_is_a_question() -> None:
    assert said(3, inquiry(summary="咨询举报奖励办法")) == []


def test_3_accepted_handed_over_with_a_receipt() -> None:
    assert said(3, report()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": "jzk"}, "transfer-misdirected"),
        ({"receipt": ""}, "transfer-receipt-missing"),
        ({"at": at("2026-11-18 00:00")},
         "transfer-due"),
    ],
)  # fmt: skip
def test_3_violated_a_wrong_transfer(changes: dict[str, Any], words: str) -> None:
    whole = {"to": "bgs", "at": at("2026-11-17 12:00"), "receipt": "信访收文2号"}
    only(said(3, report(transferred=whole | changes)), Effect.REFUSE, words)


def test_3_violated_private_data_in_the_record() -> None:
    found = only(
        said(3, report(summary="来电13800138000反映隐患")),
        Effect.REFUSE,
        "private-data-recorded",
        part="summary",
    )
    assert "138" not in str(found.message)


def test_3_boundary_the_last_second_of_the_next_working_day() -> None:
    last = {"to": "bgs", "at": at("2026-11-17 23:59"), "receipt": "信访收文2号"}
    assert said(3, report(transferred=last)) == []
    assert [c.effect for c in said(3, report(transferred=None), when="2026-11-17 23:59")] == [
        Effect.NOTE
    ]
