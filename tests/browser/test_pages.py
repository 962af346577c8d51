"""Every kind of page in Chromium: no other host, no error, no axe violation; evidence verified."""

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import BOXES, CONTRAST, LAYOUT, LAYOUTS, POST, settled, violations
from tests.site import sample

pytestmark = pytest.mark.browser
KINDS = (
    "", POST, f"posts/2026/{sample.ALERT}/", f"posts/2026/{sample.LONG}/",
    f"posts/2026/{sample.WITHDRAWN}/", "posts/", "posts/2026/", "posts/2026/11/", "categories/",
    "categories/3/", "accounts/", "accounts/yunlan-wechat/", "tags/", "cadence/", "regulation/",
    "regulation/5/", "regulation/collation/", "regulation/accuracy/",
    "corrections/", "search/?q=安全", "inspector/", "about/", "data/", "verify/",
    "subscribe/", "accessibility/", "map/", "alerts/", "guides/", "kinds/", "oversight/",
    "statistics/", "authenticity/", "404.html",
)  # fmt: skip
PRINTED = (
    "", POST, f"posts/2026/{sample.ALERT}/", f"posts/2026/{sample.WITHDRAWN}/", "posts/",
    "posts/2026/11/", "accounts/yunlan-wechat/", "accounts/", "cadence/", "corrections/",
    "inspector/", "regulation/", "regulation/5/", "regulation/collation/", "verify/",
)  # fmt: skip
EVERY_LOOK = KINDS if LAYOUTS else ("", POST)
LARGER = KINDS if LAYOUTS else ("", f"posts/2026/{sample.ALERT}/")
"""Where large type shows what is not seen otherwise: the way to what to do."""
FEW = ("on paper", "on a phone")
"""Looks in which axe is asked of those alone."""
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
PAPER = {"width": 582, "height": 900}  # A4 less its margins
ENLARGED = {"width": 320, "height": 256}  # 1,280 by 1,024 at four times the size (WCAG 1.4.10)


@pytest.mark.parametrize("part", [0, 1])  # one for each worker: no test takes longer
def test_every_kind_of_page(page: Page, address: str, part: int) -> None:
    """Loaded once and looked at in the light, in the dark, on paper, on a phone, in large type
    there, and at 400 %. On paper and a phone axe is asked of home and a post alone but in
    `make layouts`: their colours are those of the light, their boxes those of the other two."""
    trouble: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    def look(kind: str, how: str, options: Mapping[str, Any]) -> None:
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if width > 0:
            trouble.append(f"{kind} {how}: {width} pixels too wide")
        if how not in FEW or kind in EVERY_LOOK:
            trouble.extend(f"{kind} {how}: {found}" for found in violations(page, options))

    for kind in KINDS[part::2]:
        page.set_viewport_size(WIDE)
        settled(page, address + kind)
        look(kind, "in the light", {})
        page.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        look(kind, "in the dark", CONTRAST)
        if kind in PRINTED:
            page.set_viewport_size(PAPER)
            page.emulate_media(media="print")
            look(kind, "on paper", CONTRAST)
            page.emulate_media(media="screen")
        page.set_viewport_size(PHONE)
        look(kind, "on a phone", LAYOUT)
        page.evaluate("document.documentElement.classList.add('sn-elder-mode')")
        look(kind, "in large type", LAYOUT if kind in LARGER else BOXES)
        page.evaluate("document.documentElement.classList.remove('sn-elder-mode')")
        page.set_viewport_size(ENLARGED)
        look(kind, "at 400 %", LAYOUT)
    assert trouble == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    # No feed is taken for a page in another language, of which a sitemap would be fetched.
    data = {url for url in asked if url.endswith((".xml", ".json", ".txt"))}
    ours = (f"{address}search/", f"{address}newest.json")  # the second where a warning is shown
    assert [url for url in data if not url.startswith(ours)] == []
    feeds = page.locator("link[rel=alternate][type^='application/']")
    assert feeds.count() == 3, "browsers and readers still find the feeds"


