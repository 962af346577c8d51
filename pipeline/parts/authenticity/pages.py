"""The page that asks, and the digests that answer, as units of the site."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from pipeline.detect.endings import PICTURES, ending
from pipeline.model.posts import Post, manifest_digest
from pipeline.parts.authenticity.codes import WORDS, CheckCode, check_code_of
from pipeline.parts.authenticity.digests import FOLDER, IssuedVersion, little, part_files
from pipeline.parts.search.index import DatedView, split_year
from pipeline.site.evidence.confirmations import earlier_confirmations
from pipeline.site.page import Page
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, FinalUnit, UnfinishedSite, Unit, digest, program_digest
from pipeline.site.years import SiteYear
from pipeline.source.content.paths import home

_PICTURES = f"{FOLDER}pictures/"


def question_page(ctx: RenderContext) -> Page:
    accounts = ctx.site.archive.registers.accounts.values()
    return ctx.simple(
        FOLDER,
        "这条通知是真的吗",
        "粘贴文字、图片或核对码，查是不是本单位发布的",
        "authenticity.html.j2",
        names=[ctx.policy.unit.get("full_name", ""), *(account.name for account in accounts)],
    )


def check_code(_ctx: RenderContext) -> Callable[[Post], CheckCode]:
    """What makes the code that the page of a version prints."""
    return lambda post: check_code_of(manifest_digest(post.folder, post.manifest))


def digest_units(ctx: RenderContext, year: SiteYear) -> Iterator[Unit]:
    """A unit for every part of a year, and one for the pictures of each post that has some."""
    listed = [DatedView(view.day.isoformat(), view.url, view) for view in reversed(year.views)]
    for part, chosen in split_year(int(year.name), listed, closed=ctx.closed(year)).items():
        views = tuple(each.view for each in chosen)
        head = f"{FOLDER}{part}/part.json"
        key = ctx.key(part, ctx.marks(views))
        yield Unit(f"authenticity:{part}", key, partial(_part, ctx, part, views), heads=(head,))
    yield from (unit for view in year.present for unit in _picture_unit(view, ctx))


def _picture_unit(view: PostView, ctx: RenderContext) -> Iterator[Unit]:
    """The digests of a post's pictures, drawn anew when these are others."""
    files = [(path, sum_) for path, sum_ in view.card.files if ending(path) in PICTURES]
    if files:
        head, paths = f"{_PICTURES}{view.id}.json", [path for path, _ in files]
        key, make = digest(program_digest(), files), partial(_pictures, ctx, view.url, head, paths)
        yield Unit(f"pictures:{view.id}", key, make, reads=lambda: paths, heads=(head,))


def _part(ctx: RenderContext, part: str, views: tuple[PostView, ...]) -> Iterator[File]:
    ctx.ask(view for view in views if not view.withdrawn)
    yield from part_files(part, [version for view in views for version in _versions(ctx, view)])


def _versions(ctx: RenderContext, view: PostView) -> Iterator[IssuedVersion]:
    """Every confirmed version, the present one last: the words of the present one lead to a post,
    whose page leads to earlier ones. Of a withdrawn post the title alone."""
    now, folder = view.card.revision, home(view.id)
    for number, statement in earlier_confirmations(ctx.media, view):
        manifest = {row["name"]: row["digest"]["sha256"] for row in statement["subject"]}
        yield IssuedVersion(view.url, number, now, manifest_digest(folder, manifest))
    text = "" if view.withdrawn else f"{view.summary}\n{ctx.text(view)}"
    sum_ = manifest_digest(folder, dict(view.card.files))
    yield IssuedVersion(view.url, now, now, sum_, view.title, text)


def _pictures(ctx: RenderContext, url: str, head: str, paths: list[str]) -> Iterator[File]:
    rows = [little(path.rpartition("/")[2], ctx.media(path)) for path in paths]
    yield head, json.dumps([url, [row for row in rows if row]], separators=(",", ":")).encode()


def digest_list(ctx: RenderContext) -> Iterator[FinalUnit]:
    """index.json: the parts, the years with pictures, the words of phrases, the newest record."""

    def make(site: UnfinishedSite) -> Iterator[File]:
        years: defaultdict[str, list[bytes]] = defaultdict(list)
        parts = [json.loads(site.read(p)) for p in site.heads if _is_part(p)]
        for path in site.heads:
            if path.startswith(_PICTURES):
                years[path.removeprefix(_PICTURES)[:4]].append(site.read(path))
        for year, rows in years.items():
            yield f"{_PICTURES}{year}.json", b"[" + b",\n".join(rows) + b"]"
        newest = ctx.newest.isoformat()
        whole = {
            "parts": parts[::-1],
            "pictures": sorted(years)[::-1],
            "words": WORDS,
            "newest": newest,
        }
        yield f"{FOLDER}index.json", json.dumps(whole, ensure_ascii=False).encode()

    yield FinalUnit("authenticity", make)


def _is_part(path: str) -> bool:
    return path.startswith(FOLDER) and path.endswith("/part.json")
