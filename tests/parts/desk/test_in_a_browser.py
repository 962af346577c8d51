"""Passkeys in Chromium: enrolled, used to sign in; and pages that everyone can use."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.parts.desk.verb import leading_to
from tests.browser.serving import held, violations
from tests.builders.archive import POST
from tests.builders.cast import email
from tests.builders.desks import DeskRun, bureau
from tests.builders.live_desks import free_port, person_at, serving, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bureau")
    listening, origin = free_port()
    archive = bureau(folder / "archive", origin)
    archive.draft()
    archive.commit("起草", "zz-a")
    with serving(DeskRun.over(archive, folder).open(origin), listening) as address:
        yield address


def test_a_passkey_signs_in_and_the_list_shows_what_waits(browser: Browser, origin: str) -> None:
    page = person_at(browser, origin, "xxy-a")
    page.goto("/")
    assert violations(page) == []
    sign_in(page)
    expect(page.get_by_role("link", name="办理", exact=True)).to_have_attribute(
        "href", f"/posts/{POST}/"
    )
    assert violations(page) == []
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in")
    page.goto("/")
    assert page.url.startswith(f"{origin}/sign-in")


def test_a_press_before_the_script_is_there_forgets_no_page_that_follows(
    browser: Browser, origin: str
) -> None:
    page = person_at(browser, origin, "xxy-a")
    script = held(page, "**/static/desk.js")
    page.goto("/sign-in?next=/due", wait_until="commit")
    button = page.get_by_role("button", name="用通行密钥登录")
    button.click()
    page.wait_for_url("**/sign-in?next=%2Fdue", wait_until="commit")
    script()
    page.wait_for_load_state()
    button.click()
    page.wait_for_url("**/due")
    page.context.close()


def test_a_file_of_its_owner_leads_into_the_desk(browser: Browser, tmp_path: Path) -> None:
    """The address with the token is in no command line; the session counts from the first page."""
    listening, origin = free_port()
    desk = DeskRun.over(bureau(tmp_path / "archive", origin), tmp_path).open(origin)
    desk.local_email = email("xxy-a")
    token = desk.sessions.token
    with serving(desk, listening):
        page = browser.new_context().new_page()
        page.goto(leading_to(f"{origin}/enter?token={token}", desk.queue).as_uri())
        expect(page.get_by_role("heading", name="待我办理")).to_be_visible()
        expect(page.get_by_text("某xxy-a")).to_be_visible()
        again = browser.new_context().new_page()
        again.goto(f"{origin}/enter?token={token}")
        expect(again.get_by_role("heading", name="待我办理")).to_have_count(0)


def test_a_new_device_enrols_a_passkey_and_shows_the_number(
    browser: Browser, tmp_path: Path
) -> None:
    listening, origin = free_port()
    desk = DeskRun.over(bureau(tmp_path / "archive", origin), tmp_path).open(origin)
    with serving(desk, listening):
        page = person_at(browser, origin)
        page.goto("/enrol")
        assert violations(page) == []
        page.get_by_label("您的姓名").fill("某xxy-b")
        page.get_by_label("登记码").fill(desk.codes.give("xxy-b", desk.now()))
        page.get_by_role("button", name="生成通行密钥").click()
        number = page.locator("[data-number]")
        expect(number).to_have_text(re.compile(r"(\d{4} ){3}\d{4}"))
        assert violations(page) == []
        page.context.close()


def test_a_device_without_the_passkey_says_what_to_do(browser: Browser, origin: str) -> None:
    page = person_at(browser, origin, "stranger")
    page.goto("/sign-in")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert")).to_contain_text("通行密钥")


def test_no_page_runs_a_script_of_a_draft_or_asks_another_host(
    browser: Browser, origin: str, tmp_path: Path
) -> None:
    page = person_at(browser, origin, "kz-a")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page)
    assert all(url.startswith(f"{origin}/") for url in asked)
