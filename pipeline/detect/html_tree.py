"""HTML as a tree of elements."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from html.parser import HTMLParser
from weakref import ref

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"})
VOID |= {"param", "source", "track", "wbr"}
"""Elements without an end tag (HTML, 13.1.2)."""


class Element:
    """One element; children are elements and texts in order."""

    def __init__(
        self, tag: str, attributes: Mapping[str, str], parent: "Element | None" = None
    ) -> None:
        # Weak, so that a tree is freed with its last use, without the garbage collector.
        self._parent = ref(parent) if parent else None
        self.tag, self.attributes = tag, attributes
        self.depth: int = parent.depth + 1 if parent else 0
        self.children: list[Element | str] = []
        self.elements: list[Element] = []  # those among the children

    @property
    def parent(self) -> "Element | None":
        """The element around it; the caller holds the root."""
        return self._parent() if self._parent else None

    @property
    def own_text(self) -> str:
        return "".join(c for c in self.children if isinstance(c, str)).strip()

    @property
    def text(self) -> str:
        """All words inside, without the white space around them."""
        inside = (c if isinstance(c, str) else c.text for c in self.children)
        return "".join(inside).strip()

    def walk(self) -> Iterator["Element"]:
        """Every element inside, in order of the document."""
        return iter(self.inside)

    @cached_property
    def inside(self) -> list["Element"]:
        """What `walk` gives, cached: every rule walks through the whole article."""
        elements, waiting = [], self.elements[::-1]
        while waiting:
            element = waiting.pop()
            elements.append(element)
            waiting.extend(element.elements[::-1])
        return elements


class _TreeBuilder(HTMLParser):
    """Elements under `root`, which has no name; what comes next goes into `current`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.current = Element("", {})
        self._all = self.root.inside = []  # opened in order of the document

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {n: v or "" for n, v in attrs}, self.current)
        self.current.children.append(element)
        self.current.elements.append(element)
        self._all.append(element)
        if tag not in VOID:
            self.current = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open element of that name; one that closes nothing is passed over."""
        element: Element | None = self.current
        while element and element.tag != tag:
            element = element.parent
        if element and element.parent:
            self.current = element.parent

    def handle_data(self, data: str) -> None:
        self.current.children.append(data)


def tree_of(html: str) -> Element:
    """The root (an element without a name) of a fragment. Never raises on malformed HTML."""
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    return builder.root
