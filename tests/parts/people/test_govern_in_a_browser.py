"""A handover from a form to force, by two fingerprints, on pages that everyone can use."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import violations
from tests.builders.desks import DeskRun, bureau
from tests.builders.live_desks import follow, free_port, person_at, serving, sign_in

pytestmark = pytest.mark.browser
PAGES = ("/govern/policy?name=cadence.text.count", "/govern/register/accounts?entry=wx")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bureau")
    listening, origin = free_port()
    archive = bureau(folder / "archive", origin)
    with serving(DeskRun.over(archive, folder).open(origin), listening) as address:
        yield address


def consent(page: Page) -> None:
    page.get_by_label("为什么改").fill("工作调整")
    page.get_by_role("button", name="同意并签名").click()
    expect(page.get_by_role("status").first).to_contain_text("变更已由")
    page.wait_for_load_state()


def test_a_handover_comes_into_force_by_two_fingerprints(browser: Browser, origin: str) -> None:
    head, leader = person_at(browser, origin, "kz-a"), person_at(browser, origin, "ld-a")
    sign_in(head)
    head.goto("/govern/people")
    for summary in head.locator("summary").all():
        summary.click()
    assert violations(head) == []
    form = head.locator("form[action='/govern/propose/handover']")
    form.get_by_label("原任").select_option("gly-a")
    form.get_by_label("接任", exact=True).select_option("xxy-b")
    form.get_by_label("职责").select_option("operator")
    form.get_by_label("接任人的第一天").fill("2026-12-01")
    follow(head, form.get_by_role("button"))
    expect(head.get_by_text("不再担任宣教和信息技术科专职管理员")).to_be_visible()
    assert violations(head) == []
    follow(head, head.get_by_role("button", name="提出变更"))
    assert violations(head) == []
    consent(head)
    head.set_viewport_size({"width": 390, "height": 844})
    assert head.evaluate("document.documentElement.scrollWidth") <= 390  # a fingerprint is long
    sign_in(leader)
    follow(leader, leader.get_by_role("link", name="办理", exact=True).first)
    consent(leader)
    expect(leader.get_by_role("status").first).to_contain_text("已入档")
    for address in PAGES:
        head.goto(address)
        assert violations(head) == [], address
    expect(leader.get_by_text("没有待办的变更")).to_be_visible()
