"""Words of pictures, read by the recogniser: screens of a post on a phone, true and changed."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.authenticity.score import put
from tests.browser.conftest import PATIENCE
from tests.browser.serving import POST, held
from tests.site.conftest import Built
from tests.site.sample import ALERT, PLAIN

pytestmark = pytest.mark.browser

CHANGES = {
    "a figure": ("拨打 120", "拨打 128"),
    "a negation": ("不要把炭盆放进卧室", "要把炭盆放进卧室"),
    "a sentence more": ("并常开窗。", "并常开窗。每户先交押金二百元。"),
    "a number of metres": ("1.5 米", "15 米"),
    "a place": ("放进卧室", "放进厨房"),
    "a cell": ("每周一次", "96350"),
}
"""Words of the article and what a forger puts there; marks within them are taken out first."""
NOT_ISSUED = ("differs", "unread", "within", "beside")
UNSURE = ("unread", "differs")
"""What is read of figures that look alike, and at the end of a line."""
REPLACE = """([from, to]) => {
  const marked = document.querySelectorAll(".sn-article strong");
  for (const strong of marked) strong.replaceWith(strong.textContent);
  const body = document.querySelector('[data-signed=body]');
  body.normalize();
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  let changed = 0;
  const plain = (words) => words.replace(/\\s/g, '');
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    if (!plain(data).includes(plain(from))) continue;
    texts.currentNode.data = plain(data).replace(plain(from), plain(to));
    changed += 1;
  }
  return changed;
}"""


@pytest.fixture(scope="module")
def phone(browser: Browser, address: str) -> Iterator[Page]:
    """The page of a post at the width of a phone."""
    size = {"width": 390, "height": 844}
    with browser.new_context(viewport=size, device_scale_factor=2) as context:
        yield context.new_page()


KEPT = """(() => {
  const Begun = Worker;
  const answers = new Map();
  let kept = null;
  const key = ({ width, height, mode, method, grey, colours }) => {
    let sum = 2166136261;
    for (const byte of grey ?? colours) sum = Math.imul(sum ^ byte, 16777619);
    return [width, height, mode, method, Boolean(grey), sum].join();
  };
  window.Worker = function (url) {
    kept ??= new Begun(url);
    const over = new AbortController();
    let heard = null;
    return {
      addEventListener(type, hear) {
        if (type === "message") heard = hear;
        kept.addEventListener(type, hear, over);
      },
      postMessage(asked, moved) {
        const [named, { id }] = [key(asked), asked];
        const answer = ({ data }) => { if (data.id === id) answers.set(named, data); };
        const known = answers.get(named);
        if (known) return void queueMicrotask(() => heard({ data: { ...known, id } }));
        kept.addEventListener("message", answer, over);
        kept.postMessage(asked, moved);
      },
      terminate: () => over.abort(),
    };
  };
})()"""
"""Pages begin the recogniser for each picture, and read all pictures of a post beside it: this
takes longer than to read a screen. Here it goes on, and reads the same picture once."""


@pytest.fixture(scope="module")
def question(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(KEPT)
        page.goto(address + "authenticity/")
        page.locator("#authenticity-form fieldset:enabled").first.wait_for()
        yield page


def screen(phone: Page, address: str, change: tuple[str, str] | None = None) -> Image.Image:
    """The body of the post as a phone shows it, the changed words in it."""
    phone.goto(address + POST)
    if change:
        assert phone.evaluate(REPLACE, change), change
    return shot(phone.locator("[data-signed=body]"))


def shot(place: Locator) -> Image.Image:
    return Image.open(io.BytesIO(place.screenshot(animations="disabled"))).convert("RGB")


TOPS = """() => {
  const body = document.querySelector("[data-signed=body]");
  const above = body.getBoundingClientRect().top;
  const tops = (one) => Math.floor(2 * (one.getBoundingClientRect().top - above)) - 10;
  return [...body.querySelectorAll("h2, h3, img")].map(tops);
}"""
"""Where headings and pictures begin, in pixels."""
HALVES = {"upper": (0, 2), "lower": (1, 3)}
"""Paragraphs with a list, and paragraphs with the table: half of what there is to read."""


def half(
    phone: Page, address: str, name: str = "upper", change: tuple[str, str] | None = None
) -> Image.Image:
    """As of `screen`."""
    return part(phone, screen(phone, address, change), name)


def part(phone: Page, image: Image.Image, name: str) -> Image.Image:
    tops = phone.evaluate(TOPS)
    first, after = HALVES[name]
    return image.crop((0, tops[first], image.width, tops[after]))


def shown(question: Page, words: str) -> bool:
    """Whether the answer shows a place of the picture with these words, or one not made out."""
    place = question.locator("#authenticity-answer .sn-places > li")
    said = place.locator("p").all_inner_texts()
    signs = set(re.findall(r"\w", words))
    return any(
        "没有认出字" in one or 2 * len(signs & set(re.findall(r"\w", one))) >= len(signs)
        for one in said
    ) and place.locator("canvas").count() == len(said)


def told(question: Page, image: Image.Image, folder: Path) -> str:
    image.save(folder / "given.png")
    return put(question, {"kind": "picture", "file": "given.png"}, folder)[0]


def test_a_screen_of_a_post_is_read_and_named(
    question: Page, phone: Page, address: str, tmp_path: Path
) -> None:
    assert told(question, screen(phone, address), tmp_path) in ("whole", "excerpt")
    place = question.locator("#authenticity-answer")
    expect(place.locator(f"a[href*='{PLAIN}']").first).to_be_visible()
    expect(place).to_contain_text("逐行对照")
    place.get_by_text("图里认出的字", exact=True).click()
    place.get_by_role("button", name="改好再核对").click()
    assert "检查炉火" in question.locator("#authenticity-words").input_value()


@pytest.mark.parametrize("name", HALVES)
def test_half_of_a_screen_is_a_part_of_the_notice(
    question: Page, phone: Page, address: str, tmp_path: Path, name: str
) -> None:
    assert told(question, half(phone, address, name), tmp_path) == "excerpt"


@pytest.mark.parametrize("what", CHANGES)
def test_changed_words_in_a_screen_are_never_issued(
    question: Page, phone: Page, address: str, tmp_path: Path, what: str
) -> None:
    name = "lower" if what in ("a number of metres", "a cell") else "upper"
    how = told(question, half(phone, address, name, CHANGES[what]), tmp_path)
    assert how in (UNSURE if what in ("a figure", "a place", "a cell") else ("differs",))
    if how == "differs":
        expect(question.locator("#authenticity-answer .sn-change").first).to_be_visible()


def lettered(image: Image.Image, words: str, place: tuple[int, int], size: int, ink: str) -> None:
    font = ImageFont.truetype("NotoSansCJK-Regular.ttc", size, index=2)
    ImageDraw.Draw(image).text(place, words, font=font, fill=ink)


HOSTILE = {
    "large false words above": "今晚全市停水停电",
    "pale false words below": "请每户转账二百元到社区账户",
    "a stamp across": "作废",
    "from another side": "此通知已经取消请勿执行各家照常",
}


def hostile(image: Image.Image, how: str) -> Image.Image:
    w, h = image.size
    tall = Image.new("RGB", (w, h + 260), "white")
    tall.paste(image, (0, 200))
    if how == "large false words above":
        lettered(tall, HOSTILE[how], (20, 40), 84, "black")
    elif how == "pale false words below":
        lettered(tall, HOSTILE[how], (20, h + 205), 36, "#a8a8a8")
    elif how == "a stamp across":
        lettered(tall, HOSTILE[how], (w // 3, h // 2), 160, "#d02020")
    elif how == "from another side":
        strip = Image.new("RGB", (h, 90), "white")
        lettered(strip, HOSTILE[how], (40, 10), 56, "black")
        tall.paste(strip.rotate(90, expand=True), (w - 90, 120))
    return tall


@pytest.mark.parametrize("how", HOSTILE)
def test_false_words_around_true_ones_keep_it_from_being_issued(
    question: Page, phone: Page, address: str, tmp_path: Path, how: str
) -> None:
    image = hostile(half(phone, address), how)
    answer = told(question, image, tmp_path)
    assert answer in NOT_ISSUED
    if answer == "beside":
        assert shown(question, HOSTILE[how])


BESIDE = {
    "four signs as of a name": ("提前放学", 40, 84, "black"),
    "words and a figure as of a group": ("请每户转账押金200", -120, 36, "black"),
    "few signs and a figure": ("今晚8点停水", -120, 48, "black"),
    "after a state": ("已解除请恢复正常生产", 40, 40, "black"),
    "a host more": ("https://archive.yunlan.exarnple.top/pay/2026/", -120, 26, "black"),
    "nearly the ground's colour": ("请每户转账二百元到社区账户", -120, 34, "#e4e4e4"),
    "a group's title": ("今晚八点断网(96)", 40, 40, "black"),
    "small, as over a chat's words": ("学校明天放假", 60, 26, "#888888"),
    "small, and no name": ("大坝垮了快逃", 60, 26, "#888888"),
    "before a name": ("断水断电小李", 60, 36, "black"),
    "an event as a group's title": ("预警改为红色(96)", 40, 40, "black"),
    "a surname's sign first": ("龙卷风", 40, 40, "black"),
    "beside a date above": ("2026年12月1日停水", 60, 30, "#888888"),
    "at a phone's right": ("5G已取消", 10, 30, "black"),
    "a guide who says it": ("领队快逃", 60, 26, "#888888"),
    "who passes it on": ("此规定已作废 转", -120, 36, "black"),
    "a button that says no": ("不分享收藏在看", -120, 30, "#888888"),
    "very small, at the foot": ("罚款1286", -100, 20, "#888888"),
    "an office's time": ("市气象局 截至12月1日", 60, 30, "#888888"),
    "cut by the rim": ("每户先交押金二百元扫码付款后生效", -34, 36, "black"),
}
"""Words that a forger puts above or below a true notice: they, pixels from an end, size, colour."""


def with_room(phone: Page, address: str) -> Image.Image:
    """Half of a screen, and room for other words above and below."""
    true = half(phone, address)
    image = Image.new("RGB", (780, true.height + 360), "white")
    image.paste(true, (0, 180))
    return image


@pytest.mark.parametrize("how", BESIDE)
def test_words_that_look_like_what_phones_show_are_not_passed_over(
    question: Page, phone: Page, address: str, tmp_path: Path, how: str
) -> None:
    words, at, size, ink = BESIDE[how]
    image = with_room(phone, address)
    lettered(image, words, (40, at % image.height), size, ink)
    answer = told(question, image, tmp_path)
    assert answer in NOT_ISSUED
    if answer == "beside":
        assert shown(question, words)


def test_a_sentence_that_is_none_of_it_beside_a_true_one_is_shown(
    question: Page, phone: Page, address: str, tmp_path: Path
) -> None:
    image = with_room(phone, address)
    lettered(image, "听说大坝已经裂了大家赶紧往山上跑", (40, 50), 36, "black")
    assert told(question, image, tmp_path) == "differs"
    expect(question.locator("#authenticity-answer")).to_contain_text("没有这一句")


AROUND = {
    "a notebook": [
        ("2026年12月1日 20:21", 380, 62, 30),
        ("楼下小陈", 40, 120, 30),
        ("谢谢分享", 60, -100, 36),
    ],
    "a chat": [
        ("登山小分队(42)", 250, 40, 36),
        ("谁发的？", 60, -100, 36),
    ],
    "a board": [("西塘村村委会　转", 450, -100, 36)],
}
"""What is shown around a notice: words, place, size."""


@pytest.mark.parametrize("where", AROUND)
def test_what_a_chat_shows_around_a_notice_is_shown_as_none_of_it(
    question: Page, phone: Page, address: str, tmp_path: Path, where: str
) -> None:
    """Who speaks there is nobody's to tell."""
    image = with_room(phone, address)
    for words, x, y, size in AROUND[where]:
        lettered(image, words, (x, y % image.height), size, "#777777")
    assert told(question, image, tmp_path) == "beside"
    for words, *_ in AROUND[where]:
        assert shown(question, words)


