"""Outcomes of clauses that rest on a post alone: one that stands is not asked again in a run.

A replay judges a post when it comes to main, and again when its publication is recorded and its
form is filed. Most clauses ask for nothing but the post and the registers; what they answer holds
as long as these are the very same values (docs/decisions/0102).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.model.archive import Archive, Mode
from pipeline.model.ids import PostId
from pipeline.model.law import Rulebook
from pipeline.model.lazy import Once
from pipeline.model.posts import Post
from pipeline.model.records import Signed
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition
from pipeline.model.run import PerRun

_of_post: PerRun[Rulebook, Once[Registers, Once[Post, dict[tuple[Mode, bool], dict[Any, Any]]]]] = (
    PerRun(lambda _: Once(lambda _: Once(lambda _: {}, 32)))
)
"""Of as many posts as `archive_at` caches."""


def settled(post: Post, archive: Archive, rulebook: Rulebook) -> dict[Any, Any]:
    """Number and identity of a clause → its outcome on a post, to be added to. Nothing is settled
    of a post that is unread in part, or of which something is waived."""
    if post.unread or post.invalid or archive.waivers_of(post.id):
        return {}
    by_way = _of_post(rulebook)(archive.registers)(post)
    return by_way.setdefault((archive.mode, archive.brings(post)), {})


class Look:
    """An archive as the clauses on one post see it, which takes note of who looks further."""

    parameter, day_of = Archive.parameter, Archive.day_of

    def __init__(self, archive: Archive, post: PostId) -> None:
        self._archive, self._post, self.beyond = archive, post, False
        self.registers = archive.registers
        self.renditions: Mapping[Any, Rendition] = _Renditions(archive.renditions, self.own)
        # What `settled` tells apart. Who asks it of another post looked further to have that.
        self.mode, self.brings = archive.mode, archive.brings

    def own(self, post: object) -> None:
        """Takes note of another post's id."""
        self.beyond |= post != self._post

    def waivers_of(self, post: PostId) -> tuple[Signed, ...]:
        self.own(post)
        return self._archive.waivers_of(post)

    def __getattr__(self, name: str) -> Any:
        self.beyond = True
        return getattr(self._archive, name)


class _Renditions(Mapping[tuple[PostId, str], Rendition]):
    """Renditions; who asks for another post's, or for all, looks further."""

    def __init__(self, rows: Mapping[Any, Rendition], own: Callable[[object], None]) -> None:
        self._rows, self._own = rows, own

    def __getitem__(self, key: tuple[PostId, str]) -> Rendition:
        self._own(key[0])
        return self._rows[key]

    def __iter__(self) -> Iterator[tuple[PostId, str]]:
        self._own(None)
        return iter(self._rows)

    def __len__(self) -> int:
        self._own(None)
        return len(self._rows)
