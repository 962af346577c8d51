"""Outcomes of clauses that rest on a post alone: one that stands is not asked again in a run.

A replay judges a post when it comes to main, and again when its publication is recorded and its
form is filed. Most clauses ask for nothing but the post and the registers; what they answer holds
as long as these are the very same values (docs/decisions/0102).
"""

from typing import Any

from pipeline.model.archive import Archive, Mode
from pipeline.model.law import Rulebook
from pipeline.model.lazy import Once
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
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
