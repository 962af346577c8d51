"""The commands that README.md promises, run as a reader would paste them."""

import re
import shutil
import tarfile
from pathlib import Path

import click
import pytest

from pipeline.program import sanshen
from tests.e2e.pasted import block, environment, paste

ROOT = Path(__file__).parents[2]


@pytest.fixture
def archive(walked: Path) -> Path:
    """The archive of the walk-through; to be looked at."""
    return walked / "archive"


def _page(archive: Path) -> Path:
    (page,) = (archive / "build" / "site" / "posts").glob("*/*-gas-safety/index.html")
    return page


def test_the_walk_through_ends_with_a_public_page(archive: Path) -> None:
    page = _page(archive).read_text(encoding="utf-8")
    assert "居家用气安全三件事" in page
    assert "闻到气味先关阀门再开窗" in page
    with tarfile.open(_page(archive).parent / "evidence.tar") as bundle:
        signed = [name for name in bundle.getnames() if name.endswith(".json.sig")]
    steps = ("1-first", "2-second", "3-final", "4-confirm", "publication-1")
    assert signed == [f"{step}.json.sig" for step in steps]


@pytest.mark.parametrize("file", ["README.md", "README.zh-CN.md"])
def test_every_verb_stands_in_the_table(file: str) -> None:
    rows = [row for row in (ROOT / file).read_text("utf-8").splitlines() if row.startswith("| `")]
    listed = {name for row in rows for name in re.findall("`([a-z-]+)`", row.split("|")[1])}
    verbs = set(sanshen.list_commands(click.Context(sanshen)))
    assert verbs - listed == {"init"}, "it stands in the five minutes above the table"
    assert listed <= verbs


def test_both_readmes_run_the_same_commands() -> None:
    def commands(document: str) -> list[str]:
        lines = block(document, "walk-through").splitlines()
        told = [re.sub(r"--message .*", "--message", line) for line in lines]
        return [line for line in told if not line.startswith("#")]

    assert commands("README.zh-CN.md") == commands("README.md")


def test_the_walk_through_leaves_nothing_uncommitted(archive: Path, tmp_path: Path) -> None:
    done = paste("git status --porcelain", archive, environment(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (0, "")


def test_a_changed_character_is_refused_as_the_readme_says(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "archive"
    shutil.copytree(archive, copy, ignore=shutil.ignore_patterns("build"))
    (post,) = (copy / "content" / "posts").rglob("post.md")
    post.write_text(post.read_text(encoding="utf-8").replace("关阀门", "开阀门"), encoding="utf-8")
    script = "git commit --quiet --all --message changed; sanshen verify"
    done = paste(script, copy, environment(tmp_path / "home"))
    assert done.returncode == 11, done.stdout + done.stderr
    assert "REFUSED" in done.stdout
    assert "R11-1" in done.stdout
