"""Work counted in steps, which are the same on every machine, however loaded it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Steps:
    """Calls of functions so far, those of Python and those of C."""

    def __init__(self) -> None:
        self.count = 0

    def see(self, _frame: FrameType, event: str, _value: object) -> None:
        self.count += event in ("call", "c_call")


@contextmanager
def counted() -> Iterator[Steps]:
    """Count what this thread calls within the block."""
    steps, before = Steps(), sys.getprofile()
    sys.setprofile(steps.see)
    try:
        yield steps
    finally:
        sys.setprofile(before)


def steps_of(work: Callable[[], object]) -> int:
    """The steps of a piece of work."""
    with counted() as steps:
        work()
    return steps.count


def assert_linear(work: Callable[[int], object], size: int, most: float = 2.5) -> None:
    """Twice the size takes at most `most` times the steps; work of size 1 warms caches up."""
    work(1)
    small, large = (steps_of(lambda n=n: work(n)) for n in (size, 2 * size))
    assert large <= most * small, f"{small} steps for {size}, {large} for {2 * size}"
