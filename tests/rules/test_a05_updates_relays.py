"""Article 5: relays of superior bodies' items, by the hour and on every account."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect
from pipeline.model.posts import Post
from pipeline.model.records import Fact
from pipeline.model.registers import Source
from pipeline.rules.a05_updates import RULE
from tests.builders.named import shows
from tests.rules.builders import (
    archive,
    change,
    complaints,
    duties,
    entry,
    only,
    post,
    publication,
    rendition,
    situated,
    values,
    where,
)
from tests.rules.facts import declaration, fact, recorded, with_facts, wording
from tests.rules.governance import account, at, day, registers

LISTED = registers(
    sources=[
        Source(
            "mem", "应急管理部网站", "party-government", ("mem.gov.cn",), day("2025-06-01"), None
        )
    ]
)
WX, WB = account(), account("wb", "weibo")
FILM = account("sp", "channels", "av")
START = "2026-11-20 08:00"
TITLE, URL = "关于做好寒潮防范的通知", "https://a.gov.cn/1"


def relay(**value: Any) -> Fact:
    made = {
        "title": TITLE,
        "source": {"name": "省应急管理厅", "level": "provincial", "url": URL},
        "source_published_at": at("2026-11-20 07:00"),
        "notice_received_at": at(START),
        "post": "2026-11-20-cold-wave",
    }
    return fact("relays", "r1", **(made | value))


def look(when: str, *carried: Any, found: Fact | None = None, **parameters: object) -> Archive:
    made = archive(
        as_of=at(when),
        registers=registers([WX, WB, FILM], **parameters),
        publications=tuple(carried),
        post_ids=frozenset({"2026-11-20-cold-wave"}),
    )
    return with_facts(made, found or relay())


def brought(look: Archive) -> Archive:
    """The same archive as a proposal that brings the relay."""
    return situated(look, change=change(entry("content/records/relays/2026/r1.yml", "records")))


def reposting(url: str = URL, title: str = TITLE, body: str = "正文。\n", **source: Any) -> Post:
    told = {"id": "yjt", "url": url, "title": title, "snapshot": "source.txt"} | source
    return post("2026-11-20-cold-wave", body, origin="reprint", source=told)


def fits(subject: Post, look: Archive, *links: str) -> list[Any]:
    """Item findings of clause 4 on a post whose archive page has these links."""
    pages = {(subject.id, "archive"): rendition(links=links)}
    return complaints(RULE, 4, subject, replace(look, renditions=pages))


OTHER = "relay-of-another"


def test_4_accepted_a_reprint_by_address_by_title_or_by_link() -> None:
    there = brought(look(START))
    assert fits(reposting(title="全省寒潮预警"), there) == []
    assert fits(reposting(url="https://daily.example/7", title=f"{TITLE}！"), there) == []
    original = post("2026-11-20-cold-wave")
    assert fits(original, there, f"{URL}/#top") == []


def test_4_violated_a_post_of_another_topic_is_no_relay() -> None:
    for other in (post("2026-11-20-cold-wave"), reposting("https://b.example/2", "义诊进社区")):
        only(fits(other, brought(look(START))), Effect.REFUSE, OTHER)
        only(fits(other, look(START)), Effect.NOTE, OTHER)  # what stands goes on to stand


@pytest.mark.parametrize(("came", "count"), [("2026-11-20 00:10", 0), ("2026-11-19 23:50", 1)])
def test_4_boundary_last_years_item_of_the_same_title_is_another(came: str, count: int) -> None:
    older = reposting(url="https://daily.example/7", published_at=at(came))
    assert len(fits(older, brought(look(START)))) == count


def test_4_violated_a_post_that_came_before_the_item_relays_nothing() -> None:
    carried = (on("wx", "2026-11-18 09:00"), on("wb", "2026-11-20 09:00"))
    only(
        own(look("2026-11-22 08:00", *carried)),
        Effect.REFUSE,
        "relay-due",
        account="云岚wx",
        at="2026-11-20 20:00",
    )
    only(
        own(look("2027-02-01 08:00", *carried)),
        Effect.NOTE,
        "relay-due",
        account="云岚wx",
        at="2026-11-20 20:00",
    )


def test_4_violated_fewer_accounts_need_a_reason() -> None:
    short = look("2026-11-20 09:00", on("wx", "2026-11-20 08:30"), found=relay(accounts=["wx"]))
    first, owed = own(brought(short))
    only([first], Effect.REFUSE, "relay-account-omitted", account="云岚wb")
    only([own(short)[0]], Effect.NOTE, "relay-account-omitted", account="云岚wb")
    assert (owed.effect, owed.owes) == (Effect.NOTE, "wb")


@pytest.mark.parametrize(
    ("when", "effect"), [("2026-11-21 08:00", Effect.REFUSE), ("2027-02-01 08:00", Effect.NOTE)]
)
def test_4_violated_the_audit_forgives_no_relay_that_a_proposal_would_not(
    when: str, effect: Effect
) -> None:
    """An account that the relay leaves out without a reason owes it; long past, it is noted."""
    short = look(when, on("wx", "2026-11-20 08:30"), found=relay(accounts=["wx"]))
    _, owed = own(short)
    only([owed], effect, "relay-due", account="云岚wb", at="2026-11-20 20:00")


@pytest.mark.parametrize(
    ("when", "effect"), [("2026-11-21 08:00", Effect.REFUSE), ("2027-02-01 08:00", None)]
)
def test_4_violated_a_post_on_another_matter_relays_nothing_in_the_audit_either(
    when: str, effect: Effect | None
) -> None:
    seen = look(when, on("wx", "2026-11-20 08:30"), on("wb", "2026-11-20 08:30"))
    other = reposting("https://a.gov.cn/2", "关于别的事")
    pages = {(other.id, "archive"): rendition()}
    found = own(replace(seen, posts={other.id: other}, renditions=pages))
    assert [c.effect for c in found] == [effect, effect] * bool(effect)
    silent = {str(c.message) for c in own(look(when))}
    assert all(c.name == "relay-due" and str(c.message) not in silent for c in found)
    same = replace(seen, posts={other.id: reposting()}, renditions=pages)
    assert own(same) == []
    gone = replace(seen, posts={other.id: replace(other, meta={"validity": "withdrawn"})})
    assert own(gone) == []  # it keeps no text to compare


def test_4_accepted_an_account_is_left_out_with_its_reason() -> None:
    why = {"except_": [{"account": "wb", "reason": "平台维护停用"}]}
    for named in ({}, {"accounts": ["wx"]}):
        whole = look("2026-11-22 08:00", on("wx", "2026-11-20 09:00"), found=relay(**why, **named))
        assert own(brought(whole)) == []
        assert complaints(RULE, 5, reposting(), whole) == []


@pytest.mark.parametrize(("came", "count"), [("2026-11-20 19:00", 0), ("2026-11-30 08:00", 1)])
def test_4_boundary_a_notice_long_after_the_item_is_told(came: str, count: int) -> None:
    found = own(look("2026-11-30 09:00", found=relay(notice_received_at=at(came))))
    told = [values(c) for c in found if c.name == "relay-notice-late"]
    assert told == [{"relay": TITLE, "hours": 241}] * count


def on(account: str, when: str) -> Any:
    return publication(when, "2026-11-20-cold-wave", account)


def own(look: Archive) -> list[Any]:
    """What the relays' own clock says, without the monthly declaration."""
    return [c for c in duties(RULE, 4, look) if "wordings" not in c.location.path]


