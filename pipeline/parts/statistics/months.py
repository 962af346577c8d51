"""Years and months: calendars whose days lead to the posts of each, and the posts day by day."""

from calendar import Calendar
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from pipeline.site.pages.lists import NEWEST, numbered, pager
from pipeline.site.pages.post_view import PostView, grouped, leaves
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Crumb, Unit
from pipeline.site.years import SiteYear


class CalendarDay(NamedTuple):
    """A day of a calendar; without posts it has no address."""

    number: int
    posts: int = 0
    url: str = ""


class MonthPages(NamedTuple):
    """A month with the pages of its posts, the newest first; one page when it has none."""

    number: int
    url: str
    posts: int
    most: int
    """Posts of its fullest day, for the colours of the others."""
    weeks: tuple[tuple[CalendarDay | None, ...], ...]
    """From Monday to Sunday; None: of another month."""
    pages: tuple[tuple[str, tuple[PostView, ...]], ...]


def months_of(year: SiteYear) -> dict[int, MonthPages]:
    """From the first month with posts to the last, the empty ones between them too."""
    posts = grouped(year.views, lambda v: (v.day.month,))
    numbers = range(min(posts), max(posts) + 1)
    return {n: _month(year.name, n, posts.get(n, ())) for n in numbers}


def _month(year: str, number: int, views: Sequence[PostView]) -> MonthPages:
    top = f"posts/{year}/{number:02d}/"
    parts = leaves(views, NEWEST)
    pages = tuple(zip(numbered(top, len(parts)), parts, strict=True))
    days: dict[int, CalendarDay] = {}
    for url, leaf in pages:
        for view in leaf:
            old = days.get(view.day.day, CalendarDay(view.day.day, 0, f"{url}#d{view.day.day}"))
            days[old.number] = old._replace(posts=old.posts + 1)
    weeks = Calendar().monthdayscalendar(int(year), number)
    table = tuple(tuple(days.get(n, CalendarDay(n)) if n else None for n in week) for week in weeks)
    most = max((day.posts for day in days.values()), default=0)
    return MonthPages(number, top, len(views), most, table, pages)


def month_units(ctx: RenderContext, year: SiteYear) -> Iterator[Unit]:
    """The page of a year, and those of its months."""
    months, url, name = months_of(year), f"posts/{year.name}/", f"{year.name}年"
    count, changed = len(year.views), max(v.updated for v in year.views)
    make = partial(
        ctx.simple,
        url,
        name,
        f"{name}发布的全部内容，共 {count} 篇",
        "year.html.j2",
        crumbs=(Crumb("全部内容", "posts/"),),
        year=year.name,
        months=months,
        most=max(m.most for m in months.values()),
        count=count,
    )
    yield ctx.unit(url, ctx.key(url, [(m.posts, m.weeks) for m in months.values()]), make, changed)
    for month in months.values():
        beside = months.get(month.number - 1), months.get(month.number + 1)
        near = [m and (m.number, m.url) for m in beside]
        yield from _pages(ctx, year.name, month, near, changed)


def _pages(
    ctx: RenderContext,
    year: str,
    month: MonthPages,
    beside: Sequence[tuple[int, str] | None],
    changed: datetime,
) -> Iterator[Unit]:
    """`beside`: (number, address) of the months before and after; `changed`: the year."""
    name = f"{year}年{month.number}月"
    urls = [url for url, _ in month.pages]
    for index, (url, views) in enumerate(month.pages):
        turn = pager(urls, index) if len(urls) > 1 else None
        title = f"{name}（第{index + 1}页）" if index else name
        days = grouped(views, lambda v: (v.day,))
        weeks = () if index else month.weeks  # a new post changes no page but the newest
        make = partial(
            ctx.simple,
            url,
            title,
            f"{title}发布的内容" + ("" if index else f"，共 {month.posts} 篇"),
            "month.html.j2",
            crumbs=(Crumb("全部内容", "posts/"), Crumb(f"{year}年", f"posts/{year}/")),
            month=month,
            days=days,
            weeks=weeks,
            leaf=turn,
            beside=() if index else beside,
        )
        key = ctx.key(url, ctx.marks(views), weeks, turn, () if index else (month.posts, beside))
        yield ctx.unit(url, key, make, max((v.updated for v in views), default=changed))
