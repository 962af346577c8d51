"""What our renderer writes keeps every structure rule of WeChat's editor, whatever is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parts.wechat.channel import render_wechat
from tests.golden.renditions import renditions
from tests.oracles.wechat_structure import STRUCTURE_RULES, broken_rules
from tests.render.conftest import make_post, make_registers


def styled(css, tag="p", inside="字"):
    return f'<{tag} style="{css}">{inside}</{tag}>'


CASES = {
    "font_family": (
        [styled("font-family:PingFang SC"), styled("font-family:simsun")],
        [styled("font-family:'mp-quote', PingFang SC, system-ui, -apple-system, x"), styled("")],
    ),
    "hidden_image": (
        [styled("opacity:0;max-width:100%", "img", ""), '<svg style="opacity:0.0"></svg>'],
        [styled("opacity:0.5;max-width:100%", "img", ""), styled("opacity:0")],
    ),
    "hidden_caret": ([styled("caret-color:transparent")], [styled("caret-color:#333333")]),
    "line_height": (
        [styled(f"line-height:{v}") for v in ("1.4", "0", "24px", "150%", "normal", "1.2em")],
        [styled("line-height:1.5"), styled("line-height:2"), styled("line-height:0", inside="")],
    ),
    "fixed_width": (
        [styled("width:300px"), styled("min-width:500px"), '<td width="90">字</td>'],
        [
            styled("width:100%"),
            styled("max-width:300px"),
            styled("width:300px;max-width:100%", "img", ""),
            '<p data-ignore-width style="width:300px">字</p>',
        ],
    ),
    "left_margin": (
        [styled("margin-left:41px"), styled("margin:0 0 0 60px"), styled("padding:0 50px")],
        [styled("margin-left:40px"), styled("margin:60px 0"), styled("padding:0 60px 0 10px")],
    ),
    "fluid_image": (['<img src="a.png">'], [styled("max-width:100%", "img", "")]),
    "clipped_text": (
        [styled("height:0"), styled("height:20px"), styled("max-height:50px;overflow:hidden")],
        [styled("height:auto"), styled("height:0", inside=""), styled("line-height:2")],
    ),
    "text_align": (
        [styled("text-align:start"), styled("text-align:END")],
        [styled(f"text-align:{v}") for v in ("left", "center", "right", "justify")],
    ),
    "animation_begin": (
        ['<svg><animate begin="touchstart"></animate></svg>'],
        ['<svg><animate begin="touchstart; click"></animate></svg>'],
    ),
    "preformatted": (
        ["<pre>字</pre>", styled("white-space:pre")],
        [styled("white-space:pre-wrap")],
    ),
    "leaves": (
        [
            '<span leaf=""><p>字</p></span>',
            '<section nodeleaf="">字</section>',
            '<section nodeleaf=""><img><img></section>',
        ],
        ['<span leaf="">字<br><strong>字</strong></span>', '<section nodeleaf=""><img></section>'],
    ),
    "colour_contrast": (
        [
            styled("color:#777777"),
            styled("color:#666666"),
            styled("color:red"),
            styled("color:#333;background-color:#123c6e"),
        ],
        [styled("color:#333"), styled("color:rgb(89, 89, 89)"), styled("color:#777", inside="")],
    ),
    "background_image": (
        [
            styled("background:linear-gradient(#fff,#eee)"),
            styled("background-image:url(a.png)"),
        ],
        [styled("background-color:#f5f5f5"), styled("background:url(a.png)", inside="")],
    ),
    "positioned": (
        [styled("position:absolute"), styled("position:fixed")],
        [styled("position:relative")],
    ),
    "important": ([styled("margin:0 !important")], [styled("margin:0")]),
    "stripped_elements": (
        [f"<{t}>字</{t}>" for t in ("script", "style", "iframe", "form", "div", "h1", "input")],
        ["<section><p>字</p></section>", "<svg></svg>"],
    ),
    "stripped_attributes": (
        ['<p class="a">字</p>', '<p id="a">字</p>', '<p onclick="a">字</p>'],
        ['<img alt="图" data-w="3">'],
    ),
    "links": (
        [
            '<a href="https://x.example/">字</a>',
            '<a href="weixin://mp.weixin.qq.com/">字</a>',
            '<a href="https://mp.weixin.qq.com.x.example/">字</a>',
            '<a href="https://[x">字</a>',
        ],
        ['<a href="https://mp.weixin.qq.com/s/abc">字</a>'],
    ),
    "image_addresses": (
        ['<img src="https://x.example/a.png">', '<img src="data:image/png;base64,AA==">'],
        ['<img src="a.png">', '<img src="https://mmbiz.qpic.cn/a">'],
    ),
}


def test_every_rule_has_a_case():
    assert set(CASES) == {rule.__name__ for rule in STRUCTURE_RULES}


@pytest.mark.parametrize(("rule", "html"), [(r, h) for r, (bad, _) in CASES.items() for h in bad])
def test_a_rule_objects(rule, html):
    assert rule in broken_rules(html)


@pytest.mark.parametrize(("rule", "html"), [(r, h) for r, (_, good) in CASES.items() for h in good])
def test_a_rule_lets_pass(rule, html):
    assert rule not in broken_rules(html)


PIECES = [
    *(
        "# ",
        "## ",
        "#### ",
        "> ",
        "- ",
        "1. ",
        "    ",
        "\n",
        "\n\n",
        "---",
        "```\n",
        "`",
        "|",
        "|-|",
    ),
    *(
        "**",
        "*",
        "_",
        "~~",
        "![图](a.png)",
        "![](a.png)",
        "[字](https://mp.weixin.qq.com/s)",
        "<br>",
    ),
    *("[字](https://mp.weixin.qq.com:443/s)", "[字](http://u@mp.weixin.qq.com/)", "[字](//x.cn)"),
    *("[字](https://MP.weixin.qq.com/s/[x)", "[字](tel:1)", "[字](#一)", "<https://x.example/>"),
    *('<p class="a" style="width:9px">', "<pre>", "<svg>", 'a" onclick="x', "&nbsp;", "字", " "),
]
ALERT_COLOURS = ("", "red", "orange", "yellow", "blue")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from(ALERT_COLOURS))
def test_no_text_breaks_a_rule(body, colour):
    kind = {"kind": "alert", "alert": {"color": colour}} if colour else {}
    post = make_post(body, ["a.png"], **kind)
    assert broken_rules(render_wechat(post, make_registers()).html) == set()


def test_the_demo_keeps_every_rule():
    articles = [made.html for _, channel, made in renditions() if channel == "wechat"]
    assert len(articles) >= 40
    assert {rule for html in articles for rule in broken_rules(html)} == set()
