"""Every kind of page in Chromium: no other host, no error, no axe violation; evidence verified."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from tests.site import sample

pytestmark = pytest.mark.browser
POST = f"posts/2026/{sample.PLAIN}/"
KINDS = (
    "", POST, f"posts/2026/{sample.ALERT}/", f"posts/2026/{sample.LONG}/",
    f"posts/2026/{sample.WITHDRAWN}/", "posts/", "posts/2026/", "posts/2026/11/", "categories/",
    "categories/3/", "accounts/", "accounts/yunlan-wechat/", "tags/", "cadence/", "regulation/",
    "corrections/", "search/?q=安全", "inspector/", "about/", "accessibility/", "map/", "404.html",
)  # fmt: skip
ROOT = sample.make().log.root.encode()  # type: ignore[union-attr]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
LOOKS = {"light": (WIDE, "light"), "dark": (WIDE, "dark"), "phone": (PHONE, "dark")}


@pytest.mark.parametrize("look", LOOKS)
def test_every_kind_of_page(browser: Browser, address: str, look: str) -> None:
    viewport, scheme = LOOKS[look]
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request", lambda r: None if r.url.startswith((address, "data:")) else trouble.append(r.url)
    )
    axe = Axe()
    for kind in KINDS:
        page.goto(address + kind)
        page.wait_for_load_state("networkidle")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > viewport["width"]:
            trouble.append(f"{kind}: {width} pixels wide")
        found = axe.run(page).response["violations"]
        trouble += [f"{kind}: {v['id']} {[n['html'][:150] for n in v['nodes'][:2]]}" for v in found]
    context.close()
    assert trouble == []


def test_no_page_fetches_what_grows_with_the_archive(page: Page, address: str) -> None:
    """The theme's script took feeds for pages in another language and fetched the sitemap of each:
    1.3 MB a page at 10,000 posts."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    for kind in KINDS:
        page.goto(address + kind)
        page.wait_for_load_state("networkidle")
    data = {path for path in asked if path.endswith((".xml", ".json", ".txt"))}
    assert {path for path in data if not path.startswith("search/")} == set()
    feeds = page.locator("link[rel~=alternate][type^='application/']")
    assert feeds.count() == 2, "browsers and readers still find the feeds"


def verdict(page: Page, url: str) -> tuple[str, str]:
    page.goto(url)
    page.get_by_role("button", name="在本浏览器中核验签名").click()
    place = page.locator("[data-sanshen-verdict]")
    page.wait_for_selector('[data-sanshen-verdict]:not([data-result="busy"])[data-result]')
    return str(place.get_attribute("data-result")), str(place.text_content())


def test_good_evidence_is_green(page: Page, address: str) -> None:
    result, words = verdict(page, address + POST)
    assert result == "good", words
    assert words.count("✓ ") == 10  # sentence, post, steps, log, two files, page
    assert "与本站检查点一致" in words
    assert "✗" not in words
    assert "SHA256:" in words


def test_a_tombstone_verifies_without_its_files(page: Page, address: str) -> None:
    result, words = verdict(page, f"{address}posts/2026/{sample.WITHDRAWN}/")
    assert result == "good", words
    assert "不公开" in words


def tampered(change: str) -> str:
    """JavaScript that changes a bundle; `text` gives and takes the first statement."""
    return f"(b) => {{ const s = b.steps; {change}; return b; }}"


FLIP = (
    "const t = atob(s[1].statement); s[1].statement = btoa(t.replace('\"approve\"', '\"approvf\"'))"
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (FLIP, "签名与声明不符"),
        ("s[1].signature = s[0].signature", "签名与声明不符"),
        ("s.splice(2, 1)", "缺少这一步的记录"),
        ("b.keys = b.keys.slice(0, -1)", "不在名册中"),
        ("b.files[0].sha256 = '0'.repeat(64)", "文件清单不符"),
        ("b.files.push({name: 'x', sha256: '0'.repeat(64), url: null})", "文件清单不符"),
        ("b.post = '2026-01-01-other'", "另一篇内容"),
        ("b.keys.forEach((k) => { k.until = '2025-01-01T00:00:00+08:00' })", "已经失效"),
        ("b.keys.forEach((k) => { k.person = 'somebody' })", "不属于声明中的审核人"),
        ("[s[0].step, s[1].step] = ['second', 'first']", "另一步"),
        ("b.keys.forEach((k) => { k.void = true })", "泄露作废"),
        ("b.log = null", "没有日志证明"),
        ("b.log.leaf = b.log.leaf.replace('confirmation', 'confirmatiom')", "另一份确认"),
        ("b.log.leaf = b.log.leaf.replace(/[0-9a-f]{64}/, '0'.repeat(64))", "另一份确认"),
        ("b.log.index -= 1", "算不出它所说的根"),
        ("b.log.hashes.pop()", "不完整"),
        ("b.log.hashes.push(b.log.root)", "太长"),
        ("b.log.size = 10 ** 6", "日志"),
        ("b.log.root = btoa('x'.repeat(32))", "算不出它所说的根"),
        ("b.log.origin = 'elsewhere.example/x'", "另一份日志"),
    ],
)
def test_a_changed_bundle_is_red(page: Page, address: str, change: str, words: str) -> None:
    def answer(route: Route) -> None:
        value = page.request.get(route.request.url).json()
        holder = page.context.new_page()
        route.fulfill(json=holder.evaluate(tampered(change), value))

    page.route("**/evidence.json", answer)
    result, said = verdict(page, address + POST)
    assert result == "bad"
    assert words in said


