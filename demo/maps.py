"""Maps and plans from above; the county outlines are invented."""

from collections.abc import Mapping, Sequence

from demo import icons
from demo.canvas import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LIME,
    MIST,
    NAVY,
    ORANGE,
    PAPER,
    RED,
    SAND,
    SKY,
    STONE,
    TEAL,
    WHITE,
    YELLOW,
    Canvas,
    Colour,
    Point,
    mix,
    smooth,
)

LAND = "#dfe5ea"
COUNTIES: Mapping[str, tuple[tuple[Point, ...], Point]] = {
    "wangling": (
        ((150, 250), (190, 130), (330, 70), (440, 96), (430, 240), (330, 300)),
        (300, 190),
    ),
    "qingyu": (((440, 96), (560, 50), (720, 74), (760, 190), (600, 250), (430, 240)), (590, 155)),
    "shihe": (((150, 250), (330, 300), (350, 430), (260, 510), (140, 440), (110, 330)), (235, 375)),
    "lancheng": (
        ((330, 300), (430, 240), (600, 250), (590, 380), (460, 430), (350, 430)),
        (470, 335),
    ),
    "yunlu": (((600, 250), (760, 190), (900, 230), (910, 360), (760, 410), (590, 380)), (750, 300)),
    "baichuan": (
        ((260, 510), (350, 430), (460, 430), (590, 380), (760, 410), (740, 520), (520, 560)),
        (540, 480),
    ),
}
"""Outline and centre of the six counties and districts of the fictional city."""

SHELTERS = (
    (430, 300, 21), (510, 360, 16), (720, 270, 13), (820, 320, 9), (560, 120, 7), (650, 190, 3),
    (480, 490, 10), (620, 460, 5), (230, 340, 6), (260, 450, 3), (280, 150, 5), (370, 220, 2),
)  # fmt: skip
"""Place and capacity in thousands of the twelve shelters."""


def county_map(chosen: Sequence[str] = (), colour: Colour = LAND, mark: str = "") -> Canvas:
    """The city's six counties, some coloured, with the river and a mark in each coloured one."""
    c = Canvas("#eef4f9", "#dfeaf3")
    c.card(60, 26, 960, 556, WHITE)
    for name, (outline, _) in COUNTIES.items():
        c.poly([(x + 34, y + 7) for x, y in outline], mix(LAND, INK, 0.12))
        c.poly([(x + 30, y) for x, y in outline], colour if name in chosen else LAND)
        c.line([(x + 30, y) for x, y in (*outline, outline[0])], WHITE, 5)
    river = [(140, 300), (260, 330), (400, 290), (520, 330), (660, 310), (800, 360), (940, 330)]
    c.line(smooth([(x + 30, y) for x, y in river]), "#6fb1e4", 10)
    for name in chosen:
        _mark(c, mark, COUNTIES[name][1])
    _legend(c, colour)
    return c


def _mark(c: Canvas, mark: str, centre: Point) -> None:
    x, y = centre[0] + 30, centre[1] - 8
    if mark == "flame":
        icons.flame(c, x, y + 30, 58, RED)
    elif mark == "rain":
        for dx in (-30, 0, 30):
            icons.drop(c, x + dx, y + (14 if dx else -6), 18, NAVY)
    elif mark == "triangle":
        icons.triangle(c, x, y, 27, WHITE)


def _legend(c: Canvas, colour: Colour) -> None:
    for i, tint in enumerate((colour, LAND, "#6fb1e4")):
        c.rect(880, 444 + i * 36, 34, 20, tint, 5)
        c.rect(926, 449 + i * 36, 60 - 10 * i, 10, MIST, 5)


def shelter_map() -> Canvas:
    c = county_map((), GREEN)
    for x, y, size in SHELTERS:
        r = 9 + 1.15 * size
        c.disc(x + 30, y, r + 5, WHITE)
        c.disc(x + 30, y, r, GREEN)
        c.disc(x + 30, y, r * 0.34, WHITE)
    return c


def floor_plan() -> Canvas:
    """Six classrooms along a corridor; the left staircase is closed."""
    c = Canvas(PAPER, "#e6eef5")
    c.card(60, 40, 960, 528)
    c.rect(110, 250, 860, 108, "#eef3f7", 8)
    for i in range(6):
        x, y = 230 + 214 * (i % 3), 80 if i < 3 else 358
        c.rect(x, y, 196, 170, "#d6e6f6", 8)
        for k in range(6):
            c.rect(x + 26 + 52 * (k % 3), y + 34 + 56 * (k // 3), 36, 24, WHITE, 5)
        door = x + 98
        c.arrow([(door, 226 if i < 3 else 384), (door, 290 if i < 3 else 318)], GREEN, 9)
    for x in (110, 880):
        for k in range(6):
            c.rect(x + k * 15, 90 + k * 2, 11, 150, GREY, 3)
    c.arrow([(240, 304), (910, 304), (910, 240)], GREEN, 14)
    icons.cross(c, 152, 172, 46)
    c.rect(168, 262, 8, 84, RED, 4)
    return c


def playground() -> Canvas:
    """A sports ground from above: the school, a lawn, the track, classes in blocks."""
    c = Canvas("#a9d8a2", "#93cb8d")
    c.rect(40, 40, 170, 528, SAND, 10)
    for k in range(6):
        c.rect(70, 66 + k * 84, 110, 58, mix(SKY, BLUE, 0.25), 8)
    c.rect(330, 60, 690, 488, "#c9573f", 230)
    for k in range(1, 4):
        inset = 18 * k
        c.rect(
            330 + inset - 2, 58 + inset, 694 - 2 * inset, 492 - 2 * inset, "#f1d9cf", 226 - inset
        )
        c.rect(330 + inset, 60 + inset, 690 - 2 * inset, 488 - 2 * inset, "#c9573f", 226 - inset)
    c.rect(400, 130, 550, 348, LIME, 160)
    tints = (BLUE, ORANGE, TEAL, YELLOW, RED, NAVY, GREEN, STONE)
    for i, tint in enumerate(tints):
        x, y = 470 + 108 * (i % 4), 200 + 118 * (i // 4)
        for k in range(20):
            c.disc(x + 20 * (k % 4), y + 20 * (k // 4), 7, tint)
    for y in (190, 304, 418):
        c.arrow([(222, y), (318, y)], WHITE, 11)
    return c
