"""An article's HTML as a tree of elements with their inline styles, for checks and dark mode."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from types import MappingProxyType

VOID = frozenset({"br", "hr", "img", "col", "input", "meta", "link", "area", "source", "wbr"})
"""Elements without an end tag (HTML, 13.1.2)."""


@dataclass(eq=False)
class Element:
    """One element; children are elements and texts in order."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.style = style_of(self.attributes.get("style", ""))

    @cached_property
    def elements(self) -> list["Element"]:
        """The elements among the children, once the tree is built."""
        return [c for c in self.children if isinstance(c, Element)]

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
        return iter(self._inside)

    @cached_property
    def _inside(self) -> list["Element"]:
        """Kept, because every rule walks through the whole article."""
        found, waiting = [], self.elements[::-1]
        while waiting:
            element = waiting.pop()
            found.append(element)
            waiting.extend(element.elements[::-1])
        return found

    def inherited(self, name: str) -> str:
        """The nearest declaration of a property, from here outwards; empty without one."""
        element: Element | None = self
        while element:
            if name in element.style:
                return element.style[name]
            element = element.parent
        return ""


@lru_cache(maxsize=1024)
def style_of(text: str) -> Mapping[str, str]:
    """Declarations of a style attribute: property in lower case → value; a theme has few."""
    pairs = (d.partition(":") for d in text.split(";"))
    return MappingProxyType(
        {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
    )


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.place = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {n: v or "" for n, v in attrs}, self.place)
        self.place.children.append(element)
        if tag not in VOID:
            self.place = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open element of that name; one that closes nothing is passed over."""
        element: Element | None = self.place
        while element and element.tag != tag:
            element = element.parent
        if element and element.parent:
            self.place = element.parent

    def handle_data(self, data: str) -> None:
        self.place.children.append(data)


def tree_of(html: str) -> Element:
    """The root (an element without a name) of a fragment. Never raises on malformed HTML."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