def test_what_a_phone_shows_above_a_page_is_passed_over(
    question: Page, phone: Page, address: str, tmp_path: Path
) -> None:
    image = with_room(phone, address)
    for words, x in (("19:05", 40), ("5G 69%", 640)):
        lettered(image, words, (x, 12), 26, "#333333")
    assert told(question, image, tmp_path) == "excerpt"


def aslant(true: Image.Image) -> Image.Image:
    sheet = ImageOps.expand(true, 60, "white")
    return sheet.rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor="#dddddd")


def from_the_side(true: Image.Image) -> Image.Image:
    """What a camera makes of a sheet whose left is nearer: lines spread towards it."""
    sheet = ImageOps.expand(true, (80, 120), "white")
    spread = (1.09, 0.0, -60.0, 0.09, 1.0, -30.0, 0.00012, 0.0)
    return sheet.transform(
        sheet.size, Image.Transform.PERSPECTIVE, spread, Image.Resampling.BICUBIC, fillcolor="white"
    )


@pytest.mark.parametrize("change", [None, CHANGES["a negation"], CHANGES["a figure"]])
@pytest.mark.parametrize("seen", [aslant, from_the_side])
def test_a_sheet_is_read_level(
    question: Page, phone: Page, address: str, tmp_path: Path,
    seen: Callable[[Image.Image], Image.Image], change: tuple[str, str] | None,
) -> None:  # fmt: skip
    how = told(question, seen(half(phone, address, change=change)), tmp_path)
    assert how != "beside"
    assert (how in ("whole", "excerpt")) == (change is None), how


