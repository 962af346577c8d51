"""Flat panels: icon grids, steps, speech bubbles."""

from collections.abc import Callable

from demo import icons
from demo.canvas import (
    BLUE,
    CREAM,
    GREEN,
    GREY,
    INK,
    NAVY,
    ORANGE,
    RED,
    SKY,
    STONE,
    TEAL,
    WHITE,
    YELLOW,
    Canvas,
    mix,
    smooth,
)

Figure = Callable[[Canvas, float, float], None]


def six_things() -> Canvas:
    """Zebra crossing, helmet, lifebuoy, satchel, stairs, receiver."""
    c = Canvas("#fff6e3", "#fdebd0")
    tints = ("#3f7fc4", "#ef8636", "#1b9e95", "#d6453a", "#2f9e5b", "#5b5fa8")
    figures: tuple[Figure, ...] = (_zebra, _helmet, _buoy, _satchel, _stairs, _receiver)
    for i, (tint, figure) in enumerate(zip(tints, figures, strict=True)):
        x, y = 60 + 330 * (i % 3), 44 + 270 * (i // 3)
        c.card(x, y, 300, 240, tint)
        c.disc(x + 150, y + 120, 92, mix(tint, WHITE, 0.18))
        figure(c, x + 150, y + 120)
    return c


def _zebra(c: Canvas, x: float, y: float) -> None:
    for k in range(5):
        c.rect(x - 70 + k * 30, y - 10, 18, 72, WHITE, 3)
    icons.person(c, x, y + 40, 104, YELLOW)


def _helmet(c: Canvas, x: float, y: float) -> None:
    icons.helmet(c, x, y + 24, 62, WHITE)
    c.line([(x - 46, y + 38), (x - 18, y + 72), (x + 18, y + 72), (x + 46, y + 38)], WHITE, 7)


def _buoy(c: Canvas, x: float, y: float) -> None:
    c.arc(x, y, 64, (0, 360), WHITE, 30)
    for start in (20, 110, 200, 290):
        c.arc(x, y, 64, (start, start + 50), RED, 30)
    for k in (-1, 1):
        c.line(
            smooth([(x - 84, y + 84), (x - 40, y + 74), (x, y + 84), (x + 84 * k, y + 76)]),
            WHITE,
            6,
        )


def _satchel(c: Canvas, x: float, y: float) -> None:
    c.arc(x, y - 52, 26, (180, 360), WHITE, 9)
    c.rect(x - 58, y - 52, 116, 118, WHITE, 26)
    c.rect(x - 38, y + 4, 76, 44, "#f3b1aa", 10)
    c.rect(x - 8, y - 4, 16, 26, INK, 5)


def _stairs(c: Canvas, x: float, y: float) -> None:
    for k in range(4):
        c.rect(x - 74 + k * 36, y - 20 + k * 22, 40, 88 - k * 22, WHITE)
    c.arrow([(x - 50, y - 62), (x + 62, y + 2)], YELLOW, 13)


def _receiver(c: Canvas, x: float, y: float) -> None:
    icons.phone(c, x, y - 6, 92)
    for r in (24, 44):
        c.arc(x, y - 24, r, (215, 325), WHITE, 7)


def three_steps() -> Canvas:
    """Ventilate, measure, work on a rope."""
    c = Canvas("#e9f2f8", "#d5e5ef")
    for i in range(3):
        c.card(60 + 340 * i, 110, 280, 388)
        c.rect(100 + 340 * i, 456, 200, 12, (BLUE, YELLOW, GREEN)[i], 6)
    icons.fan(c, 200, 280, 92)
    for k in range(3):
        c.line(
            smooth(
                [(130, 400 + 16 * k), (180, 392 + 16 * k), (230, 404 + 16 * k), (280, 396 + 16 * k)]
            ),
            SKY,
            6,
        )
    c.rect(470, 170, 140, 220, YELLOW, 24)
    c.rect(494, 196, 92, 64, NAVY, 8)
    c.line([(504, 240), (524, 222), (544, 236), (574, 208)], "#6ee0a0", 5)
    for k in range(4):
        c.disc(510 + 60 * (k % 2), 300 + 46 * (k // 2), 15, mix(YELLOW, INK, 0.35))
    c.rect(530, 390, 20, 44, STONE, 8)
    c.line([(880, 140), (880, 300)], ORANGE, 8)
    c.rect(820, 132, 120, 14, STONE, 7)
    icons.person(c, 880, 436, 190, GREEN)
    icons.helmet(c, 880, 272, 30)
    for x in (346, 686):
        c.arrow([(x, 304), (x + 50, 304)], NAVY, 16)
    return c


def bubbles() -> Canvas:
    """Five questions in speech bubbles."""
    c = Canvas("#eaf4f4", "#d2e7e6")
    places = (
        (190, 190, 132, BLUE),
        (470, 150, 104, ORANGE),
        (760, 200, 142, TEAL),
        (350, 420, 124, RED),
        (640, 436, 110, NAVY),
    )
    figures: tuple[Figure, ...] = (_bottle, _signal, _home, _crowd, _shield)
    for (x, y, r, tint), figure in zip(places, figures, strict=True):
        c.poly(
            [(x - r * 0.7, y + r * 0.3), (x - r * 0.1, y + r * 0.6), (x - r * 0.8, y + r * 1.12)],
            tint,
        )
        c.disc(x, y, r * 1.06, tint, r * 0.86)
        figure(c, x, y)
    return c


def _bottle(c: Canvas, x: float, y: float) -> None:
    icons.gas_bottle(c, x, y + 66, 132, GREY)


def _signal(c: Canvas, x: float, y: float) -> None:
    for k in range(4):
        c.rect(x - 50 + k * 28, y + 40 - (k + 1) * 22, 18, (k + 1) * 22, WHITE, 4)


def _home(c: Canvas, x: float, y: float) -> None:
    icons.house(c, x - 52, y + 60, 104)


def _crowd(c: Canvas, x: float, y: float) -> None:
    for dx, tint in ((-46, CREAM), (46, CREAM), (0, WHITE)):
        icons.person(c, x + dx, y + (66 if not dx else 56), 118 if not dx else 100, tint)


def _shield(c: Canvas, x: float, y: float) -> None:
    c.poly(
        [
            (x - 46, y - 50),
            (x, y - 66),
            (x + 46, y - 50),
            (x + 40, y + 16),
            (x, y + 62),
            (x - 40, y + 16),
        ],
        WHITE,
    )
    icons.tick(c, x, y - 6, 30, GREEN)
