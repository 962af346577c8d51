"""The local page to copy from: one sheet of a rendition, or two of Weibo's texts."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import click

from pipeline.cli.renditions import Rendered
from pipeline.cli.session import Session
from pipeline.model.findings import say
from pipeline.model.posts import Post
from pipeline.render.wechat_check import wechat_counts
from pipeline.render.wechat_dark import dark_html
from pipeline.render.wechat_fields import WechatFields
from pipeline.render.weibo import LONG, SHORT
from pipeline.render.weibo_check import MOST_IMAGES
from pipeline.render.weibo_count import weibo_count
from pipeline.report.copy_page import CopySheet, Picture, copy_page
from pipeline.source.content.post_paths import Files

TYPES = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".gif": "gif",
    ".webp": "webp",
}
"""Ending of an image's name → its media type below ``image/``."""

Pixels = Mapping[str, tuple[int, int]]


def write_copy_page(
    session: Session,
    post: Post,
    tree: Files,
    made: Rendered,
    sizes: Pixels,
    output: str | None,
    *,
    draft: bool,
) -> None:
    """Write the page (default: under build/), print its path, and open it for who sits there.

    `draft`: of what nobody has confirmed; the page says so and offers nothing to copy.
    """
    target = Path(output) if output else _default(session, post, made)
    target.parent.mkdir(parents=True, exist_ok=True)
    sheets = tuple(_sheets(session, post, tree, made, sizes))
    session.write(copy_page(sheets, draft=draft), str(target))
    click.echo(str(target))
    if session.attended:
        click.launch(str(target))


def _default(session: Session, post: Post, made: Rendered) -> Path:
    folder = session.repository().root / "build" / "copy"
    return folder / f"{post.id}.{made.rendition.channel}.html"


def _sheets(
    session: Session, post: Post, tree: Files, made: Rendered, sizes: Pixels
) -> Iterator[CopySheet]:
    sheet = CopySheet(
        made.rendition,
        pictures=tuple(_pictures(post, tree, made, sizes)),
        problems=tuple(session.tr(p.message) for p in made.problems),
    )
    if made.rendition.channel == "wechat":
        yield _wechat(sheet, made)
    elif made.rendition.channel == "weibo":
        yield from _weibo(session, sheet, made)
    else:
        yield replace(sheet, fields={"title": made.rendition.title})


def _wechat(sheet: CopySheet, made: Rendered) -> CopySheet:
    fields = made.asked
    assert isinstance(fields, WechatFields)
    crops = {i.file: {c.ratio: str(c) for c in i.crops} for i in fields.images}
    return replace(
        sheet,
        fields={
            "title": fields.title,
            "author": fields.author,
            "digest": fields.digest,
            "content_source_url": fields.content_source_url,
        },
        counts=wechat_counts(made.rendition.html, fields),
        pictures=tuple(replace(p, crops=crops.get(p.file, {})) for p in sheet.pictures),
        dark=dark_html(made.rendition.html),
    )


def _weibo(session: Session, sheet: CopySheet, made: Rendered) -> Iterator[CopySheet]:
    """Weibo's box takes plain text alone, so neither sheet has HTML to copy."""
    images = {"images": (len(made.rendition.images), MOST_IMAGES)}
    long = replace(made.rendition, channel=session.tr(say("Weibo, long text")), html="")
    counts = {"text": (weibo_count(long.text), LONG), **images}
    yield replace(sheet, rendition=long, counts=counts)
    text = made.rendition.short
    short = replace(long, channel=session.tr(say("Weibo, short text")), text=text)
    yield CopySheet(short, counts={"text": (weibo_count(text), SHORT)})


def _pictures(post: Post, tree: Files, made: Rendered, sizes: Pixels) -> Iterator[Picture]:
    """Each image once, in order, with its bytes for the preview."""
    for file, alt in {i.file: i.alt for i in made.rendition.images}.items():
        path = f"{post.folder}/{file}"
        if path in post.manifest:
            width, height = sizes.get(path, (None, None))
            yield Picture(file, alt, width, height, post.sizes.get(path), _data(path, tree))


def _data(path: str, tree: Files) -> str:
    kind = TYPES.get(Path(path).suffix.lower())
    return f"data:image/{kind};base64,{b64encode(tree.read(path)).decode()}" if kind else ""
