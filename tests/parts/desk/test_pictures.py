"""Pictures beside the text: cut before they are sent, shown at once, and used again with their
author and licence."""

import io
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, Page, Route, expect
from starlette.testclient import TestClient

from pipeline.parts.desk.desk import Desk
from tests.browser.serving import violations
from tests.builders.archive import PNG, POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.desks import DeskRun, browser, bureau
from tests.builders.files import folder
from tests.builders.git import Git
from tests.builders.live_desks import free_port, serving
from tests.builders.named import worded

PICTURE = [
    {"file": "fire.png", "alt": "炉火", "author": "某科", "licence": "原创", "portrait": False}
]
NEXT = "2026-11-05-next"
DRAFT = f"/write/draft?branch=next&post={NEXT}"
GIVEN = {"_branch": "next", "_post": NEXT}
JSON = {"accept": "application/json"}


def published(root: ArchiveRepo) -> DeskRun:
    """A post with a picture on main, and the draft of another."""
    root.draft(media=PICTURE, files={"fire.png": PNG}, body="关好火源。\n\n![炉火](fire.png)\n")
    root.commit("起草", "zz-a")
    for number, step in enumerate(("first", "second", "final", "confirm")):
        root.review(POST, step, signed_at=at(f"2026-11-05 08:{40 + number}"))
    root.commit("审核", "kz-a")
    root.merge("proposal")
    root.branch("next")
    root.draft(NEXT, body="正文。\n")
    root.commit("起草", "zz-a")
    return DeskRun.over(root, root.root.parent)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> DeskRun:
    return published(bureau(tmp_path_factory.mktemp("bureau") / "archive"))


@pytest.fixture
def client(run: DeskRun) -> TestClient:
    return browser(run.open(), "zz-a")


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, kind, quality=95)
    return out.getvalue()


def test_published_pictures_are_found_by_words_and_taken_with_author_and_licence(
    client: TestClient, run: DeskRun
) -> None:
    assert f'data-use="{POST}/fire.png"' in client.get("/write/pictures?q=火源").text
    assert "data-use" not in client.get("/write/pictures?q=没有的词").text
    shown = client.get(f"/write/pictures/{POST}/fire.png")
    assert shown.content == PNG and shown.headers["content-type"] == "image/png"
    given = client.post("/write/files", data={**GIVEN, "again": f"{POST}/fire.png"}, headers=JSON)
    assert given.json() == {
        "name": "fire.png", "picture": True, "listed": True,
        "words": {"alt": "炉火", "author": "某科", "licence": "原创", "portrait": "false"},
    }  # fmt: skip
    path = f"{folder(NEXT)}/fire.png"
    assert Git(run.remote)("rev-parse", f"next:{path}") == Git(run.remote)(
        "rev-parse", f"main:{folder(POST)}/fire.png"
    )


def test_what_is_not_public_yet_is_not_offered(run: DeskRun) -> None:
    """It is part of main, and its hour has not come."""
    desk = run.open()
    desk.now = lambda: at("2026-11-05 09:00")
    early = browser(desk, "zz-a")
    assert "data-use" not in early.get("/write/pictures").text
    assert early.get(f"/write/pictures/{POST}/fire.png").status_code == 409


@pytest.mark.parametrize(
    "asked",
    [
        f"{POST}/post.md",
        f"{POST}/../../../policy.yml",
        f"{POST}/",
        "/fire.png",
        "x",
        NEXT,
        "../x/y.png",
    ],
)
def test_nothing_else_is_taken_as_a_published_picture(client: TestClient, asked: str) -> None:
    refused = client.post("/write/files", data={**GIVEN, "again": asked}, headers=JSON)
    assert refused.status_code == 409 and refused.json()["error"]


def test_a_picture_of_a_draft_is_shown_to_nobody_as_published(client: TestClient) -> None:
    raw = {"file": ("图.png", picture(20, 10))}
    name = client.post("/write/files", data=GIVEN, files=raw, headers=JSON).json()["name"]
    assert client.get(f"/write/pictures/{NEXT}/{name}").status_code == 409
    assert client.get(f"/write/pictures/{POST}/post.md").status_code == 409


@pytest.fixture(scope="module")
def desk_origin(run: DeskRun) -> Iterator[Desk]:
    listening, origin = free_port()
    desk = run.open(origin)
    with serving(desk, listening):
        yield desk


@pytest.fixture
def form(desk_origin: Desk, browser: Browser) -> Iterator[Page]:
    desk = desk_origin
    page = browser.new_context(base_url=desk.origin).new_page()
    secret = desk.sessions.begin("zz-a", desk.now())
    page.context.add_cookies([{"name": "desk", "value": secret, "url": desk.origin}])
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(DRAFT)
    page.locator("#f-_body").fill("正文。")
    yield page
    page.context.close()
    assert not problems


def chosen(name: str, raw: bytes) -> list[dict[str, object]]:
    return [{"name": name, "mimeType": f"image/{name[-3:]}".replace("jpg", "jpeg"), "buffer": raw}]


