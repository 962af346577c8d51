"""Pages and pictures that were altered anywhere: the button is never green."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser.test_pages import verdict
from tests.site import sample
from tests.site.sample_drafts import picture

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PLAIN = f"posts/2026/{sample.PLAIN}/"
ALERT = f"posts/2026/{sample.ALERT}/"
REPRINT = "posts/2026/2026-11-10-fire-month/"
BODY = '<div data-signed="body">'
Change = Callable[[str], str]


def _swap(old: str, new: str) -> Change:
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


ALTERED = {
    "paragraph above the body": (PLAIN, _swap(BODY, f"<p>请转账到以下账号。</p>{BODY}")),
    "paragraph below the body": (PLAIN, _swap("<section><h2", "<p>已经解除。</p><section><h2")),
    "level of an alert": (ALERT, _swap("<strong>橙色预警 Ⅱ级（严重）", "<strong>红色预警 Ⅰ级")),
    "colour of an alert": (ALERT, _swap('sn-alert sn-alert--orange"', 'sn-alert sn-alert--red"')),
    "county of an alert": (ALERT, _swap("岚城区、云溪县", "岚城区、柏川县")),
    "end of an alert": (ALERT, _scrub(r"(data-turns=\"\S+ )2026", r"\g<1>2025")),
    "summary": (PLAIN, _scrub('data-signed="lead">.*?</p>', 'data-signed="lead">不必通风。</p>')),
    "summary hidden": (PLAIN, _swap('data-signed="lead">', 'data-signed="lead" hidden>')),
    "title of the window": (PLAIN, _scrub("<title>.*?</title>", "<title>不必防范</title>")),
    "second heading": (PLAIN, _swap('<h2 id="carried">账号发布情况', '<h2 id="carried">已作废')),
    "step table": (PLAIN, _swap(">分管领导", ">主要负责人")),
    "where it was carried": (PLAIN, _swap('<li><a href="../../../accounts/', '<li><a href="../')),
    "source line": (REPRINT, _swap("来源：", "来源：人民日报；")),
    "metadata": (PLAIN, _scrub(r'文号</th><td>[^<]*', "文号</th><td>云应急〔2026〕1号")),
    "words of a correction": (PLAIN, _swap("原因：", "原因：无需理会；")),
    "style attribute": (PLAIN, _swap(BODY, '<div data-signed="body" style="opacity:0">')),
    "style element": (PLAIN, _swap(BODY, f"<style>.sn-body p{{display:none}}</style>{BODY}")),
    "script": (PLAIN, _swap(BODY, f'<script src="../../../assets/search.js"></script>{BODY}')),
    "frame": (PLAIN, _swap(BODY, f'<iframe src="../../../about/"></iframe>{BODY}')),
    "overlay outside the article": (PLAIN, _swap("</footer>", "</footer><div>已经解除</div>")),
    "words of a picture": (PLAIN, _scrub(r'(<img [^>]*alt=")[^"]*', r"\1不必通风")),
    "address of a link": (PLAIN, _swap('href="evidence.tar"', 'href="other.tar"')),
}  # fmt: skip


def _serve(page: Page, change: Callable[[str], str], only: str = "") -> None:
    """Serve every post's page changed; to what asks for it as `only`, when that is given."""

    def answer(route: Route) -> None:
        genuine = page.request.get(route.request.url)
        changed = only in ("", route.request.resource_type)
        route.fulfill(response=genuine, body=change(genuine.text()) if changed else genuine.body())

    page.route(re.compile(r"/posts/\d{4}/[^/]+/$"), answer)


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_page_is_not_green(page: Page, address: str, name: str) -> None:
    path, change = ALTERED[name]
    _serve(page, change)
    result, said = verdict(page, address + path)
    assert result == "bad", said
    assert "本页不是文件清单所列的那一份" in said
    assert "没有被改动" not in said


@pytest.mark.parametrize(
    "name",
    ["paragraph above the body", "summary hidden", "overlay outside the article", "metadata"],
)
def test_a_server_that_gives_scripts_the_genuine_page_is_not_green(
    page: Page, address: str, name: str
) -> None:
    path, change = ALTERED[name]
    _serve(page, change, "document")
    result, said = verdict(page, address + path)
    assert result == "bad", said
    assert "显示的页面与网站公布的不同" in said


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
def test_an_exchanged_file_is_not_green(
    page: Page, address: str, pattern: str, body: bytes
) -> None:
    page.route(pattern, lambda route: route.fulfill(body=body))
    result, said = verdict(page, address + PLAIN)
    assert result == "bad", said
    assert "✗ 显示的页面" in said


def test_no_word_of_the_site_says_that_nothing_was_changed() -> None:
    files = [p for p in (ROOT / "site").rglob("*") if p.is_file()]
    assert [p.name for p in files if "没有被改动" in p.read_text("utf-8")] == []
