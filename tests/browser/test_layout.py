"""Layout under stress: titles without end, turned around or of markup, 40 columns, 12 pictures."""

import gzip
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.site.build import build
from tests.browser.hard_site import HARD, hard_site
from tests.browser.serving import served

pytestmark = pytest.mark.browser
LOOKS = {
    "desktop": ({"width": 1280, "height": 900}, "light", "screen", False),
    "phone": ({"width": 360, "height": 740}, "light", "screen", False),
    "dark": ({"width": 1280, "height": 900}, "dark", "screen", False),
    "elder": ({"width": 360, "height": 740}, "light", "screen", True),
    "paper": ({"width": 582, "height": 900}, "light", "print", False),  # A4 less its margins
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base = tmp_path_factory.mktemp("layout")
    build(hard_site(), base / "out", base / "work")
    yield from served(base / "out")


LISTS = ("", "posts/", "posts/2026/", "posts/2026/11/", "categories/", "accounts/", "corrections/")
FOUND = ("云岚云岚", "短文", "aaaa", "第9列指标", "onerror", "第11张图片")
PAGES = (
    *(f"posts/2026/{i}/" for i in HARD), *LISTS, "tags/", *(f"search/?q={q}" for q in FOUND),
)  # fmt: skip
AFTER = """[...document.querySelectorAll('main *')].filter((e) => {
  const r = e.getBoundingClientRect();
  const apart = e.closest('.table-scroll, .sn-scroll, pre, .sn-skip');
  return r.width && r.right > innerWidth + 1 && !apart;
}).map((e) => e.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_runs_off_the_page(browser: Browser, address: str, look: str) -> None:
    viewport, scheme, medium, elder = LOOKS[look]
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    if elder:
        page.add_init_script("localStorage.setItem('sanshen.elder', 'on')")
    page.emulate_media(media=medium)
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda m: trouble.append(m.text) if m.type == "error" else None)
    page.on("dialog", lambda d: trouble.append(f"a script of a title ran: {d.message}"))
    for url in PAGES:
        page.goto(address + url)
        page.wait_for_load_state("networkidle")
        trouble += [f"{url}: {html}" for html in page.evaluate(AFTER)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > viewport["width"]:
            trouble.append(f"{url}: {width} pixels wide")
        if medium == "screen":
            found = Axe().run(page).response["violations"]
            trouble += [f"{url}: {v['id']} {v['nodes'][0]['html'][:150]}" for v in found]
    context.close()
    assert trouble == []


def test_the_name_breaks_between_whose_and_what_it_is(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    parts = page.locator(".md-header .sn-name__part")
    assert parts.all_inner_texts() == ["云岚市应急管理局", "政务新媒体公开档案"]
    whose, what = (part.bounding_box() for part in parts.all())
    assert whose
    assert what
    assert whose["x"] == what["x"]
    assert whose["y"] + whose["height"] <= what["y"]
    assert whose["height"] == what["height"] < 24, "each on a line of its own"


def test_a_title_that_turns_around_leaves_the_words_beside_it_alone(
    page: Page, address: str
) -> None:
    page.goto(f"{address}posts/2026/2026-11-01-turned/")
    assert "\u202e" not in page.content()
    assert page.locator("h1 bdi").count() == 1
    assert page.locator(".sn-byline").evaluate("e => getComputedStyle(e).direction") == "ltr"


@pytest.mark.parametrize("elder", [False, True])
def test_results_of_hard_titles_are_whole_on_a_phone(
    browser: Browser, address: str, elder: bool
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    if elder:
        page.add_init_script("localStorage.setItem('sanshen.elder', 'on')")
    for query in FOUND:
        page.goto(f"{address}search/?q={query}")
        page.locator("#search-results:not([aria-busy]) mark").first.wait_for()
        assert page.locator("#search-results script, #search-results img").count() == 0
        assert "\u202e" not in page.content()
        for box in page.locator(".sanshen-hit :is(a, p, time)").all():
            seen = box.bounding_box()
            assert seen
            assert seen["x"] >= 0
            assert seen["x"] + seen["width"] <= 360
            assert box.evaluate("e => e.scrollWidth <= Math.max(e.clientWidth, e.offsetWidth)")
    page.goto(f"{address}search/?q=安全提示")
    title = page.locator(".sanshen-hit__link bdi").filter(has_text="שלום")
    assert title.evaluate("e => getComputedStyle(e).direction") == "rtl"
    facts = page.locator(".sanshen-hit__facts").first
    assert facts.evaluate("e => getComputedStyle(e).direction") == "ltr"
    context.close()


def test_a_wide_table_scrolls_by_keyboard_inside_its_own_frame(page: Page, address: str) -> None:
    page.goto(f"{address}posts/2026/2026-11-01-wide/")
    frame = page.locator(".table-scroll")
    wide, seen = frame.evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert wide > seen
    frame.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(50):  # the policy of the page lets no tool wait by `eval`
        if frame.evaluate("e => e.scrollLeft"):
            break
        page.wait_for_timeout(50)
    assert frame.evaluate("e => e.scrollLeft") > 0


def test_tables_of_a_post_are_readable_on_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}posts/2026/2026-11-01-places/")
    many, few = page.locator(".table-scroll").all()
    lines = "e => { const r = document.createRange(); r.selectNodeContents(e);" \
        " return new Set([...r.getClientRects()].map((one) => one.top)).size }"  # fmt: skip
    assert all(cell.evaluate(lines) == 1 for cell in many.locator("th, td").all())
    assert few.evaluate("e => e.scrollWidth <= e.clientWidth"), "two columns wrap"
    place = "e => Math.round(e.getBoundingClientRect().x)"
    before = many.locator("td").first.evaluate(place)
    many.evaluate("e => { e.scrollLeft = 9999 }")
    assert many.evaluate("e => e.scrollLeft") > 0
    assert abs(many.locator("td").first.evaluate(place) - before) < 2, "what names the row stays"
    page.goto(f"{address}posts/2026/2026-11-01-wide/")
    page.locator(".table-scroll").evaluate("e => { e.scrollLeft = 900 }")
    assert page.locator("th").filter(has_text="第0列指标").evaluate(place) > 0


def test_a_phone_loads_small_pictures_and_only_those_in_sight(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page, asked = context.new_page(), []
    page.on("request", lambda r: asked.append(r.url) if "/p" in r.url and "png" in r.url else None)
    page.goto(f"{address}posts/2026/2026-11-01-many/")
    page.wait_for_load_state("networkidle")
    images = page.locator(".sn-body img")
    assert images.count() == 12
    assert all(images.nth(n).get_attribute("loading") == "lazy" for n in range(12))
    assert all(images.nth(n).get_attribute("width") for n in range(12))
    assert asked
    assert all(url.endswith(".480.webp") for url in asked)
    context.close()


def test_nothing_moves_while_pictures_arrive(page: Page, address: str) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((l) => l.getEntries().forEach((e) => "
        "{ window.moved += e.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(f"{address}posts/2026/2026-11-01-many/")
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") < 0.1  # "good" by web.dev/cls


def test_a_post_page_is_light(page: Page, address: str) -> None:
    sizes: list[int] = []
    media = (".png", ".webp", ".mp4")
    page.on(
        "response",
        lambda r: sizes.append(len(gzip.compress(r.body()))) if not r.url.endswith(media) else None,
    )
    page.goto(f"{address}posts/2026/2026-11-01-many/")
    page.wait_for_load_state("networkidle")
    assert 10_000 < sum(sizes) < 150_000  # performance.md: over the wire, without its media


def test_the_transcript_opens_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}posts/2026/2026-11-01-film/")
    page.get_by_text("文字稿", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("文字稿一行。").is_visible()
