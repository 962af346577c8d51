"""Houses cut open."""

from demo import icons
from demo.canvas import (
    GREEN,
    GREY,
    INK,
    MIST,
    NAVY,
    ORANGE,
    RED,
    SAND,
    STONE,
    WHITE,
    WOOD,
    YELLOW,
    Canvas,
)


def stove_house(night: bool) -> Canvas:
    """A house cut open: a stove, a window ajar, an alarm; `night` fills it with grey gas."""
    c = Canvas("#15233f", "#33456b") if night else Canvas("#3d5273", "#a9bccf")
    for i in range(40):
        c.disc((i * 167) % 1080, (i * 89) % 470, 1.6 if night else 4, "#dfe8f5")
    c.rect(0, 520, 1080, 88, "#26324a" if night else "#f1f5f9")
    c.poly([(200, 210), (540, 50), (880, 210)], "#7a3f35" if night else "#eef3f7")
    c.poly([(226, 216), (540, 72), (854, 216)], "#8f4a3e")
    c.rect(240, 210, 600, 320, "#f6e3bd")
    c.rect(240, 514, 600, 20, WOOD)
    c.rect(690, 60, 40, 340, "#59626c")
    c.rect(680, 50, 60, 16, INK, 4)
    c.rect(640, 400, 140, 116, "#3f474f", 12)
    c.rect(664, 430, 92, 60, INK, 8)
    icons.flame(c, 710, 486, 50)
    c.rect(300, 270, 130, 110, NAVY, 4)
    c.rect(308, 278, 50, 94, "#7ea3cf")
    c.poly([(366, 278), (404, 290), (404, 386), (366, 372)], "#a8c6e4")
    c.rect(270, 440, 230, 76, "#c96f5a", 14)
    c.rect(270, 426, 70, 40, WHITE, 12)
    c.rect(262, 420, 12, 100, WOOD)
    if night:
        for k in range(9):
            c.disc(560 + (k * 41) % 230, 250 + (k * 37) % 120, 25 + 5 * (k % 3), "#c9bfa8")
        for r in (58, 78):
            c.arc(560, 300, r, (200, 340), RED, 6)
    icons.detector(c, 560, 300, 38, RED if night else GREEN)
    if not night:
        for x, y in ((710, 120), (640, 420), (420, 256), (596, 262), (480, 430)):
            c.disc(x, y, 17, ORANGE)
            c.disc(x, y, 8, WHITE)
    return c


def four_rooms() -> Canvas:
    c = Canvas("#14223d", "#3a4a70")
    for i in range(30):
        c.disc((i * 191) % 1080, (i * 67) % 200, 1.8, "#dfe8f5")
    c.rect(0, 556, 1080, 52, "#202c44")
    c.poly([(210, 110), (540, 30), (870, 110)], "#7a3f35")
    c.rect(230, 108, 620, 450, "#e8dcc6")
    for i, tint in enumerate(("#fdf0d2", "#f4e7d8", "#efe3f0", "#e6efe2")):
        x, y = 246 + 300 * (i % 2), 124 + 216 * (i // 2)
        c.rect(x, y, 288, 202, tint, 4)
        icons.tick(c, x + 250, y + 40, 25)
    c.rect(270, 262, 170, 62, GREY, 5)
    c.rect(290, 254, 60, 10, INK, 4)
    c.rect(296, 220, 48, 36, STONE, 8)
    c.rect(580, 190, 130, 78, INK, 6)
    c.rect(570, 280, 170, 42, WOOD, 5)
    c.rect(270, 476, 190, 58, "#8fa7d4", 10)
    c.rect(270, 460, 60, 30, WHITE, 8)
    c.rect(258, 446, 12, 92, WOOD)
    c.rect(620, 384, 100, 156, "#a86f43", 4)
    c.disc(706, 462, 7, YELLOW)
    c.rect(740, 506, 60, 30, SAND, 8)
    c.rect(570, 520, 40, 20, MIST, 6)
    return c
