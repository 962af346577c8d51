"""Lists, keywords, alert states, index numbers, cadence in words."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.model.calendar import weeks_between
from pipeline.model.cards import card_of
from pipeline.parts.cadence.pages import WEEKS_SHOWN, cadences, needed_in
from pipeline.render.alert import alert_of, alert_state
from pipeline.render.validity import validity_of
from pipeline.site.addresses import tag_slug
from pipeline.site.pages.post_view import PostView, index_number, leaves
from pipeline.site.pages.posts import broken_title
from pipeline.site.pages.site_plan import MOST_URLS, sitemap_of
from pipeline.site.units import Unit
from tests.site import sample
from tests.site.conftest import Built


def test_newest_first_and_of_one_order(built: Built) -> None:
    found = sample.views(built.site)
    assert [v.post.id for v in found][:2] == [sample.ALERT, "2026-11-16-video"]
    turned = dict(reversed(built.site.archive.posts.items()))
    assert sample.views(sample.changed(built.site, posts=turned)) == found


def test_index_number_is_of_the_post_alone(built: Built) -> None:
    archive = built.site.archive
    numbers = {i: index_number(i, archive.registers) for i in archive.posts}
    assert numbers[sample.PLAIN] == "MB0000000/2026-1103-winter-co"
    assert len(set(numbers.values())) == len(numbers)
    fewer = sample.without(built.site, "2026-09-21-tip")
    assert {v.post.id: v.index_no for v in sample.views(fewer)}.items() <= numbers.items()


@pytest.mark.parametrize("count", [0, 1, 50, 99, 100, 149, 150, 151, 517])
def test_a_new_post_changes_only_the_newest_leaf(built: Built, count: int) -> None:
    view = sample.views(built.site)[0]
    items: list[PostView] = [replace(view, title=str(n)) for n in range(count, 0, -1)]
    before = leaves(items)
    after = leaves([replace(view, title="new"), *items])
    assert [v for leaf in before for v in leaf] == items
    kept = min(len(before), len(after)) - 1
    assert before[len(before) - kept :] == after[len(after) - kept :]
    assert all(len(leaf) == 50 for leaf in before[1:])
    assert len(before[0]) < 100


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        ({"starts_at": 1, "ends_at": 2}, "未开始"),
        ({"starts_at": 0, "ends_at": 2}, "生效中"),
        ({"starts_at": -2, "ends_at": 0}, "已过期"),
        ({"starts_at": -2, "ends_at": 1, "lifted_at": 0}, "已解除"),
        ({"starts_at": -2, "ends_at": 1, "lifted_at": 1}, "生效中"),
        ({"starts_at": -3, "ends_at": -1, "lifted_at": -2}, "已解除"),
    ],
)
def test_alert_state_at_its_borders(hours: dict[str, int], state: str) -> None:
    alert = {k: sample.AS_OF + timedelta(hours=h) for k, h in hours.items()}
    assert alert_state(alert, sample.AS_OF) == state


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({}, "有效"),
        ({"expires_on": sample.AS_OF.date()}, "有效"),
        ({"expires_on": sample.AS_OF.date() - timedelta(days=1)}, "已失效"),
        ({"expires_on": date.max}, "有效"),
        ({"validity": "repealed", "expires_on": date(2026, 1, 1)}, "已废止"),
        ({"validity": "withdrawn", "expires_on": date(2026, 1, 1)}, "已撤回"),
        ({"alert": {"starts_at": 1, "ends_at": 2}}, "尚未生效"),
        ({"alert": {"starts_at": -1, "ends_at": 2}}, "有效"),
        ({"alert": {"starts_at": -2, "ends_at": 0}}, "已失效"),
        ({"alert": {"starts_at": -2, "ends_at": 2, "lifted_at": 0}}, "已解除"),
    ],
)
def test_a_post_holds_as_its_facts_say(meta: dict[str, Any], words: str) -> None:
    times = {k: sample.AS_OF + timedelta(hours=h) for k, h in meta.get("alert", {}).items()}
    post = sample.make().archive.posts[sample.PLAIN]
    card = card_of(replace(post, meta={**post.meta, **meta, "alert": times or None}))
    alert = alert_of(card.alert, sample.AS_OF)
    assert validity_of(card, alert, sample.AS_OF.date()) == words


@pytest.mark.parametrize(("title", "lines"), [
    ("全市森林火险气象风险预警发布", "全市|森林|火险|气象|风险|预警|发布"),
    ("关于印发《有限空间作业办法》的通知", "关于|印发|《有限|空间|作业|办法》|的|通知"),
    ("11月21日起全市森林火险等级提升", "11月|21日起|全市|森林|火险|等级|提升"),
    ("清池清井，先通风再检测后作业", "清池清井，先通风再检测后作业"),
    ("云岚市发布寒潮蓝色预警", "云岚市|发布|寒潮|蓝色|预警"),
])  # fmt: skip
def test_a_line_of_a_title_ends_between_words(title: str, lines: str) -> None:
    assert broken_title(title).split("<wbr>") == lines.split("|")


def test_keywords_that_look_alike_keep_apart() -> None:
    tags = ["防汛", "C/C++", "c-c", "C-C", "..", "/", "防汛 ", "长" * 200, "防汛/"]
    slugs = [tag_slug(tag) for tag in tags]
    assert slugs[0] == "防汛"
    assert len({s.casefold() for s in slugs}) == len(tags)
    assert all(s and "/" not in s and "." not in s and len(s.encode()) < 120 for s in slugs)


def test_cadence_counts_weeks_and_names_the_quiet_one(built: Built) -> None:
    wechat, _, video = cadences(built.site.archive)
    quiet = [w.monday for w in wechat.weeks if w.state == "quiet"]
    assert quiet == [date(2026, 10, 12)]
    assert [w.count for w in wechat.weeks][:3] == [2, 2, 2]
    assert wechat.weeks[-1].running
    assert wechat.weeks[-1].count >= 1, "the alert of that Sunday"
    met = sum(w.state == "good" for w in wechat.weeks)
    assert wechat.figure
    assert wechat.figure[0] == f"{met}/{len(wechat.weeks) - 1}"
    assert all(w.needed is None for w in video.weeks)
    assert video.figure
    assert video.figure[0] == "56"
    assert "超过规定的 10 天" in "".join(video.sentences)


def test_a_year_of_weeks_is_drawn_with_a_number_under_each_column(built: Built) -> None:
    page = built.text("cadence/index.html")
    wechat = cadences(built.site.archive)[0]
    chart = page[page.index('<div class="sn-weeks"') :]
    columns = re.findall(r'<rect y="(\d+)" width="10" height="(\d+)"/>', chart)[: len(wechat.weeks)]
    numbers = re.findall(r'<b class="sn-week--\w+">(\d+)</b>', chart)[: len(wechat.weeks)]
    assert numbers == [str(week.count) for week in wechat.weeks]
    assert all(int(y) + int(height) == 100 for y, height in columns)
    heights = sorted(
        zip((w.count for w in wechat.weeks), (int(h) for _, h in columns), strict=True)
    )
    assert [h for _, h in heights] == sorted(h for _, h in heights), "more updates, a taller column"
    assert len(list(weeks_between(date(2025, 1, 1), date(2026, 11, 22)))[-WEEKS_SHOWN:]) == 52


def test_figures_begin_where_the_archive_begins(built: Built) -> None:
    page = built.text("statistics/index.html")
    months = re.findall(r'<li><a href="\.\./posts/(\d+)/(\d+)?/?">', page)
    first = min(p.id for p in built.site.archive.posts.values())
    assert months[0] == (first[:4], first[5:7])
    held = re.findall(r"<li><strong>(\d+)</strong>", page)
    assert int(held[0]) == len(built.site.archive.posts)
    assert len(held) == 3


def test_weeks_without_an_update_are_shown_from_the_day_that_the_archive_began(
    built: Built,
) -> None:
    archive = built.site.archive
    registers = archive.registers
    policy = replace(
        registers.policy, archive={**registers.policy.archive, "since": date(2026, 11, 2)}
    )
    late = tuple(p for p in archive.publications if p.published_at.date() >= date(2026, 11, 16))
    young = replace(archive, registers=replace(registers, policy=policy), publications=late)
    wechat = cadences(young)[0]
    assert wechat.weeks[0].monday == date(2026, 11, 2)
    assert [w.state for w in wechat.weeks[:2]] == ["quiet", "quiet"]


def test_a_week_that_is_not_whole_or_left_out_by_policy_owes_nothing(built: Built) -> None:
    archive, registers = built.site.archive, built.site.archive.registers
    wechat = next(iter(registers.accounts.values()))
    made = registers.policy.parameters
    exempt = replace(made["cadence.text.count"][0], value=["2026-10-14"])
    policy = replace(registers.policy, parameters={**made, "cadence.exempt_weeks": (exempt,)})
    young = replace(wechat, opened_on=date(2026, 10, 7))
    look = replace(archive, registers=replace(registers, policy=policy))
    owed = [needed_in(young, look, date(2026, 10, day)) for day in (5, 12, 19)]
    assert owed == [None, None, 2]


def test_a_batch_is_one_update(built: Built) -> None:
    archive = built.site.archive
    moment = archive.publications[0].published_at
    batched = tuple(replace(p, batch="b1", published_at=moment) for p in archive.publications)
    wechat = cadences(replace(archive, publications=batched))[0]
    assert sum(week.count for week in wechat.weeks) == 1


@pytest.mark.parametrize(("more", "last"), [(0, MOST_URLS), (1, 1)])
def test_a_sitemap_has_no_more_addresses_than_the_format_allows(more: int, last: int) -> None:
    pages = tuple((f"p{n}/", sample.AS_OF) for n in range(MOST_URLS + more))
    unit = sitemap_of("2026", [Unit("", "", tuple, pages)], "https://a.example/")
    files = dict(unit.make())
    assert [*files] == list(unit.heads) == ["sitemap-2026.xml", "sitemap-2026-2.xml"][: 1 + more]
    assert files[unit.heads[0]].count(b"<url>") == MOST_URLS
    assert files[unit.heads[-1]].count(b"<url>") == last