def test_elder_mode_is_off_at_first_and_remembered(page: Page, address: str) -> None:
    page.goto(address)
    size = "parseFloat(getComputedStyle(document.querySelector('.md-typeset')).fontSize)"
    before = page.evaluate(size)
    button = page.get_by_role("button", name="大字版")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    page.goto(address + POST)
    assert page.evaluate(size) > before * 1.25
    assert page.get_by_role("button", name="大字版").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("system", ["light", "dark"])
def test_dark_follows_the_system_until_it_is_chosen(
    browser: Browser, address: str, system: Literal["light", "dark"]
) -> None:
    other = {"light": "slate", "dark": "default"}[system]
    with browser.new_context(color_scheme=system) as context:
        page = context.new_page()
        # What is painted first is dark already: the body is never shown in the other scheme.
        page.add_init_script(
            "const see = () => (document.body"
            " ? (window.first = document.body.dataset.mdColorScheme) : requestAnimationFrame(see));"
            "requestAnimationFrame(see);"
        )
        page.goto(address)
        body, button = page.locator("body"), page.get_by_role("button", name="深色")
        expect(button).to_have_attribute("aria-pressed", str(system == "dark").lower())
        page.wait_for_function("() => window.first")  # a frame is drawn when there is time for it
        assert page.evaluate("window.first") == {"light": "default", "dark": "slate"}[system]
        button.focus()
        page.keyboard.press("Enter")
        expect(body).to_have_attribute("data-md-color-scheme", other)
        page.goto(address + POST)  # it is remembered
        expect(body).to_have_attribute("data-md-color-scheme", other)
        page.emulate_media(color_scheme="light" if system == "dark" else "dark")
        page.reload()  # the choice outlives the system's
        expect(body).to_have_attribute("data-md-color-scheme", other)


SCROLLED = """(to) => new Promise((done) => {
  addEventListener("scroll", () => setTimeout(done), { once: true });
  scrollTo(0, to);
})"""
"""Ends after what the page does when it has moved: two moves in one frame would be one."""


