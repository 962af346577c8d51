"""WeChat's dark mode, near enough to measure the contrast of the renderer's colours in it.

The client turns the colours of an article over by itself (project mp-darkmode of wechatjs,
MIT). The steps are followed here as far as articles of our own themes go: solid colours, no
background images, no shadows.
"""

import colorsys
import re
from functools import lru_cache

from pipeline.detect.html_tree import Element
from pipeline.model.lazy import regex

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


@lru_cache(maxsize=1024)
def _declared(text: str) -> dict[str, str]:
    pairs = (d.partition(":") for d in text.split(";"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def style_of(element: Element) -> dict[str, str]:
    """Declarations of its style attribute: property in lower case → value."""
    return _declared(element.attributes.get("style", ""))


def inherited(element: Element, name: str) -> str:
    """The nearest declaration of a property, from here outwards; empty: there is none."""
    around: Element | None = element
    while around and name not in style_of(around):
        around = around.parent
    return style_of(around)[name] if around else ""


def day_colours(element: Element) -> tuple[Colour | None, Colour | None]:
    """(text, background) of an element by day; None for a colour in another notation."""
    text, behind = (inherited(element, name) for name in ("color", "background-color"))
    return (colour_of(text) if text else INK), (colour_of(behind) if behind else PAPER)


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
