"""What a wheel brings is enough: installed alone, far from the repository, every verb starts."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from pipeline.cli import VERBS
from tests.e2e.pasted import block, environment, paste

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of an environment with the wheel, and the libraries of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    home = folder / "fresh"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    programs, packages = (
        Path(sysconfig.get_path(name, "venv", {"base": str(home), "platbase": str(home)}))
        for name in ("scripts", "purelib")
    )
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(packages)
    # A .pth adds the folder and reads none of its .pth files: not the one of this repository.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    program = programs / "sanshen"
    program.write_text(f"#!{programs / 'python'}\nfrom pipeline.cli import main\nmain()\n")
    program.chmod(0o755)
    return programs


def _environment(installed: Path, home: Path) -> dict[str, str]:
    given = environment(home)
    return {**given, "PATH": f"{installed}{os.pathsep}{given['PATH']}"}


def test_the_program_is_the_wheels(installed: Path, tmp_path: Path) -> None:
    code = "import pipeline, sys; print(pipeline.__file__, sys.path)"
    done = paste(f"python -c '{code}'", tmp_path, _environment(installed, tmp_path / "home"))
    where, _, path = done.stdout.partition(" ")
    assert Path(where).is_relative_to(installed.parent), done.stderr
    assert f"'{ROOT}'" not in path


def test_every_verb_has_its_help(installed: Path, tmp_path: Path) -> None:
    shell = "\n".join(f"sanshen {verb} --help > {verb}.txt" for verb in VERBS)
    done = paste(f"set -e\n{shell}", tmp_path, _environment(installed, tmp_path / "home"))
    assert (done.returncode, done.stderr) == (0, "")
    assert all("--help" in (tmp_path / f"{verb}.txt").read_text("utf-8") for verb in VERBS)


def test_the_walk_through_of_the_readme_is_walked_from_the_wheel(
    installed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "walk"
    folder.mkdir()
    done = paste(
        block("README.md", "walk-through"), folder, _environment(installed, tmp_path / "home")
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "A machine pass is not a finding of legality." in done.stdout
