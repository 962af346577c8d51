"""Frames: pages that mkdocs made, cut at their slots, to be filled by joining strings."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import NamedTuple

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site.text import column
from pipeline.site.units import Crumb, Page

SLOTS = frozenset({"title", "description", "canonical", "head", "path", "content", "toc", "turn"})
_SLOT = re.compile(r"@@sanshen:([a-z]+)@@")


@dataclass(frozen=True)
class Frame:
    """Literal text and slot names in turn: text, slot, text, slot … text."""

    texts: tuple[bytes, ...]
    """UTF-8, one more than slots: the same for thousands of pages, so encoded once."""
    slots: tuple[str, ...]

    @classmethod
    def cut(cls, html: str, path: str) -> "Frame":
        """Cut a page at its slots. Raises Fault when it has no content slot or an unknown one."""
        parts = _SLOT.split(html)
        names = set(parts[1::2])
        if "content" not in names or not names <= SLOTS:
            raise Fault(
                say("The theme's page {path} has no content slot, or an unknown one.", path=path),
                say("Compare site/overrides/main.html with pipeline/site/frame/page_frame.py."),
            )
        return cls(tuple(text.encode() for text in parts[::2]), tuple(parts[1::2]))

    def fill(self, slots: Mapping[str, str]) -> bytes:
        """The page as bytes; what is filled in is HTML already and is not looked at again."""
        filled = [slots.get(name, "").encode() for name in self.slots]
        pairs = zip(self.texts, (*filled, b""), strict=True)
        return b"".join(chain.from_iterable(pairs))


class Publisher(NamedTuple):
    """What every page says of its site."""

    name: str
    base: str
    """Its public address, ending in a slash."""


def stamp(frame: Frame, page: Page, site: Publisher) -> bytes:
    """The finished page."""
    title = f"{page.title} - {site.name}" if page.url else site.name
    return frame.fill(
        {
            "title": escape(title),
            "description": escape(page.description),
            "canonical": escape(site.base + page.url),
            "head": "".join(
                (
                    f'<link rel="preload" as="image" {page.picture}>\n  ' if page.picture else "",
                    _labels(page),
                    _preview(page, site),
                    _english(page),
                    _feeds(page),
                    _data(page, site.base),
                )
            ),
            "path": _path(page),
            "content": page.content,
            "toc": _toc(page.toc),
            "turn": _turn(page),
        }
    )


def _labels(page: Page) -> str:
    above = [crumb.text for crumb in page.crumbs]
    given = page.labels or column(page.url, page.title, page.description, above)
    return "\n  ".join(f'<meta name="{n}" content="{escape(v)}">' for n, v in given.items())


def _preview(page: Page, site: Publisher) -> str:
    """What a chat or a social network shows of a link (The Open Graph protocol)."""
    properties = {
        "title": page.title if page.url else site.name,
        "description": page.description,
        "type": "article" if page.labels else "website",
        "url": site.base + page.url,
        "image": page.labels.get("Image") or f"{site.base}assets/card.png",
    }
    return "".join(
        f'\n  <meta property="og:{name}" content="{escape(v)}">' for name, v in properties.items()
    )


def _english(page: Page) -> str:
    """A link to what says the same in English."""
    about = 'type="application/cap+xml" title="CAP 1.2 in English and Chinese"'
    link = f'\n  <link rel="alternate" hreflang="en" {about} href="{page.root}{page.english}">'
    return link if page.english else ""


def _feeds(page: Page) -> str:
    """Links by which readers find the feeds of a list."""
    kinds = ("Atom", "atom+xml", "feed.xml"), ("JSON Feed", "feed+json", "feed.json")
    return "".join(
        f'\n  <link rel="alternate" type="application/{kind}" '
        f'title="{escape(page.title)}（{name}）" href="{escape(page.root + page.feed)}{file}">'
        for name, kind, file in (kinds if page.feed else ())
    )


def _data(page: Page, base: str) -> str:
    """JSON-LD of what the page is about, and of the way to it."""
    way = [("首页", base), *((c.text, base + c.url) for c in page.crumbs)]
    way.append((page.title, base + page.url))
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url}
            for number, (name, url) in enumerate(way, 1)
        ],
    }
    about = [page.data] if page.data else []
    graph = [*about, *([trail] if page.url.endswith("/") else [])]
    if not graph:
        return ""
    # A browser looks for the end of a script, and for comments, whatever its language is.
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    whole = text.replace("<", "\\u003c")
    return f'\n  <script type="application/ld+json">{whole}</script>'


def _path(page: Page) -> str:
    if not page.crumbs:
        return ""
    items = "".join(
        f'<li class="md-path__item"><a href="{escape(page.root + c.url)}" class="md-path__link">'
        f'<span class="md-ellipsis">{escape(c.text)}</span></a></li>'
        for c in (Crumb("首页", ""), *page.crumbs)
    )
    return (
        f'<nav class="md-path" aria-label="当前位置"><ol class="md-path__list">{items}</ol></nav>'
    )


def _toc(entries: tuple[tuple[int, str, str], ...]) -> str:
    """Two levels, as material's own table of contents has them."""
    top: list[tuple[str, list[str]]] = []
    for level, name, text in entries:
        link = (
            f'<a href="#{escape(name)}" class="md-nav__link">'
            f'<span class="md-ellipsis">{escape(text)}</span></a>'
        )
        if level <= 2 or not top:
            top.append((link, []))
        else:
            top[-1][1].append(f'<li class="md-nav__item">{link}</li>')
    items = "".join(_toc_item(link, below) for link, below in top)
    if not items:
        return ""
    return (
        '<nav class="md-nav md-nav--secondary" aria-label="本页目录">'
        '<p class="md-nav__title">本页目录</p>'
        f'<ul class="md-nav__list" data-md-component="toc" data-md-scrollfix>{items}</ul></nav>'
    )


def _toc_item(link: str, below: list[str]) -> str:
    inner = f'<ul class="md-nav__list">{"".join(below)}</ul>' if below else ""
    return f'<li class="md-nav__item">{link}{inner}</li>'


def _turn(page: Page) -> str:
    links = "".join(
        f'<a class="sn-turn__link sn-turn__link--{way}" rel="{way}" '
        f'href="{escape(page.root + crumb.url)}">'
        f'<span class="sn-turn__way">{label}</span><bdi>{escape(crumb.text)}</bdi></a>'
        for way, label, crumb in (("prev", "上一篇", page.earlier), ("next", "下一篇", page.later))
        if crumb
    )
    return (
        f'<nav class="sn-turn md-grid" aria-label="上一篇和下一篇">{links}</nav>' if links else ""
    )
