"""What a post's page offers where scripts run, by keyboard, and what is there without them."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.serving import POST

pytestmark = pytest.mark.browser
VOICES = """
  const spoken = (window.spoken = []);
  const voices = [{ lang: "zh-CN", name: "甲" }];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => voices, speak: (one) => spoken.push(one.text), cancel: () => spoken.push("停"),
    pause: () => spoken.push("暂停"), resume: () => spoken.push("继续"), addEventListener() {},
  } });
  navigator.share = async ({ url }) => { window.shared = url; };
"""


def test_it_is_read_aloud_shared_and_cited(page: Page, address: str) -> None:
    page.add_init_script(VOICES)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + POST)
    tools = page.get_by_role("group", name="页面工具")
    tools.get_by_role("button", name="朗读").press("Enter")
    assert page.evaluate("spoken[0]") == page.locator("h1").inner_text()
    tools.get_by_role("button", name="暂停").press("Enter")
    tools.get_by_role("button", name="暂停").press("Enter")
    tools.get_by_role("button", name="朗读").press("Enter")
    assert page.evaluate("spoken.slice(-3)") == ["暂停", "继续", "停"]
    expect(tools.get_by_role("button", name="暂停")).to_have_count(0)
    tools.get_by_role("button", name="分享").press("Enter")
    assert page.evaluate("shared") == address + POST
    page.get_by_text("引用格式和二维码").click()
    page.get_by_role("button", name="复制引用").press("Enter")
    page.get_by_text("已复制", exact=True).wait_for()
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    assert f"[EB/OL]. (2026-11-03)[{today}]. https://" in page.evaluate(
        "navigator.clipboard.readText()"
    )


def test_a_picture_opens_large_and_gives_the_focus_back(page: Page, address: str) -> None:
    page.goto(address + POST)
    link = page.locator("a.sn-zoom").first
    link.press("Enter")
    dialog = page.get_by_role("dialog", name="放大的图片")
    words = link.locator("img").get_attribute("alt")
    assert dialog.get_by_role("img").get_attribute("alt") == words
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()


def test_a_picture_is_saved_with_the_check_code_beneath_it(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address + POST)
    code = page.locator(".sn-check strong").first.inner_text()
    page.locator("a.sn-zoom").first.press("Enter")
    large = page.get_by_role("dialog").get_by_role("img")
    width, height = large.evaluate(
        "async (i) => (await i.decode(), [i.naturalWidth, i.naturalHeight])"
    )
    with page.expect_download() as saving:
        page.get_by_role("button", name="保存带核对码的图片").press("Enter")
    saving.value.save_as(tmp_path / "saved.png")
    assert saving.value.suggested_filename == f"{code}.png"
    saved = Image.open(tmp_path / "saved.png").convert("L")
    across = max(width, 800)
    tall = round(across * height / width)
    assert saved.size == (across, tall + round(across / 6))
    strip = saved.crop((0, tall, *saved.size))
    words, scan = (strip.crop(box) for box in ((0, 0, across // 2, strip.height),
        (across - strip.height, 0, across, strip.height)))  # fmt: skip
    for shown in (words, scan):
        assert shown.histogram()[0:64] != [0] * 64 and shown.getpixel((2, 2)) == 255


def test_without_script_nothing_is_offered_that_does_nothing(
    scriptless: Page, address: str
) -> None:
    scriptless.goto(address + POST)
    assert scriptless.get_by_role("group", name="页面工具").count() == 0
    scriptless.get_by_text("引用格式和二维码").click()
    expect(scriptless.get_by_role("img", name="本页网址的二维码")).to_be_visible()
    large = scriptless.locator("a.sn-zoom").first.get_attribute("href")
    assert scriptless.request.get(f"{address}{POST}{large}").ok
