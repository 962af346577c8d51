"""What is costly to make from a register or a post is made once for that value."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

KEPT = 8
"""Values kept at a time: the clauses of one post ask one after another, and an audit replays
history and meets the same few registers again and again."""


class Once(Generic[Given, Made]):
    """A pure function that remembers what it was asked last, by the identity of what it was given.

    The value given must be immutable; it is kept alive with its answer, so that its identity
    cannot pass to another value.
    """

    def __init__(self, make: Callable[[Given], Made]) -> None:
        self._make = make
        self._kept: OrderedDict[int, tuple[Given, Made]] = OrderedDict()

    def __call__(self, given: Given) -> Made:
        known = self._kept.get(id(given))
        if known is not None:
            self._kept.move_to_end(id(given))
            return known[1]
        made = self._make(given)
        self._kept[id(given)] = given, made
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return made
