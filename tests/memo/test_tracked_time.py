"""A watched time gives the answers of a plain one, and knows for how long they hold."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.memo.tracked_time import TICK, Watch
from pipeline.model.calendar import SHANGHAI, local_date

START = datetime(2026, 11, 5, 18, tzinfo=SHANGHAI)
MOMENTS = st.integers(-200, 200).map(lambda hours: START + timedelta(hours=hours, minutes=7))
DAYS = st.integers(-9, 9).map(lambda n: START.date() + timedelta(n))
SPANS = st.integers(-3, 3).map(timedelta)
NOON = datetime(2026, 11, 5, 12)
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
        lambda t: datetime.combine(t, time(7), SHANGHAI) < bound,
        lambda t: datetime.combine(t.astimezone(OTHER), time(7), OTHER) < bound,
        lambda t: datetime.combine(t + timedelta(hours=5) + shift, time(), SHANGHAI) - bound,
        lambda t: datetime.fromtimestamp(t.timestamp(), OTHER) > bound,
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
        lambda t: (datetime.combine(local_date(t), time()) - NOON).days,
        lambda t: datetime.combine(local_date(t) + shift, time()) < NOON,
        lambda t: datetime.combine(t.astimezone(OTHER).date(), time()).isoformat(),
        lambda t: date.isoformat(local_date(t - shift)),
        lambda t: date.fromordinal(local_date(t).toordinal()) < bound,
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
    assert local_date(watch.low) == local_date(watch.high - TICK) == local_date(moment)
    if watch.low <= other < watch.high and not any(_is_time(a) for a in answers):
        assert answers == [ask(other) for ask in questions]


def _is_time(answer: Any) -> bool:
    """A time that is handed on asks its own questions later."""
    return isinstance(answer, date)


def test_the_span_is_as_wide_as_the_questions_and_the_day_allow() -> None:
    day = (datetime(2026, 11, 5, tzinfo=SHANGHAI), datetime(2026, 11, 6, tzinfo=SHANGHAI))
    watch = Watch(START)
    assert watch.time < START + timedelta(days=3)
    assert local_date(watch.time) > date(2026, 11, 1)
    assert (watch.low, watch.high) == day
    assert watch.time < START + timedelta(hours=3)
    assert (watch.low, watch.high) == (day[0], START + timedelta(hours=3))
    watch.reset()
    assert (watch.low, watch.high) == day


def test_a_time_of_another_zone_holds_for_the_day_of_both() -> None:
    watch = Watch(START.astimezone(OTHER))
    assert watch.low == datetime(2026, 11, 5, tzinfo=OTHER)
    assert watch.high == datetime(2026, 11, 6, tzinfo=SHANGHAI)


@pytest.mark.parametrize("bound", [date.min, date.max])
def test_the_ends_of_time_are_no_fault(bound: date) -> None:
    watch = Watch(START)
    assert (local_date(watch.time) <= bound) is (bound == date.max)
