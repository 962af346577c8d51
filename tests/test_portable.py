"""The program starts where there is no POSIX: Windows has none of these modules and functions."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.site.output_folder import swap

ROOT = Path(__file__).resolve().parent.parent
WITHOUT = """
import builtins, importlib, os, pkgutil, signal
MISSING = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
wanted = builtins.__import__

def imported(name, globals=None, *rest, **more):
    importer = (globals or {}).get("__name__", "")
    if name.partition(".")[0] in MISSING and importer.startswith("pipeline"):
        raise ModuleNotFoundError(f"{importer} imports {name}")
    return wanted(name, globals, *rest, **more)

import filelock, git, mkdocs.commands.build, multiprocessing  # they know where they are
for name in ("fork", "register_at_fork", "sched_getaffinity", "getuid", "geteuid", "mkfifo"):
    delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGPIPE", "SIGALRM"):
    delattr(signal, name)
builtins.__import__ = imported
import pipeline, pipeline.program
names = [m.name for m in pkgutil.walk_packages(pipeline.__path__, "pipeline.")]
for name in names:
    if name != "pipeline.__main__":
        importlib.import_module(name)
from pathlib import Path
from pipeline.memo.store import own_key
assert own_key(Path("seal.key").absolute()) is None
print(len(names))
"""


def test_every_module_is_imported_without_posix(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 300


@pytest.mark.parametrize("refusal", [TypeError, OSError, AttributeError])
def test_folders_are_exchanged_without_a_call_of_linux(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: type[Exception]
) -> None:
    def cdll(*_: object, **__: object) -> object:
        raise refusal

    monkeypatch.setattr(ctypes, "CDLL", cdll)
    for name in ("fresh", "out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "made").write_text(name)
    swap(tmp_path / "fresh", tmp_path / "out")
    assert (tmp_path / "out" / "made").read_text() == "fresh"
    assert (tmp_path / "fresh" / "made").read_text() == "out"
