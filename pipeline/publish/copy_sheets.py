"""What is copied to a platform by hand: a rendition, its pictures, and whether main holds it.

The terminal and the desk show the same page of it (`report.copy_page`).
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.errors import Fault
from pipeline.judge.judgements import standing_of
from pipeline.judge.load_governance import When
from pipeline.model.archive import Archive
from pipeline.model.channels import code_of, render_channel
from pipeline.model.findings import Effect, say
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import ChannelProblem, Rendition
from pipeline.parts.wechat.problems import WechatFields, wechat_counts, wechat_fields
from pipeline.parts.weibo.rendering import LONG, MOST_IMAGES, SHORT, weibo_count
from pipeline.render.html_tree import dark_html
from pipeline.report.copy_page import CopySheet, SheetPicture
from pipeline.report.language import Translate
from pipeline.source.content.paths import Files
from pipeline.source.git.repository import Repository

TYPES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
"""Ending of an image's name → its media type below ``image/``."""

Pixels = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Rendered:
    """A rendition with what its channel asks for besides."""

    rendition: Rendition
    fields: Mapping[str, Any]
    """The channel's own fields, as JSON has them."""
    asked: object = None
    """The channel's own fields as the renderer made them."""

    @property
    def problems(self) -> tuple[ChannelProblem, ...]:
        return self.rendition.problems

    @property
    def refused(self) -> bool:
        return any(p.effect is Effect.REFUSE for p in self.problems)


def rendered(
    channel: str, post: Post, registers: Registers, sizes: Mapping[str, tuple[int, int]]
) -> Rendered:
    """The rendition of one of `CHANNELS` with its fields."""
    made = render_channel(channel, post, registers, sizes)
    fields = code_of(channel).fields(post, registers, sizes, made)
    asked = wechat_fields(post, registers, sizes) if channel == "wechat" else None
    return Rendered(made, fields, asked)


def confirmed(repository: Repository, base: str, when: When, wanted: str) -> tuple[Archive, str]:
    """One post as the branch that is published holds it, and the commit.

    Raises Fault unless it is reviewed and confirmed there: nothing else is to be copied.
    """
    commit = repository.base(base)
    archive, _ = standing_of(repository, commit, when, wanted)
    if wanted not in archive.posts or not archive.approvals[wanted].complete:
        raise Fault(
            say(
                "{post} does not stand on {base} as reviewed and confirmed.", post=wanted, base=base
            ),
            say(
                "Have it merged, then fetch {base}: only that may be copied. `--draft` shows what"
                " the working tree holds, with nothing to copy.",
                base=base,
            ),
        )
    return archive, commit


def sheets(
    post: Post, tree: Files, made: Rendered, sizes: Pixels, tr: Translate
) -> Iterator[CopySheet]:
    """What the copy page shows of a rendition: one sheet, or two of Weibo's texts."""
    sheet = CopySheet(
        made.rendition,
        pictures=tuple(_pictures(post, tree, made, sizes)),
        problems=tuple(tr(p.message) for p in made.problems),
    )
    if made.rendition.channel == "wechat":
        yield _wechat(sheet, made)
    elif made.rendition.channel == "weibo":
        yield from _weibo(tr, sheet, made)
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


def _weibo(tr: Translate, sheet: CopySheet, made: Rendered) -> Iterator[CopySheet]:
    """Weibo's box takes plain text alone, so neither sheet has HTML to copy."""
    images = {"images": (len(made.rendition.images), MOST_IMAGES)}
    long = replace(made.rendition, channel=tr(say("Weibo, long text")), html="")
    counts = {"text": (weibo_count(long.text), LONG), **images}
    yield replace(sheet, rendition=long, counts=counts)
    text = made.rendition.short
    short = replace(long, channel=tr(say("Weibo, short text")), text=text)
    yield CopySheet(short, counts={"text": (weibo_count(text), SHORT)})


def _pictures(post: Post, tree: Files, made: Rendered, sizes: Pixels) -> Iterator[SheetPicture]:
    """Each image once, in order, with its bytes for the preview."""
    for file, alt in {i.file: i.alt for i in made.rendition.images}.items():
        path = f"{post.folder}/{file}"
        if path in post.manifest:
            width, height = sizes.get(path, (None, None))
            yield SheetPicture(file, alt, width, height, post.sizes.get(path), _data(path, tree))


def _data(path: str, tree: Files) -> str:
    kind = TYPES.get(Path(path).suffix.lower())
    return f"data:image/{kind};base64,{b64encode(tree.read(path)).decode()}" if kind else ""