def test_the_contents_mark_where_the_reader_is_and_the_top_is_one_press_away(
    browser: Browser, address: str
) -> None:
    with browser.new_context(viewport={"width": 1440, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{address}regulation/")
        links = page.locator(".md-sidebar--secondary a")
        links.nth(5).click()
        marked = page.locator(".md-sidebar--secondary .md-nav__link--active")
        expect(marked).to_have_attribute("href", str(links.nth(5).get_attribute("href")))
        top = page.locator(".md-top")
        page.evaluate(SCROLLED, 0)
        page.evaluate(SCROLLED, 900)
        assert top.get_attribute("hidden") is not None, "it covers nothing while one reads on"
        page.evaluate("scrollBy(0, -50)")
        expect(top).not_to_have_attribute("hidden", "")
        top.press("Enter")
        page.wait_for_function("() => scrollY === 0")
        assert page.evaluate("document.activeElement.id") == "content", "Tab goes on from there"


def test_the_header_searches_by_get_and_skip_link_is_first(tab: Page, address: str) -> None:
    tab.goto(address + POST)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent.trim()") == "跳到正文"
    tab.get_by_role("combobox", name="检索内容").fill("一氧化碳")
    tab.get_by_role("button", name="检索").first.click()
    tab.wait_for_url("**/search/?q=*")
    tab.wait_for_selector("#search-results a")
    assert "冬季取暖防范一氧化碳中毒" in tab.locator("#search-results").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_folded_below_a_post_can_be_opened(tab: Page, address: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(address + POST)
    folds = tab.locator("details.sn-fold > summary")
    assert folds.count() > 1
    for fold in folds.all():
        inside = fold.locator("xpath=following-sibling::*[1]")
        expect(inside).to_be_hidden()
        fold.click()
        expect(inside).to_be_visible()


def test_readable_without_script(scriptless: Page, address: str) -> None:
    scriptless.goto(address + POST)
    assert scriptless.get_by_text("用煤炉取暖的房间要装烟囱").is_visible()
    assert scriptless.locator("[data-sanshen-verify]").is_hidden()
    words = scriptless.locator(".sn-evidence noscript").inner_text()
    assert words.startswith("在浏览器中核验需要脚本")
    scriptless.goto(address + "search/")
    assert scriptless.locator("#sanshen-search").is_hidden()
    assert scriptless.locator("article noscript").inner_text().startswith("检索需要脚本")


def test_print_leaves_out_navigation(tab: Page, address: str) -> None:
    tab.goto(address + POST)
    tab.emulate_media(media="print")
    assert tab.locator("header.md-header").is_hidden()
    assert tab.locator(".md-tabs").is_hidden()
    assert tab.get_by_text("用煤炉取暖的房间要装烟囱").is_visible()
    said = tab.locator(".sn-paper").inner_text()
    assert "演示" in said
    assert "云岚市应急管理局政务新媒体公开档案" in said
    assert f"https://archive.yunlan-yjj.example/{POST}" in said
    table = tab.locator(".sn-table").first
    assert table.evaluate("e => getComputedStyle(e).breakInside") == "auto"
    row = table.locator("tbody tr").first
    assert row.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    tab.emulate_media(media="screen")
    assert tab.locator(".sn-paper").is_hidden()


def test_the_regulation_is_its_text_alone_on_screen_and_paper(tab: Page, address: str) -> None:
    text = tab.locator("article")
    for media in ("screen", "print"):
        tab.goto(f"{address}regulation/")
        tab.emulate_media(media=media)  # type: ignore[arg-type]
        assert tab.locator("details, #校勘记, .sn-clauses").count() == 0
        assert "查准率" not in text.inner_text() and "校文" not in text.inner_text()
        tab.emulate_media(media="screen")
    tab.get_by_role("link", name="校勘记").click()
    expect(tab.locator("article")).to_contain_text("可信度")
    tab.goto(f"{address}regulation/accuracy/")
    expect(tab.locator("article")).to_contain_text("查准率")


def test_a_list_of_warnings_on_paper_tells_of_no_clock(tab: Page, address: str) -> None:
    tab.goto(f"{address}alerts/")
    note = tab.get_by_text("按您设备上的时间显示")
    assert note.is_visible()
    tab.emulate_media(media="print")
    assert note.is_hidden()


def test_paper_has_of_an_article_what_it_names(tab: Page, address: str) -> None:
    """Who issued it and when, the text, each check; nothing to press."""
    tab.goto(f"{address}regulation/5/")
    tab.emulate_media(media="print")
    words = tab.locator("article").inner_text()
    for part in ("六安市应急管理局，2023年3月21日", "建立信息内容更新机制", "R05-4", "怎样检查"):
        assert part in words
    assert tab.locator("dl#R05-4 dt", has_text="怎样检查").is_visible()
    assert "点开" not in words and "看全文" not in words
    tab.emulate_media(media="screen")


def test_the_regulation_reads_clean_and_shows_its_emendations_on_demand(
    tab: Page, address: str
) -> None:
    """Without script, by a box; and what leads to a clause opens it."""
    tab.goto(f"{address}regulation/#R05-1")
    law = tab.get_by_text("建立信息内容更新机制").first
    assert "政务新媒体至少每周更新2次" in law.inner_text()
    tab.get_by_label("显示校记").check()
    assert "至少每〔周〕校11更新2次" in "".join(law.inner_text().split())
    tab.get_by_role("link", name="第五条怎样检查").click()
    expect(tab).to_have_url(f"{address}regulation/5/")
    tab.goto(f"{address}regulation/5/#R05-1")
    expect(tab.locator("dl#R05-1")).to_be_visible()
    tab.get_by_label("显示校记").check()
    mark = tab.locator(".sn-emend a").first
    assert (mark.get_attribute("href") or "").startswith("../collation/")


def test_scripts_are_small() -> None:
    """Unminified, for whoever wants to read them; only the first before somebody verifies."""
    names = ("verify.js", "log.js", "page.js", "answer.js")
    scripts = [Path(sample.ROOT, "site/assets", name).read_bytes() for name in names]
    assert all(0 < len(script) < 24_000 for script in scripts)
    assert sum(len(gzip.compress(script)) for script in scripts) < 19_000
