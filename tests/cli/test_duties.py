"""`sanshen due` and `sanshen report`: who owes what when, and what a month brought."""

import csv
import io
from pathlib import Path

import pytest
import yaml

from pipeline.cli.declare import declare, rotate
from pipeline.cli.due import due, report
from pipeline.cli.verify import audit
from pipeline.errors import Misuse
from pipeline.new.yaml_writer import dump
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, email, registers
from tests.builders.layers import shipped_list
from tests.builders.named import worded
from tests.builders.samples import RECORDS
from tests.cli.at_the_desk import Cells, fault, run, tables_in

LATER = ("--as-of", "2026-12-12T00:00:00+08:00")
"""The first second after the monthly declarations of the first month were due."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """A month of a small archive: one post, one relay, two inquiries, a word and a password."""
    words = shipped_list("wordings")
    often = words.replace(
        "every_months: 3\n    grace_days: 15", "every_months: 1\n    grace_days: 7"
    )
    monthly = {"wordings": yaml.safe_load(often)}  # as a bureau may go on to ask
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("duties") / "archive", changed=monthly)
    made.draft(title="=炉火|三不要")
    made.approve_all()
    made.publication(POST, "wx", published_at=at("2026-11-05 12:00"))
    relay = RECORDS["relays"] | {"accounts": ["wx", "wb"], "post": POST}
    del relay["except"]
    made.write("content/records/relays/2026/cold.yml", dump(relay))
    answered = {k: v for k, v in RECORDS["inquiries"].items() if k != "transferred"}
    made.write("content/records/inquiries/2026/a.yml", dump(answered))
    open_ = {k: answered[k] for k in ("person", "account", "summary")}
    open_ |= {"type": "general", "received_at": "2026-11-05T17:29:59+08:00"}
    made.write("content/records/inquiries/2026/b.yml", dump(open_))
    made.commit(f"稿件和登记\n\nSigned-off-by: 某 <{email('xxy-a')}>", "zz-a")
    signed = (
        run(declare, made, "relays-complete", by="xxy-a"),
        run(rotate, made, "wx", "-r", "scheduled", by="gly-a", typed="Geheim#26\n", attended=True),
    )
    assert [s.exit_code for s in signed] == [0, 0]
    made.commit("一个月", "gly-a")
    return made


def tables(archive: ArchiveRepo, *more: str) -> dict[str, list[Cells]]:
    return tables_in(run(report, archive, "--month", "2026-11", "--format", "csv", *more).stdout)


def test_what_is_overdue_stands_before_what_is_due(archive: ArchiveRepo) -> None:
    text = run(due, archive, *LATER).stdout
    overdue, coming = text.split("Due within 30 days:")
    assert "2026-12-11 23:59  R14-4  某gly-a" in overdue
    assert "Overdue: The declaration account-hygiene (云岚wb) is due on 2026-12-11" in overdue
    assert "2026-12-12 23:59  R05-4  某xxy-a" in coming
    assert "relays-complete is due on 2026-12-12" in coming


def test_a_duty_is_not_late_before_its_last_second_has_passed(archive: ArchiveRepo) -> None:
    last = ("--as-of", "2026-12-11T23:59:59+08:00")
    for moment, late in ((last, False), (LATER, True)):
        overdue, _, coming = run(due, archive, *moment).stdout.partition("Due within 30 days:")
        assert ("account-hygiene (云岚wb)" in overdue) is late
        assert ("account-hygiene (云岚wb)" in coming) is not late


def test_looking_ahead_is_bounded(archive: ArchiveRepo) -> None:
    near = run(due, archive, "--as-of", "2026-11-06T09:00", "--days", "1").stdout
    assert "relays-complete" not in near
    assert "relays-complete" in run(due, archive, "--as-of", "2026-11-06T09:00", "-d", "90").stdout


def test_the_audit_names_who_owes_what(archive: ArchiveRepo) -> None:
    made = run(audit, archive, *LATER)
    assert made.exit_code == 11
    assert "  2026-12-11 23:59  R14-4  某gly-a" in made.stdout
    assert "Clauses: " in made.stdout


def test_the_month_in_tables(archive: ArchiveRepo) -> None:
    found = tables(archive, "--as-of", "2026-12-12T00:00")
    assert found["Publications"] == [
        {
            "time": "2026-11-05 12:00",
            "account": "云岚wx",
            "post": POST,
            "title": "'=炉火|三不要",
            "address": "https://wechat.example/wx/1",
            "remarks": None,
        }
    ]
    assert [(r["account"], r["minutes"]) for r in found[worded("relays-of-superiors")]] == [
        ("云岚wx", 26 * 60 + 30),
        ("云岚wb", None),
    ]
    replies = found["Inquiries and replies"]
    assert [(r["inquiry"], r["type"], r["working days"]) for r in replies] == [
        ("a", "needs work", 0),
        ("b", "general question", None),
    ]
    assert sorted(r["number of posts"] for r in found["Contributions"]) == [0, 0, 1]
    assert {"department": "灾害救助科", "number of posts": 1} in found["Contributions"]
    assert [(r["declaration"], r["person"]) for r in found["Declarations signed"]] == [
        ("relays-complete", "某xxy-a")
    ]
    assert [(r["account"], r["days since"]) for r in found["Passwords"]] == [
        ("云岚wx", 25),
        ("云岚wb", None),
    ]
    updates = found[worded("updates-per-week")]
    weeks = {(r["account"], r["week from Monday"]): r["updates"] for r in updates}
    assert weeks["云岚wx", "2026-11-02"] == 1
    assert weeks["云岚wb", "2026-11-02"] == 0
    assert ("云岚wx", "2026-11-30") in weeks
    # What a week ends with, the report of the month in which it ends says.
    partial = ("2026-11-02", "2026-11-30")  # opened on the 4th; the next month tells of the other
    assert {r["demanded"] for r in updates if r["week from Monday"] not in partial} == {2}
    assert {r["demanded"] for r in updates if r["week from Monday"] in partial} == {None}


def test_a_past_month_is_told_as_it_ended(archive: ArchiveRepo) -> None:
    """What is asked for later does not change what the month looked like."""
    first = run(report, archive, "-m", "2026-11", "--as-of", "2026-12-01T00:00").stdout
    assert run(report, archive, "-m", "2026-11", "--as-of", "2027-01-09T00:00").stdout == first
    now = tables(archive, "--as-of", "2026-11-05T18:00")
    weeks = now[worded("updates-per-week")]
    assert {r["week from Monday"] for r in weeks} == {"2026-11-02"}


def test_markdown_and_csv_show_no_more_than_text(archive: ArchiveRepo) -> None:
    shown = run(report, archive, "-m", "2026-11", *LATER).stdout
    assert "&#124;三不要" in shown
    assert "| 云岚wx | 2026-11-02 | 1 |  |" in shown
    assert "| 灾害救助科 | 1 |" in shown
    assert "general question" in shown
    assert "| relays-complete |  | 某xxy-a |" in shown
    assert shown.rstrip().endswith(worded("machine-pass"))
    rows = list(csv.reader(io.StringIO(run(report, archive, "-m", "2026-11", "-f", "csv").stdout)))
    assert ["Publications", "2026-11-05 12:00", "云岚wx"] in [row[:3] for row in rows]
    assert ["'=炉火|三不要" in row for row in rows].count(True) == 1
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "@"))]


def test_a_month_before_anything_was_recorded_is_empty(archive: ArchiveRepo) -> None:
    made = run(report, archive, "-m", "2026-01", *LATER)
    assert made.exit_code == 0
    assert made.stdout.count("None.") >= 5


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "november", "2026-11-01", "", "0001-01"])
def test_what_is_no_month_is_refused(archive: ArchiveRepo, month: str) -> None:
    refused = run(report, archive, "--month", month)
    assert isinstance(refused.exception, Misuse)
    assert fault(refused) == f"{month} is no month."


def test_a_month_that_has_not_begun_has_no_report(archive: ArchiveRepo) -> None:
    assert fault(run(report, archive, "-m", "2026-12")) == "2026-12 has not begun."
    assert run(report, archive, "-m", "2026-12", "--as-of", "2026-12-01").exit_code == 0


@pytest.mark.parametrize("time", ["0001-01-01", "1949-12-31T23:59", "2101-01-01", "9999-12-31"])
def test_a_time_beyond_reckoning_is_a_slip_of_the_pen(archive: ArchiveRepo, time: str) -> None:
    refused = run(due, archive, "--as-of", time)
    assert refused.exit_code == 2
    assert f"time-misformed {time}" in refused.stderr


def test_a_folder_that_is_not_there_is_named(archive: ArchiveRepo, tmp_path: Path) -> None:
    refused = run(due, archive, "-o", str(tmp_path / "没有" / "x.txt"))
    assert fault(refused) == f"folder-missing {tmp_path / '没有'}"


def test_a_month_in_chinese_calls_declarations_people_and_accounts_by_name(
    archive: ArchiveRepo,
) -> None:
    shown = run(report, archive, "-m", "2026-11", *LATER, lang="zh").stdout
    row = next(line for line in shown.splitlines() if "上级信息登记完整声明" in line)
    assert "某xxy-a" in row
    assert "relays-complete" not in shown


def test_a_report_goes_to_a_file_whole(archive: ArchiveRepo, tmp_path: Path) -> None:
    target = tmp_path / "november.csv"
    run(report, archive, "-m", "2026-11", "-f", "csv", "-o", str(target))
    # Without the byte order mark a spreadsheet shows Chinese as noise.
    assert target.read_text("utf-8").startswith("\ufeff" + worded("updates-per-week") + ",")
    assert list(tmp_path.iterdir()) == [target]


def test_the_file_that_is_to_be_filled_in_is_named(archive: ArchiveRepo) -> None:
    lines = run(due, archive, *LATER).stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "R12-1" in line)
    assert lines[at + 2] == "      content/records/inquiries/2026/b.yml"
    named = {line.split("/")[2] for line in lines if line.startswith("      content/records/")}
    assert "F-9" in "".join(lines) and "publications" not in named


def test_accounts_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """One name on two platforms is the rule; which of them owes an update, the name cannot tell."""
    both = [{**a, "name": "云岚应急"} for a in registers()["accounts"]["accounts"]]
    made = ArchiveRepo.begin(tmp_path / "archive", changed={"accounts": {"accounts": both}})
    lines = run(due, made, "--as-of", "2026-11-10T09:00").stdout.splitlines()
    owed = [line.split("  ")[-1] for line in lines if "R05-1" in line]
    assert sorted(owed) == ["云岚应急（wb）", "云岚应急（wx）"]


def test_mine_are_the_duties_of_a_person_their_accounts_and_what_they_may_declare(
    archive: ArchiveRepo,
) -> None:
    def mine(person: str, days: str = "400") -> str:
        archive.git("config", "user.email", f"{person}@yunlan.example.org")
        return run(due, archive, *LATER, "--mine", "--days", days).stdout

    every = run(due, archive, *LATER, "--days", "400").stdout
    assert "account-hygiene" in mine("gly-a")  # of the operator
    assert "account-hygiene" not in mine("xxy-b")
    second = mine("xxy-b")  # one officer is named for all, each may sign
    assert "relays-complete" in second and "staff-conduct (某xxy-b)" in second
    assert "staff-conduct (某xxy-a)" not in second
    assert 0 < len(second.splitlines()) < len(every.splitlines())
    assert mine("ld-a", "1") == "No duty of 某ld-a is open.\n"
