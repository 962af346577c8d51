"""`python -m tests.fuzz --inputs 1000000 [--target NAME] [--seed 1]`: fuzz the readers.

Input number i of a target is the same on every machine, so that a failure is found again by its
number: it is printed with the command that makes it anew. Ends with 1 at the first crash, hang or
wrong acceptance.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import Any

from tests.fuzz.mutate import made
from tests.fuzz.targets import TARGETS, Target

SECONDS = 2
"""Of the processor, for one input of 16 KB; they take a thousandth."""
PATIENCE = 20
"""Of the processor, after which a process is killed that does not come back to Python at all."""
BATCH = 5_000
Failure = tuple[int, str]
"""(number of the input, what became of it)."""

_at: Any = multiprocessing.Array("q", 256)
"""The number that each process is at: what killed it is the input of that number."""
_begun: Any = multiprocessing.Value("i", 0)


class Hang(BaseException):
    """A reader did not come back in time; no `except Exception` of a reader takes it."""


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise Hang


def run(target: Target, name: str, seed: int, start: int, count: int) -> Failure | None:
    """Meet `count` inputs from number `start`; the first that fails, or None.

    Time is the processor's, so that a busy machine makes no hang.
    """
    signal.signal(signal.SIGPROF, _alarm)
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    for number in range(start, start + count):
        _at[_slot] = number
        raw = made(target, f"{seed}:{name}:{number}")
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            target.meet(raw)
        except (Exception, Hang) as error:
            return number, f"{type(error).__name__}: {error}\n{raw[:400]!r}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


_slot = 0


def _begin() -> None:
    """Give this process a place of its own in `_at`."""
    global _slot
    with _begun.get_lock():
        _slot = _begun.value % len(_at)
        _begun.value += 1


def _batch(name: str, seed: int, start: int, count: int) -> tuple[Failure | None, float]:
    """One batch in a process of the pool, and the processor's seconds it took."""
    began = time.process_time()
    found = run(TARGETS[name], name, seed, start, count)
    return found, time.process_time() - began


def fuzz(name: str, seed: int, start: int, count: int, processes: int) -> Failure | float:
    """Fuzz one target in several processes: the first failure, or the seconds of all."""
    end = start + count
    batches = ((at, min(BATCH, end - at)) for at in range(start, end, BATCH))
    _at[:] = [-1] * len(_at)
    spent = 0.0
    with ProcessPoolExecutor(processes, initializer=_begin) as pool:
        awaited = [pool.submit(_batch, name, seed, *batch) for batch in batches]
        try:
            for done in awaited:
                found, seconds = done.result()
                spent += seconds
                if found is not None:
                    pool.shutdown(cancel_futures=True)
                    return found
        except BrokenProcessPool:
            return max(_at), f"a process was killed; at work were {sorted(set(_at) - {-1})}"
    return spent


def _told(given: argparse.Namespace) -> Iterator[bool]:
    for name in given.target or TARGETS:
        began = time.perf_counter()
        found = fuzz(name, given.seed, given.start, given.inputs, given.processes)
        if isinstance(found, tuple):
            again = f"--target {name} --seed {given.seed} --start {found[0]} --inputs 1"
            print(f"{name}: {found[1]}\nagain: python -m tests.fuzz {again}", flush=True)
        else:
            clock = time.perf_counter() - began
            print(f"{name}: {given.inputs} inputs, {found:.0f} s of processor, {clock:.0f} s",
                  flush=True)  # fmt: skip
        yield not isinstance(found, tuple)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS))
    given = parser.parse_args()
    return 0 if all([*_told(given)]) else 1


if __name__ == "__main__":
    sys.exit(main())
