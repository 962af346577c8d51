"""Charts and calendars; the figures are those of the posts."""

import math
from collections.abc import Mapping, Sequence

from demo import icons
from demo.canvas import (
    BLUE,
    GREY,
    INK,
    MIST,
    NAVY,
    ORANGE,
    RED,
    STONE,
    TEAL,
    WHITE,
    Canvas,
    Colour,
    mix,
    smooth,
)


def _frame(lines: int = 5) -> Canvas:
    c = Canvas("#eef4f9", "#e2ebf3")
    c.card(60, 30, 960, 548)
    for i in range(lines):
        c.rect(120, 110 + i * 90, 840, 2, MIST)
    return c


def columns(values: Sequence[float], colours: Sequence[Colour]) -> Canvas:
    """Upright columns with a small plate at each foot."""
    c, top = _frame(), max(values)
    gap = 840 / len(values)
    for i, (value, colour) in enumerate(zip(values, colours, strict=True)):
        x, h = 120 + gap * i + gap * 0.25, 350 * value / top
        c.rect(x, 472 - h, gap * 0.5, h, colour, 10)
        c.rect(x, 460, gap * 0.5, 12, colour)
        c.rect(x + gap * 0.1, 496, gap * 0.3, 14, mix(colour, WHITE, 0.45), 7)
    c.rect(110, 470, 860, 4, STONE)
    return c


def bars(
    values: Sequence[float], colours: Sequence[Colour], shadow: Sequence[float] = ()
) -> Canvas:
    """Lying bars; `shadow` draws an earlier value behind each."""
    c, gap = _frame(0), 480 / len(values)
    top = max(*values, *shadow) if shadow else max(values)
    c.rect(236, 66, 3, 476, GREY)
    for i, (value, colour) in enumerate(zip(values, colours, strict=True)):
        y = 66 + gap * i + gap * 0.16
        c.rect(116, y + gap * 0.22, 100, 16, MIST, 8)
        if shadow:
            c.rect(240, y, 680 * shadow[i] / top, gap * 0.3, "#c4ced8", 6)
            y += gap * 0.34
        c.rect(240, y, 680 * value / top, gap * (0.36 if shadow else 0.6), colour, 8)
    return c


def trend(levels: Sequence[float], limit: float | None, zero: float | None, sky: bool) -> Canvas:
    """A line over time, 0–1 upwards, with a dashed limit or a zero line."""
    c = Canvas("#fde7cf", "#d8e9fb") if sky else _frame()
    left, right, low, high = 140, 940, 490, 110
    step = (right - left) / (len(levels) - 1)
    points = [(left + i * step, low - v * (low - high)) for i, v in enumerate(levels)]
    curve = smooth(points)
    tint = "#f9f3ec" if sky else "#dcecfb"
    c.poly([*curve, (right, low + 30), (left, low + 30)], tint)
    for share, colour in ((limit, RED), (zero, NAVY)):
        if share is not None:
            y = low - share * (low - high)
            c.dashes((left - 20, y), (right + 30, y), colour, 5, 30)
    c.line(curve, BLUE, 8)
    for x, y in points if sky else points[-1:]:
        c.disc(x, y, 15, WHITE)
        c.disc(x, y, 10, BLUE if sky else ORANGE)
    c.rect(left - 20, low + 30, right - left + 50, 4, STONE)
    return c


def rings(shares: Sequence[float], colours: Sequence[Colour]) -> Canvas:
    """Ring gauges side by side, each with a little figure inside."""
    c = _frame(0)
    for i, (share, colour) in enumerate(zip(shares, colours, strict=True)):
        x = 230 + 310 * i
        c.arc(x, 280, 118, (0, 360), MIST, 34)
        c.arc(x, 280, 118, (-90, -90 + 360 * share), colour, 34)
        (_way, _officer, _bag)[i](c, x, 280, colour)
        c.rect(x - 60, 450, 120, 18, mix(colour, WHITE, 0.5), 9)
        c.rect(x - 40, 482, 80, 12, MIST, 6)
    return c


def _way(c: Canvas, x: float, y: float, colour: Colour) -> None:
    c.arrow([(x - 34, y + 40), (x - 34, y), (x + 34, y), (x + 34, y - 44)], colour, 13)


def _officer(c: Canvas, x: float, y: float, colour: Colour) -> None:
    icons.person(c, x, y + 56, 112, colour)


def _bag(c: Canvas, x: float, y: float, colour: Colour) -> None:
    c.arc(x, y - 34, 20, (180, 360), INK, 7)
    c.rect(x - 42, y - 32, 84, 84, colour, 18)
    c.rect(x - 28, y + 6, 56, 32, mix(colour, WHITE, 0.4), 8)


def season_wheel() -> Canvas:
    """Twelve months; November to April from pale to deep orange, the rest green."""
    c = Canvas("#fdf6ec", "#f3ecdf")
    heat = [mix("#f6c79b", "#d2472c", k / 5) for k in (3, 4, 5, 5)]
    tints = [heat[0], heat[1], heat[2], heat[3], *("#9ccf9f",) * 6, "#f8d3ac", "#f2a96f"]
    for month, tint in enumerate(tints):
        start = -90 + 30 * month
        c.arc(540, 304, 250, (start + 1.2, start + 28.8), tint, 104)
        a = math.radians(start + 15)
        c.disc(540 + 198 * math.cos(a), 304 + 198 * math.sin(a), 9, WHITE)
    c.disc(540, 304, 128, WHITE)
    icons.leaf_canopy(c, 490, 372, 66, "#4f9d5d")
    icons.flame(c, 592, 374, 116)
    return c


def two_months(red: Mapping[int, Sequence[int]], blue: Mapping[int, Sequence[int]]) -> Canvas:
    """September and October 2026 as grids, weeks from Monday."""
    c = Canvas("#eef4f9", "#dde8f2")
    for i, (month, first, days) in enumerate(((9, 1, 30), (10, 3, 31))):
        x0 = 60 + 490 * i
        c.card(x0, 60, 470, 488)
        c.rect(x0, 60, 470, 70, (TEAL, NAVY)[i], 22)
        c.rect(x0, 100, 470, 30, (TEAL, NAVY)[i])
        for ring in (110, 360):
            c.rect(x0 + ring - 8, 40, 16, 46, STONE, 8)
        for day in range(1, days + 1):
            row, column = divmod(first + day - 1, 7)
            tint = RED if day in red[month] else BLUE if day in blue[month] else MIST
            c.rect(x0 + 28 + column * 60, 156 + row * 76, 50, 58, tint, 12)
            c.rect(x0 + 43 + column * 60, 180 + row * 76, 20, 8, WHITE, 4)
    return c
