"""In Chromium: 查找, 日历 and 我的 on a phone and a desktop, in light and dark, by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from pipeline.parts.desk.desk import Desk
from tests.builders.archive import POST
from tests.builders.desks import DeskRun
from tests.builders.live_desks import opened, usable
from tests.builders.named import worded
from tests.builders.two_posts import WARNING, live_bureau

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskRun, Desk]]:
    with live_bureau(tmp_path_factory.mktemp("bureau")) as live:
        yield live


def test_a_post_is_found_by_keyboard_and_begins_another(
    browser: Browser, live: tuple[DeskRun, Desk]
) -> None:
    page = opened(browser, live[1], "kz-a", 1440)
    page.get_by_role("link", name="查找", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("找到 2 项")
    page.locator("#q").focus()
    page.keyboard.type("棚架")
    page.keyboard.press("Enter")
    expect(page.locator(".rows a")).to_have_count(1)
    page.get_by_text("缩小范围").focus()
    page.keyboard.press("Enter")
    usable(page)
    page.goto("/find?q=没有的词")
    expect(page.locator("section.card")).to_contain_text("没有找到")
    usable(page)
    page.goto(f"/published/{POST}")
    usable(page)
    page.get_by_role("button", name=worded("write-another-like-this", "zh")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/write/draft?branch=**")
    expect(page.locator("#f-_body")).to_have_value("关好火源。\n\n![炉火](fire.png)\n")
    page.context.close()


def test_the_month_is_a_list_on_a_phone_and_a_grid_on_a_desktop(
    browser: Browser, live: tuple[DeskRun, Desk]
) -> None:
    page = opened(browser, live[1], "kz-a")
    page.goto("/calendar?month=2026-11")
    expect(page.locator(f'a[href="/published/{WARNING}"]')).to_be_visible()
    expect(page.locator(".month > .free").first).to_be_hidden()
    usable(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    first, second = (page.locator(".month > li").nth(n).bounding_box() for n in (7, 8))
    assert first and second and first["y"] == second["y"]
    page.get_by_role("link", name="下个月").click()
    page.wait_for_url("**month=2026-12")
    page.goto("/calendar?month=2031-02")
    expect(page.locator("section.card")).to_contain_text(worded("month-empty", "zh"))
    usable(page)
    page.context.close()


def test_keys_and_acts_are_read_on_a_phone(browser: Browser, live: tuple[DeskRun, Desk]) -> None:
    page = opened(browser, live[1], "kz-a")
    page.goto("/mine")
    expect(page.locator("#acts li").filter(has_text="发布前确认")).to_have_count(2)
    expect(page.locator("#acts li").filter(has_text="初审")).to_have_count(0)
    expect(page.locator("#keys .rows > li")).to_have_count(2)
    usable(page)
    page.locator("#keys a").click()
    page.wait_for_url("**/govern/people#keys")
    page.context.close()
