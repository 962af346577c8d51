"""WeChat, which takes an article by its editor."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from pipeline.model.channels import ChannelCode
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition, Sizes
from pipeline.parts.wechat.problems import check_wechat, wechat_fields
from pipeline.parts.wechat.rendering import render_wechat


class WechatChannel(ChannelCode):
    """WeChat, which takes an article by its editor."""

    def render(self, post: Post, registers: Registers, sizes: Sizes) -> Rendition:
        made = render_wechat(post, registers, sizes)
        fields = wechat_fields(post, registers, sizes)
        return replace(made, problems=check_wechat(made.html, fields, post))

    def fields(
        self, post: Post, registers: Registers, sizes: Sizes, made: Rendition
    ) -> Mapping[str, Any]:
        return {"fields": asdict(wechat_fields(post, registers, sizes))}


CODE = WechatChannel()