def sizes(run: DeskRun, name: str) -> tuple[int, int]:
    shown = ["git", "-C", str(run.remote), "show", f"next:{folder(NEXT)}/{name}"]
    raw = subprocess.run(shown, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(raw)).size


@pytest.mark.browser
def test_a_picture_is_cut_by_keyboard_or_by_dragging_before_it_is_sent(
    form: Page, run: DeskRun
) -> None:
    sent: list[int] = []
    form.on(
        "request",
        lambda r: sent.append(len(r.post_data_buffer or b"")) if "files" in r.url else None,
    )
    form.locator("[data-cut-first]").set_input_files(chosen("现场.png", picture(400, 200)))  # type: ignore[arg-type]
    window = form.locator("dialog[data-cut]")
    expect(window).to_be_visible()
    assert violations(form) == []
    area = form.locator("dialog canvas").bounding_box()
    assert area
    form.mouse.move(area["x"] + area["width"] / 2, area["y"])
    form.mouse.down()
    form.mouse.move(area["x"] + area["width"], area["y"] + area["height"], steps=3)
    form.mouse.up()
    expect(window.locator("output")).to_have_text("200×200")
    window.get_by_label("下边裁去").focus()
    for _ in range(50):
        form.keyboard.press("ArrowRight")
    expect(window.locator("output")).to_have_text("200×100")
    window.get_by_role("button", name="裁好加入").press("Enter")
    expect(form.locator("#f-_body")).to_have_value(re.compile(r"!\[\]\((picture[-\d]*\.png)\)"))
    name = re.search(r"\((picture.*?)\)", form.input_value("#f-_body"))
    assert name and sizes(run, name[1]) == (200, 100)
    row = form.locator(".picture:visible").last
    expect(row.locator("img")).to_have_attribute("src", f"/posts/{NEXT}/{name[1]}")
    form.locator("[data-cut-first]").set_input_files(chosen("不要.png", picture(40, 20)))  # type: ignore[arg-type]
    window.get_by_role("button", name="不加入").click()
    expect(form.locator("#f-_body")).not_to_have_value(re.compile("…"))
    assert len(sent) == 1


@pytest.mark.browser
def test_what_a_machine_made_is_not_cut_since_its_mark_would_be_lost(form: Page) -> None:
    out, mark = io.BytesIO(), PngInfo()
    mark.add_text("AIGC", '{"Label":"1"}')
    Image.new("RGB", (60, 40), "teal").save(out, "PNG", pnginfo=mark)
    labelled = out.getvalue()
    form.locator("[data-cut-first]").set_input_files(chosen("生成.png", labelled))  # type: ignore[arg-type]
    expect(form.locator("[data-note=error]")).to_contain_text("标识")
    expect(form.locator("dialog[data-cut]")).to_be_hidden()


@pytest.mark.browser
def test_a_large_photograph_is_made_smaller_before_it_is_sent(form: Page) -> None:
    made = form.evaluate(
        """async (raw) => {
          const file = new File([bytes(raw)], "大图.jpg", { type: "image/jpeg" });
          const sent = await smaller(file), image = await createImageBitmap(sent);
          return [image.width, image.height, sent.size < file.size, sent.name];
        }""",
        b64encode(picture(3000, 1500, "JPEG")).decode(),
    )
    assert made == [2560, 1280, True, "大图.jpg"]


@pytest.mark.browser
def test_a_published_picture_is_used_again_and_gets_words_under_it(form: Page) -> None:
    form.get_by_role("button", name="选用已发布图片").click()
    window = form.locator("dialog[data-again]")
    expect(window.locator("img")).to_have_count(1)
    assert violations(form) == []
    window.get_by_label(worded("words-of-post", "zh")).fill("没有的词")
    window.get_by_role("button", name="查找").click()
    expect(window.locator("img")).to_have_count(0)
    window.get_by_label(worded("words-of-post", "zh")).fill("火源")
    form.keyboard.press("Enter")
    window.get_by_role("button", name="使用图片“炉火”").click()
    expect(form.locator("#f-_body")).to_have_value(re.compile(r"!\[\]\((fire[-\d]*\.png)\)"))
    row = form.locator(".picture:visible").last
    for key, words in (("alt", "炉火"), ("author", "某科"), ("licence", "原创")):
        expect(row.locator(f'[name$=".{key}"]')).to_have_value(words)
    row.get_by_label("图片下方说明").fill('炉膛"三查"')
    form.keyboard.press("Tab")
    expect(form.locator("#f-_body")).to_have_value(
        re.compile(r'\(fire[-\d]*\.png "炉膛\\"三查\\""\)')
    )
    form.locator("button[value=save]").click()
    expect(form.locator("[role=status].note--good")).to_have_text("已保存。")
    expect(form.locator("#f-_body")).to_have_value(re.compile(r"!\[炉火\]\(fire"))
    expect(form.locator("[data-caption]").last).not_to_be_visible()
    assert form.locator("[data-caption]:visible").last.input_value() == '炉膛"三查"'