def test_4_accepted_both_accounts_within_twelve_hours() -> None:
    carried = (on("wx", "2026-11-20 09:00"), on("wb", "2026-11-20 20:00"))
    assert own(look("2026-11-22 08:00", *carried)) == []


def test_4_violated_an_account_did_not_carry_it() -> None:
    found = own(look("2026-11-20 21:00", on("wx", "2026-11-20 09:00")))
    one = only(
        found,
        Effect.REFUSE,
        "relay-due",
        account="云岚wb",
        at="2026-11-20 20:00",
    )
    assert (one.owes, one.due) == ("wb", at("2026-11-20 20:00"))
    assert where(one)[0] == "content/records/relays/2026/r1.yml"


@pytest.mark.parametrize(
    ("when", "effect"), [("2026-11-20 20:00", Effect.NOTE), ("2026-11-20 20:01", Effect.REFUSE)]
)
def test_4_boundary_the_twelfth_hour(when: str, effect: Effect) -> None:
    found = own(look(when))
    assert [(c.effect, c.owes) for c in found] == [(effect, "wb"), (effect, "wx")]


@pytest.mark.parametrize(("when", "now"), [("2026-11-20 15:59", False), ("2026-11-20 16:00", True)])
def test_4_boundary_urgent_from_the_eighth_hour(when: str, now: bool) -> None:
    assert all((" now, " in str(c.message)) is now for c in own(look(when)))


def test_4_boundary_without_a_notice_the_source_counts() -> None:
    bare = relay(notice_received_at=None)
    assert {c.due for c in own(look("2026-11-20 10:00", found=bare))} == {at("2026-11-20 19:00")}


def test_4_boundary_night_and_holiday_are_hours_too() -> None:
    early = at("2026-10-01 21:00")
    late = relay(source_published_at=early, notice_received_at=at("2026-10-01 22:00"))
    assert {c.due for c in own(look("2026-10-01 23:00", found=late))} == {at("2026-10-02 10:00")}


