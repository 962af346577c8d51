"""A theme is read before it is let in, and never run for it; a build that meets a fault stops."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.site.frame import theme_lint
from pipeline.site.frame.theme_lint import theme_faults
from tests.builders.named import named
from tests.site.conftest import Built, tree
from tests.site.sample import theme
from tests.site.sample_log import build

LIST = "site/templates/list.html.j2"


def told(theme: Mapping[str, bytes]) -> list[tuple[str, int, str]]:
    return [(f.location.path, f.location.line, named(f.message)) for f in theme_faults(theme)]


def test_the_shipped_theme_has_no_fault() -> None:
    assert told(theme()) == []


@pytest.mark.parametrize(
    ("path", "raw", "line", "words"),
    [
        (LIST, b"<h1>\n{% for x in items %}\n", 2, "template-unreadable Unexpected end"),
        (LIST, b"\xff", 0, "template-unreadable UnicodeDecodeError"),
        (LIST, b"{{ " + b"(" * 5000, 0, "template-unreadable RecursionError"),
        ("site/overrides/main.html", b"{% block x %}", 1, "template-unreadable Unexp"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(path: str, raw: bytes, line: int, words: str) -> None:
    [(where, at, message)] = told({**theme(), path: raw})
    assert (where, at) == (path, line)
    assert words in message
    assert all(f.remedy for f in theme_faults({**theme(), path: raw}))


def test_nothing_of_a_template_is_worked_out() -> None:
    """A compiler would: 9 to the power of 9 to the power of 9 takes longer than a day."""
    bomb = b"{{ 9**9**9 }}{{ 'x' | center(10**10) }}{% set y = [0] * 10**10 %}"
    assert told({**theme(), LIST: bomb}) == []


@pytest.mark.parametrize("body", [b"{{ nobody_gives_this }}", b"{{ title + 1 }}", b"{{ 1 // 0 }}"])
def test_a_template_that_cannot_be_filled_leaves_the_old_site(
    built: Built, tmp_path: Path, body: bytes
) -> None:
    out = tmp_path / "out"
    build(built.site, out, built.work)
    before = tree(out)
    broken = replace(built.site, theme={**built.site.theme, LIST: body})
    assert not theme_lint.theme_faults(broken.theme)
    with pytest.raises(Fault, match=r"list\.html\.j2 cannot be filled"):
        build(broken, out, built.work)
    assert tree(out) == before
