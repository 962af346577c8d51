"""The structure rules of WeChat's editor that our renderer obeys, whatever a writer types.

One function to each (wechatjs, article structure 1.0). The editor itself measures a laid-out page;
here the same is read off inline styles, more strictly, so that what passes here raises no 结构异常
there. What a text can break all the same is checked by `pipeline.parts.wechat.problems`.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from urllib.parse import urlsplit

from pipeline.detect.html_tree import Element, tree_of
from pipeline.model.lazy import regex
from pipeline.parts.wechat.channel import HOST, TAGS
from tests.oracles.wechat_dark import (
    INK,
    PAPER,
    Colour,
    colour_of,
    dark_background,
    dark_text,
    inherited,
    style_of,
)  # fmt: skip

ArticleRule = Callable[[Element], Iterator[str]]
"""Takes the root of an article's tree, yields what is wrong with it."""


def each(message: str) -> Callable[[Callable[[Element], object]], ArticleRule]:
    """The rule that complains of every element that a predicate holds of."""

    def rule_of(predicate: Callable[[Element], object]) -> ArticleRule:
        @wraps(predicate)
        def everywhere(root: Element) -> Iterator[str]:
            yield from (message for element in root.walk() if predicate(element))

        return everywhere

    return rule_of


LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
LEAST_LINE_HEIGHT = 1.5  # without unit
MOST_MARGIN = 40  # pixels on the left: a tenth of a phone's width
IMAGE_HOST = "mmbiz.qpic.cn"
OWN_FONTS = '"mp-quote", pingfang sc, system-ui, -apple-system'

_PIXELS = regex(r"(-?[\d.]+)px")
_NUMBER = regex(r"\d+(?:\.\d+)?")
_NOTHING = regex(r"0*\.?0+(?:[a-z]+|%)?")
_INLINE = frozenset({"a", "br", "em", "img", "span", "strong"})
_MEDIA = frozenset({"img", "video", "svg", "mp-common-videosnap"})
_CELLS = frozenset({"table", "col", "colgroup", "td", "th"})
_SIDES = ("margin-left", "padding-left")
_HEIGHTS = ("height", "max-height")


@each("An element names a font; a phone may not have it.")
def font_family(element: Element) -> bool:  # rule 1
    fonts = style_of(element).get("font-family", "").replace("'", '"').lower()
    return bool(fonts) and not fonts.startswith(OWN_FONTS)


@each("An image is wholly transparent.")
def hidden_image(element: Element) -> bool:  # rule 2
    return element.tag in ("img", "svg", "image") and _zero(style_of(element).get("opacity"))


@each("The caret is transparent, so the text cannot be edited.")
def hidden_caret(element: Element) -> bool:  # rule 3
    return style_of(element).get("caret-color", "").lower() == "transparent"


@each("A line height is no number without unit, or under 1.5.")
def line_height(element: Element) -> bool:  # rule 4
    value = style_of(element).get("line-height")
    if value is None or (_zero(value) and not element.text):
        return False
    return not _NUMBER.fullmatch(value) or float(value) < LEAST_LINE_HEIGHT


@each("An element has a fixed width; phones are narrower.")
def fixed_width(element: Element) -> bool:  # rule 5
    if "data-ignore-width" in element.attributes:
        return False
    fits = element.tag == "img" and style_of(element).get("max-width") == "100%"
    wide = any(_PIXELS.search(style_of(element).get(n, "")) for n in ("width", "min-width"))
    fixed_cell = element.tag in _CELLS and "width" in element.attributes
    return (wide and not fits) or fixed_cell


@each("A left margin is wider than a tenth of the screen.")
def left_margin(element: Element) -> bool:  # rule 5
    return max(_left(element, side) for side in _SIDES) > MOST_MARGIN


@each("An image may be wider than the screen: it lacks max-width of 100%.")
def fluid_image(element: Element) -> bool:  # rule 5
    return element.tag == "img" and style_of(element).get("max-width") != "100%"


@each("An element with words has a fixed height and may cut them off.")
def clipped_text(element: Element) -> bool:  # rule 6
    heights = (style_of(element).get(name) or "" for name in _HEIGHTS)
    return any(_zero(h) or _PIXELS.search(h) for h in heights) and bool(element.text)


@each("Text is aligned to start or end; use left or right.")
def text_align(element: Element) -> bool:  # rule 7
    return style_of(element).get("text-align", "").lower() in ("start", "end")


