"""`python -m tests.fuzz --inputs 1000000 [--target NAME] [--seed 1]`: fuzz the readers.

Input number i of a target is the same on every machine, so that a failure is found again by its
number. Ends with 1 at the first crash, hang or wrong acceptance.
"""

import argparse
import signal
import sys
import time
from types import FrameType

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS, Target

SECONDS = 10
"""No input of 16 KB may take longer."""


class Hang(Exception):
    """A reader did not come back in time."""


def _alarm(_number: int, _frame: FrameType | None) -> None:
    raise Hang


def run(target: Target, name: str, seed: int, start: int, count: int) -> int | None:
    """Meet `count` inputs from number `start`; the number of the first that fails, or None."""
    signal.signal(signal.SIGALRM, _alarm)
    for number in range(start, start + count):
        raw = mutated(target.seeds, f"{seed}:{name}:{number}")
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            target.meet(raw)
        except Exception as error:
            print(f"{name} {seed}:{number}: {type(error).__name__}: {error}\n{raw[:400]!r}")
            return number
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS))
    given = parser.parse_args()
    for name in given.target or TARGETS:
        began = time.perf_counter()
        failed = run(TARGETS[name], name, given.seed, given.start, given.inputs)
        if failed is not None:
            return 1
        print(f"{name}: {given.inputs} inputs, {time.perf_counter() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
