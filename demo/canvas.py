"""A small drawing surface: logical points in, an antialiased picture out.

Shapes and colour only. No text is drawn, so no font is needed and the same code gives the same
picture everywhere. Points are (x, y) in logical units, the origin at the top left.
"""

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

Point = tuple[float, float]
Colour = str

WIDTH, HEIGHT = 1080, 608
SCALE = 3
"""Drawn this much larger, then reduced: that is the antialiasing."""

INK, NAVY, BLUE, SKY = "#22313f", "#14375e", "#2f7fd1", "#cfe3f7"
TEAL, GREEN, LEAF, LIME = "#1b9e95", "#2f9e5b", "#1f7a46", "#bfe3c0"
YELLOW, ORANGE, RED, WINE = "#f4c542", "#ef8636", "#d6453a", "#8f2a2a"
WHITE, PAPER, MIST, GREY, STONE = "#ffffff", "#f5f8fb", "#e4eaf0", "#b5c0cb", "#77838f"
SAND, WOOD, SKIN, CREAM = "#ead9b8", "#a9743f", "#f2c9a1", "#fdf3df"


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` (0–1) of the way from one ``#rrggbb`` to another."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: Colour) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        curve.extend(_segment(a, b, c, d, i / steps) for i in range(steps))
    return [*curve, points[-1]]


def _segment(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    def axis(p: float, q: float, r: float, s: float) -> float:
        linear, square, cube = r - p, 2 * p - 5 * q + 4 * r - s, 3 * q - p - 3 * r + s
        return 0.5 * (2 * q + linear * t + square * t * t + cube * t**3)

    return axis(a[0], b[0], c[0], d[0]), axis(a[1], b[1], c[1], d[1])


class Canvas:
    """One picture in the making."""

    def __init__(self, top: Colour, bottom: Colour | None = None) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), top)
        self.pen = ImageDraw.Draw(self.image)
        if bottom:
            self.fade(0, HEIGHT, top, bottom)

    def fade(self, start: float, end: float, top: Colour, bottom: Colour) -> None:
        """A vertical gradient in bands of four units: smooth to the eye, small on disk."""
        for y in range(int(start), int(end), 4):
            colour = mix(top, bottom, (y - start) / (end - start))
            self.rect(0, y, WIDTH, 4, colour)

    def rect(self, x: float, y: float, w: float, h: float, fill: Colour, r: float = 0) -> None:
        box = tuple(round(v * SCALE) for v in (x, y, x + w, y + h))
        self.pen.rounded_rectangle(box, r * SCALE, fill)

    def disc(self, x: float, y: float, r: float, fill: Colour, ry: float | None = None) -> None:
        ry = r if ry is None else ry
        box = tuple(v * SCALE for v in (x - r, y - ry, x + r, y + ry))
        self.pen.ellipse(box, fill)

    def poly(self, points: Sequence[Point], fill: Colour) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float = 4) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill, round(width * SCALE), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2, fill)

    def dashes(self, a: Point, b: Point, fill: Colour, width: float = 4, step: float = 22) -> None:
        count = max(1, int(math.dist(a, b) / step))
        for i in range(count):
            s, e = i / count, (i + 0.55) / count
            self.line([_between(a, b, s), _between(a, b, e)], fill, width)

    def arc(
        self, x: float, y: float, r: float, span: tuple[float, float], fill: Colour, width: float
    ) -> None:
        """Part of a ring, in degrees clockwise from three o'clock."""
        box = tuple(v * SCALE for v in (x - r, y - r, x + r, y + r))
        self.pen.arc(box, *span, fill, round(width * SCALE))

    def arrow(self, points: Sequence[Point], fill: Colour, width: float = 14) -> None:
        """A line with a head at its last point."""
        (x0, y0), (x1, y1) = points[-2], points[-1]
        angle, head = math.atan2(y1 - y0, x1 - x0), width * 2.1
        neck = (x1 - head * 0.8 * math.cos(angle), y1 - head * 0.8 * math.sin(angle))
        self.line([*points[:-1], neck], fill, width)
        wings = [
            (x1 - head * math.cos(angle + s), y1 - head * math.sin(angle + s)) for s in (-0.6, 0.6)
        ]
        self.poly([(x1, y1), *wings], fill)

    def card(self, x: float, y: float, w: float, h: float, fill: Colour = WHITE) -> None:
        """A panel with a soft edge below."""
        self.rect(x + 2, y + 6, w, h, mix(fill, "#8fa3b8", 0.38), 22)
        self.rect(x, y, w, h, fill, 22)

    def save(self, path: Path) -> None:
        """Reduce and write a PNG, full colour so that edges stay smooth."""
        path.parent.mkdir(parents=True, exist_ok=True)
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.save(path, "PNG", optimize=True)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
