"""The button on a page whose HTML was changed while the evidence was left as it is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_pages import verdict
from tests.site import sample
from tests.site.conftest import Built

pytestmark = pytest.mark.browser
POST = f"posts/2026/{sample.PLAIN}/"
BODY = '<div data-signed="body">'
WORDS = "用煤炉取暖的房间要装烟囱，并常开窗。"
OTHER = "本页不是文件清单所列的那一份"
Change = Callable[[str], str]


def _put(old: str, new: str) -> Change:
    def change(html: str) -> str:
        assert old in html
        return html.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_put("拨打 120", "拨打 121"), OTHER),
        (_put("1.5 米", "15 米"), OTHER),
        (_put("不要", "<s>不要</s>"), OTHER),
        (_put("不要", "<span hidden>不要</span>"), OTHER),
        (
            _put("不要", '不要<span class="external-mark">（站外）另有</span>'),
            OTHER,
        ),
        (_put("不要", '<input value="要">不要'), OTHER),
        (_put("<ol>", '<ol start="2">'), OTHER),
        (_put(WORDS, WORDS + '<p class="source-line">另有规定</p>'), OTHER),
        (_put(BODY, BODY + '<p class="source-line">来源：甲</p>' * 2), OTHER),
        (_put(BODY, f'{BODY}<p class="source-line">{"甲" * 200}</p>'), OTHER),
        (_put(BODY, BODY + '<p class="ai-label">本内容可以不看</p>'), OTHER),
        (_put(BODY, BODY + '<p class="ai-label">本内容由人工智能生成</p>'), OTHER),
        (_put(WORDS, f'<a href="https://elsewhere.example/">{WORDS}</a>'), OTHER),
        (_put(WORDS, f'<a href="javascript:alert(1)">{WORDS}</a>'), OTHER),
        (_put('src="stove.png"', 'src="other.png"'), OTHER),
        (_put("stove.png.480.webp", "other.png.480.webp"), OTHER),
        (_put('alt="煤炉取暖要点示意图"', 'alt="不必通风"'), OTHER),
        (_put("<figcaption>煤炉取暖要点示意图</figcaption>", ""), OTHER),
        (_put("防范一氧化碳中毒</bdi></h1>", "不必防范</bdi></h1>"), OTHER),
        (_put(BODY, f"{BODY}另一份正文</div>{BODY}"), "两处标为同一部分"),
        (_put(BODY, '<div data-signed="body" hidden>'), OTHER),
        (_put(BODY, '<div class="other">'), OTHER),
        (_put(BODY, f'<div class="sn-gone">已撤回</div>{BODY}'), OTHER),
        (lambda html: re.sub(r' data-sanshen-log="[^"]*"', "", html), "✗ 发布日志"),
    ],
)
def test_a_changed_page_is_red(page: Page, address: str, change: Change, words: str) -> None:
    page.route(
        f"**/{POST}", lambda r: r.fulfill(body=change(page.request.get(r.request.url).text()))
    )
    result, said = verdict(page, address + POST)
    assert result == "bad", said
    assert words in said


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("**/evidence.json", "证据文件取不到，网络不通或太慢。可用下面的“下载证据”"),
        ("**/stove.png", "？ 文件 stove.png：文件取不到，网络不通或太慢"),
        ("**/log/checkpoint", "？ 发布日志：日志的检查点取不到，网络不通或太慢"),
        ("**/log.js", "？ 发布日志：核验程序取不到，网络不通或太慢"),
        ("**/page.js", "？ 显示的页面：核验程序取不到，网络不通或太慢"),
    ],
)
def test_what_the_network_kept_back_is_neither_right_nor_wrong(
    page: Page, address: str, pattern: str, words: str
) -> None:
    page.route(pattern, lambda route: route.abort())
    result, said = verdict(page, address + POST)
    assert result == "lack"
    assert words in said
    assert "通过" not in said
    assert "Failed" not in said
    page.unroute(pattern)
    page.get_by_role("button", name="在本浏览器中核验签名").dblclick()
    page.wait_for_selector('[data-sanshen-verdict][data-result="good"]')


def test_a_slow_network_shows_how_far_it_is(page: Page, address: str) -> None:
    waiting: list[Route] = []
    page.goto(address + POST)
    page.route("**/stove.png", lambda route: waiting.append(route))
    button = page.get_by_role("button", name="在本浏览器中核验签名")
    button.click()
    place = page.locator("[data-sanshen-verdict]")
    expect(place.get_by_role("status")).to_have_text("正在核验第 2 个文件，共 2 个……")
    assert button.is_disabled()
    button.dispatch_event("click")
    assert len(waiting) == 1, "a second click begins no second round"
    waiting[-1].continue_()
    expect(place).to_contain_text("✓ 相符")
    assert button.is_enabled()


def test_a_file_that_the_site_does_not_have_is_red_whatever_else_was_kept_back(
    page: Page, address: str
) -> None:
    page.route("**/stove.png", lambda route: route.fulfill(status=404))
    page.route("**/log.js", lambda route: route.abort())
    result, said = verdict(page, address + POST)
    assert result == "bad"
    assert "✗ 核验不通过：1 项有问题" in said
    assert "✗ 文件 stove.png：文件取不到" in said


def test_a_page_opened_from_a_folder_says_why_it_cannot_verify(page: Page, built: Built) -> None:
    result, said = verdict(page, (built.out / POST / "index.html").as_uri())
    assert result == "lack"
    assert said.startswith(
        "从文件夹直接打开的网页不能核验。可用下面的“下载证据”和 ssh-keygen 核验。"
    )
    assert page.get_by_text("ssh-keygen -Y verify").first.is_visible()


def test_an_insecure_connection_is_named(page: Page, address: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    result, said = verdict(page, address + POST)
    assert result == "lack"
    assert "不在安全连接（https）中" in said
