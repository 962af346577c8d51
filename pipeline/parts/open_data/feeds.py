"""Feeds of the archive and of each list but keywords (RFC 4287, JSON Feed 1.1)."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import NamedTuple

from pipeline.model import brings, channels, part
from pipeline.model.calendar import SHANGHAI
from pipeline.model.ids import AccountId, PostId
from pipeline.render.xml_text import escape, quoteattr
from pipeline.site.addresses import url_of
from pipeline.site.atom import atom_feed
from pipeline.site.pages.erased import erased
from pipeline.site.pages.lists import List, lists
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, Unit, digest
from pipeline.site.view import ACCOUNT

NEWEST = 50  # entries of a feed
_EPOCH = date(2000, 1, 1)
_NEAR = re.compile(r'<(?:a|img)\b[^<>]*? (?:href|src)="(?![a-z][a-z\d+.-]*:)')
"""Where an address begins that is no whole one: JSON Feed knows no base as Atom does."""


class Item(NamedTuple):
    """What a feed says of one post."""

    post: PostId
    url: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    category: str = ""
    tags: tuple[str, ...] = ()


def feed_units(ctx: RenderContext) -> Iterator[Unit]:
    """feed.xml and feed.json of the archive and of every list that has some."""
    withdrawals = [repr(c) for c in ctx.site.archive.corrections if c.kind == "withdrawal"]
    gone = digest(withdrawals, [(e.post, e.title, e.on.isoformat()) for e in erased(ctx)])
    for feed in _feeds(ctx):
        totals = ctx.totals_of(feed.kind, feed.value)
        newest = totals or ctx.marks(ctx.newest_of(NEWEST, feed.kind, feed.value))
        key = ctx.key(feed, newest, gone)
        yield Unit(f"feed:{feed.url}", key, partial(_files, ctx, feed))
    for channel in part.program().channels.values():
        if channel.feed and (accounts := accounts_on(ctx, channel)):
            yield _of_channel(ctx, channel, accounts)


def accounts_on(ctx: RenderContext, channel: brings.Channel) -> list[AccountId]:
    """Ids of the accounts on a channel's platform."""
    accounts = ctx.site.archive.registers.accounts.values()
    return [a.id for a in accounts if a.platform == channel.platform]


def _feeds(ctx: RenderContext) -> Iterator[List]:
    """All posts, and the lists that have feeds, by their titles."""
    yield List("", "", "", ctx.name, "")
    titled = (each._replace(title=f"{each.title} - {ctx.name}") for each in lists(ctx))
    yield from (each for each in titled if each.feed)


def _files(ctx: RenderContext, feed: List) -> Iterator[File]:
    views = ctx.newest_of(NEWEST, feed.kind, feed.value)
    ctx.ask((v for v in views if not ctx.rendered.get(v.id, ("", ""))[1]), whole=True)
    items = [*(_item(ctx, view) for view in views), *_gone(ctx, feed, views)]
    yield _atom(ctx, feed, items)
    yield f"{feed.url}feed.json", _json_feed(ctx, feed, items)


def _item(ctx: RenderContext, view: PostView) -> Item:
    title, html = view.title, f"<p>{escape(view.introduction)}</p>"
    if view.withdrawn:
        title = f"已撤回：{title}"
    else:
        html = ctx.html(view)
    category = "" if view.withdrawn else view.short_category
    times = view.moment, view.updated
    return Item(view.id, view.url, title, view.summary, html, *times, category, view.tags)


def _gone(ctx: RenderContext, feed: List, shown: Sequence[PostView]) -> Iterator[Item]:
    """Posts withdrawn or erased since the oldest that is shown was published, by their old ids.

    A reader keeps what it fetched, and few heed RFC 6721 (deleted-entry): an entry of the same id
    that is newer takes the place of the old text everywhere.
    """
    since = shown[-1].day if len(shown) == NEWEST else date.min
    later = ctx.site.archive.corrections
    ids = {c.post for c in later if c.kind == "withdrawal" and c.changed_on >= since}
    for year in ctx.years:
        for view in year.views if any(i[:4] == year.name for i in ids) else ():
            if view.id not in ids or not view.withdrawn:
                continue
            if not feed.kind or feed.value in map(str, year.values(feed.kind, view)):
                yield _item(ctx, view)
    for each in erased(ctx):
        if each.on.date() >= since and not feed.kind:
            about = "本条内容已依规清除。"
            html, title = f"<p>{about}</p>", f"已清除：{each.title}"
            yield Item(each.post, url_of(each.post), title, about, html, each.on, each.on)


def _atom(ctx: RenderContext, feed: List, items: Sequence[Item]) -> File:
    begun = datetime.combine(max(ctx.policy.since, _EPOCH), time(), SHANGHAI)  # of an empty feed
    stamp = max((item.updated for item in items), default=begun)
    entries = "".join(_entry(ctx, item) for item in items)
    return atom_feed(ctx, feed.url, feed.title, stamp.isoformat(), entries)


def _entry(ctx: RenderContext, item: Item) -> str:
    url = ctx.base + item.url
    category = f"<category term={quoteattr(item.category)}/>\n" if item.category else ""
    return (
        f"<entry xml:base={quoteattr(url)}>\n"
        f"<title>{escape(item.title)}</title>\n"
        f"<id>{escape(ctx.site.archive.registers.policy.tag(item.post))}</id>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(url)}/>\n'
        f"<published>{item.published.isoformat()}</published>\n"
        f"<updated>{item.updated.isoformat()}</updated>\n"
        f"{category}<summary>{escape(item.summary)}</summary>\n"
        f'<content type="html">{escape(item.html)}</content>\n'
        "</entry>\n"
    )


def _json_feed(ctx: RenderContext, feed: List, items: Sequence[Item]) -> bytes:
    rows = [
        {
            "id": ctx.site.archive.registers.policy.tag(item.post),
            "url": ctx.base + item.url,
            "title": item.title,
            "summary": item.summary,
            "content_html": _NEAR.sub(rf"\g<0>{ctx.base}{item.url}", item.html),
            "date_published": item.published.isoformat(),
            "date_modified": item.updated.isoformat(),
            "tags": list(item.tags),
        }
        for item in items
    ]
    return _dumped(ctx, feed.url, "feed.json", feed.title, rows)


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


def _of_channel(ctx: RenderContext, channel: brings.Channel, accounts: list[AccountId]) -> Unit:
    """The posts of these accounts, as the channel shows them."""

    def make() -> Iterator[File]:
        archive, code = ctx.site.archive, channels.code_of(channel.platform)
        posts = {v.id: v for a in accounts for v in ctx.newest_of(NEWEST, ACCOUNT, a)}
        newest = sorted(posts.values(), key=lambda v: (v.moment, v.id), reverse=True)
        views = newest[:NEWEST]
        ctx.ask(views, whole=True)
        items = [
            code.feed_item(v.post, archive.registers, rendition)
            for v in views
            if (rendition := archive.renditions.get((v.id, channel.platform)))
        ]
        yield channel.feed, _dumped(ctx, "", channel.feed, f"{channel.box} - {ctx.name}", items)

    totals = [ctx.totals_of(ACCOUNT, account) for account in accounts]
    key = ctx.key(channel.platform, accounts, totals)
    return Unit(f"feed:{channel.platform}", key, make)
