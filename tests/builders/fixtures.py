"""Archives that many tests begin with, built once per run, shared by all workers, and copied."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import ROOT, email
from tests.builders.frames import FOLDER, make_once


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of this run, which is that of all its workers.

    A pytest that a test runs has a folder of its own, though it inherits the worker's environment.
    """
    base = factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker makes and all others only read."""
    base = run_folder(factory)
    folder, complete = base / f"shared-{name}", base / f"shared-{name}.complete"
    with (base / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            make(folder)
            complete.touch()
    return folder


@pytest.fixture(scope="session", autouse=True)
def frames_of_mkdocs(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Run mkdocs once for each theme, and not for each site that a test builds."""
    os.environ[FOLDER] = str(run_folder(tmp_path_factory))
    make_once()


def _governance(root: Path) -> None:
    ArchiveRepo.begin(root).pack()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """Governance alone."""
    return ArchiveRepo.at(shared(tmp_path_factory, "template", _governance))


@pytest.fixture(scope="session")
def proposal_template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    def make(root: Path) -> None:  # packages may have another fixture of the name `template`
        governed = ArchiveRepo.at(shared(tmp_path_factory, "template", _governance))
        governed.copy(root).branch("proposal")

    return ArchiveRepo.at(shared(tmp_path_factory, "proposal", make))


@pytest.fixture
def archive(proposal_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """Governance on main, and an empty branch ``proposal`` checked out."""
    return proposal_template.copy(tmp_path / "archive")


@pytest.fixture(scope="session")
def approved_template(
    proposal_template: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory
) -> ArchiveRepo:
    def make(root: Path) -> None:
        made = proposal_template.copy(root)
        post = made.draft()
        made.commit("起草", "zz-a")
        made.approve_all(post)
        made.commit("审核", email("xxy-a"))
        made.pack()

    return ArchiveRepo.at(shared(tmp_path_factory, "approved", make))


@pytest.fixture
def approved(approved_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """A branch ``proposal`` with one post that has all four signatures."""
    return approved_template.copy(tmp_path / "archive")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo archive, laid out as a repository of its own; to be copied, not changed."""

    def make(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "demo.layout", str(folder)], cwd=ROOT, check=True)

    return shared(tmp_path_factory, "demo", make)
