"""A sequence whose members are found out as a whole, when somebody first looks at one."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

Value = TypeVar("Value")


class Whole(Sequence[Value], ABC):
    """A sequence of what `_all` tells."""

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
