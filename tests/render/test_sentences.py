"""The text on a reviewer's page: the archive's, cut into sentences that findings lead to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.findings import Location
from pipeline.model.posts import Post
from pipeline.render.archive import render_archive
from pipeline.render.body import read_body
from pipeline.render.sentences import Sentence, anchor_of, marked_html, sentences
from tests.render.conftest import FIRST_BODY_LINE, FOLDER, make_post, make_registers

PATH = f"{FOLDER}/post.md"
REGISTERS = make_registers()
_MARK = re.compile(r' id="sentence-\d+"| data-effect="\w+"')
_BARE = re.compile(r"</?span>")
MARKDOWN = st.lists(
    st.sampled_from([
        "甲。", "乙！”", "丙", "；", "**", "*", "`", "\n", "\n\n", "# ", "- ", "1. ", "> ", "    ",
        "[链](https://a.example/x)", "[文](a.pdf)", "![图](a.png)", "![无](b.png)", "~~", "```\n",
        "| a | b |\n|---|:-:|\n| 1。2 | 3 |\n", "---\n", "[r]: https://b.example/\n", "[r]", "  \n",
        "\u3000\u3000段", "<b>", "&amp;", "\\", "a b",
    ]),
    max_size=14,
).map("".join)  # fmt: skip


def post_of(body: str, **meta: object) -> Post:
    return make_post(body, ["a.png", "a.pdf"], **meta)


def cut(body: str) -> tuple[Sentence, ...]:
    return sentences(read_body(post_of(body), REGISTERS))


def anchor(body: str, line: int, column: int = 0) -> str:
    return anchor_of(Location(PATH, line, column), post_of(body), cut(body))


def test_a_sentence_ends_where_a_reader_sees_it_end() -> None:
    made = cut("甲。**乙。丙**丁！\n换行？”[链](https://a.example/)\n\n- 项\n\n![图](a.png)\n")
    assert [s.words for s in made] == ["甲。", "乙。", "丙丁！", "换行？”", "链", "项", "图"]
    assert [(s.first, s.last) for s in made][2:5] == [(12, 12), (13, 13), (13, 13)]
    assert made[4].typed == "[链](https://a.example/)"
    assert [s.before for s in made][4:] == ["", "</p><ul><li>", "</li></ul><p>"]


@given(MARKDOWN)
def test_marks_change_nothing_that_a_reader_sees(body: str) -> None:
    post = post_of(body)
    made = marked_html(read_body(post, REGISTERS), REGISTERS, effects={1: "refuse", 3: "note"})
    plain = render_archive(post, REGISTERS).html
    assert _without_marks(made) == _without_marks(plain)


def _without_marks(html: str) -> str:
    return "".join(_BARE.sub("", _MARK.sub("", html)).split())


@given(MARKDOWN, st.integers(0, 20), st.integers(0, 40))
def test_every_finding_with_a_line_leads_to_one_thing_on_the_page(
    body: str, line: int, column: int
) -> None:
    post = post_of(body)
    shown = read_body(post, REGISTERS)
    html = marked_html(shown, REGISTERS)
    made = sentences(shown)
    for number in range(1, len(made) + 1):
        assert html.count(f'id="sentence-{number}"') == 1
    target = anchor_of(Location(PATH, FIRST_BODY_LINE + line, column), post, made)
    assert target == "meta" if not made else html.count(f'id="{target}"') == 1


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [(12, 0, 1), (12, 3, 1), (12, 4, 2), (12, 9, 3), (13, 1, 3), (13, 5, 4), (99, 0, 4)],
)
def test_a_finding_leads_to_its_sentence(line: int, column: int, sentence: int) -> None:
    body = "第一。第二！第三\n第三。第四。\n\n"
    assert anchor(body, line, column) == f"sentence-{sentence}"


def test_a_finding_on_the_front_matter_leads_to_its_key() -> None:
    post = make_post("甲。")
    marks = {("title",): (2, 1), ("source",): (6, 1), ("source", "url"): (7, 3), ("kind",): (9, 1)}
    object.__setattr__(post.document, "marks", marks)
    leads = [anchor_of(Location(PATH, n), post, ()) for n in (1, 2, 7, 10)]
    assert leads == ["meta", "meta-title", "meta-source", "meta-kind"]


def test_a_finding_on_a_file_leads_to_the_file_and_one_elsewhere_nowhere() -> None:
    post = post_of("甲。")
    assert anchor_of(Location(f"{FOLDER}/a.png"), post, ()) == "file-1"
    assert anchor_of(Location("content/policy.yml", 3), post, ()) == ""
    assert anchor_of(Location(PATH), post, cut("甲。")) == ""
