"""A table of comments as a platform exports it, made into inquiries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.private import private_data
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.model.ids import AccountId, PersonId
from pipeline.new.yaml_writer import dump
from pipeline.parts.inquiries.incoming import TakenIn, comments_in, taken_in
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at
from tests.builders.named import fault_named, named
from tests.corpora.fictional import identity

NOW = at("2026-11-05 18:00")
HEAD = "编号,留言时间,用户昵称,留言内容,回复内容,回复时间\r\n"
ROW = "W-1,2026/11/4 9:05,炉边人,报警器在哪里领？,请到社区服务站领取。,2026-11-04 10:20\r\n"


def taken(archive: ArchiveRepo, raw: bytes, account: str = "wx") -> TakenIn:
    with archive.open() as repository:
        tree = repository.tree(archive.head())
        people = AccountId(account), PersonId("xxy-a"), PersonId("gly-a")
        return taken_in(tree, trust(tree), comments_in(raw), *people, NOW)


def records(archive: ArchiveRepo, rows: str) -> list[dict[str, object]]:
    return [*taken(archive, (HEAD + rows).encode()).records.values()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_row_is_a_record_whatever_the_encoding(archive: ArchiveRepo, encoding: str) -> None:
    made = taken(archive, (HEAD + ROW).encode(encoding))
    assert (made.present, made.left) == (0, [])
    ((path, value),) = made.records.items()
    assert value == {
        "person": "xxy-a",
        "account": "wx",
        "type": "general",
        "received_at": "2026-11-04T09:05:00+08:00",
        "summary": "报警器在哪里领？",
        "reference": "W-1",
        "reply": {
            "person": "gly-a",
            "at": "2026-11-04T10:20:00+08:00",
            "text": "请到社区服务站领取。",
        },
    }
    archive.write(path, dump(value))
    archive.commit("导入", "xxy-a")
    assert taken(archive, (HEAD + ROW).encode(encoding)) == TakenIn({}, 1, [])


def test_what_reports_a_hazard_is_a_report(archive: ArchiveRepo) -> None:
    row = "W-2,2026-11-04 09:05,x,举报XX烟花店无证经营,,\n"
    assert [r["type"] for r in records(archive, row)] == ["report"]


def test_private_numbers_are_masked_before_anything_is_written(archive: ArchiveRepo) -> None:
    number = identity(7)
    (record,) = records(archive, f"W-3,2026-11-04 09:05,x,请回电13800138000，证号{number},,\n")
    assert not private_data(str(record["summary"]))
    assert number not in str(record) and "13800138000" not in str(record)


def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_taken(archive: ArchiveRepo) -> None:
    rows = (
        "W-4,昨天,x,什么时候,,\n"
        "W-5,2026-11-04 09:05,x,,,\n"
        "W-6,2026-11-04 09:05,x,有回复没时间,已答复,\n"
        "W-7,2027-11-04 09:05,x,明年的事,,\n"
        "W-8,2026-11-04 09:06,x,=cmd|'/c calc'!A0,,\n"
    )
    made = taken(archive, (HEAD + rows).encode())
    assert [named(why) for why in made.left] == [
        "row-time-unreadable 2",
        "row-text-missing 3",
        "row-reply-incomplete 4",
        "row-in-future 5",
    ]
    assert [r["summary"] for r in made.records.values()] == ["=cmd|'/c calc'!A0"]


def test_signs_that_no_file_may_hold_are_left_out(archive: ArchiveRepo) -> None:
    (record,) = records(archive, "W\x11-9,2026-11-04 09:05,x,请\x07问\u200b在哪里,,\n")
    assert (record["reference"], record["summary"]) == ("W-9", "请问在哪里")


def test_an_account_that_is_none_is_named(archive: ArchiveRepo) -> None:
    with pytest.raises(Misuse) as refused:
        taken(archive, (HEAD + ROW).encode(), "tiktok")
    assert fault_named(refused.value) == "register-lacks tiktok"


def test_a_thousand_rows_are_read_at_once() -> None:
    rows = "".join(f"{n},2026-11-04 09:05,x,第{n}条留言,,\n" for n in range(1_000))
    comments = comments_in((HEAD + rows).encode("gb18030"))
    assert len(comments) == len({c.name for c in comments}) == 1_000
    with pytest.raises(Fault, match="1001 rows"):
        comments_in((HEAD + rows + ROW).encode("gb18030"))


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_rows_or_a_fault(raw: bytes) -> None:
    try:
        comments = comments_in(raw)
    except Fault:
        return
    assert all(c.problem or (c.at and c.name) for c in comments)
