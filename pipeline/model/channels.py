"""A post in every channel it is for; a part knows how one channel shows it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from pipeline.model.brings import load
from pipeline.model.findings import Message, say
from pipeline.model.ids import AccountId
from pipeline.model.part import program
from pipeline.model.policy import Policy
from pipeline.model.posts import UNKNOWN, Post, Rendition, Sizes

ARCHIVE = "archive"
"""The channel that every post has."""


class NamedAccount(Protocol):
    """An official account."""

    @property
    def name(self) -> str: ...
    @property
    def platform(self) -> str: ...


class ChannelRegisters(Protocol):
    """What a channel asks of the registers (`pipeline.model.registers.Registers`)."""

    @property
    def policy(self) -> Policy: ...
    @property
    def accounts(self) -> Mapping[AccountId, NamedAccount]: ...
    def source_name(self, source: Mapping[str, Any], /) -> str: ...
    def parameter(self, name: str, on: date, /) -> Any: ...


@dataclass(frozen=True)
class SheetPicture:
    """An image to upload, with what is known of it."""

    file: str
    alt: str
    width: int | None = None
    height: int | None = None
    size: int | None = None
    """Bytes."""
    data: str = ""
    """``data:image/png;base64,…`` (or jpeg, gif, webp) for the preview; empty: none is shown."""


@dataclass(frozen=True)
class CopySheet:
    """What is copied to a platform at once, with all that stands beside it."""

    rendition: Rendition
    """One without HTML is copied as plain text."""
    fields: Mapping[Message, str] = field(default_factory=dict)
    counts: Mapping[Message, tuple[int, int]] = field(default_factory=dict)
    """What is counted → (how much, limit)."""
    pictures: Sequence[SheetPicture] = ()
    problems: Sequence[str] = ()
    name: Message | None = None
    """None: the channel's."""


@dataclass(frozen=True)
class SavedPage:
    """What a page of a platform holds besides a post."""

    ids: frozenset[str] = frozenset()
    """Ids of the elements with title and text; without `classes` too, the whole page is read."""
    classes: tuple[str, ...] = ()
    """Beginnings of classes of such elements."""
    added: re.Pattern[str] | None = None
    """A line that the platform adds."""
    tail: re.Pattern[str] | None = None
    """What it adds to the end of a line."""


ANY_PAGE = SavedPage()


class ChannelCode(ABC):
    """What a channel does with a post."""

    tab: Message | None = None
    """Name of its preview for reviewers; None: it looks like the archive's page."""
    frame: Message | None = None
    """Title of a preview as HTML; None: the preview is of plain text."""
    page = ANY_PAGE
    """How a saved page of it is read."""

    @abstractmethod
    def render(self, post: Post, registers: ChannelRegisters, sizes: Sizes) -> Rendition:
        """The rendition, with what the channel refuses of it. Never raises."""

    def feed_item(
        self, post: Post, registers: ChannelRegisters, made: Rendition
    ) -> Mapping[str, Any]:
        """The rendition `made` of a post as an entry of the channel's feed, where it has one."""
        return {}

    def sections(
        self, post: Post, sizes: Sizes, made: Rendition
    ) -> Iterable[tuple[Message | None, str]]:
        """What is pasted: (heading, text) of each piece."""
        return [(None, made.html.rstrip("\n"))] if made.html else []

    def sheets(
        self, post: Post, registers: ChannelRegisters, sizes: Sizes, sheet: CopySheet
    ) -> Iterator[CopySheet]:
        """The copy page, of a sheet with the rendition, its pictures and problems."""
        yield replace(sheet, fields={say("Title"): sheet.rendition.title})

    def texts(self, made: Rendition) -> tuple[str, ...]:
        """The plain texts of which the platform shows one; none: it shows title and HTML."""
        return ()


def code_of(channel: str) -> ChannelCode:
    """The code of one of the program's channels."""
    code: ChannelCode = load(program().channels[channel].code)
    return code


def channel_of(platform: str) -> str:
    """The channel whose rendition an account of this platform publishes."""
    return platform if platform in program().channels else ARCHIVE


def render_channel(
    channel: str, post: Post, registers: ChannelRegisters, sizes: Sizes = UNKNOWN
) -> Rendition:
    """The rendition of one channel, with its problems. Never raises."""
    return code_of(channel).render(post, registers, sizes)