LEANING = """async (lines) => {
  const { leaning } = await import("/assets/authenticity_judge.js");
  const read = lines.map(([y, slope]) => ({ signs: [..."睡前检查炉火关好门窗"].map((sign, n) => (
    [sign, [40 * n, y + 40 * slope * n, 40 * n + 38, y + 40 * slope * n + 38], 99])) }));
  const { slope, spread } = leaning(read, { height: 1000 });
  return [slope, 1000 * spread].map((value) => Math.round(1000 * value) / 1000);
}"""


@pytest.mark.parametrize(
    ("lines", "leaning"),
    [
        ([(100, 0), (400, 0), (700, 0), (900, 0)], [0, 0]),
        ([(100, 0.05), (400, 0.05), (700, 0.05), (900, 0.05)], [0.05, 0]),
        ([(81, -0.04), (281, -0.02), (481, 0), (681, 0.02), (881, 0.04)], [0, 0.1]),
        ([(81, -0.004), (281, 0.004), (481, 0), (681, 0.002), (881, 0.006)], [0, 0]),
        ([(100, 0.05), (400, 0.05)], [0, 0]),  # too few
    ],
)
def test_how_lines_lean_and_spread(
    question: Page, lines: list[tuple[float, float]], leaning: list[float]
) -> None:
    found = question.evaluate(LEANING, lines)
    assert found == pytest.approx(leaning, abs=0.003)


KEEPS = """async ([slope, spread]) => {
  const { levelled } = await import("/assets/authenticity_judge.js");
  const given = new OffscreenCanvas(600, 400);
  const pen = given.getContext("2d");
  const corners = [[0, 0], [580, 0], [0, 380], [580, 380]];
  for (const [x, y] of corners) pen.fillRect(x, y, 20, 20);
  const { picture, at } = levelled(given, { slope, spread });
  const seen = picture.getContext("2d");
  return corners.map(([x, y]) => {
    const [left, top] = at([x + 10, y + 10]).map(Math.round);
    const [grey, , , there] = seen.getImageData(left, top, 1, 1).data;
    return there - grey;
  });
}"""


@pytest.mark.parametrize(("slope", "spread"), [(0.1, 0), (0, 0.001), (-0.05, -0.0008)])
def test_nothing_at_a_corner_is_lost_when_a_sheet_is_levelled(
    question: Page, slope: float, spread: float
) -> None:
    assert question.evaluate(KEEPS, [slope, spread]) == [255, 255, 255, 255]


