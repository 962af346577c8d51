"""What is costly to make from a register or a post is made once for that value."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

SIZE = 8
"""Values in the cache: the clauses of one post ask one after another, and an audit replays
history and meets the same few registers again and again."""
FEW = 2
"""Of whole archives, each with all that was read of it: one a thread that judges."""


class Once(Generic[Given, Made]):
    """A pure function that remembers what it was asked last, by the identity of what it was given.

    The value given must be immutable; it is kept alive with its answer, so that its identity
    cannot pass to another value. Threads share it: two may make the same answer at once.
    """

    def __init__(self, make: Callable[[Given], Made], size: int = SIZE) -> None:
        self._make, self._size = make, size
        self._cache: OrderedDict[int, tuple[Given, Made]] = OrderedDict()

    def __call__(self, given: Given) -> Made:
        hit = self._cache.get(id(given))
        if hit is not None:
            with suppress(KeyError):  # another thread has just dropped it
                self._cache.move_to_end(id(given))
            return hit[1]
        made = self._make(given)
        self._cache[id(given)] = given, made
        if len(self._cache) > self._size:
            self._cache.popitem(last=False)
        return made
