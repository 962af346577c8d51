"""The bad inputs of a working day, each in every channel: shown as far as can be, and told."""

from dataclasses import replace

import pytest

from pipeline.detect.html_tree import tree_of
from pipeline.model.channels import render_channel
from pipeline.model.findings import Effect
from pipeline.model.part import program
from pipeline.parts.weibo.channel import weibo_count
from tests.builders.renditions import render_channels
from tests.render.conftest import make_post, make_registers
from tests.rules.governance import account

CHANNELS = list(program().channels)
ALLOWED = ("http:", "https:", "mailto:", "tel:", "#")


def made(channel: str, body: str, files=(), size: int = 1000, **meta):
    post = make_post(body, files, **({"summary": "摘要"} | meta))
    sized = replace(post, sizes=dict.fromkeys(post.manifest, size))
    return render_channel(channel, sized, make_registers())


def refusals(rendition) -> set[str]:
    return {p.name.partition(" ")[0] for p in rendition.problems if p.effect is Effect.REFUSE}


def notes(rendition) -> set[str]:
    return {p.name.partition(" ")[0] for p in rendition.problems if p.effect is Effect.NOTE}


@pytest.mark.parametrize("channel", CHANNELS)
def test_raw_html_is_words(channel):
    body = '<script>alert(1)</script>\n\n字<img src=x onerror="alert(1)">\n\n<style>p{}</style>\n'
    rendition = made(channel, body)
    tags = {e.tag for e in tree_of(rendition.html).walk()}
    assert not tags & {"script", "style", "img", "iframe"}
    assert "<script>alert(1)</script>" in rendition.text
    assert refusals(rendition) == ({"html-shown"} if channel == "archive" else set())


@pytest.mark.parametrize("channel", CHANNELS)
def test_lists_ten_deep_keep_every_word_and_stay_within_the_editors_depth(channel):
    body = "".join("  " * n + f"- 第{n}层\n" for n in range(10))
    rendition = made(channel, body)
    assert all(f"第{n}层" in rendition.text for n in range(10))
    assert all(f"第{n}层" in tree_of(rendition.html).text for n in range(10))
    assert refusals(rendition) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_table_in_a_list_keeps_its_cells(channel):
    rendition = made(channel, "- 甲\n\n  | 乙 | 丁 |\n  |---|---|\n  | 丙 | 戊 |\n")
    words = tree_of(rendition.html).text
    assert all(c in words and c in rendition.text for c in "甲乙丙丁戊")
    assert refusals(rendition) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_image_without_alternative_text_is_known_by_its_place(channel):
    rendition = made(channel, "字。\n\n![](a.png)\n", ["a.png"])
    assert [(i.alt, i.line) for i in rendition.images] == [("", 14)]
    assert ("image-undescribed" in notes(rendition)) == (channel == "wechat")


@pytest.mark.parametrize(
    ("name", "size", "wechat", "weibo"),
    [
        ("a.webp", 1000, {"image-type"}, set()),
        ("a.gif", 1000, {"image-type"}, set()),
        ("a.png", 2 * 1024 * 1024, {"image-large"}, set()),
        ("a.svg", 1000, set(), set()),
        ("a.png", 1000, set(), set()),
    ],
)
def test_an_image_that_the_channel_refuses_is_named(name, size, wechat, weibo):
    body = f"![图]({name})"
    assert refusals(made("wechat", body, [name], size)) == wechat
    long = made("weibo", body, [name], size)
    assert refusals(long) == weibo
    assert ("image-type" in notes(long)) == name.endswith((".webp", ".svg"))
    if name.endswith(".svg"):  # a document that can hold scripts: words stand in its place
        assert "图片缺失" in made("wechat", body, [name]).text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example/x", "data:text/html,x", "weixin://x", "//a.b/x"]
)
def test_a_link_to_another_scheme_leads_nowhere(channel, url):
    rendition = made(channel, f"看 [这里]({url}) 吧。\n")
    links = [e.attributes.get("href", "") for e in tree_of(rendition.html).walk() if e.tag == "a"]
    assert all(link.startswith(ALLOWED) for link in links)
    assert rendition.links == () and "这里" in rendition.text


@pytest.mark.parametrize("channel", CHANNELS)
def test_emoji_and_rare_characters_stay_what_they_are(channel):
    odd = "㙍䶮〇🙂👨‍👩‍👧𠮷"
    rendition = made(channel, f"{odd}。\n", title=f"题{odd}")
    assert odd in rendition.text and odd in tree_of(rendition.html).text
    assert rendition.title == f"题{odd}" and refusals(rendition) == set()


def test_thirty_thousand_characters_are_told_where_they_are_too_many():
    body = "春季防火。" * 6000
    assert "article-long" in refusals(made("wechat", body))
    weibo = made("weibo", body)
    assert weibo_count(weibo.text) <= 2000 and "text-cut" in notes(weibo)
    assert made("archive", body).text == body == made("app", body).text


@pytest.mark.parametrize("length", [33, 65, 300, 3000])
def test_a_title_beyond_every_limit_is_told_and_never_cut_in_silence(length):
    title = "题" * length
    wechat = {p.name: p.effect for p in made("wechat", "字。", title=title).problems}
    assert wechat == ({"title-long": Effect.REFUSE} if length > 64 else {"title-wide": Effect.NOTE})
    weibo = made("weibo", "字。", title=title)
    assert weibo_count(weibo.short) <= 140
    assert ("title-cut" in notes(weibo)) == (f"【{title}】" not in weibo.short)


def test_a_post_for_an_account_of_another_platform_has_only_its_own_renditions():
    registers = replace(make_registers(), accounts={"sp": account("sp", "other", "av")})
    made_for = render_channels(make_post("字。", accounts=["sp", "gone"]), registers)
    assert [channel for _, channel in made_for] == ["archive"]
