"""Text pasted from a document keeps its paragraphs, in every rendition (decision 0034)."""

from pathlib import Path

import pytest

from pipeline.model.channels import render_channel
from pipeline.model.part import program
from pipeline.render.token_words import plain_text
from pipeline.render.tokens import TOO_MANY, commonmark, parse
from pipeline.source.content.front_matter import split_post
from tests.builders.cast import ROOT
from tests.render.conftest import make_post, make_registers

PASTED = "　　入冬以来气温下降。\n　　出门前关好火源。\n　　睡前断电。\n"
LINES = ["入冬以来气温下降。", "出门前关好火源。", "睡前断电。"]


@pytest.mark.parametrize("channel", program().channels)
def test_pasted_paragraphs_stay_apart_in_every_channel(channel: str) -> None:
    made = render_channel(channel, make_post(PASTED), make_registers())
    assert [line.strip() for line in made.text.splitlines() if "。" in line] == LINES
    assert made.html.count("</p>") >= 3
    assert all(f">{line}</p>" in made.html for line in LINES[1:])


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("甲\n　　乙", "甲\n乙"),
        ("　　甲\n乙\n　　丙", "甲乙\n丙"),
        ("- a\n　　b\n- c", "a\nb\nc"),
        ("> 　　甲\n> 　　乙\n　　丙", "甲\n乙\n丙"),
        ("　　**甲**\n　　[乙](https://x.example)", "甲\n乙"),
        ("　甲\n　乙", "甲　乙"),
        ("甲\n乙", "甲乙"),
        ("甲  \n　　乙", "甲\n　　乙"),
        ("甲\\\n　　乙", "甲\n　　乙"),
        ("```\n　　甲\n　　乙\n```", "　　甲\n　　乙"),
    ],
)
def test_only_an_indent_of_two_ideographic_spaces_begins_a_paragraph(body: str, text: str) -> None:
    assert plain_text(parse(body)) == text


def test_lines_are_told_as_they_are_in_the_file() -> None:
    inline = [t for t in parse("甲\n\n　　乙\n丙\n　　丁\n") if t.type == "inline"]
    assert [t.map for t in inline] == [[0, 1], [2, 4], [4, 5]]
    link = "　　甲\n　　乙\n[丙](https://x.example)\n"
    (made,) = render_channel("archive", make_post(link), make_registers()).links
    assert made.line == make_post(link).body_line + 2


def test_no_post_of_the_demo_reads_otherwise_than_by_commonmark() -> None:
    plain = commonmark()
    plain.core.ruler.disable("typed_breaks")
    paths = sorted(Path(ROOT, "content/posts").glob("*/*/post.md"))
    bodies = [split_post(str(path), path.read_bytes())[1] for path in paths]
    assert len(bodies) > 40
    for body in bodies:
        assert plain.parse(body) == commonmark().parse(body)


def test_a_message_is_what_a_body_out_of_proportion_carries() -> None:
    (token,) = parse("[" * 30_000)
    assert token.meta["why"] is TOO_MANY
