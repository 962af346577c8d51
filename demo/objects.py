"""Pictures of one thing: an alarm, a call, an extinguisher."""

from collections.abc import Callable, Sequence

from demo import icons
from demo.canvas import (
    BLUE,
    CREAM,
    GREEN,
    INK,
    MIST,
    ORANGE,
    RED,
    STONE,
    TEAL,
    WHITE,
    YELLOW,
    Canvas,
    mix,
    smooth,
)

Figure = Callable[[Canvas, float, float], None]


def alarm() -> Canvas:
    """A round alarm with waves of sound."""
    c = Canvas("#dfeaf2", "#c9dae6")
    for r, tint in ((262, "#aac8de"), (218, "#8db7d6"), (174, "#6aa3cd")):
        for start in (-38, 142):
            c.arc(540, 304, r, (start, start + 76), tint, 14)
    icons.detector(c, 540, 304, 128, GREEN)
    for k in range(5):
        c.rect(500, 352 + k * 10, 80, 4, MIST, 2)
    return c


def dial() -> Canvas:
    """A call on a red ground, with place, fire and person."""
    c = Canvas("#d84a3d", "#a92c2c")
    for r, tint in ((250, "#c94138"), (190, "#d9564b"), (130, "#e56d60")):
        c.disc(330, 304, r, tint)
    c.rect(250, 130, 160, 348, INK, 30)
    c.rect(262, 152, 136, 296, "#20364f", 14)
    c.disc(330, 250, 44, GREEN)
    icons.phone(c, 330, 240, 44)
    for k in range(5):
        h = (20, 44, 62, 36, 24)[k]
        c.rect(284 + 20 * k, 380 - h / 2, 10, h, "#7fd0ff", 5)
    figures: tuple[Figure, ...] = (_place, _fire, _human)
    for i, figure in enumerate(figures):
        y = 138 + 166 * i
        c.disc(760, y, 72, WHITE)
        c.dashes((470, 304), (672, y), "#f3b9b2", 5)
        figure(c, 760, y)
    return c


def _place(c: Canvas, x: float, y: float) -> None:
    icons.pin(c, x, y + 46, 88, BLUE)


def _fire(c: Canvas, x: float, y: float) -> None:
    icons.flame(c, x, y + 44, 92)


def _human(c: Canvas, x: float, y: float) -> None:
    icons.person(c, x, y + 52, 104, TEAL)


def extinguisher() -> Canvas:
    """An extinguisher and its four moves."""
    c = Canvas("#f7f2ea", "#ece2d2")
    c.disc(270, 566, 170, "#d9cdb8", 20)
    c.line(smooth([(270, 140), (380, 150), (400, 260), (372, 400)]), INK, 16)
    c.poly([(352, 380), (392, 384), (398, 450), (340, 444)], INK)
    c.rect(180, 180, 180, 384, RED, 60)
    c.rect(204, 216, 22, 300, mix(RED, WHITE, 0.3), 11)
    c.rect(224, 330, 100, 130, CREAM, 10)
    icons.flame(c, 274, 440, 90)
    c.rect(244, 130, 52, 60, STONE, 8)
    c.line([(200, 112), (300, 96), (372, 84)], INK, 18)
    c.line([(210, 140), (360, 140)], INK, 14)
    _gauge(c, 318, 206)
    moves = ("lift", "pull", "grip", "press")
    for i, move in enumerate(moves):
        x, y = 600 + 260 * (i % 2), 180 + 250 * (i // 2)
        c.disc(x, y + 5, 104, "#d8c9b0")
        c.disc(x, y, 100, (BLUE, ORANGE, TEAL, GREEN)[i])
        _move(c, move, x, y)
    return c


def _gauge(c: Canvas, x: float, y: float) -> None:
    c.disc(x, y, 34, INK)
    c.disc(x, y, 29, WHITE)
    for span, tint in (((150, 230), RED), ((230, 310), GREEN), ((310, 390), YELLOW)):
        c.arc(x, y, 25, span, tint, 9)
    c.line([(x, y), (x, y - 20)], INK, 4)


def _move(c: Canvas, move: str, x: float, y: float) -> None:
    arrows: dict[str, Sequence[tuple[float, float]]] = {
        "lift": [(x, y + 56), (x, y - 60)],
        "pull": [(x - 40, y), (x + 66, y)],
        "press": [(x, y - 60), (x, y + 34)],
    }
    if move == "grip":
        c.line([(x - 60, y + 50), (x + 60, y - 50)], WHITE, 20)
        for k in range(4):
            c.disc(x - 24 + 16 * k, y + 20 - 13 * k, 15, mix(WHITE, TEAL, 0.25))
    else:
        c.arrow(arrows[move], WHITE, 17)
    if move == "pull":
        c.arc(x - 52, y, 22, (0, 360), WHITE, 9)
    if move == "press":
        c.rect(x - 56, y + 44, 112, 14, WHITE, 7)
    if move == "lift":
        c.arc(x, y - 40, 40, (200, 340), mix(WHITE, BLUE, 0.3), 9)
