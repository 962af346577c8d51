"""Feeds of the archive, of each account and each category (RFC 4287, JSON Feed 1.1)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from pipeline.model.calendar import SHANGHAI
from pipeline.site import words
from pipeline.site.units import File, Unit
from pipeline.site.views import View
from pipeline.site.workshop import Workshop

NEWEST = 50  # entries of a feed
APP = "app"
_EPOCH = date(2000, 1, 1)


@dataclass(frozen=True)
class Feed:
    """One feed: where it lies, what page it belongs to, and its newest posts."""

    folder: str
    title: str
    views: tuple[View, ...]


def feed_units(shop: Workshop) -> Iterator[Unit]:
    """feed.xml and feed.json of the archive, of every account and of every category."""
    for feed in _feeds(shop):
        key = shop.key(feed.folder, feed.title, [v.mark for v in feed.views])
        yield Unit(f"feed:{feed.folder}", key, partial(_files, shop, feed))
    yield _app(shop)


def fed(shop: Workshop) -> frozenset[str]:
    """Ids of the posts that some feed shows whole."""
    return frozenset(view.id for feed in _feeds(shop) for view in feed.views)


def _feeds(shop: Workshop) -> Iterator[Feed]:
    yield Feed("", shop.name, shop.present[:NEWEST])
    for account in shop.site.archive.registers.accounts.values():
        items = shop.by_account.get(account.id, ())[:NEWEST]
        yield Feed(f"accounts/{account.id}/", f"{account.name} - {shop.name}", items)
    for number, label in words.SHORT_CATEGORIES.items():
        items = shop.by_category.get(number, ())[:NEWEST]
        yield Feed(f"categories/{number}/", f"{label} - {shop.name}", items)


def _files(shop: Workshop, feed: Feed) -> Iterator[File]:
    shop.ask(feed.views)
    yield f"{feed.folder}feed.xml", _atom(shop, feed)
    yield f"{feed.folder}feed.json", _json_feed(shop, feed)


def entry_id(view: View, base: str) -> str:
    """A tag URI from host, year and post id: it outlives a move of the pages (RFC 4151)."""
    return f"tag:{urlsplit(base).hostname},{view.card.year}:{view.id}"


def _atom(shop: Workshop, feed: Feed) -> bytes:
    policy, base = shop.site.archive.registers.policy, shop.base
    begun = datetime.combine(max(policy.since, _EPOCH), time(), SHANGHAI)  # of an empty feed
    stamp = max((v.updated for v in feed.views), default=begun)
    here, page = base + feed.folder + "feed.xml", base + feed.folder
    entries = "".join(_entry(shop, view, base) for view in feed.views)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<title>{escape(feed.title)}</title>\n"
        f"<id>{escape(page)}</id>\n"
        f"<updated>{stamp.isoformat()}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(here)}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(page)}/>\n'
        f"<author><name>{escape(str(policy.unit.get('full_name', '')))}</name></author>\n"
        f"{entries}</feed>\n"
    ).encode()


def _entry(shop: Workshop, view: View, base: str) -> str:
    url = base + view.url
    category = f"<category term={quoteattr(view.short_category)}/>\n" if view.category else ""
    return (
        f"<entry xml:base={quoteattr(url)}>\n"
        f"<title>{escape(view.title)}</title>\n"
        f"<id>{escape(entry_id(view, base))}</id>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(url)}/>\n'
        f"<published>{view.moment.isoformat()}</published>\n"
        f"<updated>{view.updated.isoformat()}</updated>\n"
        f"{category}<summary>{escape(view.summary)}</summary>\n"
        f'<content type="html">{escape(shop.html(view.id))}</content>\n'
        "</entry>\n"
    )


def _json_feed(shop: Workshop, feed: Feed) -> bytes:
    items = [
        {
            "id": entry_id(view, shop.base),
            "url": shop.base + view.url,
            "title": view.title,
            "summary": view.summary,
            "content_html": shop.html(view.id),
            "date_published": view.moment.isoformat(),
            "date_modified": view.updated.isoformat(),
            "tags": list(view.tags),
        }
        for view in feed.views
    ]
    return _dumped(shop, feed.folder, "feed.json", feed.title, items)


def _dumped(shop: Workshop, folder: str, name: str, title: str, items: Sequence[object]) -> bytes:
    unit = str(shop.site.archive.registers.policy.unit.get("full_name", ""))
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": shop.base + folder,
        "feed_url": f"{shop.base}{folder}{name}",
        "language": "zh-CN",
        "authors": [{"name": unit}] if unit else [],
        "items": items,
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _app(shop: Workshop) -> Unit:
    """app.json: the posts of the accounts that are APPs, as an APP shows them."""
    accounts = shop.site.archive.registers.accounts.values()
    apps = {a.id for a in accounts if a.platform == "app"}
    views = [v for v in shop.present if apps & set(v.card.accounts)][:NEWEST]

    def make() -> Iterator[File]:
        site, archive = shop.site, shop.site.archive
        shop.ask(views)
        items = [
            site.feed_item(v.post, archive.registers, rendition)
            for v in views
            if (rendition := archive.renditions.get((v.id, APP)))
        ]
        yield "app.json", _dumped(shop, "", "app.json", f"APP - {shop.name}", items)

    return Unit("feed:app", shop.key("app", [v.mark for v in views]), make)
