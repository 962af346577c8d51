"""Pictures put to the page: recompressed, cropped, framed, photographed; altered; bad input."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps
from playwright.sync_api import Page, expect

from pipeline.site.build import build
from tests.browser.authenticity.score import put
from tests.browser.serving import LAYOUTS, served
from tests.site import sample, sample_drafts
from tests.site.sample_drafts import PLAIN

pytestmark = pytest.mark.browser
Change = Callable[[Image.Image], Image.Image]


def poster(digit: str = "6") -> Image.Image:
    """A sheet with a head, a table of figures and a drawing: the words are bars, the figures are
    drawn by seven strokes, so that no font is asked for."""
    image = Image.new("RGB", (1200, 675), "#f7f4ea")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 1200, 120), fill="#123c6e")
    for n in range(9):
        pen.rectangle((40 + 96 * n, 36, 40 + 96 * n + 60 + 7 * (n % 4), 84), fill="white")
    pen.ellipse((820, 220, 1120, 520), fill="#a01c1c")
    pen.polygon([(850, 600), (970, 560), (1150, 640)], fill="#14683a")
    for row, figures in enumerate(("119", f"1{digit}0", "2045", "83")):
        pen.rectangle((60, 180 + 110 * row, 330 + 25 * row, 215 + 110 * row), fill="#33475b")
        for at, figure in enumerate(figures):
            stroke(pen, figure, 440 + 60 * at, 170 + 110 * row)
    return image


def stroke(pen: ImageDraw.ImageDraw, figure: str, x: int, y: int) -> None:
    lines = {
        "a": (0, 0, 30, 0), "b": (30, 0, 30, 27), "c": (30, 27, 30, 54), "d": (0, 54, 30, 54),
        "e": (0, 27, 0, 54), "f": (0, 0, 0, 27), "g": (0, 27, 30, 27),
    }  # fmt: skip
    shapes = "abcdef bc abged abgcd fgbc afgcd afgedc abc abcdefg abcdfg".split()
    for name in shapes[int(figure)]:
        left, top, right, low = lines[name]
        pen.rectangle((x + left, y + top, x + right + 8, y + low + 8), fill="#1c232b")


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))


def chat(image: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (1080, 1900), "#ededed")
    small = image.resize((700, round(700 * image.height / image.width)), Image.Resampling.LANCZOS)
    screen.paste(small, (150, 500))
    ImageDraw.Draw(screen).rectangle((150, 300, 760, 400), fill="white")
    return jpeg(screen, 60)


def photographed(image: Image.Image) -> Image.Image:
    wall = Image.new("RGB", (1400, 860), "#7a6a50")
    wall.paste(image, (100, 90))
    turned = wall.rotate(1.6, Image.Resampling.BICUBIC, fillcolor="#7a6a50")
    shade = Image.linear_gradient("L").resize(turned.size).point(lambda v: 150 + v // 3)
    dark = Image.composite(turned, Image.new("RGB", turned.size, "black"), shade)
    return jpeg(dark.filter(ImageFilter.GaussianBlur(0.8)), 70)


def aslant(image: Image.Image) -> Image.Image:
    """On a wall, some 20° from the side, darker towards one end."""
    wall = Image.new("RGB", (1600, 1200), "#8a8478")
    seen = image.convert("RGBA").transform(
        wall.size, Image.Transform.PERSPECTIVE, (1.02, 0.05, -260, -0.14, 1.1, -180, -0.00022, 0),
        Image.Resampling.BICUBIC,
    )  # fmt: skip
    wall.paste(seen, (0, 0), seen)
    shade = Image.linear_gradient("L").rotate(90).resize(wall.size).point(lambda v: 130 + v // 2)
    dark = Image.composite(wall, Image.new("RGB", wall.size, "black"), shade)
    return jpeg(dark.filter(ImageFilter.GaussianBlur(0.7)), 72)


def in_shadow(image: Image.Image) -> Image.Image:
    shade = Image.new("L", image.size, 255)
    ImageDraw.Draw(shade).polygon([(500, 675), (560, 330), (700, 300), (760, 675)], fill=165)
    soft = shade.filter(ImageFilter.GaussianBlur(40))
    return photographed(Image.composite(image, Image.new("RGB", image.size, "black"), soft))


def of_a_screen(image: Image.Image) -> Image.Image:
    """In a black rim, with the stripes that two rows of dots make."""
    lines = bytes(
        255 - 26 * (y % 3 == 0) - 22 * (x % 4 == 0) for y in range(768) for x in range(1366)
    )
    shown = Image.new("RGB", (1366, 768), "#111")
    shown.paste(image.resize((1280, 720), Image.Resampling.BICUBIC), (43, 24))
    dots = Image.frombytes("L", shown.size, lines)
    return photographed(
        Image.composite(shown, Image.new("RGB", shown.size, "black"), dots).resize(image.size)
    )


KINDLY: dict[str, Change] = {
    "recompressed": lambda image: jpeg(image, 35),
    "smaller": lambda image: jpeg(image.resize((640, 360), Image.Resampling.LANCZOS), 70),
    "larger": lambda image: jpeg(image.resize((1700, 956), Image.Resampling.BICUBIC), 60),
    "cropped": lambda image: jpeg(image.crop((90, 50, 1130, 620)), 75),
    "in a chat": chat,
    "photographed": photographed,
    "on a wall": aslant,
    "in a shadow": in_shadow,
    "of a screen": of_a_screen,
    "twice": lambda image: jpeg(jpeg(image.resize((960, 540)), 60).resize((800, 450)), 50),
    "without colours": lambda image: jpeg(image.convert("L").rotate(0.6, expand=True), 70),
    "on its side": lambda image: jpeg(image.rotate(90, expand=True), 70),
    "from behind": lambda image: jpeg(ImageOps.mirror(image), 70),
    "with round corners": lambda image: chat(rounded(image)),
}
DRAWN: dict[str, Change] = {
    "a circle": lambda image: drawn(
        image, lambda pen: pen.ellipse((420, 150, 640, 250), outline="#e00000", width=8)
    ),
    "a sticker": lambda image: drawn(
        image, lambda pen: pen.ellipse((640, 250, 760, 370), fill="#ffd23c")
    ),
    "a watermark": lambda image: drawn(
        image, lambda pen: pen.rectangle((860, 560, 1150, 600), fill="#c8c8c8")
    ),
}
ALTERED: dict[str, Change] = {
    "a figure": lambda image: poster("8"),
    "a code to scan": lambda image: covered(image, (1000, 150, 1180, 330)),
    "a line more": lambda image: covered(image, (60, 630, 420, 655)),
    "a patch": lambda image: covered(image, (440, 170, 540, 235), "#f7f4ea"),
    "another colour": lambda image: recoloured(image),
}


def covered(image: Image.Image, box: tuple[int, int, int, int], fill: str = "#000") -> Image.Image:
    image = image.copy()
    ImageDraw.Draw(image).rectangle(box, fill=fill)
    return image


def drawn(image: Image.Image, draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    image = image.copy()
    draw(ImageDraw.Draw(image))
    return image


def rounded(image: Image.Image) -> Image.Image:
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *image.size), 18, fill=255)
    return Image.composite(image, Image.new("RGB", image.size, "#ededed"), mask)


def recoloured(image: Image.Image) -> Image.Image:
    image = image.copy()
    ImageDraw.Draw(image).ellipse((820, 220, 1120, 520), fill="#2f4bb0")
    return image


@pytest.fixture(scope="module")
def question(browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    out = io.BytesIO()
    poster().save(out, "PNG")
    meta, body, files = (drafts := sample_drafts.drafts())[PLAIN]
    drafts[PLAIN] = meta, body, {**files, "stove.png": out.getvalue()}
    base = tmp_path_factory.mktemp("posters")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "drafts", lambda: drafts)
        build(sample.make(), base / "out", base / "work")
    for address in served(base / "out"):
        with browser.new_context() as context:
            page = context.new_page()
            # As pictures alone: words are read in test_words.py.
            page.route("**/authenticity_reader.js", lambda route: route.abort())
            page.goto(address + "authenticity/")
            page.locator("#authenticity-form fieldset:enabled").first.wait_for()
            yield page


def answer(page: Page, image: Image.Image, folder: Path) -> str:
    image.save(folder / "given.png")
    return put(page, {"kind": "picture", "file": "given.png"}, folder)[0]


@pytest.mark.parametrize("name", KINDLY)
def test_a_picture_that_went_from_hand_to_hand_was_issued(
    question: Page, tmp_path: Path, name: str
) -> None:
    how = answer(question, KINDLY[name](poster()), tmp_path)
    assert how == ("excerpt" if name == "cropped" else "whole")
    assert question.locator(f"#authenticity-answer a[href*='{PLAIN}']").count()


WAYS = ("as it is", "recompressed", "smaller", "in a chat")


def _two(at: int) -> tuple[str, str]:
    """The ways of one alteration in each run: all of them come up, all pairs in `make layouts`."""
    return WAYS[at % 4], WAYS[(at + 2) % 4]


PAIRS = [(n, w) for at, n in enumerate(ALTERED) for w in (WAYS if LAYOUTS else _two(at))]


@pytest.mark.parametrize(("name", "way"), PAIRS)
def test_an_altered_picture_is_never_issued(
    question: Page, tmp_path: Path, name: str, way: str
) -> None:
    altered = ALTERED[name](poster())
    how = answer(question, KINDLY[way](altered) if way in KINDLY else altered, tmp_path)
    assert how == "differs"
    assert question.get_by_role("img", name="小块与本单位发布的不一样").count() == 1


@pytest.mark.parametrize("way", ["as it is", "recompressed"])
@pytest.mark.parametrize("side", ["foot", "left"])
def test_words_at_the_very_rim_differ(question: Page, tmp_path: Path, side: str, way: str) -> None:
    """The last row of blocks is compared, though half a pixel beyond it nothing was seen."""
    altered = poster()
    pen = ImageDraw.Draw(altered)
    for n in range(20):
        box = (40 + 26 * n, 668, 58 + 26 * n, 674) if side == "foot" else (
            3, 140 + 26 * n, 14, 156 + 26 * n
        )  # fmt: skip
        pen.rectangle(box, fill="#333")
    given = KINDLY[way](altered) if way in KINDLY else altered
    assert answer(question, given, tmp_path) == "differs"


@pytest.mark.parametrize("px", [1, 2, 3])
@pytest.mark.parametrize("framed", [False, True])
def test_a_sharp_shadow_around_a_sheet_is_no_difference(
    question: Page, tmp_path: Path, px: int, framed: bool
) -> None:
    """Of a sheet on its wall; of a frame on its sheet: a changed figure within differs."""
    assert answer(question, shaded(poster(), px, framed), tmp_path) == "whole"
    assert answer(question, shaded(poster("8"), px, framed), tmp_path) == "differs"


def shaded(image: Image.Image, px: int, framed: bool) -> Image.Image:
    wall = Image.new("RGB", (image.width + 220, image.height + 220), "#b9b2a4")
    pen = ImageDraw.Draw(wall)
    if framed:
        pen.rectangle((86, 86, image.width + 133, image.height + 133), fill="#6b4a2a")
        for box in ((0, 0, image.width, px - 1), (0, 0, px - 1, image.height)):
            image = covered(image, box, "#565248")
    else:
        low, right = image.height + 109 + px, image.width + 109 + px
        pen.rectangle((110 + px, 110 + px, right, low), fill="#2d2d2d")
    wall.paste(image, (110, 110))
    turned = wall.rotate(1.1, Image.Resampling.BICUBIC, fillcolor="#b9b2a4")
    return jpeg(turned.filter(ImageFilter.GaussianBlur(0.6)), 75)


@pytest.mark.parametrize("way", ["on a wall", "of a screen", "in a shadow", "without colours"])
def test_a_figure_that_was_changed_shows_in_a_photograph(
    question: Page, tmp_path: Path, way: str
) -> None:
    assert answer(question, KINDLY[way](poster("8")), tmp_path) == "differs"


@pytest.mark.parametrize("name", DRAWN)
def test_what_a_forwarder_drew_differs_and_says_so(
    question: Page, tmp_path: Path, name: str
) -> None:
    assert answer(question, DRAWN[name](poster()), tmp_path) == "differs"
    assert "转发的人画的圈和箭头也算" in question.locator("#authenticity-answer").inner_text()


def lettered(shade: int, top: int = 606, left: int = 60) -> Image.Image:
    """A line more, so much darker than its ground, or so much lighter."""
    image = poster().convert("L").convert("RGB")
    ground = image.getpixel((left + 10, top + 34))
    assert isinstance(ground, tuple)
    pen = ImageDraw.Draw(image)
    level = ground[0] - shade
    for at, figure in enumerate("2045119"):
        for name in "123":
            x, y = left + 50 * at, top + 14 * int(name)
            pen.rectangle((x, y, x + 22 + 4 * (int(figure) % 5), y + 6), fill=(level,) * 3)
    return image


@pytest.mark.parametrize("way", ["as it is", "recompressed", "photographed"])
def test_what_nobody_can_see_does_not_count_and_what_can_be_read_does(
    question: Page, tmp_path: Path, way: str
) -> None:
    """White words on white say nothing to who holds the picture; pale grey ones do."""
    shown = KINDLY.get(way, lambda image: image)
    assert answer(question, shown(lettered(3)), tmp_path) == "whole"
    assert answer(question, shown(lettered(35)), tmp_path) == "differs"


@pytest.mark.parametrize("way", ["as it is", "recompressed", "smaller", "cropped"])
@pytest.mark.parametrize("shade", [20, -20, -35])
def test_pale_words_on_a_light_and_on_a_dark_ground_differ(
    question: Page, tmp_path: Path, shade: int, way: str
) -> None:
    """At the foot of the paper, or in the head's band to the right of its words."""
    words = lettered(shade, 556, 560) if shade > 0 else lettered(shade, 40, 880)
    shown = KINDLY.get(way, lambda image: image)
    assert answer(question, shown(words), tmp_path) == "differs"


