"""git's processes end with who started them: forked at any moment, held open, or forgotten."""

import gc
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import Popen
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.source.git import git_process
from pipeline.source.git.git_process import RUNNING, Child, end_all
from pipeline.source.git.repository import Repository
from tests.builders.archive import ArchiveRepo


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine git may take long to end by itself."""
    monkeypatch.setattr(git_process, "SECONDS", 600)


@contextmanager
def forked(work: Callable[[], object]) -> Iterator[Callable[[], str]]:
    """A fork that works and then stays; what the work gave (repr) is told when asked for."""
    (answers, tell), (wait, leave) = os.pipe(), os.pipe()
    process = os.fork()
    if not process:
        try:
            os.close(leave)
            os.write(tell, repr(work()).encode())
            os.close(tell)
            os.read(wait, 1)
        finally:
            os._exit(0)
    os.close(tell)
    os.close(wait)

    def told() -> str:
        with os.fdopen(os.dup(answers), "rb") as raw:
            return raw.read().decode()

    try:
        yield told
    finally:
        os.close(answers)
        os.close(leave)
        os.waitpid(process, 0)


def _read(repository: Repository) -> bytes:
    return repository.objects.read(repository.commit("HEAD"))


def _reader() -> Child:
    return max(RUNNING, key=lambda child: child.process.pid)


def test_a_repository_ends_though_a_fork_of_its_opener_lives_on(archive: ArchiveRepo) -> None:
    with archive.open() as repository:
        _read(repository)
        child = _reader()
        with forked(lambda: "forked") as told:
            assert told() == "'forked'"
            repository.close()
            assert child.process.returncode == 0  # it saw the end of its input and was not killed


def test_a_fork_while_a_question_is_under_way_takes_no_answer_of_its_parent(
    archive: ArchiveRepo,
) -> None:
    """The worst moment: asked and not answered, and bytes of the question still in our buffer."""
    with archive.open() as repository:
        head = repository.commit("HEAD")
        whole = _read(repository)
        reader = repository.objects._running()
        reader.asks.write(f"contents {head}\nflush\n".encode())
        with forked(lambda: _read(repository)) as told:
            assert told() == repr(whole)
        reader.asks.flush()
        assert reader.answers.readline().split()[0] == head.encode()
        assert reader.answers.read(len(whole)) == whole


def test_a_fork_ends_nothing_of_its_parent(archive: ArchiveRepo) -> None:
    repository = archive.open()
    whole = _read(repository)

    def drop() -> str:
        repository.close()
        for child in tuple(RUNNING):
            child.end()
        gc.collect()
        return "dropped"

    with forked(drop) as told:
        assert told() == "'dropped'"
        assert _reader().process.poll() is None
        assert _read(repository) == whole


def test_a_fork_waits_until_a_process_that_starts_is_listed(
    archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread has its pipes already, and nobody else knows of them yet."""
    repository, piped, forking = archive.open(), threading.Event(), threading.Event()

    def late(*given: Any, **options: Any) -> Popen[bytes]:
        made = Popen(*given, **options)
        piped.set()
        forking.wait(0.2)  # the fork begins now, and has to wait
        return made

    monkeypatch.setattr(git_process, "Popen", late)
    command = ["git", "cat-file", "--batch"]
    thread = threading.Thread(target=Child.start, args=(repository.repo, command))
    thread.start()
    piped.wait()
    with forked(lambda: "forked") as told:
        forking.set()
        assert told() == "'forked'"
        thread.join()
        child = _reader()
        end_all(repository.repo)
        assert child.process.returncode == 0


def test_what_does_not_end_by_itself_is_killed(
    archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_process, "SECONDS", 0.1)
    repository = archive.open()
    _read(repository)
    child = _reader()
    assert child.process.stdin is not None
    held = child.process.stdin.fileno()  # somebody whom no hook reaches holds its input open
    with subprocess.Popen(["sleep", "60"], pass_fds=[held]) as other:
        repository.close()
        assert child.process.returncode == -signal.SIGKILL
        other.kill()


def test_a_reader_that_failed_ends_at_once_and_the_next_is_the_only_one(
    archive: ArchiveRepo,
) -> None:
    with archive.open() as repository:
        before = len(RUNNING)
        for _ in range(5):
            with pytest.raises(Fault, match="damaged"):
                repository.objects.read("0" * 40)
            assert len(RUNNING) == before
        _read(repository)
        _read(repository)
        assert len(RUNNING) == before + 1
    assert len(RUNNING) == before


def test_a_repository_that_nobody_closed_ends_when_it_is_forgotten(archive: ArchiveRepo) -> None:
    before = len(RUNNING)
    _read(archive.open())
    gc.collect()
    assert len(RUNNING) == before


def test_a_closed_repository_answers_again(archive: ArchiveRepo) -> None:
    with archive.open() as repository:
        whole = _read(repository)
    assert _read(repository) == whole
