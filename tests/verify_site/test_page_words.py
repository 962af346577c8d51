"""What a reader sees against what was signed: every honest page passes, no changed letter does."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.review.site_bundle import SiteBundle
from pipeline.evidence.tar import evidence_tar
from pipeline.model.documents import Document
from pipeline.model.posts import Post
from pipeline.model.registers import NO_REGISTERS
from pipeline.render.archive import render_archive
from pipeline.render.xml_text import clean, escape
from pipeline.site.text import classed
from pipeline.source.content.posts import split_post
from pipeline.source.content.text import decode
from pipeline.verify_site.page import Folder, page_problems

POST = "2026-11-05-winter-fire"
HOME = f"content/posts/2026/{POST}"
PICTURE = f"{HOME}/图.png"
BODIES = [
    "出门关火。\n\n睡前断电，<b>记牢</b>，再看 `煤气` 表。\n",
    "## 第一\n\n1. 甲\n2. 乙\n   - 丙\n   - 丁\n\n7. 七\n8. 八\n",
    "> 引文 **要紧** *斜* ~~删~~\n> 第二行\n\n---\n\n末段  \n硬换行\n",
    "| 县 | 点 |\n|---|:-:|\n| 甲 | 乙 |\n| 丙 | 丁 |\n",
    "![灶台](图.png \"关火\")\n\n前 ![烟囱](图.png) 后 **![加粗](图.png)**\n",
    "[应急](https://e.example/a?b=%E4%B8%AD) <https://e.example/网> 12350 [上](#第一)\n",
    "```sh\necho 你好\n```\n\n    缩进 代码\n",
    "&amp; &eacute; &#20013; \\* 全角１２３ 🔥 𠀀 é\n",
    "[引用]\n\n[引用]: https://e.example \"标题\"\n",
    "来源：某报\n\n本内容由人工智能生成\n",
]  # fmt: skip


def _problems(body: str, page: str, title: str = "冬季防火", /, **meta: str) -> list[str]:
    raw = _raw(body, **meta)
    files = {f"{HOME}/post.md": sha256(raw).hexdigest(), PICTURE: "0" * 64}
    bundle = SiteBundle(
        "a", POST, 1, (), {p: (d, p.rpartition("/")[2]) for p, d in files.items()}, (), None
    )
    html = f'<h1 class="sn-title">{title}</h1><div class="sn-body">{page}</div>'
    tar = evidence_tar(())
    held = {"post.md": raw, "evidence.tar": tar, "index.html": html.encode()}
    digests = {p.removeprefix(f"{HOME}/"): d for p, d in files.items()}
    digests |= {"index.html": "", "evidence.json": "", "evidence.tar": ""}
    return [str(m) for m in page_problems(Folder(POST, digests, held), bundle)]


def _raw(body: str, **meta: str) -> bytes:
    told = {"title": "冬季防火", "author": "zz-a"} | meta
    lines = "".join(f"{key}: {value}\n" for key, value in told.items())
    return f"---\n{lines}---\n{body}".encode()


def _page(body: str) -> str:
    """The body as a site shows it, without what registers add."""
    post = Post(POST, HOME, Document("post.md"), {}, frozenset(), body, 1, {PICTURE: "0" * 64})
    return classed(render_archive(post, NO_REGISTERS).html)


@pytest.mark.parametrize("body", BODIES)
def test_an_honest_page_has_no_problem(body: str) -> None:
    assert _problems(body, _page(body)) == []


PIECES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from([*BODIES, 'src="x.png"', "<img src='y'>", "</div>", "<!-- ", "&#xFFFE;"]),
    st.sampled_from(["\ufdd0", "\uffff", "\U0002fffe", "\x85", "\u2028", "&lt;b"]),
    st.sampled_from(["`", "**", "](", "\n\n", "| a |"]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=6), st.lists(PIECES, min_size=1, max_size=3))
def test_what_check_lets_pass_is_honest_on_its_page(body: list[str], title: list[str]) -> None:
    words, heading = "".join(body), "".join(title)
    quoted = json.dumps(heading, ensure_ascii=False)
    raw = _raw(words, title=quoted)
    if decode("post.md", raw)[1] or split_post("post.md", raw)[0].problems:
        return
    shown = escape(clean(heading))
    assert _problems(words, _page(words), shown, title=quoted) == []


def _mutants(page: str, random: Random) -> Iterator[str]:
    """Pages with one letter or digit replaced, left out, doubled or swapped with the next."""
    bare = re.sub(r"(?<=<)[^<>]*", lambda m: re.sub("[0-9]", " ", m[0]), page)
    places = [n for n, c in enumerate(bare) if c.isdigit() or (c.isalnum() and ord(c) > 0x3000)]
    for at in random.sample(places, min(20, len(places))):
        before, here, after = page[:at], page[at], page[at + 1 :]
        yield before + ("丑" if here != "丑" else "寅") + after
        yield before + after
        yield before + here * 2 + after
        if after[:1] != here and after[:1].isalnum():
            yield before + after[0] + here + after[1:]
        yield before + here + "." + after


@pytest.mark.parametrize("body", BODIES)
def test_no_changed_letter_passes(body: str) -> None:
    page = _page(body)
    for mutant in _mutants(page, Random(body)):
        assert _problems(body, mutant), mutant


def test_the_number_a_list_begins_with() -> None:
    body = "7. 七\n8. 八\n"
    page = _page(body)
    assert 'start="7"' in page
    assert _problems(body, page) == []
    assert _problems(body, page.replace('start="7"', 'start="9"')) != []


def test_what_registers_add_is_held_to_its_form() -> None:
    body = BODIES[0]
    page, source = (
        _page(body),
        '<p class="source-line">来源：<a href="https://e.example">某报</a></p>\n',
    )
    assert _problems(body, source + page, origin="reprint") == []
    assert _problems(body, source + page, origin="original") != []
    assert _problems(body, source * 2 + page, origin="reprint") != []
    assert _problems(body, source.replace("某", "某" * 200) + page, origin="reprint") != []
    label = '<p class="ai-label">本内容由人工智能辅助生成</p>\n'
    assert _problems(body, label + page, ai="assisted") == []
    assert _problems(body, page, ai="assisted") != []
    assert _problems(body, label + page, ai="generated") != []


def test_a_picture_that_cannot_be_shown_says_its_words() -> None:
    body = "![灶台](图.png)\n"
    page = _page(body)
    start, end = page.index("<img"), page.index(">", page.index("<img")) + 1
    shown = page[:start] + '<span class="sn-broken">［图片无法显示：灶台］</span>' + page[end:]
    assert _problems(body, shown) == []
    assert _problems(body, shown.replace("灶台］", "假的］")) != []


@pytest.mark.parametrize("title", ["", "冬季", "冬季防火 作废", "冬季<!-- -->火"])
def test_another_title(title: str) -> None:
    assert _problems(BODIES[0], _page(BODIES[0]), title) != []


def test_a_hostile_front_matter_is_no_exception() -> None:
    for meta in ({"co_authors": "5"}, {"co_authors": "{a: 1}"}, {"title": "[x"}, {"ai": "[]"}):
        _problems(BODIES[0], _page(BODIES[0]), **meta)
    bundle = SiteBundle("a", POST, 1, (), {f"{HOME}/post.md": ("", "")}, (), None)
    folder = Folder(POST, {"index.html": ""}, {"post.md": b"\xff", "index.html": b"\xff"})
    assert list(page_problems(replace(folder, revision=2), bundle))
