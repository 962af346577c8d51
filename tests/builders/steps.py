"""Work counted in steps, which are the same on every machine, however loaded it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from cProfile import Profile


class Steps:
    """Calls of functions, those of Python and those of C, once the block has ended."""

    def __init__(self) -> None:
        self.count = 0


@contextmanager
def counted() -> Iterator[Steps]:
    """Count what this thread calls within the block; a counter written in Python took three
    quarters of the time."""
    steps, profile = Steps(), Profile()
    profile.enable()
    try:
        yield steps
    finally:
        profile.disable()
        steps.count = sum(row.callcount for row in profile.getstats())


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
