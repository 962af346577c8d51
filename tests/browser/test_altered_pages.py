"""Pages, pictures and scripts that were altered anywhere: the button is never green."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from pipeline.source.program import shipped
from tests.browser.serving import ANSWER, POST, answered, pressed, settled, verdict
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_drafts import picture

pytestmark = pytest.mark.browser
ALERT = f"posts/2026/{sample.ALERT}/"
BODY = '<div data-signed="body">'
OTHER = "本页不是文件清单所列的那一份"
Change = Callable[[str], str]


def _put(old: str, new: str) -> Change:
    def change(html: str) -> str:
        assert old in html
        return html.replace(old, new, 1)

    return change


def _scrub(pattern: str, new: str) -> Change:
    def change(html: str) -> str:
        changed, number = re.subn(pattern, new, html, count=1, flags=re.DOTALL)
        assert number
        return changed

    return change


def _serve(page: Page, change: Change, only: str = "") -> None:
    """Serve every post's page changed; to what asks for it as `only`, when that is given."""

    def answer(route: Route) -> None:
        genuine = page.request.get(route.request.url)
        changed = only in ("", route.request.resource_type)
        route.fulfill(response=genuine, body=change(genuine.text()) if changed else genuine.body())

    page.route(re.compile(r"/posts/\d{4}/[^/]+/$"), answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_put("拨打 120", "拨打 121"), OTHER),
        (_put('<div data-signed="body">', '<div class="other">'), OTHER),
        (_put('alt="煤炉取暖要点示意图"', 'alt=""'), OTHER),
        (_scrub("<title>.*?</title>", "<title>不必防范</title>"), OTHER),
        (_put("</footer>", "</footer><div>已经解除</div>"), OTHER),
        (_put(BODY, f"{BODY}另一份正文</div>{BODY}"), "两处标为同一部分"),
        (_scrub(r' data-sanshen-log="[^"]*"', ""), "✗ 发布日志"),
    ],
)
def test_an_altered_page_is_not_green(tab: Page, address: str, change: Change, words: str) -> None:
    """Whatever byte it is: the list of files names the page by its digest."""
    _serve(tab, change)
    result, said = verdict(tab, address + POST)
    assert result == "bad", said
    assert words in said
    assert "没有被改动" not in said


def _home(page: Page, address: str) -> tuple[str, str]:
    """What the button of the home page answers."""
    page.goto(address)
    page.get_by_role("button", name="在本浏览器中核验首页").evaluate("e => e.click()")
    return answered(page)


def test_home_is_shown_out_of_verified_bytes_by_its_own_button(tab: Page, address: str) -> None:
    result, said = _home(tab, address)
    assert result == "good", said
    assert "本页自己没有签名" in said and "四步签名有效" not in said
    assert tab.locator("#alerts").count() == 1
    assert tab.locator("script").count() == 0
    result, said = _home(tab, address)  # with what the last visit left behind
    assert result == "good" and "记下的相同" in said, said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_put("</h1>", "</h1><p>请转账到以下账号。</p>"), OTHER),
        (_scrub("<title>.*?</title>", "<title>无预警</title>"), OTHER),
        (_scrub(r' data-sanshen-log="[^"]*"', ""), "没有发布日志"),
    ],
)
def test_a_forged_copy_of_home_is_not_green(
    tab: Page, address: str, change: Change, words: str
) -> None:
    def answer(route: Route) -> None:
        genuine = tab.request.get(route.request.url)
        route.fulfill(response=genuine, body=change(genuine.text()))

    tab.route(address, answer)
    result, said = _home(tab, address)
    assert result in ("bad", "lack"), said
    assert words in said


