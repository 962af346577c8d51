"""The page of one draft with all that it loads: what a writer sees before anybody reviews it."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.site.build import shell_of
from pipeline.site.inputs import SiteInput
from pipeline.site.pages.posts import post_units
from pipeline.site.pages.site_plan import assets
from pipeline.site.render_context import Workshop
from pipeline.site.units import File


def preview(site: SiteInput, work: Path) -> Iterator[File]:
    """Files of the page of the only post that `site` shows, paths from the site's root.

    Faults: as of a build; the theme is drawn here, too.
    """
    shop = Workshop(site, shell_of(site, work))
    (year,) = shop.years
    for unit in post_units(shop, year, None, None):
        yield from unit.make()
    yield from assets(shop)
