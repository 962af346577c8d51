"""The repositories of a desk: few, each for one thread at a time, with what they cache."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from pipeline.errors import Fault
from pipeline.history.waiting import waiting
from pipeline.model.findings import say
from pipeline.parts.desk.writer import Clone
from pipeline.source.git.git_process import GitClient
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.desks import DeskRun, change

NOW = at("2026-11-05 18:00")


@pytest.fixture
def clone(archive: ArchiveRepo) -> Clone:
    archive.draft()
    archive.commit("起草", "zz-a")
    return Clone(archive.root)


def test_what_threads_share_is_made_with_the_desk(archive: ArchiveRepo, tmp_path: Path) -> None:
    """Else two that come first would each hold statements that the other cannot sign."""
    assert {"writer", "signing"} <= vars(DeskRun.over(archive, tmp_path).open()).keys()


def test_inside_another_use_it_is_the_same_repository(clone: Clone) -> None:
    with clone.repository() as outer, clone.repository() as inner:
        assert inner is outer
    with clone.repository() as again:
        assert again is outer


def test_thirty_readers_share_few_repositories_and_none_is_used_by_two(clone: Clone) -> None:
    seen, used, lock, two = set(), set(), threading.Lock(), threading.Barrier(2)

    def read(number: int) -> None:
        with clone.repository() as repository:
            with lock:
                assert id(repository) not in used
                used.add(id(repository))
                seen.add(id(repository))
            with clone.repository():  # as a page inside a page
                if number < 2:  # both at once
                    two.wait(300)
                sleep(0.002)
            with lock:
                used.remove(id(repository))

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(read, range(60)))
    assert 1 < len(seen) <= 2
    clone.close()


def test_who_waits_for_the_remote_keeps_no_reader_waiting(clone: Clone) -> None:
    saving, sent = threading.Barrier(5), threading.Event()

    def save(_: int) -> None:
        with clone.repository() as repository, clone.idle():
            saving.wait(300)
            sent.wait(300)
            assert repository

    def read() -> str:
        with clone.repository() as repository:
            return repository.commit("HEAD")

    with ThreadPoolExecutor(5) as pool:
        savers = [pool.submit(save, number) for number in range(4)]
        saving.wait(300)
        assert pool.submit(read).result(300)
        sent.set()
        assert [saver.result() for saver in savers] == [None] * 4
    assert clone._idle.qsize() == 2
    clone.close()


def test_after_a_fault_what_was_read_is_still_cached(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clone.repository() as repository:
        waiting(repository, NOW)
    with pytest.raises(Fault), clone.repository():
        raise Fault(say("no"))
    asked = []
    run = GitClient.git
    monkeypatch.setattr(GitClient, "git", lambda *a, **k: asked.append(a[1]) or run(*a, **k))
    with clone.repository() as repository:
        (item,) = waiting(repository, NOW).items
        assert repository.tree(item.commit).read(item.post.path)  # git runs again
    assert item.post.id == POST and {*asked} == {"for-each-ref"}


def test_pages_that_write_and_one_that_waits_for_a_repository_all_come_through(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """Two hold every repository; a third writes meanwhile, and must not hold the writer's lock."""
    desk = DeskRun.over(archive, tmp_path).open()
    held, go = threading.Barrier(3), threading.Event()

    def page(number: int) -> str:
        with desk.clone.repository():
            held.wait(300)
            go.wait(300)
            return desk.writer.put(change(f"b{number}")).branch

    with ThreadPoolExecutor(3) as pool:
        pages = [pool.submit(page, number) for number in range(2)]
        held.wait(300)
        third = pool.submit(lambda: desk.writer.put(change("b2")).branch)
        sleep(0.05)
        go.set()
        assert [f.result(300) for f in (*pages, third)] == [f"b{n}" for n in range(3)]
