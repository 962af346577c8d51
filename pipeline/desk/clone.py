"""The one clone a desk works from, shared by the threads that answer requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Semaphore, local
from weakref import WeakKeyDictionary

from pipeline.errors import Fault
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.model.findings import Message
from pipeline.source.git.branches import MAIN
from pipeline.source.git.remote import refresh
from pipeline.source.git.repository import Repository

_TREES = 300
"""How many listings of trees a repository holds before they are let go."""
_MOST = 2
"""Repositories at once: Python computes one at a time, while another waits for git; and each holds
some 70 MB of an archive of 10,000 posts."""


@dataclass
class Clone:
    """Repositories for threads, each used by one at a time, and main's governance."""

    folder: Path
    offline: Message | None = None
    """Why the last fetch failed; None: it did not."""
    _idle: LifoQueue[Repository] = field(default_factory=LifoQueue)
    _turns: Semaphore = field(default_factory=lambda: Semaphore(_MOST))
    _own: local = field(default_factory=local)
    """Of each thread the repository that it uses."""
    _trusted: WeakKeyDictionary[Repository, tuple[str, Trusted]] = field(
        default_factory=WeakKeyDictionary
    )

    @contextmanager
    def repository(self) -> Iterator[Repository]:
        """A repository that no other thread uses; inside another use, the same one.

        There are few: each caches for itself what waits on all branches (`history.waiting`), and
        that is costly to read the first time. Its processes of git stay for the next use.
        """
        if held := getattr(self._own, "repository", None):
            yield held
            return
        with self._turns:
            try:
                repository = self._idle.get_nowait()
            except Empty:
                repository = Repository.open(self.folder)
            self._own.repository = repository
            try:
                yield repository
            except BaseException:
                repository.close()  # an answer may be half read; git starts again when asked
                raise
            finally:
                self._own.repository = None
                if repository.holds_trees > _TREES:
                    repository.forget_all()
                if self._idle.qsize() < _MOST:
                    self._idle.put(repository)
                else:
                    repository.close()

    @contextmanager
    def idle(self) -> Iterator[None]:
        """While this thread waits for a remote or a lock, another has its turn."""
        held = getattr(self._own, "repository", None) is not None
        if held:
            self._turns.release()
        try:
            yield
        finally:
            if held:
                self._turns.acquire()

    def refresh(self) -> None:
        """Fetch the remote, if there is one; `offline` says why it could not be reached."""
        try:
            with Repository.open(
                self.folder
            ) as repository:  # a slow remote keeps no reader waiting
                refresh(repository)
            self.offline = None
        except Fault as fault:
            self.offline = fault.message

    def trusted(self, repository: Repository) -> Trusted:
        """What main judges by; read once for each repository, since it reads on lazily."""
        main = repository.base(MAIN)
        commit, trusted = self._trusted.get(repository, ("", None))
        if trusted is None or commit != main:
            trusted = pinned(trust(repository.tree(main)), repository, main)
            self._trusted[repository] = main, trusted
        return trusted

    def close(self) -> None:
        """End every process of git."""
        while not self._idle.empty():
            self._idle.get().close()
