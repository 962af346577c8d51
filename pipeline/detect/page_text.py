"""The words that a saved page shows: tags out, hidden parts out, a line to each block."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipeline.model.regex import regex

LOOKS_LIKE_HTML = regex(
    r"<(?:!doctype|html|head|body|main|article|section|div|p|span|br|h[1-6]|ul|ol|table)\b[^<>]*>",
    re.IGNORECASE,
)
_VOID = regex("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
_BLOCK = regex(
    "address|article|aside|blockquote|body|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header"
    "|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_UNSEEN = regex("button|head|iframe|noscript|script|select|style|svg|template|textarea|title")
_NOT_SHOWN = regex(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Which elements of a platform's page hold the post: ids, or words of a class."""

    ids: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    def holds(self, attributes: dict[str, str | None]) -> bool:
        classes = (attributes.get("class") or "").split()
        return attributes.get("id") in self.ids or any(
            c.startswith(tuple(self.classes)) for c in classes
        )


def page_text(raw: str, place: Place = Place()) -> str:
    """Plain text as it is; of HTML what a reader sees, in `place` when the page has it."""
    if not LOOKS_LIKE_HTML.search(raw):
        return raw
    reader = _Reader(place)
    reader.feed(raw)
    reader.close()
    parts = reader.inside if reader.found else reader.all
    return "\n".join(filter(None, (" ".join(s.split()) for s in "".join(parts).split("\n"))))


@dataclass
class _Open:
    tag: str
    hidden: bool
    inside: bool


@dataclass
class _Reader(HTMLParser):
    place: Place
    all: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    found: bool = False
    stack: list[_Open] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.stack.clear()  # a head whose end is left out (HTML, 13.1.2.4) hides no body
        attributes = dict(attrs)
        above = self.stack[-1] if self.stack else _Open("", False, False)
        inside = above.inside or self.place.holds(attributes)
        hidden = above.hidden or bool(_UNSEEN.fullmatch(tag)) or _is_hidden(attributes)
        self.found = self.found or (inside and not hidden)
        self._break(tag, inside)
        if not _VOID.fullmatch(tag):
            self.stack.append(_Open(tag, hidden, inside))

    def handle_endtag(self, tag: str) -> None:
        at = next((i for i in reversed(range(len(self.stack))) if self.stack[i].tag == tag), None)
        if at is not None:
            self._break(tag, self.stack[at].inside)
            del self.stack[at:]

    def handle_data(self, data: str) -> None:
        above = self.stack[-1] if self.stack else _Open("", False, False)
        if not above.hidden:
            # A line break in the source of a page is no more than a space.
            words = data.replace("\r", " ").replace("\n", " ")
            self.all.append(words)
            if above.inside:
                self.inside.append(words)

    def _break(self, tag: str, inside: bool) -> None:
        if _BLOCK.fullmatch(tag):
            self.all.append("\n")
            if inside:
                self.inside.append("\n")


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or bool(_NOT_SHOWN.search(attributes.get("style") or ""))
