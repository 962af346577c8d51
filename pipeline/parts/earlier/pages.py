"""建库前的发布: listed as its head signed it, and not reviewed here."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pipeline.model.earlier import signed_earlier
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Page, Unit

URL = "earlier/"


def earlier(ctx: RenderContext) -> list[Mapping[str, Any]]:
    """What was published before the archive and its head signed, the newest first."""
    rows = ({"account": r["account"], **item} for r, _, item in signed_earlier(ctx.site.archive))
    return sorted(rows, key=lambda row: (row["published_at"], row["url"]), reverse=True)


def earlier_units(ctx: RenderContext) -> Iterator[Unit]:
    """Its page, where there is something to list."""
    if ctx.value("earlier"):
        yield ctx.unit(URL, "", partial(_page, ctx))


def _page(ctx: RenderContext) -> Page:
    rows = ctx.value("earlier")
    about = "本库建立前各账号已发布的内容，未在此审核"
    names = {r["account"]: ctx.site.archive.registers.name_of(r["account"]) for r in rows}
    return ctx.simple(URL, "建库前的发布", about, "earlier.html.j2", rows=rows, names=names)
