"""Hostile bodies: nothing outside the allow-list reaches a reader (threats A33)."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render import archive
from pipeline.render.archive import render_archive
from pipeline.render.markup import sanitise
from pipeline.render.tokens import links_to, parse

FILES = ["a.png", "b c.png"]

RAW = [
    "<script>alert(1)</script>", "<SCRIPT/x>alert(1)</SCRIPT>", "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>", "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>", "<style>*{display:none}</style>",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "<form action=https://evil.example><input name=x></form>", "<!-- hidden -->", "<!DOCTYPE html>",
    "<?php echo 1 ?>", "<![CDATA[x]]>", "</p></div></body>", "<a href='https://evil.example'>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]  # fmt: skip
PLACES = [
    "{}", "文{}字", "- {}", "> {}", "## {}", "| {} |\n|---|\n| {} |", "**{}**",
    "[{}](https://a.example)",
]  # fmt: skip


@pytest.mark.parametrize("raw", RAW)
@pytest.mark.parametrize("place", PLACES)
def test_raw_html_is_shown_as_text_wherever_it_stands(render, check, raw, place):
    made = render(place.format(raw, raw))
    seen = check(made.html)
    assert raw in seen.text and raw in made.text


@pytest.mark.parametrize("raw", RAW)
def test_either_gate_alone_holds(render, check, listed, raw, monkeypatch):
    listed(sanitise(f'<p class="x" style="y" onclick="z">{raw}</p>'))
    monkeypatch.setattr(archive.markup, "sanitise", lambda html: html)
    made = render(f"{raw}\n\n![{raw}](a.png)\n\n## {raw}\n\n`{raw}`", FILES)
    assert {t for t, _ in check(made.html).tags} <= {
        "p", "code", "img", "figure", "figcaption", "h2",
    }  # fmt: skip


SCHEMES = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)",
    "javascript&#58;alert(1)", "&#x6A;avascript:alert(1)", "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)", "java&#10;script:alert(1)", "&#1;javascript:alert(1)",
    "&nbsp;javascript:alert(1)", "javascript\\:alert(1)", "\u200bjavascript:alert(1)",
    "vbscript:msgbox(1)", "VBSCRIPT:msgbox(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,%3Csvg%3E",
    "data:image/png;base64,AAAA", "file:///etc/passwd", "blob:https://a.example/1",
    "view-source:https://a.example", "//evil.example/x", "\\\\evil.example\\x",
    "https:evil.example", "https:///evil.example", "https://www.gov.cn@evil.example/",
    "https://www.gov.cn&commat;evil.example/", "https://www.gov.cn\\@evil.example", "../other/",
    "post.md", "",
]  # fmt: skip
LINKS = [
    "[x]({})", "[x](<{}>)", "[x][r]\n\n[r]: {}", "[r]\n\n[r]: <{}> 't'", "<{}>", "![x]({})",
    "![x][r]\n\n[r]: {}",
]  # fmt: skip


@pytest.mark.parametrize(("url", "form"), list(product(SCHEMES, LINKS)))
def test_no_link_or_image_leads_where_it_must_not(render, check, url, form):
    made = render(form.format(url), FILES)
    seen = check(made.html)
    assert not seen.all("a") and not seen.all("img") and not made.links
    assert seen.text.strip()


@pytest.mark.parametrize(
    "url", ["https://a.example", "HTTP://a.example/?q=1#x", "mailto:a@b.example", "tel:12350", "#a"]
)
def test_honest_links_stay(render, check, url):
    assert links_to(url)
    assert len(check(render(f"[x]({url})").html).all("a")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "![</figure><script>alert(1)</script>](a.png)",
        '![" onerror="alert(1)](a.png)',
        "![x](a.png \"' onerror='alert(1)\")",
        '![x](a.png "\\" onerror=\\"alert(1)")',
        "![x](a.png '</figcaption><script>alert(1)</script>')",
        "![x](<b c.png> '&quot; style=&quot;x')",
        "![[x](javascript:alert(1))](a.png)",
        "![![y](data:image/png,x)](a.png)",
    ],
)
def test_alternative_texts_and_titles_cannot_leave_their_attribute(render, check, body):
    seen = check(render(body, FILES).html)
    assert [t for t, _ in seen.tags] == ["figure", "img", "figcaption"]


def test_a_link_title_is_not_published(render, check):
    made = render('[x](https://a.example "\\" onmouseover=\\"alert(1)")')
    assert "onmouseover" not in made.html


def test_a_fence_cannot_set_a_class_or_close_itself(render, check):
    made = render('```x" onload="alert(1)\n</code></pre><script>alert(1)</script>\n```')
    seen = check(made.html)
    assert seen.tags == [("pre", {"tabindex": "0"}), ("code", {})]
    assert seen.text.strip() == "</code></pre><script>alert(1)</script>"


def test_template_marks_and_terminal_escapes_are_plain_text(render, check):
    made = render("{{ 7*7 }} {% raw %} ${x} \x1b[31mred\x07 &#27; &#12;")
    check(made.html)
    assert "{{ 7*7 }} {% raw %} ${x}" in made.text
    assert not re.search("[\x00-\x09\x0b-\x1f]", made.text + made.html)


def test_bidi_and_zero_width_signs_are_replaced_also_as_entities(render, check):
    made = render("## 应\u200b急\u202e准备\n\n文\u2066字\ufeff&#x202e;")
    check(made.html)
    assert "应\ufffd急\ufffd准备" in made.html and made.text.endswith("文\ufffd字\ufffd\ufffd")
    assert made.headings[0][1] == "s-应急准备"


def test_lone_surrogates_and_nul_are_replaced(render, check):
    made = render("甲\ud800乙\0丙 &#xD800;", origin="reprint", source={"id": "\udfff"})
    check(made.html)
    assert made.html.encode() and made.text == "来源：\ufffd\n甲\ufffd乙\ufffd丙 \ufffd"


DEEP = {
    "lists": "".join("  " * n + f"- 第{n}层\n" for n in range(100)),
    "quotes": ">" * 100 + " 第99层",
    "mixed": "> - " * 50 + "第99层",
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_too_deep_is_shown_as_typed(render, check, name):
    made = render(DEEP[name])
    assert check(made.html).text.strip("\n") == DEEP[name].strip("\n")
    assert "第99层" in made.text


@pytest.mark.parametrize("depth", [1, 5, 8])
def test_sober_nesting_is_rendered(render, check, depth):
    made = render("".join("  " * n + f"- 第{n}层\n" for n in range(depth)))
    assert len(check(made.html).all("li")) == depth


def test_long_bodies_and_wide_tables_are_whole(render, check):
    long = "应急准备。" * 6000
    assert render(long).text == long
    wide = "|" + "甲|" * 40 + "\n|" + "-|" * 40 + "\n" + ("|" + "乙|" * 40 + "\n") * 20
    seen = check(render(wide).html)
    assert (len(seen.all("th")), len(seen.all("td"))) == (40, 800)


PIECES = st.sampled_from(
    [*RAW, *SCHEMES, *PLACES, *FILES, "[", "](", "]", ")", "![", "<", ">", "`", "```\n", "*", "**"]
    + ["_", "~~", "|", "\n", "\n\n", "---", "\n|-|-|\n", "# ", "- ", "1. ", "    ", "\\", '"', "'"]
    + ["&", "#", "\t", "\u202e", "\u200d", "\r", "\0", "https://a.example", "应急", "a"]
)
MARKDOWN = st.lists(PIECES, max_size=40).map("".join)


@given(body=st.one_of(MARKDOWN, st.text(max_size=300)))
def test_no_text_escapes_raises_or_varies(render, check, body):
    made = render(body, FILES)
    check(made.html)
    assert made == render(body, FILES)
    names = [name for _, name, _ in made.headings]
    assert len(names) == len(set(names))
    assert all(links_to(link.url) for link in made.links)


@given(name=st.text(max_size=40), url=st.text(max_size=60), label=st.text(max_size=20))
def test_no_source_escapes(post, registers, check, name, url, label):
    draft = post("文", origin="reprint", source={"id": "ylfb", "url": url})
    made = render_archive(draft, registers(label + "{name}", name))
    assert check(made.html).all("p")[-1:] == [{}]


@given(st.text(max_size=200))
def test_parsing_loses_no_letter_of_plain_prose(text):
    letters = re.sub(r"[^\u4e00-\u9fff]", "", text)
    shown = "".join(c.content for t in parse(letters) for c in t.children or ())
    assert shown == letters
