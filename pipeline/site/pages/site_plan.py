"""The groups of the site and their units: what there is, as a pure function of input and shell."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from pipeline.evidence.tar import NAMESPACE
from pipeline.model.registers import allowed_signers
from pipeline.site.evidence.log_files import closing, log_units
from pipeline.site.evidence.roster_file import public_roster
from pipeline.site.frame import csp
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.inputs import SiteInput
from pipeline.site.pages.catalogue import catalogue, catalogue_of
from pipeline.site.pages.erased_posts import erased_units
from pipeline.site.pages.feeds import feed_units
from pipeline.site.pages.lists import first_pages, long_lists, year_pages
from pipeline.site.pages.posts import post_units
from pipeline.site.pages.redirects import moved
from pipeline.site.pages.sitemap import robots, sitemap_list, sitemap_of
from pipeline.site.pages.static_pages import fixed_units
from pipeline.site.render_context import RenderedPost, Workshop
from pipeline.site.search import erased_search, search_list, search_units
from pipeline.site.units import WHOLE, File, FinalUnit, Group, Unit
from pipeline.site.years import Year

_ASSETS = "site/assets/"


class SitePlan(NamedTuple):
    """What a site is made of."""

    groups: list[Group]
    final: list[FinalUnit]
    """Made last of all, in this order."""
    rendered: dict[str, RenderedPost]
    """`Workshop.rendered`: filled by units that read posts, for those that show them too."""


def site_plan(site: SiteInput, shell: Shell, previous: Mapping[str, Any]) -> SitePlan:
    """A group for every year, and one for the whole.

    `previous`: group id → `Group.summary` of the site that is built upon.
    """
    shop = Workshop(site, shell, previous)
    around = zip((None, *shop.years), shop.years, (*shop.years[1:], None), strict=False)
    years = [_year(shop, *three) for three in around]
    whole = Group(WHOLE, "", partial(_whole, shop))
    final = [search_list(), sitemap_list(shop.base), *moved(shop), *closing(site.log)]
    return SitePlan([*years, whole], final, shop.rendered)


def _year(shop: Workshop, before: Year | None, year: Year, after: Year | None) -> Group:
    """All that shows nothing but a year and its neighbours."""
    summary = year.summary
    closed = any(y.name > year.name and y.summary.present.posts for y in shop.years)
    key = shop.key(
        summary.key,
        summary.mark,
        before.summary.mark if before else "",
        after.summary.ends[0] if after else "",
        closed,
        long_lists(shop, year),
        shop.site.archive.clock.as_given if summary.open else None,
    )

    def units() -> Iterator[Unit]:
        pages = [*post_units(shop, year, before, after), *year_pages(shop, year)]
        yield from search_units(shop, year, closed=closed)
        yield from pages
        yield catalogue_of(shop, year)
        yield sitemap_of(year.name, pages, shop.base, shop.common)

    return Group(year.name, key, units, summary, len(year.volume.posts), year.let_go)


def _whole(shop: Workshop) -> Iterator[Unit]:
    pages = [*erased_units(shop), *first_pages(shop), *fixed_units(shop)]
    yield from pages
    yield from erased_search(shop)
    yield from feed_units(shop)
    yield catalogue(shop)
    yield from log_units(shop.site.log)
    yield Unit("served", "", partial(_served, shop))
    yield sitemap_of("pages", pages, shop.base)


def _served(shop: Workshop) -> Iterator[File]:
    site = shop.site
    roster = site.archive.registers.roster
    yield "evidence/allowed_signers", allowed_signers(roster, NAMESPACE).encode()
    roster_file = public_roster(site)
    if roster_file is not None:
        yield "evidence/roster.yml", roster_file
    yield "_headers", csp.headers_file(shop.shell.html)
    yield "robots.txt", robots(shop.base)
    yield from assets(shop)


def assets(shop: Workshop) -> Iterator[File]:
    """Styles and scripts of the theme and of the archive."""
    yield from shop.shell.assets.items()
    for path, data in sorted(shop.site.theme.items()):
        if path.startswith(_ASSETS):
            yield f"assets/{path.removeprefix(_ASSETS)}", data
