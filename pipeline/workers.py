"""Several processes over one list of work: forked, so that nothing needs to be sent to them."""

import gc
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pipeline.errors import Fault
from pipeline.model.findings import say

Task = TypeVar("Task")
Answer = TypeVar("Answer")
TOGETHER = 16
"""Tasks in a row that a worker takes at once, when there are many."""
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
    together: int = TOGETHER,
    few: int = FEW,
) -> list[Answer]:
    """`work` of every task, in order; a worker takes up to `together` tasks at once.

    One process does it all when `processes` is one, when there are fewer tasks than `few`, or
    when threads are running (a fork would copy their locks as they are). An exception of a worker
    is raised here; Fault when a worker died.
    """
    if processes < 2 or len(tasks) < few or threading.active_count() > 1 or not hasattr(os, "fork"):
        return [work(task) for task in tasks]
    answers: list[Answer] = []
    for start in range(0, len(tasks), ROUND):
        answers += _round(tasks[start : start + ROUND], work, processes, together)
    return answers


def _round(
    tasks: Sequence[Task], work: Callable[[Task], Answer], processes: int, together: int
) -> list[Answer]:
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
    from multiprocessing import get_context  # a run of one post never forks

    size = max(min(together, len(tasks) // (TOGETHER * processes)), 1)
    _WORK.append(lambda number: work(tasks[number]))
    gc.freeze()  # a collection in a child would copy every page it touches
    try:
        with ProcessPoolExecutor(
            processes, get_context("fork"), _die_with, (os.getpid(),)
        ) as workers:
            return list(workers.map(_answer, range(len(tasks)), chunksize=size))
    except BrokenProcessPool as error:
        again = say("Run the command again.")
        raise Fault(say("A worker process was ended from outside."), again) from error
    finally:
        gc.unfreeze()
        _WORK.pop()


def _answer(number: int) -> Any:
    return _WORK[-1](number)


def _die_with(parent: int) -> None:
    """No worker outlives a build that was killed (Linux; elsewhere the build's lock waits)."""
    import ctypes

    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return
    if os.getppid() != parent:  # it died before it was asked to tell of its death
        os._exit(1)
