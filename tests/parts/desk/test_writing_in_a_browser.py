"""The writer's form in Chromium: paste, findings while one types, a picture, saving by keyboard."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.serving import violations
from tests.builders.archive import POST
from tests.builders.desks import DeskRun, bureau
from tests.builders.files import folder
from tests.builders.live_desks import free_port, serving

pytestmark = pytest.mark.browser
CLIPBOARD = Path(__file__).parents[2] / "browser/clipboard"
PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "不用这个");
  const body = document.querySelector("#f-_body");
  body.focus();
  body.select();
  const event = { clipboardData: data, bubbles: true, cancelable: true };
  body.dispatchEvent(new ClipboardEvent("paste", event));
}"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> DeskRun:
    at = tmp_path_factory.mktemp("bureau")
    archive = bureau(at / "archive")
    archive.draft()
    archive.commit("起草", "zz-a")
    return DeskRun.over(archive, at)


@pytest.fixture(scope="module")
def open_form(run: DeskRun, browser: Browser) -> Iterator[Page]:
    listening, origin = free_port()
    desk = run.open(origin)
    with serving(desk, listening):
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        secret = desk.sessions.begin("zz-a", desk.now())
        page.context.add_cookies([{"name": "desk", "value": secret, "url": origin}])
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{origin}/write")
        yield page
        page.context.close()
        assert not problems


@pytest.fixture
def form(open_form: Page) -> Page:
    origin = open_form.url.partition("/write")[0]
    open_form.goto(f"{origin}/write/draft?branch=proposal&post={POST}")
    return open_form


def add_files(form: Page, *files: tuple[str, str, bytes]) -> None:
    """Give the form files as a person does, once its button is shown: the script listens."""
    form.wait_for_load_state("domcontentloaded")  # of the page that a save leads to
    expect(form.get_by_text("图片或文件").first).to_be_visible()
    given = [dict(zip(("name", "mimeType", "buffer"), file, strict=True)) for file in files]
    form.locator("[data-upload]").set_input_files(given)  # type: ignore[arg-type]


def saved(run: DeskRun) -> str:
    return run.read("proposal", f"{folder(POST)}/post.md")


def test_a_writer_pastes_is_warned_while_typing_and_saves_by_keyboard(
    run: DeskRun, form: Page
) -> None:
    html = (CLIPBOARD / "word.html").read_text("utf-8")
    body = form.locator("#f-_body")
    before = body.input_value()  # another test may have typed what was not saved
    form.evaluate(PASTE, html)
    markdown = (CLIPBOARD / "word.md").read_text("utf-8").replace("![](picture-1)\n\n", "").strip()
    expect(body).to_have_value(markdown)
    expect(form.locator("[data-note=lost]")).to_be_visible()
    form.keyboard.press("Control+z")
    expect(body).to_have_value(before)
    body.fill("首段。\n\n请不传谣、不信谣,谢谢！再见。")
    found = form.locator("[data-findings] a", has_text="请不传谣、不信谣,谢谢！")
    expect(found).to_be_visible()
    found.focus()
    form.keyboard.press("Enter")
    chosen = "(b) => b.value.slice(b.selectionStart, b.selectionEnd)"
    assert body.evaluate(chosen) == "请不传谣、不信谣,谢谢！"
    form.keyboard.type("请勿传谣。")
    for _ in range(80):
        form.keyboard.press("Tab")
        if form.evaluate("document.activeElement.value") == "save":
            break
    with form.expect_navigation():
        form.keyboard.press("Enter")
    expect(form.locator("[role=status]").first).to_have_text("已保存。")
    assert saved(run).endswith("首段。\n\n请勿传谣。再见。")


def test_one_press_puts_the_right_words_in_and_can_be_undone(form: Page) -> None:
    body = form.locator("#f-_body")
    body.fill("😀望大家再接再励。")
    press = form.get_by_role("button", name="改为“再接再厉”")
    expect(press).to_be_visible()
    press.click()
    expect(body).to_have_value("😀望大家再接再厉。")
    expect(press).to_have_count(0)
    form.keyboard.press("Control+z")
    expect(body).to_have_value("😀望大家再接再励。")


def test_a_picture_is_put_where_the_caret_is_and_its_words_are_asked(
    run: DeskRun, form: Page
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(picture, "PNG")
    add_files(form, ("图一.png", "image/png", picture.getvalue()))
    expect(form.locator("#f-_body")).to_have_value(re.compile(r"!\[\]\(picture\.png\)"))
    assert form.input_value('[name="media.0.file"]') == "picture.png"
    form.fill('[name="media.0.alt"]', "一张红图")
    form.fill('[name="media.0.author"]', "某科")
    form.fill('[name="media.0.licence"]', "本单位原创")
    form.click("button[value=save]")
    expect(form.locator("[role=status].note--good")).to_have_text("已保存。")
    assert "![一张红图](picture.png)" in saved(run)
    add_files(form, ("a.svg", "image/svg+xml", b"<svg/>"), ("a.txt", "text/plain", b"a"))
    expect(form.locator("#f-_body")).to_have_value(re.compile(r"\[a\.txt\]"))
    expect(form.locator("#f-_body")).not_to_have_value(re.compile("…"))
    form.evaluate("check()")
    error = form.locator("[data-note=error]")
    expect(error, "it stays when another file comes and the draft is judged").to_be_visible()
    assert "不能作为图片" in error.inner_text()


def test_a_file_chosen_before_the_script_comes_stays_in_sight(form: Page) -> None:
    plain = form.locator("form[data-plain]")
    expect(plain).to_be_hidden()
    given = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}
    plain.locator("[type=file]").set_input_files([given])  # type: ignore[list-item]
    form.evaluate("reveal()")
    expect(plain.get_by_role("button", name="添加")).to_be_visible()


def test_no_barrier_and_no_scrolling_aside(form: Page) -> None:
    for address in (form.url, form.url.partition("/draft")[0]):
        form.goto(address)
        for width in (1280, 375):
            form.set_viewport_size({"width": width, "height": 800})
            assert form.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(form) == []


def test_a_draft_that_was_never_submitted_is_deleted(form: Page) -> None:
    form.goto(form.url.partition("/draft")[0])
    form.get_by_role("button", name="安全提示").click()
    form.get_by_text("删除草稿", exact=True).click()
    form.get_by_role("button", name="确定删除").click()
    expect(form.get_by_role("status")).to_have_text("草稿已删除。")


def test_keys_of_word_mark_words_and_the_desk_says_that_it_works(form: Page) -> None:
    body = form.locator("#f-_body")
    body.fill("请立即撤离。")
    body.evaluate("(b) => b.setSelectionRange(1, 3)")
    form.keyboard.press("Control+b")
    expect(body).to_have_value("请**立即**撤离。")
    form.keyboard.press("Control+z")
    expect(body).to_have_value("请立即撤离。")
    note, held = form.locator("[data-working]"), list[Route]()
    expect(note).to_be_hidden()
    form.route("**/write/draft", lambda route: held.append(route))
    form.keyboard.type("甲")
    expect(note).to_be_visible()
    expect(note).to_contain_text(re.compile(r"已用\d+秒"))
    assert violations(form) == []
    for route in held:
        route.continue_()
    expect(note).to_be_hidden()
    form.unroute("**/write/draft")
    form.route("**/write/draft", lambda route: route.abort("internetdisconnected"))
    form.keyboard.type("乙")
    error = form.locator("[data-note=error]")
    expect(error).to_contain_text("未检查")
    form.unroute("**/write/draft")
    form.keyboard.type("丙")
    expect(error).to_be_hidden()


STREAM = """(pieces) => {
  const encoded = (piece) => new TextEncoder().encode(`${JSON.stringify(piece)}\\n`);
  window.fetch = async () => new Response(new ReadableStream({
    start(stream) { window.next = (piece) => stream.enqueue(encoded(piece));
      window.ends = () => stream.close(); window.dies = () => stream.error(new Error("gone")); },
  }));
}"""


@pytest.fixture
def stream(form: Page) -> Page:
    """A form whose checks bring what a test gives, with `next`, `ends` and `dies`."""
    expect(form.locator("[data-working]")).to_be_hidden()
    form.evaluate(STREAM)
    # In one go: a moment after its begin a check shows what comes at once.
    form.evaluate("void check(), next({ left: 92, rows: '<li>头一条</li>' })")
    return form


def test_a_long_check_shows_its_findings_as_they_come(stream: Page) -> None:
    rows, left = stream.locator("[data-findings] li"), stream.locator("[data-left]")
    expect(rows.filter(has_text="头一条")).to_have_count(0)
    stream.wait_for_timeout(800)
    stream.evaluate("next({ left: 91, rows: '<li>第二条</li>' })")
    expect(rows).to_have_text(["头一条", "第二条"])
    expect(left).to_have_text("还有91条规定未检查。")
    assert violations(stream) == []
    stream.evaluate("next({ left: 0, rows: '<li>第二条</li><li>头一条</li>' })")
    stream.evaluate("ends()")
    expect(rows).to_have_text(["第二条", "头一条"])
    expect(left).to_be_hidden()
    expect(stream.locator("[data-working]")).to_be_hidden()


@pytest.mark.parametrize("end", ["ends()", "dies()", "(next({ error: '不行。' }), ends())"])
def test_a_check_that_dies_midway_says_that_the_rest_is_not_checked(stream: Page, end: str) -> None:
    stream.evaluate(end)
    expect(stream.locator("[data-left]")).to_have_text("还有92条规定未检查。")
    expect(stream.locator("[data-findings] li")).to_have_text(["头一条"])
    expect(stream.locator("[data-note=error]")).to_have_text(re.compile("其余未检查|不行"))
    expect(stream.locator("[data-clean]")).to_be_hidden()
    assert stream.locator("[data-findings]").get_attribute("aria-busy") is None


def test_of_two_checks_the_second_alone_is_shown(stream: Page) -> None:
    stream.evaluate("window.first = next, void check()")
    stream.evaluate("next({ left: 0, rows: '<li>后一次</li>' }), ends()")
    stream.evaluate("first({ left: 0, rows: '<li>前一次</li>' })")
    expect(stream.locator("[data-findings] li")).to_have_text(["后一次"])


def test_one_press_changes_nothing_that_was_typed_since(form: Page) -> None:
    body = form.locator("#f-_body")
    body.fill("望大家再接再励。")
    press = form.get_by_role("button", name="改为“再接再厉”")
    expect(press).to_be_visible()
    body.evaluate(
        "(b) => { b.value = '请各位同事一起努力。' + b.value; }"
    )  # no event: no new check
    press.click()
    expect(body).to_have_value("请各位同事一起努力。望大家再接再励。")
    expect(press).to_have_attribute("data-start", "13")
    press.click()
    expect(body).to_have_value("请各位同事一起努力。望大家再接再厉。")