def edged(image: Image.Image) -> Image.Image:
    """A shadow with an edge of some twenty pixels across the even ground."""
    shade = Image.new("L", image.size, 255)
    ImageDraw.Draw(shade).polygon([(380, 675), (420, 130), (1200, 130), (1200, 675)], fill=185)
    soft = shade.filter(ImageFilter.GaussianBlur(10))
    return Image.composite(image, Image.new("RGB", image.size, "black"), soft)


def grained(image: Image.Image) -> Image.Image:
    """With a camera's grain, as a sky shows it."""
    grain = Image.frombytes("L", image.size, Random(3).randbytes(image.width * image.height))
    return jpeg(Image.blend(image, grain.convert("RGB"), 0.06), 80)


EVEN: dict[str, Change] = {
    "a shadow's edge": lambda image: jpeg(edged(image), 70),
    "quality 30": lambda image: jpeg(image, 30),
    "grain": grained,
    "grain and a shadow": lambda image: grained(edged(image)),
}


@pytest.mark.parametrize("name", EVEN)
def test_an_honest_copy_of_an_even_ground_was_issued(
    question: Page, tmp_path: Path, name: str
) -> None:
    assert answer(question, EVEN[name](poster()), tmp_path) == "whole"


def test_without_colours_the_answer_says_that_they_were_not_compared(
    question: Page, tmp_path: Path
) -> None:
    assert answer(question, poster().convert("L"), tmp_path) == "whole"
    assert "颜色没有核对" in question.locator("#authenticity-answer").inner_text()


