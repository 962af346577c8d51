"""Feeds of superior bodies: what they tell, and what of it is believed."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Fault
from pipeline.model.findings import Complaint, Effect
from pipeline.model.records import Fact
from pipeline.parts.inquiries import verbs as verb
from pipeline.parts.inquiries.incoming import FeedItem, feed_items, upstream_files, wanted_items
from pipeline.parts.inquiries.verbs import upstream
from pipeline.rules.a05_updates import RULE
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, registers
from tests.builders.named import shows
from tests.cli.at_the_desk import NOW, run
from tests.rules.builders import archive, duties
from tests.rules.facts import fact

HOST = "https://www.mem.example"
RSS = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>
<item><title>部署冬季安全防范工作</title><link>{HOST}/gk/a.html</link>
<pubDate>Thu, 05 Nov 2026 01:00:00 GMT</pubDate></item>
<item><title>招聘公告</title><link>/gk/b.html</link></item>
<item><title>别处的安全通知</title><link>https://evil.example/a.html</link></item>
<item><title>将来的安全通知</title><link>{HOST}/gk/c.html</link>
<pubDate>Thu, 05 Nov 2099 01:00:00 GMT</pubDate></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry>
<title type="html">&lt;b&gt;安全&lt;/b&gt;提示</title>
<link href="{HOST}/gk/d.html"/><updated>2026-11-05T09:00:00+08:00</updated></entry></feed>"""
LIST = """<html><body><a href="/">首页</a><ul>
<li><a href="/gk/e.html">关于做好今冬明春安全工作的通知</a><span>2026-11-04</span></li>
<li><a href="/gk/f.html">另一条没有日期的安全工作通知</a></li></ul></body>"""


def read(raw: str) -> tuple[FeedItem, ...]:
    return feed_items(raw.encode(), f"{HOST}/feed")


def test_feeds_and_lists_of_pages_are_read() -> None:
    assert [(i.title, i.url) for i in read(RSS)][:2] == [
        ("部署冬季安全防范工作", f"{HOST}/gk/a.html"), ("招聘公告", f"{HOST}/gk/b.html"),
    ]  # fmt: skip
    assert read(RSS)[0].published_at == at("2026-11-05 09:00")
    (item,) = read(ATOM)
    assert (item.title, item.published_at) == ("安全提示", at("2026-11-05 09:00"))
    assert [(i.url, i.published_at) for i in read(LIST)] == [
        (f"{HOST}/gk/e.html", at("2026-11-04 00:00")), (f"{HOST}/gk/f.html", None),
    ]  # fmt: skip


def test_what_points_elsewhere_or_is_of_another_matter_is_passed_over() -> None:
    wanted = wanted_items(read(RSS), ["mem.example"], ["安全"], NOW, 7)
    assert [i.title for i in wanted] == ["部署冬季安全防范工作", "将来的安全通知"]
    assert not list(wanted_items(read(RSS), [], [], NOW, 7))
    assert not list(wanted_items(read(RSS)[:1], ["mem.example"], [], NOW + timedelta(days=9), 7))


def test_a_time_to_come_is_no_time_and_nothing_is_entered_twice() -> None:
    items = [i for i in read(RSS) if i.url.startswith(HOST)]
    files = upstream_files([*items, *items], "mem", "xxy-a", NOW, [])
    values = [yaml.safe_load(raw) for raw in files.values()]
    assert len(values) == 3
    assert [v.get("published_at") for v in values] == ["2026-11-05T09:00:00+08:00", None, None]
    relay = fact("relays", source={"url": f"{HOST}/gk/a.html#x"})
    known = [relay, fact("upstream", url=f"{HOST}/gk/b.html")]
    left = upstream_files(items, "mem", "xxy-a", NOW, known)
    assert [yaml.safe_load(raw)["title"] for raw in left.values()] == ["将来的安全通知"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"/etc/passwd",
        b"https://www.mem.example/",
        b"\x00\xff\xfe",
        b"<rss version='2.0'><channel><item>",
        b"{}",
        b"<a href='https://[x'>",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        b'<rss version="2.0"><channel><item><title>&b;&b;&b;</title></item></channel></rss>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        b'<rss version="2.0"><channel><item><title>&a;</title></item></channel></rss>',
    ],
)
def test_what_is_no_feed_tells_nothing_and_harms_nothing(raw: bytes) -> None:
    with suppress(Fault):
        read_nothing_of(raw)


def read_nothing_of(raw: bytes) -> None:
    for item in feed_items(raw, f"{HOST}/feed"):
        assert "root:" not in item.title and len(item.title) <= 200
        assert not list(wanted_items([item], ["mem.example"], ["安全"], NOW, 7))


@given(st.binary(max_size=300) | st.sampled_from([RSS, ATOM, LIST]).flatmap(
    lambda text: st.integers(0, len(text.encode())).map(lambda cut: text.encode()[:cut])
))  # fmt: skip
def test_any_bytes_are_items_or_none(raw: bytes) -> None:
    with suppress(Fault):
        believe_no_other_host(raw)


def believe_no_other_host(raw: bytes) -> None:
    for item in wanted_items(feed_items(raw, f"{HOST}/feed"), ["mem.example"], [], NOW, 7):
        assert item.url.startswith("https://") and item.title


def test_the_command_records_what_is_new_and_names_what_does_not_answer(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = registers()["sources"]
    feeds = [{"url": f"{HOST}/rss"}, {"url": f"{HOST}/gone"}]
    value["sources"].append({
        "id": "feed", "name": "应急管理部", "kind": "party-government", "hosts": ["mem.example"],
        "feeds": feeds, "from": "2026-11-01",
    })  # fmt: skip
    made = ArchiveRepo.begin(tmp_path / "archive", changed={"sources": value})
    made.git("config", "user.email", "xxy-a@yunlan.example.org")

    def fetched(url: str) -> bytes:
        if url.endswith("gone"):
            raise Fault(verb.say("{address} does not answer: {detail}", address=url, detail="404"))
        return RSS.encode()

    monkeypatch.setattr(verb, "_fetched", fetched)
    done = run(upstream, made)
    assert done.exit_code == 0 and f"{HOST}/gone does not answer: 404" in done.stderr
    paths = done.stdout.split()
    assert len(paths) == 3
    made.commit("上级新发信息", "xxy-a")
    assert run(upstream, made).exit_code == 3


def item(**more: Any) -> Fact:
    value = {"person": "xxy-a", "source": "mem", "title": "部署", "url": f"{HOST}/gk/a.html",
             "seen_at": at("2026-11-05 09:00"), **more}  # fmt: skip
    return fact("upstream", "i", **value)


def told(row: Fact) -> list[Complaint]:
    look = archive(facts={"upstream": (row,)}, as_of=at("2026-11-05 20:00"))
    return [c for c in duties(RULE, 4, look) if c.location.path == row.path]


def test_5_4_an_item_is_decided_by_a_person_within_twelve_hours() -> None:
    open_ = told(item())
    assert [(d.effect, d.due) for d in open_] == [(Effect.NOTE, at("2026-11-05 21:00"))]
    no = {"person": "xxy-a", "at": at("2026-11-05 10:00"), "relay": False}
    assert told(item(decided=no)) == []
    (entered,) = told(item(decided=no | {"relay": True}))
    assert shows(str(entered.remedy), "enter-relay", title="部署")
