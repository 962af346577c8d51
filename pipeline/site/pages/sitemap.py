"""sitemap.xml, an index of sitemaps: one a year and one for what shows the whole; robots.txt.

Format: sitemaps.org 0.9, which allows 50,000 addresses a file; a year that has more gets several.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import quote

from pipeline.model.calendar import SHANGHAI
from pipeline.render.xml_text import escape
from pipeline.site.units import File, FinalUnit, UnfinishedSite, Unit, digest

MOST_URLS = 50_000  # of one sitemap file (sitemaps.org)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PART = "sitemap-"


def sitemap_of(group: str, units: Iterable[Unit], base: str, key: str = "") -> Unit:
    """The sitemaps of a group's pages; `key` names all that its key must but pages."""
    pages = sorted(page for unit in units for page in unit.pages)
    names = [f"{_PART}{group}.xml"]
    names += [f"{_PART}{group}-{n}.xml" for n in range(2, -(-len(pages) // MOST_URLS) + 1)]
    make = partial(_files, names, pages, base)
    return Unit(f"sitemap:{group}", key and digest(key, pages), make, heads=tuple(names))


def _files(
    names: Sequence[str], pages: Sequence[tuple[str, datetime]], base: str
) -> Iterator[File]:
    for number, name in enumerate(names):
        yield name, _urls(pages[number * MOST_URLS : (number + 1) * MOST_URLS], base)


def sitemap_list(base: str) -> FinalUnit:
    """sitemap.xml, from the names of all others."""

    def make(site: UnfinishedSite) -> Iterator[File]:
        names = (name for name in site.heads if name.startswith(_PART))
        rows = "".join(
            f"<sitemap><loc>{escape(base + quote(name))}</loc></sitemap>\n" for name in names
        )
        yield "sitemap.xml", _sitemap("sitemapindex", rows)

    return FinalUnit("sitemap", make)


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