def test_a_host_that_shows_another_home_and_answers_the_button_with_the_true_one_is_told(
    tab: Page, address: str
) -> None:
    def answer(route: Route) -> None:
        genuine = tab.request.get(route.request.url)
        first = route.request.resource_type == "document"
        change = _put("</h1>", "</h1><p>请转账到以下账号。</p>")
        route.fulfill(response=genuine, body=change(genuine.text()) if first else genuine.text())

    tab.route(address, answer)
    result, said = _home(tab, address)
    assert result == "altered", said
    assert "请转账" not in tab.locator("article").inner_text()


def test_results_of_a_search_say_that_they_are_not_signed_and_where_to_verify(
    tab: Page, address: str
) -> None:
    settled(tab, f"{address}search/?q=应急")
    line = tab.locator(".sn-hint", has_text="检索结果没有签名")
    expect(line).to_be_visible()
    assert line.locator("a").get_attribute("href") == "../verify/"
    last, below = tab.locator(".sanshen-hit").last.bounding_box(), line.bounding_box()
    assert last and below
    assert last["y"] + last["height"] <= below["y"], "the answers come first"


def test_the_words_below_a_picture_are_not_said_to_be_strange(tab: Page, address: str) -> None:
    """They are its title in the signed text; what follows them is the first that is strange."""
    _serve(tab, _put("</figcaption>", "</figcaption>\n<p>请转账到以下账号。</p>"))
    result, said = verdict(tab, address + POST)
    assert result == "bad", said
    assert "，签名的原稿里没有“请转账到以下账号”" in said


ALTERED = {
    "paragraph above the body": (POST, _put(BODY, f"<p>请转账到以下账号。</p>{BODY}")),
    "colour of an alert": (ALERT, _put('sn-alert sn-alert--orange"', 'sn-alert sn-alert--red"')),
    "end of an alert": (ALERT, _scrub(r"(data-turns=\"\S+ )2026", r"\g<1>2025")),
    "summary hidden": (POST, _put('data-signed="lead">', 'data-signed="lead" hidden>')),
    "style attribute": (POST, _put(BODY, '<div data-signed="body" style="opacity:0">')),
    "style element": (POST, _put(BODY, f"<style>.sn-body p{{display:none}}</style>{BODY}")),
    "script": (POST, _put(BODY, f'<script src="../../../assets/search.js"></script>{BODY}')),
    "overlay outside the article": (POST, _put("</footer>", "</footer><div>已经解除</div>")),
    "where the answer stands": (POST, _put(BODY, f"<p data-sanshen-verdict><b>转账</b></p>{BODY}")),
    "where a script says new": (POST, _put(BODY, f'<b class="sn-chip--new">转账</b>{BODY}')),
    "where a script says copied": (POST, _put(BODY, f"<b data-sanshen-copied>转账</b>{BODY}")),
    "words of a picture": (POST, _scrub(r'(<img [^>]*alt=")[^"]*', r"\1不必通风")),
}  # fmt: skip


READ = {
    "paragraph above the body",
    "overlay outside the article",
    "where the answer stands",
    "where a script says new",
    "where a script says copied",
}
"""What other words tell: the answer says that the page that stood there was altered, and where."""
BLOB = re.compile(r"blob:\S+")


def _shown(page: Page) -> str:
    """What is read beside the answer."""
    page.evaluate("document.querySelectorAll('.sn-proof-line, .sn-proof').forEach(e => e.remove())")
    return BLOB.sub("", page.locator("body").aria_snapshot())


@pytest.fixture(scope="module")
def honest(shared_tab: Page, address: str) -> dict[str, str]:
    """Path → what is read after the press on the genuine page."""
    return {
        path: _shown(shared_tab)
        for path in (POST, ALERT)
        if verdict(shared_tab, address + path)[0] == "good"
    }


@pytest.mark.parametrize("name", ALTERED)
def test_of_a_server_that_gives_scripts_the_genuine_page_this_one_is_seen(
    tab: Page, address: str, honest: dict[str, str], name: str
) -> None:
    path, change = ALTERED[name]
    _serve(tab, change, "document")
    result, said = verdict(tab, address + path)
    assert result == ("altered" if name in READ else "good"), said
    assert ("不要相信它，并告诉我们" in said) == (name in READ)
    assert _shown(tab) == honest[path]


