"""Outcomes of clauses that rest on a post alone: one that stands is not asked again in a run.

A replay judges a post when it comes to main, and again when its publication is recorded and its
form is filed. Most clauses ask for nothing but the post and the registers; what they answer holds
as long as these are the very same values.
"""

from typing import Any

from pipeline.model.archive import Archive, Mode
from pipeline.model.ids import PostId
from pipeline.model.law import Rulebook
from pipeline.model.lazy import Once
from pipeline.model.posts import Post
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import Registers
from pipeline.model.run import PerRun

Settled = dict[int, Any]
"""Identity of a clause → its outcome."""
_KEPT = 32
"""Posts whose outcomes are at hand, as in `post_reader`."""
_of_post: PerRun[Rulebook, Once[Registers, Once[Post, dict[tuple[Mode, bool], Settled]]]] = PerRun(
    lambda _: Once(lambda _: Once(lambda _: {}, _KEPT))
)


def settled(post: Post, archive: Archive, rulebook: Rulebook) -> Settled:
    """What was settled of a post, to be added to; of one that is partly unread or excused in part,
    nothing is."""
    if post.unread or post.invalid or archive.waivers_of(post.id):
        return {}
    by_way = _of_post(rulebook)(archive.registers)(post)
    return by_way.setdefault((archive.mode, archive.brings(post)), {})


class Look:
    """An archive as the clauses on one post see it, which takes note of who looks further."""

    def __init__(self, archive: Archive, post: Post) -> None:
        self._archive, self._post = archive, post
        self.beyond = False
        """Whether more was asked for than `settled` tells apart."""
        self.registers, self.mode = archive.registers, archive.mode
        self.renditions = archive.renditions

    parameter, day_of = Archive.parameter, Archive.day_of

    def brings(self, item: Post | Fact) -> bool:
        self.beyond |= item is not self._post
        return self._archive.brings(item)

    def waivers_of(self, post: PostId) -> tuple[Signed, ...]:
        self.beyond |= post != self._post.id
        return self._archive.waivers_of(post)

    def __getattr__(self, name: str) -> Any:
        self.beyond = True
        return getattr(self._archive, name)
