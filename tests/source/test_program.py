"""The program that runs, by the files that a wheel lays: its digest, and what ships beside it."""

import os
import re
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from pipeline.model.ids import sha256_of
from pipeline.source import program
from pipeline.source.program import (
    BESIDE,
    beside_in,
    digest_of,
    libraries,
    packed_files,
    running,
    shipped,
)
from tests.builders.cast import ROOT

COMMAND = re.search(r"    (find pipeline .*\n.*sha256sum)\n", program.__doc__ or "")


def by_stock_tools(folder: Path) -> str:
    """What the command of the module's docstring gives in a folder."""
    assert COMMAND
    done = subprocess.run(["sh", "-c", COMMAND[1]], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return done.stdout.split()[0]


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's files as an installer lays them."""
    top = tmp_path_factory.mktemp("laid")
    for path, raw in packed_files():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(raw)
    return top


def test_the_digest_is_the_one_that_stock_tools_give(laid: Path) -> None:
    assert by_stock_tools(laid) == running().digest
    cached = laid / "pipeline" / "__pycache__" / "errors.cpython-311.pyc"
    cached.parent.mkdir()
    cached.write_bytes(b"x")
    assert by_stock_tools(laid) == running().digest, "what an interpreter writes is no part of it"


def test_a_program_that_is_laid_gives_itself_the_same_digest(
    laid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, ships = dict(packed_files()), dict(shipped("schemas", "site"))
    monkeypatch.setattr(program, "_PACKAGE", laid / "pipeline")
    monkeypatch.setattr(program, "_SHIPPED", laid / "pipeline" / "shipped")
    for cached in (program._below, program._beside):
        cached.cache_clear()
    try:
        assert dict(packed_files()) == expected
        assert digest_of(packed_files()) == running().digest
        assert shipped("schemas", "site") == ships
    finally:
        for cached in (program._below, program._beside):
            cached.cache_clear()


@pytest.mark.parametrize(
    "path",
    ["pipeline/rules/a05_updates.py", "pipeline/shipped/schemas/catalogue.json",
     "pipeline/locale/zh_CN/LC_MESSAGES/sanshen.mo", "pipeline/shipped/requirements/run.txt"],
)  # fmt: skip
def test_one_byte_makes_another_digest(path: str) -> None:
    files = dict(packed_files())
    assert path in files
    files[path] = files[path][:-1] + bytes([files[path][-1] ^ 1])
    assert digest_of(files.items()) != running().digest
    del files[path]
    assert digest_of(files.items()) != running().digest


def test_what_ships_beside_the_package_is_what_the_list_names() -> None:
    ours = {p for p, _ in packed_files() if p.startswith("pipeline/shipped/")}
    names = {p.removeprefix("pipeline/shipped/") for p in ours}
    tracked = subprocess.run(
        ["git", "ls-files", "--", *BESIDE], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    assert names == {path for path in tracked if path}
    assert all(shipped(top) for top in BESIDE)
    assert not shipped("schema"), "a part of a name is none"


def test_a_part_s_files_of_the_theme_lie_where_an_archive_would_lay_its_own() -> None:
    packed = dict(packed_files())
    theme = shipped("site")
    assert (
        theme["site/templates/alerts.html.j2"]
        == packed["pipeline/parts/alerts/site/templates/alerts.html.j2"]
    )
    assert beside_in(packed) == shipped(*BESIDE), "of another program's wheel, too"
    lain = [p.rpartition("/site/")[2] for p in packed if re.match(r"pipeline/.*/site/", p)]
    assert len(lain) == len({*lain}), "no two lie at one path"


def test_no_archive_of_anybody_ships() -> None:
    paths = [path for path, _ in packed_files()]
    assert not [p for p in paths if "/content/posts/" in p or "/people" in p and ".yml" in p]


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    """Of the same size and time, too: the kernel says when it changed, and no owner sets that."""
    path = tmp_path / "one.py"
    path.write_bytes(b"one")
    before = path.stat()
    assert program._digest_at(str(path)) == sha256_of(b"one") == program._digest_at(str(path))
    time.sleep(0.05)  # the kernel counts in hundredths of a second
    path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert program._digest_at(str(path)) == sha256_of(b"two")


def test_libraries_are_named_with_their_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"click-{version('click')}.dist-info" in libraries()
    (tmp_path / "other-1.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", ["", "relative", str(tmp_path / "gone"), str(tmp_path)])
    assert libraries.__wrapped__() == ("other-1.0.dist-info",)
