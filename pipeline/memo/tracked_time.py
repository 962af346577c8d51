"""The time of a run that remembers what was asked of it.

A verdict on a change of last year hardly depends on today, but it may: a date to come, a mandate,
a parameter that takes effect. Comparisons with the time of the run narrow the span in which their
answers stay the same; whatever else is done with it narrows the span to that moment or day.

Not everything can be heard: `datetime.combine` reads the day of its argument from memory. So every
time and day that is made here narrows the span to its own day, and no verdict outlives the day on
which it was judged, in Shanghai and in the zone of the run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from operator import ge, gt, le, lt
from typing import Any

from pipeline.model.calendar import SHANGHAI

TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)
_TESTS: tuple[tuple[str, Callable[[Any, Any], bool], bool, bool], ...] = (
    ("__lt__", lt, False, False),
    ("__le__", le, True, False),
    ("__gt__", gt, True, True),
    ("__ge__", ge, False, True),
)
"""Method, operator, whether the bound itself is still before, whether the answer is turned."""
ASKED = (
    "__format__", "__hash__", "__reduce__", "__reduce_ex__", "__repr__", "__rsub__", "__str__",
    "ctime", "isocalendar", "isoformat", "isoweekday", "replace", "strftime", "timetuple",
    "toordinal", "weekday",
)  # fmt: skip
ASKED_OF_TIMES = (
    "dst", "time", "timestamp", "timetz", "tzname", "utcoffset", "utctimetuple",
)  # fmt: skip
PARTS = ("day", "month", "year")
PARTS_OF_TIMES = ("fold", "hour", "microsecond", "minute", "second", "tzinfo")


@dataclass
class Watch:
    """The span of times of a run, from `low` to before `high`, that give the same answers."""

    moment: datetime
    low: datetime = FIRST
    high: datetime = LAST

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what was asked: what is judged next has a span of its own, within the day."""
        self.low, self.high = FIRST, LAST
        for zone in (self.moment.tzinfo, SHANGHAI):
            _instant(self, self.moment.astimezone(zone), timedelta())

    @property
    def time(self) -> datetime:
        """The moment, watched."""
        return _instant(self, self.moment, timedelta())

    def is_before(self, bound: datetime) -> bool:
        """Whether the time of the run lies before a bound; the answer is remembered."""
        before = self.moment < bound
        if before and bound < self.high:
            self.high = bound
        elif not before and bound > self.low:
            self.low = bound
        return before


class _Instant(datetime):
    """The time of the run, or a fixed while before or after it."""

    watch: Watch
    value: datetime
    shift: timedelta

    def pin(self) -> None:
        self.watch.is_before(self.watch.moment)
        self.watch.is_before(self.watch.moment + TICK)

    def bound(self, other: Any, including: bool) -> datetime:
        """The time of the run at which this would pass another."""
        passed: datetime = plain(other) - self.shift + TICK * including
        return passed

    def comparable(self, other: Any) -> bool:
        return isinstance(other, datetime)

    def astimezone(self, tz: tzinfo | None = None) -> "_Instant":
        return _instant(self.watch, self.value.astimezone(tz), self.shift)

    def date(self) -> date:
        return _day(self, self.value.date(), 0)

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, timedelta):
            return NotImplemented
        return _instant(self.watch, self.value + other, self.shift + other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, timedelta):
            return self + -other
        self.pin()
        return self.value - plain(other)


class _Day(date):
    """A day of the run, or one a number of days before or after it."""

    instant: _Instant
    value: date
    days: int

    def pin(self) -> None:
        self.instant.watch.is_before(self.bound(self.value, False))
        self.instant.watch.is_before(self.bound(self.value, True))

    def bound(self, other: Any, including: bool) -> datetime:
        """The time of the run at which this day would pass another."""
        day = plain(other) - timedelta(days=self.days) + _DAY * including
        start = datetime(day.year, day.month, day.day, tzinfo=self.instant.value.tzinfo)
        return start - self.instant.shift

    def comparable(self, other: Any) -> bool:
        return isinstance(other, date) and not isinstance(other, datetime)

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, timedelta):
            return NotImplemented
        return _day(self.instant, self.value + other, self.days + other.days)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, timedelta):
            return self + timedelta(days=-other.days)
        self.pin()
        return self.value - plain(other)


def plain(value: Any) -> Any:
    """The same time or day without memory."""
    return value.value if isinstance(value, _Instant | _Day) else value


def _instant(watch: Watch, value: datetime, shift: timedelta) -> _Instant:
    made = _Instant.__new__(
        _Instant, value.year, value.month, value.day, value.hour, value.minute, value.second,
        value.microsecond, value.tzinfo, fold=value.fold,
    )  # fmt: skip
    made.watch, made.value, made.shift = watch, value, shift
    made.date()
    return made


def _day(instant: _Instant, value: date, days: int) -> _Day:
    made = _Day.__new__(_Day, value.year, value.month, value.day)
    made.instant, made.value, made.days = instant, value, days
    try:
        made.pin()
    except OverflowError:  # the first and the last day there are
        instant.pin()
    return made


def _test(compare: Callable[[Any, Any], bool], including: bool, turned: bool) -> Any:
    def test(self: Any, other: Any) -> Any:
        if not self.comparable(other):
            return NotImplemented
        if isinstance(other, _Instant | _Day):  # both move on together
            self.pin()
            return compare(self.value, other.value)
        watch = self.watch if isinstance(self, _Instant) else self.instant.watch
        try:
            bound = self.bound(other, including)
        except OverflowError:  # the first and the last day there are
            self.pin()
            return compare(self.value, other)
        return watch.is_before(bound) is not turned

    return test


def _equal(self: Any, other: Any) -> bool:
    return bool(self.comparable(other) and not self < other and not self > other)


def _unequal(self: Any, other: Any) -> bool:
    return not _equal(self, other)


def _asked(name: str) -> Any:
    def ask(self: Any, *arguments: Any, **named: Any) -> Any:
        self.pin()
        return getattr(self.value, name)(*map(plain, arguments), **named)

    return ask


def _part(name: str) -> Any:
    def part(self: Any) -> Any:
        self.pin()
        return getattr(self.value, name)

    return property(part)


for _kind, _names, _parts in (
    (_Instant, (*ASKED, *ASKED_OF_TIMES), (*PARTS, *PARTS_OF_TIMES)),
    (_Day, ASKED, PARTS),
):
    for _name, _operator, _including, _turned in _TESTS:
        setattr(_kind, _name, _test(_operator, _including, _turned))
    _kind.__eq__ = _equal  # type: ignore[method-assign]
    _kind.__ne__ = _unequal  # type: ignore[method-assign]
    for _name in _names:
        setattr(_kind, _name, _asked(_name))
    for _name in _parts:
        setattr(_kind, _name, _part(_name))
