"""Archives to begin with."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import fixtures
from tests.builders.cast import ROOT

template = fixtures.template
archive = fixtures.archive
approved_template = fixtures.approved_template
approved = fixtures.approved


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo archive, laid out as a repository of its own."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    subprocess.run([sys.executable, "-m", "demo.layout", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """The demo archive, to be spoiled."""
    return Path(shutil.copytree(demo, tmp_path / "copy"))