@pytest.mark.parametrize("change", [None, ("1.5 米", "15 米")])
def test_a_seam_of_a_long_picture_shows_a_line_twice(
    question: Page, phone: Page, address: str, tmp_path: Path, change: tuple[str, str] | None
) -> None:
    """Through half of a line; it hides no change."""
    whole = screen(phone, address, change)
    image = Image.new("RGB", (whole.width, whole.height + 90), "white")
    image.paste(whole.crop((0, 0, whole.width, 300)), (0, 0))
    image.paste(whole.crop((0, 210, *whole.size)), (0, 300))
    how = told(question, image, tmp_path)
    assert (how in ("whole", "excerpt")) == (change is None), how


PLACE = """(words) => {
  const body = document.querySelector("[data-signed=body]");
  const plain = words.replace(/\\s/g, "");
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    const signs = [...data].map((sign, n) => [sign, n]).filter(([sign]) => sign.trim());
    const at = signs.map(([sign]) => sign).join("").indexOf(plain);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(texts.currentNode, signs[at][1]);
    range.setEnd(texts.currentNode, signs[at][1] + 1);
    const { top, bottom } = range.getBoundingClientRect();
    return top + bottom - 2 * body.getBoundingClientRect().top;
  }
  return null;
}"""
CUT = {
    "a figure": ("拨打 120", "拨打 720"),
    "a negation": ("不要把炭盆放进卧室", "需要把炭盆放进卧室"),
    "words behind": ("并常开窗。", "并常开窗。全城放假三天"),
}
"""What a forger changes in the last line of a picture, of which the upper part is seen."""


@pytest.mark.parametrize("what", CUT)
def test_words_changed_in_a_line_that_the_rim_cuts_are_not_passed_over(
    question: Page, phone: Page, address: str, tmp_path: Path, what: str
) -> None:
    image = screen(phone, address, CUT[what])
    middle = phone.evaluate(PLACE, CUT[what][1][-3:])  # of the line, at two pixels a point
    assert middle
    cut = image.crop((0, max(0, int(middle) - 900), image.width, int(middle) + 6))
    answer = told(question, cut, tmp_path)
    assert answer in NOT_ISSUED
    if answer == "beside":
        assert shown(question, CUT[what][1])


EXCHANGED = """() => {
  const ends = [...document.querySelectorAll("[data-signed=body] tbody tr")]
    .map((row) => row.lastElementChild);
  const [first, second] = ends.map((cell) => cell.textContent);
  [ends[0].textContent, ends[1].textContent] = [second, first];
}"""


def test_true_words_in_each_others_place_are_not_issued(
    question: Page, phone: Page, address: str, tmp_path: Path
) -> None:
    phone.goto(address + POST)
    phone.evaluate(EXCHANGED)
    image = part(phone, shot(phone.locator("[data-signed=body]")), "lower")
    assert told(question, image, tmp_path) in ("differs", "unread")


PLACED = """async () => {
  const { corpusOf, placed } = await import(new URL("../assets/authenticity_words.js", location));
  const words = "睡前检查炉火";
  const signs = Array.from(words, (sign, n) => ({ sign, raw: sign, box: [n, 0, n + 1, 1] }));
  const block = { words: `${"甲".repeat(230000)}${words}`, number: 0, core: true, signed: true };
  const { segments } = placed([{ signs, raw: words, box: [0, 0, 6, 1] }], corpusOf([block]));
  return segments[0].span.cost;
}"""


def test_a_line_is_placed_in_the_longest_page_there_may_be(question: Page) -> None:
    assert question.evaluate(PLACED) == 0


PARTED = """async ([blocks, words]) => {
  const { corpusOf, placed, segmentsOf, textOf } = await import("/assets/authenticity_words.js");
  const corpus = corpusOf(blocks.map((one) => ({ words: one, number: 0, signed: true })));
  const signs = [...words].map((sign, n) => [sign, [40 * n, 0, 40 * n + 38, 38], 99]);
  return placed(segmentsOf([{ signs }]), corpus).segments
    .map((one) => [textOf(one), one.span ? one.span.cost : null]);
}"""


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("【拨通119】11月9日是全国消防日", [["拨通119", 0], ["11月9日是全国消防日", 0]]),
        ("报警电话打得清楚大家记住了吗各位邻居", [["报警电话打得清楚大家记住了吗各位邻居", None]]),
        ("各位邻居大家好今天说一说怎么报火警", [["各位邻居大家好今天说一说怎么报火警", None]]),
        # what stands elsewhere on the page stands in the place of issued words here
        ("报警电话打得清楚是全国消防日", [["报警电话打得清楚是全国消防日", 4]]),
        ("青峪县望岭县岚城区", [["青峪县望岭县岚城区", 3]]),
        # a block's last sign may be misread
        ("消防车就能少绕一个湾全国", [["消防车就能少绕一个湾", 1], ["全国", 0]]),
        ("消防车就能少绕两大湾全国", [["消防车就能少绕两大湾全国", 5]]),
    ],
)
def test_a_line_of_two_places_is_parted(
    question: Page, words: str, parts: list[list[str | None]]
) -> None:
    blocks = ["拨通119", "全国", "报警电话打得清楚，消防车就能少绕一个弯。"]
    blocks += ["11月9日是全国消防日。", "青峪县、望岭县、石壑县", "岚城区"]
    assert question.evaluate(PARTED, [blocks, words]) == parts


INKED = """(width, height, size) => {
  const pen = new OffscreenCanvas(width, height).getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "black";
  pen.font = `${size}px sans-serif`;
  return pen;
}"""
"""A pen of that size on white paper."""


