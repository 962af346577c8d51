"""The first day in Chromium: six people enrol on their devices, and the archive is founded."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import violations
from tests.builders.foundings import SIX
from tests.builders.live_desks import person_at


def enrol_all(browser: Browser, leader: Page, origin: str, width: int = 390) -> dict[str, Page]:
    """Enter the six, and let each enrol on a device of their own, by the link behind the code."""
    devices = {}
    for number, (name, role) in enumerate(SIX.items()):
        form = leader.locator("form", has=leader.locator("#new-name"))
        form.get_by_label("姓名").fill(name)
        form.get_by_label("职责").select_option(role)
        form.get_by_role("button", name="加入").click()
        row = leader.locator("li", has=leader.get_by_role("heading", name=name))
        link = row.get_by_role("link").get_attribute("href")
        device = person_at(browser, origin, viewport={"width": width, "height": 844})
        device.goto(str(link))
        assert number or violations(device) == []
        device.get_by_role("button", name="生成通行密钥").click()
        shown = device.locator("[data-number]")
        expect(shown).to_have_text(re.compile(r"(\d{4} ){3}\d{4}"))
        expect(row.get_by_text("已登记", exact=True)).to_be_visible()
        expect(row).to_contain_text(shown.inner_text())
        assert number or violations(device) == []
        device.get_by_role("link", name="等待信任根").click()
        devices[name] = device
    return devices


def establish(leader: Page) -> None:
    leader.get_by_label("各人已当面念出").check()
    leader.get_by_label("都是本单位的人").check()
    leader.get_by_role("button", name="建立档案").click()
    leader.wait_for_url("**/root")
