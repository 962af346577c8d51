"""Small figures that scenes are put together from: each takes a centre (or foot) and a size."""

import math
from collections.abc import Sequence

from demo.canvas import (
    BLUE,
    CREAM,
    GREEN,
    GREY,
    INK,
    LEAF,
    NAVY,
    ORANGE,
    RED,
    SCALE,
    SKIN,
    STONE,
    WHITE,
    WOOD,
    YELLOW,
    Canvas,
    Colour,
    Point,
    mix,
    smooth,
)


def flame(c: Canvas, x: float, y: float, s: float, outer: Colour = ORANGE) -> None:
    """A flame standing on (x, y), `s` high."""
    for k, colour in ((1.0, outer), (0.66, YELLOW), (0.36, CREAM)):
        h = s * k
        outline = [(0, -h), (0.24, -0.62 * h / s), (0.34, -0.28), (0.2, 0), (0, 0.04)]
        right = [
            (x + px * h * 1.05, y + py * (h if i else 1)) for i, (px, py) in enumerate(outline)
        ]
        left = [(2 * x - px, py) for px, py in reversed(right)]
        c.poly(smooth([*right, *left[1:]]), colour)


def drop(c: Canvas, x: float, y: float, s: float, fill: Colour = BLUE) -> None:
    c.poly([(x, y - s), (x - s * 0.52, y), (x + s * 0.52, y)], fill)
    c.disc(x, y + s * 0.08, s * 0.55, fill)


def person(c: Canvas, x: float, y: float, s: float, coat: Colour, skin: Colour = SKIN) -> None:
    """Someone standing on (x, y), `s` tall."""
    c.rect(x - s * 0.13, y - s * 0.36, s * 0.11, s * 0.36, INK, s * 0.04)
    c.rect(x + s * 0.02, y - s * 0.36, s * 0.11, s * 0.36, INK, s * 0.04)
    c.rect(x - s * 0.2, y - s * 0.74, s * 0.4, s * 0.44, coat, s * 0.13)
    c.disc(x, y - s * 0.86, s * 0.135, skin)


def helmet(c: Canvas, x: float, y: float, r: float, fill: Colour = YELLOW) -> None:
    c.pen.pieslice([v * SCALE for v in (x - r, y - r, x + r, y + r)], 180, 360, fill)
    c.rect(x - r * 1.2, y - 2, r * 2.4, r * 0.28, mix(fill, INK, 0.15), r * 0.14)


def tree(c: Canvas, x: float, y: float, s: float, fill: Colour = GREEN) -> None:
    c.rect(x - s * 0.05, y - s * 0.2, s * 0.1, s * 0.2, WOOD)
    for k in range(3):
        top, half = y - s * (1 - 0.24 * k), s * (0.2 + 0.07 * k)
        shade = mix(fill, INK, 0.08 * k)
        c.poly([(x, top), (x - half, top + s * 0.42), (x + half, top + s * 0.42)], shade)


def ridge(c: Canvas, points: Sequence[Point], fill: Colour, floor: float = 608) -> None:
    """Hills along a smooth line down to the floor."""
    line = smooth(points)
    c.poly([*line, (line[-1][0], floor), (line[0][0], floor)], fill)


def house(
    c: Canvas, x: float, y: float, s: float, wall: Colour = CREAM, roof: Colour = RED
) -> None:
    """A house whose lower left corner is (x, y), `s` wide."""
    c.rect(x, y - s * 0.56, s, s * 0.56, wall)
    c.poly([(x - s * 0.1, y - s * 0.54), (x + s / 2, y - s), (x + s * 1.1, y - s * 0.54)], roof)
    c.rect(x + s * 0.14, y - s * 0.4, s * 0.22, s * 0.2, mix(BLUE, WHITE, 0.45), 3)
    c.rect(x + s * 0.6, y - s * 0.38, s * 0.2, s * 0.38, WOOD, 3)


def tick(c: Canvas, x: float, y: float, r: float, fill: Colour = GREEN) -> None:
    c.disc(x, y, r, fill)
    mark = [(x - r * 0.45, y), (x - r * 0.1, y + r * 0.38), (x + r * 0.5, y - r * 0.36)]
    c.line(mark, WHITE, r * 0.22)


def cross(c: Canvas, x: float, y: float, r: float, fill: Colour = RED) -> None:
    for sign in (1, -1):
        c.line([(x - r, y - r * sign), (x + r, y + r * sign)], fill, r * 0.42)


def triangle(c: Canvas, x: float, y: float, s: float, fill: Colour = YELLOW) -> None:
    """A warning triangle without lettering."""
    c.poly([(x, y - s), (x - s, y + s * 0.75), (x + s, y + s * 0.75)], fill)
    c.line([(x, y - s * 0.4), (x, y + s * 0.18)], INK, s * 0.18)
    c.disc(x, y + s * 0.48, s * 0.11, INK)


def banned(c: Canvas, x: float, y: float, r: float) -> None:
    """A prohibition ring around a flame."""
    c.disc(x, y, r, WHITE)
    flame(c, x, y + r * 0.5, r * 1.05)
    c.arc(x, y, r, (0, 360), RED, r * 0.16)
    d = r * 0.66
    c.line([(x - d, y - d), (x + d, y + d)], RED, r * 0.15)


