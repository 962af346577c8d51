"""Scenes under a roof or below ground: stores, kitchens, corridors, shafts."""

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
    WOOD,
    YELLOW,
    Canvas,
    mix,
    smooth,
)


def warehouse() -> Canvas:
    c = Canvas("#e6edf2", "#d3dde4")
    c.poly([(0, 70), (540, 10), (1080, 70), (1080, 100), (0, 100)], "#9fb0bd")
    for x in range(40, 1080, 170):
        c.rect(x, 100, 10, 410, "#c2cdd5")
    c.rect(0, 508, 1080, 100, "#b7b1a4")
    for bay in range(2):
        x0 = 60 + 290 * bay
        for level in range(3):
            y = 190 + 110 * level
            for k in range(4):
                tint = BLUE if (k + level + bay) % 2 else ORANGE
                c.rect(x0 + 14 + 62 * k, y, 54, 74, mix(tint, WHITE, 0.12), 5)
                c.rect(x0 + 34 + 62 * k, y, 14, 74, mix(tint, WHITE, 0.5))
            c.rect(x0, y + 74, 270, 10, NAVY, 3)
        for x in (x0, x0 + 260):
            c.rect(x, 160, 10, 356, NAVY)
    c.rect(690, 180, 350, 330, "#f6f9fb", 6)
    c.rect(750, 230, 210, 210, GREEN, 8)
    c.rect(962, 290, 80, 150, mix(GREEN, WHITE, 0.2), 14)
    c.rect(976, 304, 58, 56, "#cfe8f6", 6)
    c.rect(780, 300, 150, 22, WHITE, 6)
    c.rect(844, 262, 22, 98, WHITE, 6)
    c.rect(740, 440, 310, 18, INK, 5)
    for x in (810, 990):
        icons.wheel(c, x, 466, 38)
    icons.person(c, 660, 540, 150, ORANGE)
    icons.helmet(c, 660, 412, 25)
    return c


def kitchen() -> Canvas:
    c = Canvas("#fbeedd", "#f3dfc4")
    for row in range(6):
        for k in range(19):
            c.rect(k * 58 + 2 + 28 * (row % 2), 60 + row * 58, 54, 54, "#f7e6cf", 4)
    c.rect(0, 400, 1080, 208, "#a9835c")
    c.rect(0, 384, 1080, 30, "#d9c3a3")
    c.poly([(210, 60), (650, 60), (720, 170), (140, 170)], GREY)
    c.rect(140, 170, 580, 22, STONE, 6)
    c.rect(160, 330, 540, 56, "#4a545e", 12)
    for x in (300, 560):
        c.rect(x - 80, 318, 160, 14, INK, 7)
        for dx, h in ((-46, 42), (-16, 58), (16, 58), (46, 42)):
            icons.flame(c, x + dx, 320, h, BLUE)
        c.disc(x, 358, 15, GREY)
    c.disc(300, 240, 96, "#38424c", 26)
    c.rect(204, 214, 192, 34, "#38424c", 12)
    icons.gas_bottle(c, 850, 584, 270)
    c.line(smooth([(850, 330), (800, 300), (760, 350), (700, 356)]), ORANGE, 11)
    icons.detector(c, 900, 150, 62, GREEN)
    return c


def manhole() -> Canvas:
    c = Canvas("#cfe3ef", "#eef3f4")
    c.rect(0, 330, 1080, 278, "#a98a68")
    for i in range(26):
        c.disc((i * i * 37 + i * 113) % 1080, 370 + (i * i * 29) % 220, 7 + i % 4, "#957757")
    c.rect(0, 318, 1080, 22, "#6f7880")
    c.rect(440, 318, 200, 290, "#4b5560")
    c.rect(458, 318, 164, 290, "#2e3740")
    c.rect(458, 560, 164, 48, "#5d6f4a")
    for k in range(6):
        c.rect(600, 360 + 34 * k, 22, 7, GREY, 3)
    for foot in (430, 540, 650):
        c.line([(540, 90), (foot, 320)], ORANGE, 11)
    c.disc(540, 92, 20, INK)
    c.line([(540, 110), (540, 300)], YELLOW, 5)
    icons.fan(c, 230, 262, 56)
    c.line(smooth([(282, 270), (380, 250), (470, 300), (486, 400), (490, 530)]), "#f0c33c", 26)
    for y in (470, 500, 530):
        c.line(smooth([(500, y), (530, y - 10), (560, y + 8), (600, y)]), "#9fc3d6", 4)
    icons.person(c, 760, 320, 190, ORANGE)
    icons.helmet(c, 760, 160, 31)
    c.line(smooth([(732, 214), (640, 190), (552, 112)]), YELLOW, 5)
    for x in (110, 880, 990):
        icons.cone(c, x, 322, 92)
    return c


def charging_shed() -> Canvas:
    c = Canvas("#d5e9f2", "#eef5f0")
    icons.ridge(c, [(0, 420), (300, 380), (700, 410), (1080, 370)], "#bcdcc0")
    c.rect(0, 500, 1080, 108, "#aeb6bb")
    c.poly([(90, 130), (950, 130), (1010, 190), (60, 190)], GREEN)
    c.rect(60, 190, 950, 14, mix(GREEN, INK, 0.3))
    for x in (110, 940):
        c.rect(x, 200, 16, 330, STONE)
    for x in (260, 500, 740):
        c.rect(x - 6, 204, 12, 22, RED)
        icons.drop(c, x, 250, 20, "#58a8e0")
    for i, tint in enumerate((BLUE, RED, ORANGE)):
        _scooter(c, 190 + 220 * i, 540, tint)
    c.rect(850, 320, 66, 210, NAVY, 10)
    c.rect(862, 336, 42, 44, "#7fe0a2", 6)
    c.disc(883, 420, 14, GREY)
    c.line(smooth([(860, 424), (820, 500), (770, 480), (742, 452)]), GREEN, 9)
    return c


