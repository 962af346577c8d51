"""Paste from Word and WeChat becomes Markdown that shows the words which were seen, no others."""

import random
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pipeline.render.tokens import commonmark, plain_words

SCRIPT = Path(__file__).parents[2] / "pipeline/parts/desk/static/paste.js"
pytestmark = pytest.mark.browser
CLIPBOARD = Path(__file__).parent / "clipboard"
PICTURES = "(html) => { let n = 0; return markdownOfHtml(html, () => `![](picture-${++n})`); }"


@pytest.fixture
def pasting(page: Page) -> Iterator[Page]:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.add_script_tag(path=str(SCRIPT))
    yield page
    assert not requests, "nothing of what is pasted is loaded"


@pytest.mark.parametrize("program", ["word", "wechat"])
def test_what_programs_put_on_the_clipboard(pasting: Page, program: str) -> None:
    """The files are made up in the style of the programs."""
    html, markdown = ((CLIPBOARD / f"{program}.{e}").read_text("utf-8") for e in ("html", "md"))
    assert pasting.evaluate(PICTURES, html) == markdown.strip()


def test_plain_text_has_a_paragraph_to_a_break(pasting: Page) -> None:
    made = pasting.evaluate(
        "(texts) => texts.map(markdownOfText)",
        ["　　一。\r\n　　二。\r\n", "一\n\n二\n三", "| a | b |\n|---|---|\n| 1 | 2 |"],
    )
    assert made == ["一。\n\n二。", "一\n\n二\n三", "| a | b |\n|---|---|\n| 1 | 2 |"]


@pytest.mark.parametrize(
    ("html", "markdown", "lost"),
    [
        ("原定<s>3日</s>5日", "原定~~3日~~5日", []),
        ("<span style='text-decoration:line-through'><b>作废。</b></span>", "~~作废~~。", []),
        ("<b>加粗<strike>又删</strike></b>", "**加粗**又删", []),
        ("<del>改前</del>改后", "改后", ["deleted"]),
        ("12 m<sup>2</sup>、H<sub>2</sub>O、10<sup>－3</sup>", "12 m²、H₂O、10－3", ["lines"]),
        ("10<span style='vertical-align:super'>-6</span>", "10⁻⁶", []),
        ("见注<sup>[甲]</sup>", "见注\\[甲\\]", ["lines"]),
        ("正文<math><mi>x</mi></math>", "正文", ["others"]),
        (
            "<table><tr><td rowspan=2>县区</td><td colspan=2>数量</td></tr>"
            "<tr><td>起</td><td>人</td></tr></table>",
            "| 县区 | 数量 | 数量 |\n|---|---|---|\n| 县区 | 起 | 人 |", ["cells"],
        ),
        (
            "<table><tr><td colspan=2>附表</td></tr><tr><td>甲</td><td>乙</td></tr></table>",
            "| 附表 |  |\n|---|---|\n| 甲 | 乙 |", ["cells"],
        ),
        (
            "<table><tr><td rowspan=0>上</td><td>一</td></tr><tr><td>二</td></tr></table>",
            "| 上 | 一 |\n|---|---|\n| 上 | 二 |", ["cells"],
        ),
    ],
)  # fmt: skip
def test_nothing_of_what_is_pasted_is_lost_without_a_word(
    pasting: Page, html: str, markdown: str, lost: list[str]
) -> None:
    made = pasting.evaluate("(html) => [markdownOfHtml(html), lostIn(html)]", html)
    assert made == [markdown, lost]


def test_spans_without_end_cost_little(pasting: Page) -> None:
    row = "<tr><td colspan=999999 rowspan=99999>甲</td><td>乙</td></tr>"
    made = pasting.evaluate("markdownOfHtml", f"<table>{row * 300}</table>")
    assert made.count("\n") == 300 and len(made) < 20_000_000
    long = f"<tr><td colspan=50 rowspan=200>{'甲' * 1_000}</td><td>乙</td></tr>"
    made = pasting.evaluate("markdownOfHtml", f"<table>{long * 200}</table>")
    assert made.count("甲") < 2_000_000 and made.count("乙") >= 1