def phone(c: Canvas, x: float, y: float, s: float, fill: Colour = WHITE) -> None:
    """A telephone receiver around (x, y)."""
    c.arc(x, y, s * 0.62, (25, 155), fill, s * 0.26)
    for sign in (-1, 1):
        c.rect(x + sign * s * 0.52 - s * 0.2, y + s * 0.04, s * 0.4, s * 0.28, fill, s * 0.1)


def pin(c: Canvas, x: float, y: float, s: float, fill: Colour) -> None:
    """A place marker whose tip is (x, y)."""
    c.poly([(x, y), (x - s * 0.36, y - s * 0.56), (x + s * 0.36, y - s * 0.56)], fill)
    c.disc(x, y - s * 0.66, s * 0.38, fill)
    c.disc(x, y - s * 0.66, s * 0.15, WHITE)


def wheel(c: Canvas, x: float, y: float, r: float) -> None:
    c.disc(x, y, r, INK)
    c.disc(x, y, r * 0.55, GREY)
    c.disc(x, y, r * 0.2, INK)


def car(c: Canvas, x: float, y: float, s: float, fill: Colour) -> None:
    """A car seen from the side, standing on y, `s` long, from x."""
    roof = [(x + s * 0.2, y - s * 0.3), (x + s * 0.32, y - s * 0.47)]
    c.poly([*roof, (x + s * 0.66, y - s * 0.47), (x + s * 0.82, y - s * 0.3)], mix(fill, INK, 0.25))
    c.rect(x, y - s * 0.32, s, s * 0.22, fill, s * 0.07)
    c.rect(x + s * 0.36, y - s * 0.43, s * 0.13, s * 0.12, mix(BLUE, WHITE, 0.6), 3)
    c.rect(x + s * 0.52, y - s * 0.43, s * 0.15, s * 0.12, mix(BLUE, WHITE, 0.6), 3)
    for k in (0.22, 0.78):
        wheel(c, x + s * k, y - s * 0.1, s * 0.1)


def cone(c: Canvas, x: float, y: float, s: float) -> None:
    """A traffic cone standing on (x, y)."""
    c.poly([(x, y - s), (x - s * 0.3, y), (x + s * 0.3, y)], ORANGE)
    c.poly(
        [
            (x - s * 0.1, y - s * 0.66),
            (x + s * 0.1, y - s * 0.66),
            (x + s * 0.18, y - s * 0.4),
            (x - s * 0.18, y - s * 0.4),
        ],
        WHITE,
    )
    c.rect(x - s * 0.42, y - s * 0.08, s * 0.84, s * 0.1, mix(ORANGE, INK, 0.25), 3)


def gas_bottle(c: Canvas, x: float, y: float, s: float, fill: Colour = STONE) -> None:
    """A gas cylinder standing on (x, y)."""
    c.rect(x - s * 0.08, y - s, s * 0.16, s * 0.2, INK, 3)
    c.arc(x, y - s * 0.88, s * 0.17, (180, 360), INK, s * 0.05)
    c.rect(x - s * 0.26, y - s * 0.82, s * 0.52, s * 0.8, fill, s * 0.18)
    c.rect(x - s * 0.17, y - s * 0.74, s * 0.08, s * 0.6, mix(fill, WHITE, 0.35), 6)


def fan(c: Canvas, x: float, y: float, r: float, fill: Colour = BLUE) -> None:
    c.disc(x, y, r, mix(fill, WHITE, 0.75))
    for k in range(4):
        a = math.pi / 2 * k + 0.4
        tip = (x + r * 0.5 * math.cos(a), y + r * 0.5 * math.sin(a))
        c.disc(*tip, r * 0.3, fill)
    c.disc(x, y, r * 0.2, NAVY)
    c.arc(x, y, r, (0, 360), NAVY, r * 0.09)


def detector(c: Canvas, x: float, y: float, r: float, light: Colour) -> None:
    """A round alarm on the wall."""
    c.disc(x, y + r * 0.08, r * 1.02, mix(GREY, WHITE, 0.2))
    c.disc(x, y, r, WHITE)
    c.arc(x, y, r * 0.68, (0, 360), mix(GREY, WHITE, 0.4), r * 0.08)
    c.disc(x, y, r * 0.24, light)
    c.disc(x - r * 0.07, y - r * 0.08, r * 0.07, WHITE)


def lantern(c: Canvas, x: float, y: float, r: float) -> None:
    """A red lantern hanging from (x, y)."""
    c.line([(x, y), (x, y + r * 0.6)], INK, 2)
    c.rect(x - r * 0.4, y + r * 0.5, r * 0.8, r * 0.22, YELLOW, 3)
    c.disc(x, y + r * 1.5, r, RED, r * 0.9)
    c.disc(x, y + r * 1.5, r * 0.5, mix(RED, YELLOW, 0.3), r * 0.9)
    c.rect(x - r * 0.4, y + r * 2.28, r * 0.8, r * 0.22, YELLOW, 3)
    c.line([(x, y + r * 2.5), (x, y + r * 3.1)], YELLOW, 4)


def leaf_canopy(c: Canvas, x: float, y: float, r: float, fill: Colour = LEAF) -> None:
    """A round-crowned tree standing on (x, y)."""
    c.rect(x - r * 0.1, y - r * 0.9, r * 0.2, r * 0.9, WOOD)
    for dx, dy, k in ((-0.5, -1.0, 0.62), (0.5, -1.05, 0.62), (0, -1.5, 0.75)):
        c.disc(x + dx * r, y + dy * r, r * k, mix(fill, WHITE, 0.08 * (dy < -1.2)))
