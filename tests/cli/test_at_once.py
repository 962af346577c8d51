"""Two people sign in one clone at the same moment: one record stands, and the other is told so."""

import errno
import json
import multiprocessing
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click
import pytest

from pipeline.cli import signing_options
from pipeline.cli.publish import publish
from pipeline.cli.review import approve, confirm, return_
from pipeline.source.git.repository import Repository, commit_files
from tests.builders.archive import POST, ArchiveRepo
from tests.cli.at_the_desk import NOW, fault, run

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # it forks
REVIEWS = f"content/reviews/2026/{POST}/r1"
Call = tuple[click.Command, tuple[str, ...], str]
APPROVE: Call = (approve, (POST, "--commit"), "xxy-a")
URL = ("--url", "https://wechat.example/wx/1", "--at", "2026-11-05T18:00")


@pytest.fixture
def drafted(archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch) -> ArchiveRepo:
    monkeypatch.chdir(archive.root)
    archive.git("config", "user.name", "某甲")
    archive.git("config", "user.email", "jia@yunlan.example.org")
    archive.draft()
    archive.commit("起草")
    return archive


def _reviewed(archive: ArchiveRepo, *people: str) -> None:
    for hour, person in enumerate(people):
        now = NOW - timedelta(hours=len(people) - hour)
        made = run(approve, archive, POST, "--commit", by=person, now=now)
        assert made.exit_code == 0, made.exception


def _at_once(
    archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch, *calls: Call
) -> list[tuple[bool, str]]:
    """(did it end well, what the fault said) of calls that have all signed before one writes."""
    forking = multiprocessing.get_context("fork")
    signed, told = forking.Barrier(len(calls)), forking.SimpleQueue()
    committer = signing_options.committer
    monkeypatch.setattr(signing_options, "committer", lambda: signed.wait(600) >= 0 and committer())

    def act(number: int) -> None:
        command, arguments, by = calls[number]
        made = run(command, archive, *arguments, by=by)
        told.put((number, made.exit_code == 0, fault(made) if made.exception else ""))

    running = [forking.Process(target=act, args=(number,)) for number in range(len(calls))]
    for process in running:
        process.start()
    answers = sorted(told.get() for _ in calls)
    for process in running:
        process.join()
    return [(well, words) for _, well, words in answers]


@pytest.mark.parametrize(
    ("one", "other", "record"),
    [
        (APPROVE, (return_, (POST, "-m", "重写", "--commit"), "xxy-b"), f"{REVIEWS}/1-first.json"),
        (APPROVE, (approve, (POST, "--commit"), "xxy-b"), f"{REVIEWS}/1-first.json"),
        (
            (confirm, (POST, "--commit"), "kz-a"),
            (return_, (POST, "-m", "有错", "--commit"), "kz-a"),
            f"{REVIEWS}/4-confirm.json",
        ),
        (
            (publish, (POST, "--account", "wx", *URL, "--commit"), "gly-a"),
            (publish, (POST, "--account", "wx", *URL, "--commit"), "gly-a"),
            f"content/records/publications/2026/2026-11-05.wx.{POST}.json",
        ),
    ],
    ids=["approve and return", "approve twice", "confirm and return", "publish twice"],
)
def test_of_two_who_sign_at_once_one_is_refused_and_one_is_committed(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch, one: Call, other: Call, record: str
) -> None:
    if one is not APPROVE:
        _reviewed(drafted, "xxy-b", "kz-a", "ld-a")
    if one[0] is publish:
        assert run(confirm, drafted, POST, "--commit", by="kz-a").exit_code == 0
        drafted.merge("proposal")
    before = int(drafted.git("rev-list", "--count", "HEAD"))
    answers = _at_once(drafted, monkeypatch, one, other)
    assert sorted(well for well, _ in answers) == [False, True], answers
    assert [words for well, words in answers if not well] == [f"signed-before-you {record}"]
    winner = (one, other)[[well for well, _ in answers].index(True)]
    assert int(drafted.git("rev-list", "--count", "HEAD")) == before + 1
    assert drafted.git("status", "--porcelain") == ""
    stated = json.loads(drafted.git("show", f"HEAD:{record}"))["predicate"]
    if winner[0] is not publish:
        assert stated["reviewer"] == winner[2]
        assert stated["decision"] == ("return" if winner[0] is return_ else "approve")


def test_records_of_two_posts_are_both_committed(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = drafted.draft("2026-11-05-second", title="取暖用电五不要")
    drafted.commit("再起草")
    answers = _at_once(drafted, monkeypatch, APPROVE, (approve, (second, "--commit"), "xxy-b"))
    assert answers == [(True, ""), (True, "")]
    assert drafted.git("status", "--porcelain") == ""
    for post, who in ((POST, "xxy-a"), (second, "xxy-b")):
        stated = drafted.git("show", f"HEAD:content/reviews/2026/{post}/r1/1-first.json")
        assert json.loads(stated)["predicate"]["reviewer"] == who


def test_a_commit_with_other_bytes_than_were_signed_is_refused(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:

    def spoiled(repository: Repository, paths: tuple[Path, ...], message: str) -> str:
        paths[0].write_bytes(paths[0].read_bytes().replace(b"approve", b"return "))
        return commit_files(repository, paths, message)

    monkeypatch.setattr("pipeline.cli.signing_options.commit_files", spoiled)
    assert "holds other bytes" in fault(run(approve, drafted, POST, "--commit", by="xxy-a"))


@pytest.mark.parametrize("fails", range(6))
def test_after_a_full_disk_the_next_approval_goes_on(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    """Whichever file meets it, the note of what is begun too, as it is written or put in place."""
    calls = 0

    def full(work: Callable[..., object]) -> Callable[..., object]:
        def write(path: Path, *given: object) -> object:
            nonlocal calls
            if path.is_relative_to(drafted.root):
                calls += 1
                if calls == fails + 1:
                    path.touch()  # half a file
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            return work(path, *given)

        return write

    with monkeypatch.context() as patched, pytest.raises(AssertionError) as caught:
        patched.setattr(Path, "write_bytes", full(Path.write_bytes))
        patched.setattr(Path, "replace", full(Path.replace))
        run(approve, drafted, POST, "--commit", by="xxy-a")
    assert "No space left" in str(caught.value)
    assert drafted.git("status", "--porcelain", "--untracked-files=all") == ""
    made = run(approve, drafted, POST, "--commit", by="xxy-a")
    assert made.exit_code == 0, made.exception


@pytest.mark.parametrize("left", ["1-first.json.sig", ".1-first.json.new"])
def test_what_a_killed_approval_left_stops_nobody(drafted: ArchiveRepo, left: str) -> None:
    drafted.write(f"{REVIEWS}/{left}", "half")
    made = run(approve, drafted, POST, "--commit", by="xxy-a")
    assert made.exit_code == 0, made.exception
    assert drafted.git("status", "--porcelain", "--untracked-files=all") == ""
