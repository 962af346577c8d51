"""Several processes over one list of work: forked, so that nothing needs to be sent to them.

The numbers of the tasks lie in a pipe from which every worker takes the next one, so none waits
for another and none can hold a lock when it dies. The answers come back in the order of the work.
"""

import gc
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from pipeline.errors import Fault
from pipeline.model.findings import say

Task = TypeVar("Task")
Answer = TypeVar("Answer")
TOGETHER = 16
"""Tasks in a row that a worker takes at once, when there are many."""
FEW = 24
"""Tasks that are not worth a fork."""
ROUND = 10_000
"""Tasks of one set of workers: what they hold ends with them. A pipe holds 16,000 numbers."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


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
    if processes < 2 or len(tasks) < few or threading.active_count() > 1 or not _forks():
        return [work(task) for task in tasks]
    answers: list[Answer] = []
    for start in range(0, len(tasks), ROUND):
        answers += _round(tasks[start : start + ROUND], work, processes, together)
    return answers


def _round(
    tasks: Sequence[Task], work: Callable[[Task], Answer], processes: int, together: int
) -> list[Answer]:
    size = max(min(together, len(tasks) // (TOGETHER * processes)), 1)
    numbers = _numbers(-(-len(tasks) // size))
    gc.freeze()  # a collection in a child would copy every page it touches
    try:
        children = [_child(tasks, work, numbers, size) for _ in range(processes)]
    finally:
        gc.unfreeze()
        os.close(numbers)
    return _collected(children, len(tasks))


def _forks() -> bool:
    return hasattr(os, "fork")


def _numbers(chunks: int) -> int:
    """The reading end of a pipe that holds four bytes for each chunk, and has no writer."""
    reader, writer = os.pipe()
    os.write(writer, b"".join(number.to_bytes(4) for number in range(chunks)))
    os.close(writer)
    return reader


def _child(
    tasks: Sequence[Task], work: Callable[[Task], Answer], numbers: int, size: int
) -> tuple[int, int]:
    """(process id, reading end of its answers) of a new worker."""
    reader, writer = os.pipe()
    parent = os.getpid()
    process = os.fork()
    if process:
        os.close(writer)
        return process, reader
    import pickle  # like ctypes below: a run of one post never forks

    try:
        _die_with(parent)
        os.close(reader)
        with os.fdopen(writer, "wb") as out:
            out.write(pickle.dumps(_done(tasks, work, numbers, size)))
    finally:
        os._exit(0)  # the parent's buffers and clean-up are the parent's


def _done(
    tasks: Sequence[Task], work: Callable[[Task], Answer], numbers: int, size: int
) -> list[tuple[int, Answer]] | BaseException:
    answers: list[tuple[int, Answer]] = []
    try:
        while number := os.read(numbers, 4):
            start = int.from_bytes(number) * size
            stop = min(start + size, len(tasks))
            answers += [(at, work(tasks[at])) for at in range(start, stop)]
    except Exception as error:  # it is raised again in the parent
        return error
    return answers


def _collected(children: list[tuple[int, int]], count: int) -> list[Answer]:
    import pickle

    results: dict[int, Answer] = {}
    failed: BaseException | None = None
    for process, reader in children:
        with os.fdopen(reader, "rb") as answers:
            raw = answers.read()
        os.waitpid(process, 0)
        value = pickle.loads(raw) if raw else None  # noqa: S301 — written by our own fork
        if isinstance(value, BaseException):
            failed = failed or value
        else:
            results.update(value or ())
    if failed:
        raise failed
    if len(results) != count:
        raise Fault(say("A worker process was ended from outside."), say("Run the command again."))
    return [results[number] for number in range(count)]


def _die_with(parent: int) -> None:
    """No worker outlives a build that was killed (Linux; elsewhere the build's lock waits)."""
    import ctypes

    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (AttributeError, OSError):
        return
    if os.getppid() != parent:  # it died before it was asked to tell of its death
        os._exit(1)
