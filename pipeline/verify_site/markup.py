"""A published page as its elements and the words that can be seen, whatever its theme."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
_BLOCKS = (
    "address", "article", "aside", "blockquote", "details", "div", "dl", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section",
    "table", "ul",
)  # fmt: skip
_UNSEEN = frozenset({"script", "style", "template", "title"})
_CELL, _PAIR = frozenset({"td", "th"}), frozenset({"dd", "dt"})
_ENDS = {
    "li": frozenset({"li", "p"}),
    **dict.fromkeys(_CELL, _CELL | {"p"}),
    **dict.fromkeys(_PAIR, _PAIR | {"p"}),
    "tr": _CELL | {"p", "tr"},
    **dict.fromkeys(("tbody", "tfoot"), _CELL | {"p", "tr", "thead", "tbody"}),
    **dict.fromkeys(_BLOCKS, frozenset({"p"})),
}
"""Tag → the open elements that its start ends, as HTML lets authors leave end tags out."""
_MARKS = {
    "external-mark": re.compile("（站外）"),
    "file-mark": re.compile(r"（[A-Z0-9]{1,8}(?:，[0-9.]{1,8}[KM]B)?）"),
    "ai-mark": re.compile("（图片(?:可能|疑似)?由人工智能生成）"),
}
"""Class → words that a site adds: it knows the size of a file and the label in a picture."""
_BROKEN, _BEGIN, _END = "sn-broken", "［图片无法显示", "］"


@dataclass(slots=True)
class Element:
    """One element that can be seen; its place in the words and in the HTML of its page."""

    tag: str
    attributes: dict[str, str]
    start: int
    end: int
    """Of its words in `Markup.words`."""
    inner: tuple[int, int]
    """Of its content in `Markup.html`."""
    index: int
    below: int
    """Its own number in `Markup.elements`, and the first after it that does not lie in it."""

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class Markup:
    """A page. Its words are all that can be seen, in order and without blanks.

    Left out is what a site adds to a text (`_MARKS`). Words in place of a picture that cannot be
    shown count as the `alt` of their element.
    """

    def __init__(self, html: str) -> None:
        self.html = html
        reader = _Reader(html)
        # What is not closed at the end takes the parser quadratic time, and is not shown.
        reader.feed(html[: html.rfind(">") + 1])
        reader.close()
        reader.leave(0)
        self.words = "".join(reader.words)
        self.elements = reader.elements

    def classed(self, name: str) -> list[Element]:
        """The outermost elements of a class."""
        return [*outermost(e for e in self.elements if name in e.classes)]

    def inside(self, element: Element) -> list[Element]:
        """The elements that lie in another, in order."""
        return self.elements[element.index + 1 : element.below]

    def words_of(self, element: Element) -> str:
        return self.words[element.start : element.end]

    def pairs(self, elements: list[Element]) -> Iterator[tuple[str, Element]]:
        """Words of a heading cell or term, and the cell or description that follows it."""
        name = ""
        for element in outermost(e for e in elements if e.tag in _CELL | _PAIR):
            if element.tag in ("th", "dt"):
                name = self.words_of(element)
            elif name:
                yield name, element
                name = ""


def outermost(elements: Iterable[Element]) -> Iterator[Element]:
    """Those that lie in no other: to look into each takes time in proportion to the page."""
    below = 0
    for element in elements:
        if element.index >= below:
            yield element
            below = element.below


class _Reader(HTMLParser):
    """Time and memory are in proportion to the page, however deep its elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[Element] = []
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._size = 0
        self._open: list[tuple[str, Element | None, int]] = []
        """Tag, the element unless it cannot be seen, and how many pieces of words there were."""
        self._tags = Counter[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ends = _ENDS.get(tag, frozenset())
        while self._open and self._open[-1][0] in ends:
            self.leave(len(self._open) - 1)
        attributes = {name: value or "" for name, value in reversed(attrs)}  # the first one counts
        unseen = bool(self._open) and self._open[-1][1] is None
        element = None
        if not unseen and tag not in _UNSEEN and "hidden" not in attributes:
            begin, number = self._offset() + len(self.get_starttag_text() or ""), len(self.elements)
            place = self._size, self._size, (begin, begin), number, number + 1
            element = Element(tag, attributes, *place)
            self.elements.append(element)
        if tag not in _VOID:
            self._open.append((tag, element, len(self.words)))
            self._tags[tag] += 1

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if self._tags[tag]:
            depth = next(n for n in range(len(self._open) - 1, -1, -1) if self._open[n][0] == tag)
            self.leave(depth)

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1][1] is not None:
            words = "".join(data.split())
            self.words.append(words)
            self._size += len(words)

    def leave(self, depth: int) -> None:
        """Close what is open from a depth on."""
        while len(self._open) > depth:
            tag, element, pieces = self._open.pop()
            self._tags[tag] -= 1
            if element is not None:
                self._added(element, pieces)
                element.end, element.below = self._size, len(self.elements)
                element.inner = element.inner[0], self._offset()

    def _added(self, element: Element, pieces: int) -> None:
        """Take out the words that a site adds."""
        classes = element.classes
        marks = [_MARKS[name] for name in classes if name in _MARKS]
        if element.tag != "span" or not (marks or _BROKEN in classes):
            return
        words = "".join(self.words[pieces:])
        broken = words.startswith(_BEGIN) and words.endswith(_END) and _BROKEN in classes
        if broken:
            element.attributes["alt"] = words[len(_BEGIN) : -len(_END)].removeprefix("：")
        if broken or any(mark.fullmatch(words) for mark in marks):
            del self.words[pieces:]
            self._size = element.start

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
