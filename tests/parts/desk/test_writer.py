"""The writer: every change reaches its branch once, whatever happens on the way."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline.detect.private import private_data
from pipeline.errors import Fault
from pipeline.parts.desk import writer
from pipeline.parts.desk.frame import SetAside, Waits
from pipeline.source.git.git_process import GitClient
from tests.builders.archive import ArchiveRepo
from tests.builders.desks import DeskRun, change
from tests.builders.git import Git


@pytest.fixture
def run(archive: ArchiveRepo, tmp_path: Path) -> DeskRun:
    return DeskRun.over(archive, tmp_path)


def test_a_change_becomes_one_commit_of_its_person_on_the_remote(run: DeskRun) -> None:
    written = run.open().writer.put(change())
    assert run.branch("proposal") == written.commit
    assert run.read("proposal", "content/records/a.txt") == "1"
    shown = Git(run.remote)("log", "-1", "--format=%an %ae %cn %ct %s", "proposal")
    assert shown == "xxy-a xxy-a@yunlan.example.org xxy-a 1780000000 记一笔"


def test_a_new_branch_begins_at_main(run: DeskRun) -> None:
    run.open().writer.put(change("drafts/a"))
    assert run.log("drafts/a") == ["记一笔"]


def test_the_working_tree_of_the_clone_stays_as_it_is(run: DeskRun) -> None:
    before = run.branch("main")
    run.open().writer.put(change())
    assert Git(run.root)("rev-parse", "HEAD") == before
    assert not Git(run.root)("status", "--porcelain")


def test_the_same_change_twice_stands_once(run: DeskRun) -> None:
    desk = run.open()
    assert desk.writer.put(change()).commit == desk.writer.put(change()).commit
    assert run.log("proposal") == ["记一笔"]


@pytest.mark.parametrize("where", range(6))
def test_no_commit_says_digits_that_history_could_not_hold(run: DeskRun, where: int) -> None:
    """One check number of eighteen looks like a mobile number; a title may hold one, corrected
    later. What history holds of either is refused, and could never be taken out."""
    digits = "4" * where + "13" + "9" * 9 + "4" * (5 - where)
    number = " ".join(digits[at : at + 4] for at in range(0, 16, 4))
    commit = run.open().writer.put(change(message=f"登记密钥，核对号 {number}")).commit
    message = Git(run.remote)("log", "-1", "--format=%s", commit)
    assert message.startswith("登记密钥")
    assert not [match for match in private_data(message) if match.certain]


def test_a_file_is_taken_away(run: DeskRun) -> None:
    desk = run.open()
    desk.writer.put(change())
    desk.writer.put(change(files={"content/records/a.txt": None}, message="删去"))
    with pytest.raises(AssertionError):
        run.read("proposal", "content/records/a.txt")


def test_a_branch_that_moved_on_gets_the_change_on_top(run: DeskRun) -> None:
    other, desk = run.open(), run.open()
    other.writer.put(change(files={"content/records/b.txt": b"2\n"}, message="另一笔"))
    desk.writer.put(change())
    assert run.log("proposal") == ["记一笔", "另一笔"]


def test_two_desks_and_ten_threads_lose_nothing(run: DeskRun) -> None:
    desks = [run.open(), run.open()]
    changes = [change(files={f"content/records/{n}.txt": b"x"}, message=f"{n}") for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: desks[n % 2].writer.put(changes[n]), range(10)))
    assert sorted(run.log("proposal")) == sorted(map(str, range(10)))


def test_what_the_remote_does_not_take_waits_and_comes_later(run: DeskRun) -> None:
    desk, gone = run.open(), run.remote.with_name("gone.git")
    shutil.move(run.remote, gone)
    with pytest.raises(Waits):
        desk.writer.put(change())
    desk.writer.drain()  # still gone
    assert len(desk.writer.waiting()) == 1
    shutil.move(gone, run.remote)
    run.open().writer.drain()  # a desk that was started anew
    assert run.log("proposal") == ["记一笔"]
    assert not desk.writer.waiting()


def another_commit(run: DeskRun) -> str:
    """One on the remote's branch, which no branch leads to."""
    given = ("-c", "user.name=zz-a", "-c", "user.email=zz-a@yunlan.example.org")
    asked = ("commit-tree", "-p", "proposal", "-m", "他处", "proposal^{tree}")
    return Git(run.remote)(*given, *asked)


def moved(run: DeskRun) -> None:
    """The remote's branch goes on where the clone cannot see it."""
    Git(run.remote)("update-ref", "refs/heads/proposal", another_commit(run))


