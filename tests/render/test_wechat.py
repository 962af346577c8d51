"""Articles for WeChat: honest posts, and bodies that the editor would refuse or spoil."""

import re

import pytest

from pipeline.detect.html_tree import tree_of
from pipeline.model.findings import Effect
from pipeline.model.posts import Image, Link
from pipeline.parts.wechat.channel import ALERTS, PLAIN, PROPERTIES, TAGS, render_wechat, theme_of
from pipeline.parts.wechat.problems import check_wechat, wechat_fields
from tests.oracles.wechat_structure import broken_rules

SOURCE = {"id": "ylfb", "url": "https://news.example/a?b=1&c=2", "title": "通知"}
SIZES = {"content/posts/2026/2026-09-01-drill/a.png": (1080, 608)}
SUMMARY = "一句话摘要"


@pytest.fixture
def wechat(post, registers):
    def rendered(body, files=(), **meta):
        return render_wechat(post(body, files, **meta), registers(), SIZES)

    return rendered


@pytest.fixture
def problems(post, registers):
    """`problems(body, files, **front matter)`: {(rule, effect)}; the theme breaks no rule."""

    def found(body, files=(), bytes_each=1000, **meta):
        made = post(body, files, **({"summary": SUMMARY} | meta))
        sized = type(made)(**{**vars(made), "sizes": dict.fromkeys(made.manifest, bytes_each)})
        fields = wechat_fields(sized, registers(), SIZES)
        html = render_wechat(sized, registers(), SIZES).html
        assert broken_rules(html) == set()
        return {(p.name.partition(" ")[0], p.effect) for p in check_wechat(html, fields, sized)}

    return found


def skeleton(html):
    return re.sub(r' style="[^"]*"', "", html)


def test_every_element_is_styled_inline_and_nothing_else(wechat):
    made = wechat("## 一\n\n甲**乙**~~丙~~`丁`\\\n戊\n\n- 己\n\n> 庚\n\n---\n\n```\n  辛\n```")
    assert skeleton(made.html) == (
        "<section><section>一</section><p>甲<strong>乙</strong><span>丙</span><span>丁</span>"
        "<br>戊</p><ul><li>己</li></ul><blockquote><p>庚</p></blockquote><hr>"
        "<section>&nbsp;&nbsp;辛</section></section>"
    )
    assert made.text == "一\n甲乙丙丁\n戊\n己\n庚\n  辛"
    assert made.headings == ((2, "s-一", "一"),)


def test_links_out_of_wechat_become_numbered_notes(wechat):
    body = (
        "[甲](https://a.example/x?a=1&b=2) [乙](https://mp.weixin.qq.com/s/abc) "
        "[丙](https://a.example/x?a=1&b=2) [丁](tel:12350) <https://b.example/> "
        "[12345](tel:12345) [戊](#一)"
    )
    made = wechat(body)
    assert skeleton(made.html) == (
        "<section><p>甲<span>[1]</span> "
        '<a href="https://mp.weixin.qq.com/s/abc">乙</a> 丙<span>[1]</span> 丁<span>[2]</span> '
        "https://b.example/ 12345 戊</p><section>"
        "<p>[1] 甲：https://a.example/x?a=1&amp;b=2</p><p>[2] 丁：tel:12350</p></section></section>"
    )
    assert made.text.splitlines()[1:] == [
        "[1] 甲：https://a.example/x?a=1&b=2",
        "[2] 丁：tel:12350",
    ]
    assert len(made.links) == 6


@pytest.mark.parametrize(
    "url", ["https://mp.weixin.qq.com.evil.example/", "https://evil.example/?mp.weixin.qq.com"]
)
def test_a_host_that_only_looks_like_wechat_is_no_link(wechat, url):
    made = wechat(f"[甲]({url})")
    assert "<a " not in made.html and "[1]" in made.html


def test_a_reprint_names_its_source_first(wechat):
    made = wechat("正文", origin="reprint", source=SOURCE)
    assert skeleton(made.html).startswith("<section><p>来源：云岚发布<span>[1]</span></p><p>正文")
    assert made.text.startswith("来源：云岚发布\n正文\n[1] 云岚发布：https://news.example/a")
    assert made.links == (Link(SOURCE["url"], "云岚发布", 7),)


def test_an_image_is_a_file_to_upload_with_its_natural_width(wechat):
    made = wechat('![现场](a.png "云岚摄")\n\n![缺](b.png)', ["a.png"])
    image = next(e for e in tree_of(made.html).walk() if e.tag == "img")
    assert image.attributes["src"] == "a.png" and image.attributes["data-w"] == "1080"
    assert image.attributes["alt"] == "现场" and "max-width:100%" in image.attributes["style"]
    assert "云岚摄" in made.text and "[图片缺失：b.png]" in made.text
    assert [i.file for i in made.images] == ["a.png", "b.png"]
    assert made.images[0] == Image("a.png", "现场", 12)


