"""Renditions of posts, made when a clause looks at them."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition
from pipeline.render.channels import channels_of, render_channels

Place = tuple[str, str]


class Channels(Mapping[Place, Rendition]):
    """(post id, channel) → rendition; those of a post are made together and kept."""

    def __init__(self, posts: Mapping[str, Post], registers: Registers) -> None:
        self._posts, self._registers = posts, registers
        self._made: dict[str, Mapping[Place, Rendition]] = {}

    def __getitem__(self, place: Place) -> Rendition:
        post = place[0]
        if place not in self:
            raise KeyError(place)
        if post not in self._made:
            self._made[post] = render_channels(self._posts[post], self._registers)
        return self._made[post][place]

    def drop(self, post: str) -> None:
        """Let go of a post's renditions; they are made again when somebody asks."""
        self._made.pop(post, None)

    def __contains__(self, place: object) -> bool:
        """Known from the post's accounts; nothing is rendered for the question."""
        post, channel = place if isinstance(place, tuple) else ("", "")
        return post in self._posts and channel in channels_of(self._posts[post], self._registers)

    def __iter__(self) -> Iterator[Place]:
        for post in self._posts:
            for channel in channels_of(self._posts[post], self._registers):
                yield post, channel

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets the renditions, made here."""
        return dict, (dict(self),)
