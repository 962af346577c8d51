"""Archives that many tests begin with, built once per run and copied."""

from pathlib import Path

import pytest

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import email


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """Governance alone."""
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("template") / "archive")
    made.pack()
    return made


@pytest.fixture
def archive(template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """Governance on main, and an empty branch ``proposal`` checked out."""
    made = template.copy(tmp_path / "archive")
    made.branch("proposal")
    return made


@pytest.fixture(scope="session")
def approved_template(
    template: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory
) -> ArchiveRepo:
    made = template.copy(tmp_path_factory.mktemp("approved") / "archive")
    made.branch("proposal")
    post = made.draft()
    made.commit("起草", "zz-a")
    made.approve_all(post)
    made.commit("审核", email("xxy-a"))
    return made


@pytest.fixture
def approved(approved_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """A branch ``proposal`` with one post that has all four signatures."""
    return approved_template.copy(tmp_path / "archive")
