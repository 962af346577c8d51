"""A theme of another look, made of the shipped one, is accused of nothing and hides nothing."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.site.fragments import NAMES
from pipeline.source.program import shipped
from tests.builders.published import PAGE, begun, built_site, stolen

TEMPLATES = "site/templates/"
SHOWN = sorted(NAMES.keys() - {"alert", "advice", "corrections"})


class _Depth(HTMLParser):
    """How many elements and blocks of Jinja a text leaves open."""

    VOID = ("br", "hr", "img", "input", "track")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open = len(re.findall(r"{%-? (?:if|for|macro) ", text))
        self.open -= len(re.findall(r"{%-? end", text))
        self.feed(re.sub(r"{[{%].*?[%}]}", "", text))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open += tag not in self.VOID

    def handle_endtag(self, tag: str) -> None:
        self.open -= 1


def another(template: str) -> str:
    """The template with other classes, other wrappers, and its blocks the other way round."""
    head, blocks, block = [], [], ""
    for line in template.splitlines(keepends=True):
        block += line
        if not _Depth(block).open:
            defines = re.search("{%-? (?:import|macro|set) ", block)
            (head if defines else blocks).append(block)
            block = ""
    assert not block
    text = "".join((*head, *(f'<div class="frame">{b}</div>\n' for b in reversed(blocks))))
    text = re.sub(r"(?<![\w.])sn-(?!search|drawer)", "zz-", text)
    text = re.sub(r'<(\w+)([^<>]*) data-signed="', r'<\1 data-look="> new"\2 data-signed="', text)
    given = r'(?:"[^"]*"|[^<>"])*'
    signed = rf'(<(?:h1|p|div|span)\b{given} data-signed="\w+"{given}>)({{{{.*?}}}})'
    return re.sub(signed, r"<section><b>新</b></section>\1\n  \2\n", text)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    archive = begun(folder)
    archive.branch("theme")
    for path, raw in shipped(TEMPLATES).items():
        text = raw.decode()
        changed = another(text)
        assert changed != text, path
        archive.write(path, changed.encode())
    archive.commit("换主题", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")
    archive.merge("theme")
    return built_site(archive, folder)


def test_it_looks_otherwise_and_nothing_is_accused_or_left_out(site: Path, tmp_path: Path) -> None:
    page = (site / PAGE / "index.html").read_text("utf-8")
    assert 'class="sn-title"' not in page
    assert page.index('data-signed="steps"') < page.index('data-signed="title"')
    code, told = stolen(site, tmp_path)
    assert code == 0, told
    assert "ot compared" not in told


def test_each_changed_word_of_it_is_refused(site: Path, tmp_path: Path) -> None:
    page = site / PAGE / "index.html"
    text = page.read_text("utf-8")
    for name in SHOWN:
        at = text.index(">", text.index(f'data-signed="{name}"')) + 1
        at = next(n for n in range(at, len(text)) if text[n].isalnum() and text[n - 1] in ">“\n ")
        text = f"{text[:at]}改{text[at:]}"
    page.write_text(text, "utf-8")
    code, told = stolen(site, tmp_path)
    assert code == 11
    for name in SHOWN:
        assert "part-differs" in told, name


def test_parts_that_it_does_not_name_are_named(site: Path, tmp_path: Path) -> None:
    page = site / PAGE / "index.html"
    page.write_text(re.sub(r' data-signed="\w+"', "", page.read_text("utf-8")), "utf-8")
    code, told = stolen(site, tmp_path)
    assert code == 0
    assert {n for n in SHOWN if f"part-uncompared {NAMES[n]} 1 1 " in told} == {*SHOWN}
