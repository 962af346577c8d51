"""Posts whose bytes two signatures erased: their address stays and says so (threats A36)."""

from collections.abc import Iterator
from functools import partial

from pipeline.model.records import Expunged
from pipeline.site.stamp import Page
from pipeline.site.units import Unit
from pipeline.site.workshop import Workshop


def erased(shop: Workshop) -> tuple[Expunged, ...]:
    """Erased posts, last erased first; one that still awaits a signature is none."""
    archive = shop.site.archive
    found = (e for e in archive.expunged.values() if not e.awaits and e.post not in archive.posts)
    return tuple(sorted(found, key=lambda e: (e.on, e.post), reverse=True))


def erased_units(shop: Workshop) -> Iterator[Unit]:
    for each in erased(shop):
        url = f"posts/{each.post[:4]}/{each.post}/"
        key = shop.key(url, each.title, each.reason, each.on.isoformat(), sorted(each.files))
        yield shop.unit(url, key, partial(_page, shop, each, url), each.on)


def _page(shop: Workshop, each: Expunged, url: str) -> Page:
    about = "本条内容已依规清除，保留本页以备查考"
    files = sorted((path.rsplit("/", 1)[-1], digest) for path, digest in each.files)
    return shop.simple(url, each.title, about, "erased.html.j2", each=each, files=files)
