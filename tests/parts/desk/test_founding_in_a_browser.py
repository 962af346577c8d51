"""The first day on pages: six people enrol, the archive is founded, and its first post goes out."""

import re
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from pipeline.parts.desk.founding import founding_app
from tests.builders.command import ours
from tests.builders.first_day import enrol_all, establish
from tests.builders.foundings import UNIT, founding_at
from tests.builders.live_desks import (
    choose,
    follow,
    free_port,
    person_at,
    sign_in,
    tick_all,
    usable,
)

pytestmark = pytest.mark.browser
TITLE = "居家用气安全三件事"


def test_from_an_empty_machine_to_the_first_post(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "建档")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "setup@example.org")
    roots: list[str] = []
    listening, origin = free_port()
    folder = tmp_path / "archive"
    founding = founding_at(folder, origin, lambda _, root: roots.append(root))
    server = uvicorn.Server(uvicorn.Config(founding_app(founding), log_level="warning"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        leader = person_at(browser, origin, viewport={"width": 1440, "height": 900})
        leader.goto(f"/enter?token={founding.sessions.token}")
        leader.wait_for_url(f"{origin}/")
        usable(leader)
        devices = enrol_all(browser, leader, origin)
        usable(leader)
        establish(leader)
        assert len(roots) == 1
        expect(leader.get_by_role("heading", level=1)).to_contain_text(UNIT)
        assert "".join(leader.locator(".root code").all_text_contents()) == roots[0]
        usable(leader)
        phone = devices["某分管"]
        expect(phone.locator(".root")).to_be_visible()
        assert phone.locator(".big").inner_text() == leader.locator(".big").inner_text()
        for page in devices.values():
            sign_in(page)
        phone.goto("/root")
        expect(phone.get_by_role("cell", name="某局长")).to_be_visible()
        _first_post(devices, founding.now)
        done = ours(["-C", str(folder), "audit", "--root", roots[0], "--as-of",
                     founding.now().isoformat()], str(folder))  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        server.should_exit = True
        thread.join()


def test_a_person_is_entered_and_enrols_by_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    listening, origin = free_port()
    founding = founding_at(tmp_path / "archive", origin)
    server = uvicorn.Server(uvicorn.Config(founding_app(founding), log_level="warning"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        page = person_at(browser, origin)
        page.goto(f"/enter?token={founding.sessions.token}")
        page.wait_for_url(f"{origin}/")
        keys = page.keyboard
        page.locator("#new-name").focus()
        keys.type("某信息员")
        keys.press("Tab")
        keys.press("ArrowDown")
        keys.press("Tab")
        keys.press("Tab")
        keys.press("Enter")
        link = page.get_by_role("link", name="在这台设备上为某信息员登记")
        expect(link).to_be_visible()
        link.focus()
        keys.press("Enter")
        page.wait_for_url("**/enrol**")
        page.locator("#code").focus()
        keys.press("Tab")
        keys.press("Enter")
        expect(page.locator("[data-number]")).to_have_text(re.compile(r"(\d{4} ){3}\d{4}"))
    finally:
        server.should_exit = True
        thread.join()
    assert [row["role"] for row in founding.book()["people"]] == ["information-officer"]


def _first_post(devices: dict[str, Page], now: object) -> None:
    writer = devices["某作者"]
    writer.goto("/write")
    follow(writer, writer.get_by_role("button", name="安全提示"))
    deciding = str(writer.locator("[data-editor]").get_attribute("data-deciding"))
    for name, words in {
        "title": TITLE, "summary": "通风、换管。", "publish_at": "2026-11-05T18:30",
        "secrecy_review.date": "2026-11-05", "_body": "冬季用气更要小心。\n\n1. 通风。\n",
    }.items():  # fmt: skip
        writer.locator(f'[name="{name}"]').fill(words)
    for name, code in {
        "topic": "education", "category": "3", "ai": "none",
        "secrecy_review.person": "information-officer-1", "secrecy_review.result": "releasable",
    }.items():  # fmt: skip
        fetched = writer.expect_navigation() if name in deciding.split() else nullcontext()
        with fetched:  # a browser's driver writes into a form that takes nothing from a hand
            choose(writer, name, code)
    writer.get_by_label(UNIT).check()
    writer.get_by_role("button", name="送审").click()
    expect(writer.get_by_role("status").first).to_contain_text("送审")
    for name in ("某信息员", "某科长", "某分管", "某科长"):
        now.moment += timedelta(minutes=1)  # type: ignore[attr-defined]
        page = devices[name]
        page.goto("/")
        follow(page, page.get_by_role("link", name="办理", exact=True).first)
        tick_all(page)
        page.get_by_role("button", name="同意并签名", exact=True).click()
        page.wait_for_url(re.compile("//[^/]+/$"))
    expect(page.get_by_role("status").first).to_contain_text("确认")
