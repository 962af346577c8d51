"""A site to begin with."""

import shutil
from pathlib import Path

import pytest

from tests.builders.fixtures import shared
from tests.builders.published import publish


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory, "published", publish) / "site"


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "site"))