@pytest.mark.parametrize("fetched", [False, True])
def test_of_two_that_push_at_once_both_come_through(run: DeskRun, fetched: bool) -> None:
    """The remote took both in, and finds that the branch moved when it is to move it: of that it
    says "failed to update ref". `fetched`: what came is in the clone by then; the desk fetches
    every minute, whoever writes."""
    hook, once = run.remote / "hooks/pre-receive", run.remote / "once"
    hook.parent.mkdir(exist_ok=True)
    move = f"env -u GIT_QUARANTINE_PATH git update-ref refs/heads/proposal {another_commit(run)}"
    other = f'env -i PATH="$PATH" git -C {run.root} fetch --quiet origin' if fetched else ""
    hook.write_text(f"#!/bin/sh\n[ -e '{once}' ] && exit 0\ntouch '{once}'\n{move}\n{other}\n")
    hook.chmod(0o755)
    desk = run.open()
    desk.writer.put(change())
    assert run.log("proposal") == ["记一笔", "他处"] and not desk.writer.waiting()


def test_of_two_that_fetch_at_once_both_come_through(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk fetches every minute, whoever saves then: git lets one of both move a branch."""
    moved(run)
    lock = run.root / ".git/refs/remotes/origin/proposal.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    fetched, git = list[str](), GitClient.git

    def other_ends(self: GitClient, command: str, *arguments: str, **more: Any) -> bytes:
        try:
            return git(self, command, *arguments, **more)
        finally:
            if command == "fetch":
                fetched.append(command)
                lock.unlink(missing_ok=True)

    monkeypatch.setattr(GitClient, "git", other_ends)
    run.open().writer.put(change())
    assert len(fetched) == 2
    assert run.log("proposal") == ["记一笔", "他处"]


@pytest.mark.parametrize("name", ["refs/remotes/origin/proposal.lock", "packed-refs.lock"])
def test_a_lock_that_a_killed_git_left_stops_no_one_once_it_is_old(run: DeskRun, name: str) -> None:
    """Whatever a fetch does with it: it moves a branch, and drops one that is gone."""
    lock, desk = run.root / ".git" / name, run.open()
    Git(run.remote)("branch", "gone", "main")
    desk.clone.refresh()
    Git(run.root)("pack-refs", "--all")
    Git(run.remote)("branch", "-D", "gone")
    moved(run)
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    with pytest.raises(Waits):
        desk.writer.put(change())
    assert lock.exists(), "it may be that of a git at work"
    os.utime(lock, (0, 0))
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔", "他处"] and not lock.exists()
    assert not desk.writer.waiting()


def test_a_hook_that_refuses_keeps_the_change_and_says_what_it_said(run: DeskRun) -> None:
    hook = run.remote / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    desk = run.open()
    with pytest.raises(Waits) as refused:
        desk.writer.put(change())
    assert "pre-receive hook declined" in str(refused.value)
    hook.unlink()
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔"]


def test_a_branch_that_was_rewritten_sets_the_change_aside(run: DeskRun) -> None:
    desk = run.open()
    guarded = change(same={"content/records/b.txt": ""})
    run.open().writer.put(change(files={"content/records/b.txt": b"2\n"}, message="抢先"))
    with pytest.raises(SetAside):
        desk.writer.put(guarded)
    assert run.log("proposal") == ["抢先"]
    assert [c.id for c in desk.writer.set_aside()] == [guarded.id]


def test_killed_after_the_push_it_is_not_written_again(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    desk = run.open()
    with pytest.raises(KeyboardInterrupt):
        desk.writer.put(change())
    monkeypatch.undo()
    later = run.open()
    assert len(later.writer.waiting()) == 1
    later.writer.drain()
    assert run.log("proposal") == ["记一笔"]
    assert not later.writer.waiting()


def test_a_full_disk_says_that_nothing_was_recorded(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "write_whole", full)
    with pytest.raises(Fault, match="nothing was recorded"):
        run.open().writer.put(change())
    assert not run.log("proposal")


def test_without_a_remote_the_branch_of_the_clone_moves(archive: ArchiveRepo) -> None:
    run = DeskRun(archive.root, archive.root)
    run.open().writer.put(change("drafts/a"))
    assert run.log("drafts/a") == ["记一笔"]


def test_without_a_remote_a_branch_that_is_checked_out_moves_with_its_files(
    archive: ArchiveRepo,
) -> None:
    run = DeskRun(archive.root, archive.root)
    run.open().writer.put(change())
    assert (archive.root / "content/records/a.txt").read_text() == "1\n"
    assert not archive.git("status", "--porcelain")


def test_nothing_is_written_to_main(run: DeskRun) -> None:
    desk, before = run.open(), run.branch("main")
    with pytest.raises(Fault, match="written to main"):
        desk.writer.put(change("main"))
    assert not desk.writer.waiting() and run.branch("main") == before