NUMBER = """async ([issued, drawn]) => {
  const [{ SHOWN, shownAt }, { corpusOf }] = await Promise.all(
    ["place", "words"].map((name) => import(`/assets/authenticity_${name}.js`)));
  const pen = (INKED)(400, 80, 32);
  const canvas = pen.canvas;
  pen.fillText(`最迟${drawn}月`, 20, 50);
  const left = 20 + pen.measureText("最迟").width;
  const width = pen.measureText(drawn).width;
  const corpus = corpusOf([{ words: `最迟${issued}月`, number: 0, signed: true }]);
  const box = [left, 22, left + width, 52]; // a recogniser's, of both figures
  const right = left + width;
  const boxes = [[20, 20, 50, 52], [52, 20, 83, 52], box, box, [right + 2, 20, right + 32, 52]];
  const signs = [..."最迟", ...drawn, "月"]
    .map((sign, n) => ({ sign, raw: sign, box: boxes[n], sure: 99 }));
  const pairs = signs.map((_, n) => [n, n]);
  const [read, own] = [drawn[1], issued[1]];
  const edit = { from: 3, to: 4, read, raw: read, own, places: [3], boxes: [box] };
  const { how } = shownAt(canvas, { signs, span: { from: 0, to: 5, pairs } }, edit, corpus);
  return how > SHOWN.NEITHER;
}""".replace("INKED", INKED)


@pytest.mark.parametrize(("issued", "drawn"), [("11", "12"), ("12", "11"), ("30", "36")])
def test_a_figure_is_told_by_its_whole_number(question: Page, issued: str, drawn: str) -> None:
    """A 1 is found in 12."""
    assert not question.evaluate(NUMBER, [issued, drawn])


TOLD = """async ([block, rows]) => {
  const [{ Lines }, { corpusOf }] = await Promise.all(
    ["lines", "words"].map((name) => import(`/assets/authenticity_${name}.js`)));
  const pen = (INKED)(900, 200, 38);
  const picture = pen.canvas;
  const read = rows.map((words, row) => {
    let x = 40;
    return { signs: [...words].map((sign) => {
      const [left, wide] = [x, sign === "[" ? 18 : 40];
      pen.fillText(sign.replace("[", ""), left, 53 + 60 * row);
      x += wide;
      return [sign, [left, 20 + 60 * row, left + wide - 2, 58 + 60 * row], 99];
    }) };
  });
  const corpus = corpusOf([{ words: block, number: 0, signed: true, core: true }]);
  const lines = new Lines(picture, corpus, [read, read], () => {});
  await lines.examineAll();
  return lines.problems.map(({ edit }) => [edit.read, edit.own]);
}""".replace("INKED", INKED)


@pytest.mark.parametrize(
    ("block", "rows", "problems"),
    [
        ("同时拨打119和120，说清地点。", ["同时拨打119和1", "20，说清地点。"], []),
        ("同时拨打119和120，说清地点。", ["同时拨打119和1", "说清地点。"], [["", "20"]]),
        ("备好手电1支，哨子1只。", ["备好手电[支，哨子1只。"], []),
        ("备好手电1支，哨子1只。", ["备好手电支，哨子1只。"], [["", "1"]]),
        ("先断电再扑救，来源应急局", ["一一先断电再扑救，来源应急局"], []),  # a dash
        ("每户发放水泥二十", ["每户发放水泥二十一"], [["一", ""]]),
        ("每户发放水泥四包", ["每户发放水泥四包一"], []),  # a rule at the rim
    ],
)
def test_what_breaks_a_number_and_what_a_1_and_a_rule_are_read_as(
    question: Page, block: str, rows: list[str], problems: list[list[str]]
) -> None:
    assert question.evaluate(TOLD, [block, rows]) == problems


AWAY = """async ([words, top, cost]) => {
  const [{ isOfAround }, { segmentsOf }] = await Promise.all(
    ["around", "words"].map((name) => import(`/assets/authenticity_${name}.js`)));
  const [segment] = segmentsOf([{ signs: [...words].map(
    (sign, n) => [sign, [40 * n, top, 40 * n + 38, top + 38], 99]) }]);
  return isOfAround({ ...segment, span: { cost } }, { top: 100, low: 500 });
}"""


@pytest.mark.parametrize(
    ("words", "top", "cost", "is_around"),
    [
        ("2026年9月15日", 40, 1, True),
        ("2026年9月15日", 520, 1, True),
        ("2026年9月15|", 40, 1, True),  # the rest of it was read as a rule
        ("9-1519:02", 40, 1.5, True),
        ("2026年9月15日", 300, 1, False),  # in the notice
        ("2026年9月15日", 520, 0, False),  # the page's own
        ("2026年9月15日停水", 520, 2, False),
        ("12500", 40, 1, False),
    ],
)
def test_a_date_away_from_the_notice_is_none_of_it(
    question: Page, words: str, top: int, cost: float, is_around: bool
) -> None:
    assert question.evaluate(AWAY, [words, top, cost]) == is_around


THERE = """async ([drawn, read]) => {
  const [{ standsThere }, { corpusOf, placed, segmentsOf }] = await Promise.all(
    ["gaps", "words"].map((name) => import(`/assets/authenticity_${name}.js`)));
  const pen = (INKED)(600, 100, 40);
  const picture = pen.canvas;
  pen.fillText(drawn, 60, 65);
  const line = (words, x) => ({ signs: [...words].map(
    (sign, n) => [sign, [x + 40 * n, 28, x + 40 * n + 38, 68], 99]) });
  const corpus = corpusOf([{ words: "不带卡式炉煮碗面行吗", number: 0, signed: true, core: true }]);
  const used = placed(segmentsOf([line("炉煮碗面行吗", 220)]), corpus).segments;
  const [other] = placed(segmentsOf([line(read, 60)]), corpus).segments;
  return standsThere(picture, { ...other, box: [60, 28, 218, 68] }, used, corpus);
}""".replace("INKED", INKED)


