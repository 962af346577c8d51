"""The reviewer's page in Chromium: compare, tick, sign by passkey; findings, quotes, keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.parts.desk.desk import LocalKey
from tests.browser.serving import violations
from tests.builders.archive import PNG, POST, ArchiveRepo
from tests.builders.cast import public_line, sign_as
from tests.builders.desks import DeskRun, bureau
from tests.builders.files import folder
from tests.builders.live_desks import follow, free_port, person_at, serving, sign_in, tick_all

pytestmark = pytest.mark.browser
HOSTILE = "2026-11-05-hostile"
PICTURE = [{"file": "fire.png", "alt": "炉火", "author": "zz-a", "licence": "原创"}]
BODY = "关好火源再出门。楼道不堆杂物。\n\n![炉火](fire.png)\n\n发现火情拨打119。\n"


def draft(archive: ArchiveRepo, post: str, body: str, **meta: object) -> None:
    archive.draft(post, body=body, media=PICTURE, **meta)
    archive.write(f"{folder(post)}/fire.png", PNG)
    archive.commit("稿件", "zz-a")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskRun, str]]:
    """A desk over a second revision, and over a post that tries to run a script."""
    at = tmp_path_factory.mktemp("bureau")
    listening, origin = free_port()
    archive = bureau(at / "archive", origin)
    archive.branch("hostile")
    draft(archive, HOSTILE, f"{BODY}\n<script>document.title = 'ran'</script>立即购买！\n")
    archive.switch("proposal")
    draft(archive, POST, BODY)
    archive.review(POST, "first", "xxy-a", decision="return", opinion="第一句不全")
    archive.commit("退回", "xxy-a")
    draft(archive, POST, BODY.replace("火源", "火源和电源"), revision=2)
    run = DeskRun.over(archive, at)
    with serving(run.open(origin), listening) as address:
        yield run, address


@pytest.fixture
def page(browser: Browser, desk: tuple[DeskRun, str]) -> Iterator[Page]:
    opened = person_at(browser, desk[1], "xxy-a", viewport={"width": 1440, "height": 900})
    sign_in(opened)
    yield opened
    opened.context.close()


def usable(page: Page) -> None:
    """Nothing for axe to find and nothing that sticks out, on a computer and on a phone."""
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_decision_under_way_is_the_only_one(page: Page) -> None:
    """A tick that is set meanwhile enables the other button; it begins nothing."""
    page.goto(f"/posts/{POST}/")
    tick_all(page)
    unanswered = "window.fetch = () => { asked += 1; return new Promise(() => {}); };"
    page.evaluate(f"() => {{ window.asked = 0; {unanswered} }}")
    page.get_by_role("button", name="退回并签名").click()
    approve = page.get_by_role("button", name="同意并签名")
    expect(approve).to_be_disabled()
    last = page.get_by_role("checkbox").last
    last.uncheck()
    last.check()
    expect(approve).to_be_enabled()
    approve.click()
    assert page.evaluate("asked") == 1


def test_a_second_revision_is_compared_ticked_and_signed_by_passkey(
    page: Page, desk: tuple[DeskRun, str]
) -> None:
    follow(page, page.locator(f"a.go[href='/posts/{POST}/']"))
    expect(page.get_by_role("radio", name="改动之处")).to_be_checked()
    expect(page.locator("#changes")).to_contain_text("第一句不全")
    expect(page.locator("#changes ins")).to_contain_text("和电")
    usable(page)
    approve = page.get_by_role("button", name="同意并签名")
    expect(approve).to_be_disabled()
    for box in page.get_by_role("checkbox").all():
        box.press("Space")
    page.evaluate("addEventListener('submit', () => { window.submitted = true; }, true)")
    box.press("Enter")  # where one is who has ticked the last: it signs nothing
    assert page.evaluate("window.submitted") is None
    expect(approve).to_be_enabled()
    approve.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("下一步：牵头科室负责人")
    record = f"content/reviews/2026/{POST}/r2/1-first.json"
    assert '"decision": "approve"' in desk[0].read("proposal", record)


def test_findings_lead_to_their_sentence_and_marked_words_into_the_opinion(page: Page) -> None:
    page.goto(f"/posts/{HOSTILE}/")
    page.get_by_role("radio", name="正文").press("ArrowRight")
    expect(page.locator("#site")).to_be_visible()
    frame = page.frame_locator("#site iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="立即购买").click()
    expect(page.locator("#text :target")).to_be_in_viewport()
    usable(page)
    assert page.get_by_role("button", name="同意并签名").count() == 0
    page.locator("#text :target").click(click_count=3)
    page.get_by_role("button", name="引入退回意见").click()
    quoted = "“<script>document.title = 'ran'</script>立即购买！”："
    expect(page.get_by_label("意见", exact=True)).to_have_value(quoted)
    expect(page.get_by_role("button", name="退回并签名")).to_be_enabled()
    assert "ran" not in page.title()


def test_the_key_of_this_machine_signs_what_the_pressed_button_says(
    browser: Browser, desk: tuple[DeskRun, str]
) -> None:
    """Without a passkey the form goes as it is, while its buttons are disabled."""
    listening, origin = free_port()
    opened, key = desk[0].open(origin), parse_public_key(public_line("xxy-b"))
    assert isinstance(key, PublicKey)
    own = LocalKey(key.fingerprint, locked=False, sign=lambda raw, _: sign_as("xxy-b", raw))
    opened.local = opened.signing.local = own
    with serving(opened, listening):
        page = browser.new_context(base_url=origin).new_page()
        page.goto(f"/enter?token={opened.sessions.token}")
        page.wait_for_url("**/")
        page.goto(f"/posts/{HOSTILE}/")
        page.get_by_label("意见", exact=True).fill("这是广告")
        follow(page, page.get_by_role("button", name="退回并签名"))
        follow(page, page.locator("form[action^='/sign/'] button"))
        record = desk[0].read("hostile", f"content/reviews/2026/{HOSTILE}/r1/1-first.json")
        assert '"decision": "return"' in record
        page.context.close()