@pytest.mark.browser
def test_words_under_a_picture_are_asked_where_the_text_shows_it(form: Page) -> None:
    sound = {"name": "录音.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3" + bytes(300)}
    upload = form.locator("[data-upload]")
    upload.set_input_files([sound])  # type: ignore[list-item]
    expect(form.locator("#f-_body")).to_have_value(re.compile(r"\.mp3\)"))
    form.evaluate("check()")
    expect(form.locator(".picture:visible").last.locator("[data-caption]")).to_be_hidden()
    upload.set_input_files(chosen("河道.png", picture(20, 20)))  # type: ignore[arg-type]
    expect(form.locator("#f-_body")).to_have_value(re.compile(r"\.png\)"))
    caption = form.locator(".picture:visible").last.locator("[data-caption]")
    expect(caption).to_be_visible()
    caption.fill("一处河道")
    form.keyboard.press("Tab")
    expect(form.locator("#f-_body")).to_have_value(re.compile(r'\.png "一处河道"\)'))
    form.locator("#f-_body").fill("正文。")
    expect(caption).to_be_hidden()


@pytest.mark.browser
def test_a_name_is_looked_for_as_it_is_written(form: Page) -> None:
    names = ["a+b(1).png", "[x]$^.png", "a|b.png", "{2}?*.png", "a\\b.png"]
    shown = '(names) => names.map((name) => shownAs(name).exec(`![图](${name} "说明")`)?.[2])'
    assert form.evaluate(shown, names) == ["说明"] * len(names)
    assert form.evaluate("shownAs('a.png').test('![](abpng)') || shownAs('a|b').test('b')") is False


@pytest.mark.browser
def test_what_is_transparent_is_white_where_a_picture_becomes_a_photograph(form: Page) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "WEBP", lossless=True)
    script = """async (raw) => {
      const file = new File([bytes(raw)], "图标.webp", { type: "image/webp" });
      const given = await createImageBitmap(file);
      const made = await drawn(given, file, { left: 0, top: 0, width: 20, height: 20 });
      const context = document.createElement("canvas").getContext("2d");
      context.drawImage(await createImageBitmap(made), 0, 0);
      return [made.type, ...context.getImageData(5, 5, 1, 1).data];
    }"""
    made = form.evaluate(script, b64encode(out.getvalue()).decode())
    assert made == ["image/jpeg", 255, 255, 255, 255]
    webp = {"name": "图标.webp", "mimeType": "image/webp", "buffer": out.getvalue()}
    form.locator("[data-cut-first]").set_input_files([webp])  # type: ignore[list-item]
    window = form.locator("dialog[data-cut]")
    seen = """(at) => {
      const context = document.querySelector("dialog canvas").getContext("2d");
      return [...context.getImageData(at, 10, 1, 1).data];
    }"""
    window.get_by_label("左边裁去").fill("50")
    expect(window.locator("output")).to_have_text("10×20")
    assert form.evaluate(seen, 15) == [255, 255, 255, 255]
    assert 100 < form.evaluate(seen, 5)[0] < 130, "what is cut off is grey, not darker each time"
    window.get_by_role("button", name="不加入").click()


@pytest.mark.browser
def test_published_pictures_that_do_not_come_say_why(form: Page, desk_origin: Desk) -> None:
    window, context = form.locator("dialog[data-again]"), form.context
    error, shelf = window.get_by_role("alert"), re.compile(r"/write/pictures\?")
    context.route(shelf, lambda route: route.abort())
    form.get_by_role("button", name="选用已发布图片").click()
    expect(error).to_have_text(worded("desk-unreached", "zh"))
    assert violations(form) == []
    context.unroute(shelf)
    window.get_by_role("button", name="查找").click()
    expect(window.locator("img")).to_have_count(1)
    expect(error).to_be_hidden()
    desk_origin.sessions.end(context.cookies()[0]["value"])
    window.get_by_role("button", name="查找").click()
    expect(error.get_by_role("link")).to_have_attribute("href", re.compile("/sign-in"))


@pytest.mark.browser
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_last_question_is_answered_whatever_comes_first(
    form: Page, order: tuple[int, int]
) -> None:
    held: list[Route] = []
    form.context.route(re.compile(r"/write/pictures\?"), lambda route: held.append(route))
    form.get_by_role("button", name="选用已发布图片").click()
    window = form.locator("dialog[data-again]")
    window.get_by_label(worded("words-of-post", "zh")).fill("absent")
    window.get_by_role("button", name="查找").click()
    for _ in range(600):
        if len(held) == 2:
            break
        form.wait_for_timeout(100)
    assert [each.request.url.partition("q=")[2] for each in held] == ["", "absent"]
    for number in order:
        with form.expect_response(re.compile("/write/pictures")):
            held[number].continue_()
        form.wait_for_timeout(300)
    expect(window.get_by_role("status")).to_be_visible()
    expect(window.locator("img")).to_have_count(0)
