"""Tables of the site's own where there is little room: cards that are whole, and still tables."""

import pytest
from playwright.sync_api import Browser, Page

from tests.site import sample

pytestmark = pytest.mark.browser
POST = f"posts/2026/{sample.PLAIN}/"
TABLED = ("accounts/", "cadence/", "inspector/", "regulation/", POST)
ROOMS = {
    "phone": (390, False),
    "large text on a phone": (390, True),
    "large text on a tablet": (820, True),
    "large text on a small screen": (1000, True),
}
CUT = """() => {
  const regions = [...document.querySelectorAll(".sn-scroll")];
  const cut = regions.filter((e) => e.querySelector(".sn-table") && e.scrollWidth > e.clientWidth);
  const times = [...document.querySelectorAll(".sn-when")];
  const broken = times.filter((e) => {
    const range = document.createRange();
    range.selectNodeContents(e);
    return new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1;
  });
  return [...cut, ...broken].map((e) => e.outerHTML.slice(0, 120));
}"""


def _page(browser: Browser, width: int, elder: bool = False) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    if elder:
        page.add_init_script("localStorage.setItem('sanshen.elder', 'on')")
    return page


@pytest.mark.parametrize("room", ROOMS)
def test_no_cell_is_cut_and_no_date_is_broken(browser: Browser, address: str, room: str) -> None:
    page = _page(browser, *ROOMS[room])
    for url in TABLED:
        page.goto(address + url)
        page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true })")
        assert page.locator(".sn-table").count(), url
        # the recipe's own frame scrolls: commands are not to be broken
        assert page.evaluate(CUT) == [], url
    page.context.close()


def test_a_card_tells_what_each_value_is_and_stays_a_row(browser: Browser, address: str) -> None:
    page = _page(browser, 390)
    page.goto(address + "accounts/")
    table = page.get_by_role("table", name="账号、平台、备案和更新")
    row = table.get_by_role("row").filter(has_text="云岚应急视频号")
    assert row.get_by_role("rowheader").inner_text() == "云岚应急视频号"
    assert row.get_by_role("cell").count() == 7
    assert table.get_by_role("columnheader").count() == 8
    cell = row.get_by_role("cell").filter(has_text="微信视频号")
    label = "e => getComputedStyle(e, '::before').content"
    assert cell.evaluate(label) == '"平台"'
    left = row.bounding_box()
    assert left
    boxes = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
    assert len({box["x"] for box in boxes if box}) == 1, "one under the other"
    page.set_viewport_size({"width": 1280, "height": 900})
    head = page.get_by_role("columnheader").first
    sign = "e => [getComputedStyle(e).cursor, getComputedStyle(e, '::after').display]"
    assert head.evaluate(sign) == ["auto", "none"], "no sign of a table that sorts"
    assert cell.evaluate(label) == "none"
    page.context.close()


def test_the_calendar_begins_with_the_newest_week_under_a_whole_caption(
    browser: Browser, address: str
) -> None:
    page = _page(browser, 390)
    page.goto(address + "cadence/")
    calendar = page.locator(".sn-heat").first
    assert calendar.locator("th[scope=col]").first.inner_text() == "11/16"
    assert calendar.locator("th[scope=col]").first.is_visible()
    caption = page.locator(".sn-caption").first.bounding_box()
    assert caption
    assert caption["width"] > 300
    assert caption["x"] + caption["width"] <= 390
    assert calendar.get_attribute("aria-describedby") == "heat-yunlan-wechat"
    frame = page.locator(".sn-scroll:has(.sn-heat)").first
    frame.evaluate("e => { e.scrollLeft = 400 }")
    day = calendar.locator("th[scope=row]").first.bounding_box()
    assert day
    assert day["x"] >= 0, "the days of the week stay beside the weeks"
    page.context.close()
