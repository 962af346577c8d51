"""Stretches about a place, and what is made once for a value."""

from concurrent.futures import ThreadPoolExecutor
from weakref import WeakSet

from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.folding import Spans
from pipeline.model.lazy import FEW, SIZE, Once

PLACES = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda p: (p[0], p[0] + p[1]))


@given(st.lists(PLACES, max_size=12), PLACES)
def test_touching_and_covering_are_what_looking_at_all_finds(
    stretches: list[tuple[int, int]], place: tuple[int, int]
) -> None:
    spans = Spans((start, end, n) for n, (start, end) in enumerate(stretches))
    start, end = place
    touching = {n for n, (s, e) in enumerate(stretches) if s < end and start < e}
    covering = {n for n, (s, e) in enumerate(stretches) if s <= start and end <= e}
    assert {n for _, _, n in spans.touching(start, end)} == touching
    assert {n for _, _, n in spans.covering(start, end)} == covering


def test_a_value_is_made_once_while_it_is_among_the_last() -> None:
    made: list[tuple[int, ...]] = []

    def make(given: tuple[int, ...]) -> int:
        made.append(given)
        return sum(given)

    once = Once(make)
    values = [(n,) for n in range(SIZE + 1)]
    assert [once(v) for v in values] == list(range(SIZE + 1))
    assert once(values[-1]) == SIZE
    assert len(made) == SIZE + 1
    assert once(values[0]) == 0
    assert len(made) == SIZE + 2


class Whole:
    """What is too large to stay in memory often."""


def test_of_what_is_large_few_stay_in_memory_and_threads_share_them() -> None:
    once: Once[Whole, int] = Once(id, FEW)
    alive: WeakSet[Whole] = WeakSet()

    def ask(_: int) -> None:
        for _ in range(300):
            whole = Whole()
            alive.add(whole)
            assert once(whole) == once(whole) == id(whole)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    once(Whole())
    assert len(alive) <= FEW
