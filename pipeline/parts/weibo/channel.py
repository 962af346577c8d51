"""Weibo: a long text and a short one, both plain, with pictures beside them."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.detect.classes import classes
from pipeline.model.channels import ChannelCode, ChannelRegisters, CopySheet, SavedPage
from pipeline.model.findings import Message, say
from pipeline.model.lazy import regex
from pipeline.model.posts import Post
from pipeline.model.renditions import Rendition, Sizes
from pipeline.parts.weibo.rendering import (
    LONG,
    MOST_IMAGES,
    SHORT,
    render_weibo,
    weibo_count,
    weibo_problems,
)
from pipeline.report.language import harmless

_TEXT, _PICTURES = say("Text (characters)"), say("Pictures (how many)")


class WeiboChannel(ChannelCode):
    """Weibo, whose box takes plain text alone: no sheet has HTML to copy."""

    tab = say("Weibo")
    page = SavedPage(
        classes=("detail_wbtext", "WB_text", "weibo-text"),
        added=classes("drift")["weibo"],
        tail=regex(r"(?<!\s)\s*+(?:展开|收起)(?:全文)?[a-z]?$"),
    )

    def render(self, post: Post, registers: ChannelRegisters, sizes: Sizes) -> Rendition:
        made = render_weibo(post, registers, sizes)
        return replace(made, problems=tuple(weibo_problems(post, registers, made)))

    def sections(
        self, post: Post, sizes: Sizes, made: Rendition
    ) -> Iterator[tuple[Message | None, str]]:
        if not made.text:
            return
        for name, text, limit in (
            (say("Long text, {count} of {limit}"), made.text, LONG),
            (say("Short text, {count} of {limit}"), made.short, SHORT),
        ):
            yield say(name.text, count=weibo_count(text), limit=limit), text
        if made.images:
            rows = (
                f"{n}. {' '.join(filter(None, (i.file, _size(i.file, post, sizes), i.alt)))}"
                for n, i in enumerate(made.images, start=1)
            )
            heading = say("Images, in this order: {count}", count=len(made.images))
            yield heading, "\n".join(map(harmless, rows))

    def sheets(
        self, post: Post, registers: ChannelRegisters, sizes: Sizes, sheet: CopySheet
    ) -> Iterator[CopySheet]:
        long = replace(sheet.rendition, html="")
        counts = {
            _TEXT: (weibo_count(long.text), LONG),
            _PICTURES: (len(long.images), MOST_IMAGES),
        }
        yield replace(sheet, rendition=long, counts=counts, name=say("Weibo, long text"))
        short = replace(long, text=long.short)
        counts = {_TEXT: (weibo_count(short.text), SHORT)}
        yield CopySheet(short, counts=counts, name=say("Weibo, short text"))

    def texts(self, made: Rendition) -> tuple[str, ...]:
        return made.text, made.short


def _size(file: str, post: Post, sizes: Sizes) -> str:
    size = sizes.get(f"{post.folder}/{file}")
    return f"{size[0]}×{size[1]}" if size else ""


CODE = WeiboChannel()
