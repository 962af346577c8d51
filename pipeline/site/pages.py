"""Every file of the site as (path, bytes): a pure function of the input and the shell."""

from collections.abc import Iterator
from itertools import chain

from pipeline.site import csp, evidence_bundle, feeds
from pipeline.site.builder import Shell
from pipeline.site.fixed import fixed_pages
from pipeline.site.inputs import SiteInput
from pipeline.site.lists import list_pages
from pipeline.site.posts import post_pages
from pipeline.site.search import SearchDoc, build_index
from pipeline.site.workshop import Workshop

_ASSETS = "site/assets/"


def pages(site: SiteInput, shell: Shell) -> Iterator[tuple[str, bytes]]:
    """(path from the site's root, bytes) of every file, in an order that is always the same."""
    shop = Workshop(site, shell)
    yield from chain(post_pages(shop), list_pages(shop), fixed_pages(shop), _served(shop))
    yield "catalogue.json", feeds.catalogue(shop.views, shop.base)
    yield from feeds.feed_files(site, shop.views, shop.base)
    yield from feeds.sitemap_files(sorted(shop.changes), shop.base)
    yield "robots.txt", feeds.robots(shop.base)


def _served(shop: Workshop) -> Iterator[tuple[str, bytes]]:
    site = shop.site
    yield "evidence/allowed_signers", evidence_bundle.allowed_signers(site.archive.registers.roster)
    yield "_headers", csp.headers_file(shop.shell.html)
    yield from shop.shell.assets.items()
    for path, data in sorted(site.theme.items()):
        if path.startswith(_ASSETS):
            yield f"assets/{path.removeprefix(_ASSETS)}", data
    yield from build_index(_search_docs(shop))


def _search_docs(shop: Workshop) -> Iterator[SearchDoc]:
    for view in shop.present:
        rendition = shop.site.archive.renditions.get((view.post.id, feeds.CHANNEL))
        yield SearchDoc(
            view.url,
            view.title,
            rendition.text if rendition else "",
            view.day.isoformat(),
            str(view.category),
            view.post.accounts,
            view.kind,
        )
