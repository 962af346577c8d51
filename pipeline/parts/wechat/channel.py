"""WeChat: an article for its editor, the fields beside it, and what a saved page of it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.detect.classes import classes
from pipeline.model.channels import ChannelCode, ChannelRegisters, CopySheet, SavedPage
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.model.renditions import Rendition, Sizes
from pipeline.parts.wechat.problems import check_wechat, wechat_counts, wechat_fields
from pipeline.parts.wechat.rendering import render_wechat

COUNTS: Mapping[str, Message] = {
    "title": say("Title (characters)"),
    "title-width": say("Title (width, a Chinese sign counts 2)"),
    "author": say("Author (characters)"),
    "digest": say("Summary (characters)"),
    "content": say("HTML of the text (characters)"),
    "content-bytes": say("HTML of the text (bytes)"),
}


class WechatChannel(ChannelCode):
    """WeChat."""

    tab, frame = say("WeChat"), say("As WeChat will show it on a phone")
    page = SavedPage(frozenset({"activity-name", "js_content"}), added=classes("drift")["wechat"])

    def render(self, post: Post, registers: ChannelRegisters, sizes: Sizes) -> Rendition:
        made = render_wechat(post, registers, sizes)
        fields = wechat_fields(post, registers, sizes)
        return replace(made, problems=check_wechat(made.html, fields, post))

    def sheets(
        self, post: Post, registers: ChannelRegisters, sizes: Sizes, sheet: CopySheet
    ) -> Iterator[CopySheet]:
        html, fields = sheet.rendition.html, wechat_fields(post, registers, sizes)
        crops = {i.file: {c.ratio: str(c) for c in i.crops} for i in fields.images}
        yield replace(
            sheet,
            fields={
                say("Title"): fields.title,
                say("Author"): fields.author,
                say("Summary"): fields.digest,
                say("Read the original"): fields.content_source_url,
            },
            counts={COUNTS[name]: pair for name, pair in wechat_counts(html, fields).items()},
            pictures=[replace(p, crops=crops.get(p.file, {})) for p in sheet.pictures],
        )


CODE = WechatChannel()
