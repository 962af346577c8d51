"""The guides name no module of the pipeline that is not there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]
NAMED = re.compile(r"(?<![\w/])(?:pipeline|tools|demo|tests)/[\w/]+\.py(?![\w])")
EXAMPLE = re.compile(r"a19_something|aNN_")
"""Files that a reader is told to write."""


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_module_that_a_guide_names_exists(guide: Path) -> None:
    named = {p for p in NAMED.findall(guide.read_text("utf-8")) if not EXAMPLE.search(p)}
    assert not {p for p in named if not (ROOT / p).is_file()}


def test_the_map_of_the_source_names_every_folder() -> None:
    text = (ROOT / "docs/engineer.md").read_text("utf-8")
    folders = {p.parent.name for p in (ROOT / "pipeline").glob("*/__init__.py")}
    assert not {name for name in folders if f"{name}/" not in text}
