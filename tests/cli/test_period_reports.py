"""`sanshen report --inspection` and `--access`: a quarter and a month as an inspector asks."""

from pathlib import Path

import pytest

from pipeline.cli.due import report
from pipeline.new.yaml_writer import dump
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, email, registers
from tests.builders.evidence import CAST
from tests.builders.named import shows, worded
from tests.builders.samples import RECORDS
from tests.cli.at_the_desk import Cells, fault, run, tables_in

END = ("--as-of", "2026-12-31T12:00:00+08:00")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """One post on one account, a relay that came late, an inquiry still open, a correction."""
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("inspected") / "archive")
    made.draft()
    made.approve_all()
    made.publication(POST, "wx", published_at=at("2026-11-05 12:00"))
    relay = {k: v for k, v in RECORDS["relays"].items() if k != "except"}
    made.write("content/records/relays/2026/cold.yml",
               dump(relay | {"accounts": ["wx", "wb"], "post": POST}))  # fmt: skip
    asked = {k: RECORDS["inquiries"][k] for k in ("person", "account", "summary")}
    asked |= {"type": "general", "received_at": "2026-11-05T17:29:59+08:00"}
    made.write("content/records/inquiries/2026/b.yml", dump(asked))
    made.write("content/records/statistics/2026/s.yml", dump(
        {"person": "gly-a", "account": "wx", "on": "2026-11-05", "followers": 1200, "reads": 9}
    ))  # fmt: skip
    by = "\n".join(f"Signed-off-by: 某 <{email(p)}>" for p in ("xxy-a", "gly-a"))
    made.commit(f"稿件和登记\n\n{by}", "zz-a")
    return made


UNDECLARED = "not declared: no-data-fraud, no-forced-actions"


def tables(archive: ArchiveRepo, *given: str) -> dict[str, list[Cells]]:
    return tables_in(run(report, archive, *given, "--format", "csv").stdout)


def test_a_silent_account_fails_and_each_veto_says_how_it_knows(archive: ArchiveRepo) -> None:
    vetoes = tables(archive, "--inspection", "2026Q4", *END)["Single vetoes"]
    by = {(r["clauses"], r["account"]): r for r in vetoes if r["clauses"]}
    assert by["R05-3", "云岚wx"]["result"].startswith("found: ")
    assert "silent" in by["R05-3", "云岚wb"]["what was found"]
    searched = "none found (" + worded("texts-searched") + ")"
    assert by["R15-2", "云岚wx"]["result"] == searched
    assert (by["R15-2", "云岚wx"]["number of posts"], by["R15-2", "云岚wb"]["number of posts"]) == (
        1,
        None,
    )
    forced = str(by["R16-1, R16-2, R16-3", "云岚wb"]["result"])
    assert shows(forced, "partly-unchecked", ways="entered") and f"{UNDECLARED}, " in forced
    read = str(by["R16-1, R16-2, R16-3", "云岚wx"]["result"])
    assert shows(read, "partly-unchecked", parts=UNDECLARED) and "(entered, " in read
    assert by["R05-6, R16-1", "云岚wx"]["result"].startswith(
        "partly not checked (not declared: no-data-fraud); none found"
    )
    nothing = "not checked (nothing entered)"
    assert by["R14-6, R14-7", "云岚wx"]["result"] == by["R12-7", "云岚wb"]["result"] == nothing
    assert by["R15-2", "云岚wb"]["result"] == "not checked (nothing published)"
    human = {r["result"] for r in vetoes if r["clauses"] is None}
    assert human == {worded("no-machine-tells")}
    assert len(vetoes) == 20


def test_a_missing_confirmation_is_no_grave_error_of_wording(tmp_path: Path) -> None:
    """Both stand in Article 15(2); the veto is about the words."""
    made = ArchiveRepo.begin(tmp_path / "archive")
    made.draft()
    for step in list(CAST)[:3]:
        made.review(POST, step)
    made.publication(POST, "wx", published_at=at("2026-11-05 12:00"))
    made.commit("稿件", "zz-a")
    vetoes = tables(made, "--inspection", "2026Q4", *END)["Single vetoes"]
    results = {r["account"]: r["result"] for r in vetoes if r["clauses"] == "R15-2"}
    assert results["云岚wx"] == ("none found (" + worded("texts-searched") + ")")


def test_an_early_publication_that_its_record_states_is_no_grave_error_of_wording(
    tmp_path: Path,
) -> None:
    """A warning without a wrong word that went out before its confirmation (Article 15(2) too)."""
    made = ArchiveRepo.begin(tmp_path / "archive")
    made.draft()
    made.publication(POST, "wx", published_at=at("2026-11-05 12:00"), unconfirmed="台风红色预警")
    made.commit("稿件", "zz-a")
    vetoes = tables(made, "--inspection", "2026Q4", *END)["Single vetoes"]
    (row,) = [r for r in vetoes if r["clauses"] == "R15-2" and r["account"] == "云岚wx"]
    assert row["result"] == ("none found (" + worded("texts-searched") + ")")
    assert row["what was found"] is None


def test_on_the_first_day_no_text_was_searched_and_no_interval_counted(tmp_path: Path) -> None:
    made = ArchiveRepo.begin(tmp_path / "archive")
    day = ("--as-of", "2026-11-06T12:00:00+08:00")
    vetoes = tables(made, "--inspection", "2026Q4", *day)["Single vetoes"]
    results = {r["clauses"]: r["result"] for r in vetoes if r["account"] == "云岚wx"}
    assert results["R15-2"] == results["R05-3"] == "not checked (nothing published)"
    assert not [r for r in results.values() if r.startswith("none found")]


