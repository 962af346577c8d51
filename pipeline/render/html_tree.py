"""An article's HTML as a tree of elements with their inline styles, for checks and dark mode."""

import colorsys
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from html import escape
from html.parser import HTMLParser
from types import MappingProxyType
from weakref import ref

from pipeline.model.lazy import regex

VOID = frozenset({"br", "hr", "img", "col", "input", "meta", "link", "area", "source", "wbr"})
"""Elements without an end tag (HTML, 13.1.2)."""
_NO_STYLE: Mapping[str, str] = MappingProxyType({})


class Element:
    """One element; children are elements and texts in order."""

    def __init__(
        self, tag: str, attributes: Mapping[str, str], parent: "Element | None" = None
    ) -> None:
        # Weak, so that a tree is freed with its last use, without the garbage collector.
        self._parent = ref(parent) if parent else None
        self.tag, self.attributes = tag, attributes
        self.style = style_of(attributes.get("style", ""))
        around = parent.inherited if parent else _NO_STYLE
        self.inherited: Mapping[str, str] = {**around, **self.style} if self.style else around
        """Property → its nearest declaration, from here outwards."""
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


@lru_cache(maxsize=1024)
def style_of(text: str) -> Mapping[str, str]:
    """Declarations of a style attribute: property in lower case → value; a theme has few."""
    pairs = (d.partition(":") for d in text.split(";"))
    return MappingProxyType(
        {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
    )


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


# WeChat's dark mode, near enough to preview.
#
# The client turns the colours of an article over by itself (project mp-darkmode of wechatjs,
# MIT). The steps are followed here as far as articles of our own themes go: solid colours, no
# background images, no shadows.

Colour = tuple[float, float, float]
"""Red, green, blue, each from 0 to 255."""
PAPER: Colour = (255, 255, 255)
INK: Colour = (25, 25, 25)
NIGHT: Colour = (25, 25, 25)
"""Backgrounds of the page by day and by night; the text's colour when none is declared."""

_NIGHT_LIGHTNESS = 25 / 255
_WHITE, _BRIGHT, _HIGH, _LEAST, _MOST = 250.0, 190.0, 100.0, 65.0, 138.0
_HEX = regex(r"#(?:[0-9a-f]{3}){1,2}\b", re.IGNORECASE)
_RGB = regex(r"rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def colour_of(value: str) -> Colour | None:
    """The first ``#rgb``, ``#rrggbb`` or ``rgb()`` in a CSS value; None when there is none."""
    if code := _HEX.search(value):
        digits = code[0][1:] if len(code[0]) == 7 else "".join(c * 2 for c in code[0][1:])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    numbers = _RGB.search(value)
    return (int(numbers[1]), int(numbers[2]), int(numbers[3])) if numbers else None


def dark_background(colour: Colour) -> Colour:
    """White and greys turn over, bright tints are dimmed, near blacks raised a little."""
    hue, lightness, saturation = _hls(colour)
    if (saturation == 0 and lightness > 0.4) or _brightness(colour) > _WHITE:
        return _rgb(0, min(1.0, 1 + _NIGHT_LIGHTNESS - lightness), 0)
    if _brightness(colour) > _BRIGHT:
        return _dimmed(colour, _BRIGHT)
    return colour if lightness >= 0.22 else _rgb(hue, 0.22, saturation)


def dark_text(colour: Colour, behind: Colour) -> Colour:
    """Text (and borders) on a background that has been darkened already."""
    ground, own = _brightness(behind), _brightness(colour)
    if own >= _WHITE:
        return colour
    if own - ground > _MOST and ground <= _brightness(NIGHT) + 2:
        return _dimmed(colour, _MOST + ground)
    if abs(own - ground) >= _LEAST:
        return colour
    hue, lightness, saturation = _hls(colour)
    if ground < _HIGH:
        turned = _rgb(hue, 0.9 - lightness, saturation) if lightness <= 0.4 else None
        return dark_text(turned, behind) if turned else _dimmed(colour, ground + _LEAST)
    turned = _rgb(hue, 0.9 - lightness, saturation) if 0.5 < lightness <= 0.9 else None
    return turned if turned else _dimmed(colour, max(0.0, ground - _LEAST))


def day_colours(element: Element) -> tuple[Colour | None, Colour | None]:
    """(text, background) of an element by day; None for a colour in another notation."""
    text, behind = (element.inherited.get(name, "") for name in ("color", "background-color"))
    return (colour_of(text) if text else INK), (colour_of(behind) if behind else PAPER)


def dark_html(html: str) -> str:
    """The article with every colour as dark mode shows it."""
    return "".join(_dark(child) for child in tree_of(html).children)


def _dark(node: Element | str) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    style = ";".join(f"{n}:{_dark_value(n, v, node)}" for n, v in node.style.items())
    attributes = {**node.attributes, **({"style": style} if style else {})}
    start = node.tag + "".join(f' {n}="{escape(v)}"' for n, v in attributes.items())
    if node.tag in VOID:
        return f"<{start}>"
    return f"<{start}>{''.join(map(_dark, node.children))}</{node.tag}>"


def _dark_value(name: str, value: str, element: Element) -> str:
    colour = colour_of(value)
    if colour is None or not name.startswith(("color", "background-color", "border")):
        return value
    if name == "background-color":
        return _hex(dark_background(colour))
    night = dark_background(day_colours(element)[1] or PAPER)
    written = _hex(dark_text(colour, night))
    return _HEX.sub(written, _RGB.sub(written, value))


def _brightness(colour: Colour) -> float:
    """Perceived brightness, 0 to 255 (W3C, AERT 2.2)."""
    return (colour[0] * 299 + colour[1] * 587 + colour[2] * 114) / 1000


def _dimmed(colour: Colour, brightness: float) -> Colour:
    """The colour scaled to a perceived brightness; black becomes the grey of it."""
    own = _brightness(colour)
    if not own:
        return brightness, brightness, brightness
    red, green, blue = (min(255.0, c * brightness / own) for c in colour)
    return red, green, blue


def _hls(colour: Colour) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*(c / 255 for c in colour))


def _rgb(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return red * 255, green * 255, blue * 255


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(c):02x}" for c in colour)
