"""All channels of a post, rendered and held to their limits before anything judges it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import ChannelProblem, Rendition
from pipeline.render.app import render_app
from pipeline.render.archive import render_archive
from pipeline.render.body import Body, read_body
from pipeline.render.body_check import body_problems
from pipeline.render.markup import UNKNOWN, Sizes
from pipeline.render.wechat import render_wechat
from pipeline.render.wechat_check import check_wechat
from pipeline.render.wechat_fields import wechat_fields
from pipeline.render.weibo import render_weibo
from pipeline.render.weibo_check import weibo_problems


class Renderer(Protocol):
    """One channel's renderer."""

    def __call__(
        self, post: Post, registers: Registers, sizes: Sizes, body: Body, /
    ) -> Rendition: ...


RENDERERS: Mapping[str, Renderer] = {
    "archive": render_archive,
    "wechat": render_wechat,
    "weibo": render_weibo,
    "app": render_app,
}
"""Channel → renderer; all but the archive are named for the platform of their accounts."""


def render_channels(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN
) -> dict[tuple[str, str], Rendition]:
    """(post id, channel) → rendition, in the shape of `Archive.renditions`.

    The archive's always; of the others those on whose platform the post has an account.
    """
    body = read_body(post, registers)
    return {
        (post.id, channel): render_channel(channel, post, registers, sizes, body)
        for channel in channels_of(post, registers)
    }


def channels_of(post: Post, registers: Registers) -> tuple[str, ...]:
    """The channels a post is rendered for: the archive, and those of its accounts' platforms."""
    accounts = (registers.accounts.get(name) for name in post.accounts)
    platforms = {account.platform for account in accounts if account}
    return tuple(c for c in RENDERERS if c == "archive" or c in platforms)


def render_channel(
    channel: str,
    post: Post,
    registers: Registers,
    sizes: Sizes = UNKNOWN,
    body: Body | None = None,
) -> Rendition:
    """The rendition of one channel of `RENDERERS`, with its problems. Never raises."""
    body = body or read_body(post, registers)
    made = RENDERERS[channel](post, registers, sizes, body)
    problems = _problems(made, body, registers, sizes)
    return replace(made, problems=problems) if problems else made


def _problems(
    made: Rendition, body: Body, registers: Registers, sizes: Sizes
) -> tuple[ChannelProblem, ...]:
    """What the channel refuses; of what no channel can show the archive's rendition tells."""
    post = body.post
    if made.channel == "wechat":
        return check_wechat(made.html, wechat_fields(post, registers, sizes, body), post)
    if made.channel == "weibo":
        return tuple(weibo_problems(post, registers, made, body))
    if made.channel == "archive":
        return (*body.problems, *body_problems(body))
    return ()
