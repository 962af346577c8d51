"""Writing: the old site stays until the new one is whole; other people's files are left alone."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.site import output
from pipeline.site.output import MARKER, write_site
from tests.site.conftest import tree


def write(out: Path, **files: bytes) -> None:
    write_site(out, [(f"{name}.html", data) for name, data in files.items()], "note\n")


def beside(out: Path) -> list[str]:
    return sorted(p.name for p in out.parent.iterdir() if p != out)


def test_a_site_replaces_the_one_before(tmp_path: Path) -> None:
    write(tmp_path / "out", index=b"old", gone=b"x")
    write(tmp_path / "out", index=b"new")
    assert set(tree(tmp_path / "out")) == {"index.html", MARKER}
    assert (tmp_path / "out/index.html").read_bytes() == b"new"
    assert beside(tmp_path / "out") == []


def test_a_failure_amid_the_pages_leaves_the_old_site(tmp_path: Path) -> None:
    write(tmp_path / "out", index=b"old")

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"new"
        raise ValueError("a page cannot be made")

    with pytest.raises(ValueError, match="cannot be made"):
        write_site(tmp_path / "out", failing(), "note\n")
    assert (tmp_path / "out/index.html").read_bytes() == b"old"
    assert beside(tmp_path / "out") == []


def test_foreign_files_are_refused_and_left(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.doc").write_bytes(b"years of work")
    with pytest.raises(Fault, match="no build of ours"):
        write(tmp_path / "out", index=b"new")
    assert tree(tmp_path / "out") == {"thesis.doc": b"years of work"}


def test_an_empty_folder_is_taken_and_a_file_or_link_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty", index=b"new")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "file").write_bytes(b"mine")
    for name in ("link", "file"):
        with pytest.raises(Fault, match="not a folder"):
            write(tmp_path / name, index=b"newer")
    assert (tmp_path / "empty/index.html").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["../index.html", "/index.html", MARKER])
def test_no_page_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault, match="no place in a site"):
        write_site(tmp_path / "out", [(name, b"x")], "note\n")
    assert list(tmp_path.iterdir()) == []


def test_two_pages_of_one_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="Two pages"):
        write_site(tmp_path / "out", [("a.html", b"x"), ("a.html", b"y")], "note\n")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written")]
)
def test_what_the_system_refuses_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    write(tmp_path / "out", index=b"old")

    def refuse(_path: Path, _data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(Fault, match=words):
        write(tmp_path / "out", index=b"new")
    monkeypatch.undo()
    assert (tmp_path / "out/index.html").read_bytes() == b"old"
    assert beside(tmp_path / "out") == []


def test_without_exchange_the_swap_is_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_exchange", lambda _one, _other: False)
    write(tmp_path / "out", index=b"old")
    write(tmp_path / "out", index=b"new")
    assert (tmp_path / "out/index.html").read_bytes() == b"new"
    assert beside(tmp_path / "out") == []


def test_killed_between_the_two_renames_the_whole_site_is_found_again(tmp_path: Path) -> None:
    write(tmp_path / "out", index=b"new")
    (tmp_path / "out").rename(tmp_path / ".out.build-x")
    output._clear_leftovers(tmp_path / "out")
    assert (tmp_path / "out/index.html").read_bytes() == b"new"


SLOW = """
import sys, time
from pathlib import Path
from pipeline.site.output import write_site
def files():
    yield "index.html", b"new"
    print("begun", flush=True)
    time.sleep(60)
write_site(Path(sys.argv[1]), files(), "note\\n")
"""


def test_a_killed_build_leaves_the_old_site_and_is_cleared_next_time(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, index=b"old")
    command = [sys.executable, "-c", SLOW, str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd()) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        write(out, index=b"old")  # another build meanwhile does not take the living one away
        assert len(beside(out)) == 1
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (out / "index.html").read_bytes() == b"old"
    for _ in range(50):  # the kernel lets go of the lock with the process
        write(out, index=b"new")
        if not beside(out):
            break
        time.sleep(0.05)
    assert beside(out) == []
    assert (out / "index.html").read_bytes() == b"new"
