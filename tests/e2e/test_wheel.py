"""What a wheel brings is enough: installed alone, far from the repository, every verb starts.

The walk-through of the README is walked from it (test_readme.py).
"""

import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.program import VERBS
from tests.builders.cast import ROOT
from tests.e2e.pasted import environment, paste

HELP = """
import sys
from pipeline.program import main
for verb in sys.argv[1:]:
    try:
        main([verb, "--help"])
    except SystemExit as end:
        assert end.code == 0, verb
"""


def test_the_program_is_the_wheels(wheel: Path, tmp_path: Path) -> None:
    code = "import pipeline, sys; print(pipeline.__file__, sys.path)"
    done = paste(f"python -c '{code}'", tmp_path, environment(tmp_path / "home", wheel))
    where, _, path = done.stdout.partition(" ")
    assert Path(where).is_relative_to(wheel.parent), done.stderr
    assert f"'{ROOT}'" not in path


def test_every_verb_has_its_help(wheel: Path, tmp_path: Path) -> None:
    shell = f"python -c '{HELP}' {' '.join(VERBS)}"
    done = paste(shell, tmp_path, environment(tmp_path / "home", wheel))
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"Usage: sanshen {verb} " in done.stdout for verb in VERBS)


def _cloned(walked: Path, folder: Path) -> Path:
    """A clone of the walked archive, and a `.venv` that has the libraries of this environment.

    pip finds them there and fetches nothing; the program itself is installed from the clone.
    """
    clone = folder / "clone"
    subprocess.run(["git", "clone", "-q", str(walked / "archive"), str(clone)], check=True)
    home = clone / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    given = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", given))
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (home / "bin/pip").touch(0o755)  # as an environment with pip has it; it is called as a module
    return clone


def _make(clone: Path, target: str = "") -> subprocess.CompletedProcess[str]:
    python = f"PYTHON={sys.executable}"
    # pip takes the second for a switch that is turned off: what runs is compiled when it does.
    quick = {"PIP_NO_INDEX": "1", "PIP_NO_COMPILE": "no"}
    env = environment(clone.parent / "home") | quick | {"LANG": "zh_CN.UTF-8"}
    return paste(f"make {target} {python}", clone, env)


@pytest.fixture(scope="module")
def clone(walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _cloned(walked, tmp_path_factory.mktemp("clone"))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda wheel: wheel.write_bytes(wheel.read_bytes() + b"\n"), "DO NOT MATCH THE HASHES"),
        (lambda wheel: wheel.unlink(), "No such file"),
    ],
)
def test_a_wheel_that_is_not_the_locks_is_not_installed(
    clone: Path, spoil: Callable[[Path], object], why: str
) -> None:
    """Of the lock's version and other bytes, or not there: pip names the file, we what to do."""
    (wheel,) = (clone / "program").glob("*.whl")
    raw = wheel.read_bytes()
    spoil(wheel)
    done = _make(clone, "install")
    assert done.returncode == 2
    assert why in done.stderr
    assert f"program/{wheel.name}" in done.stderr
    assert "git checkout -- program.lock program" in done.stderr
    assert not (clone / ".venv/bin/sanshen").exists()
    assert not (clone / ".venv/.installed").exists()
    wheel.write_bytes(raw)


def test_a_clone_installs_its_program_by_the_lock_and_judges_with_it(clone: Path) -> None:
    done = _make(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (clone / "build/site/index.html").is_file()
    assert (clone / "build/schemas/registers/policy.json").is_file()
    code = "import pipeline; print(pipeline.__file__)"
    python = [str(clone / ".venv/bin/python"), "-c", code]
    where = subprocess.run(python, cwd=clone.parent, capture_output=True, text=True, check=True)
    assert Path(where.stdout).is_relative_to(clone)
    env = environment(clone.parent / "home")
    assert paste("git status --porcelain", clone, env).stdout == ""


def test_other_bytes_of_the_same_version_replace_what_is_installed(clone: Path) -> None:
    """pip takes the same version for the same program; after `make install` the lock's is there."""
    assert _make(clone, "install").returncode == 0
    (installed,) = (clone / ".venv").rglob("pipeline/errors.py")
    installed.write_text(installed.read_text() + "# 改过\n")
    (clone / "program.lock").touch()
    assert _make(clone, "install").returncode == 0
    assert "改过" not in installed.read_text()
