"""Addresses whose posts were erased or whose pages moved: both still say what became of them."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from urllib.parse import quote

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.model.records import Expunged
from pipeline.site.addresses import root_of, url_of
from pipeline.site.page import Crumb, Page
from pipeline.site.pages.post_view import index_number
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, FinalUnit, UnfinishedSite, Unit

# Posts whose bytes two signatures erased: their address stays and says so (threats A36).


def erased(ctx: RenderContext) -> tuple[Expunged, ...]:
    """Erased posts, last erased first; one that still awaits a signature is none."""
    archive = ctx.site.archive
    gone = (e for e in archive.expunged.values() if not e.awaits and e.post not in archive.posts)
    return tuple(sorted(gone, key=lambda e: (e.on, e.post), reverse=True))


def erased_units(ctx: RenderContext) -> Iterator[Unit]:
    for each in erased(ctx):
        url = url_of(each.post)
        signed = {f"erased-{n}.json": path for n, path in enumerate(each.paths, 1)}
        values = (each.title, each.reason, each.on.isoformat(), sorted(each.files), each.people)
        key = ctx.key(url, *values, each.paths)
        make = partial(_erased_files, ctx, each, url, signed)
        yield Unit(f"page:{url}", key, make, ((url, each.on),))


def _erased_files(
    ctx: RenderContext, each: Expunged, url: str, signed: Mapping[str, str]
) -> Iterator[File]:
    """The page, and beside it what two people signed; `signed`: name beside the page → path."""
    yield ctx.stamped(_erased_page(ctx, each, url, tuple(signed)))
    for name, path in signed.items():
        yield f"{url}{name}", ctx.site.media(path)
        yield f"{url}{name}.sig", ctx.site.media(f"{path}.sig")


def _erased_page(ctx: RenderContext, each: Expunged, url: str, records: tuple[str, ...]) -> Page:
    about = "本条内容已依规清除，保留本页以备查考"
    files = sorted((path.rsplit("/", 1)[-1], digest) for path, digest in each.files)
    return ctx.simple(
        url,
        f"已清除：{each.title}",
        about,
        "erased.html.j2",
        each=each,
        number=index_number(each.post, ctx.site.archive.registers),
        files=files,
        records=records,
        crumbs=(Crumb("更正与撤回", "corrections/"),),
    )


# Pages that moved: the old address tells the new one, by a page without script and by a table.
#
# `site/moved.json` maps an old address to a new one, both from the site's root: ``{"tags/旧/":
# "tags/新/"}``. Posts come and go after the table was written, and never stop a build by it: an old
# address that is a page again is that page, and one whose new address is gone leads to the nearest
# page above it. The build says which moves rest.

MOVED = "site/moved.json"
_FREE = r"(?!log/|search/index\.|sitemap|site-manifest)"
"""None in the way of what is made after the moves; else also of a site before this one."""
_SEGMENT = r"(?![._]|index\.html/)[^/\\\x00-\x20\x7f?#%]{1,90}"
_ADDRESS = re.compile(rf"{_FREE}(?:{_SEGMENT}/){{1,8}}")
_FEED = re.compile(rf"{_FREE}(?:{_SEGMENT}/){{0,8}}{_SEGMENT}\.(?:xml|json|rss|atom)")
FEEDS = ("feed.xml", "feed.json")


def table_of(theme: Mapping[str, bytes]) -> dict[str, str]:
    """Old address → new one. Raises Fault when the table cannot be read or names no addresses."""
    try:
        value = json.loads(theme.get(MOVED, b"{}"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Fault(say("{path} cannot be read.", path=MOVED), say("Write it as a JSON object."))
    for old, new in value.items():
        kind = _ADDRESS if not new or str(new).endswith("/") else _FEED
        valid = isinstance(new, str) and (not new or kind.fullmatch(new))
        if not valid or not kind.fullmatch(old):
            raise Fault(
                say("{path} moves {old} to {new}, which cannot be.", path=MOVED, old=old, new=new),
                say("Write both from the site's root, ending in a slash: `tags/…/`."),
            )
    return value


def moved(ctx: RenderContext) -> Iterator[FinalUnit]:
    """A page for every old address that is none of today's, and ``_redirects`` for hosts that read
    it. Raises Fault as `table_of`.
    """
    table = table_of(ctx.site.theme)
    if table:
        yield FinalUnit("moved", lambda site: _files(ctx, _leads(table, site), site))


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
    paths = {*way, *map(_file, pages), *FEEDS}
    files = {path for path in paths if site.holds(path)}
    leads = {}
    for old, new in table.items():
        if files.isdisjoint(_way(old)):
            end = _end(new, table, files)
            above = (end, FEEDS[0]) if _FEED.fullmatch(end) else _upwards(end)
            near = next((path for path in above if _file(path) in files), "")
            leads[old] = near, near == end
    return leads


def _way(old: str) -> Iterator[str]:
    """The files that cannot stand beside what an old address gets."""
    yield _file(old)
    yield from (above[:-1] for above in _upwards(old) if above.endswith("/"))


def _end(new: str, table: Mapping[str, str], files: set[str]) -> str:
    """Where a move ends that may be followed by others."""
    seen = set()
    while _file(new) not in files and new in table and new not in seen:
        seen.add(new)
        new = table[new]
    return new


def _file(address: str) -> str:
    return address if _FEED.fullmatch(address) else f"{address}index.html"


def _upwards(address: str) -> Iterator[str]:
    """An address and those above it, the home page last."""
    while address:
        yield address
        address = address[: address.rstrip("/").rfind("/") + 1]
    yield ""


def _files(
    ctx: RenderContext, leads: Mapping[str, tuple[str, bool]], site: UnfinishedSite
) -> Iterator[File]:
    rows = [
        f"{ctx.base_path}{quote(old)} {ctx.base_path}{quote(new)} {301 if meant else 302}\n"
        for old, (new, meant) in leads.items()  # what is gone may come back
    ]
    yield "_redirects", "".join(rows).encode()
    for old, (new, _) in leads.items():
        if _FEED.fullmatch(old):
            yield old, site.read(new)
            continue
        target, canonical = escape(root_of(old) + quote(new)), escape(ctx.base + quote(new))
        yield f"{old}index.html", _PAGE.format(target=target, canonical=canonical).encode()
        for name in FEEDS:  # a reader goes on from there to the address that the feed calls its own
            if site.holds(new + name) and old + name not in leads and not site.holds(old + name):
                yield old + name, site.read(new + name)


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>已移到新地址</title>
<meta http-equiv="refresh" content="0; url={target}"><meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}"></head>
<body><main><h1>本页已移到新地址</h1><p><a href="{target}">打开新地址</a></p></main></body></html>
"""
