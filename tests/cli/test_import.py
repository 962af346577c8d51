"""`sanshen import`: a table of comments as a platform exports it, made into inquiries."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.private import private_data
from pipeline.errors import Fault
from pipeline.parts.inquiries.incoming import comments_in
from pipeline.parts.inquiries.verbs import import_
from tests.builders.archive import ArchiveRepo
from tests.cli.at_the_desk import fault, run
from tests.corpora.fictional import identity

HEAD = "编号,留言时间,用户昵称,留言内容,回复内容,回复时间\r\n"
ROW = "W-1,2026/11/4 9:05,炉边人,报警器在哪里领？,请到社区服务站领取。,2026-11-04 10:20\r\n"


@pytest.fixture
def bureau(archive: ArchiveRepo) -> ArchiveRepo:
    archive.git("config", "user.email", "xxy-a@yunlan.example.org")
    return archive


def taken(archive: ArchiveRepo, table: Path, raw: bytes, *more: str) -> tuple[int, str]:
    table.write_bytes(raw)
    made = run(import_, archive, str(table), "--account", "wx", "--operator", "gly-a", *more)
    return made.exit_code, made.stderr


def records(archive: ArchiveRepo) -> list[dict[str, object]]:
    folder = archive.root / "content/records/inquiries"
    return [yaml.safe_load(p.read_text()) for p in sorted(folder.rglob("*.yml"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_row_is_a_record_whatever_the_encoding(
    bureau: ArchiveRepo, tmp_path: Path, encoding: str
) -> None:
    code, words = taken(bureau, tmp_path / "a.csv", (HEAD + ROW).encode(encoding))
    assert code == 0 and "1 records made, 0 were there, 0 rows left over." in words
    assert records(bureau) == [
        {
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
    ]
    assert "炉边人" not in str(records(bureau))
    again = taken(bureau, tmp_path / "a.csv", (HEAD + ROW).encode(encoding))
    assert "0 records made, 1 were there" in again[1]
    bureau.commit("导入", "xxy-a")


def test_what_reports_a_hazard_is_a_report(bureau: ArchiveRepo, tmp_path: Path) -> None:
    row = "W-2,2026-11-04 09:05,x,举报XX烟花店无证经营,,\n"
    assert taken(bureau, tmp_path / "a.csv", (HEAD + row).encode())[0] == 0
    assert [r["type"] for r in records(bureau)] == ["report"]


def test_private_numbers_are_masked_before_anything_is_written(
    bureau: ArchiveRepo, tmp_path: Path
) -> None:
    number = identity(7)
    row = f"W-3,2026-11-04 09:05,x,请回电13800138000，证号{number},,\n"
    assert taken(bureau, tmp_path / "a.csv", (HEAD + row).encode())[0] == 0
    (record,) = records(bureau)
    assert not private_data(str(record["summary"]))
    assert number not in str(record) and "13800138000" not in str(record)


def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_written(
    bureau: ArchiveRepo, tmp_path: Path
) -> None:
    rows = (
        "W-4,昨天,x,什么时候,,\n"
        "W-5,2026-11-04 09:05,x,,,\n"
        "W-6,2026-11-04 09:05,x,有回复没时间,已答复,\n"
        "W-7,2027-11-04 09:05,x,明年的事,,\n"
        "W-8,2026-11-04 09:06,x,=cmd|'/c calc'!A0,,\n"
    )
    code, words = taken(bureau, tmp_path / "a.csv", (HEAD + rows).encode())
    assert code == 11 and "1 records made, 0 were there, 4 rows left over." in words
    for sentence in (
        "row-time-unreadable 2",
        "row-text-missing 3",
        "row-reply-incomplete 4",
        "row-in-future 5",
    ):
        assert sentence in words
    assert [r["summary"] for r in records(bureau)] == ["=cmd|'/c calc'!A0"]


def test_signs_that_no_file_may_hold_are_left_out(bureau: ArchiveRepo, tmp_path: Path) -> None:
    row = "W\x11-9,2026-11-04 09:05,x,请\x07问\u200b在哪里,,\n"
    assert taken(bureau, tmp_path / "a.csv", (HEAD + row).encode())[0] == 0
    assert [(r["reference"], r["summary"]) for r in records(bureau)] == [("W-9", "请问在哪里")]


def test_a_dry_run_writes_nothing(bureau: ArchiveRepo, tmp_path: Path) -> None:
    words = taken(bureau, tmp_path / "a.csv", (HEAD + ROW).encode(), "--dry-run")[1]
    assert "1 records made" in words and "Nothing was written." in words
    assert records(bureau) == []


def test_an_account_that_is_none_is_named(bureau: ArchiveRepo, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + ROW)
    refused = run(import_, bureau, str(tmp_path / "a.csv"), "--account", "tiktok")
    assert fault(refused) == "option-unregistered account tiktok"


def test_five_thousand_rows_are_read_at_once() -> None:
    rows = "".join(f"{n},2026-11-04 09:05,x,第{n}条留言,,\n" for n in range(5_000))
    comments = comments_in((HEAD + rows).encode("gb18030"), 100_000)
    assert len(comments) == len({c.name for c in comments}) == 5_000
    with pytest.raises(Fault, match="5000 rows"):
        comments_in((HEAD + rows).encode("gb18030"))


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_rows_or_a_fault(raw: bytes) -> None:
    try:
        comments = comments_in(raw)
    except Fault:
        return
    assert all(c.problem or (c.at and c.name) for c in comments)
