"""The copy page: what is pasted, what is shown, and that it asks nothing of any host."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest

from pipeline.model.channels import CopySheet, SheetPicture
from pipeline.model.findings import say
from pipeline.model.posts import Rendition
from pipeline.report.copy_page import clipboard_html, copy_page
from pipeline.report.language import translator
from tests.builders.named import SENTENCES

ZH = translator("zh")
PNG = "data:image/png;base64,iVBORw0KGgo="
HTML = (
    '<section><p>甲&lt;b&gt;</p><img style="max-width:100%" src="a%20b.png" alt="x>&quot;y" '
    'data-w="9"><img src="c.png" alt=""></section>'
)
RICH = Rendition("wechat", "标题<i>", HTML, "甲<b>", (), ())
PLAIN = Rendition("weibo", "标题", "", "\n乙</textarea><script>x</script>", (), ())


@pytest.fixture
def page():
    sheet = CopySheet(
        RICH,
        {say("Title"): "标题<i>", say("Summary"): '摘"要', say("other"): "值"},
        {
            say("Title (characters)"): (65, 64),
            say(SENTENCES["html-characters"]): (10, 19_999),
            say("other"): (1, 2),
        },  # fmt: skip
        (
            SheetPicture("a b.png", '图"一', 1080, 608, 51_200, PNG),
            SheetPicture("c.png", "", data="https://evil.example/x.png"),
        ),
        ("标题太长<b>",),
    )
    return copy_page([sheet], ZH, draft=False)


def areas(page, kind):
    """What a browser holds in a text area: the first line break is the tag's."""
    found = re.findall(rf"<textarea readonly data-{kind}[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    return [unescape(text) for text in found]


def test_the_clipboard_gets_marks_in_place_of_images():
    marked = clipboard_html(HTML, ZH)
    assert "<img" not in marked
    assert re.findall("【(.*?)】", marked) == ["此处插入图片1：a b.png", "此处插入图片2：c.png"]
    assert marked.startswith("<section><p>甲&lt;b&gt;</p><span") and marked.endswith("</section>")


def test_the_page_holds_exactly_what_is_copied(page):
    assert areas(page, "rich") == [clipboard_html(HTML, ZH)]
    assert areas(page, "plain") == ["甲<b>"]


def test_text_alone_has_no_rich_part_and_escapes_nothing_away():
    page = copy_page([CopySheet(PLAIN)], ZH, draft=False)
    assert areas(page, "plain") == [PLAIN.text]
    assert "data-rich" not in page.split("<script>")[0]
    assert page.count("<script>") == 1 and "复制正文</button>" in page


def test_its_one_script_is_allowed_by_hash_and_nothing_else(page):
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_images_are_data_or_a_mark_and_never_an_address(page):
    assert set(re.findall(r'\ssrc="([^"]*)"', page)) == {PNG}
    assert "evil.example" not in page
    assert page.count("【图片：c.png】") == 1


def test_fields_counts_pictures_and_problems_are_shown(page):
    for words in (
        "<title>复制：标题&lt;i&gt;</title>",
        "<dt>摘要</dt>",
        "摘&#34;要",
        "<dt>other</dt>",
        "<td>65</td><td>64</td><td>超出1</td>",
        "<td>10</td><td>19999</td><td>未超</td>",
        "<strong>a b.png</strong><br>1080×608像素，50 KB",
        "<strong>c.png</strong><br>像素未知，大小未知",
        "<li>标题太长&lt;b&gt;</li>",
    ):
        assert words in page
    assert page.count('class="over"') + page.count("class=over") == 1
    assert 'alt="图&quot;一"' in page


def test_the_preview_has_two_widths(page):
    assert re.findall(r'value="w(\d+)"', page) == ["375", "677"]


def test_same_sheets_same_page_and_names_do_not_meet():
    sheets = [CopySheet(RICH, {say("Title"): "a"}), CopySheet(PLAIN, {say("Title"): "b"})]
    page = copy_page(sheets, ZH, draft=False)
    assert page == copy_page(sheets, ZH, draft=False)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert {"w1", "w2"} == set(re.findall(r'name="(w\d)"', page))
    assert "没有内容" in copy_page([], ZH, draft=False)
