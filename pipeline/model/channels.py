"""A post in every channel it is for; a part knows how one channel shows it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from pipeline.model.part import load, program
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import UNKNOWN, Rendition, Sizes

ARCHIVE = "archive"
"""The channel that every post has."""


class ChannelCode(ABC):
    """What a channel does with a post."""

    @abstractmethod
    def render(self, post: Post, registers: Registers, sizes: Sizes) -> Rendition:
        """The rendition, with what the channel refuses of it. Never raises."""

    def fields(
        self, post: Post, registers: Registers, sizes: Sizes, made: Rendition
    ) -> Mapping[str, Any]:
        """What the channel asks for besides the rendition `made` of it, as JSON has it."""
        return {}


def code_of(channel: str) -> ChannelCode:
    """The code of one of the program's channels."""
    code: ChannelCode = load(program().channels[channel].code)
    return code


def ready() -> None:
    """Import the code of every channel, before a post is asked for."""
    for channel in program().channels:
        code_of(channel)


def channel_of(platform: str) -> str:
    """The channel whose rendition an account of this platform publishes."""
    return platform if platform in program().channels else ARCHIVE


def channels_of(post: Post, registers: Registers) -> tuple[str, ...]:
    """The channels a post is rendered for: the archive, and those of its accounts' platforms."""
    accounts = (registers.accounts.get(name) for name in post.accounts)
    platforms = {account.platform for account in accounts if account}
    return tuple(c for c in program().channels if c == ARCHIVE or c in platforms)


def render_channel(
    channel: str, post: Post, registers: Registers, sizes: Sizes = UNKNOWN
) -> Rendition:
    """The rendition of one channel, with its problems. Never raises."""
    return code_of(channel).render(post, registers, sizes)


def render_channels(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN
) -> dict[tuple[str, str], Rendition]:
    """(post id, channel) → rendition, in the shape of `Archive.renditions`."""
    return {
        (post.id, channel): render_channel(channel, post, registers, sizes)
        for channel in channels_of(post, registers)
    }
