"""Scenes in the open: valleys, dams, roads, woods and yards."""

from demo import icons
from demo.canvas import (
    BLUE,
    CREAM,
    INK,
    ORANGE,
    RED,
    SAND,
    STONE,
    TEAL,
    WHITE,
    WINE,
    WOOD,
    YELLOW,
    Canvas,
    mix,
    smooth,
)


def flood_valley() -> Canvas:
    """Brown water down a gorge, green arrows up both slopes."""
    c = Canvas("#9fb4c4", "#dbe5ea")
    icons.ridge(
        c, [(0, 260), (180, 150), (360, 240), (560, 130), (780, 230), (1080, 120)], "#8aa39b"
    )
    c.poly([(0, 190), (200, 210), (540, 330), (440, 608), (0, 608)], "#5d8a5f")
    c.poly([(1080, 170), (880, 220), (545, 330), (640, 608), (1080, 608)], "#4f7d55")
    left = smooth([(500, 322), (470, 400), (400, 490), (310, 608)])
    right = smooth([(590, 322), (630, 400), (700, 490), (790, 608)])
    c.poly([*left, *reversed(right)], "#a9794a")
    for k, (y, w) in enumerate(((380, 90), (440, 150), (500, 210), (560, 280))):
        curve = [
            (545 - w / 2, y),
            (545 - w / 6, y + 12),
            (545 + w / 6, y - 6),
            (545 + w / 2, y + 8),
        ]
        c.line(smooth(curve), mix("#d2a878", WHITE, 0.12 * k), 7)
    for x, y, s in (
        (60, 330, 110),
        (150, 300, 90),
        (960, 320, 120),
        (1030, 380, 130),
        (60, 520, 150),
        (880, 300, 84),
    ):
        icons.tree(c, x, y, s, "#356b46")
    icons.house(c, 196, 300, 66)
    c.arrow([(400, 440), (270, 350)], "#7be08b", 20)
    c.arrow([(690, 440), (820, 346)], "#7be08b", 20)
    return c


def night_dam() -> Canvas:
    c = Canvas("#0e2242", "#2c4a77")
    for i in range(34):
        c.disc((i * 173) % 1080, (i * 71) % 230, 1.6 + i % 2, "#cfdcf2")
    c.disc(840, 110, 52, "#fbf1cf")
    c.disc(820, 98, 10, "#efe2b4")
    icons.ridge(
        c, [(0, 250), (200, 170), (420, 240), (640, 180), (860, 250), (1080, 190)], "#152b4c"
    )
    c.rect(0, 330, 1080, 278, "#1d4170")
    for k in range(9):
        w = 150 - 12 * abs(4 - k)
        c.rect(840 - w / 2, 350 + 24 * k, w, 7, "#e6dcae" if k % 2 else "#8fa4bd", 4)
    c.poly([(0, 330), (600, 330), (420, 608), (0, 608)], "#46556b")
    for k in range(5):
        c.line([(0, 384 + 46 * k), (566 - 30 * k, 384 + 46 * k)], "#3b495e", 4)
    c.rect(0, 308, 622, 26, "#5d6d84")
    for x in range(10, 620, 46):
        c.rect(x, 288, 6, 22, "#7c8ca2")
    c.rect(0, 284, 622, 6, "#7c8ca2")
    c.poly([(300, 176), (380, 308), (220, 308)], "#5b6a74")
    c.poly([(420, 270), (760, 340), (700, 400)], "#7d8a86")
    c.rect(297, 170, 6, 140, "#98a6b8")
    c.disc(300, 168, 14, "#ffe9a3")
    icons.person(c, 400, 308, 96, TEAL)
    return c


def moon_river() -> Canvas:
    c = Canvas("#1c2f5c", "#6b6fa8")
    c.disc(560, 150, 100, "#7a80b4")
    c.disc(560, 150, 80, "#fdf0c4")
    icons.ridge(
        c, [(0, 330), (220, 250), (430, 320), (680, 240), (900, 310), (1080, 260)], "#2c3e6e"
    )
    c.rect(0, 350, 1080, 150, "#33558d")
    for k in range(7):
        c.rect(560 - 95 + 10 * k, 366 + 18 * k, 190 - 20 * k, 6, "#f3e3ae", 3)
    c.rect(0, 490, 1080, 118, "#3a3551")
    for x in range(0, 1090, 60):
        c.rect(x, 430, 8, 74, "#c8b79a")
    for y in (434, 466):
        c.rect(0, y, 1080, 7, "#c8b79a")
    icons.person(c, 470, 590, 190, WINE)
    icons.person(c, 560, 590, 124, ORANGE)
    c.line(smooth([(0, 44), (280, 84), (540, 50), (800, 84), (1080, 40)]), INK, 3)
    for x, y in ((90, 58), (240, 78), (390, 70), (730, 76), (880, 72), (1010, 52)):
        icons.lantern(c, x, y, 30)
    return c


