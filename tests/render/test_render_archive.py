"""The archive's rendition of honest posts."""

import pickle
from dataclasses import replace

import pytest

from pipeline.model.posts import Image, Link
from pipeline.render import archive
from pipeline.render.archive import render_archive
from tests.builders.renditions import render_channels
from tests.render.conftest import make_post, make_registers

SOURCE = {"id": "ylfb", "url": "https://news.example/a?b=1&c=2", "title": "通知"}


def test_a_body_becomes_paragraphs_lists_and_quotes(render):
    made = render("第一段**要点**。\n\n- 甲\n- 乙\n\n3. 丙\n\n> 引文\n\n---\n\n~~旧~~ `code`")
    assert made.html == (
        "<p>第一段<strong>要点</strong>。</p>\n<ul><li>甲\n</li>\n<li>乙\n</li>\n</ul>\n"
        '<ol start="3"><li>丙\n</li>\n</ol>\n<blockquote><p>引文</p>\n</blockquote>\n'
        "<hr><p><s>旧</s> <code>code</code></p>\n"
    )
    assert made.text == "第一段要点。\n甲\n乙\n丙\n引文\n旧 code"


def test_a_soft_break_is_a_space_only_beside_narrow_letters(render):
    made = render("应急\n管理 news\ntoday\n\n一\\\n二")
    assert made.text == "应急管理 news today\n一\n二"
    assert "<p>应急管理 news today</p>" in made.html and "一<br>\n二" in made.html


def test_headings_get_readable_unique_ids_and_start_at_two(render, page):
    made = render("# 应急 准备！\n\n## 应急准备\n\n### 应急准备\n\n## 应急准备-2\n\n## ？\n\n##\n")
    assert made.headings == (
        (2, "s-应急-准备", "应急 准备！"),
        (2, "s-应急准备", "应急准备"),
        (3, "s-应急准备-2", "应急准备"),
        (2, "s-应急准备-2-2", "应急准备-2"),
        (2, "s-section", "？"),
    )
    shown = [(t, a["id"]) for t, a in page(made.html).tags]
    assert shown == [(f"h{level}", name) for level, name, _ in made.headings]


def test_an_id_does_not_change_when_a_later_heading_does(render):
    first = render("## 甲\n\n## 乙").headings[0]
    assert render("## 甲\n\n## 丙\n\n## 甲").headings[0] == first


def test_a_link_within_the_page_finds_its_heading_and_never_the_frame(render, page):
    made = render("[一](#应急准备) [二](#s-应急准备) [三](#__search)\n\n## 应急准备")
    assert [a["href"] for a in page(made.html).all("a")] == [
        "#s-%E5%BA%94%E6%80%A5%E5%87%86%E5%A4%87",
        "#s-%E5%BA%94%E6%80%A5%E5%87%86%E5%A4%87",
        "#s-__search",
    ]


def test_an_address_shows_its_host_as_it_was_reviewed(render, page):
    made = render("<https://xn--gv-1ia.cn:80/%E8%B7%AF?a=%2F> <mailto:a@xn--gv-1ia.cn>")
    assert made.text == "https://xn--gv-1ia.cn:80/路?a=%2F mailto:a@xn--gv-1ia.cn"
    assert page(made.html).all("a")[0]["href"] == "https://xn--gv-1ia.cn:80/%E8%B7%AF?a=%2F"


def test_only_links_that_leave_the_site_are_marked(render, page):
    made = render(
        "[外](https://www.gov.cn/x) [内](https://Archive.Yunlan.example/posts/) "
        "[信](mailto:a@b.example) [话](tel:12350) <http://auto.example/>"
    )
    links = page(made.html).all("a")
    away = {"class": "external", "rel": "noopener noreferrer nofollow"}
    assert [a | away == a for a in links] == [True, False, False, False, True]
    assert [set(a) for a in links[1:4]] == [{"href"}] * 3
    assert made.html.count('<span class="external-mark">（站外）</span></a>') == 2
    assert "站外" not in made.text


def test_links_and_images_know_their_line_in_the_file(render):
    body = "甲\n\n- 乙\n  [丙**丁**](https://a.example)\n\n| 图 |\n|---|\n| ![戊](x.png) |\n"
    made = render(body, ["x.png"])
    assert made.links == (Link("https://a.example", "丙丁", 15),)
    assert made.images == (Image("x.png", "戊", 19),)


def test_an_image_alone_is_a_figure_with_a_caption(render, page):
    made = render(
        '前文\n![现场](演练 图.png)\n![现场](<演练 图.png> "云岚摄")\n后文', ["演练 图.png"]
    )
    assert made.html == (
        "<p>前文 ![现场](演练 图.png)</p>\n"
        '<figure><img src="%E6%BC%94%E7%BB%83%20%E5%9B%BE.png" alt="现场" loading="lazy"'
        ' decoding="async"><figcaption>云岚摄</figcaption></figure>\n<p>后文</p>\n'
    )
    assert made.text.splitlines()[1:] == ["现场", "云岚摄", "后文"]
    assert "<figcaption>丁</figcaption>" in render("![丁](a.png)", ["a.png"]).html


def test_an_image_inside_a_link_or_a_table_stays_in_its_line(render):
    made = render("字 [![甲](a.png)](https://a.example)\n\n| ![乙](a.png) |\n|---|", ["a.png"])
    assert "<figure>" not in made.html and made.html.count("<img ") == 2
    assert made.text == "字 甲\n乙"


