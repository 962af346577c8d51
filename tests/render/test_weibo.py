"""Weibo's two texts: what they hold, what gives way, and what is said about it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.findings import Effect
from pipeline.model.posts import Image, Link
from pipeline.parts.weibo.channel import render_weibo, topics_of, weibo_count, weibo_problems
from tests.builders.named import worded
from tests.builders.steps import steps_of
from tests.render.conftest import POST_ID, make_post, make_registers

PAGE = f"https://archive.yunlan.example/posts/2026/{POST_ID}/"
SOURCE = {"id": "ylfb", "url": "https://news.example/a"}


def made(body="正文。", files=(), **meta):
    return render_weibo(make_post(body, files, **meta), make_registers())


def short(body="正文。", **meta):
    return render_weibo(make_post(body, **meta), make_registers()).short


def problems(body="正文。", files=(), registers=None, text=None, brief=None, **meta):
    post, registers = make_post(body, files, **meta), registers or make_registers()
    rendition = render_weibo(post, registers)
    if text is not None:
        rendition = replace(rendition, html="", text=text, links=())
    if brief is not None:
        rendition = replace(rendition, short=brief)
    return [(c.effect.name, str(c.message)) for c in weibo_problems(post, registers, rendition)]


def test_a_text_opens_with_its_title_and_topics_and_keeps_numbers():
    rendition = made(
        "一段。\n\n## 请这样做\n\n3. 甲\n4. 乙\n   - 丙\n\n   续\n\n"
        "| 县 | 镇 |\n|---|---|\n| 子 | 丑 |\n",
        tags=["防汛", "山洪"],
    )
    assert rendition.text == (
        "【演练】#防汛# #山洪#\n一段。\n请这样做\n3. 甲\n4. 乙\n· 丙\n续\n县｜镇\n子｜丑"
    )
    assert rendition.html.startswith("<p>【演练】#防汛# #山洪#</p>\n<p>一段。</p>")
    assert problems("一段。", tags=["防汛"]) == []


def test_an_empty_list_item_lends_its_mark_to_nothing():
    assert made("1.\n2. 乙\n\n文").text == "【演练】\n2. 乙\n文"


def test_images_travel_beside_the_text_in_order():
    rendition = made("看![现场](a.png)图\n\n![乙](b.png)", ["a.png", "b.png"])
    assert rendition.text == "【演练】\n看图"
    assert rendition.images == (Image("a.png", "现场", 12), Image("b.png", "乙", 14))


def test_addresses_are_written_out_because_nothing_can_be_clicked():
    rendition = made(
        "[报名](https://a.example/x#top)，[热线](tel:12350)、[信](mailto:a@b.example)、"
        "[12350](tel:12350)、[上文](#s)、<https://c.example/>、[坏](javascript:alert(1))"
    )
    assert rendition.text.split("\n")[1] == (
        "报名 https://a.example/x ，热线（12350）、信（a@b.example）、"
        "12350、上文、https://c.example/、[坏](javascript:alert(1))"
    )
    assert [link.url for link in rendition.links] == [
        "https://a.example/x",
        "https://c.example/",
    ]
    assert Link("https://c.example/", "https://c.example/", 12) in rendition.links


@pytest.mark.parametrize(
    ("kind", "tags", "topics"),
    [
        ("alert", ["预警", "暴雨", "内涝"], ("暴雨预警", "内涝")),
        ("alert", ["寒潮预警", "取暖"], ("寒潮预警", "取暖")),
        ("alert", ["预警"], ()),
        ("tip", ["预警", "a b\n c", "1#楼", "重", "四"], ("预警", "a b c", "1＃楼")),
        ("tip", ["字" * 33, " ", "#", "重", "重"], ("＃", "重")),
    ],
)
def test_topics_come_from_tags_and_warnings(kind, tags, topics):
    assert topics_of(make_post("", kind=kind, tags=tags)) == topics


@pytest.mark.parametrize("tag", ["暴雨", "暴雨预警"])
def test_a_drill_lends_its_topic_to_no_warning(tag):
    post = make_post("", kind="alert", tags=["预警", tag, "内涝"], alert={"exercise": True})
    assert topics_of(post) == ("暴雨预警演练", "内涝")


def test_a_reprint_names_its_source_in_both_texts():
    meta = {"origin": "reprint", "source": SOURCE, "summary": "摘要。"}
    assert made(**meta).text == "【演练】\n正文。\n来源：云岚发布"
    assert short(**meta) == f"【演练】\n摘要。\n来源：云岚发布\n全文：{PAGE}"


def test_a_long_text_is_cut_at_a_sentence_and_leads_to_the_archive():
    body = "\n\n".join("九个字的句子在这里。" * 10 for _ in range(300))
    rendition = made(body)
    assert 1980 < weibo_count(rendition.text) <= 2000
    assert rendition.text.endswith(f"在这里。\n全文：{PAGE}")
    assert problems(body) == [("NOTE", worded("text-cut", limit="2000"))]


def test_without_any_sentence_the_cut_shows_itself():
    body = "👨‍👩‍👧" * 600
    text = made(body).text
    kept = text.split("\n")[1]
    assert kept.endswith("…") and body.startswith(kept[:-1])
    assert weibo_count(text) <= 2000


@pytest.mark.parametrize(
    "body", ["字" * 30_000, "句。" * 15_000, "a b " * 7_500, "🙂㙍䶮〇" * 7_500]
)
def test_thirty_thousand_characters_are_cut_in_few_steps(body):
    text = made(body).text
    assert steps_of(lambda: made(body)) < 20 * len(body)
    assert 1900 < weibo_count(text) <= 2000 and text.endswith(PAGE)


def test_exactly_two_thousand_stay_whole():
    body = "字" * (2000 - 4 - 1 - 1) + "。"  # 【演练】 counts 4, a line break half
    assert weibo_count(f"【演练】\n{body}a") == 2000
    assert made(f"{body}a").text == f"【演练】\n{body}a"
    assert made(f"{body}多").text != f"【演练】\n{body}多"
    assert weibo_count(made(f"{body}多").text) <= 2000


def test_the_summary_gives_way_before_topics_and_topics_before_the_title():
    text = short(title="题" * 100, tags=["一" * 15, "二" * 15], summary="摘。" * 60)
    assert text.startswith(f"【{'题' * 100}】#{'一' * 15}#\n")
    assert text.endswith(f"摘。\n全文：{PAGE}") and weibo_count(text) <= 140
    text = short(title="题" * 500, tags=["一"], summary="摘。")
    assert re.fullmatch(rf"【题+…】\n全文：{re.escape(PAGE)}", text)
    assert 138 < weibo_count(text) <= 140
    assert ("NOTE", worded("title-cut", limit="140")) in problems(title="题" * 500)


def test_without_a_summary_the_body_speaks():
    assert short("甲。\n\n乙。") == f"【演练】\n甲。\n乙。\n全文：{PAGE}"


def test_rare_signs_stay():
    assert made("㙍䶮〇🙂。", title="䶮〇🙂").text == "【䶮〇🙂】\n㙍䶮〇🙂。"


def test_brackets_and_number_signs_cannot_open_anything():
    text = made("C#与1#楼，见 https://a.example/#/x#话题", title="【急】#令#").text
    assert text == "【「急」＃令＃】\nC＃与1＃楼，见 https://a.example/话题"


def test_of_a_withdrawn_post_nothing_is_left():
    rendition = made("秘密", validity="withdrawn", tags=["密"])
    assert (rendition.text, rendition.html, rendition.images) == ("", "", ())
    assert short("秘密", validity="withdrawn") == "" and problems(validity="withdrawn") == []


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        (
            {"text": "【演练】" + "字" * 2000},
            ("REFUSE", "The text counts 2004, and Weibo takes 2000."),
        ),
        (
            {"brief": "【演练】" + "字" * 140 + PAGE},
            ("REFUSE", "The text counts 154, and Weibo takes 140."),
        ),
        (
            {"brief": "【演练】"},
            ("REFUSE", worded("short-text-without-room")),
        ),
        ({"text": "【演练】#单"}, ("REFUSE", worded("topics-unpaired"))),
        ({"text": "【演练】##"}, ("REFUSE", worded("topics-unpaired"))),
        ({"text": "【演练】#一\n二#"}, ("REFUSE", worded("topics-unpaired"))),
        (
            {"text": "【演练】", "origin": "reprint", "source": SOURCE},
            ("REFUSE", worded("source-line-cut", limit="2000")),
        ),
        (
            {"body": "请@某账号 看"},
            ("NOTE", worded("mention-foreign")),
        ),
        ({"body": "![x](no.png)"}, ("REFUSE", worded("image-not-beside", file="no.png"))),
        (
            {"body": "![x](a.webp)", "files": ["a.webp"]},
            ("NOTE", worded("image-type-refused", file="a.webp")),
        ),
        (
            {
                "body": "".join(f"![x]({n}.png)" for n in range(10)),
                "files": [f"{n}.png" for n in range(10)],
            },
            ("NOTE", worded("images-too-many", found="10", limit="9")),
        ),
    ],
)
def test_every_limit_is_held(given_, found):
    assert problems(**given_) == [found]


def test_an_address_of_mail_calls_on_nobody_and_nine_images_are_enough():
    assert problems("写信 a@b.example。" + "![x](a.png)" * 9, ["a.png"]) == []
    nine = [f"{n}.png" for n in range(9)]
    assert problems("".join(f"![x]({name})" for name in nine) + "![x](0.png)", nine) == []


WORDS = st.text(st.sampled_from("字。#【】＃ab \n🙂‍️㙍@！…：/") | st.characters(), max_size=300)
LINK = st.sampled_from(
    ["", "https://a.example/x#y", "http://t.cn/abc", "https://weibo.com/" + "a" * 200]
)


@given(
    title=WORDS,
    summary=st.builds("{}{}{}".format, WORDS, LINK, WORDS),
    tags=st.lists(st.builds("{}{}".format, LINK, WORDS), max_size=4),
    body=WORDS,
    reprinted=st.booleans(),
    name=WORDS,
    times=st.integers(1, 20),
)
def test_texts_never_exceed_and_topics_are_always_paired(
    title, summary, tags, body, reprinted, name, times
):
    meta = {"origin": "reprint", "source": SOURCE} if reprinted else {}
    post = make_post(body * times, title=title, summary=summary, tags=tags, kind="alert", **meta)
    registers = make_registers(source=name)
    rendition = render_weibo(post, registers)
    brief = rendition.short
    assert weibo_count(rendition.text) <= 2000 and weibo_count(brief) <= 140
    assert brief.endswith(f"/posts/2026/{POST_ID}/")
    for text in (rendition.text, brief):
        pieces = text.split("#")
        assert len(pieces) % 2 == 1 and all(p.strip() and "\n" not in p for p in pieces[1::2])
        assert text.startswith("【") and "】" in text
    refusals = [c for c in weibo_problems(post, registers, rendition) if c.effect is Effect.REFUSE]
    assert all("source" in str(c.message) for c in refusals)