@pytest.mark.parametrize("digit", ["6", "8"])
def test_a_picture_whose_strokes_run_together_is_not_issued(
    question: Page, tmp_path: Path, digit: str
) -> None:
    blurred = poster(digit).filter(ImageFilter.GaussianBlur(7))
    assert answer(question, blurred, tmp_path) in ("unclear", "differs")


def test_another_picture_of_the_same_make_is_not_there(question: Page, tmp_path: Path) -> None:
    other = poster()
    pen = ImageDraw.Draw(other)
    for row, figures in enumerate(("730", "48", "9", "5512")):
        pen.rectangle((60, 160 + 110 * row, 700, 240 + 110 * row), fill="#f7f4ea")
        pen.rectangle((70, 190 + 110 * row, 190 + 60 * row, 205 + 110 * row), fill="#33475b")
        for at, figure in enumerate(figures):
            stroke(pen, figure, 400 + 75 * at, 160 + 110 * row)
    assert answer(question, other, tmp_path) in ("none", "differs")


@pytest.mark.parametrize("digit", ["6", "8"])
def test_a_photograph_that_is_too_noisy_to_judge_is_not_issued(
    question: Page, tmp_path: Path, digit: str
) -> None:
    taken = photographed(poster(digit))
    grain = Image.frombytes("L", taken.size, Random(7).randbytes(taken.width * taken.height))
    noisy = Image.blend(taken, grain.convert("RGB"), 0.6).filter(ImageFilter.GaussianBlur(1.5))
    assert answer(question, jpeg(noisy, 45), tmp_path) in ("unclear", "differs")


