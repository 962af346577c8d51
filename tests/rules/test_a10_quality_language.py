"""Article 10(3) to (6): length, clichés, illustration, links."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.findings import Effect
from pipeline.model.policy import Policy
from pipeline.model.posts import Post
from pipeline.model.registers import Source
from pipeline.model.rendered import Channels
from pipeline.rules.a10_quality import RULE
from tests.rules.builders import (
    archive,
    change,
    complaints,
    entry,
    line,
    only,
    post,
    rendition,
    situated,
    values,
    where,
)
from tests.rules.facts import fact, recorded
from tests.rules.governance import at, day, registers

CLICHES = fact(
    "lexicons",
    "cliche",
    category="cliche",
    effect="note",
    words=["高度重视", "圆满成功", "落到实处"],
    exceptions=[],
    reason="套话",
    suggestion="写事实",
)


@pytest.mark.parametrize(("length", "found"), [(80, 0), (81, 1)])
def test_3_boundary_sentences(length: int, found: int) -> None:
    subject = post(body=f"第一段。\n\n{'火' * length}。\n")
    said = complaints(RULE, 3, subject, archive(subject))
    assert len(said) == found
    if found:
        assert where(only(said, Effect.NOTE, "sentences-long", count=1, limit=80)) == (
            subject.path,
            42,
        )


@pytest.mark.parametrize(("sentences", "found"), [(30, 0), (31, 1)])
def test_3_boundary_paragraphs(sentences: int, found: int) -> None:
    subject = post(body=f"{'注意用火防范事故。' * sentences}{'火' * 30}\n")
    said = complaints(RULE, 3, subject, archive(subject))
    assert len(said) == found


def test_3_boundary_addresses_are_not_read() -> None:
    subject = post(body=f"详见[通告](https://a.example/{'x' * 120})。\n")
    assert complaints(RULE, 3, subject, archive(subject)) == []


def _cliches(body: str) -> list[Any]:
    subject = post(body=body)
    look = recorded(archive(subject), "lexicons", [CLICHES])
    return complaints(RULE, 4, subject, look)


def test_4_accepted_a_word_or_two() -> None:
    assert _cliches("高度重视，圆满成功。") == []
    assert _cliches("检查了12处，整改9处。") == []


def test_4_violated_many() -> None:
    found = _cliches("高度重视，落到实处，圆满成功，高度重视。")
    assert only(found, Effect.NOTE, "cliches-many", count=4).location.line == 40


def test_4_boundary_three_in_a_thousand() -> None:
    said = "高度重视，落到实处，圆满成功。"
    # Title and summary of the post count 6 and 11 signs.
    even = said + "火" * (1000 - 17 - len(said))
    assert _cliches(even) == []
    assert len(_cliches(even[:-1])) == 1


def test_5_accepted_an_illustrated_wechat_post() -> None:
    subject = post()
    for shown in (
        rendition("wechat", images=[]),
        rendition("wechat", links=["https://www.gov.cn/"]),
    ):
        look = archive(subject, renditions=[shown])
        found = complaints(RULE, 5, subject, look)
        assert bool(found) == (not shown.links)


def test_5_violated_nothing_to_look_at() -> None:
    subject = post()
    look = archive(subject, renditions=[rendition("wechat")])
    found = only(complaints(RULE, 5, subject, look), Effect.NOTE, "illustration-missing")
    assert where(found) == line(subject, "accounts")
    credit = {"alt": "演示", "author": "本局", "licence": "本局"}
    film = post(media=[{"file": "a.mp4", "captions": "a.vtt"} | credit])
    assert complaints(RULE, 5, film, archive(film, renditions=[rendition("wechat")])) == []


@pytest.mark.parametrize(("count", "found"), [(8, 0), (9, 1)])
def test_5_boundary_emoji(count: int, found: int) -> None:
    subject = post(title="提示🔥", body="🚒" * (count - 1))
    said = complaints(RULE, 5, subject, archive(subject))
    assert len(said) == found
    if found:
        only(said, Effect.NOTE, "emoji-many", count=9, limit=8)


SOURCE = Source("ahrb", "某日报", "mainstream-media", ("news.example",), day("2026-01-01"), None)


def _linked(url: str, subject: Post, **parameters: object) -> list[Any]:
    governance = registers(sources=(SOURCE,), **parameters)
    policy: Policy = replace(
        governance.policy, archive={"id": "yunlan-yjj", "url": "https://archive.example/"}
    )
    shown = replace(rendition(links=[url]), headings=((2, "s-家里", "家里"),))
    look: Archive = archive(
        subject, renditions=[shown], registers=replace(governance, policy=policy)
    )
    return complaints(RULE, 6, subject, look)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gov.cn/a", "https://sub.news.example/a", "https://mp.weixin.qq.com/s/x",
        "#s-%E5%AE%B6%E9%87%8C", "mailto:a@b.example", "tel:12345",
        "https://archive.example/posts/2026/2026-11-03-winter-fire/",
        "https://archive.example/posts/2026/11/", "https://archive.example/about/",
    ],
)  # fmt: skip
def test_6_accepted_known_places(url: str) -> None:
    assert _linked(url, post()) == []


@pytest.mark.parametrize(
    ("url", "effect", "words"),
    [
        ("http://www.gov.cn/a", Effect.NOTE, "link-unencrypted"),
        (
            "https://shop.example/",
            Effect.NOTE,
            "link-host-unlisted",
        ),
        ("https://bit.ly/x", Effect.REFUSE, "link-host-denied"),
        ("#s-nowhere", Effect.REFUSE, "link-heading-missing"),
        (
            "https://archive.example/posts/2026/2026-01-01-gone/",
            Effect.REFUSE,
            "link-post-missing",
        ),
        (
            "https://www.gov.cn@evil.example/",
            Effect.REFUSE,
            "link-disguised",
        ),
        ("https://[a/", Effect.REFUSE, "link-unreadable"),
        (
            "https://127.0.0.1/",
            Effect.REFUSE,
            "link-to-number",
        ),
        (
            "https://www.gоv.cn/",
            Effect.REFUSE,
            "link-foreign-script",
        ),
    ],
)
def test_6_violated_places_that_are_not(url: str, effect: Effect, words: str) -> None:
    subject = post()
    assert where(only(_linked(url, subject), effect, words)) == (subject.path, 41)


def test_6_boundary_policy_names_the_hosts() -> None:
    subject = post()
    assert _linked("https://a.shop.example/", subject, links__allowed_hosts=["shop.example"]) == []
    denied = _linked("https://www.gov.cn/", subject, links__denied_hosts=["gov.cn"])
    only(denied, Effect.REFUSE, "link-host-denied", host="www.gov.cn")
    near = _linked("https://evilgov.cn/", subject)
    only(near, Effect.NOTE, "link-host-unlisted", host="evilgov.cn")


def _shown(body: str, mode: Mode = Mode.DRAFT, **more: Any) -> list[tuple[Effect, str, int]]:
    """What clause 3 says of a body as it is rendered, with its lines counted from 1."""
    subject = post(body=body, **more)
    made = replace(archive(subject), renditions=Channels({subject.id: subject}, registers()))
    found = complaints(RULE, 3, subject, situated(made, mode=mode))
    return [
        (
            c.effect,
            f"{c.name} {values(c).get('words', '')}",
            c.location.line - subject.body_line + 1,
        )
        for c in found
    ]


@pytest.mark.parametrize(
    ("body", "piece", "line"),
    [
        ("第一段。\n\n<!-- 领导电话待补 -->\n\n第二段。\n", "<!-- 领导电话待补 -->", 3),
        ("请<b>立即</b>撤离。\n", "<b>", 1),
        ("第一行\n第二行<br>第三行\n", "<br>", 2),
        ("| 地点 | 时间 |\n|---|---|\n| 甲<br/>乙 | 9时 |\n", "<br/>", 3),
        ("> <div class=x>\n> 引文\n> </div>\n", "<div class=x>", 1),
        ("见图。<img src=a.png onerror=x>\n", "<img src=a.png onerror=x>", 1),
        ("说明<!DOCTYPE html>如下。\n", "<!DOCTYPE html>", 1),
    ],
)
def test_3_violated_html_is_refused_with_its_line(body: str, piece: str, line: int) -> None:
    words = f"html-shown {piece}"
    assert _shown(body) == [(Effect.REFUSE, words, line)]
    assert _shown(body, Mode.STANDING) == [(Effect.NOTE, words, line)]


@pytest.mark.parametrize(
    "body",
    [
        "水深 a < b 时，b > a，绕行。\n", "网址<https://yjj.yunlan.example>。\n",
        "来信<info@yunlan.example>。\n", "代码 `<b>` 和 \\<b>。\n", "```\n<div>\n```\n",
        "    <div>\n", "风力<8级，气温<-5℃。\n", "&lt;b&gt;\n", "<姓名>填写\n",
        "![示意图](map.png)\n",
    ],
)  # fmt: skip
def test_3_accepted_signs_that_are_no_html(body: str) -> None:
    assert _shown(body) == []


@pytest.mark.parametrize("body", ["", "\n\n", "---\n", "<!---->"])
def test_3_violated_an_empty_body_says_nothing(body: str) -> None:
    effect, words, line = _shown(body)[0]
    assert (effect, line) == (Effect.REFUSE, 1)
    assert words == "text-missing " or body.startswith("<")
    assert _shown(body, Mode.STANDING)[0][0] is Effect.NOTE


def test_3_boundary_a_withdrawn_post_may_be_emptied() -> None:
    assert _shown("", validity="withdrawn", revision=2) == []


@pytest.mark.parametrize(
    ("path", "entered", "effect"),
    [
        ("post.md", None, Effect.REFUSE),
        ("other.png", None, Effect.NOTE),
        ("post.md", at("2026-11-20 09:00"), Effect.NOTE),
    ],
)
def test_3_boundary_what_stands_is_noted_when_a_record_of_it_comes(
    path: str, entered: Any, effect: Effect
) -> None:
    """A publication of it can be recorded, and a replay of the past refuses nothing."""
    subject = post(body="<b>重要</b>\n")
    brought = change(entry(f"{subject.folder}/{path}", "posts", "A"))
    look = archive(subject, change=brought, entered=entered)
    look = replace(look, renditions=Channels({subject.id: subject}, registers()))
    (found,) = complaints(RULE, 3, subject, look)
    assert found.effect is effect
