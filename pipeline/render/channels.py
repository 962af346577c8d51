"""All channels of a post, rendered and held to their limits before anything judges it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from pipeline.model.findings import Effect, Location, say
from pipeline.model.lazy import regex
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import ChannelProblem, Rendition
from pipeline.parts.wechat.problems import check_wechat, wechat_fields
from pipeline.parts.wechat.rendering import render_wechat
from pipeline.parts.weibo.rendering import render_weibo, weibo_problems
from pipeline.render.archive import render_app, render_archive
from pipeline.render.body import Body, read_body
from pipeline.render.markup import UNKNOWN, Sizes
from pipeline.render.token_words import located
from pipeline.render.tokens import commonmark, well_formed

# What no channel can show as meant: a body without words, and HTML.

_MAY_BE = regex(r"<[A-Za-z/!?]")
"""How every piece of HTML begins (CommonMark 0.31, 4.6 and 6.6); few bodies hold one."""
_READER = commonmark(html=True)
_LONGEST = 40  # signs of a piece that are quoted


def body_problems(body: Body) -> Iterator[ChannelProblem]:
    """An empty body, and the first piece of HTML on each line; none of a withdrawn post, whose
    body is not shown."""
    post = body.post
    if post.withdrawn:
        return
    if not body.plain.strip() and not body.images:
        yield ChannelProblem(
            "empty",
            Effect.REFUSE,
            say("The post has no text."),
            Location(post.path, post.body_line),
            say("Write it below the front matter, or place a picture there."),
        )
    for line, words in html_pieces(post.body):
        yield ChannelProblem(
            "html",
            Effect.REFUSE,
            say("HTML is published as it is typed: {words}", words=words),
            Location(post.path, post.body_line + line),
            say("Write it in Markdown or take it out; a sign < that is meant so is typed \\<."),
        )


def html_pieces(text: str) -> Iterator[tuple[int, str]]:
    """(line from 0, words) of the first piece on each line; code and autolinks are none."""
    if not _MAY_BE.search(text):
        return
    tokens = _READER.parse(well_formed(text))
    pieces = [(t.map[0], t.content) for t in tokens if t.type == "html_block" and t.map]
    pieces += [(line, t.content) for t, line in located(tokens) if t.type == "html_inline"]
    first: dict[int, str] = {}
    for line, words in sorted(pieces, key=lambda piece: piece[0]):
        first.setdefault(line, words.strip().partition("\n")[0][:_LONGEST])
    yield from first.items()


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
    channel: str, post: Post, registers: Registers, sizes: Sizes = UNKNOWN, body: Body | None = None
) -> Rendition:
    """The rendition of one channel of `RENDERERS`, with its problems. Never raises."""
    body = body or read_body(post, registers)
    made = RENDERERS[channel](post, registers, sizes, body)
    problems = _problems(made, body, registers, sizes)
    return replace(made, problems=problems) if problems else made


def _problems(
    made: Rendition, body: Body, registers: Registers, sizes: Sizes
) -> tuple[ChannelProblem, ...]:
    """What the channel refuses; the archive's rendition carries what every channel refuses."""
    post = body.post
    if made.channel == "wechat":
        return check_wechat(made.html, wechat_fields(post, registers, sizes, body), post)
    if made.channel == "weibo":
        return tuple(weibo_problems(post, registers, made, body))
    if made.channel == "archive":
        return (*body.problems, *body_problems(body))
    return ()