def test_a_withdrawn_post_leaves_only_its_title(wechat):
    made = wechat("旧正文", validity="withdrawn")
    assert (made.title, made.html, made.text, made.links) == ("演练", "", "", ())


def test_an_alert_wears_the_colour_of_its_signal(wechat):
    made = wechat("## 一", kind="alert", alert={"color": "orange"})
    assert ALERTS["orange"].styles["h2"] in made.html
    assert theme_of("alert", None) is ALERTS["red"]
    drill = wechat("## 一", kind="alert", alert={"color": "orange", "exercise": True})
    assert PLAIN.styles["h2"] in drill.html, "a drill wears no signal"
    assert theme_of("tip", {"color": "orange"}) is PLAIN
    assert PLAIN.styles["h2"] in wechat("## 一").html


@pytest.mark.parametrize("theme", (PLAIN, *ALERTS.values()), ids=lambda t: t.name)
def test_a_theme_uses_only_what_passes_the_gate(theme):
    used = {d.split(":")[0] for style in theme.styles.values() for d in style.split(";") if d}
    assert used <= PROPERTIES


@pytest.mark.parametrize("theme", ["blue", "yellow", "orange", "red", ""])
def test_every_theme_passes_with_every_kind_of_element(problems, theme):
    body = (
        "## 一\n\n### 二\n\n#### 三\n\n甲**乙**~~丙~~`丁`[戊](https://a.example)\n\n> **己**\n\n"
        "1. 庚\n   - 辛\n\n|壬|癸|\n|:-:|--:|\n|1|2|\n\n```\n码\n```\n\n---\n\n![图](a.png)"
    )
    kind = {"kind": "alert", "alert": {"color": theme}} if theme else {"kind": "tip"}
    assert problems(body, ["a.png"], **kind) == set()


def deep_list(levels):
    return "".join("  " * n + f"- 第{n}层\n" for n in range(levels))


HOSTILE = {
    "raw HTML": '<script>alert(1)</script>\n\n<p class="x">甲</p>\n\n<style>p{}</style>',
    "ten-deep list": deep_list(10),
    "eight-deep list": deep_list(8),
    "nested quotes": "> " * 9 + "引",
    "quotes in lists": "> > - > - - > > 甲\n",
    "deep table": "> > - - |甲|\n> >     |-|\n> >     |乙|\n",
    "table in list": "- 甲\n\n  | 乙 | 丙 |\n  |---|---|\n  | 1 | 2 |\n",
    "another scheme": "[甲](javascript:alert(1)) [乙](file:///etc/passwd) [丙](weixin://x)",
    "rare characters": "😀👨‍👩‍👧 㙍 䶮 〇 𠮷",
    "style in words": 'a" style="font-family:x" <b style=\'width:9px\'>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_bodies_still_make_an_article_that_passes(wechat, problems, name):
    assert problems(HOSTILE[name]) == set()
    made = wechat(HOSTILE[name])
    assert {e.tag for e in tree_of(made.html).walk()} <= TAGS
    words = re.sub(r"\s", "", tree_of(made.html).text)
    assert all(w in words for w in re.sub(r"\[\d\].*", "", made.text).split())


def test_items_too_deep_for_the_editor_keep_their_marks(wechat):
    html = skeleton(wechat(deep_list(8)).html)
    assert html.count("<ul>") == 4
    assert "第3层<br>• 第4层<br>• 第5层" in html


@pytest.mark.parametrize(
    ("body", "files", "more", "expected"),
    [
        ("![](a.png)", ["a.png"], {}, ("image-undescribed", Effect.NOTE)),
        ("![图](a.webp)", ["a.webp"], {}, ("image-type", Effect.REFUSE)),
        ("![图](a.gif)", ["a.gif"], {}, ("image-type", Effect.REFUSE)),
        ("![图](a.png)", ["a.png"], {"bytes_each": 2 << 20}, ("image-large", Effect.REFUSE)),
        ("字" * 30_000, [], {}, ("article-long", Effect.REFUSE)),
        ("正文", [], {"title": "题" * 65}, ("title-long", Effect.REFUSE)),
        ("正文", [], {"title": "题" * 33}, ("title-wide", Effect.NOTE)),
        ("正文", [], {"summary": ""}, ("digest-missing", Effect.NOTE)),
    ],
)
def test_what_the_channel_refuses_is_said(problems, body, files, more, expected):
    assert problems(body, files, **more) == {expected}


def test_fields_come_from_policy_and_front_matter(post, registers):
    made = post("![图](a.png)\n\n![又](a.png)\n\n![缺](b.png)", ["a.png"], summary=SUMMARY)
    fields = wechat_fields(made, registers(), SIZES)
    assert fields.title == "演练" and fields.digest == SUMMARY
    assert fields.content_source_url == (
        "https://archive.yunlan.example/posts/2026/2026-09-01-drill/"
    )
    assert [(i.file, i.width, i.height) for i in fields.images] == [("a.png", 1080, 608)]
    assert wechat_fields(made, registers()).covers == ()
