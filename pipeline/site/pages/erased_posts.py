"""Posts whose bytes two signatures erased: their address stays and says so (threats A36)."""

from collections.abc import Iterator, Mapping
from functools import partial

from pipeline.model.records import Expunged
from pipeline.site.frame.page_frame import Crumb, Page
from pipeline.site.pages.post_view import index_number, url_of
from pipeline.site.render_context import Workshop
from pipeline.site.units import File, Unit


def erased(shop: Workshop) -> tuple[Expunged, ...]:
    """Erased posts, last erased first; one that still awaits a signature is none."""
    archive = shop.site.archive
    found = (e for e in archive.expunged.values() if not e.awaits and e.post not in archive.posts)
    return tuple(sorted(found, key=lambda e: (e.on, e.post), reverse=True))


def erased_units(shop: Workshop) -> Iterator[Unit]:
    for each in erased(shop):
        url = url_of(each.post)
        signed = {f"erased-{n}.json": path for n, path in enumerate(each.paths, 1)}
        told = (each.title, each.reason, each.on.isoformat(), sorted(each.files), each.people)
        key = shop.key(url, *told, each.paths)
        make = partial(_files, shop, each, url, signed)
        yield Unit(f"page:{url}", key, make, ((url, each.on),))


def _files(shop: Workshop, each: Expunged, url: str, signed: Mapping[str, str]) -> Iterator[File]:
    """The page, and beside it what two people signed; `signed`: name beside the page → path."""
    yield shop.stamped(_page(shop, each, url, tuple(signed)))
    for name, path in signed.items():
        yield f"{url}{name}", shop.site.media(path)
        yield f"{url}{name}.sig", shop.site.media(f"{path}.sig")


def _page(shop: Workshop, each: Expunged, url: str, records: tuple[str, ...]) -> Page:
    about = "本条内容已依规清除，保留本页以备查考"
    files = sorted((path.rsplit("/", 1)[-1], digest) for path, digest in each.files)
    return shop.simple(
        url,
        f"已清除：{each.title}",
        about,
        "erased.html.j2",
        each=each,
        number=index_number(each.post, shop.site.archive.registers),
        files=files,
        records=records,
        crumbs=(Crumb("更正与撤回", "corrections/"),),
    )