PIECES = (
    "关好火源|“引号”|a_b|_x_|*|**|1.|2) |# |- |> |[链接](x)|<b>|&lt;|&amp;amp;|`|~~|!|\\|  |\n|"
    "https://a.example/|8:00~17:00|=|----|⚠️|e\u0301|：|。|——|[a]: b|Tel|％|~|&|3. |+ |#"
).split("|") + ["|"]


def inline(source: random.Random, depth: int) -> str:
    made = []
    for _ in range(source.randint(1, 4)):
        text = escape("".join(source.choices(PIECES, k=source.randint(1, 3))))
        kind = source.choice(
            ["", "", "b", "strong", "i", "em", "s", "span", "bold", "light", "a", "font", "br"]
        )
        inner = inline(source, depth - 1) if depth and source.random() < 0.4 else text
        match kind:
            case "":
                made.append(text)
            case "br":
                made.append(f"{text}<br>")
            case "a":
                made.append(f'<a href="https://a.example/{source.randint(0, 2)}">{text}</a>')
            case "bold" | "light":
                weight = "700" if kind == "bold" else "normal"
                made.append(f'<span style="font-weight: {weight}">{inner}</span>')
            case _:
                made.append(f"<{kind}>{inner}</{kind}>")
    return "".join(made)


def blocks(source: random.Random, depth: int) -> str:
    made = []
    for _ in range(source.randint(1, 3)):
        kind = source.choice(
            ["p", "div", "section", "h2", "h4", "ul", "ol", "table", "blockquote", "bare"]
        )
        words = inline(source, 2)
        if kind == "table":
            width = source.randint(1, 3)
            row = "".join(f"<td>{inline(source, 1)}</td>" for _ in range(width))
            made.append(f"<table><tr>{row}</tr><tr>{row}</tr></table>")
        elif kind in ("ul", "ol"):
            nested = blocks(source, depth - 1) if depth else ""
            made.append(f"<{kind}><li>{words}{nested}</li><li>{inline(source, 1)}</li></{kind}>")
        elif kind in ("div", "section", "blockquote") and depth:
            made.append(f"<{kind}>{words}{blocks(source, depth - 1)}</{kind}>")
        else:
            made.append(words if kind == "bare" else f"<{kind}>{words}</{kind}>")
    return "".join(made)


def test_whatever_is_pasted_shows_the_words_that_were_seen(pasting: Page) -> None:
    source = random.Random(20261105)
    documents = [blocks(source, 2) for _ in range(100)]
    made = pasting.evaluate(SHOW, documents)
    parser = commonmark().use(plain_words)
    rendered = [parser.render(markdown) for _, markdown in made]
    shown = [text for text, _ in pasting.evaluate(SHOW, rendered)]
    for html, (seen, markdown), text in zip(documents, made, shown, strict=True):
        assert squeezed(text) == squeezed(seen), f"{html}\n---\n{markdown}"


SHOW = """(documents) => documents.map((html) => {
  document.body.innerHTML = html;
  return [document.body.innerText, markdownOfHtml(html)];
})"""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


MANY = 200_000
"""So many that looking at each of them from each other would take ten minutes."""


@pytest.mark.parametrize(
    ("html", "length"),
    [
        (f"<b>a{'！' * MANY}b{'！' * MANY}a</b><b>{'。' * MANY}</b>", 3 * MANY + 7),
        (f"a{' ' * MANY}b", 3),
        (f"a{'&nbsp;' * MANY}b", 3),
        (f"a{'　' * MANY}b", MANY + 2),
        (f"<a href='https://a.example'>a{' ' * MANY}b</a>", len("[a b](https://a.example)")),
    ],
)
def test_a_long_row_of_signs_is_looked_at_once(pasting: Page, html: str, length: int) -> None:
    made = pasting.evaluate("(html) => markdownOfHtml(html).length", f"<p>{html}</p>")
    assert made == length
