"""The copy page in Chromium, from disk: the clipboard, the previews, no request, no axe finding."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from pipeline.model.channels import CopySheet, SheetPicture
from pipeline.model.findings import say
from pipeline.model.posts import Rendition
from pipeline.report.copy_page import clipboard_html, copy_page
from pipeline.report.language import translator
from tests.browser.serving import violations
from tests.builders.named import worded

pytestmark = pytest.mark.browser
ZH = translator("zh")
PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)
HTML = (
    '<section style="color:#333333"><p style="margin:0"><strong>甲</strong>乙</p>'
    '<img style="max-width:100%" src="a.png" alt="图"></section>'
)
SHEETS = (
    CopySheet(
        Rendition("wechat", "微信标题", HTML, "甲乙", (), ()),
        {say("Title"): "微信标题", say("Summary"): "一句话"},
        {say("Title (characters)"): (4, 64), say("Summary (characters)"): (130, 120)},
        (SheetPicture("a.png", "图", 1, 1, 70, PNG),),
        ("摘要太长。",),
    ),
    CopySheet(
        Rendition("weibo", "微博标题", "", "第一行\n第二行 <b>", (), ()), {say("Title"): "题"}
    ),
)
ADDRESS = "https://archive.example/" + "very-long-name/" * 12
FROM_AFAR = f'<p>见<a href="{ADDRESS}">{ADDRESS}</a></p><img src="{ADDRESS}a.png" alt="图">'
WHOLE = (SheetPicture("a.png", "图", 1, 1, 70, PNG),)
LONG = (
    replace(SHEETS[0], pictures=WHOLE),
    CopySheet(Rendition("app", "客户端", FROM_AFAR, "见", (), ()), {say("Title"): "题"}, {}, WHOLE),
    CopySheet(
        Rendition("weibo", "微博", "", f"全文：{ADDRESS}", (), ()),
        counts={say("Title (characters)"): (1048, 1048575)},
    ),
)
READ = """async () => {
  const [item] = await navigator.clipboard.read();
  return Object.fromEntries(await Promise.all(
    item.types.map(async (t) => [t, await (await item.getType(t)).text()])));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    yield from opened(browser, tmp_path_factory.mktemp("copy"), SHEETS)


def opened(
    browser: Browser, folder: Path, sheets: Sequence[CopySheet], *, draft: bool = False
) -> Iterator[Page]:
    path = folder / "copy.html"
    path.write_text(copy_page(sheets, ZH, draft=draft), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda m: trouble.append(m.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda r: trouble.append(r.url) if r.url[:5] == "http:" else None)
    page.on("request", lambda r: trouble.append(r.url) if r.url[:6] == "https:" else None)
    page.goto(path.as_uri())
    yield page
    assert trouble == []
    context.close()


def test_rich_and_plain_text_reach_the_clipboard(page: Page) -> None:
    page.get_by_role("button", name="复制正文（带格式）").click()
    page.get_by_text(worded("copied-now-paste", "zh")).wait_for()
    held = page.evaluate(READ)
    assert held["text/plain"] == "甲乙"
    assert "<strong>甲</strong>乙" in held["text/html"]
    assert "【此处插入图片1：a.png】" in held["text/html"] and "<img" not in held["text/html"]


def test_text_alone_and_fields_are_copied_as_text(page: Page) -> None:
    page.get_by_role("button", name="复制正文", exact=True).click()
    page.locator("[data-said]").nth(1).get_by_text("已复制").wait_for()
    assert page.evaluate(READ) == {"text/plain": "第一行\n第二行 <b>"}
    button = page.get_by_role("button", name="复制摘要", exact=True)
    button.click()
    button.get_by_text("已复制", exact=True).wait_for()  # the line above may be far out of sight
    page.wait_for_function("async () => (await navigator.clipboard.readText()) === '一句话'")


def test_without_the_clipboard_interface_the_old_way_copies(page: Page) -> None:
    page.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="复制正文（带格式）").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()) === '甲乙'")
    assert "<strong>甲</strong>" in page.evaluate(READ)["text/html"]
    page.evaluate("delete navigator.clipboard.write")


def test_the_text_areas_hold_the_very_same(page: Page) -> None:
    held = page.locator("[data-rich]").evaluate("(e) => e.value")
    assert held == clipboard_html(HTML, ZH)


@pytest.mark.parametrize("width", [375, 677])
def test_previews(page: Page, width: int) -> None:
    preview = page.locator(".preview").first
    preview.locator(f"[value=w{width}]").check()
    shown = preview.locator(".screen")
    assert shown.evaluate("(e) => e.getBoundingClientRect().width") == width
    assert (
        shown.locator("section").evaluate("(e) => getComputedStyle(e).color") == "rgb(51, 51, 51)"
    )
    assert shown.locator("img").evaluate("(e) => e.naturalWidth") == 1


def test_no_accessibility_finding_and_no_sideways_scroll_on_a_phone(page: Page) -> None:
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


def test_whole_addresses_and_long_words_stay_inside_a_phone(
    browser: Browser, tmp_path: Path
) -> None:
    for page in opened(browser, tmp_path, LONG):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        shown = page.locator(".screen").nth(1).locator("img")
        assert shown.evaluate("(e) => e.naturalWidth") == 1  # the app's text names a host
        assert "图片1：a.png】" in page.locator("[data-rich]").nth(1).evaluate("(e) => e.value")
        for whole in page.get_by_text(re.compile("^(未超|深色)$")).all():  # torn by no line end
            lines = "(e) => { const r = document.createRange(); r.selectNode(e.lastChild); "
            assert whole.evaluate(lines + "return new Set([...r.getClientRects()].map((b) => "
                                  "Math.round(b.bottom))).size; }") == 1  # fmt: skip


def test_a_tall_picture_leaves_room_for_the_others(browser: Browser, tmp_path: Path) -> None:
    out = BytesIO()
    Image.new("L", (50, 450)).save(out, "PNG")
    data = f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"
    tall = SheetPicture("t.png", "长图", 50, 450, 9, data)
    for page in opened(browser, tmp_path, [replace(SHEETS[0], pictures=(tall,))]):
        assert page.locator(".pictures img").evaluate("(e) => e.clientHeight") == 320


def test_a_draft_stands_under_a_red_band_and_offers_nothing_to_copy(
    browser: Browser, tmp_path: Path
) -> None:
    for page in opened(browser, tmp_path, LONG, draft=True):
        assert page.get_by_role("button").count() == 0
        assert page.locator("textarea, script, [data-copy], [data-field]").count() == 0
        band = page.get_by_role("alert")
        assert band.inner_text().startswith("未经审核")
        assert band.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(179, 38, 30)"
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 740})
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            assert page.evaluate("window.scrollY") > 0
            assert band.bounding_box()["y"] == 0  # it stays in sight
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(page) == []


def test_a_confirmed_page_bears_no_band(page: Page) -> None:
    assert page.get_by_role("alert").count() == 0