@pytest.mark.parametrize(
    ("drawn", "read", "there"),
    [
        ("不带卡式炉煮碗面行吗", "作下", True),
        ("可带卡式炉煮碗面行吗", "作下", False),
        ("不带刀具炉煮碗面行吗", "作下", False),
        ("明天停课炉煮碗面行吗", "明天停课", False),
    ],
)
def test_signs_beside_a_line_are_looked_for_whatever_was_read(
    question: Page, drawn: str, read: str, there: bool
) -> None:
    assert question.evaluate(THERE, [drawn, read]) == there


STANDS = """async (drawn) => {
  const { stands } = await import("/assets/authenticity_place.js");
  const pen = (INKED)(400, 100, 40);
  const picture = pen.canvas;
  pen.fillText(drawn, 60, 65);
  const box = (x) => [x, 28, x + 34, 68];
  const signs = [..."没有急急着"].map((raw, n) => ({ sign: raw, raw, box: box(62 + 40 * n) }));
  if (drawn.length < 5) [signs[1].box, signs[2].box, signs[3].box] = [90, 112, 146].map(box);
  return stands(picture, { signs }, { from: 2, to: 3, raw: "急", boxes: [signs[2].box] }, 40);
}""".replace("INKED", INKED)


@pytest.mark.parametrize(("drawn", "more"), [("没有急急着", True), ("没有急着", False)])
def test_a_sign_more_has_to_have_room(question: Page, drawn: str, more: bool) -> None:
    """A recogniser may put in a sign, and give it a part of its neighbours' boxes."""
    assert question.evaluate(STANDS, drawn) == more


LAID = """async ([words, kind, at, size, place, day]) => {
  const [{ partedBeside }, { corpusOf, placed, segmentsOf }] = await Promise.all(
    ["beside", "words"].map((name) => import(`/assets/authenticity_${name}.js`)));
  const rows = ["油锅起火，盖上锅盖，", "关火，不要浇水。", "电器起火，先断电再扑。"];
  const corpus = corpusOf([rows[0] + rows[1], rows[2], "自10月1日起施行。"].map(
    (one) => ({ words: one, number: 0, signed: true, core: true })));
  const line = (text, x, y, em) => ({
    signs: [...text].map(
      (sign, n) => [sign, [x + em * n, y, x + em * (n + 1) - 2, y + em - 2], 99]) });
  const lines = rows.map((text, n) => line(text, 100, [200, 260, 380][n], 40));
  if (day) lines.unshift(line("10月1日", 100, day, 26));
  const used = placed(segmentsOf(lines), corpus).segments;
  const [segment] = placed(segmentsOf([line(words, ...at, size)]), corpus).segments;
  const problems = [{ kind, segment: { ...segment, span: place ? segment.span : null } }];
  const parted = partedBeside({ problems, left: [], turned: [] }, used, corpus, { height: 800 });
  return [parted.problems.length, parted.items.map((one) => one.words)];
}"""


@pytest.mark.parametrize(
    ("words", "kind", "at", "size", "shown_beside"),
    [
        ("已读六十四人", "loose", (100, 60), 30, True),  # above
        ("三栋王阿姨", "loose", (100, 600), 30, True),  # below
        ("明天停课三天", "loose", (100, 500), 40, True),
        ("说得真好", "loose", (100, 320), 30, True),  # between two paragraphs
        ("今天21:10", "loose", (100, 320), 26, True),
        ("今天21:10停水", "loose", (100, 320), 26, False),
        ("先交押金二百", "loose", (100, 320), 40, False),  # a claim there
        ("说得真好", "loose", (100, 225), 30, False),  # between lines of one
        ("不能", "loose", (520, 200), 40, False),  # beside a line
        ("听说水库裂了大家都往山上跑", "other", (100, 440), 40, False),  # as if it went on
        ("听说水库裂了大家都往山上跑", "other", (100, 640), 40, True),
        ("电器起火，先断电再跑。", "unsure", (100, 600), 40, False),  # like a line of it
        ("先断水", "short", (100, 440), 40, False),  # a short line of it
        ("先断水", "short", (100, 640), 40, True),
    ],
)
def test_what_stands_beside_a_notice_is_shown(
    question: Page, words: str, kind: str, at: tuple[int, int], size: int, shown_beside: bool
) -> None:
    place = kind in ("unsure", "short")
    problems, items = question.evaluate(LAID, [words, kind, at, size, place, 0])
    assert (problems, items) == ((0, [words]) if shown_beside else (1, []))


@pytest.mark.parametrize(
    ("day", "size", "shown_beside"),
    [(60, 26, True), (323, 40, False)],  # above the notice; between two of its paragraphs
)
def test_a_chat_s_day_may_be_one_that_the_notice_names(
    question: Page, day: int, size: int, shown_beside: bool
) -> None:
    words = "10月1日转账8元"
    problems, items = question.evaluate(LAID, [words, "loose", (100, day), size, False, day])
    assert (problems, items) == ((0, [words]) if shown_beside else (1, []))


