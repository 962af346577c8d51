"""The APP's rendition stands alone outside the archive, and becomes a JSON Feed item."""

import pytest

from pipeline.parts.app.channel import feed_item, render_app
from pipeline.render.archive import render_archive
from tests.render.conftest import POST_ID, Page, make_post, make_registers

PAGE = f"https://archive.yunlan.example/posts/2026/{POST_ID}/"
BODY = (
    "## 一\n\n看 [外](https://a.example/?q=1) [下](#一)\n\n![图](<b c.png>)\n\n"
    "| 左 |\n|:--|\n| 1 |\n\n```\n<script>alert(1)</script>\n```\n"
)


def item(body="正文。", files=(), **meta):
    post, registers = make_post(body, files, **meta), make_registers()
    return feed_item(post, registers, render_app(post, registers))


def test_html_keeps_plain_tags_and_names_images_in_full():
    post, registers = make_post(BODY, ["b c.png"]), make_registers()
    made = render_app(post, registers, {f"{post.folder}/b c.png": (640, 480)})
    page = Page.of(made.html)
    assert page.all("img") == [
        {"src": f"{PAGE}b%20c.png", "alt": "图", "width": "640", "height": "480"}
    ]
    assert [a["href"] for a in page.all("a")] == ["https://a.example/?q=1", "#s-%E4%B8%80"]
    assert {a["rel"] for a in page.all("a")} == {"noopener noreferrer nofollow"}
    assert {"class", "style", "tabindex", "role", "loading"}.isdisjoint(
        name for _, attributes in page.tags for name in attributes
    )
    assert not {"div", "span", "script"} & {tag for tag, _ in page.tags}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.html
    archive = render_archive(post, registers)
    assert (made.channel, made.text, made.links, made.images) == (
        "app",
        archive.text,
        archive.links,
        archive.images,
    )


@pytest.mark.parametrize(
    "raw",
    [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](data:image/png;base64,AAAA)",
        "![x](//evil.example/x.png)",
        '![" onerror="alert(1)](a.png)',
    ],
)
def test_nothing_hostile_comes_through(raw):
    page = Page.of(render_app(make_post(raw, ["a.png"]), make_registers()).html)
    assert {t for t, _ in page.tags} <= {"p", "img", "figure", "figcaption"}
    assert all(a["src"] == f"{PAGE}a.png" for a in page.all("img"))
    assert all(set(a) <= {"src", "alt"} for a in page.all("img"))


def test_an_item_has_all_that_a_reader_needs():
    made = item(
        "正文。\n\n![无](x.png)\n\n![图](a.png)", ["a.png"], summary="摘要。", tags=["一", "二"]
    )
    assert made == {
        "id": f"tag:archive.yunlan.example,2026:{POST_ID}",
        "url": PAGE,
        "title": "演练",
        "summary": "摘要。",
        "content_html": made["content_html"],
        "content_text": "正文。\n[图片缺失：x.png]\n图",
        "image": f"{PAGE}a.png",
        "date_published": "2026-09-01T09:00:00+08:00",
        "tags": ["一", "二"],
        "language": "zh-CN",
    }
    assert made["content_html"].startswith("<p>正文。</p>")


def test_an_item_names_the_unit_when_there_is_one():
    registers = make_registers()
    object.__setattr__(registers.policy, "unit", {"full_name": "云岚市应急管理局"})
    post = make_post("文")
    made = feed_item(post, registers, render_app(post, registers))
    assert made["authors"] == [{"name": "云岚市应急管理局"}]


def test_of_a_withdrawn_post_and_one_without_time_no_empty_keys_are_left():
    made = item("秘密", validity="withdrawn")
    assert made["content_html"] == "" and "content_text" not in made
    assert "date_published" not in item(publish_at=None)
