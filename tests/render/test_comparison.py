"""Two revisions held against each other: nothing that a reader sees differ is left out."""

from dataclasses import replace

import pytest
from hypothesis import given

from pipeline.model.documents import Document
from pipeline.model.posts import Post
from pipeline.render.archive import render_archive
from pipeline.render.comparison import BREAK, Comparison, compare_posts, marked
from tests.render.conftest import FOLDER, make_post, make_registers
from tests.render.test_sentences import MARKDOWN, post_of

REGISTERS = make_registers()


def compare(old: str, new: str) -> Comparison:
    return compare_posts(post_of(old), post_of(new), REGISTERS)


def shown(old: str, new: str) -> list[tuple[str, str, str]]:
    return [(row.change, *row.texts) for row in compare(old, new).changed_rows]


@given(MARKDOWN, MARKDOWN)
def test_whatever_a_reader_sees_differ_is_a_row(old: str, new: str) -> None:
    pages = [render_archive(post_of(body), REGISTERS).html for body in (old, new)]
    rows = compare(old, new).rows
    assert pages[0] == pages[1] or any(row.change != "kept" for row in rows)
    assert old != new or all(row.change == "kept" for row in rows)


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        ("甲甲甲。乙乙乙。", "甲甲甲。乙乙乙。", []),
        ("关好火源。再出门。", "关好火源和电源。再出门。",
         [("changed", "关好火源。", "关好火源和电源。")]),
        ("一二三四。五六七八。", "五六七八。", [("removed", "一二三四。", "")]),
        ("五六七八。", "五六七八。\n\n![图](a.png)", [("added", "", BREAK), ("added", "", "图")]),
        ("一。二。", "一。\n\n二。", [("added", "", BREAK)]),
        ("一二三四。五六七八。九十甲乙。", "五六七八。九十甲乙。一二三四。",
         [("moved", "一二三四。", "一二三四。")]),
        ("见[文](https://a.example/1)。", "见[文](https://a.example/2)。",
         [("changed", "见[文](https://a.example/1)。", "见[文](https://a.example/2)。")]),
        ("甲乙丙丁\n", "- 甲乙丙丁\n", [("changed", "¶<p>", "¶<ul><li>")]),
        ("甲。\n\n[r]: https://a.example/\n", "甲。\n",
         [("removed", "[r]: https://a.example/", "")]),
    ],
)  # fmt: skip
def test_sentences(old: str, new: str, rows: list[tuple[str, str, str]]) -> None:
    assert shown(old, new) == rows


def test_many_new_sentences_take_no_time_in_proportion_to_their_pairs() -> None:
    old, new = ("".join(f"第{n}句{sign}。" for n in range(3000)) for sign in "甲乙")
    assert {row.change for row in compare(old, new).changed_rows} == {"removed", "added"}


def test_the_front_matter_by_key_and_the_files_by_their_bytes() -> None:
    def revision(files: dict[str, str], **meta: object) -> Post:
        post = make_post("甲。", files, **meta)
        digests = {f"{FOLDER}/{name}": digest for name, digest in files.items()}
        written = Document(post.path, dict(post.meta))
        return replace(post, document=written, manifest=post.manifest | digests)

    media = [{"file": "b.png", "alt": "旧说明"}]
    old = revision({"a.png": "1" * 64, "b.png": "2" * 64, "c.pdf": "3" * 64}, media=media)
    media = [{"file": "b.png", "alt": "新说明"}]
    new = revision(
        {"a.png": "4" * 64, "b.png": "2" * 64, "d.pdf": "5" * 64}, media=media, title="新题",
        revision=2,
    )  # fmt: skip
    sizes = {f"{FOLDER}/a.png": (8, 6)}
    made = compare_posts(old, new, REGISTERS, {}, sizes)
    assert [key for key, _, _ in made.keys] == ["title", "media"]
    assert made.keys[0][1:] == ("演练", "新题")
    states = [(c.name, bool(c.old), bool(c.new)) for c in made.files]
    assert states == [
        ("a.png", True, True), ("b.png", True, True),
        ("c.pdf", True, False), ("d.pdf", False, True),
    ]  # fmt: skip
    first, second = made.files[:2]
    assert first.new is not None
    assert first.new.pixels == (8, 6)
    assert [state and state.alt for state in (second.old, second.new)] == ["旧说明", "新说明"]


def test_what_reads_the_same_is_marked_as_a_whole() -> None:
    assert marked("138****00", "138****00") == ("<del>138****00</del>", "<ins>138****00</ins>")
    assert marked("甲乙丙丁<", "甲乙丙戊<") == (
        "甲乙丙<del>丁</del>&lt;",
        "甲乙丙<ins>戊</ins>&lt;",
    )
