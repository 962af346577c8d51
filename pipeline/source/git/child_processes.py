"""Processes of git that run beside this one, and their end.

Who opens a repository closes it, and with it every process that reads it. A fork lets go of the
pipes of its parent: git goes on as long as any process holds the other end of its input.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from subprocess import PIPE, Popen, TimeoutExpired
from typing import IO, cast

import git

SECONDS = 5.0
"""How long a process may take to end by itself; it reads only, so nothing is lost by killing it."""
RUNNING: set["Child"] = set()
"""Every process that was started and not ended; in a fork, those of its parent as well: dropping
them would wait for processes of another."""
_STARTING = threading.RLock()
"""Held while a process starts and while one forks: a fork would keep pipes that nobody lists."""


@dataclass(frozen=True, eq=False)
class Child:
    """A running git with its pipes."""

    repo: git.Repo
    process: Popen[bytes]
    owner: int = field(default_factory=os.getpid)
    """Id of the process that started it."""

    @classmethod
    def start(cls, repo: git.Repo, command: list[str]) -> "Child":
        """Start a command with pipes at all three ends. Raises what GitPython and Popen raise."""
        with _STARTING:
            started = repo.git.execute(command, istream=PIPE, as_process=True)
            # GitPython's own end of it waits without limit, and in a fork for the parent's process.
            process, started.proc = started.proc, None
            child = cls(repo, cast(Popen[bytes], process))
            RUNNING.add(child)
        return child

    @property
    def runs(self) -> bool:
        """Whether this process may still ask it something."""
        return self in RUNNING and self.owner == os.getpid()

    @property
    def pipes(self) -> Iterator[IO[bytes]]:
        return filter(None, (self.process.stdout, self.process.stderr, self.process.stdin))

    def end(self) -> None:
        """Close its pipes, and kill it when that does not end it."""
        if not self.runs:
            return
        RUNNING.discard(self)
        for pipe in self.pipes:
            with suppress(OSError):  # what was not sent yet meets a closed pipe
                pipe.close()
        try:
            self.process.wait(SECONDS)
        except TimeoutExpired:
            self.process.kill()
            self.process.wait()


def end_all(repo: git.Repo) -> None:
    """End every process that reads a repository."""
    for child in tuple(RUNNING):
        if child.repo is repo:
            child.end()
    repo.close()


def _let_go() -> None:
    """In a fork: put nothing in the place of the parent's pipes, whoever may close them later."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for child in RUNNING:
        for pipe in child.pipes:
            with suppress(ValueError):  # closed while the fork began
                os.dup2(nothing, pipe.fileno(), inheritable=False)
    os.close(nothing)
    _STARTING.release()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(
        before=_STARTING.acquire, after_in_parent=_STARTING.release, after_in_child=_let_go
    )