@pytest.mark.parametrize("level", ["Ⅱ", "Ⅰ", "Ⅳ"])
def test_a_level_numeral_alone_is_compared(
    question: Page, phone: Page, address: str, tmp_path: Path, level: str
) -> None:
    phone.goto(f"{address}posts/2026/{ALERT}/")
    article = phone.locator(".sn-article")
    article.evaluate(
        "(whole, to) => { whole.innerHTML = whole.innerHTML.replaceAll('Ⅱ级', to) }", f"{level}级"
    )
    image = shot(article)
    how = told(question, image.crop((0, 0, image.width, min(image.height, 1600))), tmp_path)
    assert (how in ("whole", "excerpt")) == (level == "Ⅱ"), how


def code(address: str) -> Image.Image:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="png", scale=8, border=4)
    return Image.open(drawn).convert("RGB")


@pytest.mark.parametrize(
    ("led", "answer"),
    [
        (POST, ("link",)),
        ("posts/2026/2026-11-99-none/", ("none", "unread")),
        ("https://example.top/posts/2026/2026-11-03-winter-co/", ("none", "unread")),
    ],
)
def test_a_code_to_scan_leads_to_its_notice(
    question: Page, address: str, tmp_path: Path, led: str, answer: tuple[str, ...]
) -> None:
    """This Chromium has no reader of codes of its own: the archive's reads it."""
    image = code(led if "://" in led else address + led)
    assert told(question, image, tmp_path) in answer
    place = question.locator("#authenticity-answer")
    if answer == ("link",):
        expect(place.locator("h2")).to_contain_text("二维码")
        expect(place.locator(f"a[href*='{PLAIN}']").first).to_be_visible()
        expect(place).to_contain_text("内容也一样")


def test_a_code_makes_no_changed_words_good(
    question: Page, phone: Page, address: str, tmp_path: Path
) -> None:
    changed = half(phone, address, change=CHANGES["a sentence more"])
    drawn = code(address + POST)
    image = Image.new("RGB", (changed.width, changed.height + drawn.height), "white")
    image.paste(changed, (0, 0))
    image.paste(drawn, (0, changed.height))
    assert told(question, image, tmp_path) == "differs"


@pytest.mark.parametrize("field", ["#authenticity-words", "#authenticity-check"])
@pytest.mark.parametrize(
    ("led", "answer"), [(POST, "link"), (f"{POST}#evidence", "link"), ("posts/2026/none-such/", "")]
)
def test_an_address_is_asked_for_in_either_field(
    question: Page, address: str, field: str, led: str, answer: str
) -> None:
    place = question.locator("#authenticity-answer")
    question.evaluate("document.getElementById('authenticity-answer').hidden = true")
    question.fill(field, f" {address}{led}\n" if "words" in field else f"{address}{led}")
    question.locator(field).locator("xpath=..").get_by_role("button").click()
    place.wait_for(timeout=PATIENCE)
    said = place.get_attribute("data-answer")
    assert said == answer if answer else said not in ("link", "whole", "excerpt")


EARLIER = """async (url) => {
  const { versionsFor } = await import("../assets/authenticity_find.js");
  const versions = await versionsFor("用煤炉取暖的房间要装烟囱，并常开窗。", [url]);
  return versions.filter((one) => one.url.startsWith(url.slice(0, -1)))
    .map((one) => [one.url, one.revision, one.present]);
}"""


def test_an_earlier_version_that_a_picture_leads_to_is_not_the_present_one(
    browser: Browser, built: Built, address: str
) -> None:
    html = built.text(f"{POST}index.html")
    link = f'<p class="sn-versions"><a href="../{PLAIN}.r2/">第 2 版</a></p></body>'
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"**/{PLAIN}*/", lambda r: r.fulfill(body=html.replace("</body>", link)))
        page.goto(address + "authenticity/")
        versions = page.evaluate(EARLIER, POST)
    assert versions == [[POST, 3, 3], [POST.replace(f"{PLAIN}/", f"{PLAIN}.r2/"), 2, 3]]


def test_a_recogniser_that_cannot_be_had_leaves_the_answer_as_it_was(
    browser: Browser, phone: Page, address: str, tmp_path: Path
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/authenticity_reader.js", lambda route: route.abort())
        page.goto(address + "authenticity/")
        page.locator("#authenticity-form fieldset:enabled").first.wait_for()
        assert told(page, screen(phone, address), tmp_path) == "unread"
        expect(page.locator("#authenticity-answer")).to_contain_text("图里的文字没有核对")


def test_who_does_not_wait_for_the_words_sees_what_the_picture_says(
    browser: Browser, phone: Page, address: str, tmp_path: Path
) -> None:
    screen(phone, address).save(tmp_path / "given.png")
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        release = held(page, "**/authenticity_reader.js")
        page.goto(address + "authenticity/")
        page.locator("#authenticity-form fieldset:enabled").first.wait_for()
        page.set_input_files("#authenticity-picture", tmp_path / "given.png")
        status = page.locator("#authenticity-status")
        expect(status).to_contain_text("正在读取图中文字")
        expect(status).to_be_in_viewport()
        page.get_by_role("button", name="不等文字").click()
        expect(page.locator("#authenticity-answer")).to_contain_text("图里的文字没有核对")
        expect(page.locator("#authenticity-answer")).to_be_focused()
        expect(page.get_by_role("button", name="不等文字")).to_have_count(0)
        release()


def test_nothing_is_fetched_for_it_before_a_picture_is_given(
    browser: Browser, address: str
) -> None:
    asked: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + "authenticity/")
        page.locator("#authenticity-form fieldset:enabled").first.wait_for()
        page.fill("#authenticity-words", "睡前检查炉火，不要把炭盆放进卧室。")
        page.get_by_role("button", name="核对文字").click()
        page.locator("#authenticity-answer").wait_for(timeout=PATIENCE)
    assert not [url for url in asked if "reader" in url]


