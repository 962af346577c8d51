"""A command that is killed between its signature and its commit: the next one ends it."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from click.testing import Result

from pipeline.cli.review import approve
from pipeline.cli.status import status
from pipeline.cli.submit import submit
from pipeline.source.git.git_process import GitClient
from pipeline.source.git.repository import Repository, finish
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email, private_key_file
from tests.builders.git import ENVIRONMENT
from tests.cli.at_the_desk import run

RECORD = f"content/reviews/2026/{POST}/r1/1-first.json"
_COMMAND = """
from datetime import datetime
from pipeline.program import main
from pipeline.cli.options import Session
Session.now = lambda self: datetime.fromisoformat("2026-11-05T18:00:00+08:00")
main(["approve", "POST", "--commit", "--yes", "--key", "KEY"])
"""


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def drafted(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草", "zz-a")
    for name, value in (("name", "xxy-a"), ("email", email("xxy-a"))):
        archive.git("config", f"user.{name}", value)
    return archive


def killed_at(
    monkeypatch: pytest.MonkeyPatch, archive: ArchiveRepo, command: str, *, after: bool
) -> None:
    """Approve, and end at a command of git, before it or right after it."""
    git = GitClient.git

    def ending(self: GitClient, name: str, *arguments: str, **more: Any) -> bytes:
        if name == command and not after:
            raise Killed
        answer = git(self, name, *arguments, **more)
        if name == command:
            raise Killed
        return answer

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(GitClient, "git", ending)
        _raising(run_of(archive))


def run_of(archive: ArchiveRepo, by: str = "xxy-a") -> Result:
    return run(approve, archive, POST, "--commit", by=by)


def _raising(result: Result) -> None:
    if result.exception:
        raise result.exception


@pytest.fixture(autouse=True)
def _let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """`CliRunner` catches what is no Exception, too: hand it on."""
    monkeypatch.setattr("tests.cli.at_the_desk.Fault", BaseException)


@pytest.mark.parametrize(
    ("command", "after"), [("add", False), ("add", True), ("commit", False), ("commit", True)]
)
def test_the_next_command_ends_what_was_signed_and_not_committed(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch, command: str, after: bool
) -> None:
    before = drafted.head()
    killed_at(monkeypatch, drafted, command, after=after)
    statement = (drafted.root / RECORD).read_bytes()
    following = run_of(drafted, "kz-a")
    assert following.exit_code == 0, following.exception
    assert ("earlier-commit-made" in following.stderr) is not (command == "commit" and after)
    assert drafted.git("rev-list", "--count", f"{before}..HEAD") == "2"
    assert drafted.read(RECORD) == statement and not drafted.git("status", "--porcelain")
    assert drafted.git("log", "--format=%s", "-1", "HEAD~1").startswith("first review of")
    assert not list((drafted.root / ".git").glob("sanshen-begun*"))


def test_killed_while_it_writes_no_signature_is_lost(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the file never came to the disk."""

    def ending(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("pipeline.cli.signing_options.write_record", ending)
        _raising(run_of(drafted))
    assert not (drafted.root / RECORD).exists()
    note = drafted.root / ".git/sanshen-begun.json"
    assert stat.S_IMODE(note.stat().st_mode) & 0o077 == 0
    shown = run(status, drafted)
    assert "was cut off" in shown.stderr and note.exists()  # it only reads
    again = run_of(drafted)
    assert "earlier-commit-made" in again.stderr
    assert RECORD in drafted.git("show", "--name-only", "--format=", "HEAD")


def test_where_the_branch_is_another_by_now_nothing_is_left_staged(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_at(monkeypatch, drafted, "commit", after=False)
    drafted.git("switch", "--quiet", "--create", "elsewhere")
    before = drafted.head()
    with Repository.open(drafted.root) as repository:
        assert finish(repository) == ""
    assert drafted.head() == before and not drafted.git("diff", "--cached", "--name-only")
    assert (drafted.root / RECORD).is_file()


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b'{"files": {"a": 1}}', b"\xff", b'{"files": {}, "branch": 1}']
)
def test_a_note_of_another_kind_stops_nothing(drafted: ArchiveRepo, raw: bytes) -> None:
    note = drafted.root / ".git/sanshen-begun.json"
    note.write_bytes(raw)
    assert run_of(drafted).exit_code == 0
    assert not note.exists() and not drafted.git("status", "--porcelain")


def test_what_git_refuses_is_not_done_again_by_itself(drafted: ArchiveRepo) -> None:
    """A hook said no and the person was told: the next command commits nothing behind them."""
    hook = drafted.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    before = drafted.head()
    assert run_of(drafted).exit_code != 0
    hook.unlink()
    assert not (drafted.root / ".git/sanshen-begun.json").exists()
    run(approve, drafted, POST, by="kz-a")
    assert drafted.head() == before


def test_killed_with_its_git_the_locks_that_stay_stop_no_one(
    drafted: ArchiveRepo, tmp_path: Path
) -> None:
    """SIGKILL for the whole group while git holds the index, as when a machine is switched off."""
    hook, mark = drafted.root / ".git/hooks/pre-commit", tmp_path / "committing"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {mark}\nsleep 900\n")
    hook.chmod(0o755)
    key = private_key_file("xxy-a", tmp_path)
    script = _COMMAND.replace("POST", POST).replace("KEY", str(key))
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=drafted.root, start_new_session=True,
        env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        ends = monotonic() + 600
        while not mark.exists() and process.poll() is None and monotonic() < ends:
            sleep(0.02)
        assert mark.exists()
        os.killpg(process.pid, signal.SIGKILL)
    hook.unlink()
    assert (drafted.root / ".git/index.lock").exists()
    assert run_of(drafted, "kz-a").exit_code == 0
    assert drafted.git("log", "--format=%s", "-2").count("\n") == 1
    assert RECORD in drafted.git("show", "--name-only", "--format=", "HEAD~1")
    assert not drafted.git("status", "--porcelain")


def test_a_draft_that_was_being_submitted_goes_on(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "2026-11-06-gas"
    drafted.switch("main")
    drafted.draft(other)
    drafted.git("config", "user.email", email("zz-a"))
    git = GitClient.git

    def ending(self: GitClient, name: str, *arguments: str, **more: Any) -> bytes:
        if name == "commit":
            raise Killed
        return git(self, name, *arguments, **more)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(GitClient, "git", ending)
        _raising(run(submit, drafted, other))
    again = run(submit, drafted, other)
    assert "earlier-commit-made" in again.stderr and again.exit_code == 0
    assert drafted.git("log", "--format=%s", "main..HEAD") == f"Submit {other}, revision 1"
