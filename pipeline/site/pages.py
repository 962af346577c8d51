"""Every unit of the site: what there is, as a pure function of the input and the shell."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from pipeline.site import csp, evidence_files
from pipeline.site.builder import Shell
from pipeline.site.catalogue import catalogue_units
from pipeline.site.erased import erased_units
from pipeline.site.feeds import feed_units
from pipeline.site.fixed import fixed_units
from pipeline.site.inputs import SiteInput
from pipeline.site.lists import list_units
from pipeline.site.log_files import closing, log_units
from pipeline.site.moved import moved_units
from pipeline.site.posts import post_units
from pipeline.site.search_units import search_list, search_units
from pipeline.site.sitemap import robots, sitemap_files
from pipeline.site.units import File, Late, Unit
from pipeline.site.workshop import Told, Workshop

_ASSETS = "site/assets/"


class Parts(NamedTuple):
    """What a site is made of."""

    units: list[Unit]
    """The costly ones first."""
    lates: list[Late]
    """What is made last of all."""
    told: dict[str, Told]
    """Where units that read files leave what the others need not read again."""


def site_units(site: SiteInput, shell: Shell) -> Parts:
    """The units of the whole site."""
    shop = Workshop(site, shell)
    units = [
        *search_units(shop),
        *post_units(shop),
        *erased_units(shop),
        *list_units(shop),
        *fixed_units(shop),
        *feed_units(shop),
        *catalogue_units(shop),
        *log_units(site.log),
        Unit("served", "", partial(_served, shop)),
    ]
    pages = sorted(page for unit in units for page in unit.pages)
    units += moved_units(shop, frozenset(url for url, _ in pages))
    units.append(Unit("sitemap", "", lambda: [*sitemap_files(pages, shop.base)]))
    return Parts(units, [search_list(), *closing(site.log)], shop.told)


def _served(shop: Workshop) -> Iterator[File]:
    site = shop.site
    roster = site.archive.registers.roster
    yield "evidence/allowed_signers", evidence_files.allowed_signers(roster)
    yield "_headers", csp.headers_file(shop.shell.html)
    yield "robots.txt", robots(shop.base)
    yield from shop.shell.assets.items()
    for path, data in sorted(site.theme.items()):
        if path.startswith(_ASSETS):
            yield f"assets/{path.removeprefix(_ASSETS)}", data