def road_trip() -> Canvas:
    c = Canvas("#8ec9ee", "#e7f4fb")
    c.disc(200, 120, 54, "#ffe9a8")
    icons.ridge(c, [(0, 300), (240, 190), (480, 290), (740, 180), (1080, 280)], "#8fb7a0")
    icons.ridge(c, [(0, 380), (300, 300), (560, 360), (820, 290), (1080, 360)], "#6aa877")
    icons.ridge(c, [(0, 440), (400, 400), (760, 430), (1080, 400)], "#4f9361")
    c.poly([(500, 372), (556, 372), (820, 608), (220, 608)], "#58636f")
    for k in range(5):
        y = 392 + 10 * k * (k + 1)
        c.rect(526 - k, y, 5 + 2.4 * k, 12 + 5 * k, WHITE, 2)
    icons.car(c, 330, 590, 190, RED)
    icons.car(c, 560, 470, 92, BLUE)
    c.rect(850, 250, 10, 160, STONE)
    c.rect(790, 190, 130, 92, BLUE, 12)
    icons.house(c, 828, 262, 54, WHITE, WHITE)
    icons.triangle(c, 950, 500, 52, YELLOW)
    for x, y, s in ((60, 470, 140), (140, 520, 160), (1020, 420, 120)):
        icons.leaf_canopy(c, x, y, s * 0.5)
    return c


def checkpoint() -> Canvas:
    c = Canvas("#f3d9c0", "#f8eee2")
    for points, tint in (
        ([(0, 220), (260, 110), (520, 210), (800, 100), (1080, 200)], "#b9c3c4"),
        ([(0, 310), (320, 210), (600, 290), (900, 190), (1080, 270)], "#8fa5a0"),
        ([(0, 400), (240, 330), (560, 380), (860, 300), (1080, 350)], "#5f8272"),
    ):
        icons.ridge(c, points, tint)
    for x, y, w, tint in (
        (60, 250, 420, "#c9cfcc"),
        (560, 262, 380, "#c9cfcc"),
        (280, 340, 520, "#a9bbb4"),
        (0, 396, 300, "#84a095"),
        (620, 392, 300, "#84a095"),
    ):
        c.disc(x + w / 2, y, w / 2, tint, 11)
    c.rect(0, 440, 1080, 168, "#6d7a68")
    c.poly([(430, 440), (620, 440), (860, 608), (240, 608)], "#8a8f93")
    icons.house(c, 720, 520, 180, "#efe6d2", "#9c5b3b")
    c.rect(264, 400, 22, 130, INK, 4)
    for k in range(9):
        c.rect(276 + 52 * k, 424, 52, 18, RED if k % 2 == 0 else WHITE)
    icons.person(c, 200, 560, 150, "#2f6b50")
    icons.person(c, 130, 566, 150, ORANGE)
    for x, s in ((40, 190), (980, 220), (1050, 180)):
        icons.tree(c, x, 500, s, "#2f5c46")
    return c


def red_leaves() -> Canvas:
    c = Canvas("#bfe0f2", "#fdf3e2")
    icons.ridge(c, [(0, 300), (260, 170), (540, 280), (820, 150), (1080, 250)], "#d9a27a")
    icons.ridge(c, [(0, 420), (300, 320), (640, 400), (1080, 300)], "#c0703f")
    tints = ("#c8402f", "#dd7a2d", "#e3a233", "#b5342b")
    for i in range(17):
        x, y = 30 + 66 * i, 412 - 60 * abs((i % 5) - 2) / 2 + 26 * (i % 3)
        icons.leaf_canopy(c, x, y, 40 + 8 * (i % 3), tints[i % 4])
    c.rect(0, 470, 1080, 138, "#b98f53")
    c.poly([(620, 470), (720, 470), (900, 608), (560, 608)], SAND)
    c.rect(330, 330, 16, 240, WOOD)
    icons.banned(c, 338, 270, 110)
    c.rect(760, 460, 230, 120, "#5b6b7a", 10)
    c.rect(760, 460, 230, 24, "#465462", 10)
    for k in range(12):
        c.rect(776 + 34 * (k % 6), 496 + 38 * (k // 6), 26, 28, "#8295a6", 4)
        if k % 3:
            c.rect(784 + 34 * (k % 6), 502 + 38 * (k // 6), 10, 18, (RED, BLUE, YELLOW)[k % 3], 2)
    return c


def tank_farm() -> Canvas:
    c = Canvas("#bcd7ea", "#eef4f7")
    c.rect(0, 470, 1080, 138, "#aab4bb")
    c.rect(0, 470, 1080, 8, "#8d99a2")
    for x in (170, 400, 630):
        for leg in (-66, 0, 66):
            c.rect(x + leg - 5, 380, 10, 110, STONE)
        c.disc(x, 330, 98, "#d5dde3")
        c.disc(x - 8, 322, 90, WHITE)
        c.rect(x - 98, 326, 196, 8, "#c3ced6")
    for x in (770, 910):
        c.rect(x, 230, 120, 260, "#e7edf1", 12)
        c.rect(x + 12, 230, 22, 260, WHITE)
        c.disc(x + 60, 232, 60, "#d5dde3", 20)
        for k in range(4):
            c.rect(x, 290 + 48 * k, 120, 5, "#c3ced6")
    for y, tint in ((452, ORANGE), (470, TEAL)):
        c.rect(60, y, 980, 9, tint, 4)
    for x in range(80, 1040, 120):
        c.rect(x, 440, 8, 60, STONE)
    icons.person(c, 300, 594, 200, BLUE)
    icons.helmet(c, 300, 424, 32)
    c.rect(338, 486, 56, 70, CREAM, 5)
    c.rect(350, 480, 32, 12, INK, 4)
    for k in range(3):
        c.rect(346, 502 + 16 * k, 40, 5, STONE)
    return c
