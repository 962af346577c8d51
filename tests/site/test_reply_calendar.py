"""By when letters are to be answered: a calendar of days, read by a parser of others."""

from datetime import UTC, date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from icalendar import Calendar

from pipeline.judge.load_governance import trust
from pipeline.model.archive import Archive
from pipeline.model.records import Fact
from pipeline.new.new_archive import empty_archive
from pipeline.parts.open_data.pages import REPLIES, answer_days, replies
from pipeline.site.render_context import RenderContext
from tests.rules.builders import archive
from tests.rules.facts import fact, with_facts
from tests.rules.governance import at, registers
from tests.site.conftest import Built

RULEBOOK = trust(empty_archive()).rulebook
NOW = "2026-11-18 20:00"
MONDAY, TUESDAY = at("2026-11-16 10:00"), at("2026-11-17 08:30")
DONE = {"person": "gly-a", "at": at("2026-11-17 17:00"), "text": "全天开放。"}
PROMISED = {"at": at("2026-11-16 11:00"), "promised_due": date(2026, 12, 4)}


def letter(name: str, **changes: Any) -> Fact:
    made = {
        "person": "xxy-a",
        "account": "wx",
        "type": "general",
        "received_at": MONDAY,
        "summary": "咨询避难场所开放时间",
    }
    return fact("inquiries", f"2026-11-16-{name}", **(made | changes))


def shown(*letters: Fact, when: str = NOW) -> tuple[Calendar, str]:
    holds: Archive = with_facts(archive(registers=registers(), as_of=at(when)), *letters)
    site = SimpleNamespace(archive=holds, rulebook=RULEBOOK)
    context = SimpleNamespace(site=site, base="https://archive.example/", name="云岚档案")
    ctx = cast(RenderContext, context)
    path, raw = replies(ctx, answer_days(ctx))
    assert path == REPLIES
    return Calendar.from_ical(raw), raw.decode()


def days(*letters: Fact, when: str = NOW) -> dict[date, str]:
    calendar, _ = shown(*letters, when=when)
    return {e["dtstart"].dt: str(e["summary"]) for e in calendar.walk("VEVENT")}


def test_letters_without_an_answer_stand_on_the_day_that_the_law_counts() -> None:
    calendar, _ = shown(letter("a"), letter("b"), letter("c", received_at=TUESDAY))
    first, second = calendar.walk("VEVENT")
    assert (first["dtstart"].dt, second["dtstart"].dt) == (date(2026, 11, 23), date(2026, 11, 24))
    assert (first["summary"], second["summary"]) == (
        "来信答复期限（2 件）", "来信答复期限（1 件）",
    )  # fmt: skip
    assert first["description"] == "收到于2026年11月16日"
    assert first["dtstamp"].dt == MONDAY.astimezone(UTC)
    assert first["uid"] == f"https://archive.example/{REPLIES}#2026-11-23"


def test_a_promised_day_counts_and_an_answer_ends_it() -> None:
    work = letter("w", type="processing", acknowledged=PROMISED)
    assert days(work, letter("a", reply=DONE)) == {date(2026, 12, 4): "来信答复期限（1 件）"}
    assert days(letter("a", reply=DONE), when="2026-11-17 16:00"), "it was not given yet"
    assert date(2026, 11, 23) in days(letter("a"), when="2026-11-30 09:00"), "overdue still"


@pytest.mark.parametrize(
    "one",
    [
        letter("r", type="report", transferred={"to": "bgs", "at": TUESDAY, "receipt": "一号"}),
        letter("r", type="report"),
        fact("inquiries", "2024-01-02-old", **letter("x").value),
    ],
    ids=["report", "report not handed over", "of long ago"],
)
def test_what_is_not_to_be_answered_or_long_gone_has_no_day(one: Fact) -> None:
    assert days(one) == {}


def test_of_who_wrote_and_what_they_asked_nothing_is_told() -> None:
    _, raw = shown(letter("who-asks-what", summary="咨询低收入家庭报警器"))
    told = raw.replace("\r\n ", "")
    assert "收到于2026年11月16日" in told
    for private in ("who-asks-what", "咨询", "报警器", "xxy-a", "general", "wx"):
        assert private not in told, private


def test_who_subscribes_finds_it(built: Built) -> None:
    page = built.text("subscribe/index.html")
    assert 'href="replies.ics"' in page and f"https://archive.yunlan-yjj.example/{REPLIES}" in page
    assert Calendar.from_ical((built.out / REPLIES).read_bytes()).walk("VEVENT") == []
