"""An article's tree: plain HTML, read quickly, makes the tree that the parser makes."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.wechat import render_wechat
from pipeline.render.wechat_tree import Element, parsed_tree, tree_of
from tests.golden.renditions import renditions
from tests.render.conftest import make_post, make_registers

PIECES = [
    *("<p>", '<p style="margin:0 0 16px">', "</p>", "<section>", "</section>", "</b>", "</br>"),
    *('<span style="color:#333;COLOR: red ;x">', "</span>", "<em>", "</em>", "<br>", "<br/>"),
    *('<img src="a.png" alt="图&amp;&quot;">', '<img alt="a>b">', '<img alt="a<b">', "<img alt>"),
    *('<a href="https://x.example/?a=1&copy=2&amp;b">', '<a href="&#x6a;s:">', "</a>", "<p x='1'>"),
    *('<p class="a" class="b">', "<P>", "<p >", '<p  id="a">', '<p style="a"id="b">', "<p/x>"),
    *("<script>", "</script>", "<style>", "</style>", "<textarea>", "<title>", "<svg/>", "<!--"),
    *(
        "-->", "<!doctype html>", "<?x?>", "<![CDATA[", "]]>", "</", "<", ">", "<>", "</>", "&",
        "\r\n",
    ),
    *(
        "字", " ", "&amp;", "&lt;p&gt;", "&nbsp;", "&copy", "&#0;", "&#xd800;", "\0", '"', "='",
        "&am",
    ),
]  # fmt: skip


def shape(element: Element) -> tuple[object, ...]:
    inside = [c if isinstance(c, str) else shape(c) for c in element.children]
    assert all(c.parent is element and c.depth == element.depth + 1 for c in element.elements)
    return element.tag, dict(element.attributes), dict(element.style), inside


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=12).map("".join))
def test_both_ways_of_reading_make_one_tree(html):
    assert shape(tree_of(html)) == shape(parsed_tree(html))


@given(st.text("`*_[]()!<>&#|-~\n 字a:.\"'", max_size=80))
def test_both_ways_read_any_article_alike(body):
    html = render_wechat(make_post(body, ["a.png"]), make_registers()).html
    assert shape(tree_of(html)) == shape(parsed_tree(html))


def test_both_ways_read_the_demo_alike():
    articles = [made.html for _, channel, made in renditions() if channel == "wechat"]
    assert len(articles) >= 40
    for html in articles:
        assert shape(tree_of(html)) == shape(parsed_tree(html))


@pytest.mark.parametrize("html", ["<p>字</p>", '<p style="margin:0">字</p><br>'])
def test_what_is_alike_is_read_once(html):
    one, other = tree_of(html), tree_of(html)
    assert [e.start for e in one.walk()] == [e.start for e in other.walk()]


def test_a_tree_goes_with_its_last_use():
    """Thousands are made while nobody looks for cycles (`pipeline.cli.without_collector`)."""
    gc.collect()
    tree_of("<section><p>一<strong>二</strong></p><p>三</p></section>")
    parsed_tree("<section><p>一<strong>二</strong></p><p>三</section>")
    assert gc.collect() == 0
