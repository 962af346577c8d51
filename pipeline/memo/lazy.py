"""Values that are made lazily and held from then on."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar

from pipeline.model.clock import FIRST, Clock, Span
from pipeline.model.lazy_sequence import Whole

Key = TypeVar("Key")
Value = TypeVar("Value")


class Lazy(Mapping[Key, Value]):
    """A mapping of known keys whose values are made on first use.

    A change of one post is judged without reading all others, and a worker that was forked
    verifies what it judges itself.
    """

    def __init__(
        self, keys: Collection[Key], make: Callable[[Key], Value], clock: Clock | None = None
    ) -> None:
        """`clock`: the time that `make` asks for; who takes a value depends on its answers, too."""
        self._keys = keys
        self._make = make
        self._clock = clock or Clock(FIRST)
        self._made: dict[Key, tuple[Value, Span]] = {}

    def __getitem__(self, key: Key) -> Value:
        if key not in self._made:
            if key not in self._keys:
                raise KeyError(key)
            self._made[key] = self._clock.tracked(partial(self._make, key))
        value, span = self._made[key]
        self._clock.narrow(span)
        return value

    def drop(self, key: Key) -> None:
        """Drop a value; the next look makes it again."""
        self._made.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as plain values: another process cannot make them."""
        return dict, (dict(self),)


class Later(Whole[Value]):
    """A sequence that is made lazily."""

    def __init__(self, make: Callable[[], Sequence[Value]]) -> None:
        self._make = make

    @cached_property
    def _all(self) -> Sequence[Value]:
        return self._make()
