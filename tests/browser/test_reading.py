"""Paper, line breaks and forced colours: what nothing but a look at the page tells."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import POST, violations
from tests.site import sample

pytestmark = pytest.mark.browser
KINDS = (
    "", POST, f"posts/2026/{sample.ALERT}/", f"posts/2026/{sample.WITHDRAWN}/", "posts/",
    "categories/", "accounts/", "cadence/", "corrections/", "inspector/", "regulation/",
)  # fmt: skip
PHONE = {"width": 360, "height": 740}
LINES = """(selector) => [...document.querySelectorAll(selector)].map((e) => {
  const range = document.createRange();
  range.selectNodeContents(e);
  const tops = [...range.getClientRects()].map((r) => Math.round(r.top / 4));
  return [e.textContent, new Set(tops).size];
})"""


@pytest.fixture
def phone(tab: Page) -> Page:
    tab.set_viewport_size(PHONE)
    return tab


def test_no_date_name_or_label_is_broken_on_a_phone(phone: Page, address: str) -> None:
    whole = (
        "time, .sn-when, .sn-name__part, .sn-foot__facts dt, .sn-carried a, .sn-chip,"
        " .sn-alert__state"
    )
    broken = []
    for kind in KINDS:
        phone.goto(address + kind)
        broken += [(kind, *found) for found in phone.evaluate(LINES, whole) if found[1] > 1]
        phone.evaluate("document.documentElement.classList.add('sn-elder-mode')")
        broken += [(kind, *found) for found in phone.evaluate(LINES, whole) if found[1] > 1]
    assert broken == []


# In a sentence a link is as high as its line (WCAG 2.2, 2.5.8); what stands alone is for a finger.
SMALL = """() => [...document.querySelectorAll(
  '.md-header :is(a, button, label):not(.sn-name), .md-path a, .sn-subjects a,'
  + ' .sn-months a, .sn-tags a, .sn-carried a, .sn-foot__links a, .sn-button, summary, select'
)].filter((e) => e.checkVisibility() && !e.closest('#sn-drawer'))
  .map((e) => [e.textContent.trim(), e.getBoundingClientRect().height])
  .filter(([, height]) => height < 43.5)"""


def test_what_one_presses_is_as_large_as_a_finger(phone: Page, address: str) -> None:
    small = []
    for kind in ("", POST, "posts/", "tags/", "search/", "map/"):
        phone.goto(address + kind)
        small += [(kind, *found) for found in phone.evaluate(SMALL)]
    assert small == []


def test_a_phone_names_the_search_in_words(phone: Page, address: str) -> None:
    for width in (320, 360):
        phone.set_viewport_size({"width": width, "height": 640})
        phone.goto(address)
        assert phone.locator(".md-header").get_by_role("link", name="检索").inner_text() == "检索"
        name = phone.locator(".md-header .sn-name__text").bounding_box()
        assert name
        assert name["height"] < 48, "two lines at most"
        assert phone.evaluate("document.documentElement.scrollWidth") <= width
    phone.locator(".md-header").get_by_role("link", name="检索").click()
    phone.wait_for_url("**/search/")


def test_a_short_phrase_of_a_title_stays_whole(phone: Page, address: str) -> None:
    phone.goto(f"{address}posts/2026/2026-11-05-tip/")
    title = phone.locator("h1 bdi.sn-phrases")
    title.evaluate("e => { e.textContent = '地震来了，记住伏地、遮挡、手抓牢' }")
    heights = "e => new Set([...e.firstChild.data].map((_, at) => { const r = new Range();" \
        " r.setStart(e.firstChild, at); r.setEnd(e.firstChild, at + 1);" \
        " return `${at < 5 ? 0 : at < 10 ? 1 : at < 13 ? 2 : 3} ${r.getBoundingClientRect().y}`" \
        "})).size"  # fmt: skip
    assert title.evaluate(heights) == 4, "each of its four phrases is on one line"


def test_a_title_of_thirteen_signs_is_one_line_on_a_phone(phone: Page, address: str) -> None:
    phone.goto(address + POST)
    phone.locator("h1 bdi").evaluate("e => { e.textContent = '云岚市发布森林火险橙色预警' }")
    assert phone.evaluate(LINES, "h1 bdi") == [["云岚市发布森林火险橙色预警", 1]]


def test_commands_break_between_words_and_lists_keep_their_distance(
    phone: Page, address: str
) -> None:
    phone.goto(address + "inspector/")
    words = phone.evaluate(LINES, "p > code, li > code")
    assert {w for w, lines in words if lines > 1 and " " not in w and "-" not in w} == set()
    code = phone.locator("li code", has_text="sanshen audit")
    code.first.evaluate("e => { e.textContent = 'x'.repeat(18) + ' sanshen' }")
    assert _style(phone, "li code", "wordBreak") == "normal"
    phone.goto(address + "corrections/")
    entry, after = phone.locator(".sn-changes > li").all()[:2]
    one, other = entry.bounding_box(), after.bounding_box()
    assert one
    assert other
    assert other["y"] - one["y"] - one["height"] >= 12
    phone.goto(address)
    chip = phone.locator(".sn-chip").first.bounding_box()
    phone.locator(".sn-entry__title").first.evaluate("e => { e.textContent = '字'.repeat(19) }")
    assert chip
    lines = phone.locator(".sn-entry__main").first.bounding_box()
    below = phone.locator(".sn-entry .sn-chip").first.bounding_box()
    assert lines
    assert below
    assert below["x"] == lines["x"], "a chip on a line of its own begins where the line does"


def test_forced_colours_leave_buttons_and_signs(browser: Browser, address: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(address + POST)
    for selector in ("[data-sanshen-verify]", ".sn-elder", ".sn-find__button"):
        assert _style(page, selector, "borderTopWidth") == "1px"
        assert _style(page, selector, "borderTopStyle") == "solid"
    for selector, pseudo in ((".sn-more summary", "::after"), (".md-path__item + li", "::before")):
        sign = _style(page, selector, "backgroundColor", pseudo)
        assert sign == _style(page, "h1", "color"), selector
    context.close()


def _style(page: Page, selector: str, name: str, pseudo: str = "") -> str:
    script = "(e, [name, pseudo]) => getComputedStyle(e, pseudo)[name]"
    return str(page.locator(selector).first.evaluate(script, [name, pseudo]))


def test_paper_is_white_though_the_screen_was_dark(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 582, "height": 900})
    page = context.new_page()
    page.goto(address + POST)
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.emulate_media(media="print", color_scheme="dark")
    assert _style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_paper_names_where_links_lead_and_keeps_tables_whole(phone: Page, address: str) -> None:
    phone.emulate_media(media="print")
    phone.goto(address + POST)
    link = ".sn-body a[rel~=external]"
    phone.locator(".sn-body p").first.evaluate(
        """e => e.insertAdjacentHTML('beforeend',
            '<a rel="external" href="https://www.example/notice">通告</a>')"""
    )
    assert phone.locator(link).first.get_attribute("href") in _style(
        phone, link, "content", "::after"
    )
    assert _style(phone, ".sn-carried a[rel~=external]", "display") == "none", "by the code"
    assert _style(phone, ".sn-evidence .sn-scroll", "breakInside") == "avoid"
    phone.goto(address + "cadence/")
    assert _style(phone, ".sn-weeks", "breakInside") == "avoid"
    phone.goto(address)
    assert _style(phone, ".sn-entry__picture", "display") == "none", "a list is filed as a list"
    left, right = phone.locator(".sn-columns > *").all()
    assert left.bounding_box()["x"] == right.bounding_box()["x"]  # type: ignore[index]


def test_what_came_since_the_last_visit_is_marked_and_stays_in_this_browser(
    browser: Browser, address: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + "posts/")
        marks = page.locator(".sn-chip--new")
        assert marks.count() == 0, "the first visit knows of none before"
        newest = page.evaluate("localStorage.getItem('sanshen.seen')")
        assert newest == page.locator(".sn-entry__day").first.get_attribute("datetime")
        page.evaluate("localStorage.setItem('sanshen.seen', '2026-11-01'); sessionStorage.clear()")
        for _ in range(2):  # all of a visit
            page.goto(address + "posts/")
            days = marks.locator("xpath=..").evaluate_all("all => all.map((e) => e.dateTime)")
            assert days and min(days) > "2026-11-01"
            assert len(days) < page.locator(".sn-entry__day").count()
        page.evaluate("sessionStorage.clear()")
        page.goto(address + "posts/")
        assert marks.count() == 0
        page.evaluate("localStorage.setItem('sanshen.seen', '<b>9999'); sessionStorage.clear()")
        page.goto(address + "posts/")
        assert marks.count() == 0


def test_a_list_says_its_days_in_words(tab: Page, address: str) -> None:
    tab.goto(address + "posts/")
    for time in tab.locator(".sn-entry__day").all()[:3]:
        year, month, day = str(time.get_attribute("datetime")).split("-")
        assert time.inner_text() == f"{year}年{int(month)}月{int(day)}日"


def test_a_post_says_in_one_line_that_it_was_approved(tab: Page, address: str) -> None:
    tab.goto(address + POST)
    line = tab.locator(".sn-approved")
    words = "初审、复审、终审、发布前确认都已签名，怎样核验"
    assert line.inner_text() == f"{words}　核对手里的通知"
    line.locator("a").first.click()
    tab.wait_for_url("**#evidence")
    tab.goto(f"{address}posts/2026/{sample.WITHDRAWN}/")
    assert line.count() == 0


LOST = {
    "posts/2026/2026-11-02-carbon-monoxide/": "carbon monoxide",
    "%E7%85%A4%E6%B0%94%E4%B8%AD%E6%AF%92.html": "煤气中毒",
    "a_b+c": "a b c",
    "%ff%fe": "",
    "": "",
    "<script>alert(1)</script>": "script>",
}


@pytest.mark.parametrize("path", LOST)
def test_a_page_that_is_not_there_offers_the_words_of_its_address(
    page: Page, address: str, path: str
) -> None:
    """As hosts do: the same bytes at whatever address."""
    words = page.request.get(f"{address}404.html").text()
    page.route("**/lost/**", lambda route: route.fulfill(status=404, body=words))
    page.goto(f"{address}lost/{path}")
    box = page.locator("[data-sanshen-lost]")
    box.wait_for()
    page.wait_for_function("document.readyState === 'complete'")
    assert box.input_value() == (LOST[path] if path else "lost")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_by_seven_to_one(browser: Browser, address: str, scheme: str) -> None:
    """For a telephone in the sun: contrast of WCAG's AAA."""
    enhanced = {"runOnly": ["color-contrast-enhanced"]}
    with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        for kind in KINDS:
            page.goto(address + kind)
            assert violations(page, enhanced) == [], kind


def test_three_ways_to_ask_stand_on_the_first_screen_of_a_phone(phone: Page, address: str) -> None:
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(address + "authenticity/")
    phone.locator("#authenticity-form fieldset:enabled").first.wait_for()
    for legend in phone.locator("#authenticity-form legend").all():
        box = legend.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 844
    for name in ("picture", "photo"):
        box = phone.locator(f"label:has(#authenticity-{name})").bounding_box()
        assert box
        assert box["height"] >= 43.5


@pytest.mark.parametrize("size", [(320, 256), (844, 390)], ids=["400 %", "on its side"])
def test_where_the_window_is_low_the_head_goes_with_the_page(
    phone: Page, address: str, size: tuple[int, int]
) -> None:
    width, height = size
    phone.set_viewport_size({"width": width, "height": height})
    for kind in KINDS:
        phone.goto(address + kind)
        bottom = "document.querySelector('.md-header').getBoundingClientRect().bottom"
        phone.evaluate("scrollTo(0, 600)")
        assert phone.evaluate(f"scrollY < 300 || {bottom} <= 0"), kind
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