def test_a_changed_file_is_red(page: Page, address: str) -> None:
    page.route("**/post.md", lambda route: route.fulfill(body="改过的正文"))
    result, said = verdict(page, address + POST)
    assert result == "bad"
    assert "✗ 文件 post.md：文件内容与签名时不同" in said


@pytest.mark.parametrize(
    ("pattern", "change", "words"),
    [
        ("**/log/checkpoint", lambda b: b.replace(ROOT, b"AAAA"), "与它的检查点不符"),
        ("**/log/checkpoint", lambda b: b.replace(b"yunlan", b"yunlam", 1), "另一份日志"),
        ("**/log/checkpoint", lambda b: re.sub(rb"\n\d+\n", b"\n3\n", b), "截短"),
        ("**/log/tile/0/**", lambda b: bytes([b[0] ^ 1]) + b[1:], "日志"),
        ("**/log/tile/0/**", lambda b: b[:-1], "不完整"),
    ],
)  # fmt: skip
def test_a_changed_log_is_red(
    page: Page, address: str, pattern: str, change: Callable[[bytes], bytes], words: str
) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=change(page.request.get(route.request.url).body()))

    page.route(pattern, answer)
    result, said = verdict(page, address + POST)
    assert result == "bad"
    assert words in said


def test_an_unreadable_bundle_is_red(page: Page, address: str) -> None:
    page.route("**/evidence.json", lambda route: route.fulfill(body="{"))
    assert verdict(page, address + POST)[0] == "bad"


def test_without_ed25519_the_recipe_is_shown(page: Page, address: str) -> None:
    page.add_init_script(
        "crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))"
    )
    result, said = verdict(page, address + POST)
    assert result == "lack"
    assert "不支持 Ed25519" in said
    assert page.get_by_text("ssh-keygen -Y verify").first.is_visible()


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


def test_the_header_searches_by_get_and_skip_link_is_first(page: Page, address: str) -> None:
    page.goto(address + POST)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "跳到正文"
    page.get_by_role("searchbox", name="检索内容").first.fill("一氧化碳")
    page.get_by_role("button", name="检索").first.click()
    page.wait_for_url("**/search/?q=*")
    page.wait_for_selector("#search-results a")
    assert "冬季取暖防范一氧化碳中毒" in page.locator("#search-results").inner_text()


def test_readable_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + POST)
    assert page.get_by_text("用煤炉取暖的房间要装烟囱").is_visible()
    assert page.locator("[data-sanshen-verify]").is_hidden()
    assert page.locator(".sn-evidence noscript").inner_text().startswith("在浏览器中核验需要脚本")
    page.goto(address + "search/")
    assert page.locator("#sanshen-search").is_hidden()
    assert page.locator("article noscript").inner_text().startswith("检索需要脚本")
    context.close()


def test_print_leaves_out_navigation(page: Page, address: str) -> None:
    page.goto(address + POST)
    page.emulate_media(media="print")
    assert page.locator("header.md-header").is_hidden()
    assert page.locator(".md-tabs").is_hidden()
    assert page.get_by_text("用煤炉取暖的房间要装烟囱").is_visible()
    said = page.locator(".sn-paper").inner_text()
    assert "演示" in said
    assert "云岚市应急管理局政务新媒体公开档案" in said
    assert f"https://archive.yunlan-yjj.example/{POST}" in said
    table = page.locator(".sn-table").first
    assert table.evaluate("e => getComputedStyle(e).breakInside") == "auto"
    row = table.locator("tbody tr").first
    assert row.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    page.goto(address + "regulation/")
    assert page.locator(".sn-clauses").first.is_hidden()
    page.emulate_media(media="screen")
    assert page.locator(".sn-paper").is_hidden()


def test_scripts_are_small() -> None:
    """Unminified, for whoever wants to read them; only the first before somebody verifies."""
    names = ("verify.js", "log.js", "page.js")
    scripts = [Path(sample.ROOT, "site/assets", name).read_bytes() for name in names]
    assert all(0 < len(script) < 18_000 for script in scripts)
    assert sum(len(gzip.compress(script)) for script in scripts) < 12_000
