"""Renditions of posts, made when a clause looks at them."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.model.memoize import Once
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition

Place = tuple[str, str]

_rendered: Once[Registers, Once[Post, dict[str, Rendition]]] = Once(lambda _: Once(lambda _: {}))
"""Channel → rendition, of the last few posts: a replay meets the same post when it comes to main
and again when it is published."""


def ready() -> None:
    """Read the part of the program that renders, while something else is awaited."""
    import pipeline.render.channels  # noqa: F401


class Channels(Mapping[Place, Rendition]):
    """(post id, channel) → rendition, kept once it is made; a page needs one of a post's many."""

    def __init__(self, posts: Mapping[str, Post], registers: Registers) -> None:
        self._posts, self._registers = posts, registers
        self._made: dict[Place, Rendition] = {}

    def __getitem__(self, place: Place) -> Rendition:
        if place not in self._made:
            if place not in self:
                raise KeyError(place)
            post, channel = place
            # A build that adds nothing renders nothing, and parses neither Markdown nor HTML.
            from pipeline.render.channels import render_channel

            known = _rendered(self._registers)(self._posts[post])
            if channel not in known:
                known[channel] = render_channel(channel, self._posts[post], self._registers)
            self._made[place] = known[channel]
        return self._made[place]

    def drop(self, post: str) -> None:
        """Let go of a post's renditions; they are made again when somebody asks."""
        for place in [place for place in self._made if place[0] == post]:
            del self._made[place]

    def __contains__(self, place: object) -> bool:
        """Known from the post's accounts; nothing is rendered for the question."""
        if place in self._made:
            return True
        post, channel = place if isinstance(place, tuple) else ("", "")
        return post in self._posts and channel in self._of(post)

    def __iter__(self) -> Iterator[Place]:
        for post in self._posts:
            for channel in self._of(post):
                yield post, channel

    def _of(self, post: str) -> tuple[str, ...]:
        from pipeline.render.channels import channels_of

        return channels_of(self._posts[post], self._registers)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets the renditions, made here."""
        return dict, (dict(self),)


def feed_item(post: Post, registers: Registers, rendition: Rendition) -> dict[str, Any]:
    """As `render.app` makes it, which is imported for it like the channels above."""
    from pipeline.render import archive

    return archive.feed_item(post, registers, rendition)
