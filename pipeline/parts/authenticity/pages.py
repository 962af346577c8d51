"""The page that asks, and the digests that answer, as units of the site."""

import json
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple
from zlib import crc32

from pipeline.detect.endings import PICTURES, ending
from pipeline.detect.formats import decoded
from pipeline.model.cards import LITTLE
from pipeline.model.ids import Digest
from pipeline.model.posts import Post, manifest_digest
from pipeline.parts.authenticity.codes import WORDS, CheckCode, check_code_of
from pipeline.parts.search.index import DatedView, split_year
from pipeline.site.evidence.confirmations import earlier_confirmations
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, FinalUnit, Page, UnfinishedSite, Unit, digest, program_digest
from pipeline.site.years import SiteYear
from pipeline.source.content.paths import home

FOLDER = "authenticity/"
ROWS = 64
SIDE = 12  # the picture in little: so many grey squares a side
_MOST_SHARDS, _SHARD = 4096, 1500  # bytes of a mean shard: a query reads two dozen of every part
_COMMON = 64  # of a key that more versions share, the newest alone are named
_EVERY, _GRAM, _SENTENCE = 4, 4, 6
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_END = re.compile("[。！？；!?;\n]+|\\.(?![0-9A-Za-z])")
_LETTER, _HAN = re.compile("[0-9A-Za-z\u4e00-\u9fff]+"), re.compile("[\u4e00-\u9fff]+")


class IssuedVersion(NamedTuple):
    """A version of a post that was confirmed."""

    url: str
    """Of the post's page, which leads to those of earlier versions."""
    revision: int
    present: int
    """The post's newest revision."""
    digest: Digest
    """sha256 (hex) of its manifest."""
    title: str = ""
    text: str = ""
    """Of the present version alone."""


def sentences(text: str) -> Iterator[str]:
    """Letters and digits of every sentence that has enough of them."""
    for piece in _END.split(text.translate(_WIDE)):
        letters = "".join(_LETTER.findall(piece))
        if len(letters) >= _SENTENCE:
            yield letters


def grams(text: str) -> Iterator[bytes]:
    """Ideographs side by side, in UTF-8, where each takes three bytes."""
    han = "".join(_HAN.findall(text)).encode()
    return (han[at : at + 3 * _GRAM] for at in range(0, len(han) - 3 * _GRAM + 1, 3))


def keys_of(version: IssuedVersion) -> set[int]:
    code, phrase = check_code_of(version.digest)
    whole = (f"\t{code}", f"\t{''.join(phrase)}", *sentences(f"{version.title}\n{version.text}"))
    keys = {crc32(key.encode()) for key in whole}.union(map(crc32, grams(version.title)))
    return keys.union(key for key in map(crc32, grams(version.text)) if key % _EVERY == 0)


def part_files(part: str, versions: Sequence[IssuedVersion]) -> Iterator[tuple[str, bytes]]:
    """`versions`: the oldest first."""
    lists: defaultdict[int, list[int]] = defaultdict(list)
    for number, version in enumerate(versions):
        for key in keys_of(version):
            lists[key].append(number)
    count = min(_MOST_SHARDS, -(-12 * len(lists) // _SHARD))
    shards: list[list[str]] = [[] for _ in range(count)]
    for key, numbers in lists.items():
        row = ",".join(f"{number:x}" for number in numbers[-_COMMON:])
        shards[(key >> 2) % count].append(f"{key >> 12:05x} {row}\n")
    yield f"{FOLDER}{part}/part.json", _json({"id": part, "docs": len(versions), "shards": count})
    for number, lines in enumerate(shards):
        yield f"{FOLDER}{part}/s/{number:x}.txt", "".join(sorted(lines)).encode()
    for at in range(0, len(versions), ROWS):
        rows = [version[:3] for version in versions[at : at + ROWS]]
        yield f"{FOLDER}{part}/d/{at // ROWS:x}.json", _json(rows)


def little(name: str, data: bytes) -> list[object] | None:
    """[name, width, height, shades in base64] of a picture; None of one that cannot be read."""
    from PIL import Image, ImageOps

    try:
        image = decoded(name, data)
        if image is None:
            return None
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError):  # as `pages.media.picture`
        return None
    grey = upright.resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=3.0).convert("L")
    return [name, *upright.size, b64encode(grey.tobytes()).decode()]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


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
        key, make = digest(program_digest(), files), partial(_pictures, ctx, view, head, paths)
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
    english = ctx.value("english", lambda view: "")(view)
    text = "" if view.withdrawn else f"{view.summary}\n{ctx.text(view)}\n{english}"
    sum_ = manifest_digest(folder, dict(view.card.files))
    yield IssuedVersion(view.url, now, now, sum_, view.title, text)


def _pictures(ctx: RenderContext, view: PostView, head: str, paths: list[str]) -> Iterator[File]:
    def drawn() -> list[object]:
        rows = (little(path.rpartition("/")[2], ctx.media(path)) for path in paths)
        return [row for row in rows if row]

    rows = ctx.site.once(LITTLE, view.id, drawn)
    yield head, json.dumps([view.url, rows], separators=(",", ":")).encode()


def digest_list(ctx: RenderContext) -> Iterator[FinalUnit]:
    """The pictures of each year; then index.json: the parts, the years with pictures, the words of
    phrases, the newest record."""

    def pictures(year: str, site: UnfinishedSite) -> Iterator[File]:
        heads = (path for path in site.heads if path.startswith(f"{_PICTURES}{year}-"))
        if rows := [site.read(path) for path in heads]:
            yield f"{_PICTURES}{year}.json", b"[" + b",\n".join(rows) + b"]"

    def make(site: UnfinishedSite) -> Iterator[File]:
        parts = [json.loads(site.read(p)) for p in site.heads if _is_part(p)]
        drawn = (path for path in site.heads if path.startswith(_PICTURES))
        years = {path.removeprefix(_PICTURES)[:4] for path in drawn}
        newest = ctx.newest.isoformat()
        whole = {
            "parts": parts[::-1],
            "pictures": sorted(years)[::-1],
            "words": WORDS,
            "newest": newest,
        }
        yield f"{FOLDER}index.json", json.dumps(whole, ensure_ascii=False).encode()

    for name in (year.name for year in ctx.years):
        yield FinalUnit(f"pictures-of:{name}", partial(pictures, name), of=name)
    yield FinalUnit("authenticity", make)


def _is_part(path: str) -> bool:
    return path.startswith(FOLDER) and path.endswith("/part.json")
