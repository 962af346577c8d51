"""Hard photographs for the score: ``python -m tests.browser.authenticity.photographs FOLDER``.

Published posters of the demo, honest and with a figure, a word, a level, a place or a date set
anew in the same type, as cameras see them: under lamps, across hard shadows, folded, off a screen,
aslant, blurred, grained, recompressed. ``--seed`` makes another set; the type is Noto Sans CJK.
"""

import argparse
import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

POSTS = Path(__file__).parents[3] / "content/posts/2026"
Box = tuple[int, int, int, int]


class Edit(NamedTuple):
    """Words of a poster that are set anew."""

    picture: str
    what: str
    box: Box
    """Around the words, in pixels of the poster."""
    old: str
    new: str
    weight: str = "Bold"


EDITS = [
    Edit("08-17-mountain-flood-alert/risk-map", "level", (40, 26, 860, 92),
         "山洪灾害黄色预警（III级）影响范围", "山洪灾害红色预警（III级）影响范围"),
    Edit("08-17-mountain-flood-alert/risk-map", "date", (40, 93, 455, 140),
         "8月17日20时至18日20时", "8月17日20时至19日20时", "Regular"),
    Edit("08-21-relief-supplies/stock-chart", "digit", (180, 352, 300, 394), "1200", "1800"),
    Edit("09-16-accident-brief/timeline", "time", (105, 232, 280, 304), "16:12", "18:12"),
    Edit("09-16-accident-brief/timeline", "digit", (118, 436, 262, 484), "2人被埋", "9人被埋",
         "Regular"),
    Edit("09-23-holiday-duty/phones", "telephone", (105, 388, 335, 470), "12350", "12380"),
    Edit("09-23-holiday-duty/phones", "telephone", (105, 500, 335, 582), "12345", "12346"),
    Edit("10-15-rumor-reservoir/water-level", "word", (40, 93, 560, 140),
         "低于汛限水位3.26米，运行正常", "高于汛限水位3.26米，运行正常", "Regular"),
    Edit("10-15-rumor-reservoir/water-level", "digit", (676, 372, 1086, 418),
         "10月15日17时 184.74米", "10月15日17时 189.74米"),
    Edit("10-20-shelter-list/shelter-map", "word", (888, 436, 1176, 480),
         "听到启用通知再去", "听到启用通知勿去"),
    Edit("10-20-shelter-list/shelter-map", "digit", (40, 26, 670, 92),
         "全市12处主要应急避难场所", "全市17处主要应急避难场所"),
    Edit("10-29-chemical-inspection/problem-chart", "digit", (40, 26, 850, 92),
         "28家企业，163项问题，已改141项", "28家企业，163项问题，已改147项"),
    Edit("11-12-fireworks-penalty/seized", "digit", (98, 198, 345, 296), "209处", "269处"),
    Edit("11-12-fireworks-penalty/seized", "telephone", (44, 620, 290, 664),
         "举报：12350、110", "举报：12360、110", "Regular"),
    Edit("11-13-cold-wave-alert/temperature", "level", (40, 26, 352, 92),
         "寒潮蓝色预警", "寒潮橙色预警"),
    Edit("11-13-cold-wave-alert/temperature", "date", (40, 93, 430, 140),
         "11月14日8时至16日8时", "11月14日8时至18日8时", "Regular"),
    Edit("11-13-cold-wave-alert/temperature", "digit", (578, 270, 795, 342), "零下1℃", "零下4℃"),
    Edit("10-22-fire-ban-policy/fire-season", "date", (40, 26, 880, 92),
         "11月1日至次年4月30日，森林防火期", "11月1日至次年3月30日，森林防火期"),
    Edit("10-22-fire-ban-policy/fire-season", "digit", (610, 344, 1000, 386),
         "以上林地边缘外100米", "以上林地边缘外700米", "Regular"),
    Edit("11-21-forest-fire-alert/fire-map", "date", (40, 93, 455, 140),
         "11月22日8时至24日20时", "11月22日8时至29日20时", "Regular"),
    Edit("11-21-forest-fire-alert/fire-map", "digit", (855, 474, 1180, 518),
         "林区和林缘100米内", "林区和林缘400米内", "Regular"),
    Edit("10-06-mountain-checkpoint/checkpoint", "digit", (70, 206, 338, 300), "1326只", "1826只"),
    Edit("11-02-carbon-monoxide/poster", "word", (38, 600, 680, 670),
         "一氧化碳，四个信号要认得", "一氧化碳，两个信号要认得"),
    Edit("09-10-reservoir-keeper/night-dam", "digit", (775, 334, 1062, 410),
         "162.38米", "163.38米"),
    Edit("09-20-rainstorm-alert/rain-chart", "place", (40, 26, 600, 92),
         "岚城区逐3小时预报雨量", "云麓区逐3小时预报雨量"),
]  # fmt: skip


