"""What a run keeps: all that was read of archives and made of it, owned by one value.

A command is a run, and the desk one as long as it serves. What depends on an archive, a time or a
text is kept by `Run` and goes with it. What is made of constants alone, such as a list that ships,
may stay as long as the process (docs/engineer.md, "What is kept").
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Generic, ParamSpec, TypeVar

from pipeline.model.lazy import SIZE, Given, Made, Once

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Run:
    """Who keeps answers → these. Inside its context it is the run at hand."""

    def __init__(self) -> None:
        self.answers: dict[object, Any] = {}

    def __enter__(self) -> "Run":
        self.answers |= RUNS[-1].answers  # one inside another goes on with what that has
        RUNS.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        RUNS.remove(self)
        self.answers.clear()


RUNS = [Run()]
"""The last one is at hand; the first is of callers without one, such as tests."""


def of_run(keeper: object, make: Callable[[], Answer]) -> Answer:
    """What the run at hand has of a keeper, made when it is first asked for."""
    answers = RUNS[-1].answers
    if keeper not in answers:
        answers[keeper] = make()
    answer: Answer = answers[keeper]
    return answer


def per_run(size: int) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """As `lru_cache`, whose answers the run keeps."""

    def wrap(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        @wraps(function)
        def ask(*given: Asked.args, **named_by: Asked.kwargs) -> Answer:
            answers = RUNS[-1].answers
            held = answers.get(ask) or answers.setdefault(ask, lru_cache(size)(function))
            answer: Answer = held(*given, **named_by)
            return answer

        return ask

    return wrap


class PerRun(Generic[Given, Made]):
    """As `Once`, whose answers the run keeps."""

    def __init__(self, make: Callable[[Given], Made], size: int = SIZE) -> None:
        self._make, self._size = make, size

    def __call__(self, given: Given) -> Made:
        answers = RUNS[-1].answers
        held = answers.get(self) or answers.setdefault(self, Once(self._make, self._size))
        made: Made = held(given)
        return made
