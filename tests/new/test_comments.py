"""Comments of a platform: both encodings, any order of columns, bad rows named by number."""

import pytest

from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI
from pipeline.parts.inquiries.incoming import MOST, comments_in

TABLE = (
    "评论时间,用户昵称,评论内容\n2026-11-03 09:30,某人,哪里领报警器\n"
    '2026/11/4 8:05:10,,"逗号，""引号"""\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_the_encodings_of_platforms(encoding: str) -> None:
    first, second = comments_in(TABLE.encode(encoding))
    assert (first.number, first.author, first.text) == (2, "某人", "哪里领报警器")
    assert first.at is not None
    assert first.at.isoformat() == "2026-11-03T09:30:00+08:00"
    assert second.text == '逗号，"引号"'
    assert second.at is not None
    assert second.at.tzinfo is SHANGHAI


def test_pasted_rows_without_heads_are_time_author_and_text() -> None:
    [row] = comments_in("2026年11月3日 09:30\t某人\t问\t题\n".encode())
    assert (row.number, row.author, row.text, row.problem) == (1, "某人", "问", None)


def test_columns_go_by_their_heads() -> None:
    [row] = comments_in("内容,时间\n问,2026-11-03T09:30\n".encode())
    assert (row.author, row.text, row.problem) == ("", "问", None)


@pytest.mark.parametrize(
    "row", ["昨天,某人,问", "2026-13-40 09:30,某人,问", "2026-11-03 09:30,某人, ", "x"]
)
def test_a_bad_row_is_named_by_its_number_and_the_others_stay(row: str) -> None:
    good, bad = comments_in(f"时间,作者,内容\n2026-11-03 09:30,,问\n\n{row}\n".encode())
    assert good.problem is None
    assert bad.number == 4
    assert bad.problem is not None


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "+1", "@SUM(A1)", "-2", "<script>alert(1)</script>"]
)
def test_a_formula_is_text(text: str) -> None:
    [row] = comments_in(f"2026-11-03 09:30,某人,{text}\n".encode())
    assert row.text == text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xff\xff",
        "时间,作者,内容\n".encode(),
        b"2026-11-03 09:30,x," + b"a" * 200_000,
        b"2026-11-03 09:30,x,y\n" * (MOST + 1),
    ],
)
def test_what_is_no_table_is_refused(raw: bytes) -> None:
    with pytest.raises(Fault):
        comments_in(raw)
