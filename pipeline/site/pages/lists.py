"""The lists: years, months, categories, accounts and keywords; a unit each page.

A list shows its newest posts and names the years; what is older lies in pages of each year, which
change only when something of that year does.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from pipeline.model import zh_names
from pipeline.site.frame.page_frame import Crumb, Page
from pipeline.site.pages.post_view import PostView, grouped, leaves, tag_slug
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Unit
from pipeline.site.years import ACCOUNT, CATEGORY, TAG, ListTotals, SiteYear

NEWEST = 50
"""Posts on the first page of a list; one that has more gets pages by year."""
_MONTH_LATEST = 10  # posts of a month on its year's page


class List(NamedTuple):
    """One list of the whole archive."""

    kind: str
    value: str
    url: str
    title: str
    note: str
    above: Crumb
    feed: bool = True


def lists(ctx: RenderContext) -> Iterator[List]:
    for number, name in zh_names.CATEGORIES.items():
        label, above = zh_names.SHORT_CATEGORIES[number], Crumb("栏目", "categories/")
        yield List(CATEGORY, str(number), f"categories/{number}/", label, name, above)
    for a in ctx.site.archive.registers.accounts.values():
        note = f"{zh_names.PLATFORMS.get(a.platform, '')}，备案：{a.filing or '未填写'}"
        yield List(ACCOUNT, a.id, f"accounts/{a.id}/", a.name, note, Crumb("账号", "accounts/"))
    for tag in ctx.tags:
        yield _of_tag(tag)


def _of_tag(tag: str) -> List:
    title, note = f"关键词“{tag}”", f"带有关键词“{tag}”的内容"
    url, above = f"tags/{tag_slug(tag)}/", Crumb("关键词", "tags/")
    return List(TAG, tag, url, title, note, above, feed=False)


def long_lists(ctx: RenderContext, year: SiteYear) -> list[tuple[str, str]]:
    """(kind, value) of the lists with posts of a year that have pages by year."""
    held = ((kind, value) for kind, rows in year.summary.lists.items() for value in rows)
    return sorted(key for key in held if ctx.counts[key] > NEWEST)


def first_pages(ctx: RenderContext) -> Iterator[Unit]:
    """The page of every list: its newest posts, then the years."""
    for each in lists(ctx):
        held = ctx.held.get((each.kind, each.value), {})
        key = ctx.key(each, ctx.totals_of(each.kind, each.value))
        changed = max((row.updated for row in held.values()), default="")
        when = datetime.fromisoformat(changed) if changed else None
        yield ctx.unit(each.url, key, partial(_first, ctx, each, held), when)


def _first(ctx: RenderContext, each: List, held: Mapping[str, ListTotals]) -> Page:
    items = ctx.newest_of(NEWEST, each.kind, each.value)
    total = sum(row.posts for row in held.values())
    return _page(
        ctx,
        each.url,
        each.title,
        f"{each.title}：{each.note}",
        items,
        crumbs=(each.above,),
        note=each.note,
        feed_url=each.url if each.feed else "",
        years={y: row.posts for y, row in held.items()} if total > len(items) else {},
        count=total,
    )


def _page(
    ctx: RenderContext, url: str, title: str, about: str, items: Sequence[PostView], **values: Any
) -> Page:
    given = {"items": items, "leaf": None, "feed_url": "", "years": {}} | values
    return ctx.simple(url, title, about, "list.html.j2", **given)


def year_pages(ctx: RenderContext, year: SiteYear) -> Iterator[Unit]:
    """The pages of a year and its months, and those of the year in long lists."""
    yield from _months(ctx, year)
    long = set(long_lists(ctx, year))
    for each in lists(ctx) if long else ():
        if (each.kind, each.value) in long:
            yield from _leaves(ctx, each, year)


def _leaves(ctx: RenderContext, each: List, year: SiteYear) -> Iterator[Unit]:
    """A list's posts of one year, numbered from the oldest end below the newest page."""
    top = f"{each.url}{year.name}/"
    pages = leaves(year.listed(each.kind, each.value), NEWEST)
    for index, leaf in enumerate(pages):
        number = len(pages) - index
        url = top if index == 0 else f"{top[:-1]}-{number}/"
        turn = {
            "older": f"{top[:-1]}-{number - 1}/" if number > 1 else "",
            "newer": "" if index == 0 else top if index == 1 else f"{top[:-1]}-{number + 1}/",
            "number": number,
            "newest": index == 0,
        }
        heading = f"{each.title}（{year.name}年" + (f"第{number}页）" if index else "）")
        make = partial(
            _page,
            ctx,
            url,
            heading,
            f"{heading}：{each.note}",
            leaf,
            crumbs=(each.above, Crumb(each.title, each.url)),
            note=each.note,
            leaf=turn,
        )
        key = ctx.key(url, each, ctx.marks(leaf), sorted(turn.items()))
        yield ctx.unit(url, key, make, max(v.updated for v in leaf))


def _months(ctx: RenderContext, year: SiteYear) -> Iterator[Unit]:
    months = grouped(year.views, lambda v: (v.day.month,))
    url, name, count = f"posts/{year.name}/", f"{year.name}年", len(year.views)
    shown = {m: (len(views), ctx.marks(views[:_MONTH_LATEST])) for m, views in months.items()}
    make = partial(
        ctx.simple,
        url,
        name,
        f"{name}发布的全部内容，共 {count} 篇",
        "year.html.j2",
        crumbs=(Crumb("全部内容", "posts/"),),
        year=year.name,
        months=months,
        latest=_MONTH_LATEST,
        count=count,
    )
    changed = max(v.updated for v in year.views)
    yield ctx.unit(url, ctx.key(url, sorted(shown.items())), make, changed)
    for month, views in months.items():
        yield _month(ctx, year.name, month, views)


def _month(ctx: RenderContext, year: str, month: int, views: Sequence[PostView]) -> Unit:
    url, title = f"posts/{year}/{month:02d}/", f"{year}年{month}月"
    make = partial(
        _page,
        ctx,
        url,
        title,
        f"{title}发布的全部内容，共 {len(views)} 篇",
        views,
        crumbs=(Crumb("全部内容", "posts/"), Crumb(f"{year}年", f"posts/{year}/")),
        note=f"共 {len(views)} 篇",
    )
    return ctx.unit(url, ctx.key(url, ctx.marks(views)), make, max(v.updated for v in views))
