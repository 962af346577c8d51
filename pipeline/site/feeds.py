"""Feeds, sitemap and catalogue (RFC 4287, RFC 4151, JSON Feed 1.1, sitemaps.org 0.9)."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, quoteattr

from pipeline.model.calendar import SHANGHAI
from pipeline.site import words
from pipeline.site.inputs import SiteInput
from pipeline.site.views import View

NEWEST = 50  # entries of a feed
MOST_URLS = 50_000  # of one sitemap file (sitemaps.org)
CHANNEL = "archive"


def feed_files(site: SiteInput, views: Sequence[View], base: str) -> Iterator[tuple[str, bytes]]:
    """feed.xml and feed.json of the newest posts, withdrawn ones left out."""
    newest = [v for v in views if not v.withdrawn][:NEWEST]
    yield "feed.xml", _atom(site, newest, base)
    yield "feed.json", _json_feed(site, newest, base)


def entry_id(view: View, base: str) -> str:
    """A tag URI from host, year and post id: it outlives a move of the pages (RFC 4151)."""
    return f"tag:{urlsplit(base).hostname},{view.post.year}:{view.post.id}"


def updated(view: View) -> datetime:
    """When the entry last changed for a reader: published, or corrected later (start of day)."""
    return max(view.moment, datetime.combine(view.changed_on, time(), SHANGHAI))


def _html(site: SiteInput, view: View) -> str:
    rendition = site.archive.renditions.get((view.post.id, CHANNEL))
    return rendition.html if rendition else ""


def _atom(site: SiteInput, views: Sequence[View], base: str) -> bytes:
    policy = site.archive.registers.policy
    stamp = max((updated(v) for v in views), default=site.archive.as_of)
    entries = "".join(_entry(site, view, base) for view in views)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<title>{escape(str(policy.archive['name']))}</title>\n"
        f"<id>{escape(base)}</id>\n"
        f"<updated>{stamp.isoformat()}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(base + "feed.xml")}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(base)}/>\n'
        f"<author><name>{escape(str(policy.unit.get('full_name', '')))}</name></author>\n"
        f"{entries}</feed>\n"
    ).encode()


def _entry(site: SiteInput, view: View, base: str) -> str:
    url = base + view.url
    category = f"<category term={quoteattr(view.short_category)}/>\n" if view.category else ""
    return (
        f"<entry xml:base={quoteattr(url)}>\n"
        f"<title>{escape(view.title)}</title>\n"
        f"<id>{escape(entry_id(view, base))}</id>\n"
        f'<link rel="alternate" type="text/html" href={quoteattr(url)}/>\n'
        f"<published>{view.moment.isoformat()}</published>\n"
        f"<updated>{updated(view).isoformat()}</updated>\n"
        f"{category}<summary>{escape(view.summary)}</summary>\n"
        f'<content type="html">{escape(_html(site, view))}</content>\n'
        "</entry>\n"
    )


def _json_feed(site: SiteInput, views: Sequence[View], base: str) -> bytes:
    policy = site.archive.registers.policy
    items = [
        {
            "id": entry_id(view, base),
            "url": base + view.url,
            "title": view.title,
            "summary": view.summary,
            "content_html": _html(site, view),
            "date_published": view.moment.isoformat(),
            "date_modified": updated(view).isoformat(),
            "tags": list(view.tags),
        }
        for view in views
    ]
    return _dump(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": str(policy.archive["name"]),
            "home_page_url": base,
            "feed_url": f"{base}feed.json",
            "language": "zh-CN",
            "authors": [{"name": str(policy.unit.get("full_name", ""))}],
            "items": items,
        }
    )


def catalogue(views: Sequence[View], base: str) -> bytes:
    """catalogue.json: the metadata of every post, newest first; tombstones with less of it."""
    return _dump({"version": 1, "posts": [_row(view, base) for view in views]})


def _row(view: View, base: str) -> dict[str, object]:
    meta = view.post.meta
    row: dict[str, object] = {
        "index_no": view.index_no,
        "id": view.post.id,
        "url": base + view.url,
        "title": view.title,
        "published_at": view.moment.isoformat(),
        "validity": "withdrawn" if view.withdrawn else str(meta.get("validity", "valid")),
        "revision": view.post.revision,
    }
    if view.withdrawn:
        return row
    created = view.post.created_on
    return row | {
        "category": view.category,
        "kind": view.post.kind,
        "kind_name": words.KINDS.get(view.post.kind, view.post.kind),
        "topic": str(meta.get("topic", "")),
        "summary": view.summary,
        "accounts": list(view.post.accounts),
        "tags": list(view.tags),
        "doc_no": str(meta.get("doc_no") or ""),
        "created_on": created.isoformat() if created else "",
        "manifest": dict(sorted(view.post.manifest.items())),
    }


def sitemap_files(pages: Sequence[tuple[str, datetime]], base: str) -> Iterator[tuple[str, bytes]]:
    """sitemap.xml, or above its limit an index of numbered ones. Pages: (url, last change)."""
    if len(pages) <= MOST_URLS:
        yield "sitemap.xml", _urls(pages, base)
        return
    parts = range(0, len(pages), MOST_URLS)
    for number, start in enumerate(parts):
        yield f"sitemap-{number}.xml", _urls(pages[start : start + MOST_URLS], base)
    rows = "".join(
        f"<sitemap><loc>{escape(base)}sitemap-{n}.xml</loc></sitemap>\n" for n in range(len(parts))
    )
    yield "sitemap.xml", _sitemap("sitemapindex", rows)


def _urls(pages: Sequence[tuple[str, datetime]], base: str) -> bytes:
    rows = "".join(
        f"<url><loc>{escape(base + quote(url))}</loc>"
        f"<lastmod>{changed.astimezone(SHANGHAI).isoformat(timespec='seconds')}</lastmod></url>\n"
        for url, changed in pages
    )
    return _sitemap("urlset", rows)


def _sitemap(element: str, rows: str) -> bytes:
    name = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<{element} xmlns="{name}">\n{rows}</{element}>\n'
    ).encode()


def robots(base: str) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode()


def _dump(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
