"""The parts of a page that it shows as signed: the elements with `data-signed`."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
_UNSEEN = frozenset({
    "iframe", "noembed", "noframes", "noscript", "plaintext", "select", "svg", "template",
    "textarea", "title", "xmp",
})  # fmt: skip
"""Elements in which a browser shows no elements of a page."""


class Part(NamedTuple):
    """One element; `start`: where its content begins in the HTML."""

    name: str
    tag: str
    start: int


def signed_parts(html: str) -> list[Part]:
    """The parts of a page that a reader may see, in linear time and memory."""
    finder = _Finder(html)
    # A tag left open at the end takes the parser quadratic time, and browsers do not show it.
    finder.feed(html[: html.rfind(">") + 1])
    finder.close()
    return finder.parts


def holds(html: str, part: Part, fragment: str) -> str | None:
    """None when an element holds only the fragment and blanks; else the content it holds.

    A title may have `<wbr>` anywhere: where its lines end depends on a dictionary.
    """
    wanted, content = fragment.strip(), html[part.start :].lstrip()
    if part.name == "title":
        content = content.replace("<wbr>", "")
    after = content[len(wanted) :].lstrip()[: len(part.tag) + 2].lower()
    return None if content.startswith(wanted) and after == f"</{part.tag}" else content


class _Finder(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[Part] = []
        self._lines = [*_line_starts(html)]
        self._hidden, self._depth = "", 0
        """Tag of the element that hides what lies in it, and how many of that tag are open."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(reversed(attrs))  # the first of a name counts
        if self._hidden:
            self._depth += tag == self._hidden
        elif tag in _UNSEEN or ("hidden" in attributes and tag not in _VOID):
            self._hidden, self._depth = tag, 1
        elif "data-signed" in attributes:
            line, column = self.getpos()
            start = self._lines[line - 1] + column + len(self.get_starttag_text() or "")
            self.parts.append(Part(attributes["data-signed"] or "", tag, start))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._depth -= 1
            self._hidden = tag if self._depth else ""


def _line_starts(html: str) -> Iterator[int]:
    start = 0
    for line in html.split("\n"):
        yield start
        start += len(line) + 1
