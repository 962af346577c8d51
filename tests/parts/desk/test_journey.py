"""A post's whole way on pages alone, to a citizen who verifies it with stock ssh-keygen."""

import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from pipeline.parts.desk.desk import Desk
from tests.browser.serving import violations
from tests.builders.command import ours
from tests.builders.desks import DeskRun, bureau
from tests.builders.git import Git
from tests.builders.live_desks import (
    choose,
    follow,
    free_port,
    person_at,
    serving,
    sign_in,
    tick_all,
)

pytestmark = pytest.mark.browser
TITLE = "居家用气安全三件事"
TEXT = "冬季门窗紧闭，用气更要小心。\n\n## 三件事\n\n1. 用气时保持通风。\n2. 软管定期更换。\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskRun, Desk]]:
    folder = tmp_path_factory.mktemp("bureau")
    listening, origin = free_port()
    made = DeskRun.over(bureau(folder / "archive", origin), folder)
    desk = made.open(origin)
    with serving(desk, listening):
        yield made, desk


def test_from_an_empty_form_to_a_citizen_who_verifies(
    run: tuple[DeskRun, Desk], browser: Browser, tmp_path: Path
) -> None:
    made, desk = run
    at = {p: person_at(browser, desk.origin, p) for p in ("zz-a", "xxy-a", "kz-a", "ld-a", "gly-a")}
    for page in at.values():
        sign_in(page)
    _write(at["zz-a"], tmp_path)
    for person, following in (("xxy-a", "科室负责人"), ("kz-a", "分管领导"), ("ld-a", "牵头科室")):
        made.present.moment += timedelta(minutes=1)
        assert _approve(at[person], look=person == "xxy-a") == 2
        expect(at[person].get_by_role("status").first).to_contain_text(following)
    made.present.moment += timedelta(minutes=1)
    _approve(at["kz-a"], look=True)
    made.present.moment += timedelta(hours=1)  # the time for which it is planned
    expect(at["kz-a"].get_by_role("button", name="入档")).to_have_count(0)
    at["kz-a"].goto("/")
    at["kz-a"].get_by_role("button", name="入档").click()
    expect(at["kz-a"].get_by_role("status").first).to_contain_text("已入档")
    _publish(at["gly-a"])
    _verify_as_a_citizen(made, tmp_path)
    for page in at.values():
        page.context.close()


def _write(page: Page, folder: Path) -> None:
    """Write a post with a picture, and submit it."""
    page.goto("/write")
    follow(page, page.get_by_role("button", name="安全提示"))
    page.get_by_label("标题").first.fill(TITLE)
    page.get_by_label("摘要").first.fill("通风、换管。")
    page.locator("#f-_body").fill(TEXT)
    page.get_by_label("云岚wx").check()
    page.locator("#f-publish_at").fill("2026-11-05T18:30")
    choose(page, "topic", "education")
    with page.expect_navigation():  # what else is asked depends on it
        choose(page, "category", "3")
    choose(page, "ai", "none")
    choose(page, "secrecy_review.person", "xxy-d")
    page.locator("#f-secrecy_review\\.date").fill("2026-11-05")
    choose(page, "secrecy_review.result", "releasable")
    picture = folder / "通风.png"
    Image.new("RGB", (1200, 800), "#88aacc").save(picture)
    with page.expect_response("**/write/files"):
        page.locator("[data-upload]").set_input_files(picture)
    page.locator("#f-media\\.0\\.alt").fill("打开厨房窗户通风")
    page.locator("#f-media\\.0\\.author").fill("宣教和信息技术科")
    page.locator("#f-media\\.0\\.licence").fill("本单位原创")
    page.get_by_role("button", name="送审").click()
    expect(page.get_by_role("status").first).to_contain_text("送审")


def _approve(page: Page, *, look: bool) -> int:
    """Open what waits, tick what is asked, approve, sign; the clicks besides what is ticked.

    Axe looks at the page of one review and at that of the confirmation.
    """
    page.goto("/")
    clicks = [
        page.get_by_role("link", name="办理", exact=True),
        page.get_by_role("button", name="同意并签名", exact=True),
    ]
    follow(page, clicks[0])
    assert not look or violations(page) == []
    tick_all(page)
    for click in clicks[1:]:
        click.click()
    page.wait_for_url(re.compile("//[^/]+/$"))
    return len(clicks)


def _publish(page: Page) -> None:
    page.goto("/operate")
    waiting = page.get_by_role("link", name="办理").or_(page.get_by_role("link", name="发布"))
    follow(page, waiting.last)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("复制")).first.click()
    expect(opened.value.get_by_role("button", name=re.compile("复制")).first).to_be_visible()
    opened.value.close()
    page.locator("[name=url]").first.fill("https://wechat.example/wx/1")
    page.get_by_role("button", name="签名").first.click()
    expect(page.get_by_role("status").first).to_contain_text("已登记")
    page.goto("/operate")
    page.get_by_role("button", name=re.compile("入档")).click()
    expect(page.get_by_role("status").first).to_contain_text("已入档")


def _verify_as_a_citizen(run: DeskRun, folder: Path) -> None:
    """Build the archive from main, and paste the commands that its page prints."""
    clone = folder / "main"
    Git(folder)("clone", "--quiet", "--branch", "main", str(run.remote), str(clone))
    moment = run.present.moment.isoformat()
    for asked in (["build", "-o", str(folder / "site")], ["audit"]):
        done = ours(["-C", str(clone), *asked, "--as-of", moment], str(folder))
        assert done.returncode == 0, done.stderr
    (page,) = [p for p in (folder / "site/posts/2026").rglob("index.html")
               if f"<title>{TITLE}" in p.read_text("utf-8")]  # fmt: skip
    text = page.read_text("utf-8")
    script = unescape(re.findall(r'<pre class="sn-pre"><code>(.*?)</code>', text, re.DOTALL)[1])
    offered = folder / "offered"
    offered.mkdir()
    listed = re.search(r'<ul class="sn-files">(.*?)</ul>', text)
    assert listed
    for address in re.findall(r'href="([^"]+)"', listed[1]):
        source = (page.parent / address).resolve()
        (offered / source.name).write_bytes(source.read_bytes())
    done = subprocess.run(["bash", "--norc", "-s"], input=f"{script}\nexit $?\n", cwd=offered,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Good")
