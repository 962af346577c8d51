"""Each limit of WeChat's editor, and what a text can break: something passes, something not."""

import pytest

from pipeline.model.findings import Effect
from pipeline.parts.wechat.problems import (
    CONTENT,
    LIMITS,
    WechatFields,
    WechatImage,
    check_wechat,
    columns,
    wechat_counts,
)
from tests.render.conftest import make_post

POST = make_post("字")
GOOD = WechatFields("题", "云岚应急", "摘要", "https://archive.yunlan.example/posts/1/")


def nested(count, css="margin:0", inside="字"):
    return f'<section style="{css}">' * count + inside + "</section>" * count


CASES = {
    "wrappers-identical": (
        [nested(11), nested(14)],
        [nested(10), nested(5) + nested(5), nested(5, inside=nested(6, "margin:1px"))],
    ),
    "elements-deep": (
        [nested(8, inside=nested(7, "padding:0"))],
        [nested(7, inside=nested(7, "color:#333333"))],
    ),
    "elements-empty": (
        [f"<section>{'<p></p>' * 16}{'<p>字</p>' * 5}</section>"],
        [
            f"<section>{'<p></p>' * 15}{'<p>字</p>' * 6}</section>",
            f"<section>{'<p></p>' * 16}{'<p>字</p>' * 4}</section>",
        ],
    ),
}


def rules_of(html, fields=GOOD):
    return {p.name for p in check_wechat(html, fields, POST)}


def test_every_limit_has_a_case():
    assert [*LIMITS] == [
        limit for limit in LIMITS if any([*limit(html, given)] for *_, html, given in FIELD_CASES)
    ]


@pytest.mark.parametrize(("rule", "html"), [(r, h) for r, (bad, _) in CASES.items() for h in bad])
def test_a_rule_refuses(rule, html):
    found = [p for p in check_wechat(html, GOOD, POST) if p.name == rule]
    assert found and all(p.effect is Effect.REFUSE for p in found)


@pytest.mark.parametrize(("rule", "html"), [(r, h) for r, (_, good) in CASES.items() for h in good])
def test_a_rule_lets_pass(rule, html):
    assert rule not in rules_of(html)


def test_a_plain_article_has_no_problem():
    assert check_wechat('<p style="margin:0 0 16px">字</p>', GOOD, POST) == ()
    assert check_wechat("", GOOD, POST) == ()


def test_nesting_past_the_limit_is_said_once():
    assert [p.name for p in check_wechat(nested(14), GOOD, POST)] == ["wrappers-identical"]


def changed(**values):
    return WechatFields(**{**vars(GOOD), **values})


def pictured(file="a.png", width=1080, height=608, size=1000):
    return changed(images=(WechatImage(file, width, height, size),))


R, N = Effect.REFUSE, Effect.NOTE
P = "<p>{}</p>"
FIELD_CASES = [
    ("title-wide", None, P, changed(title="题" * 32)),
    ("title-wide", N, P, changed(title="题" * 32 + "a")),
    ("title-wide", N, P, changed(title="题" * 64)),
    ("title-wide", None, P, changed(title="a" * 64)),
    ("title-long", R, P, changed(title="a" * 65)),
    ("title-missing", R, P, changed(title=" ")),
    ("author-long", None, P, changed(author="字" * 16)),
    ("author-long", R, P, changed(author="字" * 17)),
    ("digest-long", None, P, changed(digest="字" * 120)),
    ("digest-long", N, P, changed(digest="字" * 121)),
    ("digest-long", N, P, changed(digest="字" * 128)),
    ("digest-long", R, P, changed(digest="字" * 129)),
    ("digest-missing", N, P, changed(digest="")),
    ("article-long", None, P.format("a" * (17_999 - 7)), GOOD),
    ("article-long", N, P.format("a" * (18_000 - 7)), GOOD),
    ("article-long", N, P.format("a" * (CONTENT - 1 - 7)), GOOD),
    ("article-long", R, P.format("a" * (CONTENT - 7)), GOOD),
    ("image-type {file}", None, P, pictured("a.JPG")),
    ("image-type {file}", None, P, pictured("a.jpeg")),
    ("image-type {file}", R, P, pictured("a.webp")),
    ("image-type {file}", R, P, pictured("a.gif")),
    ("image-large {file}", None, P, pictured(size=1024 * 1024 - 1)),
    ("image-large {file}", R, P, pictured(size=1024 * 1024)),
    ("image-large {file}", None, P, pictured(size=None)),
    ("image-undescribed", N, '<img style="max-width:100%" src="a.png" alt=" ">', GOOD),
    ("image-undescribed", None, '<img style="max-width:100%" src="a.png" alt="图">', GOOD),
    ("cover-coarse", None, P, pictured(width=900)),
    ("cover-coarse", N, P, pictured(width=899)),
    ("cover-coarse", None, P, pictured(width=None)),
]


@pytest.mark.parametrize(("rule", "effect", "html", "fields"), FIELD_CASES)
def test_a_limit(rule, effect, html, fields):
    found = [p.effect for p in check_wechat(html, fields, POST) if p.name == rule]
    assert found == ([effect] if effect else [])


def test_counts_stand_beside_their_limits():
    counts = wechat_counts("<p>字</p>", changed(title="题a"))
    assert counts == {
        "title": (2, 64),
        "title-width": (3, 64),
        "author": (4, 16),
        "digest": (2, 120),
        "content": (8, 19_999),
    }


def test_rare_and_full_width_characters_count_two_columns():
    assert columns("㙍䶮〇Ａa，") == 11
