"""Public occasions: a market of stalls, a stage, a fire engine on show."""

from demo import icons
from demo.canvas import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NAVY,
    ORANGE,
    RED,
    STONE,
    TEAL,
    WHITE,
    WINE,
    WOOD,
    YELLOW,
    Canvas,
    mix,
)


def market() -> Canvas:
    c = Canvas("#cfe9f5", "#fdf6e8")
    for x, h in ((0, 190), (200, 150), (420, 200), (640, 160), (860, 190)):
        c.rect(x, 260 - h, 190, h + 60, "#d8cbb7")
        c.poly([(x - 10, 264 - h), (x + 95, 214 - h), (x + 200, 264 - h)], "#8d6b58")
    c.poly([(0, 320), (1080, 320), (1080, 608), (0, 608)], "#e3d6bd")
    tints = (RED, TEAL, ORANGE, BLUE, GREEN, YELLOW, NAVY, WINE)
    for row in range(2):
        for k in range(4):
            _booth(c, 40 + 262 * k, 276 + 170 * row, tints[row * 4 + k], row * 4 + k)
    for x, y, tint in (
        (270, 590, TEAL),
        (540, 596, ORANGE),
        (800, 590, NAVY),
        (530, 440, WINE),
        (266, 436, BLUE),
    ):
        icons.person(c, x, y, 104, tint)
    return c


def _booth(c: Canvas, x: float, y: float, tint: str, kind: int) -> None:
    c.rect(x + 8, y + 40, 8, 96, STONE)
    c.rect(x + 194, y + 40, 8, 96, STONE)
    for k in range(7):
        c.rect(x + 30 * k, y, 30, 48, tint if k % 2 == 0 else WHITE, 4)
    c.rect(x + 4, y + 96, 202, 44, mix(tint, WHITE, 0.6), 6)
    cx, cy = x + 104, y + 76
    if kind % 3 == 0:
        c.arc(cx - 12, cy, 16, (0, 360), WOOD, 6)
        c.arc(cx + 12, cy, 16, (0, 360), WOOD, 6)
    elif kind % 3 == 1:
        c.rect(cx - 12, cy - 24, 24, 46, WHITE, 4)
        c.rect(cx - 12, cy, 24, 22, BLUE, 4)
        c.rect(cx - 14, cy - 8, 28, 3, RED)
    else:
        c.poly([(cx - 26, cy - 8), (cx - 26, cy + 8), (cx + 18, cy + 24), (cx + 18, cy - 24)], INK)


def stage() -> Canvas:
    c = Canvas("#d9e8f4", "#f5ede0")
    c.rect(120, 60, 840, 300, RED, 10)
    c.rect(140, 80, 800, 260, WINE, 6)
    for r, tint in ((130, "#a43636"), (92, "#b94a3f")):
        c.disc(540, 210, r, tint)
    icons.flame(c, 540, 290, 160)
    c.rect(60, 360, 960, 60, "#b98a5a")
    c.rect(60, 360, 960, 10, "#d4a873")
    tints = (YELLOW, BLUE, TEAL, ORANGE, GREEN, NAVY)
    for i, tint in enumerate(tints):
        x = 200 + 76 * i + (300 if i > 2 else 0)
        icons.person(c, x, 366, 130 if i != 5 else 96, tint)
    c.rect(440, 296, 200, 70, "#efe2c8", 8)
    c.line([(180, 300), (910, 300)], "#d9b24a", 10)
    c.disc(180, 300, 13, YELLOW)
    c.disc(910, 300, 13, YELLOW)
    for row, tint in enumerate(("#5d6d7e", "#435263", "#2c3846")):
        for k in range(14):
            x = 20 + 80 * k + 34 * (row % 2)
            c.disc(x, 460 + 56 * row, 25, tint)
            c.rect(x - 36, 484 + 56 * row, 72, 120, tint, 26)
    return c


def fire_engine() -> Canvas:
    c = Canvas("#cfe4f2", "#f3efe6")
    icons.ridge(c, [(0, 330), (300, 290), (620, 330), (1080, 280)], "#bcd3c2")
    c.rect(0, 490, 1080, 118, "#8e979e")
    c.rect(0, 540, 1080, 8, "#d8dde0")
    c.rect(110, 250, 520, 220, RED, 12)
    c.rect(630, 210, 190, 260, RED, 22)
    c.rect(672, 238, 126, 96, "#bfe0f4", 10)
    c.rect(110, 380, 710, 20, WHITE)
    c.rect(110, 404, 710, 8, YELLOW)
    for k in range(3):
        c.rect(136 + 160 * k, 274, 140, 92, mix(RED, INK, 0.18), 6)
        for j in range(5):
            c.rect(144 + 160 * k, 284 + 16 * j, 124, 5, mix(RED, INK, 0.32))
    c.rect(90, 212, 560, 12, GREY, 5)
    c.rect(90, 236, 560, 10, GREY, 5)
    for x in range(110, 640, 44):
        c.rect(x, 212, 8, 34, GREY)
    c.rect(700, 184, 60, 26, BLUE, 10)
    c.rect(660, 448, 170, 30, STONE, 8)
    for x in (210, 360, 720):
        icons.wheel(c, x, 480, 52)
    icons.person(c, 930, 546, 170, TEAL)
    icons.helmet(c, 930, 402, 29, YELLOW)
    return c
