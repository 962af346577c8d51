"""The structure rules of WeChat's editor, one function to each (wechatjs, article structure 1.0).

The editor itself measures a laid-out page; here the same is read off inline styles, more
strictly, so that what passes here raises no 结构异常 there.
"""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.model.findings import Message, say
from pipeline.model.lazy import regex
from pipeline.render.wechat import HOST, TAGS
from pipeline.render.wechat_tree import (
    ArticleRule,
    Colour,
    Element,
    Start,
    contrast,
    dark_background,
    dark_text,
    day_colours,
    each,
)

# The structure rules about what dark mode can follow (wechatjs, article structure 1.0, part 4).

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


def colour_contrast(root: Element) -> Iterator[Message]:  # rule 11
    seen = set()
    for element in root.walk():
        if not element.own_text:
            continue
        text, behind = day_colours(element)
        if text is None or behind is None:
            yield say("A colour is not written as #rrggbb, so its contrast is unknown.")
        elif (text, behind) not in seen:
            seen.add((text, behind))
            least = _least_contrast(text, behind)
            if least < LEAST_CONTRAST:
                yield say(
                    "Text has a contrast of {found} by day or by night; {least} is needed.",
                    found=f"{least:.1f}",
                    least=LEAST_CONTRAST,
                )


def background_image(root: Element) -> Iterator[Message]:  # rule 11
    covered = {s for s in root.starts if _covers(s)}
    for element in root.walk() if covered else ():
        if element.start in covered and element.text:
            yield say("Text stands on a gradient or an image; dark mode cannot follow.")


@lru_cache(maxsize=1024)
def _least_contrast(text: Colour, behind: Colour) -> float:
    """By day or by night, whichever is less."""
    night = dark_background(behind)
    return min(contrast(text, behind), contrast(dark_text(text, night), night))


@each(say("An element is taken out of the order of the text."))
def positioned(start: Start) -> bool:  # rule 11
    return start.style.get("position", "").lower() in ("absolute", "fixed")


@each(say("A style is marked !important, which dark mode cannot change."))
def important(start: Start) -> bool:  # rule 11
    return any("!important" in value.lower() for value in start.style.values())


def _covers(start: Start) -> bool:
    value = start.style.get("background", "") + start.style.get("background-image", "")
    return "gradient" in value or "url(" in value


APPEARANCE_RULES = (colour_contrast, background_image, positioned, important)


LEAST_LINE_HEIGHT = 1.5  # without unit
MOST_IDENTICAL = 10  # single-child elements inside one another with one tag and one style
MOST_LEVELS = 14  # the editor prunes from 15 on
MOST_MARGIN = 40  # pixels on the left: a tenth of a phone's width
MOST_CHILDREN, MOST_EMPTY = 20, 15
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

STYLE_REMEDY = say("Mend the theme (pipeline/render/wechat.py), not the pasted text.")


@each(say("An element names a font; a phone may not have it."))
def font_family(start: Start) -> bool:  # rule 1
    fonts = start.style.get("font-family", "").replace("'", '"').lower()
    return bool(fonts) and not fonts.startswith(OWN_FONTS)


@each(say("An image is wholly transparent."))
def hidden_image(start: Start) -> bool:  # rule 2
    return start.tag in ("img", "svg", "image") and _zero(start.style.get("opacity"))


@each(say("The caret is transparent, so the text cannot be edited."))
def hidden_caret(start: Start) -> bool:  # rule 3
    return start.style.get("caret-color", "").lower() == "transparent"


def line_height(root: Element) -> Iterator[Message]:  # rule 4
    for element in root.walk():
        value = element.style.get("line-height")
        if value is None or (_zero(value) and not element.text):
            continue
        if not _NUMBER.fullmatch(value) or float(value) < LEAST_LINE_HEIGHT:
            yield say(
                "A line height is {value}; it must be a number without unit, {least} or more.",
                value=value,
                least=LEAST_LINE_HEIGHT,
            )


def fixed_width(root: Element) -> Iterator[Message]:  # rule 5
    fixed = {s for s in root.starts if _is_fixed(s)}
    for element in root.walk() if fixed else ():
        if element.start in fixed:
            yield say("A {tag} element has a fixed width; phones are narrower.", tag=element.tag)


def _is_fixed(start: Start) -> bool:
    if "data-ignore-width" in start.attributes:
        return False
    fits = start.tag == "img" and start.style.get("max-width") == "100%"
    wide = any(_PIXELS.search(start.style.get(n, "")) for n in ("width", "min-width"))
    fixed_cell = start.tag in _CELLS and "width" in start.attributes
    return (wide and not fits) or fixed_cell


def left_margin(root: Element) -> Iterator[Message]:  # rule 5
    margins = {s: max(0.0, *(_left(s, side) for side in _SIDES)) for s in root.starts}
    for element in root.walk() if max(margins.values(), default=0) > MOST_MARGIN else ():
        if (pixels := margins[element.start]) > MOST_MARGIN:
            yield say("A left margin is {pixels} pixels; the most is {limit}.",
                      pixels=f"{pixels:g}", limit=MOST_MARGIN)  # fmt: skip


