"""The guides list every kind of page that a site has, and none that it cannot have."""

import re
from pathlib import Path

import pytest

from demo.paths import ROOT
from tests.site.conftest import Built

LISTS = {"readers.md": "## Every kind of page", "engineer.md": "### Kinds of page"}
NUMBERED = (
    (r"^posts/\d{4}/[^/]+\.r\d+/", "posts/YEAR/POST.rN/"),
    (r"^posts/\d{4}/\d{4}-[^/]+/", "posts/YEAR/POST/"),
    (r"^posts/\d{4}/\d\d/", "posts/YEAR/MONTH/"),
    (r"^posts/\d{4}/", "posts/YEAR/"),
    (r"^regulation/(?:\d+|f)/", "regulation/N/"),
    (r"^(categories|kinds|topics|departments|accounts|tags)/[^/]+/", r"\1/X/"),
)
NOT_IN_THE_SAMPLE = {"/posts/YEAR/POST.rN/", "/earlier/"}
OF_MANY = {
    "/kinds/X/YEAR/", "/kinds/X/YEAR-N/", "/posts/YEAR/MONTH-N/", "/corrections/page/N/",
}  # fmt: skip


def _kind(path: str) -> str:
    url = path.removesuffix("index.html")
    for pattern, name in NUMBERED:
        if re.match(pattern, url):
            return f"/{re.sub(pattern, name, url)}"
    return f"/{url}"


def _listed(guide: str) -> set[str]:
    text = (ROOT / "docs" / guide).read_text("utf-8")
    part = re.split("^##", text.partition(f"{LISTS[guide]}\n")[2], flags=re.MULTILINE)[0]
    rows = [line for line in part.splitlines() if line.startswith("| `/")]
    return {address for row in rows for address in re.findall("`(/[^`]*)`", row.split("|")[1])}


@pytest.mark.parametrize("guide", LISTS)
def test_a_guide_lists_every_kind_of_page_and_no_other(built: Built, guide: str) -> None:
    made = {_kind(p.relative_to(built.out).as_posix()) for p in built.out.rglob("*.html")}
    assert made <= _listed(guide)
    assert _listed(guide) - OF_MANY == made | NOT_IN_THE_SAMPLE


def test_every_page_of_a_list_is_one_of_its_kinds(built: Built) -> None:
    """The templates that the engineer's guide names are those there are."""
    text = (ROOT / "docs/engineer.md").read_text("utf-8").partition("### Kinds of page\n")[2]
    rows = [row.split("|")[2] for row in text.partition("\n### ")[0].splitlines() if "`/" in row]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    folders = (ROOT / "site/templates", *ROOT.glob("pipeline/parts/*/site/templates"))
    there = {p.name.removesuffix(".html.j2") for f in folders for p in Path(f).glob("[!_]*.j2")}
    assert there <= named
