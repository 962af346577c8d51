"""Values made on first use and held from then on: patterns, mappings, sequences, answers."""

import re
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, AnyStr, Generic, TypeVar, cast, overload

from pipeline.model.calendar import FIRST, Clock, Span
from pipeline.patterns import compiled

Key = TypeVar("Key")
Value = TypeVar("Value")
Given = TypeVar("Given")
Made = TypeVar("Made")

SIZE = 8
"""Values in the cache: the clauses of one post ask one after another, and an audit replays
history and meets the same few registers again and again."""
FEW = 2
"""Of whole archives, each with all that was read of it: one a thread that judges."""

HAN = r"[^\W\d_A-Za-z]"
"""A Chinese sign, or one of another script but Latin: a range of 27,000 takes 2 ms to compile."""


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but compiled on first use, where a wrong pattern raises.

    Most patterns wait for a word that nearly no text has: to compile them all took a seventh of
    a short run's start, and four in five were never asked.
    """
    return cast("re.Pattern[AnyStr]", _LazyPattern(pattern, int(flags)))


class _LazyPattern:
    """Has the methods of a pattern: each compiles it, and is then the compiled one's own."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._wanted = pattern, flags
        self.pattern = pattern

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # a copy asks for what it is made of before it has it
            raise AttributeError(name)
        made = compiled(*self._wanted)
        self.__dict__ |= {n: getattr(made, n) for n in dir(made) if not n.startswith("_")}
        return getattr(made, name)


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


class LazySequence(Sequence[Value], ABC):
    """A sequence whose members are all made on first use, by `_all`."""

    @property
    @abstractmethod
    def _all(self) -> Sequence[Value]: ...

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | Sequence[Value]:
        return self._all[at]

    def __iter__(self) -> Iterator[Value]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class Later(LazySequence[Value]):
    """A sequence that is made lazily."""

    def __init__(self, make: Callable[[], Sequence[Value]]) -> None:
        self._make = make

    @cached_property
    def _all(self) -> Sequence[Value]:
        return self._make()


class Once(Generic[Given, Made]):
    """A pure function that caches its last answers, by the identity of what it was given.

    The value given must be immutable; it is kept alive with its answer, so that its identity
    cannot pass to another value. Threads share it: two may make the same answer at once.
    """

    def __init__(self, make: Callable[[Given], Made], size: int = SIZE) -> None:
        self._make, self._size = make, size
        self._cache: OrderedDict[int, tuple[Given, Made]] = OrderedDict()

    def __call__(self, given: Given) -> Made:
        if hit := self._cache.get(id(given)):
            return hit[1]
        made = self._make(given)
        self._cache[id(given)] = given, made
        if len(self._cache) > self._size:
            self._cache.popitem(last=False)
        return made
