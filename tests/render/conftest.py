"""Builders of posts and registers for renderers, and a reader of the HTML they make."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from pipeline.model.calendar import SHANGHAI, Calendar
from pipeline.model.documents import Document
from pipeline.model.policy import Parameter, Policy
from pipeline.model.posts import Post, Rendition
from pipeline.model.registers import Registers, Roster, Source
from pipeline.render.archive import render_archive

POST_ID = "2026-09-01-drill"
FOLDER = f"content/posts/2026/{POST_ID}"
FIRST_BODY_LINE = 12

# The product's own list, written out again: loosening that one fails.
TAGS = {
    *("a", "blockquote", "br", "code", "div", "em", "figcaption", "figure", "h2", "h3", "h4"),
    *("h5", "h6", "hr", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody"),
    *("td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "class", "rel"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "p": {"class"},
    "pre": {"tabindex"},
    "span": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
} | {f"h{n}": {"id"} for n in range(2, 7)}
HREF = re.compile(r"(?:https?://[^/\s]|mailto:|tel:|#s-)", re.IGNORECASE)


def make_post(body: str, files: Iterable[str] = (), **meta: Any) -> Post:
    marks = {("source", "url"): (7, 8)}
    return Post(
        id=POST_ID,
        folder=FOLDER,
        document=Document(f"{FOLDER}/post.md", marks=marks),
        meta={"title": "演练", "publish_at": datetime(2026, 9, 1, 9, tzinfo=SHANGHAI)} | meta,
        invalid=frozenset(),
        body=body,
        body_line=FIRST_BODY_LINE,
        manifest=dict.fromkeys([f"{FOLDER}/{f}" for f in ("post.md", *files)], "0" * 64),
    )


def make_registers(
    label_format: str | None = "来源：{name}", source: str = "云岚发布"
) -> Registers:
    setting = Parameter("reprint.label_format", label_format, "", "[D]", date(2023, 3, 21))
    parameters = {} if label_format is None else {setting.name: (setting,)}
    archive = {"id": "yunlan-yjj", "url": "https://archive.yunlan.example/"}
    listed = Source("ylfb", source, "designated", ("news.example",), date(2020, 1, 1), None)
    return Registers(
        policy=Policy(Document("content/policy.yml"), archive, {}, parameters),
        people={},
        departments={},
        accounts={},
        sources={"ylfb": listed},
        roster=Roster(1, None, "", (), ()),
        calendar=Calendar.of({}),
        regulation_digest="",
    )


@dataclass
class Page(HTMLParser):
    """What a browser's tokeniser would find in a fragment."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    text: str = ""
    open: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, html: str) -> "Page":
        page = cls()
        HTMLParser.__init__(page, convert_charrefs=True)
        page.feed(html)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), "one attribute twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.stray.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="session")
def post() -> Callable[..., Post]:
    return make_post


@pytest.fixture(scope="session")
def registers() -> Callable[..., Registers]:
    return make_registers


@pytest.fixture(scope="session")
def render() -> Callable[..., Rendition]:
    """`render(body, files, **front matter)`"""

    def rendered(body: str, files: Iterable[str] = (), **meta: Any) -> Rendition:
        return render_archive(make_post(body, files, **meta), make_registers())

    return rendered


@pytest.fixture(scope="session")
def page() -> Callable[[str], Page]:
    return Page.of


def is_listed(html: str) -> Page:
    """The page, when every tag and attribute of it is on the list."""
    seen = Page.of(html)
    assert not seen.stray and not seen.open
    for tag, attributes in seen.tags:
        assert tag in TAGS
        assert attributes.keys() <= ATTRIBUTES.get(tag, set()), (tag, attributes)
    assert all(HREF.match(a.get("href") or "https://x") for a in seen.all("a"))
    return seen


def is_clean(html: str) -> Page:
    """The page, when images are the post's own and ids are the body's too."""
    seen = is_listed(html)
    assert {a["src"] for a in seen.all("img")} <= {"a.png", "b%20c.png"}
    assert all((a["id"] or "").startswith("s-") for n in range(2, 7) for a in seen.all(f"h{n}"))
    return seen


@pytest.fixture(scope="session")
def listed() -> Callable[[str], Page]:
    return is_listed


@pytest.fixture(scope="session")
def check() -> Callable[[str], Page]:
    return is_clean
