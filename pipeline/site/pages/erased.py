"""Posts whose bytes two signatures erased: their address stays and says so (threats A36)."""

from collections.abc import Iterator, Mapping
from functools import partial

from pipeline.model.records import Expunged
from pipeline.site.addresses import url_of
from pipeline.site.pages.post_view import index_number
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Crumb, File, Page, Unit


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
