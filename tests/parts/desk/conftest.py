"""A bureau with passkeys whose archive each test copies, and its desk."""

from pathlib import Path

import pytest

from pipeline.parts.desk.desk import Desk
from tests.builders.archive import ArchiveRepo
from tests.builders.desks import DeskRun, bureau
from tests.builders.fixtures import shared


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """Governance with passkeys; a module may put a fixture of this name in its place."""
    return ArchiveRepo.at(shared(tmp_path_factory, "bureau", lambda root: bureau(root).pack()))


@pytest.fixture
def run(template: ArchiveRepo, tmp_path: Path) -> DeskRun:
    return DeskRun.over(template, tmp_path)


@pytest.fixture
def desk(run: DeskRun) -> Desk:
    return run.open()
