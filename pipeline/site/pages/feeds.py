"""Feeds of the archive, of each account and each category (RFC 4287, JSON Feed 1.1)."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

from pipeline.model import zh_names
from pipeline.model.calendar import SHANGHAI
from pipeline.render.xml_text import escape, quoteattr
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, Unit
from pipeline.site.years import ACCOUNT, CATEGORY, SiteYear

NEWEST = 50  # entries of a feed
APP = "app"
_EPOCH = date(2000, 1, 1)
_NEAR = re.compile(r'<(?:a|img)\b[^<>]*? (?:href|src)="(?![a-z][a-z\d+.-]*:)')
"""Where an address begins that is no whole one: JSON Feed knows no base as Atom does."""


@dataclass(frozen=True)
class Feed:
    """One feed: where it lies, what page it belongs to, and which list it is of."""

    folder: str
    title: str
    kind: str = ""
    value: str = ""


def feed_units(ctx: RenderContext) -> Iterator[Unit]:
    """feed.xml and feed.json of the archive, of every account and of every category."""
    for feed in _feeds(ctx):
        totals = ctx.totals_of(feed.kind, feed.value)
        key = ctx.key(feed, totals or ctx.marks(ctx.newest_of(NEWEST, feed.kind, feed.value)))
        yield Unit(f"feed:{feed.folder}", key, partial(_files, ctx, feed))
    if apps := app_accounts(ctx):
        yield _app(ctx, apps)


def app_accounts(ctx: RenderContext) -> list[str]:
    """Ids of the accounts that are APPs, for which there is one feed more."""
    accounts = ctx.site.archive.registers.accounts.values()
    return [a.id for a in accounts if a.platform == APP]


def fed(ctx: RenderContext, year: SiteYear) -> frozenset[str]:
    """Ids of the posts of the newest year that some feed shows whole."""
    shown = (year.listed(f.kind, f.value) if f.kind else year.present for f in _feeds(ctx))
    return frozenset(view.id for views in shown for view in views[:NEWEST])


def _feeds(ctx: RenderContext) -> Iterator[Feed]:
    yield Feed("", ctx.name)
    for account in ctx.site.archive.registers.accounts.values():
        title = f"{account.name} - {ctx.name}"
        yield Feed(f"accounts/{account.id}/", title, ACCOUNT, account.id)
    for number, label in zh_names.SHORT_CATEGORIES.items():
        yield Feed(f"categories/{number}/", f"{label} - {ctx.name}", CATEGORY, str(number))


def _files(ctx: RenderContext, feed: Feed) -> Iterator[File]:
    views = ctx.newest_of(NEWEST, feed.kind, feed.value)
    ctx.ask(views)
    yield f"{feed.folder}feed.xml", _atom(ctx, feed, views)
    yield f"{feed.folder}feed.json", _json_feed(ctx, feed, views)


def _atom(ctx: RenderContext, feed: Feed, views: Sequence[PostView]) -> bytes:
    policy, base = ctx.site.archive.registers.policy, ctx.base
    begun = datetime.combine(max(policy.since, _EPOCH), time(), SHANGHAI)  # of an empty feed
    stamp = max((v.updated for v in views), default=begun)
    url, page = base + feed.folder + "feed.xml", base + feed.folder
    entries = "".join(_entry(ctx, view, base) for view in views)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<title>{escape(feed.title)}</title>\n"
        f"<id>{escape(page)}</id>\n"
        f"<updated>{stamp.isoformat()}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(url)}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>\n'
        f"<author><name>{escape(str(policy.unit.get('full_name', '')))}</name></author>\n"
        f"{entries}</feed>\n"
    ).encode()


def _entry(ctx: RenderContext, view: PostView, base: str) -> str:
    url = base + view.url
    category = f"<category term={quoteattr(view.short_category)}/>\n" if view.category else ""
    return (
        f"<entry xml:base={quoteattr(url)}>\n"
        f"<title>{escape(view.title)}</title>\n"
        f"<id>{escape(ctx.site.archive.registers.policy.tag(view.id))}</id>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(url)}/>\n'
        f"<published>{view.moment.isoformat()}</published>\n"
        f"<updated>{view.updated.isoformat()}</updated>\n"
        f"{category}<summary>{escape(view.summary)}</summary>\n"
        f'<content type="html">{escape(ctx.html(view.id))}</content>\n'
        "</entry>\n"
    )


def _json_feed(ctx: RenderContext, feed: Feed, views: Sequence[PostView]) -> bytes:
    items = [
        {
            "id": ctx.site.archive.registers.policy.tag(view.id),
            "url": ctx.base + view.url,
            "title": view.title,
            "summary": view.summary,
            "content_html": _NEAR.sub(rf"\g<0>{ctx.base}{view.url}", ctx.html(view.id)),
            "date_published": view.moment.isoformat(),
            "date_modified": view.updated.isoformat(),
            "tags": list(view.tags),
        }
        for view in views
    ]
    return _dumped(ctx, feed.folder, "feed.json", feed.title, items)


def _dumped(
    ctx: RenderContext, folder: str, name: str, title: str, items: Sequence[object]
) -> bytes:
    unit = str(ctx.site.archive.registers.policy.unit.get("full_name", ""))
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": ctx.base + folder,
        "feed_url": f"{ctx.base}{folder}{name}",
        "language": "zh-CN",
        "authors": [{"name": unit}] if unit else [],
        "items": items,
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _app(ctx: RenderContext, apps: list[str]) -> Unit:
    """app.json: the posts of these accounts, as an APP shows them."""

    def make() -> Iterator[File]:
        site, archive = ctx.site, ctx.site.archive
        posts = {v.id: v for app in apps for v in ctx.newest_of(NEWEST, ACCOUNT, app)}
        newest = sorted(posts.values(), key=lambda v: (v.moment, v.id), reverse=True)
        views = newest[:NEWEST]
        ctx.ask(views)
        items = [
            site.feed_item(v.post, archive.registers, rendition)
            for v in views
            if (rendition := archive.renditions.get((v.id, APP)))
        ]
        yield "app.json", _dumped(ctx, "", "app.json", f"APP - {ctx.name}", items)

    totals = [ctx.totals_of(ACCOUNT, app) for app in apps]
    return Unit("feed:app", ctx.key("app", apps, totals), make)
