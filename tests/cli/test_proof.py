"""proof: notes of the model, and the adapter to a product of the bureau's own."""

import json
import shlex
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Fault
from pipeline.parts.proofreading.proofreading import Excerpt
from pipeline.parts.proofreading.verb import answers, proof, questions, run
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.desks import bureau
from tests.cli.at_the_desk import run as at_the_desk

ASKED = (
    Excerpt("post.md", 3, 1, "生产经营单位应当加强安全生产管里。"),
    Excerpt("post.md", 4, 1, "第二段\u2028没有错。"),
)
NOTE = {"id": 0, "start": 14, "end": 16, "suggestion": "管理", "reason": "同音"}


def line(**changed: object) -> bytes:
    return json.dumps({**NOTE, **changed}).encode() + b"\n"


def dumped(row: object) -> bytes:
    return json.dumps(row).encode()


def python(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


def drafted(root: Path) -> ArchiveRepo:
    archive = bureau(root)
    archive.draft(body="单位应当加强安全生产管里。\n\n电话13912345678。\n")
    return archive


def test_a_draft_is_noted_with_line_and_column_and_nothing_is_refused(tmp_path: Path) -> None:
    archive = drafted(tmp_path / "archive")
    result = at_the_desk(proof, archive, POST)
    assert result.exit_code == 0, result.output
    assert "/post.md:" in result.output and ":11 “管里”" in result.output
    rows = json.loads(at_the_desk(proof, archive, POST, "-f", "json").stdout)
    assert [(r["words"], r["suggestion"], r["reason"]) for r in rows] == [("管里", "管理", "sound")]


def test_a_product_of_the_bureau_is_asked_and_its_words_are_shown_as_text(tmp_path: Path) -> None:
    code = (
        "import sys, json\n"
        "for l in sys.stdin:\n"
        " q = json.loads(l)\n"
        " if '13912345678' in q['text']:\n"
        "  note = dict(start=0, end=13, suggestion='\\x1b[31m<b>', reason='r')\n"
        "  print(json.dumps({**note, 'id': q['id']}))"
    )
    result = at_the_desk(proof, drafted(tmp_path / "archive"), POST, "--with", python(code))
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output and "13912345678" not in result.output


@pytest.mark.parametrize(
    "command, words",
    [
        ("/nowhere/command", "could not be started"),
        ("'", "could not be started"),
        ("", "could not be started"),
        (python("import time; time.sleep(60)"), "did not end in time"),
        (python("import os, time; os.close(1); time.sleep(60)"), "did not end in time"),
        (python("while True: print('x' * 9999)"), "printed more than"),
        (python("raise SystemExit(3)"), "failed with code"),
    ],
    ids=["missing", "unquoted", "empty", "hangs", "hangs-quietly", "floods", "fails"],
)
def test_a_command_that_misbehaves_is_ended_and_named(command: str, words: str) -> None:
    with pytest.raises(Fault, match=words):
        run(command, questions(ASKED), 0.3 if "sleep" in command else 20.0)


@pytest.mark.parametrize(
    "raw, words",
    [
        (b"\xff\n", "not UTF-8"),
        (b"no JSON\n", "is no note"),
        (b"[" * 100_000 + b"\n", "is no note"),
        (b"[]\n", "is no note"),
        (line(start=True), "is no note"),
        (line(start=14.0), "is no note"),
        (line(suggestion=None), "is no note"),
        (line(suggestion="长" * 201), "is no note"),
        (line(reason="\ud800"), "is no note"),
        (line(id=2), "outside"),
        (line(id=-1), "outside"),
        (line(end=18), "outside"),
        (line(start=16), "outside"),
        (line(start=-1), "outside"),
    ],
    ids=str,
)
def test_an_answer_that_is_none_is_refused_with_its_line(raw: bytes, words: str) -> None:
    with pytest.raises(Fault, match=words):
        list(answers(line() + raw, ASKED))


def test_a_right_answer_is_read_and_empty_lines_are_skipped() -> None:
    ((passage, slip),) = answers(b"\n" + line() + b"  \n", ASKED)
    assert (passage, slip.start, slip.end, slip.suggestion, slip.reason) == (
        ASKED[0], 14, 16, "管理", "同音",
    )  # fmt: skip


def test_each_passage_is_one_line_whatever_signs_it_holds() -> None:
    rows = [json.loads(row) for row in questions(ASKED).split(b"\n") if row]
    assert [row["text"] for row in rows] == [p.text for p in ASKED]


ROWS = st.dictionaries(st.sampled_from([*NOTE]), st.integers(-2, 20) | st.text(max_size=3))


@given(
    st.binary(max_size=40) | st.lists(ROWS, max_size=3).map(lambda r: b"\n".join(map(dumped, r)))
)
def test_any_answer_is_read_or_refused(raw: bytes) -> None:
    try:
        read = list(answers(raw, ASKED))
    except Fault:
        return
    assert all(0 <= s.start < s.end <= len(p.text) for p, s in read)
