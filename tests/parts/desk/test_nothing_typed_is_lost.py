"""In Chromium: what is typed outlives closed tabs and ended sessions, and no machine of others."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from pipeline.parts.desk.desk import Desk
from tests.browser.serving import violations
from tests.builders.archive import PNG, POST
from tests.builders.desks import DeskRun, bureau
from tests.builders.files import folder
from tests.builders.live_desks import follow, free_port, person_at, serving, sign_in

pytestmark = pytest.mark.browser
DRAFT = f"/write/draft?branch=proposal&post={POST}"
SAVED = "关好火源再出门。\n\n## 三件事\n\n断电、关火、清通道。\n"
PAUSED = "() => new Promise((done) => setTimeout(done, 500))"
"""Ends after what the page does a moment after the last key, however busy the machine: timers of a
page end in their order."""
PASTE = """([kind, text]) => {
  const clipboardData = new DataTransfer(), body = document.querySelector("#f-_body");
  clipboardData.setData(kind, text);
  body.focus();
  body.select();
  const event = { clipboardData, bubbles: true, cancelable: true };
  body.dispatchEvent(new ClipboardEvent("paste", event));
}"""
STORED = "Object.keys(localStorage).filter((key) => key.startsWith('sanshen:')).length"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskRun, Desk]]:
    at = tmp_path_factory.mktemp("bureau")
    listening, origin = free_port()
    archive = bureau(at / "archive", origin)
    archive.draft(body=SAVED)
    archive.commit("起草", "zz-a")
    run = DeskRun.over(archive, at)
    desk = run.open(origin)
    with serving(desk, listening):
        yield run, desk


@pytest.fixture
def writer(live: tuple[DeskRun, Desk], browser: Browser) -> Iterator[Page]:
    page = person_at(browser, live[1].origin, "zz-a")
    sign_in(page)
    page.goto(DRAFT)
    yield page
    page.context.close()
    for file in live[0].root.glob(".git/sanshen-desk/unsaved/*"):
        file.unlink()


def type_(page: Page, words: str) -> None:
    page.locator("#f-_body").fill(words)
    page.evaluate(PAUSED)


def offline(context: BrowserContext) -> None:
    context.route("**/write/draft", lambda route: route.abort())


def crash(page: Page) -> Page:
    """The tab is gone without a word, as on a phone."""
    context = page.context
    page.close(run_before_unload=False)
    return context.new_page()


def test_a_closed_tab_loses_nothing_and_one_goes_back_by_undo(writer: Page) -> None:
    offline(writer.context)
    type_(writer, "路上写的半句话")
    writer.locator("#f-title").fill("路上的标题")
    writer.evaluate(PAUSED)
    again = crash(writer)
    again.goto(DRAFT)
    expect(again.locator("#f-_body")).to_have_value("路上写的半句话")
    expect(again.locator("#f-title")).to_have_value("路上的标题")
    expect(again.locator("[data-restored]")).to_be_visible()
    assert violations(again) == []
    again.get_by_role("button", name="撤销").click()
    expect(again.locator("#f-_body")).not_to_have_value("路上写的半句话")
    again.on("dialog", lambda dialog: dialog.accept())
    again.locator("[data-forget]").click()
    expect(again.locator("#f-_body")).to_have_value(SAVED)


def test_nothing_is_taken_that_a_page_on_its_way_would_lose(writer: Page) -> None:
    """A choice on which the form depends fetches it anew, which takes seconds on a busy machine."""
    held: list[Route] = []
    typed: list[str] = []
    writer.on("console", lambda message: typed.append(message.text))
    writer.route("**/write/draft", lambda route: held.append(route))
    writer.evaluate(
        "document.querySelector('#f-title').addEventListener('input', () => console.log('typed'))"
    )
    writer.locator('[name="origin"][value="reprint"]').evaluate(
        """(field) => {
          document.querySelector("#f-title").focus();
          field.checked = true;
          field.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    writer.keyboard.type("会丢的字")
    while not held:  # the request is on its way
        writer.wait_for_timeout(20)
    assert not typed
    with writer.expect_navigation():
        held[0].continue_()
    writer.unroute("**/write/draft")
    writer.locator("#f-title").fill("没有丢的标题")
    expect(writer.locator("#f-title")).to_have_value("没有丢的标题")


def test_after_signing_in_again_one_is_where_one_was_with_the_text(
    writer: Page, live: tuple[DeskRun, Desk]
) -> None:
    run, desk = live
    desk.sessions.entries.clear()
    type_(writer, "写着写着登录到期了。")
    error = writer.locator("[data-note=error] a")
    expect(error).to_contain_text("重新登录")
    writer.get_by_role("button", name="保存", exact=True).click()
    writer.wait_for_url("**/sign-in?next=**")
    writer.get_by_role("button", name="用通行密钥登录").click()
    writer.wait_for_url(f"**{DRAFT}")
    expect(writer.locator("#f-_body")).to_have_value("写着写着登录到期了。")
    writer.get_by_role("button", name="保存", exact=True).click()
    expect(writer.locator("[role=status].note--good")).to_have_text("已保存。")
    assert run.read("proposal", f"{folder(POST)}/post.md").endswith("写着写着登录到期了。")
    for _ in range(600):  # what the desk has is not stored twice; the page's policy forbids eval
        if writer.evaluate(STORED) == 0:
            break
        writer.wait_for_timeout(100)
    assert writer.evaluate(STORED) == 0
    type_(writer, SAVED)
    writer.get_by_role("button", name="保存", exact=True).click()
    expect(writer.locator("[role=status].note--good")).to_have_text("已保存。")


def test_signing_out_wipes_the_browser(writer: Page) -> None:
    type_(writer, "退出前写的。")
    assert writer.evaluate(STORED) == 1
    writer.on("dialog", lambda dialog: dialog.accept())
    writer.get_by_role("button", name="退出").click()
    writer.wait_for_url("**/sign-in")
    assert writer.evaluate(STORED) == 0


def test_a_machine_of_others_stores_nothing(
    writer: Page, live: tuple[DeskRun, Desk], browser: Browser
) -> None:
    page = person_at(browser, live[1].origin, "zz-a")
    page.goto("/sign-in")
    page.evaluate("localStorage.setItem('sanshen:xxy-a:proposal', '{}')")
    page.get_by_label("这是公用电脑").check()
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/")
    page.goto(DRAFT)
    type_(page, "在公用电脑上写的。")
    for _ in range(600):
        if any(live[0].root.glob(".git/sanshen-desk/unsaved/*")):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(STORED) == 0, "nor what another left there"
    again = crash(page)
    again.goto(DRAFT)
    expect(again.locator("#f-_body")).to_have_value("在公用电脑上写的。")  # the desk stored it
    again.context.close()


@pytest.mark.parametrize("fault", ["QuotaExceededError", "SecurityError"])
def test_a_browser_that_stores_nothing_says_so(writer: Page, fault: str) -> None:
    writer.add_init_script(f"""
      const set = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, text) {{
        if (key.startsWith("sanshen:")) throw new DOMException("", "{fault}");
        set.call(this, key, text);
      }};
    """)
    writer.goto(DRAFT)
    type_(writer, f"存不下的话，{fault}。")  # what the desk has already is not stored here
    expect(writer.locator("[data-unstored]")).to_be_visible()
    assert violations(writer) == []


def test_more_than_two_megabytes_are_not_sent_and_not_lost(writer: Page) -> None:
    large = "安全生产。" * 140_000  # 2.1 MB in UTF-8
    writer.evaluate("(text) => { document.querySelector('#f-_body').value = text; }", large)
    writer.locator("#f-_body").dispatch_event("input")
    error = writer.locator("[data-note=error]")
    expect(error).to_contain_text("2 MB")
    writer.get_by_role("button", name="保存", exact=True).click()
    expect(error).to_contain_text("作为附件")
    assert writer.url.endswith(DRAFT)
    assert writer.evaluate("document.querySelector('#f-_body').value.length") == len(large)


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_five_megabytes_pasted_are_refused_in_words_and_what_stood_stays(
    writer: Page, kind: str
) -> None:
    line = "安全生产，人人有责。" * 40
    lines = [f"<p>{line}</p>" if kind == "text/html" else line] * 4400
    writer.evaluate(PASTE, [kind, "\n".join(lines)])
    expect(writer.locator("[data-note=error]")).to_contain_text("作为附件")
    expect(writer.locator("#f-_body")).to_have_value(SAVED)
    writer.evaluate(PASTE, [kind, "\n".join(lines[:200])])  # more than a browser can undo soon
    expect(writer.locator("#f-_body")).to_have_value(re.compile(f"^({line}\\s+){{199}}{line}$"))
    expect(writer.locator("[data-note=error]")).to_be_hidden()


def test_a_picture_put_in_can_be_undone(writer: Page) -> None:
    given = {"name": "图.png", "mimeType": "image/png", "buffer": PNG}
    writer.locator("#f-_body").focus()
    writer.locator("[data-upload]").set_input_files([given])  # type: ignore[list-item]
    expect(writer.locator("#f-_body")).to_have_value(re.compile(r"!\[\]\(picture"))
    writer.locator("#f-_body").focus()
    writer.keyboard.press("Control+z")
    writer.keyboard.press("Control+z")
    expect(writer.locator("#f-_body")).to_have_value(SAVED)


def test_words_of_pictures_come_back_to_the_pictures_they_were_typed_for(writer: Page) -> None:
    offline(writer.context)
    words = {"zebra.png": "河道", "apple.png": "堤坝"}
    rows = writer.locator(".picture:visible")
    for name in words:
        given = {"name": name, "mimeType": "image/png", "buffer": PNG}
        writer.locator("[data-upload]").set_input_files([given])  # type: ignore[list-item]
        expect(rows.filter(has_text=name)).to_have_count(1)
    for name, text in words.items():
        rows.filter(has_text=name).locator('[name$=".alt"]').fill(text)
    writer.evaluate(PAUSED)
    again = crash(writer)
    again.goto(DRAFT)
    expect(again.locator("[data-restored]")).to_be_visible()
    shown = again.locator(".picture:visible")
    for name, text in words.items():
        row = shown.filter(has_text=name)
        expect(row.locator('[name$=".alt"]')).to_have_value(text)
        assert row.locator('[name$=".file"]').input_value() == name
    gone = "(key) => { localStorage[key] = localStorage[key].replaceAll('zebra.png', 'gone.png'); }"
    again.evaluate("leaving = true")
    again.evaluate(gone, again.evaluate("slot(draft)"))
    again = crash(again)
    again.goto(DRAFT)
    expect(again.locator("[data-restored]")).to_be_visible()
    shown = again.locator(".picture:visible")
    expect(shown.filter(has_text="apple.png").locator('[name$=".alt"]')).to_have_value("堤坝")
    expect(shown.filter(has_text="zebra.png").locator('[name$=".alt"]')).to_have_value("")


def test_a_session_that_ends_before_the_touch_signs_nothing_and_the_opinion_comes_back(
    live: tuple[DeskRun, Desk], browser: Browser
) -> None:
    run, desk = live
    page = person_at(browser, desk.origin, "xxy-a")
    sign_in(page)
    page.goto(f"/posts/{POST}/")
    page.get_by_label("意见").fill("第二段请写明时间。")
    page.evaluate(PAUSED)
    desk.sessions.entries.clear()
    before = run.branch("proposal")
    page.get_by_role("button", name="退回并签名").click()
    link = page.locator("[data-error] a")
    expect(link).to_contain_text("重新登录")
    follow(page, link)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(f"**/posts/{POST}/")
    expect(page.get_by_label("意见")).to_have_value("第二段请写明时间。")
    assert run.branch("proposal") == before
    page.context.close()
