"""Sina's counting, held to its description by another way of counting."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parts.weibo.channel import url_width, weibo_count

URL_SIGNS = set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"
)


def oracle(text: str) -> int:
    """The description, one sign after another, without any pattern."""
    text, total, i = text.replace("\r\n", "\n"), 0, 0
    while i < len(text):
        head = next((h for h in ("http://", "https://") if text[i:].lower().startswith(h)), "")
        end = i + len(head)
        while head and end < len(text) and text[end] in URL_SIGNS:
            end += 1
        if head and end > i + len(head):
            total, i = total + width(text[i:end], head), end
        else:
            total += 1 if ord(text[i]) < 128 else 2 if ord(text[i]) < 0x10000 else 4
            i += 1
    return math.ceil(total / 2)


def width(url: str, head: str) -> int:
    rest = url[len(head) :].lower()
    host = rest
    for stop in URL_SIGNS - set("abcdefghijklmnopqrstuvwxyz0123456789-._"):
        host = host.split(stop)[0]
    labels = host.split(".")
    own = any(
        labels[-n:] in (f"{name}.{end}".split(".") for end in ends)
        for n, ends in ((2, ("com", "cn")), (3, ("com.cn",)))
        for name in ("weibo", "sina")
    )
    own = own and all(labels)
    if host == "t.cn" or (own and len(url) <= 41):
        return len(url)
    return 20 if len(url) <= 140 else len(url) - 140 + 20


PIECES = st.one_of(
    st.text(max_size=8),
    st.text("ab ·，。#\r\n🙂㙍䶮〇", max_size=8),
    st.sampled_from(["http://", "https://", "HTTP://", "http:/", "\r\n"]),
    st.sampled_from(["t.cn", "weibo.com", "m.weibo.cn", "sina.com.cn", "xweibo.com", "t.cn.evil"]),
    st.sampled_from(["/", "/abc", "?a=b", ":8080", "a" * 20, "b" * 139, "..", "-weibo.com"]),
    st.integers(0, 300).map(lambda n: "https://a.example/" + "p" * n),
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_counting_is_that_of_the_description(text):
    assert weibo_count(text) == oracle(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("ab", 1),
        ("abc", 2),
        ("应急", 2),
        ("应a", 2),
        ("㙍䶮〇", 3),
        ("🙂", 2),
        ("👨‍👩‍👧", 8),
        ("\r\n\r\n", 1),
        ("看https://a.example/very/long/address/of/a/page。", 12),
        ("http://t.cn/abcdef", 9),
        ("https://weibo.com/1234567/AbCdEfGh", 17),
        ("https://weibo.com/" + "a" * 23, 21),
        ("https://weibo.com/" + "a" * 24, 10),
        ("https://" + "a" * 132, 10),
        ("https://" + "a" * 133, 11),
        ("https://a.cn https://b.cn", 21),
    ],
)
def test_known_lengths(text, count):
    assert weibo_count(text) == count


def test_a_host_that_only_looks_like_sinas_is_shortened():
    assert [url_width(u) for u in ("http://t.cn.evil/x", "http://notweibo.com/")] == [20, 20]