def test_the_ledger_and_the_title_say_in_words_what_they_name(tmp_path: Path) -> None:
    """A publication by title, account and day; a week by its account."""
    made = ArchiveRepo.begin(tmp_path / "archive")
    made.draft()
    made.publication(POST, "wx", published_at=at("2026-11-05 12:00"), unconfirmed="台风红色预警")
    row = {"assigned": {"person": "gly-a", "due": "2026-11-30"}}
    faults = {"R15-2": f"publication:{POST}.wx.r1", "R05-1": "wx 2026-11-09"}
    for clause, finding in faults.items():
        record = row | {"person": "gly-a", "clause": clause, "finding": finding}
        made.write(f"content/records/rectifications/2026/{clause.lower()}.yml", dump(record))
    made.commit("台账", "gly-a")
    found = tables(made, "--inspection", "2026Q4", *END)["Rectifications"]
    assert len({r["what was found"] for r in found}) == 2
    shown = run(report, made, "--inspection", "2026Q4", *END, lang="zh").stdout
    assert "2026年第四季度" in shown.splitlines()[0]
    title = made.meta(POST, "title")
    assert f"《{title}》、云岚wx、2026年11月5日" in shown
    assert "云岚wx、2026年11月9日" in shown
    assert "没有登记“原因说明”" in shown
    assert "publication:" not in shown and "explained" not in shown


def test_what_is_counted_is_counted_by_account(archive: ArchiveRepo) -> None:
    made = tables(archive, "--inspection", "2026q4", *END)
    figures = {r["account"]: r for r in made[worded("updates-relays-replies")]}
    assert figures["云岚wx"]["updates"] == 1
    assert (figures["云岚wx"]["relays owed"], figures["云岚wx"]["relayed in time"]) == (1, 0)
    assert (figures["云岚wb"]["relays owed"], figures["云岚wb"]["relayed in time"]) == (1, 0)
    answers = [
        figures["云岚wx"][k] + figures["云岚wb"][k]
        for k in ("inquiries", "answered in time", "not answered")
    ]
    assert answers == [1, 0, 1]
    sheet = {r["account"]: r for r in made[worded("accounts-to-report")]}
    assert (sheet["云岚wx"]["followers"], sheet["云岚wb"]["followers"]) == (1200, None)
    assert sheet["云岚wx"]["platform"] == "微信公众号"


def test_a_quarter_without_anything_is_a_report_too(archive: ArchiveRepo) -> None:
    made = tables(archive, "--inspection", "2026Q3", *END)
    assert (
        made["Single vetoes"],
        made[worded("updates-relays-replies")],
        made["Corrected and withdrawn"],
    ) == ([], [], [])


def test_who_could_do_what_and_did(archive: ArchiveRepo) -> None:
    made = tables(archive, "--access", "2026-11", *END)
    people = {r["person"]: r for r in made[worded("who-may-do-what")]}
    assert people["某xxy-a"]["may"] == "first review"
    assert "publish" in people["某gly-a"]["may"]
    assert people["某xxy-a"]["usable keys"] == 1
    acts = {r["person"]: r for r in made["What they did"]}
    assert (acts["某xxy-a"]["first review"], acts["某gly-a"]["publications"]) == (1, 1)
    assert "某zz-a" not in acts
    assert {r["account"]: r["password changed"] for r in made[worded("who-keeps-accounts")]} == {
        "云岚wx": None,
        "云岚wb": None,
    }
    before = tables(archive, "--access", "2026-10", *END)
    assert before["What they did"] == []


def test_access_lists_mandates_and_who_may_authorise_and_waive(archive: ArchiveRepo) -> None:
    mandate = {
        "delegator": "ld-a", "delegate": "ld-b", "role": "leader-in-charge",
        "from": "2026-11-28T00:00:00+08:00", "until": "2026-12-05T23:59:59+08:00",
        "authority": "云应急〔2026〕7号",
    }  # fmt: skip
    archive.register("roster", registers()["roster"] | {"delegations": [mandate]})
    archive.commit("委托", "gly-a")
    made = tables(archive, "--access", "2026-11", *END)
    (row,) = made["Mandates"]
    assert (row["absent leader"], row["acts for them"], row["authority"]) == (
        "某ld-a",
        "某ld-b",
        "云应急〔2026〕7号",
    )
    assert row["office"] == "分管领导"
    may = {r["person"]: r["may"] or "" for r in made[worded("who-may-do-what")]}
    assert {p for p, what in may.items() if "authorise" in what} == {"某kz-a", "某ld-a", "某ld-b"}
    assert {p for p, what in may.items() if "waive" in what} == {"某kz-a", "某ld-a", "某ld-b"}
    assert tables(archive, "--access", "2026-10", *END)["Mandates"] == []


@pytest.mark.parametrize("quarter", ["2026Q5", "2026", "Q3", "2026Q", "abcdQ1", "1066Q1", ""])
def test_what_is_no_quarter_is_refused(archive: ArchiveRepo, quarter: str) -> None:
    assert fault(run(report, archive, "--inspection", quarter)) == f"{quarter} is no quarter."


def test_a_report_is_of_one_period(archive: ArchiveRepo) -> None:
    assert "report-period-unclear" in fault(run(report, archive))
    both = run(report, archive, "-m", "2026-11", "--access", "2026-11")
    assert "report-period-unclear" in fault(both)
    assert fault(run(report, archive, "--inspection", "2027Q1")) == "2027Q1 has not begun."
