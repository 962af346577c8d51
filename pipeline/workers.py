"""Several processes over one list of work: forked, so that nothing needs to be sent to them."""

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

from pipeline.errors import Fault
from pipeline.model.findings import say

Task = TypeVar("Task")
Answer = TypeVar("Answer")
FEW = 24
"""Tasks that are not worth a fork."""
ROUND = 10_000
"""Tasks of one set of workers: what they hold ends with them."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_WORK: list[Callable[[int], Any]] = []
"""Number of a task → its answer; a fork finds it here."""


def spread(
    tasks: Sequence[Task],
    work: Callable[[Task], Answer],
    processes: int,
    together: int = ROUND,
    few: int = FEW,
    first: int | None = 0,
) -> list[Answer]:
    """`work` of every task, in order; a worker takes up to `together` tasks at once.

    `first`: the number of the task that is done before the fork, so that what it imports, compiles
    and reads of lists is there for all workers; None: its caller saw to that.

    One process does it all when `processes` is one, when there are fewer tasks than `few`, or
    when threads are running (a fork would copy their locks as they are). An exception of a worker
    is raised here; Fault when a worker died.
    """
    if processes < 2 or len(tasks) < few or threading.active_count() > 1 or not hasattr(os, "fork"):
        return [work(task) for task in tasks]
    others, at = list(tasks), first or 0
    before = [] if first is None else [work(others.pop(at))]
    answers: list[Answer] = []
    for start in range(0, len(others), ROUND):
        answers += _round(others[start : start + ROUND], work, processes, together)
    return [*answers[:at], *before, *answers[at:]]


def _round(
    tasks: Sequence[Task], work: Callable[[Task], Answer], processes: int, together: int
) -> list[Answer]:
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
    from multiprocessing import get_context  # a run of one post never forks

    _WORK.append(lambda number: work(tasks[number]))
    gc.freeze()  # a collection in a child would copy every page it touches
    try:
        with ProcessPoolExecutor(
            processes, get_context("fork"), _die_with, (os.getpid(),)
        ) as workers:
            shares = _shares(len(tasks), processes, together)
            return list(chain.from_iterable(workers.map(_answers, shares)))
    except BrokenProcessPool as error:
        again = say("Run the command again.")
        raise Fault(say("A worker process was ended from outside."), again) from error
    finally:
        gc.unfreeze()
        _WORK.pop()


def _shares(count: int, processes: int, together: int) -> Iterator[range]:
    """Numbers of tasks for the next idle worker: half of an equal part of those that are left. So
    neighbours, which have much in common, stay together, and none waits long at the end."""
    start = 0
    while start < count:
        size = max(1, min(together, (count - start) // (2 * processes)))
        yield range(start, start + size)
        start += size


def _answers(numbers: range) -> list[Any]:
    answers = []
    for number in numbers:
        answers.append(_WORK[-1](number))
        gc.collect(0)  # parsers leave cycles, and nothing else looks for them (`starting.short`)
    return answers


def _die_with(parent: int) -> None:
    """No worker outlives a build that was killed (Linux; elsewhere the build's lock waits)."""
    import ctypes

    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return
    if os.getppid() != parent:  # it died before it was asked to tell of its death
        os._exit(1)
