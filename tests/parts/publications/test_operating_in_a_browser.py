"""From the list to the record in Chromium: copy what main holds, paste the address, touch."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.serving import violations
from tests.builders.archive import POST
from tests.builders.desks import DeskRun, bureau
from tests.builders.live_desks import follow, free_port, person_at, serving, sign_in
from tests.builders.named import worded

pytestmark = pytest.mark.browser


def test_an_operator_copies_a_post_and_records_where_it_went(
    browser: Browser, tmp_path: Path
) -> None:
    listening, origin = free_port()
    archive = bureau(tmp_path / "archive", origin)
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.approve_all()
    archive.commit("审核", "kz-a")
    archive.merge("proposal")
    run = DeskRun.over(archive, tmp_path)
    with serving(run.open(origin), listening):
        page = person_at(browser, origin, "gly-a")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
        sign_in(page)
        follow(page, page.get_by_role("link", name="待发布", exact=True))
        follow(page, page.get_by_role("link", name="发布：冬季防火三件事"))
        with page.expect_popup() as opened:
            page.get_by_role("link", name="打开复制页").click()
        copy = opened.value
        copy.get_by_role("button", name="复制正文（带格式）").click()
        copy.get_by_text(worded("copied-now-paste", "zh")).wait_for()
        assert "关好火源再出门" in copy.evaluate("() => navigator.clipboard.readText()")
        assert violations(page) == []
        page.get_by_label("平台上的网址").fill("https://wechat.example/wx/1")
        page.get_by_role("button", name="登记发布并签名").click()
        page.get_by_text("待入档").wait_for()
        for address in (
            "/inquiries",
            "/records/inquiries",
            "/due",
            f"/exceptions/{POST}",
            "/operate",
        ):
            page.goto(address)
            assert violations(page) == []
        page.get_by_role("button", name="入档").click()
        page.get_by_text(worded("nothing-to-publish", "zh")).wait_for()
    assert "wechat.example/wx/1" in run.read(
        "main", f"content/records/publications/2026/2026-11-05.wx.{POST}.json"
    )
