"""A site whose post has two witnessed steps: named on every page, and proved by every verifier."""

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import public_line
from tests.builders.fixtures import shared
from tests.builders.published import PAGE, begun, built_site
from tests.builders.verdicts import run
from tests.builders.witness import BOT, click, governed


def approve(archive: ArchiveRepo) -> None:
    for step in ("first", "second"):
        click(archive, POST, step)
    for step in ("final", "confirm"):
        archive.review(POST, step)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        built_site(begun(folder, governed(), approve), folder)

    return shared(tmp_path_factory, "witnessed-site", make)


@pytest.fixture(scope="session")
def page(folder: Path) -> str:
    return (folder / "site" / PAGE / "index.html").read_text(encoding="utf-8")


def test_a_stranger_finds_it_right(folder: Path) -> None:
    done = run(folder, "verify-site", "site", "--key", public_line("log"), lang="zh")
    assert done.returncode == 0, (done.stdout, done.stderr)


def test_the_page_names_the_weaker_kind(page: str) -> None:
    assert page.count(">平台见证</td>") == 2
    assert page.count(">本人密钥签名</td>") == 2


def test_lists_and_form_name_it(folder: Path, tmp_path: Path) -> None:
    year = json.loads((folder / "site/catalogue/2026.json").read_bytes())
    assert [post["witnessed"] for post in year["posts"]] == [["first", "second"]]
    assert "初审；复审" in (folder / "site/catalogue/2026.csv").read_text(encoding="utf-8-sig")
    to = tmp_path / "form.html"
    asked = ("form", "--post", POST, "--format", "html", "--output", str(to))
    form = run(folder / "archive", *asked, lang="zh")
    assert form.returncode == 0, form.stderr
    words = to.read_text(encoding="utf-8")
    assert words.count("平台见证") == 2 and words.count("电子签名") == 1


def test_stock_tools_agree(folder: Path, page: str, tmp_path: Path) -> None:
    """The commands of the page, and of the year's bag, by ssh-keygen alone."""
    blocks = re.findall(r"<pre class=\"sn-pre\"><code>(.*?)</code>", page, re.DOTALL)
    for address in re.findall(
        r'href="([^"]+)"', page.split('class="sn-files"')[1].split("</ul>")[0]
    ):
        target = (folder / "site" / PAGE / address).resolve()
        (tmp_path / target.name).write_bytes(target.read_bytes())
    told = []
    for block in blocks:
        script = html.unescape(block)
        done = subprocess.run(
            ["bash", "--norc", "-s"], input=script, cwd=tmp_path, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, (done.stdout, done.stderr)
        told += done.stdout.splitlines()
    seen = [line for line in told if "平台见证" in line]
    assert seen == [f"{step} 由 {BOT} 平台见证" for step in ("1-first", "2-second")]
    assert any(line.startswith("核验通过") for line in told)
