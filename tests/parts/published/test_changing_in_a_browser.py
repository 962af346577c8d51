"""In Chromium, by night on a phone: a withdrawal, and a warning that ends; by keyboard, too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from pipeline.parts.desk.desk import Desk
from tests.builders.archive import POST
from tests.builders.desks import DeskRun
from tests.builders.live_desks import follow, opened, usable
from tests.builders.two_posts import WARNING, live_bureau
from tests.parts.published.test_published import post_on

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskRun, Desk]]:
    with live_bureau(tmp_path_factory.mktemp("bureau")) as live:
        yield live


def test_a_nights_withdrawal_takes_six_touches_and_one_sentence(
    browser: Browser, live: tuple[DeskRun, Desk]
) -> None:
    run, desk = live
    page = opened(browser, desk, "xxy-a")
    assert page.locator("header").bounding_box()["height"] < 60  # type: ignore[index]
    page.get_by_text("菜单", exact=True).click()
    follow(page, page.get_by_role("link", name="查找", exact=True))
    usable(page)
    follow(page, page.get_by_role("link", name="冬季防火三件事"))
    usable(page)
    page.get_by_text("撤回", exact=True).click()
    page.locator("#f-reason-withdraw").fill("地点有误，先行撤回。")
    follow(page, page.get_by_role("button", name="下一步").locator("visible=true"))
    expect(page.locator("iframe").content_frame.locator("body")).to_contain_text("撤回")
    usable(page)
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_role("status").first).to_contain_text("初审")
    assert post_on(run, POST)[0]["validity"] == "withdrawn"
    page.goto("/")
    expect(page.get_by_role("link", name="冬季防火三件事")).to_be_visible()
    page.context.close()


def test_a_warning_is_lifted_by_keyboard_and_its_review_is_red_first_and_in_a_bar(
    browser: Browser, live: tuple[DeskRun, Desk]
) -> None:
    run, desk = live
    page = opened(browser, desk, "zz-a", 1440)
    page.goto(f"/published/{WARNING}")
    page.get_by_text("解除预警", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('input, select, textarea')")
    for _ in range(12):  # a time has a stop for each of its parts
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('button')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/draft?branch=**")
    page.get_by_role("button", name="送审").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("初审")
    page.context.close()
    phone = opened(browser, desk, "xxy-a")
    expect(phone.locator(".rows > li").first).to_have_class("urgent")
    expect(phone.locator(".rows > li").first).to_contain_text("大风黄色预警")
    follow(phone, phone.locator(".rows > li a.go").first)
    read = phone.locator("#text, #changes").locator("visible=true")
    expect(read, "the script of the page shows one of both").to_have_count(1)
    first = read.bounding_box()
    assert first and first["y"] < 500, "what must be read begins on the first screen"
    approve = phone.get_by_role("button", name="同意并签名")
    sign = approve.bounding_box()
    assert sign and 700 < sign["y"] < 844, "the decision is in sight"
    expect(approve).to_be_disabled()
    usable(phone)
    for box in phone.locator("form[data-sign] input[type=checkbox]").all():
        box.check()
    phone.locator("#read").scroll_into_view_if_needed()
    expect(approve).to_be_enabled()
    approve.click()
    expect(phone.get_by_role("status").first).to_contain_text("下一步")
    assert '"approve"' in run.read(WARNING, f"content/reviews/2026/{WARNING}/r2/1-first.json")
    phone.context.close()