def test_a_photograph_may_come_from_the_camera_or_from_a_file(
    question: Page, tmp_path: Path
) -> None:
    photographed(poster()).save(tmp_path / "taken.jpg")
    question.evaluate("document.getElementById('authenticity-answer').hidden = true")
    question.set_input_files("#authenticity-photo", tmp_path / "taken.jpg")
    question.locator("#authenticity-answer").wait_for()
    assert question.locator("#authenticity-answer").get_attribute("data-answer") == "whole"


def test_another_s_picture_is_not_there(question: Page, tmp_path: Path) -> None:
    other = Image.new("RGB", (900, 1200), "#0b6")
    ImageDraw.Draw(other).rectangle((100, 300, 800, 1100), fill="white")
    assert answer(question, other, tmp_path) == "none"
    expect(question.locator("#authenticity-answer")).to_contain_text("拍的是文字的")


def page_of(image: Image.Image | None) -> Image.Image:
    """A page of six lines of signs on a phone, with a picture between them."""
    page = Image.new("RGB", (1170, 1900), "white")
    pen = ImageDraw.Draw(page)
    for top in (120, 190, 260, 1300, 1370, 1440):
        for left in range(80, 1000, 12):
            pen.rectangle((left, top, left + 4, top + 30 - left % 5), fill="#222")
    if image:
        page.paste(image.resize((1010, 568), Image.Resampling.LANCZOS), (80, 500))
    return page


