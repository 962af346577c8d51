"""The demo, to be spoiled."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """The demo archive, to be spoiled."""
    return Path(shutil.copytree(demo, tmp_path / "copy"))