@each("An animation begins by touch alone; computers need click as well.")
def animation_begin(element: Element) -> bool:  # rule 8
    begin = element.attributes.get("begin", "").lower()
    return "touch" in begin and "click" not in begin


@each("Preformatted text does not wrap on a phone.")
def preformatted(element: Element) -> bool:  # rule 9
    return element.tag == "pre" or style_of(element).get("white-space", "").lower() == "pre"


@each("A span marked as leaf holds blocks, or a section marked as nodeleaf more than one medium.")
def leaves(element: Element) -> bool:  # rule 10
    if element.tag == "span" and "leaf" in element.attributes:
        return bool({e.tag for e in element.walk()} - _INLINE)
    if element.tag == "section" and "nodeleaf" in element.attributes:
        media = [e for e in element.elements if e.tag in _MEDIA]
        return bool(element.text) or len(media) != 1 or len(element.elements) != 1
    return False


def colour_contrast(root: Element) -> Iterator[str]:  # rule 11
    for element in root.walk():
        text, behind = (inherited(element, n) for n in ("color", "background-color"))
        on, under = colour_of(text) if text else INK, colour_of(behind) if behind else PAPER
        if element.own_text and (on is None or under is None):
            yield "A colour is not written as #rrggbb, so its contrast is unknown."
        elif element.own_text and _least_contrast(on, under) < LEAST_CONTRAST:
            yield "Text has too little contrast by day or by night."


@each("Text stands on a gradient or an image; dark mode cannot follow.")
def background_image(element: Element) -> bool:  # rule 11
    value = style_of(element).get("background", "") + style_of(element).get("background-image", "")
    return ("gradient" in value or "url(" in value) and bool(element.text)


@each("An element is taken out of the order of the text.")
def positioned(element: Element) -> bool:  # rule 11
    return style_of(element).get("position", "").lower() in ("absolute", "fixed")


@each("A style is marked !important, which dark mode cannot change.")
def important(element: Element) -> bool:  # rule 11
    return any("!important" in value.lower() for value in style_of(element).values())


@each("The editor strips or changes such elements.")
def stripped_elements(element: Element) -> bool:  # rule 12
    return element.tag not in TAGS | _MEDIA


@each("The editor strips such attributes.")
def stripped_attributes(element: Element) -> bool:  # rule 12
    return any(n in ("class", "id") or n.startswith("on") for n in element.attributes)


@each("A link leads out of WeChat and will not work.")
def links(element: Element) -> bool:
    """Only addresses of WeChat's own articles work in a body."""
    return element.tag == "a" and _host(element.attributes.get("href", "")) != HOST


@each("An image is fetched from elsewhere; the editor filters it out.")
def image_addresses(element: Element) -> bool:
    """Images are files to upload, or stand on WeChat's host already."""
    source = element.attributes.get("src", "")
    return element.tag == "img" and ":" in source and _host(source) != IMAGE_HOST


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=1024)
def _least_contrast(text: Colour, behind: Colour) -> float:
    """By day or by night, whichever is less."""
    night = dark_background(behind)
    return min(contrast(text, behind), contrast(dark_text(text, night), night))


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(c / 255) for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


def _zero(value: str | None) -> bool:
    return bool(value and _NOTHING.fullmatch(value))


def _left(element: Element, side: str) -> float:
    """Pixels that a declaration leaves free on the left: its own, or the shorthand's fourth."""
    values = style_of(element).get(side.split("-")[0], "").split()
    short = values[{1: 0, 2: 1, 3: 1, 4: 3}[len(values)]] if 0 < len(values) < 5 else ""
    pixels = _PIXELS.fullmatch(style_of(element).get(side, short))
    return float(pixels[1]) if pixels else 0.0


STRUCTURE_RULES: tuple[ArticleRule, ...] = (
    font_family,
    hidden_image,
    hidden_caret,
    line_height,
    fixed_width,
    left_margin,
    fluid_image,
    clipped_text,
    text_align,
    animation_begin,
    preformatted,
    leaves,
    colour_contrast,
    background_image,
    positioned,
    important,
    stripped_elements,
    stripped_attributes,
    links,
    image_addresses,
)


def broken_rules(html: str) -> set[str]:
    """Names of the rules that an article breaks."""
    root = tree_of(html)
    return {rule.__name__ for rule in STRUCTURE_RULES if any(rule(root))}