def beneath(image: Image.Image) -> Image.Image:
    """With a strip of signs, as posters that a reader stores have, and anyone can make."""
    sheet = Image.new("RGB", (image.width, image.height + 90), "white")
    sheet.paste(image, (0, 0))
    pen = ImageDraw.Draw(sheet)
    for left in range(40, 700, 12):
        pen.rectangle((left, image.height + 30, left + 4, image.height + 60), fill="#111")
    return sheet


@pytest.mark.parametrize("name", ["on a page", "a page on a table", "above a strip"])
def test_writing_beside_a_picture_is_not_called_issued(
    question: Page, tmp_path: Path, name: str
) -> None:
    """A true picture among words that the bureau never said is how most forgeries are made."""
    page = beneath(poster()) if name == "above a strip" else page_of(poster())
    if name == "a page on a table":
        table = Image.new("RGB", (1500, 2300), "#7a6a50")
        table.paste(page, (160, 200))
        page = jpeg(table.rotate(1.2, Image.Resampling.BICUBIC, fillcolor="#7a6a50"), 80)
    assert answer(question, page, tmp_path) == "within"
    place = question.locator("#authenticity-answer")
    assert place.get_attribute("data-result") == "warn"
    expect(place).to_contain_text("图片以外的文字没有核对")
    expect(place).to_contain_text("打电话向本单位")
    expect(place).not_to_contain_text("逐字")


def test_a_page_of_text_is_not_called_unknown(question: Page, tmp_path: Path) -> None:
    assert answer(question, page_of(None), tmp_path) == "unread"
    expect(question.locator("#authenticity-answer")).to_contain_text("图里的文字没有核对")


def test_a_picture_of_nothing_says_so(question: Page, tmp_path: Path) -> None:
    assert answer(question, Image.new("RGB", (800, 600), "white"), tmp_path) == "short"
    assert "什么也没有" in question.locator("#authenticity-head").inner_text()


@pytest.mark.parametrize("data", [b"", b"nothing", b"\x89PNG\r\n\x1a\n" + b"\0" * 90])
def test_a_broken_file_says_so(question: Page, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "broken.png").write_bytes(data)
    assert put(question, {"kind": "picture", "file": "broken.png"}, tmp_path)[0] == "short"
    assert "打不开" in question.locator("#authenticity-head").inner_text()


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
def test_a_picture_that_moves_is_not_compared(question: Page, tmp_path: Path, kind: str) -> None:
    """Its first picture is an issued one, a later one may say anything."""
    name = f"moves.{kind}"
    white = page_of(None)
    white.save(tmp_path / name, save_all=True, append_images=[white.rotate(90)], duration=500)
    assert put(question, {"kind": "picture", "file": name}, tmp_path)[0] == "short"
    assert "会动" in question.locator("#authenticity-head").inner_text()


def test_forty_megapixels_are_made_smaller_first(question: Page, tmp_path: Path) -> None:
    large = poster().resize((8400, 4725), Image.Resampling.BICUBIC)
    assert answer(question, large, tmp_path) == "whole"


FOREIGN = "https://pay.example/a"


PATHS = ["posts/2026/a/", "/evil.example/", "javascript:alert(1)", "\\\\evil"]


def test_a_code_in_a_picture_leads_nowhere_but_to_this_site(question: Page, tmp_path: Path) -> None:
    """By a reader of codes in the browser's place, which says what it is to say."""
    base = question.evaluate("document.querySelector('link[rel=canonical]').href")
    codes = [FOREIGN, *(base.removesuffix("authenticity/") + path for path in PATHS)]
    question.evaluate(
        """(codes) => { window.BarcodeDetector = class {
          detect() { return Promise.resolve(codes.map((rawValue) => ({ rawValue }))); } }; }""",
        codes,
    )
    assert answer(question, KINDLY["recompressed"](poster()), tmp_path) == "whole"
    place = question.locator("#authenticity-answer")
    assert f"不指向本站，它的内容是“{FOREIGN}”" in place.inner_text()
    hosts = place.locator("a").evaluate_all("all => all.map((a) => a.origin)")
    assert set(hosts) == {question.evaluate("location.origin")}
