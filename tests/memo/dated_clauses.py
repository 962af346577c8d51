"""Clauses that look at the time as any clause may, by the clock or by the standard library."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from pipeline.model import run
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post
from pipeline.rules import a04_focus

TURN = datetime(2026, 12, 2, tzinfo=SHANGHAI)
"""When each of the clauses begins to refuse."""
_DAY = TURN.date()
_NAIVE = datetime.combine(_DAY, time())
CLAUSES: dict[str, Callable[[Archive], bool]] = {
    "reached": lambda archive: archive.clock.reached(TURN),
    "recent": lambda archive: not archive.clock.recent(TURN - timedelta(days=3), 3),
    "day passed": lambda archive: archive.clock.day_passed(_DAY - timedelta(days=1)),
    "the moment": lambda archive: archive.as_of >= TURN,
    "combine": lambda archive: datetime.combine(archive.today, time()) >= _NAIVE,
    "the moment in words": lambda archive: archive.as_of.isoformat() >= TURN.isoformat(),
}
"""What else a clause may ask of the time is asked of the clock itself (tests/model/test_clock)."""


def lay_down(asks: Callable[[Archive], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge every post by one clause more, which refuses when this is so."""

    def check(post: Post, archive: Archive) -> Iterator[Complaint]:
        if asks(archive):
            yield Complaint("so-it-is", Effect.REFUSE, say("Too late."), Location(post.path))

    *others, last = a04_focus.RULE.clauses
    clauses = (*others, replace(last, check=check))
    monkeypatch.setattr(a04_focus, "RULE", replace(a04_focus.RULE, clauses=clauses))
    monkeypatch.setattr(run, "RUNS", [run.Run()])  # with the rules of before


def any_clause(draw: random.Random) -> Callable[[Archive], bool]:
    """Some of the clauses above, joined."""
    some = [CLAUSES[name] for name in draw.sample(sorted(CLAUSES), 2)]
    joined = draw.choice([all, any])
    return lambda archive: joined(asks(archive) for asks in some)


def moments(draw: random.Random) -> list[datetime]:
    """Times of runs: two of one day, about the turn, and far from it."""
    near = [timedelta(seconds=draw.randrange(-90_000, 90_000)) for _ in range(2)]
    far = [timedelta(days=draw.randrange(-20, 400), hours=draw.randrange(24))]
    edge = [timedelta(), -timedelta(seconds=1)]
    some = [TURN + away for away in (*near, *far, *edge)]
    draw.shuffle(some)
    return [*some, some[0]]
