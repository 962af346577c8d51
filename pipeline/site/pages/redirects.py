"""Pages that moved: the old address tells the new one, by a page without script and by a table.

`site/moved.json` maps an old address to a new one, both from the site's root: ``{"tags/旧/":
"tags/新/"}``. Posts come and go after the table was written, and never stop a build by it: an old
address that is a page again is that page, and one whose new address is gone leads to the nearest
page above it. The build says which moves rest.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import quote

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.site.frame.page_frame import root_of
from pipeline.site.render_context import Workshop
from pipeline.site.units import File, FinalUnit, UnfinishedSite

MOVED = "site/moved.json"
_ADDRESS = re.compile(
    r"(?!log/|search/index\.|sitemap|site-manifest)"
    r"(?:(?![._]|index\.html/)[^/\\\x00-\x20\x7f?#%]{1,90}/){1,8}"
)
"""Also of a site before this one, but none in the way of what is made after the moves."""


def table_of(theme: Mapping[str, bytes]) -> dict[str, str]:
    """Old address → new one. Raises Fault when the table cannot be read or names no addresses."""
    try:
        value = json.loads(theme.get(MOVED, b"{}"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Fault(say("{path} cannot be read.", path=MOVED), say("Write it as a JSON object."))
    for old, new in value.items():
        there = isinstance(new, str) and (not new or _ADDRESS.fullmatch(new))
        if not there or not _ADDRESS.fullmatch(old):
            raise Fault(
                say("{path} moves {old} to {new}, which cannot be.", path=MOVED, old=old, new=new),
                say("Write both from the site's root, ending in a slash: `tags/…/`."),
            )
    return value


def moved(shop: Workshop) -> Iterator[FinalUnit]:
    """A page for every old address that is none of today's, and ``_redirects`` for hosts that read
    it. Raises Fault as `table_of`.
    """
    table = table_of(shop.site.theme)
    if table:
        yield FinalUnit("moved", lambda site: _files(shop, _leads(table, site)))


def overtaken_moves(theme: Mapping[str, bytes], site: UnfinishedSite) -> tuple[Message, ...]:
    """The moves that what stands in a site has overtaken, before their own pages are made."""
    table = table_of(theme)
    leads = _leads(table, site) if table else {}
    messages = []
    for old, new in table.items():
        if old not in leads:
            messages.append(
                say("{path}: {old} is in use again, and moves no longer.", path=MOVED, old=old)
            )
        elif not leads[old][1]:
            near = leads[old][0]
            text = say("{path}: {new} is gone; {old} leads to /{near} instead.",
                       path=MOVED, new=new, old=old, near=near)  # fmt: skip
            messages.append(text)
    return tuple(messages)


def _leads(table: Mapping[str, str], site: UnfinishedSite) -> dict[str, tuple[str, bool]]:
    """Old address, where no page stands today → where it leads, and whether that is where it was
    to lead, by one move or several."""
    way = {path for old in table for path in _way(old)}
    pages = {page for new in table.values() for page in _upwards(new)}
    paths = {*way, *(f"{page}index.html" for page in pages)}
    files = {path for path in paths if site.holds(path)}
    found = {}
    for old, new in table.items():
        if files.isdisjoint(_way(old)):
            end = _end(new, table, files)
            near = next((p for p in _upwards(end) if f"{p}index.html" in files), "")
            found[old] = near, near == end
    return found


def _way(old: str) -> Iterator[str]:
    """The files that cannot stand beside a page at an old address."""
    yield f"{old}index.html"
    yield from (above[:-1] for above in _upwards(old) if above)


def _end(new: str, table: Mapping[str, str], files: set[str]) -> str:
    """Where a move ends that may be followed by others."""
    seen = set()
    while f"{new}index.html" not in files and new in table and new not in seen:
        seen.add(new)
        new = table[new]
    return new


def _upwards(address: str) -> Iterator[str]:
    """An address and those above it, the home page last."""
    while address:
        yield address
        address = address[: address.rstrip("/").rfind("/") + 1]
    yield ""


def _files(shop: Workshop, leads: Mapping[str, tuple[str, bool]]) -> Iterator[File]:
    rows = [
        f"{shop.base_path}{quote(old)} {shop.base_path}{quote(new)} {301 if meant else 302}\n"
        for old, (new, meant) in leads.items()  # what is gone may come back
    ]
    yield "_redirects", "".join(rows).encode()
    for old, (new, _) in leads.items():
        target, canonical = escape(root_of(old) + quote(new)), escape(shop.base + quote(new))
        yield f"{old}index.html", _PAGE.format(target=target, canonical=canonical).encode()


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>已移到新地址</title>
<meta http-equiv="refresh" content="0; url={target}"><meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}"></head>
<body><main><h1>本页已移到新地址</h1><p><a href="{target}">打开新地址</a></p></main></body></html>
"""
