"""The shell by Zensical, which may come after mkdocs-material: the frames say the same.

A second opinion: nothing of the program uses it. It is held to what a frame is for (language,
title, landmarks, ways, slots), and what it does otherwise is named below, so that a change shows.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urljoin

import pytest

from pipeline.detect.html_tree import Element, tree_of
from pipeline.site.frame import mkdocs_shell
from tests.builders.frames import MAKE
from tests.site import sample

Files = Mapping[str, bytes]
OWN = {"#__skip"}
"""Links that it adds: the theme's own way to the text, beside ours."""
BUILD = "from zensical.main import cli; cli()"


def _zensical(folder: Path) -> None:
    command = [sys.executable, "-P", "-c", BUILD, "build", "-f", "shell.yml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"is the environment that of `make dev`? {done.stderr[-800:]}"


@pytest.fixture(scope="module")
def shells(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Files]:
    """The files by mkdocs and by Zensical, of one theme with one archive's settings."""
    site = sample.make()
    settings = mkdocs_shell.settings_of(site.archive.registers.policy, site.theme)
    folder = tmp_path_factory.mktemp("shells")
    ours = MAKE(site.theme, settings, folder / "mkdocs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mkdocs_shell, "_run", _zensical)
        return ours, MAKE(site.theme, settings, folder / "zensical")


def _pages(files: Files) -> dict[str, Element]:
    return {p: tree_of(raw.decode()) for p, raw in files.items() if p.endswith(".html")}


def _told(page: Element, path: str) -> Iterator[tuple[str, object]]:
    elements = list(page.walk())
    base = f"https://archive.example/{path.removesuffix('index.html')}"
    (root,) = (e for e in elements if e.tag == "html")
    yield "language", root.attributes["lang"]
    yield "title", [e.text for e in elements if e.tag == "title"]
    for tag in ("main", "header", "nav", "footer", "article", "h1"):
        yield tag, [(e.attributes.get("aria-label"), e.depth) for e in elements if e.tag == tag]
    links = [
        (urljoin(base, e.attributes["href"]), _line(e.text))
        for e in elements
        if e.tag == "a" and e.attributes.get("href", "#__skip") not in OWN
    ]
    yield "links", [each for each in links if each[1] != "首页"]
    yield "home", {address for address, words in links if words == "首页"}


def _line(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_frame_says_the_same(shells: tuple[Files, Files]) -> None:
    ours, theirs = map(_pages, shells)
    assert len(ours) > 50
    assert theirs.keys() == ours.keys()
    for path, page in ours.items():
        assert dict(_told(theirs[path], path)) == dict(_told(page, path)), path


def test_every_slot_stands_where_pages_are_cut(shells: tuple[Files, Files]) -> None:
    ours, theirs = shells
    for path in _pages(ours):
        slots = [re.findall(rb"@@sanshen[:-][a-z]+@@", files[path]) for files in (ours, theirs)]
        assert slots[0] == slots[1], path
        assert len(slots[0]) > 5


def test_no_frame_asks_another_host(shells: tuple[Files, Files]) -> None:
    for path, page in _pages(shells[1]).items():
        asked = [e.attributes.get("src") or e.attributes.get("href", "") for e in page.walk()
                 if e.tag in ("script", "link", "img")]  # fmt: skip
        assert not [each for each in asked if re.match(r"(?:https?:)?//", each)], path


def test_what_it_does_otherwise_is_what_the_guide_says(shells: tuple[Files, Files]) -> None:
    """Sheets and scripts by other names; the entry of the home page among the tabs."""
    ours, theirs = ({re.sub(r"\.[0-9a-f]{8}\.", ".", p) for p in files} for files in shells)
    assert not [path for path in ours if "stylesheets" in path]  # one sheet of our own instead
    assert "assets/stylesheets/modern/main.min.css" in theirs - ours
    tab = re.compile(r'class="md-tabs__link"[^>]*>首页<')
    pages = [files["index.html"].decode() for files in shells]
    assert [bool(tab.search(page)) for page in pages] == [False, True]
