"""One sample and one build of it for the whole session."""

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pipeline.site import state
from pipeline.site.build import build
from pipeline.site.frame import mkdocs_shell
from pipeline.site.inputs import BuildReport, SiteInput
from tests.builders.frames import MAKE
from tests.site import sample


@dataclass(frozen=True)
class Built:
    site: SiteInput
    out: Path
    work: Path
    report: BuildReport

    def text(self, path: str) -> str:
        return (self.out / path).read_text(encoding="utf-8")

    def copy(self, out: Path) -> Path:
        """The site in another folder with what the next build goes on from; to be changed."""
        shutil.copytree(self.out, out)
        shutil.copy(state.beside(self.out), state.beside(out))
        return out


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def pages(folder: Path) -> dict[str, bytes]:
    """All files but those of the log, whose builds tell how often a site was built."""
    log = ("log/tile/", "log/builds", "log/checkpoint", ".sanshen-site")
    return {path: raw for path, raw in tree(folder).items() if not path.startswith(log)}


@cache
def _built(base: Path) -> Built:
    site = sample.make()
    return Built(site, base / "out", base / "work", build(site, base / "out", base / "work"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One for all packages that take this fixture over."""
    return _built(tmp_path_factory.getbasetemp() / "sample")


@pytest.fixture
def mkdocs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the frames are the subject they are made each time; it takes a second."""
    monkeypatch.setattr(mkdocs_shell, "_make", MAKE)
