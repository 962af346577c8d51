"""A post that a site hides as erased: two people signed so, and the log knows it, or it refuses."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.archive import POST
from tests.builders.leaves import leaf_data
from tests.builders.published import PAGE, begun, built_site, logged, signers, stolen, write_log
from tests.builders.records import erase

FIRST = "erased-1.json"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    archive = begun(folder)
    archive.branch("erase")
    erase(archive, "kz-a", "ld-a")
    archive.merge("erase")
    return built_site(archive, folder)


def test_it_holds(site: Path, tmp_path: Path) -> None:
    assert not (site / PAGE / "post.md").exists()
    assert stolen(site, tmp_path)[0] == 0
    assert stolen(site, tmp_path, "--signers", signers(tmp_path, "kz-a", "ld-a"))[0] == 0


def test_by_people_whom_the_reader_does_not_know(site: Path, tmp_path: Path) -> None:
    code, told = stolen(site, tmp_path, "--signers", signers(tmp_path, "kz-a"))
    assert code == 11
    assert "erasure-signers-missing" in told


def _swap(site: Path) -> None:
    (site / PAGE / FIRST).write_bytes((site / PAGE / "erased-2.json").read_bytes())


def _twice(site: Path) -> None:
    for end in ("", ".sig"):
        shutil.copy(site / PAGE / f"erased-2.json{end}", site / PAGE / f"{FIRST}{end}")


def _break(site: Path) -> None:
    path = site / PAGE / FIRST
    path.write_bytes(path.read_bytes().replace("误载".encode(), "误传".encode()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_break, f"erasure-unsigned {FIRST}"),
        (_swap, f"erasure-unsigned {FIRST}"),
        (_twice, "erasure-signers-missing"),
        (lambda s: (s / PAGE / f"{FIRST}.sig").unlink(), f"erasure-unsigned {FIRST}"),
        (lambda s: (s / PAGE / FIRST).write_bytes(b"[" * 9999), f"erasure-unsigned {FIRST}"),
        (lambda s: (s / PAGE / FIRST).unlink(), "erasure-signers-missing"),
        (lambda s: (s / PAGE / "more.png").write_bytes(b""), "erased-post-shown"),
        (lambda s: shutil.rmtree(s / PAGE), f"post-withheld {POST}"),
    ],
)
def test_signatures_that_do_not_say_so(
    site: Path, tmp_path: Path, change: Callable[[Path], object], said: str
) -> None:
    change(site)
    code, told = stolen(site, tmp_path)
    assert code == 11
    assert said in told


def test_records_that_the_log_does_not_know(site: Path, tmp_path: Path) -> None:
    leaves = list(logged(site))
    at_last = [n for n, leaf in enumerate(leaves) if b'"expunge"' in leaf][-1]
    leaves[at_last] = leaf_data("expunge", "0" * 64, "x", POST)
    write_log(site, *leaves)
    code, told = stolen(site, tmp_path)
    assert code == 11
    assert "record-unlogged erased-2.json" in told
