"""A watched time gives the answers of a plain one, and knows for how long they hold."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.flow.watched import FIRST, LAST, Watch
from pipeline.model.calendar import SHANGHAI, local_date

START = datetime(2026, 11, 5, 18, tzinfo=SHANGHAI)
MOMENTS = st.integers(-200, 200).map(lambda hours: START + timedelta(hours=hours, minutes=7))
DAYS = st.integers(-9, 9).map(lambda n: START.date() + timedelta(n))
SPANS = st.integers(-3, 3).map(timedelta)
OTHER = timezone(timedelta(hours=-5))

Question = Callable[[Any], Any]


def _about_a_moment(bound: datetime, shift: timedelta) -> st.SearchStrategy[Question]:
    return st.sampled_from([
        lambda t: t + shift < bound,
        lambda t: bound <= t - shift,
        lambda t: t.astimezone(OTHER) > bound,
        lambda t: t == bound,
        lambda t: t != bound,
        lambda t: (bound - t) < timedelta(days=1),
        lambda t: min(t, bound),
        lambda t: f"{t:%Y-%m-%d %H}",
        lambda t: (t.year, t.astimezone(SHANGHAI).hour),
        lambda t: t in {bound},
        lambda t: t.isoformat(),
    ])  # fmt: skip


def _about_a_day(bound: date, shift: timedelta) -> st.SearchStrategy[Question]:
    return st.sampled_from([
        lambda t: local_date(t) + shift <= bound,
        lambda t: bound < local_date(t),
        lambda t: local_date(t - shift) >= bound,
        lambda t: local_date(t) == bound,
        lambda t: local_date(t) != bound,
        lambda t: (local_date(t) - bound).days,
        lambda t: local_date(t).weekday(),
        lambda t: local_date(t).replace(day=1),
        lambda t: {local_date(t): 1},
        lambda t: str(local_date(t)),
        lambda t: max(local_date(t), bound),
    ])  # fmt: skip


QUESTIONS = st.one_of(
    st.tuples(MOMENTS, SPANS).flatmap(lambda p: _about_a_moment(*p)),
    st.tuples(DAYS, SPANS).flatmap(lambda p: _about_a_day(*p)),
)


@given(MOMENTS, MOMENTS, st.lists(QUESTIONS, min_size=1, max_size=5))
def test_inside_the_span_every_answer_is_the_same(
    moment: datetime, other: datetime, questions: list[Question]
) -> None:
    watch = Watch(moment)
    answers = [ask(watch.time) for ask in questions]
    assert answers == [ask(moment) for ask in questions]
    assert watch.low <= moment < watch.high
    if watch.low <= other < watch.high and not any(_is_time(a) for a in answers):
        assert answers == [ask(other) for ask in questions]


def _is_time(answer: Any) -> bool:
    """A time that is handed on asks its own questions later."""
    return isinstance(answer, date)


def test_the_span_is_as_wide_as_the_questions_allow() -> None:
    watch = Watch(START)
    assert watch.time < START + timedelta(days=3)
    assert local_date(watch.time) > date(2026, 11, 1)
    assert (watch.low, watch.high) == (
        datetime(2026, 11, 2, tzinfo=SHANGHAI),
        START + timedelta(days=3),
    )
    watch.reset()
    assert (watch.low, watch.high) == (FIRST, LAST)


@pytest.mark.parametrize("bound", [date.min, date.max])
def test_the_ends_of_time_are_no_fault(bound: date) -> None:
    watch = Watch(START)
    assert (local_date(watch.time) <= bound) is (bound == date.max)
