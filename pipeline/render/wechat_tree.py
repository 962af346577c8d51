"""An article's HTML as a tree of elements with their inline styles, for checks and dark mode."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache, wraps
from html import unescape
from html.parser import HTMLParser
from types import MappingProxyType
from weakref import ref

from pipeline.model.findings import Message
from pipeline.model.regex import regex
from pipeline.render.wechat import TAGS

VOID = frozenset({"br", "hr", "img", "col", "input", "meta", "link", "area", "source", "wbr"})
"""Elements without an end tag (HTML, 13.1.2)."""
_NO_STYLE: Mapping[str, str] = MappingProxyType({})
_PLAIN = regex(r'([a-z][a-z0-9]*)(?: [a-z]+(?:-[a-z]+)*="[^"]*")*')
"""A start tag that nobody can read in two ways, without its angle brackets."""


class Start:
    """A start tag: all that most rules look at. A theme writes few, so each is read once."""

    __slots__ = ("attributes", "style", "tag")

    def __init__(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.style = style_of(attributes.get("style", ""))


class Element:
    """One element; children are elements and texts in order."""

    def __init__(self, start: Start, parent: "Element | None" = None) -> None:
        self.start = start
        # Weak, so that a tree goes with its last use: cycles are not looked for among thousands.
        self._parent = ref(parent) if parent else None
        self.tag, self.attributes, self.style = start.tag, start.attributes, start.style
        around = parent.inherited if parent else _NO_STYLE
        self.inherited: Mapping[str, str] = {**around, **self.style} if self.style else around
        """Property → its nearest declaration, from here outwards."""
        self.depth: int = parent.depth + 1 if parent else 0
        self.children: list[Element | str] = []
        self.elements: list[Element] = []  # those among the children

    @property
    def parent(self) -> "Element | None":
        """The element around it; whoever asks holds the root."""
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
        """What `walk` gives; kept, because every rule walks through the whole article."""
        found, waiting = [], self.elements[::-1]
        while waiting:
            element = waiting.pop()
            found.append(element)
            waiting.extend(element.elements[::-1])
        return found

    @cached_property
    def starts(self) -> tuple[Start, ...]:
        """Every start tag inside, those that are alike once."""
        return tuple(dict.fromkeys(e.start for e in self.inside))


@lru_cache(maxsize=1024)
def style_of(text: str) -> Mapping[str, str]:
    """Declarations of a style attribute: property in lower case → value; a theme has few."""
    pairs = (d.partition(":") for d in text.split(";"))
    return MappingProxyType(
        {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
    )


class _Builder(HTMLParser):
    """Elements under `root`, which has no name; what stands at the moment goes into `place`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.place = Element(Start("", {}))
        self._all = self.root.inside = []  # opened in order of the document

    def open(self, start: Start) -> None:
        element = Element(start, self.place)
        self.place.children.append(element)
        self.place.elements.append(element)
        self._all.append(element)
        if start.tag not in VOID:
            self.place = element

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open(Start(tag, {n: v or "" for n, v in attrs}))

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


def each(rule: Callable[[Start], Iterator[Message]]) -> Callable[[Element], Iterator[Message]]:
    """The rule of one start tag, held against every element of an article in order."""
    found = lru_cache(maxsize=256)(lambda start: tuple(rule(start)))

    @wraps(rule)
    def everywhere(root: Element) -> Iterator[Message]:
        if any(map(found, root.starts)):
            for element in root.walk():
                yield from found(element.start)

    return everywhere


def tree_of(html: str) -> Element:
    """The root (an element without a name) of a fragment. Never raises on malformed HTML."""
    return _plain_tree(html) or parsed_tree(html)


def parsed_tree(html: str) -> Element:
    """As `tree_of`, by the parser alone."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


def _plain_tree(html: str) -> Element | None:
    """The tree of what the cleaner writes: an article's own tags and words, each in one form.

    None for anything else, which needs the parser; it is many times slower.
    """
    before, *pieces = html.split("<")
    builder = _Builder()
    if before:
        builder.handle_data(unescape(before))
    for piece in pieces:
        written, end, words = piece.partition(">")
        start = _start(written)
        if end and start:
            builder.open(start)
        elif end and written[:1] == "/" and written[1:] in TAGS:
            builder.handle_endtag(written[1:])
        else:
            return None
        if words:
            builder.handle_data(unescape(words))
    return builder.root


@lru_cache(maxsize=1024)
def _start(written: str) -> Start | None:
    """The start tag between two angle brackets, as the parser reads it; None if it is not plain."""
    plain = _PLAIN.fullmatch(written)
    if plain is None or plain[1] not in TAGS:
        return None
    return parsed_tree(f"<{written}>").elements[0].start
