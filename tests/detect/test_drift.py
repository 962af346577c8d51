"""Differences between the approved text and a platform's, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.drift import Difference, drift, page_text
from pipeline.model.channels import ANY_PAGE, SavedPage, code_of
from tests.builders.steps import steps_of

APPROVED = (
    "冬季防火三件事\n关好火源再出门。断电、关火（每晚）、清通道。\n"
    "请拨打 119 or call 12350，详情：https://a.example/x#y。"
)


def page_of(channel):
    return code_of(channel).page if channel else ANY_PAGE


def pairs(shown, channel="", approved=APPROVED, **more):
    return [(d.old, d.new) for d in drift(approved, shown, page_of(channel), **more)]


@pytest.mark.parametrize(
    "shown",
    [
        APPROVED,
        APPROVED.replace("\n", "\r\n\r\n  "),
        APPROVED.replace("\n", ""),
        APPROVED.replace("（", "(").replace("）", ")").replace("，", ",").replace("119", "１１９"),
        "\ufeff"
        + "\u200b".join(APPROVED.replace("https://a.example/x#y", "~")).replace(
            "~", "https://a.example/x#y"
        ),
        APPROVED.replace(" ", "\u3000").replace("\n", "\u00a0\n"),
    ],
)
def test_white_space_width_and_signs_without_width_are_no_difference(shown):
    assert pairs(shown) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("119", "110", [("119", "110")]),
        ("关火", "", [("关火", "")]),
        ("断电、", "断电、断气、", [("", "断气、")]),
        ("再出门", "不必再出门", [("", "不必")]),
        ("or call", "orcall", [("or call", "orcall")]),
        ("a.example/x", "b.example/x", [("https://a.example/x#y", "https://b.example/x#y")]),
        ("三件事", "三件事\n购房优惠，扫码入群", [("", "购房优惠，扫码入群")]),
        ("关好", "关\u202e好", [("", "\u202e")]),
        ("12350", "12350.5", [("12350", "12350.5")]),
        ("每晚", "每〇", [("晚", "〇")]),
    ],
)
def test_a_changed_word_is_found_with_its_place(old, new, found):
    differences = drift(APPROVED, APPROVED.replace(old, new))
    assert [(d.old, d.new) for d in differences] == found
    assert all(APPROVED[d.start : d.end] == d.old for d in differences)


def test_a_place_lies_where_the_text_was_changed():
    assert drift("甲。\n乙 119。", "甲。\n乙 110。") == (Difference(5, 8, "119", "110"),)
    assert drift("甲。", "甲。乙。") == (Difference(2, 2, "", "乙。"),)
    assert drift("", "") == () and drift("甲", "") == (Difference(0, 1, "甲", ""),)


def test_what_a_platform_adds_is_no_difference_but_what_it_says_is():
    added = "@云岚应急\n今天 09:30\n来自 微博网页版\n{}\n展开\n转发 12\n评论 3\n赞 1,024\n"
    names = {"may_add": ["@云岚应急"]}
    assert pairs(added.format(APPROVED) + "收起d", "weibo", **names) == []
    assert pairs(APPROVED + " 收起全文d", "weibo") == []
    assert pairs(added.format(APPROVED), "weibo") == [("", "@云岚应急")]
    assert pairs("转发 12 展开评论送好礼\n" + APPROVED, "weibo") == [("", "转发 12 展开评论送好礼")]
    assert pairs(APPROVED, "weibo", approved=APPROVED + "\n转发 12") == [("转发 12", "")]


def test_a_line_of_the_post_is_kept_though_a_platform_has_the_same():
    assert pairs("甲。\n全文\n乙。", "weibo", approved="甲。\n全文\n乙。") == []


@pytest.mark.parametrize("link", ["O网页链接", "网页链接", "https://t.cn/A6xYz"])
def test_an_address_may_be_shortened_but_not_exchanged(link):
    shown = APPROVED.replace("https://a.example/x#y", link)
    assert pairs(shown, "weibo") == []
    assert pairs(shown.replace("详情", "转账"), "weibo") == [("详情", "转账")]


def test_a_paste_may_lack_the_title_but_not_change_it():
    title, body = APPROVED.split("\n", 1)
    assert pairs(body, may_lack=[title]) == []
    assert pairs(body) == [(title, "")]
    assert pairs(APPROVED.replace("三件事", "四件事"), may_lack=[title]) == [("三", "四")]


def test_marks_of_a_list_that_a_browser_copies_are_no_difference():
    assert pairs("1. 甲\n2. 乙", "wechat", approved="甲\n乙") == []
    assert pairs("1. 甲\n2. 丙", "wechat", approved="甲\n乙") == [("乙", "2. 丙")]


PAGE = """<!DOCTYPE html><html><head><title>别的</title><style>p{{}}</style></head><body>
<nav>导航</nav><h1 id="activity-name">冬季防火三件事</h1><em>云岚应急</em>
<div class="rich_media_content" id="js_content" style="visibility: hidden;">
<section><p>关好火源<strong>再</strong>出门。断电、关火（每晚）、<br>清通道。</p>
<img src="x.png" alt="图"><p style="DISPLAY : none">藏起来</p><script>var a = "关火";</script>
<p>请拨打&nbsp;119 or
call 12350，详情：{}。</p></section></div><p>阅读 1024</p><p>写留言</p></body></html>"""


def test_of_a_saved_page_only_the_post_is_compared():
    assert pairs(PAGE.format("https://a.example/x#y"), "wechat") == []
    assert pairs(PAGE.format("https://a.example/x#y").replace("关火（", "开火（"), "wechat") == [
        ("关", "开")
    ]


def test_a_page_without_known_places_is_read_whole_without_what_is_hidden():
    text = page_text("<head><title>x</title><body><div>甲<p>乙</p>丙<br>丁</div><p hidden>戊</p>")
    assert text == "甲\n乙\n丙\n丁"
    assert page_text("1 < 2 & 3 > 2") == "1 < 2 & 3 > 2"


def test_a_post_that_explains_tags_is_no_page():
    """Every tag stands in the approved text, so they are words; one that does not makes a page."""
    approved = "网页用 <table> 画表格，用 <p> 分段。"
    assert pairs(approved, approved=approved) == []
    assert pairs(approved.replace("分段", "换行"), approved=approved) == [("分段", "换行")]
    page = "<div>网页用 &lt;table&gt; 画表格，用 &lt;p&gt; 分段。</div>"
    assert pairs(page, approved=approved) == []


def test_weibo_pages_are_known_by_their_class():
    words = '甲。<a href="x">O网页链接</a>'
    raw = f'<div>侧栏</div><div class="detail_wbtext_4CRf9">{words}</div><p>赞</p>'
    assert pairs(raw, "weibo", approved="甲。https://a.example") == []


@pytest.mark.parametrize(
    ("approved", "shown"),
    [
        ("甲" * 6_000, "乙" * 6_000),
        ("甲乙" * 3_000, "乙甲" * 2_900),
        ("句。" * 3_000, "话。" * 3_000),
        ("<div>" * 2_000 + "甲", "<div><p>" * 2_000 + "甲"),
    ],
)
def test_no_text_takes_more_steps_than_its_length_allows(approved, shown):
    assert drift(approved, shown)
    assert steps_of(lambda: drift(approved, shown)) < 100 * len(approved + shown)


TEXT = st.text(st.sampled_from("甲乙ab1 。，,\n（") | st.characters(), max_size=60)


@given(TEXT, TEXT)
def test_differences_rebuild_the_platforms_text(approved, shown):
    """Put what is new in place of what is old, and nothing differs any more."""
    text, end = "", 0
    for found in drift(approved, shown):
        assert found.start >= end and approved[found.start : found.end] == found.old
        text, end = text + approved[end : found.start] + found.new, found.end
    assert drift(approved, approved) == ()
    rebuilt = text + approved[end:]
    assert _bare(rebuilt) == _bare(shown) or "<" in shown


def _bare(text: str) -> str:
    """What no normalisation may touch: the Chinese and the digits of a text, in order."""
    return "".join(c for c in text if c in "甲乙1ab。")


@pytest.mark.parametrize("channel", ["wechat", "weibo", "app"])
@pytest.mark.parametrize("line", ["阅读{}x", "今天{}x", "x{}y", "展开{}x", "+{}x"])
def test_blanks_without_end_take_no_longer_than_their_length_allows(channel, line):
    shown = f"{APPROVED}\n{line.format(' ' * 4_000)}\n"
    assert steps_of(lambda: drift(APPROVED, shown, page_of(channel))) < 100 * len(APPROVED + shown)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<p>上\n</p>\n<p>下</p>", "上\n下"),
        ("<div>一<b>二</b>\n<b>三</b></div>", "一二 三"),
        ("<html><head><title>题</title><body><p>文</p></body></html>", "文"),
        ("<html><head><base href='/'><meta charset=utf-8><body><p>文</p>", "文"),
        ("<p>见<span hidden>藏<i>也藏</i></span>文</p>", "见文"),
        ("<p>见</p><div style='display: none'>藏<body>仍藏</body></div>", "见"),
        ("<p>甲<br>乙</p>", "甲\n乙"),
        ("<p>甲</b></p></p>乙", "甲\n乙"),
    ],
)
def test_what_a_reader_sees_of_a_page(raw: str, shown: str) -> None:
    assert page_text(raw) == shown


def test_a_region_without_words_shows_nothing_of_the_rest() -> None:
    page = SavedPage(ids=frozenset({"post"}))
    assert page_text("<p>栏目</p><div id='post'><img src='a'></div>", page) == ""
    assert page_text("<p>栏目</p><div id='post'>文</div>", page) == "文"
    assert page_text("<p>栏目</p><div id='post' hidden>藏</div>", page) == "栏目"


def test_pages_nested_deeply_are_read_in_time_that_grows_with_them() -> None:
    assert page_text("<div hidden>" * 20_000 + "<body>" * 20_000 + "藏") == ""
    assert page_text("<div>" * 40_000 + "文") == "文"
