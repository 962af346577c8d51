"""The groups of the site and their units: what there is, as a pure function of input and shell."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

from pipeline.evidence.log.tiles import OWN_THEME
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.model.calendar import SHANGHAI
from pipeline.model.part import program
from pipeline.model.registers import allowed_signers
from pipeline.render.xml_text import escape
from pipeline.site.evidence.archive_evidence import closing, log_units, public_roster, well_known
from pipeline.site.frame.mkdocs_shell import Shell, headers_file
from pipeline.site.inputs import SiteInput
from pipeline.site.pages.erased import erased_units
from pipeline.site.pages.lists import first_pages, long_lists, year_pages
from pipeline.site.pages.posts import post_units
from pipeline.site.pages.static_pages import fixed_units
from pipeline.site.render_context import RenderContext, RenderedPost
from pipeline.site.units import WHOLE, File, FinalUnit, Group, UnfinishedSite, Unit, digest
from pipeline.site.years import SiteYear
from pipeline.source.content.own_theme import differing

_ASSETS = "site/assets/"


class SitePlan(NamedTuple):
    """What a site is made of."""

    groups: list[Group]
    final: list[FinalUnit]
    """Made last of all, in this order."""
    rendered: dict[str, RenderedPost]
    """`RenderContext.rendered`: filled by units that read posts, for those that show them too."""
    shelve: Callable[[], None]
    """As of `RenderContext`."""


def site_plan(site: SiteInput, shell: Shell, previous: Mapping[str, Any]) -> SitePlan:
    """A group for every year, and one for the whole.

    `previous`: group id → `Group.summary` of the site that is built upon.
    """
    ctx = RenderContext(site, shell, previous)
    around = zip((None, *ctx.years), ctx.years, (*ctx.years[1:], None), strict=False)
    years = [_year(ctx, *three) for three in around]
    whole = Group(WHOLE, "", partial(_whole, ctx))
    last = (unit for group in program().pages if group.last for unit in group.last(ctx))
    final = [*last, sitemap_list(ctx.base), *closing(site.log)]
    return SitePlan([*years, whole], final, ctx.rendered, ctx.shelve)


def _year(
    ctx: RenderContext, before: SiteYear | None, year: SiteYear, after: SiteYear | None
) -> Group:
    """All that shows nothing but a year and its neighbours."""
    summary = year.summary
    key = ctx.key(
        summary.key,
        summary.mark,
        before.summary.ends[-1] if before else "",
        after.summary.ends[0] if after else "",
        ctx.closed(year),
        long_lists(ctx, year),
        sorted((post, rows) for post, rows in ctx.faults.items() if post[:4] == year.name),
        ctx.site.archive.clock.as_given if summary.open else None,
    )

    def units() -> Iterator[Unit]:
        made = [*post_units(ctx, year, before, after), *year_pages(ctx, year)]
        made += (unit for g in program().pages if g.year for unit in g.year(ctx, year))
        yield from made
        yield sitemap_of(year.name, made, ctx.base, ctx.common)

    return Group(year.name, key, units, summary, len(year.volume.posts), year.release)


def _whole(ctx: RenderContext) -> Iterator[Unit]:
    made = [*erased_units(ctx), *first_pages(ctx), *fixed_units(ctx)]
    for group in program().pages:
        made += (ctx.unit(url, "", partial(make, ctx)) for url, make in group.pages.items())
        made += group.whole(ctx) if group.whole else ()
    yield from made
    yield from log_units(ctx.site.log)
    yield Unit("served", "", partial(_served, ctx))
    yield sitemap_of("pages", made, ctx.base)


def _served(ctx: RenderContext) -> Iterator[File]:
    site = ctx.site
    roster = site.archive.registers.roster
    yield "evidence/allowed_signers", allowed_signers(roster, NAMESPACE).encode()
    roster_file = public_roster(site)
    if roster_file is not None:
        yield "evidence/roster.yml", roster_file
    yield from well_known(site, ctx.base)
    yield OWN_THEME, differing(site.theme).encode()
    yield "_headers", headers_file(ctx.shell.html, ctx.base)
    yield "robots.txt", robots(ctx.base)
    yield from assets(ctx)


def assets(ctx: RenderContext) -> Iterator[File]:
    """Styles and scripts of the theme and of the archive."""
    yield from ctx.shell.assets.items()
    for path, data in sorted(ctx.site.theme.items()):
        if path.startswith(_ASSETS):
            yield f"assets/{path.removeprefix(_ASSETS)}", data


# sitemap.xml, an index of sitemaps: one a year and one for what shows the whole; robots.txt.
#
# Format: sitemaps.org 0.9, which allows 50,000 addresses a file; a year that has more gets several.

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
