"""Tables of the site's own where there is little room: cards that are whole, and still tables."""

import pytest
from playwright.sync_api import Page

from tests.browser.serving import POST

pytestmark = pytest.mark.browser
TABLED = ("accounts/", "cadence/", "inspector/", "regulation/accuracy/", POST)
NARROW = {"width": 390, "height": 844}
ROOMS = ((390, False), (390, True), (820, True), (1000, True))
"""Pixels, and whether the text is large."""
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


def test_no_cell_is_cut_and_no_date_is_broken(tab: Page, address: str) -> None:
    for url in TABLED:
        tab.goto(address + url)
        tab.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true })")
        assert tab.locator(".sn-table").count(), url
        for width, large in ROOMS:
            tab.set_viewport_size({"width": width, "height": 844})
            tab.evaluate(
                "on => document.documentElement.classList.toggle('sn-elder-mode', on)", large
            )
            # the recipe's own frame scrolls: commands are not to be broken
            assert tab.evaluate(CUT) == [], (url, width, large)


def test_no_number_and_no_short_word_of_a_posts_table_is_broken(tab: Page, address: str) -> None:
    """21500 read as 2150 and 0 sends people to a shelter that is full."""
    cells = ["岚城区", "城北中学体育馆东侧", "长期", "1234567", "21500"]
    row = "".join(f"<td{' class=align-right' if c.isdigit() else ''}>{c}</td>" for c in cells)
    heads = "".join(f"<th>{w}</th>" for w in ("县区", "场所名称", "类别", "面积（平方米）", "人数"))
    table = f'<table class="sn-data"><thead><tr>{heads}</tr></thead><tr>{row}</tr></table>'
    tab.goto(address + POST)
    tab.evaluate(
        "table => { document.querySelector('[data-signed=body]').innerHTML ="
        " `<div class='table-scroll'>${table}</div>`; }",
        table,
    )
    lines = """cells => cells.map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size;
    })"""
    for width, large in ROOMS:
        tab.set_viewport_size({"width": width, "height": 844})
        tab.evaluate("on => document.documentElement.classList.toggle('sn-elder-mode', on)", large)
        first, _, *others = tab.locator(".sn-data td").evaluate_all(lines)
        assert [first, *others] == [1, 1, 1, 1], (width, large)


def test_a_card_tells_what_each_value_is_and_stays_a_row(tab: Page, address: str) -> None:
    tab.set_viewport_size(NARROW)
    tab.goto(address + "accounts/")
    table = tab.get_by_role("table", name="账号、平台、备案和更新")
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
    tab.set_viewport_size({"width": 1280, "height": 900})
    head = tab.get_by_role("columnheader").first
    sign = "e => [getComputedStyle(e).cursor, getComputedStyle(e, '::after').display]"
    assert head.evaluate(sign) == ["auto", "none"], "no sign of a table that sorts"
    assert cell.evaluate(label) == "none"


def test_weeks_run_from_left_to_right_half_a_year_a_row_on_a_phone(tab: Page, address: str) -> None:
    tab.goto(address + "cadence/")
    chart = tab.locator(".sn-weeks").first
    rows = "e => new Set([...e.querySelectorAll('b')].map((b) => b.offsetTop)).size"
    across = "e => [...e.querySelectorAll('b')].map((b) => b.getBoundingClientRect().x)"
    weeks = chart.locator("b").count()
    assert f"近 {weeks} 周" in (chart.get_attribute("aria-label") or "")
    tab.set_viewport_size(NARROW)
    box, first = chart.bounding_box(), chart.locator("b").first.bounding_box()
    assert box and first
    assert first["x"] < box["x"] + box["width"] / 26, "what fits a row begins it"
    year = "e => { while (e.children.length < 52) e.append(e.lastElementChild.cloneNode(true)) }"
    chart.evaluate(year)  # the sample is younger
    tab.set_viewport_size({"width": 1440, "height": 900})
    places = chart.evaluate(across)
    assert len(places) == 52
    assert places == sorted(places)
    assert chart.evaluate(rows) == 1
    tab.set_viewport_size(NARROW)
    assert chart.evaluate(rows) == 2
    box, last = chart.bounding_box(), chart.locator("b").last.bounding_box()
    assert box and last
    assert box["x"] + box["width"] <= NARROW["width"]
    assert last["x"] > NARROW["width"] * 0.8, "this week is the last of its row"
