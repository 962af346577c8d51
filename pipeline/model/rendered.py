"""The renditions of an archive's posts, each made when it is first asked for."""

from collections.abc import Callable, Collection, Iterator, Mapping

from pipeline.model.channels import ARCHIVE, ChannelRegisters, render_channel
from pipeline.model.ids import PostId
from pipeline.model.lazy import Lazy, Once
from pipeline.model.part import program
from pipeline.model.posts import Post, Rendition
from pipeline.model.registers import Registers
from pipeline.model.run import PerRun

RenditionKey = tuple[PostId, str]
"""Post id, channel."""
Left = Callable[[PostId], Mapping[str, Rendition]]

_rendered: PerRun[Registers, Once[Post, Lazy[str, Rendition]]] = PerRun(
    lambda r: Once(lambda post: Lazy(channels_of(post, r), lambda c: render_channel(c, post, r)))
)
"""Channel → rendition, of the last few posts: a replay meets the same post when it comes to main
and when it is published."""


def channels_of(post: Post, registers: ChannelRegisters) -> tuple[str, ...]:
    """The channels a post is rendered for: the archive, and those of its accounts' platforms."""
    accounts = (registers.accounts.get(name) for name in post.accounts)
    platforms = {account.platform for account in accounts if account}
    return tuple(c for c in program().channels if c == ARCHIVE or c in platforms)


class Channels(Lazy[RenditionKey, Rendition]):
    """(post id, channel) → rendition, cached; a page needs one of a post's many."""

    def __init__(
        self, posts: Mapping[PostId, Post], registers: Registers, left: Left = lambda _post: {}
    ) -> None:
        """`left`: post → channel → rendition, of those that another process made."""
        super().__init__(
            _Keys(posts, registers),
            lambda key: left(key[0]).get(key[1]) or _rendered(registers)(posts[key[0]])[key[1]],
        )

    def drop_post(self, post: PostId) -> None:
        """Drop a post's renditions; the next look makes them again."""
        for key in [key for key in self._made if key[0] == post]:
            self.drop(key)


class _Keys(Collection[RenditionKey]):
    """Which renditions there are; decided by the posts' accounts, nothing is rendered."""

    def __init__(self, posts: Mapping[PostId, Post], registers: Registers) -> None:
        self._posts, self._registers = posts, registers

    def __contains__(self, key: object) -> bool:
        post, channel = key if isinstance(key, tuple) else ("", "")
        return post in self._posts and channel in self._of(post)

    def __iter__(self) -> Iterator[RenditionKey]:
        for post in self._posts:
            for channel in self._of(post):
                yield post, channel

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _of(self, post: PostId) -> tuple[str, ...]:
        return channels_of(self._posts[post], self._registers)
