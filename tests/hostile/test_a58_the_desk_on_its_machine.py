"""A58: what others on the machine see of a desk, and what settings of a clone reading starts."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import click
import pytest

from pipeline.cli.due import due, report
from pipeline.cli.explain import explain
from pipeline.cli.review import approve
from pipeline.cli.status import status
from pipeline.cli.verify import audit, check, verify
from pipeline.parts.people.verbs import roster
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.desks import DeskRun, browser
from tests.builders.files import folder
from tests.builders.git import ENVIRONMENT
from tests.cli.at_the_desk import run
from tests.hostile.test_a18_programs_of_a_clone import armed

READING: tuple[tuple[click.Command, tuple[str, ...]], ...] = (
    (status, ()),
    (status, ("--mine",)),
    (due, ()),
    (report, ("--month", "2026-11")),
    (check, (POST,)),
    (verify, ()),
    (audit, ()),
    (explain, ("R05-4",)),
    (roster, ("show",)),
    (roster, ("verify",)),
    (approve, (POST,)),
)
"""What reads the working tree or the clone; who only looks at what to sign reads, too."""


@pytest.fixture
def touched(archive: ArchiveRepo) -> tuple[ArchiveRepo, Path]:
    """A clone full of traps, whose files git must look into: their times are new."""
    archive.draft()
    archive.commit("起草", "zz-a")
    trace = armed(archive)
    for path in (archive.root / folder(POST) / "post.md", archive.root / "content/policy.yml"):
        os.utime(path, (1, 1))
    return archive, trace


@pytest.mark.parametrize(("command", "words"), READING)
def test_reading_starts_no_program_of_the_settings(
    touched: tuple[ArchiveRepo, Path], command: click.Command, words: tuple[str, ...]
) -> None:
    archive, trace = touched
    archive.git("config", "filter.evil.required", "true")
    archive.git("config", "filter.e=v.clean", archive.git("config", "filter.evil.clean"))
    archive.write(".git/info/attributes", "* filter=evil diff=evil\n*.yml filter=e=v\n")
    run(command, archive, *words)
    assert not trace.exists(), trace.read_text()


def test_a_repository_inside_starts_none_either(touched: tuple[ArchiveRepo, Path]) -> None:
    """git would run once more in it, by its own settings."""
    archive, trace = touched
    inner = ArchiveRepo.begin(archive.root / folder(POST) / "inner")
    archive.git("-c", "core.fsmonitor=false", "-c", "filter.evil.clean=", "-c",
                "filter.evil.process=", "-c", "core.hooksPath=", "add",
                f"{folder(POST)}/inner")  # fmt: skip
    inner.git("config", "filter.other.clean", archive.git("config", "filter.evil.clean"))
    inner.write(".git/info/attributes", "* filter=other\n")
    os.utime(inner.root / "content/policy.yml", (1, 1))
    trace.unlink(missing_ok=True)
    run(status, archive)
    assert not trace.exists(), trace.read_text()


def test_the_trap_would_go_off(touched: tuple[ArchiveRepo, Path]) -> None:
    archive, trace = touched
    subprocess.run(["git", "status"], cwd=archive.root, env=ENVIRONMENT, check=False,
                   capture_output=True)  # fmt: skip
    assert "program" in trace.read_text()


def test_the_pages_of_a_desk_start_none(archive: ArchiveRepo, tmp_path: Path) -> None:
    archive.draft()
    archive.commit("起草", "zz-a")
    desk = DeskRun.over(archive, tmp_path)
    clone = ArchiveRepo.at(desk.root)
    trace = armed(clone)
    client = browser(desk.open(), "xxy-a")
    for page in ("/", "/due", "/govern", "/operate", "/inquiries", "/write", f"/posts/{POST}/"):
        assert client.get(page).status_code == 200, page
    assert not trace.exists(), trace.read_text()


_BROWSER = """#!/bin/sh
echo "$@" > OPENED
"""


def _command_lines() -> str:
    """Of every process on this machine, as anybody may read them."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(lines)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no list of processes")
def test_the_token_of_a_desk_is_in_no_process_list(archive: ArchiveRepo, tmp_path: Path) -> None:
    opened, programs = tmp_path / "opened", tmp_path / "bin"
    programs.mkdir()
    starter = programs / "xdg-open"
    starter.write_text(_BROWSER.replace("OPENED", str(opened)) + "sleep 900\n")
    starter.chmod(0o755)
    env = {**ENVIRONMENT, "PATH": f"{programs}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "pipeline", "desk", "--open", "--port", "0"]
    with subprocess.Popen(
        command, cwd=archive.root, env=env, text=True, stdout=subprocess.PIPE,
        start_new_session=True, umask=0o022,
    ) as process:  # fmt: skip
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            token = address.partition("token=")[2]
            ends = monotonic() + 600
            while not (opened.exists() and opened.read_text()) and monotonic() < ends:
                sleep(0.02)
            assert len(token) > 20 and str(starter) in _command_lines()
            assert token not in _command_lines() and token not in opened.read_text()
            (page,) = (archive.root / ".git/sanshen-desk").iterdir()
            assert token in page.read_text() and str(page) in opened.read_text()
            assert stat.S_IMODE(page.stat().st_mode) == 0o600
            assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
        finally:
            os.killpg(process.pid, signal.SIGKILL)
