"""The guides name no module of the pipeline that is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.program import sanshen
from pipeline.source.program import shipped

ROOT = Path(__file__).parents[1]
BUREAUS = ROOT / "pipeline/new/archive/README.md"
"""What a new archive says of itself."""
GUIDES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md", BUREAUS]
NAMED = re.compile(r"(?<![\w/])(?:pipeline|tools|demo|tests)/[\w/]+\.py(?![\w])")
BARE = re.compile(r"`(?:\w+/)*(\w+\.(?:py|j2|js|css|html))`")
HOOK = re.compile(r"""(?:[sS]elector(?:All)?|closest|getElementById)\(["`](.*?)["`]\)""")
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


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_file_that_a_guide_names_by_its_last_part_exists(guide: Path) -> None:
    named = {name for name in BARE.findall(guide.read_text("utf-8")) if "NAME" not in name}
    folders = ("pipeline", "tools", "demo", "tests", "benchmarks", "site")
    there = {path.name for folder in folders for path in (ROOT / folder).rglob("*.*")}
    assert {n for n in named if not EXAMPLE.search(n)} <= there


def test_a_theme_is_told_of_each_name_that_scripts_look_for() -> None:
    text = (ROOT / "docs/engineer.md").read_text("utf-8")
    scripts = (raw.decode() for path, raw in shipped("site").items() if path.endswith(".js"))
    asked = [words for script in scripts for words in HOOK.findall(script)]
    names = {n for words in asked for n in re.findall(r"[.#\[]([a-z][\w-]*-[\w-]+)", words)}
    assert names
    own = {name for name in names if not name.startswith("data-sanshen-")}
    assert {name for name in own if f"`{name}`" not in text} == set()


READ = [*GUIDES, *ROOT.glob("README*.md"), *sorted((ROOT / "docs").glob("[cr]*/*.md"))]
"""Guides, cards, runbooks, and what a newcomer reads first."""


@pytest.mark.parametrize("guide", READ, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_command_that_a_guide_names_takes_its_options(guide: Path) -> None:
    assert [*_misnamed(guide.read_text("utf-8").replace("\\\n", " "))] == []


LINK = re.compile(r"\]\(([^)\s#:]*)#([^)\s]+)\)")
"""A link to a heading, of the same page or of another."""


@pytest.mark.parametrize("guide", READ, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_link_to_a_heading_leads_to_one(guide: Path) -> None:
    text = re.sub(r"`[^`\n]*`|^```.*?^```", "", guide.read_text("utf-8"), flags=re.S | re.M)
    for page, anchor in LINK.findall(text):
        target = (guide.parent / page if page else guide).read_text("utf-8")
        headings = re.findall(r"^#+ (.*)$", target, re.M)
        named = re.findall(r'<a id="(.*?)">', target)
        assert anchor in {*map(_anchor, headings), *named}, (page, anchor)


def _anchor(heading: str) -> str:
    """As forges make it: small letters, signs gone, hyphens for blanks."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def _misnamed(text: str) -> Iterator[str]:
    """Lines that call a command which is not there, or with an option that it does not take."""
    top = click.Context(sanshen)
    for line in re.findall(r"(?<!-u )\bsanshen ([a-z-][^`\n|;&#)。；，]*)", text):
        words = [w.rstrip(".") for w in re.sub(r"^(?:(?:-C|--lang) \S+ )*", "", line).split()]
        if not words or not words[0] or words[0].startswith("-"):
            continue
        command = sanshen.get_command(top, words[0])
        if isinstance(command, click.Group) and len(words) > 1 and words[1].isalpha():
            command = command.get_command(click.Context(command), words[1])
        taken = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} if command else {}
        asked = {found for word in words for found in re.findall(r"^\[?(--[a-z-]+)", word)}
        if not command or not asked <= {*taken, "--help"}:
            yield line
