"""What may go wrong around a desk: of every signed record nothing is lost, and nothing is twice."""

import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.parts.desk.desk import MOST_PENDING, Desk
from pipeline.parts.desk.frame import SetAside, Waits
from pipeline.parts.desk.writer import QueuedChange, _encoded
from pipeline.source.git.git_process import GitClient
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.desks import DeskRun, browser, change, in_own_loop
from tests.builders.git import Git
from tests.builders.named import like, shows

GUARDED = "content/records/b.txt"


@pytest.fixture
def run(archive: ArchiveRepo, tmp_path: Path) -> DeskRun:
    return DeskRun.over(archive, tmp_path)


class Killed(BaseException):
    """The process ends here."""


def failing(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException, fails: Callable[[int, str], bool]
) -> list[str]:
    """Let commands of git fail, by their number and name; those that were run."""
    ran: list[str] = []
    git = GitClient.git

    def run(self: GitClient, command: str, *arguments: str, **more: Any) -> bytes:
        ran.append(command)
        if fails(len(ran), command):
            raise fault
        return git(self, command, *arguments, **more)

    monkeypatch.setattr(GitClient, "git", run)
    return ran


def _is_number(point: int, number: int, command: str) -> bool:
    return number == point


# The queue.


def test_killed_before_any_command_of_git_a_change_still_comes_once(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = 0
    for point in range(1, 40):
        with monkeypatch.context() as patched:
            ran = failing(patched, Killed(), partial(_is_number, point))
            record = change(files={f"content/records/{point}.txt": b"1\n"}, message=f"{point}")
            try:
                run.open().writer.put(record)
            except Killed:
                assert len(ran) == point
            else:
                commands = point
                break
        run.open().writer.drain()
    assert commands > 8  # it was killed before each
    assert run.log("proposal") == [str(number) for number in range(commands, 0, -1)]


@pytest.mark.parametrize("command", ["hash-object", "write-tree", "commit-tree", "fetch", "push"])
def test_when_git_cannot_write_the_change_waits(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    desk = run.open()
    with monkeypatch.context() as patched:
        full = Fault(say("No space left on device"))
        failing(patched, full, lambda _, name: name == command)
        with pytest.raises(Waits, match="No space left"):
            desk.writer.put(change())
    assert not run.log("proposal") and len(desk.writer.waiting()) == 1
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔"] and not desk.writer.waiting()


def test_while_another_command_writes_for_long_the_change_waits(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.source.git.repository.SECONDS", 0.01)
    desk = run.open()
    with desk.clone.repository() as repository, repository.lock(), pytest.raises(Waits):
        desk.writer.put(change())
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔"]


def test_a_file_of_the_queue_that_no_one_can_read_stops_nothing(run: DeskRun) -> None:
    desk, spoiled = run.open(), [b"", b'{"branch": "pro', b"[]", b"{}", b"\xff", b'"x"']
    for number, raw in enumerate(spoiled):
        broken = desk.queue / ("aside" if number % 2 else "queue") / f"{number}.json"
        broken.parent.mkdir(parents=True, exist_ok=True)
        broken.write_bytes(raw)
    desk.writer.put(change())
    desk.writer.drain()
    assert desk.writer.set_aside() == [] and desk.writer.waiting() == []
    page = browser(desk, "xxy-a").get("/")
    assert page.status_code == 200 and shows(
        page.text, "queue-files-unreadable", "zh", count=len(spoiled)
    )
    assert "0.json" not in page.text, "names of files are the operator's"
    apart = sorted((desk.queue / "unreadable").iterdir())
    assert [file.read_bytes() for file in apart] == spoiled
    assert run.log("proposal") == ["记一笔"]


GOOD = json.loads(_encoded(change()))


def waits(desk: Desk, record: QueuedChange) -> None:
    """Put a change into the queue and nowhere else."""
    (desk.queue / "queue").mkdir(parents=True, exist_ok=True)
    (desk.queue / "queue" / record.file).write_bytes(_encoded(record))


@pytest.mark.parametrize(
    "fields",
    [{"version": 2}, {"version": "1"}, {"branch": 5}, {"seconds": "1"}, {"seconds": True},
     {"files": {"a": 1}}, {"files": {"a": "€"}}, {"files": []}, {"same": {"a": None}},
     {"more": 1}, {"options": [1]}, {"message": None}, {"branch": "main"}],
)  # fmt: skip
def test_what_no_desk_of_today_wrote_is_set_apart(run: DeskRun, fields: dict[str, Any]) -> None:
    desk = run.open()
    waits(desk, change(message="后来的"))
    (desk.queue / "queue/a.json").write_text(json.dumps({**GOOD, **fields}))
    desk.writer.drain()
    assert desk.writer.unreadable() == ["a.json"] and not desk.writer.waiting()
    assert run.log("proposal") == ["后来的"]


def test_a_queue_of_the_program_before_is_sent(run: DeskRun) -> None:
    desk = run.open()
    waits(desk, change())
    (file,) = (desk.queue / "queue").iterdir()
    file.write_text(json.dumps({key: v for key, v in GOOD.items() if key != "version"}))
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔"] and not desk.writer.unreadable()


def test_what_is_no_file_is_set_apart_and_never_read(run: DeskRun) -> None:
    desk, queue = run.open(), run.open().queue / "queue"
    waits(desk, change())
    (queue / "folder.json").mkdir()
    os.mkfifo(queue / "pipe.json")
    (queue / "link.json").symlink_to("/dev/zero")
    (queue / "gone.json").symlink_to("nowhere")
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔"]
    assert desk.writer.unreadable() == ["folder.json", "link.json", "pipe.json"]
    assert browser(desk, "xxy-a").get("/").status_code == 200


def test_one_that_may_not_be_opened_stops_no_other(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of another owner; who runs the tests may open anything."""
    desk, reading = run.open(), Path.read_bytes
    waits(desk, change())
    (desk.queue / "queue/foreign.json").write_bytes(b"{}")

    def refusing(path: Path) -> bytes:
        if path.name == "foreign.json":
            raise PermissionError(13, "Permission denied")
        return reading(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔"] and desk.writer.unreadable() == ["foreign.json"]


def test_two_of_one_name_are_both_kept(run: DeskRun) -> None:
    desk = run.open()
    for raw in (b"1", b"2"):
        waits(desk, change())
        (desk.queue / "queue/a.json").write_bytes(raw)
        desk.writer.drain()
    assert desk.writer.unreadable() == ["a-1.json", "a.json"]


def test_a_mistake_of_the_program_stops_no_other_file(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = run.open()
    for branch in ("bad", "proposal"):
        waits(desk, change(branch))
    process = type(desk.writer)._process

    def failing_for_one(self: Any, file: Path, record: QueuedChange) -> Any:
        if record.branch == "bad":
            raise ZeroDivisionError
        return process(self, file, record)

    monkeypatch.setattr(type(desk.writer), "_process", failing_for_one)
    desk.writer.drain()
    assert run.log("proposal") == ["记一笔"] and len(desk.writer.waiting()) == 1


def test_two_desks_on_one_clone_send_each_change_once(run: DeskRun) -> None:
    first, second = run.open(), run.open()
    for number in range(6):
        waits(first, change(files={f"content/records/{number}.txt": b"1"}, message=f"{number}"))
    (first.queue / "queue/broken.json").write_bytes(b"{")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda desk: desk.writer.drain(), (first, second)))
    first.writer.drain()
    assert sorted(run.log("proposal")) == [str(number) for number in range(6)]
    assert first.writer.unreadable() == ["broken.json"] and not first.writer.waiting()


def test_what_the_desk_writes_is_read_by_its_owner_alone(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0o022)
    try:
        desk = run.open()
        desk.queue.mkdir(mode=0o755)  # as an earlier program made it
        failing(monkeypatch, Fault(say("x")), lambda _, name: name == "push")
        with pytest.raises(Waits):
            desk.writer.put(change())
    finally:
        os.umask(before)
    (file,) = desk.writer.waiting()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.queue.stat().st_mode) == 0o700


def test_a_queue_that_cannot_be_written_says_so_and_records_nothing(run: DeskRun) -> None:
    desk = run.open()
    desk.queue.write_bytes(b"")  # a file where the folder should be
    with pytest.raises(Fault, match=like("queue-not-written")):
        desk.writer.put(change())
    assert not run.log("proposal")


# A branch that is checked out, in an archive without a remote: killed while its files are laid out.


@pytest.mark.parametrize("staged", [False, True])
def test_half_a_record_laid_out_is_taken_up_again(archive: ArchiveRepo, staged: bool) -> None:
    desk = DeskRun(archive.root, archive.root).open()
    path, text = "content/records/a.txt", "content/policy.yml"
    policy = archive.read(text) + b"# 2\n"
    archive.write(path, b"1\n")
    archive.write(text, policy)
    if staged:
        archive.git("add", "--all")
    lock = archive.root / ".git/index.lock"
    lock.touch()
    waits(desk, change(files={path: b"1\n", text: policy}))
    desk.writer.drain()
    assert len(desk.writer.waiting()) == 1  # git may be at work there
    os.utime(lock, (1, 1))
    desk.writer.drain()
    assert not desk.writer.waiting() and not archive.git("status", "--porcelain")
    assert archive.git("log", "-1", "--format=%s") == "记一笔" and archive.read(path) == b"1\n"


def test_work_of_others_in_the_way_is_never_undone(archive: ArchiveRepo) -> None:
    desk, path = DeskRun(archive.root, archive.root).open(), "content/records/a.txt"
    archive.write(path, b"mine\n")
    with pytest.raises(Waits):
        desk.writer.put(change(files={path: b"1\n"}))
    assert archive.read(path) == b"mine\n" and len(desk.writer.waiting()) == 1


def test_a_change_that_another_thread_wrote_does_not_undo_what_came_after(run: DeskRun) -> None:
    desk, path = run.open(), "content/records/a.txt"
    (first, second) = (change(files={path: raw}) for raw in (b"1\n", b"2\n"))
    desk.writer.put(first)
    desk.writer.put(second)
    gone = desk.queue / "queue" / first.file  # read by who sends again, just before it was written
    assert desk.writer._process(gone, first).branch == "proposal"
    assert run.read("proposal", path) == "2"


def test_the_same_change_of_many_threads_stands_once(run: DeskRun) -> None:
    desk = run.open()
    with ThreadPoolExecutor(8) as pool:
        written = [pool.submit(desk.writer.put, change()) for _ in range(8)]
        assert len({future.result().commit for future in written}) == 1
    assert run.log("proposal") == ["记一笔"]


def test_the_next_round_comes_after_a_mistake_of_the_program(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.parts.desk import app

    desk, rounds = run.open(), iter([False, False, True])
    desk.clone.refresh = lambda: 1 / 0  # type: ignore[assignment,method-assign]

    class Ended:
        is_set = rounds.__next__
        waited: list[float] = []
        wait = waited.append

    app.keep_up(desk, Ended())  # type: ignore[arg-type]
    assert Ended.waited == [app.EVERY] * 2


# Branches that are other ones by now.


def _rewritten(run: DeskRun, guarded: bytes, other: bytes) -> None:
    """Force the branch to another history, as a person with git may."""
    place = run.root.with_name("other")
    Git(run.root)("clone", "--quiet", str(run.remote), str(place))
    git = Git(place)
    git("checkout", "--quiet", "-B", "proposal", "origin/main")
    for path, raw in ((GUARDED, guarded), ("content/records/c.txt", other)):
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(raw)
    git("add", "-A")
    git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "改写")
    git("push", "--quiet", "--force", "origin", "proposal")


def _guarded(run: DeskRun) -> tuple[Any, QueuedChange]:
    """A desk that has read the branch, and a change that holds only where it stands as read."""
    desk = run.open()
    desk.writer.put(change(files={GUARDED: b"2\n"}, message="原文"))
    with desk.archive() as (repository, _):
        oid = repository.tree(run.branch("proposal")).files[GUARDED].oid
    return desk, change(same={GUARDED: oid, "content/records/a.txt": ""})


def test_on_a_branch_rewritten_with_the_same_bytes_a_signature_still_stands(run: DeskRun) -> None:
    desk, record = _guarded(run)
    _rewritten(run, b"2\n", b"3\n")
    desk.writer.put(record)
    assert run.log("proposal") == ["记一笔", "改写"]


def test_on_a_branch_rewritten_with_other_bytes_it_is_set_aside(run: DeskRun) -> None:
    desk, record = _guarded(run)
    _rewritten(run, b"9\n", b"3\n")
    with pytest.raises(SetAside):
        desk.writer.put(record)
    assert run.log("proposal") == ["改写"]


def test_on_a_branch_that_was_deleted_it_is_set_aside(run: DeskRun) -> None:
    desk, record = _guarded(run)
    Git(run.remote)("branch", "-D", "proposal")
    with pytest.raises(SetAside):
        desk.writer.put(record)
    with pytest.raises(AssertionError):
        run.branch("proposal")


def test_only_its_person_takes_the_notice_of_what_was_set_aside_away(run: DeskRun) -> None:
    desk, record = _guarded(run)
    _rewritten(run, b"9\n", b"3\n")
    with pytest.raises(SetAside):
        desk.writer.put(record)
    mine, other = browser(desk, "xxy-a"), browser(desk, "kz-a")
    (address,) = re.findall(r'action="(/aside/[^"]+)"', mine.get("/").text)
    assert "/aside/" not in other.get("/").text
    other.post(address)
    mine.post("/aside/..%2Faside%2Fx")
    assert "/aside/" in mine.get("/").text
    mine.post(address)
    assert "/aside/" not in mine.get("/").text


# Floods.


def test_floods_of_strangers_and_of_one_person_stay_bounded(run: DeskRun) -> None:
    from pipeline.parts.desk.gate import MOST_SESSIONS

    desk, visitor = run.open(), browser(run.open())
    first = desk.sessions.begin("kz-a", AS_OF)
    secrets = [desk.sessions.begin("xxy-a", AS_OF) for _ in range(MOST_SESSIONS * 3)]
    assert [*desk.sessions.entries] == [first, *secrets[-MOST_SESSIONS:]]
    for _ in range(20):
        assert visitor.post("/sign-in/challenge").status_code == 200
    assert not visitor.app.state.desk.challenges.answered  # type: ignore[attr-defined]
    assert not visitor.app.state.desk.sessions.entries  # type: ignore[attr-defined]


def test_statements_that_no_one_signs_stay_bounded(run: DeskRun) -> None:
    desk = run.open()

    def act(repository: Any, person: Any, now: Any, sign: Callable[[bytes], bytes]) -> Any:
        sign(b'{"predicate": {}}')

    other = desk.signing.prepare(act, "kz-a")
    made = [desk.signing.prepare(act, "xxy-a").id for _ in range(MOST_PENDING + 7)]
    assert [*desk.signing.pending] == [other.id, *made[-MOST_PENDING:]]


def test_an_upload_of_200_megabytes_is_cut_off_and_never_in_memory(run: DeskRun) -> None:
    import tracemalloc

    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        for _ in range(3200):
            sent += 1 << 16
            yield bytes(1 << 16)

    from pipeline.parts.desk.app import create_app

    app = create_app(run.open(), background=False)
    desk = app.state.desk
    body, answers = chunks(), []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(body), "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    secret = desk.sessions.begin("zz-a", desk.now())
    headers = {"host": "localhost:8737", "origin": desk.origin, "cookie": f"desk={secret}",
               "content-type": "multipart/form-data; boundary=x"}  # fmt: skip
    scope = {"type": "http", "method": "POST", "path": "/write/files", "query_string": b"",
             "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
             "app": app, "http_version": "1.1", "scheme": "http", "server": ("localhost", 8737),
             "root_path": ""}  # fmt: skip
    tracemalloc.start()
    try:
        in_own_loop(app(scope, receive, send))  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answers[0]["status"] == 413
    assert sent < 50 << 20 and peak < 10 << 20
