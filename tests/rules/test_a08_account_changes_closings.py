"""Article 8: closings, and accounts that share a platform."""

from dataclasses import replace
from typing import Any

from pipeline.model.findings import Complaint, Effect
from pipeline.model.records import Fact
from pipeline.rules.a08_account_changes import RULE
from tests.rules.builders import duties, only, where
from tests.rules.governance import account, day
from tests.rules.test_a08_account_changes_events import LATE, event, look


def closing(**changes: Any) -> Fact:
    made = {
        "type": "close",
        "effective_on": day("2026-11-20"),
        "notice_post": "2026-11-19-closing",
        "archived_on": day("2026-11-21"),
        "national_report": "全国政务新媒体信息报送系统",
    }
    return event(**(made | changes))


def closed(*events: Fact) -> list[Complaint]:
    seen = look(*events, of=replace(LATE, closed_on=day("2026-11-20")))
    return duties(RULE, 4, replace(seen, post_ids=frozenset({"2026-11-19-closing"})))


def test_4_accepted_a_whole_closing() -> None:
    assert closed(closing()) == []


def test_4_violated_what_a_closing_lacks_is_noted() -> None:
    found = closed(closing(notice_post=None, archived_on=None, national_report=None))
    assert [c.name for c in found] == [
        "closing-without-notice",
        "closing-without-copy",
        "closing-without-report",
    ]
    assert {c.effect for c in found} == {Effect.NOTE}


def test_4_boundary_an_end_in_the_register_alone_and_a_closing_to_come() -> None:
    only(closed(), Effect.NOTE, "closing-without-event")
    assert closed(closing(effective_on=day("2026-11-23"), archived_on=None)) == []


def test_5_accepted_one_account_on_each_platform() -> None:
    assert duties(RULE, 5, look(event())) == []


def test_5_violated_two_in_use_on_one_platform() -> None:
    two = look(of=account("wx-2"))
    found = only(
        duties(RULE, 5, two),
        Effect.NOTE,
        "platform-shared",
    )
    assert where(found) == ("content/registers/accounts.yml", 0)


def test_5_boundary_a_closed_one_does_not_count() -> None:
    assert duties(RULE, 5, look(of=account("wx-2", closed_on=day("2026-11-21")))) == []
    assert len(duties(RULE, 5, look(of=account("wx-2", closed_on=day("2026-11-22"))))) == 1
