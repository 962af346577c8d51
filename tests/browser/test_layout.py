"""Layout under stress: titles without end, turned around or of markup, 40 columns, 12 pictures."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from pipeline.site.build import build
from tests.browser.hard_site import HARD, hard_site
from tests.browser.serving import LAYOUTS, served, settled, violations

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PAPER = {"width": 582, "height": 900}  # A4 less its margins


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base = tmp_path_factory.mktemp("layout")
    build(hard_site(), base / "out", base / "work")
    yield from served(base / "out")


LISTS = ("", "posts/", "posts/2026/", "posts/2026/11/", "categories/", "accounts/", "corrections/")
FOUND = ("云岚云岚", "短文", "aaaa", "第9列指标", "onerror", "第11张图片")
STRAINED = (*(f"posts/2026/{i}/" for i in HARD), "posts/2026/11/", "search/?q=云岚云岚")
ALL = (*STRAINED, *LISTS, "tags/", *(f"search/?q={q}" for q in FOUND))
PAGES = tuple(dict.fromkeys(ALL if LAYOUTS else (*STRAINED, "", "categories/", "corrections/")))
"""Other lists are drawn by a template that one of these has, too."""
CHECKED = STRAINED if LAYOUTS else (STRAINED[0], *STRAINED[-2:])
"""What axe is asked of: a title that has no end, where it is read, listed and found."""
ARRIVED = """async (image) => {
  await image.decode();
  for (const _ of "12") await new Promise(requestAnimationFrame);
}"""
"""Ends when a picture has come and the page has been drawn with it."""
AFTER = """[...document.querySelectorAll('main *')].filter((e) => {
  const r = e.getBoundingClientRect();
  const apart = e.closest('.table-scroll, .sn-scroll, pre, .sn-skip');
  return r.width && r.right > innerWidth + 1 && !apart;
}).map((e) => e.outerHTML.slice(0, 120)).slice(0, 3)"""


def test_nothing_runs_off_the_page(page: Page, address: str) -> None:
    """Each page loaded once, and looked at on a desktop, a phone, in large text and on paper."""
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda m: trouble.append(m.text) if m.type == "error" else None)
    page.on("dialog", lambda d: trouble.append(f"a script of a title ran: {d.message}"))
    large = "on => document.documentElement.classList.toggle('sn-elder-mode', on)"

    def look(name: str) -> None:
        trouble.extend(f"{name}: {html}" for html in page.evaluate(AFTER))
        if width := max(0, page.evaluate("document.documentElement.scrollWidth - innerWidth")):
            trouble.append(f"{name}: {width} pixels too wide")

    for url in PAGES:
        page.set_viewport_size(DESKTOP)
        settled(page, address + url)
        look(f"{url} on a desktop")
        page.set_viewport_size(PHONE)
        look(f"{url} on a phone")
        page.evaluate(large, True)
        look(f"{url} in large text")
        if url in CHECKED:
            trouble.extend(f"{url}: {found}" for found in violations(page))
        page.evaluate(large, False)
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print")
        look(f"{url} on paper")
        page.emulate_media(media="screen")
    assert trouble == []


def test_the_name_breaks_between_whose_and_what_it_is(tab: Page, address: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(address)
    parts = tab.locator(".md-header .sn-name__part")
    assert parts.all_inner_texts() == ["云岚市应急管理局", "政务新媒体公开档案"]
    whose, what = (part.bounding_box() for part in parts.all())
    assert whose
    assert what
    assert whose["x"] == what["x"]
    assert whose["y"] + whose["height"] <= what["y"]
    assert whose["height"] == what["height"] < 24, "each on a line of its own"


def test_a_path_that_ends_in_a_title_is_whole_on_a_phone(tab: Page, address: str) -> None:
    """As above an earlier version, whose path ends in the title of the present one."""
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{address}posts/2026/2026-11-01-turned/")
    first, last = tab.locator(".md-path__item").first, tab.locator(".md-path__link").last
    height = "e => e.firstElementChild.getClientRects()[0].height"
    before = first.evaluate(height)
    last.evaluate("e => { e.textContent = '全市主要应急避难场所名单公布'.repeat(3) }")
    assert first.evaluate(height) == before
    assert tab.locator(".md-path").evaluate("e => e.scrollWidth - e.clientWidth") == 0


def test_a_title_that_turns_around_leaves_the_words_beside_it_alone(
    tab: Page, address: str
) -> None:
    tab.goto(f"{address}posts/2026/2026-11-01-turned/")
    assert "\u202e" not in tab.content()
    assert tab.locator("h1 bdi").count() == 1
    assert tab.locator(".sn-byline").evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_results_of_hard_titles_are_whole_on_a_phone(tab: Page, address: str) -> None:
    tab.set_viewport_size(PHONE)
    cut = """() => [...document.querySelectorAll(".sanshen-hit :is(a, p, time)")].filter((e) => {
      const r = e.getBoundingClientRect();
      return r.x < 0 || r.right > 360 || e.scrollWidth > Math.max(e.clientWidth, e.offsetWidth);
    }).map((e) => e.outerHTML.slice(0, 120))"""
    for query in FOUND:
        tab.goto(f"{address}search/?q={query}")
        tab.locator("#search-results:not([aria-busy]) mark").first.wait_for()
        assert tab.locator("#search-results script, #search-results img").count() == 0
        assert "\u202e" not in tab.content()
        assert tab.evaluate(cut) == []
        tab.evaluate("document.documentElement.classList.add('sn-elder-mode')")
        assert tab.evaluate(cut) == [], "in large text"
    tab.goto(f"{address}search/?q=安全提示")
    title = tab.locator(".sanshen-hit__link bdi").filter(has_text="שלום")
    assert title.evaluate("e => getComputedStyle(e).direction") == "rtl"
    facts = tab.locator(".sanshen-hit__facts").first
    assert facts.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_a_wide_table_scrolls_by_keyboard_inside_its_own_frame(tab: Page, address: str) -> None:
    tab.goto(f"{address}posts/2026/2026-11-01-wide/")
    frame = tab.locator(".table-scroll")
    wide, seen = frame.evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert wide > seen
    frame.focus()
    tab.keyboard.press("ArrowRight")
    for _ in range(1200):  # the policy of the page lets no tool wait by `eval`
        if frame.evaluate("e => e.scrollLeft"):
            break
        tab.wait_for_timeout(50)
    assert frame.evaluate("e => e.scrollLeft") > 0


def test_tables_of_a_post_are_readable_on_a_phone(tab: Page, address: str) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto(f"{address}posts/2026/2026-11-01-places/")
    for table in tab.locator(".table-scroll").all():
        assert table.evaluate("e => e.scrollWidth <= e.clientWidth"), (
            "five columns are seen at once"
        )
    tab.goto(f"{address}posts/2026/2026-11-01-wide/")
    wide, place = tab.locator(".table-scroll"), "e => Math.round(e.getBoundingClientRect().x)"
    before = wide.locator("td").first.evaluate(place)
    wide.evaluate("e => { e.scrollLeft = 900 }")
    assert wide.evaluate("e => e.scrollLeft") > 0
    assert abs(wide.locator("td").first.evaluate(place) - before) < 2, "what names the row stays"
    assert tab.locator("th").filter(has_text="第0列指标").evaluate(place) > 0


def test_a_phone_loads_small_pictures_and_only_those_in_sight(page: Page, address: str) -> None:
    asked: list[str] = []
    page.set_viewport_size(PHONE)
    page.on("request", lambda r: asked.append(r.url) if "/p" in r.url and "png" in r.url else None)
    page.goto(f"{address}posts/2026/2026-11-01-many/")
    images = page.locator(".sn-body img")
    images.first.evaluate(ARRIVED)
    assert images.count() == 12
    assert all(images.nth(n).get_attribute("loading") == "lazy" for n in range(12))
    assert all(images.nth(n).get_attribute("width") for n in range(12))
    assert asked
    assert all(url.endswith(".480.webp") for url in asked)


def test_nothing_moves_while_pictures_arrive(page: Page, address: str) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((l) => l.getEntries().forEach((e) => "
        "{ window.moved += e.value })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(f"{address}posts/2026/2026-11-01-many/")
    page.locator(".sn-body img").first.evaluate(ARRIVED)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(".sn-body img").last.evaluate(ARRIVED)
    assert page.evaluate("window.moved") < 0.1  # "good" by web.dev/cls


def test_a_post_page_is_light(page: Page, address: str) -> None:
    answers: list[Response] = []
    media = (".png", ".webp", ".mp4")
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{address}posts/2026/2026-11-01-many/")
    page.wait_for_load_state("networkidle")
    sizes = [len(gzip.compress(r.body())) for r in answers if not r.url.endswith(media)]
    assert 10_000 < sum(sizes) < 120_000  # over the wire, without its media


def test_the_transcript_opens_by_keyboard(tab: Page, address: str) -> None:
    tab.goto(f"{address}posts/2026/2026-11-01-film/")
    tab.get_by_text("文字稿", exact=True).focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("文字稿一行。")).to_be_visible()
