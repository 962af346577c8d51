"""Inside the span of a clock every answer is the same; nothing else leads to the time."""

import ast
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.model.calendar import EVER, SHANGHAI, TICK, Clock, Span, local_date, midnight
from pipeline.model.lazy import Lazy

START = datetime(2026, 11, 5, 18, tzinfo=SHANGHAI)
MOMENTS = st.integers(-200, 200).map(lambda hours: START + timedelta(hours=hours, minutes=7))
DAYS = st.integers(-9, 9).map(lambda n: START.date() + timedelta(n))
SPANS = st.integers(-3, 3).map(timedelta)
OTHER = timezone(timedelta(hours=-5))
NOON = datetime(2026, 11, 5, 12)

Question = Callable[[Clock], Any]


def _tracked(bound: datetime, day: date, slack: timedelta) -> list[Question]:
    return [
        lambda c: c.reached(bound),
        lambda c: c.reached(bound, slack),
        lambda c: c.passed(bound.astimezone(OTHER)),
        lambda c: c.day_reached(day),
        lambda c: c.day_passed(day),
        lambda c: c.recent(bound, slack.days),
        lambda c: c.passed(bound, slack.days),
        lambda c: c.day_passed(day, slack.days),
    ]


def _by_the_standard_library(bound: datetime, day: date, slack: timedelta) -> list[Question]:
    """What a clause may do with the time and the day in its hands."""
    return [
        lambda c: c.now + slack < bound,
        lambda c: c.now.isoformat(),
        lambda c: f"{c.now:%Y-%m-%d %H}",
        lambda c: c.now.astimezone(OTHER).hour,
        lambda c: datetime.isoformat(c.now),
        lambda c: datetime.fromtimestamp(c.now.timestamp(), OTHER) > bound,
        lambda c: datetime.combine(c.now, time(7), SHANGHAI) < bound,
        lambda c: (bound - c.now) < timedelta(days=1),
        lambda c: datetime.combine(c.today, time()) - NOON,
        lambda c: datetime.combine(c.today + slack, time(), SHANGHAI) < bound,
        lambda c: date.fromordinal(c.today.toordinal()) < day,
        lambda c: date.isoformat(c.today - slack),
        lambda c: (c.today.year, c.today.isocalendar(), c.today.strftime("%j")),
        lambda c: {c.today: 1},
        lambda c: max(c.today, day),
    ]


QUESTIONS = st.tuples(MOMENTS, DAYS, SPANS).flatmap(
    lambda drawn: st.sampled_from([*_tracked(*drawn), *_by_the_standard_library(*drawn)])
)


@given(MOMENTS, MOMENTS, st.sampled_from([SHANGHAI, OTHER]), st.lists(QUESTIONS, max_size=5))
def test_inside_the_span_every_answer_is_the_same(
    moment: datetime, other: datetime, zone: timezone, questions: list[Question]
) -> None:
    clock = Clock(moment)
    answers = [ask(clock) for ask in questions]
    span = clock.span
    assert span.holds(moment)
    near = (span.low, span.high - TICK, other)
    for time_of_run in (t for t in near if span.holds(t)):
        try:
            again = Clock(time_of_run.astimezone(zone))
        except OverflowError:  # the ends of time have no such zone
            continue
        assert answers == [ask(again) for ask in questions]


@given(MOMENTS, MOMENTS, DAYS, SPANS)
def test_a_question_is_what_it_is_called(
    moment: datetime, bound: datetime, day: date, slack: timedelta
) -> None:
    clock, today = Clock(moment), local_date(moment)
    assert clock.reached(bound) is (moment >= bound)
    assert clock.reached(bound, slack) is (moment + slack >= bound)
    assert clock.passed(bound) is (moment > bound)
    assert clock.day_reached(day) is (today >= day)
    assert clock.day_passed(day) is (today > day)
    assert clock.passed(bound, 2) is (moment - timedelta(days=2) > bound)
    assert clock.day_passed(day, 2) is (local_date(moment - timedelta(days=2)) > day)
    assert clock.recent(bound, 2) is (bound > moment - timedelta(days=2))
    assert (clock.now, clock.today) == (moment, today)


def test_what_asks_nothing_of_the_time_holds_for_ever_and_a_day_for_itself() -> None:
    clock = Clock(START)
    assert clock.span == EVER
    assert clock.today == START.date()
    assert clock.span == Span(midnight(START.date()), midnight(START.date() + timedelta(1)))
    assert clock.now == START
    assert clock.span == Span(START, START + TICK)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_time_are_no_fault(day: date) -> None:
    clock = Clock(START)
    assert clock.day_reached(day) is clock.day_passed(day) is (day == date.min)
    ends = datetime.combine(day, time.min if day == date.min else time.max, SHANGHAI)
    assert clock.reached(ends, timedelta(1)) is clock.passed(ends) is (day == date.min)


def test_a_value_made_once_is_asked_of_the_time_each_time_it_is_taken() -> None:
    """Or the second verdict that rests on it would hold for ever."""
    clock = Clock(START)
    later = START + timedelta(hours=2)
    values = Lazy({"a"}, lambda _: clock.reached(later), clock)
    for _ in range(2):
        value, span = clock.tracked(lambda: values["a"])
        assert (value, span) == (False, Span(high=later))


FOLDERS = ("rules", "evidence", "judge", "law", "render", "detect", "model")
"""Where no verdict may come by the time but through the clock it is given."""
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "localtime", "gmtime"}
"""What asks the machine, of the classes and modules of the standard library."""
REPORTS = {"judge/judgements.py", "model/calendar.py"}
"""Where the time of the run is read to be told, and no verdict depends on it."""


@cache
def _nodes() -> list[tuple[str, ast.Attribute | ast.ClassDef]]:
    """Every class and every attribute in the program, by its module."""
    home = Path(pipeline.__file__).parent
    return [
        (path.relative_to(home).as_posix(), node)
        for path in sorted(home.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute | ast.ClassDef)
    ]


def _in_verdicts() -> Iterator[tuple[str, ast.Attribute]]:
    for path, node in _nodes():
        if path.split("/")[0] in FOLDERS and isinstance(node, ast.Attribute):
            yield path, node


def _asks_the_machine(node: ast.Attribute) -> bool:
    of = node.value.id if isinstance(node.value, ast.Name) else ""
    return of in ("date", "datetime", "time") and node.attr in CLOCKS


def test_no_verdict_asks_the_machine_for_the_time() -> None:
    assert len({path for path, _ in _in_verdicts()}) > 100
    assert [f"{path}:{n.lineno}" for path, n in _in_verdicts() if _asks_the_machine(n)] == []
    (call,) = (n for n in ast.walk(ast.parse("datetime.now(zone)")) if isinstance(n, ast.Attribute))
    assert _asks_the_machine(call)


def test_the_untracked_time_is_read_for_reports_alone() -> None:
    assert {path for path, node in _in_verdicts() if node.attr == "as_given"} == REPORTS


def test_no_class_pretends_to_be_a_time() -> None:
    classes = [node for _, node in _nodes() if isinstance(node, ast.ClassDef)]
    assert len(classes) > 300
    bases = {b.id for c in classes for b in c.bases if isinstance(b, ast.Name)}
    bases |= {b.attr for c in classes for b in c.bases if isinstance(b, ast.Attribute)}
    assert not bases & {"date", "datetime", "time", "timedelta"}
