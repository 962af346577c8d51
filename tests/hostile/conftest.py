"""Archives to begin with; and what is not asked of another implementation that judges them."""

import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import telling as tells
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import email
from tests.builders.fixtures import shared
from tests.builders.judging import JUDGE
from tests.builders.passkeys import ByPasskey
from tests.builders.witness import Clicked
from tests.oracles.watch import watched

KINDS: dict[str, type[ArchiveRepo]] = {
    "signed": ArchiveRepo,
    "clicked": Clicked,
    "passkey": ByPasskey,
}
"""How steps are taken: by keys in files; the first two pressed on a forge; on pages of a desk."""
LONG = "SANSHEN_CLICKED" in os.environ


EVIDENCE = tuple(f"test_a{n:02}" for n in (3, 4, 5, 6, 9, 14, 22, 24, 30, 32))
"""Modules that meet clicks in every run; all meet all kinds in `make hostile`."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every archive with a review step once more with clicks and passkeys (A1 to A36)."""
    if "taken" in metafunc.fixturenames:
        source, name = inspect.getsource(metafunc.module), metafunc.module.__name__.split(".")[-1]
        reviewed = "approved" in metafunc.fixturenames or ".review(" in source
        once_more = name.startswith(EVIDENCE) or LONG
        once_more = once_more and not name.startswith("test_a31")  # of a reviewer's own signature
        kinds = [*KINDS] if once_more and (reviewed or "approve_all" in source) else ["signed"]
        metafunc.parametrize("taken", kinds if LONG else kinds[:2], scope="session")


_SHARED: dict[tuple[str, str], ArchiveRepo] = {}


def _shared(factory: pytest.TempPathFactory, kind: str, what: str) -> ArchiveRepo:
    def make(root: Path) -> None:
        made = KINDS[kind].begin(root)
        made.branch("proposal")
        if what == "approved":
            post = made.draft()
            made.commit("起草", "zz-a")
            made.approve_all(post)
            made.commit("审核", email("xxy-a"))
        made.pack()

    if (kind, what) not in _SHARED:
        _SHARED[kind, what] = KINDS[kind].at(shared(factory, f"{kind}-{what}", make))
    return _SHARED[kind, what]


@pytest.fixture
def archive(taken: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> ArchiveRepo:
    """Governance on main, and an empty branch ``proposal`` checked out."""
    return _shared(tmp_path_factory, taken, "begun").copy(tmp_path / "archive")


@pytest.fixture
def approved(taken: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> ArchiveRepo:
    """A branch ``proposal`` with one post that has all four steps."""
    return _shared(tmp_path_factory, taken, "approved").copy(tmp_path / "archive")


@pytest.fixture(autouse=True)
def miscounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The posts whose reviews the second counter counts otherwise (A30): none."""
    posts = watched(monkeypatch)
    yield posts
    assert not posts, "the two counters disagree"


telling_template = tells.telling_template
telling = tells.telling
sound = tells.sound


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, and so count, what looks into this code when another is on trial."""
    if not JUDGE:
        return
    inside = [item for item in items if item.get_closest_marker("inside")]
    items[:] = [item for item in items if not item.get_closest_marker("inside")]
    config.hook.pytest_deselected(items=inside)
