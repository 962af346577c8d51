"""What a reader does without a mouse: verify, change the colours, search, follow the contents."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.serving import ANSWER, POST, violations
from tests.site import sample

pytestmark = pytest.mark.browser


def test_evidence_is_verified_by_keyboard_and_announced(tab: Page, address: str) -> None:
    tab.goto(address + POST)
    tab.get_by_role("button", name="在本浏览器中核验签名").focus()
    tab.keyboard.press("Enter")
    line = tab.locator(ANSWER)
    expect(line).to_have_attribute("data-sanshen-proof", "good")
    assert line.get_by_role("status").text_content() == "✓ 相符：现在显示的，就是核验过的内容"
    expect(line).to_be_focused()
    assert not tab.get_by_text("✓ 初审").is_visible(), "details are folded"
    tab.keyboard.press("Tab")
    expect(line.get_by_role("button")).to_be_focused()
    for summary in ("签名的原稿", "逐项结果"):
        tab.keyboard.press("Tab")
        expect(tab.locator(".sn-proof summary", has_text=summary)).to_be_focused()
        tab.keyboard.press("Enter")
    expect(tab.get_by_text("✓ 初审")).to_be_visible()
    assert tab.locator(".sn-proof pre").is_visible()
    assert violations(tab) == []
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="在本浏览器中核验签名")).to_be_visible()


def test_search_by_keyboard_from_the_header_to_a_result(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.locator(".sn-find__input").focus()
    tab.keyboard.type("报警器")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=*")
    tab.wait_for_selector("#search-results a")
    tab.locator("#sanshen-search input[name=q]").focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{POST}")


SHIFTED = """new Promise((done) => new PerformanceObserver((list) => done(
  list.getEntries().reduce((sum, each) => sum + each.value, 0)))
  .observe({ type: "layout-shift", buffered: true }) || setTimeout(done, 300, 0))"""


def test_the_header_answers_while_one_types_and_moves_nothing(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + "guides/")
    assert not [url for url in asked if "search" in url and url.endswith((".js", ".json"))]
    box = page.get_by_role("combobox", name="检索内容")
    box.focus()
    before = page.evaluate(SHIFTED)
    page.keyboard.type("报警器")
    page.wait_for_selector("#sn-find-list [role=option]")
    assert box.get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    assert page.evaluate(SHIFTED) == before
    page.keyboard.press("Escape")
    expect(page.locator(".sn-find__panel")).to_have_count(0)
    page.keyboard.type(" ")
    page.wait_for_selector("#sn-find-list [role=option]")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{POST}")


def test_contents_path_and_turning_lead_where_they_say(tab: Page, address: str) -> None:
    tab.goto(address + POST)
    tab.locator(".md-nav--secondary").get_by_text("审核与签名").click()
    tab.wait_for_url("**#evidence")
    tab.locator(".md-path").get_by_text("11月").click()
    tab.wait_for_url("**/posts/2026/11/")
    tab.goto(address + POST)
    later = tab.locator(".sn-turn__link--next")
    words = later.locator("bdi").inner_text()
    later.click()
    expect(tab.locator("h1")).to_have_text(words)


PHONE, TABLET = {"width": 390, "height": 844}, {"width": 1000, "height": 800}
FOCUSED = """() => {
  const here = document.activeElement;
  if (here === document.body) return null;
  const r = here.getBoundingClientRect(), style = getComputedStyle(here);
  const there = r.width > 0 && r.right > 0 && r.left < innerWidth && style.opacity > 0;
  const seen = there && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3;
  return [here.textContent.trim() || here.getAttribute("aria-label"), seen];
}"""


def tour(page: Page) -> list[tuple[str, bool]]:
    """What the Tab key comes to, from the top of the page to its end, and whether it is in sight
    from side to side and has the mark of the focus."""
    found: list[tuple[str, bool]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here is None:
            return found
        found.append((here[0], here[1]))
    raise AssertionError("the focus never comes round")


@pytest.mark.parametrize(("viewport", "script"), [(PHONE, True), (PHONE, False), (TABLET, True)])
def test_the_focus_is_always_in_sight(
    browser: Browser, address: str, viewport: ViewportSize, script: bool
) -> None:
    context = browser.new_context(viewport=viewport, java_script_enabled=script)
    page = context.new_page()
    page.goto(address + POST)
    met = tour(page)
    assert met[0][0] == "跳到正文"
    assert [words for words, seen in met if not seen] == []
    names = [words for words, _ in met]
    if script:
        assert "导航菜单" in names
        assert "辟谣" not in names, "the drawer is closed"
    else:
        assert "导航菜单" not in names
        assert names.count("辟谣") == 1
    context.close()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_menu_opens_by_keyboard_and_gives_the_focus_back(
    tab: Page, address: str, key: str
) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(address + POST)
    button = tab.get_by_role("button", name="导航菜单")
    inside = "document.getElementById('sn-drawer').contains(document.activeElement)"
    button.focus()
    tab.keyboard.press(key)
    assert button.get_attribute("aria-expanded") == "true"
    assert tab.evaluate(inside)
    tab.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("e => e === document.activeElement")
    tab.keyboard.press(key)
    for _ in range(tab.locator("#sn-drawer li a").count()):
        assert tab.evaluate(inside)
        tab.keyboard.press("Tab")
    assert button.get_attribute("aria-expanded") == "false", "the focus went on to the page"
    assert not tab.evaluate(inside)
    assert not button.evaluate("e => e === document.activeElement")


def test_the_menu_leads_to_a_page(tab: Page, address: str) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(address + POST)
    tab.get_by_role("button", name="导航菜单").press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/alerts/")


def test_an_empty_footer_field_is_said_aloud(tab: Page, address: str) -> None:
    tab.goto(address)
    assert "没有填全" in tab.locator(".sn-foot__warn").inner_text()
    assert tab.locator(".sn-missing").count() >= 1


def test_every_account_and_category_has_a_feed_of_its_own(tab: Page, address: str) -> None:
    for section in ("accounts/yunlan-wechat/", "categories/3/"):
        tab.goto(address + section)
        link = tab.get_by_role("link", name="Atom", exact=True).first
        target = str(link.evaluate("e => e.href"))
        assert target == f"{address}{section}feed.xml"
        answer = tab.request.get(target)
        assert answer.ok
        assert "<feed" in answer.text()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(
    "path", ["", POST, f"posts/2026/{sample.ALERT}/", f"posts/2026/{sample.WITHDRAWN}/"]
)
def test_the_button_is_among_the_first_ten_stops(
    page: Page, address: str, path: str, width: int
) -> None:
    """By a link that leads to it, on every kind of page that has it."""
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address + path)
    button = page.locator("[data-sanshen-verify]")
    stops = 0
    while not page.evaluate("document.activeElement.textContent").startswith("跳到核验"):
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 9
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    expect(button).to_be_in_viewport()


@pytest.mark.parametrize("path", ["posts/2026/11/", "guides/", "verify/"])
def test_no_link_leads_to_a_button_that_is_not_there(tab: Page, address: str, path: str) -> None:
    tab.goto(address + path)
    expect(tab.get_by_role("link", name="跳到核验")).to_have_count(0)


def test_without_script_no_link_leads_to_the_button(scriptless: Page, address: str) -> None:
    scriptless.goto(address + POST)
    assert scriptless.get_by_text("跳到核验签名").is_hidden()
