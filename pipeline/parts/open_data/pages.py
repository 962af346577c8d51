"""开放数据: the page on the catalogue, and all that is made of the whole for machines."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.parts.open_data.catalogue import SCHEMA, catalogue, dataset, fields
from pipeline.parts.open_data.feeds import feed_units
from pipeline.parts.open_data.linked_data import web_manifest
from pipeline.site.page import Page
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Unit


def open_data_units(ctx: RenderContext) -> Iterator[Unit]:
    """Feeds, index of the catalogue, web manifest."""
    yield from feed_units(ctx)
    yield catalogue(ctx)
    yield Unit("site.webmanifest", "", lambda: [web_manifest(ctx)])


def data_page(ctx: RenderContext) -> Page:
    years = {y.name: y.summary.posts for y in reversed(ctx.years)}
    about = "目录数据下载、字段说明、代码表和使用许可"
    page = ctx.simple(
        "data/",
        "开放数据",
        about,
        "data.html.j2",
        years=years,
        program=ctx.site.program,
        fields=fields(ctx.site.theme[SCHEMA], ctx.site.gettext),
        accounts=list(ctx.site.archive.registers.accounts.values()),
    )
    return replace(page, data=dataset(ctx, about))
