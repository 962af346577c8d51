"""Pages that moved: the old address tells the new one, by a page without script and by a table.

`site/moved.json` maps an old address to a new one, both from the site's root: ``{"tags/旧/":
"tags/新/"}``. An address is never used again, so an old one that is a page of today is a fault.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import quote

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site.stamp import root_of
from pipeline.site.units import File, Late, Standing
from pipeline.site.workshop import Workshop

MOVED = "site/moved.json"


def moved(shop: Workshop) -> Iterator[Late]:
    """A page for every old address, and ``_redirects`` for hosts that read it.

    Raises Fault when the table cannot be read, names a page of today, or leads nowhere.
    """
    table = _table(shop.site.theme)

    def make(site: Standing) -> Iterator[File]:
        for old, new in table.items():
            there = site.has(f"{old}index.html")
            if there or not site.has(f"{new}index.html") or not old.endswith("/"):
                raise Fault(
                    say(
                        "{path} moves {old} to {new}, which cannot be.",
                        path=MOVED,
                        old=old,
                        new=new,
                    ),
                    say("Name an address that was a page once, and one that is a page today."),
                )
        yield from _files(shop, table)

    if table:
        yield Late("moved", make)


def _table(theme: Mapping[str, bytes]) -> dict[str, str]:
    try:
        value = json.loads(theme.get(MOVED, b"{}"))
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise Fault(say("{path} cannot be read.", path=MOVED), say("Write it as a JSON object."))
    return value


def _files(shop: Workshop, table: Mapping[str, str]) -> Iterator[File]:
    rows = [f"{shop.base_path}{quote(o)} {shop.base_path}{quote(n)} 301" for o, n in table.items()]
    yield "_redirects", ("\n".join(rows) + "\n").encode()
    for old, new in table.items():
        target, canonical = escape(root_of(old) + quote(new)), escape(shop.base + quote(new))
        yield f"{old}index.html", _PAGE.format(target=target, canonical=canonical).encode()


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>已移到新地址</title>
<meta http-equiv="refresh" content="0; url={target}"><meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}"></head>
<body><main><h1>本页已移到新地址</h1><p><a href="{target}">打开新地址</a></p></main></body></html>
"""