@each(say("An image may be wider than the screen: it lacks max-width of 100%."))
def fluid_image(start: Start) -> bool:  # rule 5
    return start.tag == "img" and start.style.get("max-width") != "100%"


def clipped_text(root: Element) -> Iterator[Message]:  # rule 6
    limited = {s for s in root.starts if any(map(_limits, (s.style.get(h) for h in _HEIGHTS)))}
    for element in root.walk() if limited else ():
        if element.start in limited and element.text:
            yield say("An element with words has a fixed height and may cut them off.")


@each(say("Text is aligned to start or end; use left or right."))
def text_align(start: Start) -> bool:  # rule 7
    return start.style.get("text-align", "").lower() in ("start", "end")


@each(say("An animation begins by touch alone; computers need click as well."))
def animation_begin(start: Start) -> bool:  # rule 8
    begin = start.attributes.get("begin", "").lower()
    return "touch" in begin and "click" not in begin


@each(say("Preformatted text does not wrap on a phone."))
def preformatted(start: Start) -> bool:  # rule 9
    return start.tag == "pre" or start.style.get("white-space", "").lower() == "pre"


def identical_wrappers(root: Element) -> Iterator[Message]:  # rule 10
    deep = [e for e in root.walk() if e.depth > MOST_IDENTICAL]
    for element in deep:
        if _same_around(element) == MOST_IDENTICAL:  # the one past the limit, reported once
            yield say(
                "More than {limit} identical elements wrap one another.", limit=MOST_IDENTICAL
            )


def too_deep(root: Element) -> Iterator[Message]:  # rule 10
    if (levels := max((e.depth for e in root.walk()), default=0)) > MOST_LEVELS:
        yield say(
            "Elements stand {levels} levels deep; the most is {limit}.",
            levels=levels,
            limit=MOST_LEVELS,
        )


def leaves(root: Element) -> Iterator[Message]:  # rule 10
    marked = any("leaf" in s.attributes or "nodeleaf" in s.attributes for s in root.starts)
    for element in root.walk() if marked else ():
        is_leaf = element.tag == "span" and "leaf" in element.attributes
        if is_leaf and {e.tag for e in element.walk()} - _INLINE:
            yield say("A span marked as leaf holds blocks.")
        if element.tag == "section" and "nodeleaf" in element.attributes:
            media = [e for e in element.elements if e.tag in _MEDIA]
            if element.text or len(media) != 1 or len(element.elements) != 1:
                yield say("A section marked as nodeleaf holds more than one image or video.")


def empty_children(root: Element) -> Iterator[Message]:  # rule 10
    for element in (root, *root.walk()):
        if len(element.elements) <= MOST_CHILDREN:
            continue
        empty = [e for e in element.elements if e.tag not in ("br", "hr", "img") and _bare(e)]
        if len(empty) > MOST_EMPTY:
            yield say("An element holds {count} empty ones.", count=len(empty))


def stripped_elements(root: Element) -> Iterator[Message]:  # rule 12
    for tag in sorted({s.tag for s in root.starts} - TAGS - _MEDIA):
        yield say("The editor strips or changes {tag} elements.", tag=tag)


def stripped_attributes(root: Element) -> Iterator[Message]:  # rule 12
    names = {n for s in root.starts for n in s.attributes}
    for name in sorted(n for n in names if n in ("class", "id") or n.startswith("on")):
        yield say("The editor strips the attribute {name}.", name=name)


@each(say("A link leads out of WeChat and will not work."))
def links(start: Start) -> bool:
    """Only addresses of WeChat's own articles work in a body."""
    return start.tag == "a" and _host(start.attributes.get("href", "")) != HOST


@each(say("An image is fetched from elsewhere; the editor filters it out."))
def image_addresses(start: Start) -> bool:
    """Images are files to upload, or stand on WeChat's host already."""
    source = start.attributes.get("src", "")
    return start.tag == "img" and ":" in source and _host(source) != IMAGE_HOST


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


def _zero(value: str | None) -> bool:
    return bool(value and _NOTHING.fullmatch(value))


def _limits(height: str | None) -> bool:
    return _zero(height) or _PIXELS.search(height or "") is not None


def _left(start: Start, side: str) -> float:
    """Pixels that a declaration leaves free on the left: its own, or the shorthand's fourth."""
    values = start.style.get(side.split("-")[0], "").split()
    short = values[{1: 0, 2: 1, 3: 1, 4: 3}[len(values)]] if 0 < len(values) < 5 else ""
    pixels = _PIXELS.fullmatch(start.style.get(side, short))
    return float(pixels[1]) if pixels else 0.0


def _same_around(element: Element) -> int:
    """How many parents in a row wrap only this and have the same tag and style."""
    count = 0
    while (parent := element.parent) and parent.elements == [element] and not parent.own_text:
        if (parent.tag, parent.style) != (element.tag, element.style):
            break
        count, element = count + 1, parent
        if count > MOST_IDENTICAL:  # more makes no difference
            break
    return count


def _bare(element: Element) -> bool:
    return not element.text and not any(e.tag in _MEDIA for e in element.walk())


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
    identical_wrappers,
    too_deep,
    leaves,
    empty_children,
    stripped_elements,
    stripped_attributes,
    links,
    image_addresses,
    *APPEARANCE_RULES,
)
