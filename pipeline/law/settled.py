"""Outcomes of clauses that rest on a post alone: one that stands is not asked again in a run.

A replay judges a post when it comes to main, and again when its publication is recorded and its
form is filed. Most clauses ask for nothing but the post and the registers; what they answer holds
as long as these are the very same values (docs/decisions/0102).
"""

from typing import Any

from pipeline.model import law, posts, registers, run
from pipeline.model.archive import Archive, Mode
from pipeline.model.lazy import Once

_of_post: run.PerRun[
    law.Rulebook,
    Once[registers.Registers, Once[posts.Post, dict[tuple[Mode, bool], dict[Any, Any]]]],
] = run.PerRun(lambda _: Once(lambda _: Once(lambda _: {}, 32)))
"""Of as many posts as `archive_at` caches."""


def settled(post: posts.Post, archive: Archive, rulebook: law.Rulebook) -> dict[Any, Any]:
    """Number and identity of a clause → its outcome on a post, to be added to. Nothing is settled
    of a post that is unread in part, or of which something is waived."""
    if post.unread or post.invalid or archive.waivers_of(post.id):
        return {}
    by_way = _of_post(rulebook)(archive.registers)(post)
    return by_way.setdefault((archive.mode, archive.brings(post)), {})
