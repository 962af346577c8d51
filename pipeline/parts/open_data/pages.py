"""开放数据 and 订阅: what the catalogue holds, how to follow the unit, and files for machines."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.parts.open_data.catalogue import SCHEMA, dataset, fields, texts_path
from pipeline.parts.open_data.feeds import feed_units
from pipeline.parts.open_data.linked_data import web_manifest
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Page, Unit


def open_data_units(ctx: RenderContext) -> Iterator[Unit]:
    """Feeds, web manifest."""
    yield from feed_units(ctx)
    yield Unit("site.webmanifest", "", lambda: [web_manifest(ctx)])


def data_page(ctx: RenderContext) -> Page:
    years = {y.name: y.summary.posts for y in reversed(ctx.years)}
    about = "目录数据和全文下载、字段说明、代码表和使用许可"
    page = ctx.simple(
        "data/",
        "开放数据",
        about,
        "data.html.j2",
        years=years,
        texts={y.name: texts_path(y) for y in ctx.years},
        program=ctx.site.program,
        fields=fields(ctx.site.theme[SCHEMA], ctx.site.gettext),
        accounts=list(ctx.site.archive.registers.accounts.values()),
    )
    return replace(page, data=dataset(ctx, about))


def subscribe_page(ctx: RenderContext) -> Page:
    """Codes of the accounts in use, the calendar of warnings, and feeds."""
    archive = ctx.site.archive
    accounts = [a for a in archive.registers.accounts.values() if a.active(archive.today)]
    about = "关注账号、订阅预警日历、用软件接收更新"
    feeds = [(way.title, way.url) for way in ctx.ways]
    return ctx.simple(
        "subscribe/",
        "订阅",
        about,
        "subscribe.html.j2",
        base=ctx.base,
        accounts=accounts,
        feeds=feeds,
    )
