"""Which of many short stretches of a text lie about a place, without looking at all of them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

Held = TypeVar("Held")


class Spans(Generic[Held]):
    """Stretches with what each holds, in order of their place."""

    def __init__(self, stretches: Iterable[tuple[int, int, Held]]) -> None:
        self.all: Sequence[tuple[int, int, Held]] = sorted(stretches, key=lambda s: s[:2])
        self._starts = [start for start, _, _ in self.all]
        self._longest = max((end - start for start, end, _ in self.all), default=0)

    def touching(self, start: int, end: int) -> Iterable[tuple[int, int, Held]]:
        """Those that share a sign with the stretch from `start` to `end`."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_right(self._starts, end - 1)
        return (s for s in self.all[first:last] if s[1] > start)

    def covering(self, start: int, end: int) -> Iterable[tuple[int, int, Held]]:
        """Those that hold the whole stretch."""
        return (s for s in self.touching(start, end) if s[0] <= start and end <= s[1])