def poster(name: str) -> Image.Image:
    return Image.open(POSTS / f"2026-{name}.png").convert("RGB")


def ink_of(image: Image.Image, box: Box) -> tuple[Box, tuple[int, ...], tuple[int, ...]]:
    """(what the words cover, their colour, the ground's)."""
    crop = image.crop(box)
    ground = tuple(int(median(band.tobytes())) for band in crop.split())
    apart = ImageChops.difference(crop, Image.new("RGB", crop.size, ground)).convert("L")
    covered = apart.point(lambda value: 255 * (value > 40)).getbbox() or (0, 0, *crop.size)
    strongest = apart.tobytes().index(apart.getextrema()[1])
    ink = crop.getpixel((strongest % crop.width, strongest // crop.width))
    left, top, right, low = covered
    place = (box[0] + left, box[1] + top, box[0] + right, box[1] + low)
    return place, ink if isinstance(ink, tuple) else (0, 0, 0), ground


def altered(edit: Edit) -> Image.Image:
    image = poster(edit.picture)
    (left, top, right, low), ink, ground = ink_of(image, edit.box)
    name = f"NotoSansCJK-{edit.weight}.ttc"
    size = min(range(14, 130), key=lambda s: abs(_width(name, s, edit.old) - (right - left)))
    font = ImageFont.truetype(name, size, index=2)
    own = font.getbbox(edit.old)
    pen = ImageDraw.Draw(image)
    pen.rectangle((left - 1, top - 1, right + 1, low + 1), fill=ground)
    pen.text((left - own[0], top - own[1]), edit.new, font=font, fill=ink)
    return image


def _width(name: str, size: int, words: str) -> float:
    left, _, right, _ = ImageFont.truetype(name, size, index=2).getbbox(words)
    return right - left


def rim_marked(image: Image.Image, chance: Random) -> Image.Image:
    """Marks six pixels high along the foot, as small print."""
    image = image.copy()
    pen, x = ImageDraw.Draw(image), chance.randrange(60, 200)
    foot, ground = image.height - 1, image.getpixel((150, image.height - 4))
    dark = sum(ground) < 300 if isinstance(ground, tuple) else False
    for _ in range(24):
        width = chance.choice((6, 9, 14))
        pen.rectangle((x, foot - 5, x + width, foot), fill="#eee" if dark else "#222")
        x += width + chance.choice((5, 8))
    return image


# ---- light ----
def lit(image: Image.Image, light: Image.Image) -> Image.Image:
    """As bright as `light` (L) says, 255 leaves it."""
    return ImageChops.multiply(image, light.resize(image.size).convert("RGB"))


def slope(size: tuple[int, int], chance: Random) -> Image.Image:
    least = chance.randrange(90, 170)
    ramp = Image.linear_gradient("L").point(lambda v: least + v * (255 - least) // 255)
    return ramp.rotate(chance.choice((0, 90, 180, 270))).resize(size)


def spot(size: tuple[int, int], chance: Random) -> Image.Image:
    """A lamp's cone: bright about one place."""
    w, h = size
    least = chance.randrange(80, 140)
    ball = Image.radial_gradient("L").point(lambda v: max(least, 255 - v * 3 // 2))
    big = Image.new("L", (2 * w, 2 * h), least)
    wide = round(w * chance.uniform(1.2, 1.9))
    ball = ball.resize((wide, wide))
    x, y = round(w * chance.uniform(0.2, 0.8)), round(h * chance.uniform(0.2, 0.8))
    big.paste(ball, (w // 2 + x - wide // 2, h // 2 + y - wide // 2))
    return big.crop((w // 2, h // 2, w // 2 + w, h // 2 + h)).filter(ImageFilter.GaussianBlur(25))


def shadow(size: tuple[int, int], chance: Random, penumbra: float) -> Image.Image:
    """Of a hand, a window's frame or a head, its edge some pixels wide."""
    w, h = size
    shade, depth = Image.new("L", size, 255), chance.randrange(95, 175)
    pen, kind = ImageDraw.Draw(shade), chance.randrange(3)
    if kind == 0:  # an edge across
        x, tilt = chance.uniform(0.25, 0.75) * w, chance.uniform(-0.4, 0.4) * w
        pen.polygon([(x, 0), (x + tilt, h), (w, h), (w, 0)], fill=depth)
    elif kind == 1:  # a bar
        x, wide, tilt = chance.uniform(0.2, 0.7) * w, chance.uniform(0.08, 0.2) * w, w * 0.15
        pen.polygon([(x, 0), (x + wide, 0), (x + wide + tilt, h), (x + tilt, h)], fill=depth)
    else:  # a phone and the hand that holds it
        x, y = chance.uniform(0.3, 0.6) * w, chance.uniform(0.35, 0.6) * h
        pen.rounded_rectangle((x, y, x + 0.22 * w, h + 50), 20, fill=depth)
        pen.ellipse((x - 0.06 * w, y + 0.2 * h, x + 0.3 * w, y + 0.9 * h), fill=depth)
    return shade.filter(ImageFilter.GaussianBlur(penumbra))


def glare(image: Image.Image, chance: Random) -> Image.Image:
    """A lamp mirrored in the sheet or the glass: a veil that hides little."""
    w, h = image.size
    wide, most = round(w * chance.uniform(0.15, 0.35)), chance.randrange(60, 130)
    ball = Image.radial_gradient("L").resize((wide, wide)).point(lambda v: max(0, most - v))
    veil = Image.new("L", image.size, 0)
    veil.paste(ball, (round(chance.uniform(0, w - wide)), round(chance.uniform(0, h - wide / 2))))
    return ImageChops.add(image, veil.filter(ImageFilter.GaussianBlur(12)).convert("RGB"))


def folded(image: Image.Image, chance: Random) -> Image.Image:
    """In half or in three, each part a little turned to the light, a line where it was pressed."""
    w, h = image.size
    for _ in range(chance.choice((1, 1, 2))):
        upright = chance.random() < 0.5
        length = w if upright else h
        at, shade = round(length * chance.uniform(0.3, 0.7)), Image.new("L", (w, h), 255)
        pen, dim = ImageDraw.Draw(shade), chance.randrange(195, 240)
        pen.rectangle((at, 0, w, h) if upright else (0, at, w, h), fill=dim)
        shade = shade.filter(ImageFilter.GaussianBlur(1.5))
        line, wide = chance.choice((120, 150, 180)), chance.choice((1, 2, 3))
        pen = ImageDraw.Draw(shade)
        tilt = chance.randrange(-6, 7)
        ends = (at, 0, at + tilt, h) if upright else (0, at, w, at + tilt)
        pen.line(ends, fill=line, width=wide)
        image = lit(image, shade.filter(ImageFilter.GaussianBlur(0.8)))
        bend = chance.uniform(-0.004, 0.004) * w  # the half that is nearer looks larger
        parts = (
            [((0, 0, at, h), (0, 0, 0, h, at, h, at, 0)),
             ((at, 0, w, h), (at, 0, at, h, w, h + bend, w, -bend))]
            if upright else
            [((0, 0, w, at), (0, 0, 0, at, w, at, w, 0)),
             ((0, at, w, h), (0, at, -bend, h, w + bend, h, w, at))]
        )  # fmt: skip
        image = image.transform(image.size, Image.Transform.MESH, parts, Image.Resampling.BICUBIC)
    return image


def on_a_screen(image: Image.Image, chance: Random) -> Image.Image:
    """Its dots of three colours, in a dark rim."""
    fine = image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)
    dim = chance.randrange(120, 190)
    cell = Image.new("RGB", (6, 6), (dim // 2, dim // 2, dim // 2))
    for at, colour in enumerate(((255, dim, dim), (dim, 255, dim), (dim, dim, 255))):
        ImageDraw.Draw(cell).rectangle((2 * at, 0, 2 * at + 1, 4), fill=colour)
    row = Image.new("RGB", (fine.width + 6, 6))
    for x in range(0, row.width, 6):
        row.paste(cell, (x, 0))
    dots = Image.new("RGB", fine.size)
    for y in range(0, fine.height, 6):
        dots.paste(row, (0, y))
    shown = ImageChops.multiply(fine, dots).point(lambda v: min(255, round(v * 1.35)))
    rim = Image.new("RGB", (shown.width + 160, shown.height + 160), "#141414")
    rim.paste(shown, (80, 80))
    return rim


def fringed(image: Image.Image, chance: Random) -> Image.Image:
    """Moiré: fringes of light and colour, bent a little, where two rows of dots nearly agree."""
    w, h = image.width // 2, image.height // 2
    period, angle = chance.uniform(6, 22), chance.uniform(0, math.pi)
    fx, fy, bend = math.cos(angle) / period, math.sin(angle) / period, chance.uniform(0, 3) / w
    most = chance.uniform(0.05, 0.12) * 255
    bands = []
    for shift in (0.0, chance.uniform(0, 0.3), chance.uniform(0, 0.3)):
        wave = [255 - most * (1 + math.sin(2 * math.pi * n / 512)) / 2 for n in range(512)]
        row = bytes(
            round(wave[int(512 * (x * fx + y * fy + bend * x * y / h + shift)) % 512])
            for y in range(h) for x in range(w)
        )  # fmt: skip
        bands.append(Image.frombytes("L", (w, h), row).resize(image.size, Image.Resampling.BICUBIC))
    return ImageChops.multiply(image, Image.merge("RGB", bands))


# ---- the camera ----
def seen(image: Image.Image, chance: Random, width: int, slant: float) -> Image.Image:
    """On a table or a wall, from a side, rolled a little; `width` pixels across."""
    w, h = image.size
    W = width
    H = round(width * chance.choice((0.75, 0.75, 1.2)))
    across = W * chance.uniform(0.66, 0.86)
    down = across * h / w
    left, top = (W - across) / 2, (H - down) / 2
    roll = chance.uniform(-0.03, 0.03)

    def jitter() -> float:
        return chance.uniform(-slant, slant) * across

    corners = [(left, top), (left + across, top), (left + across, top + down), (left, top + down)]
    there = [(x + jitter() - roll * (y - H / 2), y + jitter() / 2 + roll * (x - W / 2))
             for x, y in corners]  # fmt: skip
    way = _way(there, [(0, 0), (w, 0), (w, h), (0, h)])
    ground = Image.new("RGB", (W, H), chance.choice(("#7a6a50", "#b9b2a4", "#3f4a52", "#9a8f86")))
    grain = Image.frombytes("L", (W // 8, H // 2), chance.randbytes((W // 8) * (H // 2)))
    wood = grain.resize((W, H), Image.Resampling.BICUBIC).point(lambda v: 225 + v * 30 // 255)
    ground = ImageChops.multiply(ground, wood.convert("RGB"))
    much = max(w / across, 1)
    soft = image.filter(ImageFilter.GaussianBlur(0.35 * much)) if much > 1.3 else image
    sheet = soft.convert("RGBA").transform(
        (W, H), Image.Transform.PERSPECTIVE, way, Image.Resampling.BICUBIC
    )
    if chance.random() < 0.5:  # it throws a shadow
        cast = Image.new("L", (W, H), 255)
        cast.paste(110, (3, 4), sheet.getchannel("A"))
        ground = lit(ground, cast.filter(ImageFilter.GaussianBlur(3)))
    ground.paste(sheet, (0, 0), sheet)
    return ground


def _way(fro: list[tuple[float, float]], to: list[tuple[float, float]]) -> tuple[float, ...]:
    """The eight numbers of the perspective that leads each of four points to another."""
    rows = []
    for (x, y), (u, v) in zip(fro, to, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):
        pivot = max(range(i, 8), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(8):
            if r != i:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i], strict=True)]
    return tuple(row[8] for row in rows)


def cast(image: Image.Image, chance: Random) -> Image.Image:
    """In the colour of its light."""
    warm = chance.uniform(0.84, 1.0), 1.0, chance.uniform(0.8, 1.0)
    if chance.random() < 0.6:
        warm = 1.0, chance.uniform(0.93, 1.0), chance.uniform(0.75, 0.95)
    bands = [band.point(lambda v, by=by: round(v * by))
             for band, by in zip(image.split(), warm, strict=True)]  # fmt: skip
    return Image.merge("RGB", bands)


def taken(
    image: Image.Image, chance: Random, blur: float, grain: float, quality: int
) -> Image.Image:
    image = image.filter(ImageFilter.GaussianBlur(blur))
    noise = Image.effect_noise(image.size, 64).convert("RGB")
    image = Image.blend(image, ImageChops.add(image, noise, 1, -128), grain)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


KINDS = ("gradient", "spot", "hard shadow", "soft shadow", "fold", "fold and lamp", "screen",
         "screen and blur", "moiré", "glare", "JPEG 40", "blur", "grain", "slant",
         "dim")  # fmt: skip


def photograph(image: Image.Image, kind: str, chance: Random) -> Image.Image:
    """One kind of hardship each, small doses of the others."""
    width = chance.choice((1200, 1400, 1600, 2000))
    if "fold" in kind:
        image = folded(image, chance)
    if "screen" in kind:
        image = on_a_screen(image, chance)
    view = seen(image, chance, width, 0.09 if kind == "slant" else 0.03)
    lights: dict[str, Callable[[], Image.Image]] = {
        "gradient": lambda: slope(view.size, chance),
        "spot": lambda: spot(view.size, chance),
        "fold and lamp": lambda: spot(view.size, chance),
        "hard shadow": lambda: shadow(view.size, chance, chance.uniform(0.8, 3)),
        "soft shadow": lambda: shadow(view.size, chance, chance.uniform(5, 22)),
        "dim": lambda: Image.new("L", view.size, 85),
    }
    view = lit(
        view, lights.get(kind, lambda: slope(view.size, chance).point(lambda v: 128 + v // 2))()
    )
    if kind == "moiré":
        view = fringed(view, chance)
    if kind == "glare":
        view = glare(view, chance)
    view = cast(view, chance)
    soft = 1.9 if kind == "blur" else 1.3 if kind == "screen and blur" else chance.uniform(0.4, 0.8)
    grain = 0.16 if kind == "grain" else 0.09 if kind == "dim" else 0.04
    quality = 40 if kind == "JPEG 40" else chance.randrange(62, 88)
    return taken(view, chance, soft * width / 1400, grain, quality)


def rows_of(folder: Path, seed: int) -> list[dict[str, str]]:
    """Two honest photographs and one altered of each kind and more; each saved beside."""
    chance, rows = Random(seed), []
    names = sorted(str(path.relative_to(POSTS))[5:-4] for path in POSTS.glob("*/*.png"))

    def add(image: Image.Image, truth: str, name: str, how: str) -> None:
        number = f"{truth[0]}{len(rows):03}"
        image.save(folder / f"{number}.jpg", quality=92)
        post = f"2026-{name.partition('/')[0]}"
        rows.append({"id": f"{number} {how} {name}", "kind": "picture", "file": f"{number}.jpg",
                     "truth": truth, "post": post})  # fmt: skip

    edits = EDITS[:]
    chance.shuffle(edits)
    for at, kind in enumerate(KINDS):
        for _ in range(3):
            name = chance.choice(names)
            add(photograph(poster(name), kind, chance), "issued", name, kind)
        for edit in (edits[2 * at % len(edits)], edits[(2 * at + 1) % len(edits)]):
            view = photograph(altered(edit), kind, chance)
            add(view, "altered", edit.picture, f"{edit.what}, {kind}")
    for kind in ("gradient", "fold", "hard shadow", "slant"):
        edit = chance.choice(edits)
        view = photograph(rim_marked(poster(edit.picture), chance), kind, chance)
        add(view, "altered", edit.picture, f"rim, {kind}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) for row in rows_of(asked.folder, asked.seed)]
    (asked.folder / "rows.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
