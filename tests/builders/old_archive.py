"""An archive that carries its program, as `sanshen init` wrote one at 0.1.0 (tests/assets)."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import ROOT
from tests.builders.fixtures import shared
from tests.builders.git import Git

ASSETS = ROOT / "tests/assets/old-archive"


@pytest.fixture(scope="session")
def carried_template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    def make(root: Path) -> None:
        root.mkdir()
        git = Git(root)
        git("init", "--quiet", "--initial-branch=main")
        git("pull", "--quiet", str(ASSETS / "archive.bundle"), "main")

    return ArchiveRepo.at(shared(tmp_path_factory, "carried", make))


@pytest.fixture
def carried(carried_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """Two posts and two governed changes on main; nothing else."""
    return carried_template.copy(tmp_path / "carried")


def as_of_then(verdict: dict[str, Any]) -> dict[str, Any]:
    """A verdict without what clauses ask of a change or an archive since, names of findings, and
    what to do, which names the doors of today."""
    outcomes = dict(verdict["outcomes"])
    if verdict["subject"] == "archive":
        outcomes["R11-1"] = "not-applicable"  # satisfied: tokens of trusted time (0082)
        outcomes["F-5"] = "not-applicable"  # satisfied: accounts carry what was corrected
    since = {c for c in ("R11-1", "R11-4") if outcomes.get(c) == "satisfied"}
    later = dict.fromkeys(since if verdict["subject"].endswith("change") else (), "not-applicable")
    findings = [
        {k: f[k] for k in f.keys() - {"name", "about", "remedy"}} for f in verdict["findings"]
    ]
    return verdict | {"outcomes": outcomes | later, "findings": findings}