@pytest.mark.parametrize(
    "name",
    [
        "none.png", "post.md", "icon.svg", "../x/a.png", "/a.png", "https://a.example/a.png",
        "a.png?v=2",
    ],
)  # fmt: skip
def test_what_is_no_picture_of_the_post_is_named_as_missing(render, name):
    made = render(f"看![图]({name})。", ["a.png", "icon.svg"])
    assert made.html == f"<p>看[图片缺失：{name}]。</p>\n"
    assert made.text == f"看[图片缺失：{name}]。"
    assert made.images == (Image(name, "图", 12),)


def test_a_known_size_reserves_the_place_of_an_image(post, registers):
    draft = post("![甲](a.png)\n\n![乙](b.png)", ["a.png", "b.png"])
    made = render_archive(draft, registers(), {f"{draft.folder}/a.png": (640, 480)})
    assert 'src="a.png" alt="甲" width="640" height="480" loading' in made.html
    assert 'src="b.png" alt="乙" loading' in made.html


def test_tables_scroll_in_named_regions(render, page):
    made = render("| 左 | 右 |\n|:--|--:|\n| 1 | 2 |\n\n文\n\n| 丙 |\n|---|\n")
    regions = page(made.html).all("div")
    assert regions == [
        {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label}
        for label in ("表格", "表格 2")
    ]
    assert '<th scope="col" class="align-left">左</th>' in made.html
    assert '<td class="align-right">2</td>' in made.html
    assert made.text == "左 右\n1 2\n文\n丙"


def test_a_reprint_opens_with_its_source(render):
    made = render("正文", origin="reprint", source=SOURCE)
    assert made.html.startswith(
        '<p class="source-line">来源：<a href="https://news.example/a?b=1&amp;c=2" '
        'class="external" rel="noopener noreferrer nofollow">云岚发布<span'
    )
    assert made.text == "来源：云岚发布\n正文"
    assert made.links == (Link(SOURCE["url"], "云岚发布", 7),)


def test_the_source_line_follows_policy_and_escapes_the_register(post, registers):
    draft = post("正文", origin="forward", source=SOURCE)
    made = render_archive(draft, registers("（转自{name}）", "<b>甲&乙"))
    assert made.html.startswith('<p class="source-line">（转自<a ')
    assert "&lt;b&gt;甲&amp;乙<span" in made.html and "</a>）</p>" in made.html
    assert made.text.startswith("（转自<b>甲&乙）\n")


@pytest.mark.parametrize("label", [None, "转载", "{name.__class__}"])
def test_a_label_that_cannot_hold_a_name_gives_way_to_the_default(post, registers, label):
    draft = post("正文", origin="reprint", source=SOURCE)
    assert render_archive(draft, registers(label)).text == "来源：云岚发布\n正文"


@pytest.mark.parametrize(("known", "words"), [("ghost", "云岚日报<甲>"), ("ylfb", "云岚发布")])
def test_the_post_names_a_source_that_the_register_does_not(render, known, words):
    source = {"id": known, "name": "云岚日报<甲>", "url": SOURCE["url"]}
    made = render("正文", origin="reprint", source=source)
    assert made.text == f"来源：{words}\n正文"
    assert "<甲>" not in made.html
    assert made.links == (Link(SOURCE["url"], words, 7),)


def test_an_unlisted_source_without_a_name_shows_its_id_and_a_bad_address_is_not_linked(render):
    made = render("文", origin="reprint", source={"id": "某报", "url": "javascript:alert(1)"})
    assert made.html == '<p class="source-line">来源：某报</p>\n<p>文</p>\n'
    assert made.links == ()


@pytest.mark.parametrize("meta", [{"origin": "original", "source": SOURCE}, {"origin": "reprint"}])
def test_without_reprint_or_source_there_is_no_source_line(render, meta):
    assert render("正文", **meta).text == "正文"


def test_a_post_without_publication_time_reads_the_newest_policy(render):
    made = render("正文", publish_at=None, origin="reprint", source=SOURCE)
    assert made.text == "来源：云岚发布\n正文"


def test_of_a_withdrawn_post_nothing_is_left(render):
    body = "## 秘\n\n密 [链](https://a.example) ![图](a.png)"
    made = render(body, ["a.png"], validity="withdrawn", origin="reprint", source=SOURCE)
    assert (made.html, made.text, made.links, made.images, made.headings) == ("", "", (), (), ())
    assert made.title == "演练"


def test_every_channel_is_keyed_by_post_and_channel(post, registers):
    draft = post("正文 ![图](a.png)", ["a.png"])
    sizes = {f"{draft.folder}/a.png": (3, 2)}
    made = render_channels(draft, registers(), sizes)
    assert made == {(draft.id, "archive"): render_archive(draft, registers(), sizes)}
    assert 'width="3"' in made[draft.id, "archive"].html


def test_html_is_made_when_somebody_asks_and_kept(monkeypatch):
    asked = []
    monkeypatch.setattr(archive.markup, "sanitise", lambda html: asked.append(html) or html)
    made = render_archive(make_post("字"), make_registers())
    assert made.text == "字" and asked == []
    assert made.html == made.html == "<p>字</p>\n" and len(asked) == 1


def test_another_process_gets_the_html_itself():
    made = render_archive(make_post("字"), make_registers())
    assert vars(pickle.loads(pickle.dumps(made)))["_html"] == "<p>字</p>\n"
    assert pickle.loads(pickle.dumps(made)) == made == replace(made)
