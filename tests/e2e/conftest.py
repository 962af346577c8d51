"""The demo, to be spoiled; the wheel, installed; the walk-through of the README, walked from it."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from pipeline.source.program import pack
from tests.builders.command import ours
from tests.builders.fixtures import shared
from tests.builders.named import worded
from tests.e2e.pasted import block, environment, paste


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """The demo archive, to be spoiled."""
    return Path(shutil.copytree(demo, tmp_path / "copy"))


@pytest.fixture(scope="session")
def reports(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What verify and audit report of the demo."""

    def judge(folder: Path) -> None:
        shutil.copytree(demo, folder / "archive")
        for command in ("verify", "audit"):
            given = ["-C", str(folder / "archive"), command, "--format", "json"]
            done = ours(given, str(folder))
            assert done.returncode == 0, done.stdout[-2000:]
            (folder / f"{command}.json").write_text(done.stdout, "utf-8")

    folder = shared(tmp_path_factory, "judged-demo", judge)
    return {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}


def _programs(home: Path) -> Path:
    return Path(sysconfig.get_path("scripts", "venv", {"base": str(home), "platbase": str(home)}))


def _install(folder: Path) -> None:
    """An environment into which pip installed the wheel, with the libraries of this one."""
    folder.mkdir()
    (folder / pack()[0]).write_bytes(pack()[1])
    home = folder / "fresh"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    given = {"base": str(home), "platbase": str(home)}
    packages = Path(sysconfig.get_path("purelib", "venv", given))
    # A .pth adds the folder and reads none of its .pth files: not the one of this repository.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(_programs(home) / "python")]
    install = ["install", "--quiet", "--no-deps", "--no-index", str(folder / pack()[0])]
    subprocess.run([*pip, *install], check=True)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of an environment that has the wheel alone."""
    return _programs(shared(tmp_path_factory, "wheel", _install) / "fresh")


@pytest.fixture(scope="session")
def walked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the walk-through was done; to be copied, not changed."""

    def walk(folder: Path) -> None:
        folder.mkdir()
        env = environment(tmp_path_factory.mktemp("reader") / "home", wheel)
        done = paste(block("README.md", "walk-through"), folder, env)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert worded("machine-pass") in done.stdout

    return shared(tmp_path_factory, "walked", walk)
