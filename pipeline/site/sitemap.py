"""sitemap.xml, or above its limit an index of numbered ones (sitemaps.org 0.9); robots.txt."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from pipeline.model.calendar import SHANGHAI
from pipeline.site.units import File

MOST_URLS = 50_000  # of one sitemap file (sitemaps.org)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_files(pages: Sequence[tuple[str, datetime]], base: str) -> Iterator[File]:
    """Pages: (url from the site's root, last change)."""
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
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{head}\n<{element} xmlns="{_NAMESPACE}">\n{rows}</{element}>\n'.encode()


def robots(base: str) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode()