@pytest.mark.parametrize(
    ("pattern", "body"),
    [
        ("**/sized/*", picture("other")),
        ("**/assets/site.css", b".sn-body p { display: none }"),
        ("**/assets/reading.js", b"window.sanshenStates = () => {};"),
        ("**/evidence/roster.yml", b"keys: []\n"),
        ("**/manifest/2026.sha256", b""),
        ("**/site-manifest.sha256", b""),
    ],
)
def test_an_exchanged_file_is_not_green(tab: Page, address: str, pattern: str, body: bytes) -> None:
    tab.route(pattern, lambda route: route.fulfill(body=body))
    result, said = verdict(tab, address + POST)
    assert result == "bad", said
    assert "✗ 本页的文件" in said
    assert tab.locator("body > *").count() == 2, "nothing of the page stays"


def test_no_word_of_the_site_says_that_nothing_was_changed() -> None:
    files = shipped("site").items()
    assert [path for path, raw in files if "没有被改动".encode() in raw] == []


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("**/evidence.json", "证据文件取不到，网络不通或太慢。可用原页的“下载证据”"),
        ("**/stove.png", "？ 文件 stove.png：文件取不到，网络不通或太慢"),
        ("**/log/checkpoint", "？ 发布日志：日志的封签取不到，网络不通或太慢"),
        ("**/log.js", "？ 发布日志：核验程序取不到，网络不通或太慢"),
        ("**/answer.js", "核验程序取不到，网络不通或太慢"),
        ("**/page.js", "？ 本页的文件：核验程序取不到，网络不通或太慢"),
    ],
)
def test_what_the_network_kept_back_is_neither_right_nor_wrong(
    tab: Page, address: str, pattern: str, words: str
) -> None:
    tab.route(pattern, lambda route: route.abort())
    result, said = verdict(tab, address + POST)
    assert result == "lack"
    assert words in said
    assert "不等于通过" in said
    assert "Failed" not in said
    tab.unroute(pattern)
    assert pressed(tab)[0] == "good"


def test_a_slow_network_shows_how_far_it_is(tab: Page, address: str) -> None:
    waiting: list[Route] = []
    tab.goto(address + POST)
    tab.route("**/stove.png", lambda route: waiting.append(route))
    button = tab.get_by_role("button", name="在本浏览器中核验签名")
    button.click()
    place = tab.locator("[data-sanshen-verdict] > p")
    expect(place).to_have_text("正在核验第 2 个文件，共 2 个……")
    while not waiting:  # the words come before the request
        tab.wait_for_timeout(20)
    assert button.is_disabled()
    button.dispatch_event("click")
    assert len(waiting) == 1, "a second click begins no second round"
    waiting[-1].continue_()
    expect(tab.locator(ANSWER)).to_contain_text("✓ 相符")


def test_a_file_that_the_site_does_not_have_is_red_whatever_else_was_kept_back(
    tab: Page, address: str
) -> None:
    tab.route("**/stove.png", lambda route: route.fulfill(status=404))
    tab.route("**/log.js", lambda route: route.abort())
    result, said = verdict(tab, address + POST)
    assert result == "bad"
    assert "✗ 核验不通过" in said and "文件 stove.png：文件取不到。" in said
    assert "✗ 文件 stove.png：文件取不到" in said


def test_a_page_opened_from_a_folder_says_why_it_cannot_verify(page: Page, built: Built) -> None:
    result, _ = verdict(page, (built.out / POST / "index.html").as_uri())
    said = page.locator("body").inner_text()
    assert result == "lack"
    assert said.startswith("核验没有完成，不等于通过")
    assert "从文件夹直接打开的网页不能核验。" in said


def test_an_insecure_connection_is_named(page: Page, address: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    result, said = verdict(page, address + POST)
    assert result == "lack"
    assert "不在安全连接（https）中" in said
