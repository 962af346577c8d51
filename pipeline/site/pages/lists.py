"""The lists: ways, categories, kinds, topics, departments, accounts, keywords; a unit each page.

A list shows its newest posts and numbered pages of older ones. Readers count pages from the newest
of a year; addresses count them from its oldest end, so that a new post changes only the newest.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from pipeline.model import zh_names
from pipeline.model.ids import AccountId
from pipeline.site.addresses import tag_slug
from pipeline.site.pages.post_view import PostView, leaves
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Crumb, Page, Unit
from pipeline.site.view import ACCOUNT, CATEGORY, DEPARTMENT, KIND, TAG, TOPIC, WAY
from pipeline.site.years import SiteYear

NEWEST = 30
"""Posts on a page of a list; its newest page may have nearly twice as many."""
_NEAR = 2  # numbers beside that of the page one is on


class List(NamedTuple):
    """One list of the whole archive."""

    kind: str
    value: str
    url: str
    title: str
    note: str
    above: Crumb | None = None
    feed: bool = True
    accounts: tuple[AccountId, ...] = ()
    """Of a way: the accounts whose posts it holds."""


class Grouping(NamedTuple):
    """Lists of one kind, with a page that names them."""

    kind: str
    url: str
    title: str
    about: str
    note: str
    """What a list of it says of its posts."""


GROUPINGS = (
    Grouping(KIND, "kinds/", "内容类型", "按内容的类型查阅", "类型为“{}”的内容"),
    Grouping(TOPIC, "topics/", "主题", "按主题分类查阅", "主题分类为“{}”的内容"),
    Grouping(DEPARTMENT, "departments/", "供稿科室", "按供稿的科室和单位查阅", "{}供稿的内容"),
)


def names_in(ctx: RenderContext, kind: str) -> Mapping[str, str]:
    """Value → name, of the lists of a grouping that have posts."""
    departments = {d.id: d.name for d in ctx.site.archive.registers.departments.values()}
    names = {KIND: zh_names.KINDS, TOPIC: zh_names.TOPICS, DEPARTMENT: departments}[kind]
    return {value: name for value, name in names.items() if (kind, value) in ctx.held}


class Pager(NamedTuple):
    """Where a page of a list stands among those of its year."""

    number: int
    """From the newest, 1."""
    newer: str
    older: str
    """Addresses of the pages beside it; empty: there is none."""
    numbers: tuple[tuple[int, str], ...]
    """(number, address), some left out in the middle."""

    @property
    def newest(self) -> bool:
        return self.number == 1


def pager(urls: Sequence[str], at: int, older: str = "") -> Pager:
    """The pager of page `at` (from 0) of `urls`; `older`: what follows the last of them."""
    around = (0, *range(max(1, at - _NEAR), at + _NEAR + 1), len(urls) - 1)
    shown = sorted({n for n in around if n < len(urls)})
    beside = urls[at + 1] if at + 1 < len(urls) else older
    newer = urls[at - 1] if at else ""
    return Pager(at + 1, newer, beside, tuple((n + 1, urls[n]) for n in shown))


def numbered(top: str, count: int) -> list[str]:
    """Addresses of the pages of one year or month, newest first: ``…/2026/``, ``…/2026-3/``."""
    return [top, *(f"{top[:-1]}-{number}/" for number in range(count - 1, 0, -1))][:count]


def lists(ctx: RenderContext) -> Iterator[List]:
    for way in ctx.ways:
        yield List(WAY, way.url, way.url, way.title, way.about, accounts=way.accounts)
    for number, name in zh_names.CATEGORIES.items():
        label, above = zh_names.SHORT_CATEGORIES[number], Crumb("栏目", "categories/")
        yield List(CATEGORY, str(number), f"categories/{number}/", label, name, above)
    for g in GROUPINGS:
        for value, name in names_in(ctx, g.kind).items():
            note, above = g.note.format(name), Crumb(g.title, g.url)
            yield List(g.kind, value, f"{g.url}{value}/", name, note, above)
    for a in ctx.site.archive.registers.accounts.values():
        note = f"{zh_names.PLATFORMS.get(a.platform, '')}，备案：{a.filing or '未填写'}"
        yield List(ACCOUNT, a.id, f"accounts/{a.id}/", a.name, note, Crumb("账号", "accounts/"))
    for tag in ctx.tags:
        yield _of_tag(tag)


def _of_tag(tag: str) -> List:
    title, note = f"关键词“{tag}”", f"带有关键词“{tag}”的内容"
    url, above = f"tags/{tag_slug(tag)}/", Crumb("关键词", "tags/")
    return List(TAG, tag, url, title, note, above, feed=False)


def long_lists(ctx: RenderContext, year: SiteYear) -> dict[tuple[str, str], str]:
    """(kind, value) of the lists with posts of a year that have pages by year → the year before
    that has some."""
    held = ((kind, value) for kind, rows in year.summary.lists.items() for value in rows)
    long = sorted(key for key in held if _long(ctx.held[key]))
    return {k: next((y for y in ctx.held[k] if y < year.name), "") for k in long}


def _long(held: Mapping[str, Any]) -> bool:
    total = sum(row.posts for row in held.values())
    return total >= 2 * NEWEST or (total > NEWEST and len(held) > 1)


def first_pages(ctx: RenderContext) -> Iterator[Unit]:
    """The page of every list: its newest posts, then the years."""
    shown = ctx.value("panels", {})
    for each in lists(ctx):
        held = ctx.held.get((each.kind, each.value), {})
        panel = shown.get(each.value) if each.kind == ACCOUNT else None
        key = ctx.key(each, ctx.totals_of(each.kind, each.value), panel)
        changed = max((row.updated for row in held.values()), default="")
        when = datetime.fromisoformat(changed) if changed else None
        yield ctx.unit(each.url, key, partial(_first, ctx, each, held, panel), when)


def _first(ctx: RenderContext, each: List, held: Mapping[str, Any], panel: Any) -> Page:
    """The newest page of the newest year, with older posts where that has few."""
    rest, items = [*held], ctx.newest_of(NEWEST, each.kind, each.value)
    urls, turn = [each.url], None
    if _long(held):
        year = next(y for y in ctx.years if y.name == rest[0])
        pages = leaves(year.listed(each.kind, each.value), NEWEST)
        items = pages[0] if len(pages[0]) > len(items) else items
        urls += numbered(f"{each.url}{year.name}/", len(pages))[1:]
        turn = pager(urls, 0, f"{each.url}{rest[1]}/" if rest[1:] else "")
    return _page(
        ctx,
        each.url,
        each.title,
        f"{each.title}：{each.note}",
        items,
        crumbs=(each.above,) if each.above else (),
        note=each.note,
        feed_url=each.url if each.feed else "",
        years={y: row.posts for y, row in held.items()} if turn else {},
        leaf=turn,
        count=sum(row.posts for row in held.values()),
        panel=panel,
        accounts=[ctx.site.archive.registers.accounts[a] for a in each.accounts],
    )


def _page(
    ctx: RenderContext, url: str, title: str, about: str, items: Sequence[PostView], **values: Any
) -> Page:
    given = {"leaf": None, "feed_url": "", "years": {}, "panel": None, "accounts": ()} | values
    return ctx.simple(url, title, about, "list.html.j2", items=items, **given)


def year_pages(ctx: RenderContext, year: SiteYear) -> Iterator[Unit]:
    """The pages of a year in long lists."""
    long = long_lists(ctx, year)
    for each in lists(ctx) if long else ():
        if (each.kind, each.value) in long:
            yield from _leaves(ctx, each, year, long[each.kind, each.value])


def _leaves(ctx: RenderContext, each: List, year: SiteYear, older: str) -> Iterator[Unit]:
    """A list's posts of one year; `older`: the year before that has some."""
    pages = leaves(year.listed(each.kind, each.value), NEWEST)
    urls = numbered(f"{each.url}{year.name}/", len(pages))
    above = (each.above,) if each.above else ()
    for index, (url, leaf) in enumerate(zip(urls, pages, strict=True)):
        turn = pager(urls, index, f"{each.url}{older}/" if older else "")
        heading = f"{each.title}（{year.name}年" + (f"第{turn.number}页）" if index else "）")
        make = partial(
            _page,
            ctx,
            url,
            heading,
            f"{heading}：{each.note}",
            leaf,
            crumbs=(*above, Crumb(each.title, each.url)),
            note=each.note,
            leaf=turn,
        )
        key = ctx.key(url, each, ctx.marks(leaf), turn)
        yield ctx.unit(url, key, make, max(v.updated for v in leaf))
