"""更正与撤回: every record of a later change, the newest first, and what was erased."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from pipeline.model import zh_names
from pipeline.site.addresses import url_of
from pipeline.site.pages.erased import erased
from pipeline.site.pages.lists import numbered, pager
from pipeline.site.pages.post_view import index_number, leaves
from pipeline.site.render_context import TEMPLATES, RenderContext
from pipeline.site.units import Crumb, Unit

_CHANGES = 20  # corrections on a page


def correction_units(ctx: RenderContext) -> Iterator[Unit]:
    """Each made when what it tells is another: the sentences it quotes are parsed for it."""
    top, name = "corrections/", "更正与撤回"
    number = partial(index_number, registers=ctx.site.archive.registers)
    titles = {post: title for y in ctx.years for post, title in y.summary.corrected.items()}
    rows = [c for c in ctx.site.archive.corrections if c.post in titles]
    rows.sort(key=lambda c: (c.changed_on, c.id), reverse=True)
    paged = b"pager(" in ctx.site.theme[f"{TEMPLATES}corrections.html.j2"]  # not in one of before
    pages, gone = leaves(rows, _CHANGES if paged else 1 + len(rows)), erased(ctx)
    kinds = Counter(zh_names.CORRECTIONS.get(c.kind, c.kind) for c in rows)
    erasures = [(e.post, e.title, e.reason, e.on.isoformat()) for e in gone]
    urls = [top, *numbered(f"{top}page/", len(pages))[1:]]
    for index, (url, leaf) in enumerate(zip(urls, pages, strict=True)):
        turn = pager(urls, index)
        entries = [(c, titles[c.post], url_of(c.post), number(c.post)) for c in leaf]
        make = partial(
            ctx.simple,
            url,
            f"{name}（第{index + 1}页）" if index else name,
            "更正、更新、撤回和失效的全部记录",
            "corrections.html.j2",
            crumbs=(Crumb(name, top),) if index else (),
            rows=entries,
            erased=() if index else gone,
            tally={} if index else kinds,
            leaf=turn,
        )
        yield ctx.unit(url, ctx.key(entries, turn, *(() if index else (kinds, erasures))), make)