def _scooter(c: Canvas, x: float, y: float, tint: str) -> None:
    c.line([(x + 128, y - 130), (x + 148, y - 34)], INK, 9)
    c.line([(x + 108, y - 134), (x + 136, y - 132)], INK, 9)
    c.poly([(x + 110, y - 118), (x + 136, y - 118), (x + 144, y - 48), (x + 124, y - 48)], tint)
    c.rect(x + 30, y - 58, 104, 18, tint, 9)
    c.poly([(x - 10, y - 92), (x + 64, y - 92), (x + 76, y - 42), (x - 2, y - 42)], tint)
    c.rect(x - 16, y - 108, 84, 18, INK, 9)
    for dx in (10, 148):
        icons.wheel(c, x + dx, y - 28, 29)


def corridor() -> Canvas:
    c = Canvas("#efe3cf", "#e4d3b8")
    c.poly([(0, 0), (360, 150), (720, 150), (1080, 0)], "#f7efe0")
    c.poly([(0, 608), (360, 430), (720, 430), (1080, 608)], "#8f5a4a")
    c.rect(360, 150, 360, 280, "#dccbb0")
    for k, (x, w) in enumerate(((40, 110), (210, 74), (1080 - 150, 110), (1080 - 284, 74))):
        near = k % 2 == 0
        c.rect(x, 150 if near else 180, w, 400 if near else 300, "#b58a5e", 4)
        c.disc(x + (w - 16 if k < 2 else 16), 360 if near else 340, 6, YELLOW)
    c.rect(470, 220, 140, 210, "#5d8f6d", 4)
    c.rect(538, 220, 4, 210, "#47735a")
    c.rect(440, 166, 200, 44, "#1f9a57", 8)
    icons.person(c, 500, 206, 36, WHITE, WHITE)
    c.arrow([(540, 188), (610, 188)], WHITE, 8)
    for y, w in ((580, 20), (520, 15), (470, 11)):
        c.arrow([(540, y), (540, y - 3.0 * w)], "#7be08b", w)
    icons.person(c, 400, 590, 210, NAVY)
    icons.person(c, 690, 590, 200, TEAL)
    icons.person(c, 620, 592, 130, ORANGE)
    return c


def under_table() -> Canvas:
    c = Canvas("#f4ead6", "#ead9ba")
    c.rect(0, 500, 1080, 108, "#b58d63")
    for y in (120, 260, 400):
        c.line(smooth([(30, y), (60, y - 14), (90, y + 14), (120, y)]), ORANGE, 8)
        c.line(smooth([(960, y), (990, y - 14), (1020, y + 14), (1050, y)]), ORANGE, 8)
    c.disc(820, 130, 64, INK)
    c.disc(820, 130, 55, WHITE)
    c.line([(820, 130), (846, 100)], INK, 6)
    c.line([(820, 130), (800, 156)], INK, 8)
    c.line([(820, 20), (800, 66)], STONE, 4)
    c.rect(240, 240, 600, 34, WOOD, 8)
    c.rect(240, 240, 600, 10, mix(WOOD, WHITE, 0.3), 5)
    for x in (270, 780):
        c.rect(x, 270, 32, 260, mix(WOOD, INK, 0.15), 6)
    c.rect(392, 490, 176, 36, NAVY, 18)
    c.poly(smooth([(420, 505), (426, 420), (500, 380), (580, 420), (590, 505)]), TEAL)
    c.disc(610, 400, 50, "#f2c9a1")
    c.poly(smooth([(566, 392), (580, 350), (624, 344), (656, 376), (640, 372), (600, 380)]), INK)
    c.line(smooth([(520, 420), (556, 344), (604, 352)]), "#e3b58a", 24)
    c.line(smooth([(584, 450), (690, 452), (786, 420)]), TEAL, 26)
    c.disc(790, 418, 19, "#e3b58a")
    return c


def classroom() -> Canvas:
    c = Canvas("#eef1ea", "#dfe5da")
    c.rect(220, 50, 640, 270, INK, 12)
    c.rect(234, 64, 612, 242, "#f3f8fc", 6)
    for k, h in enumerate((70, 120, 90, 160, 130)):
        c.rect(310 + 96 * k, 280 - h, 54, h, (BLUE, TEAL, ORANGE, GREEN, RED)[k], 6)
    c.rect(290, 280, 500, 4, STONE)
    icons.person(c, 150, 372, 190, NAVY)
    c.rect(96, 290, 108, 104, WOOD, 8)
    c.rect(88, 282, 124, 16, mix(WOOD, WHITE, 0.25), 6)
    c.rect(0, 390, 1080, 218, "#c7b798")
    for row in range(6):
        scale, y = 0.55 + 0.11 * row, 366 + 38 * row
        for k in range(5):
            x = 540 + (k - 2) * 190 * scale
            c.rect(x - 70 * scale, y, 140 * scale, 20 * scale, mix(WOOD, WHITE, 0.3), 5)
            icons.helmet(c, x, y, 20 * scale, (YELLOW, WHITE)[(k + row) % 2])
            c.rect(x - 60 * scale, y + 20 * scale, 120 * scale, 12 * scale, mix(WOOD, INK, 0.2), 3)
    return c
