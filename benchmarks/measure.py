"""Whole processes, start included: wall time, processor time and memory; and the one table writer.

Machines, interpreters and hours differ, so a loop of plain Python runs in turn with every process:
seconds are compared by what the loop took then. Processor time and the largest process are the
kernel's own account (getrusage(2)) of a command and all it waited for. Memory is the proportional
set size of all its processes together, looked at ten times a second (proc_pid_smaps(5)), or the
largest process, whichever is more.
"""

import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

WORK = Path("build/bench").resolve()
LOOP = (sys.executable, "-I", "-S", "-c", "sum(i*i for i in range(10**7))")
YARD = 0.60
"""Processor seconds of the loop on the machine and interpreter that budgets are set for."""
RUNS, ENOUGH = 3, 10.0
"""The median of so many runs, or fewer once they took so many seconds."""
STATE = WORK / "state"
_UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != _UNCOMPILED} | {
    "XDG_STATE_HOME": str(STATE)
}
"""Of a person's machine: a package is compiled once, when it is installed or first run. The seal
key of our caches lies in the benchmark's own folder."""


def alone(folder: Path) -> dict[str, str]:
    """An environment in which git reads nobody's settings but those of a folder."""
    return {**ENVIRONMENT, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds, processor seconds, bytes; and what it told."""

    wall: float
    cpu: float
    peak: float
    runs: int = 1
    told: str = ""
    loop: float = YARD
    """Processor seconds of the loop that ran beside it."""

    @property
    def judged(self) -> float:
        """Processor seconds on the machine that budgets are set for."""
        return self.cpu * YARD / self.loop

    def times(self, factor: float) -> "Spent":
        """As if so many times the work had been done; memory stays."""
        return replace(self, wall=self.wall * factor, cpu=self.cpu * factor)

    def less(self, other: "Spent") -> "Spent":
        """Without what another took: a slope instead of a start."""
        return replace(self, wall=self.wall - other.wall, cpu=self.cpu - other.cpu)


@dataclass(frozen=True)
class Sent:
    """Bytes of files: packed for the wire, and as they lie on disk."""

    wire: float
    raw: float


class Missing(str):
    """Why there is no figure."""


def spend(
    command: Sequence[str],
    folder: Path | None = None,
    codes: Sequence[int] = (0,),
    env: Mapping[str, str] = ENVIRONMENT,
) -> Spent:
    """Run a command once, after the loop. Another exit code than these ends the row."""
    loop = _run(LOOP, None, (0,), env).cpu
    return replace(_run(command, folder, codes, env), loop=loop)


def _run(
    command: Sequence[str], folder: Path | None, codes: Sequence[int], env: Mapping[str, str]
) -> Spent:
    with tempfile.TemporaryFile() as told:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=told,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            with _watched(process.pid) as seen:
                _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        text = told.read().decode(errors="replace")
    if process.returncode not in codes:
        raise SystemExit(f"{' '.join(command)}: {process.returncode}\n{text[-2000:]}")
    # A child is charged with what its parent held at the fork: less than that tells nothing.
    inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = used.ru_maxrss if used.ru_maxrss > inherited else 0
    peak = max(seen.most, largest * 1024)
    return Spent(wall, used.ru_utime + used.ru_stime, peak, told=text)


class _watched(threading.Thread):  # noqa: N801 (used as a context)
    """Watches the memory of a process and its descendants while the context lasts."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.most, self.over = process, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            # A set: until it runs a program of its own, a child that was started with vfork(2)
            # shows the very memory of its parent, who waits for it.
            told = set(map(_memory, _tree(self.process)))
            self.most = max(self.most, sum(map(_resident, told)))

    def __enter__(self) -> "_watched":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()


def _tree(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            yield from _tree(int(child))


def _memory(process: int) -> str:
    """What the kernel tells of a process's memory; nothing of one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{process}/smaps_rollup").read_text()
    return ""


def _resident(told: str) -> int:
    for line in told.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def repeated(run: Callable[[], Spent], before: Callable[[], object] = lambda: None) -> Spent:
    """Medians of several runs, each after its preparation."""
    runs: list[Spent] = []
    while len(runs) < RUNS and sum(r.wall for r in runs) < ENOUGH:
        before()
        runs.append(run())
    return middle(runs)


def middle(runs: Sequence[Spent]) -> Spent:
    """The median of each figure; memory is the most of all."""
    return Spent(
        statistics.median(r.wall for r in runs), statistics.median(r.cpu for r in runs),
        max(r.peak for r in runs), len(runs), runs[-1].told,
        statistics.median(r.loop for r in runs),
    )  # fmt: skip


def empty(*folders: Path) -> None:
    """Make folders new, and let the disk finish before anything is timed.

    The old ones wait aside until `remove`, when all is measured: for a minute after many files
    were removed, ext4 makes new ones at a tenth of its speed, whoever makes them.
    """
    for folder in folders:
        aside = folder.with_name(f".{folder.name}.gone")
        if folder.exists():
            aside.mkdir(exist_ok=True)
            folder.rename(aside / str(len(list(aside.iterdir()))))
    os.sync()


def remove(*folders: Path) -> None:
    """Remove folders and what `empty` put aside of them."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder.with_name(f".{folder.name}.gone"), ignore_errors=True)


def table(header: str, rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the header's columns are parted by bars."""
    names = [name.strip() for name in header.split("|")]
    return "\n".join(map(line, (names, ["---"] * len(names), *rows)))


def line(cells: Iterable[object]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def processors() -> int:
    """As many processes as ours uses."""
    return len(os.sched_getaffinity(0))


def remark(text: str) -> None:
    """Progress, beside the data."""
    print(text, file=sys.stderr, flush=True)