def test_a_blurred_page_is_not_judged(
    question: Page, phone: Page, address: str, tmp_path: Path
) -> None:
    image = half(phone, address, change=CHANGES["a figure"]).filter(ImageFilter.GaussianBlur(7))
    assert told(question, image, tmp_path) in ("unread", "none")


MISSING = """async ([blocks, lines]) => {
  const [{ gapsShown }, { corpusOf, placed, segmentsOf }] = await Promise.all(
    ["gaps", "words"].map((name) => import(`/assets/authenticity_${name}.js`)));
  const whole = blocks.map((words) => ({ words, number: 0, signed: true, core: true }));
  const corpus = corpusOf(whole);
  const box = (n, row) => [40 * n, 60 * row, 40 * n + 38, 60 * row + 38];
  const read = lines.map((words, row) => (
    { signs: [...words].map((sign, n) => [sign, box(n, row), 99]) }));
  const used = placed(segmentsOf(read), corpus).segments;
  const shown = new Uint8Array(corpus.signs.length);
  const pairs = used.flatMap(({ span }) => span.pairs);
  for (const [n, place] of pairs) if (n >= 0 && place >= 0) shown[place] = 1;
  const picture = await createImageBitmap(new ImageData(900, 300));
  return gapsShown(picture, corpus, { used, shown }).map(({ kind, words }) => [kind, words]);
}"""
FIRST = ["油锅起火，盖上锅盖，", "关火，不要浇水。", "电器起火，先断电再扑。"]
SECOND = "火势大了不要硬扑，先撤出来再报警。"


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ([*FIRST, SECOND], []),
        ([*FIRST[:2], SECOND], []),  # its end, as in an excerpt of a text
        ([FIRST[0], FIRST[2], SECOND], [["other", "关火不要浇水"]]),
        ([FIRST[0], "", FIRST[2], SECOND], [["gap", "关火不要浇水"]]),  # there is room for it
        (FIRST[:2], []),  # a part of the notice, as it is cut
        ([FIRST[0], f"{FIRST[1][:-1]}……", SECOND], []),  # a card that says that more follows
    ],
)
def test_a_sentence_taken_out_between_lines_is_missed(
    question: Page, lines: list[str], missing: list[list[str]]
) -> None:
    """It is told as another text where no line is left for it, and as not made out else."""
    assert question.evaluate(MISSING, [["".join(FIRST), SECOND], lines]) == missing


@pytest.mark.parametrize(
    ("label", "missing"),
    [("结尾字幕：", []), ("网传：", [["gap", "网传"]]), ("错误：", [["gap", "错误"]])],
)
def test_a_label_that_says_nothing_may_be_left_out(
    question: Page, label: str, missing: list[list[str]]
) -> None:
    assert question.evaluate(MISSING, [[f"{label}{SECOND}"], [SECOND]]) == missing


def test_a_warning_is_known_in_figures_as_pages_of_before_said_it(
    phone: Page, address: str
) -> None:
    """Pictures of them go round, and are honest."""
    phone.goto(address + f"posts/2026/{ALERT}/")
    said = phone.evaluate("""async () => {
      const { wordsOf } = await import("/assets/authenticity_words.js");
      return wordsOf(document).filter(({ signed }) => signed).map(({ words }) => words);
    }""")
    words = [re.sub(r"\s+", " ", one).strip() for one in said]
    assert any(re.fullmatch(r"2026年11月22日 \d\d:\d\d 至 11月.*", one) for one in words)
    assert any(
        re.fullmatch(r"2026-11-22 \d\d:\d\d 至 2026-11-\d\d \d\d:\d\d", one) for one in words
    )


def test_the_state_of_a_warning_is_none_of_its_own_words(phone: Page, address: str) -> None:
    """The page's script writes it anew; pictures show what it said when they were made."""
    phone.goto(address + f"posts/2026/{ALERT}/")
    said = phone.evaluate("""async () => {
      const { wordsOf } = await import("/assets/authenticity_words.js");
      document.querySelector("[data-signed=alert] [data-state]").textContent = "已过期";
      return wordsOf(document).filter(({ words }) => words.includes("已过期"));
    }""")
    assert [(one["words"], one["signed"]) for one in said] == [("已过期", False)]


@pytest.mark.parametrize(
    ("read", "strange"),
    [
        ("2026/2026.11.03.stove", False),  # a line may be read in pieces
        ("2026.11.03.stove", False),
        ("2026.11.03.stoves", True),
        ("archive.example.top/pay/", True),
    ],
)
def test_a_piece_of_an_address_is_no_host(question: Page, read: str, strange: bool) -> None:
    assert strange == question.evaluate(
        """async (read) => {
          const [{ hasStrangeHost }, { corpusOf, segmentsOf }] = await Promise.all(
            ["address", "words"].map((name) => import(`/assets/authenticity_${name}.js`)));
          const words = "https://archive.example/posts/2026/2026-11-03-stove/";
          const corpus = corpusOf([{ words, number: 0, signed: false }]);
          const signs = [...read].map((sign, n) => [sign, [20 * n, 0, 20 * n + 18, 30], 99]);
          return hasStrangeHost(segmentsOf([{ signs }])[0], corpus);
        }""",
        read,
    )
