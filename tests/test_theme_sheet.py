"""The one sheet of the theme: made of what is installed, and left where an archive needs more."""

from pathlib import Path

import pytest

from pipeline.site.frame.mkdocs_shell import CUT, SHEET, settings_of
from tests.builders.frames import MAKE
from tests.site import sample
from tools import theme as tool

WHOLE = "assets/stylesheets/main."
OWN = {
    "a page of its own": ("site/pages/own.md", b'<div class="admonition">x</div>'),
    "a template of its own": ("site/templates/own.html.j2", b'<p class="md-tag">x</p>'),
    "a style of its own": ("site/assets/own.css", b"p { color: var(--md-code-hl-color) }"),
    "sheets of another version": (SHEET, b"/* main.00000000.min.css */"),
}


def test_it_is_what_the_installed_theme_and_today_s_names_make() -> None:
    """A newer theme, or a page that names what was cut, wants `python -m tools.theme`."""
    for path, text in tool.made().items():
        assert (tool.ROOT / path).read_text("utf-8") == text, path


def _shell(folder: Path, **own: bytes) -> dict[str, bytes]:
    site = sample.make()
    settings = settings_of(site.archive.registers.policy, site.theme)
    return MAKE({**site.theme, **own}, settings, folder)


def test_every_frame_has_the_one_sheet(tmp_path: Path) -> None:
    files = _shell(tmp_path)
    assert not [path for path in files if path.startswith("assets/stylesheets/")]
    for path, raw in files.items():
        if path.endswith(".html"):
            assert raw.count(b'assets/theme.css">') == 1, path
            assert b"stylesheets" not in raw, path


@pytest.mark.parametrize(("path", "raw"), OWN.values(), ids=OWN)
def test_a_theme_that_needs_more_has_the_whole_sheets(
    tmp_path: Path, path: str, raw: bytes
) -> None:
    files = _shell(tmp_path, **{path: raw})
    assert [name for name in files if name.startswith(WHOLE)]
    assert WHOLE.encode() in files["index.html"]
    assert b"theme.css" not in files["index.html"]


def test_states_and_media_stay() -> None:
    sheet = (tool.ROOT / SHEET).read_text("utf-8")
    for kept in ("[data-md-toggle=drawer]:checked", "@media print", "[data-md-color-scheme=slate]"):
        assert kept in sheet, kept
    assert len((tool.ROOT / CUT).read_text("utf-8").split()) > 200