def test_4_violated_a_late_relay_is_told_and_noted_when_old() -> None:
    carried = (on("wx", "2026-11-20 09:00"), on("wb", "2026-11-21 09:00"))
    for when, effect in (("2026-11-22 08:00", Effect.REFUSE), ("2027-02-01 08:00", Effect.NOTE)):
        found = own(look(when, *carried))
        only(found, effect, "relay-late", account="云岚wb", at="2026-11-21 09:00", hours=12)


def test_4_violated_a_post_that_does_not_exist() -> None:
    found = own(look(START, found=relay(post="2026-11-20-nothing")))
    only(found, Effect.REFUSE, "relay-post-unknown", relay=TITLE)


def test_4_boundary_the_target_of_weibo_is_only_noted() -> None:
    carried = (on("wx", "2026-11-20 10:00"), on("wb", "2026-11-20 10:00"))
    found = own(look("2026-11-22 08:00", *carried, relay__weibo_target_hours=1))
    only(found, Effect.NOTE, "relay-target-missed", account="云岚wb", at="2026-11-20 09:00")


def declared(**changes: Any) -> Archive:
    text = wording("relays-complete", "information-officer", every_months=1)
    word = declaration(text, "xxy-a", "2026-11-01 09:00", until=day("2026-10-31"), **changes)
    return with_facts(recorded(archive(as_of=at("2026-11-22 20:00")), "wordings", [text]), word)


def test_4_accepted_the_month_is_declared() -> None:
    found = only(
        duties(RULE, 4, declared()),
        Effect.NOTE,
        "declaration-due",
        what="relays-complete",
        day="2026-11-30",
    )
    assert found.owes == "xxy-a"


def test_4_violated_another_wording_was_declared() -> None:
    found = duties(RULE, 4, declared(text_digest="be" * 32))
    assert [c.effect for c in found] == [Effect.REFUSE]


def test_5_accepted_the_post_goes_to_every_account() -> None:
    relaying = post("2026-11-20-cold-wave", accounts=["wx", "wb"])
    assert complaints(RULE, 5, relaying, look(START)) == []


def test_5_violated_one_account_is_left_out() -> None:
    relaying = post("2026-11-20-cold-wave", accounts=["wx"])
    only(
        complaints(RULE, 5, relaying, look(START)),
        Effect.REFUSE,
        "relay-account-missing",
        relay=TITLE,
        account="云岚wb",
    )


def test_5_boundary_only_accounts_that_the_relay_names() -> None:
    relaying = post("2026-11-20-cold-wave", accounts=["wx"])
    assert complaints(RULE, 5, relaying, look(START, found=relay(accounts=["wx"]))) == []
    other = post("2026-11-21-other", accounts=["wx"])
    assert complaints(RULE, 5, other, look(START)) == []


def upstream_findings(**more: Any) -> list[Complaint]:
    value = {"person": "xxy-a", "source": "mem", "title": TITLE, "url": URL,
             "seen_at": at("2026-11-05 09:00"), **more}  # fmt: skip
    row = fact("upstream", "i", **value)
    read = archive(facts={"upstream": (row,)}, as_of=at("2026-11-05 20:00"), registers=LISTED)
    return [c for c in duties(RULE, 4, read) if c.location.path == row.path]


def test_4_boundary_an_item_that_was_seen_is_decided_by_a_person_within_twelve_hours() -> None:
    (open_,) = upstream_findings()
    assert (open_.effect, open_.due) == (Effect.NOTE, at("2026-11-05 21:00"))
    no = {"person": "xxy-a", "at": at("2026-11-05 10:00"), "relay": False}
    assert upstream_findings(decided=no) == []
    (entered,) = upstream_findings(decided=no | {"relay": True})
    assert shows(str(entered.remedy), "enter-relay", title=TITLE)


def test_4_violated_an_item_of_a_source_that_is_not_listed() -> None:
    """Noted where it stands; what a change brings is refused."""
    (told,) = [c for c in upstream_findings(source="mme") if c.name == "upstream-unlisted"]
    assert (told.effect, values(told)["source"]) == (Effect.NOTE, "mme")
    row = fact("upstream", "i", person="xxy-a", source="mme", title=TITLE, url=URL,
               seen_at=at("2026-11-05 09:00"))  # fmt: skip
    look = archive(facts={"upstream": (row,)}, as_of=at("2026-11-05 20:00"), registers=LISTED)
    there = situated(look, change=change(entry(row.path, "records")))
    (told,) = [c for c in duties(RULE, 4, there) if c.name == "upstream-unlisted"]
    assert told.effect is Effect.REFUSE
