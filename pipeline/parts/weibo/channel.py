"""Weibo, which takes plain text and pictures beside it."""

from dataclasses import replace

from pipeline.model.channels import ChannelCode
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition, Sizes
from pipeline.parts.weibo.rendering import render_weibo, weibo_problems


class WeiboChannel(ChannelCode):
    """Weibo, which takes plain text and pictures beside it."""

    def render(self, post: Post, registers: Registers, sizes: Sizes) -> Rendition:
        made = render_weibo(post, registers, sizes)
        return replace(made, problems=tuple(weibo_problems(post, registers, made)))


CODE = WeiboChannel()
