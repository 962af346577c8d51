"""The audit replays main and names the commit that went past the rules (A20)."""

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipeline.history.replay import audit
from pipeline.judge.judgements import check
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, account, at
from tests.builders.files import folder
from tests.builders.verdicts import marks, reasons, run

PATH = f"{folder(POST)}/post.md"
BEGUN = "2026-10-10"
"""When the silent archive and its account begin: no monthly duty is overdue on `AS_OF`."""


def _audit(archive: ArchiveRepo, root: str = "", as_of: datetime = AS_OF) -> Report:
    repository = archive.open()
    return audit(repository, repository.commit("main"), lambda _: as_of, root)


@pytest.fixture
def merged(approved: ArchiveRepo) -> ArchiveRepo:
    approved.merge("proposal")
    return approved


def _refused(report: Report) -> set[str]:
    return {v.subject for v in report.verdicts if v.decision is Effect.REFUSE}


def test_a_clean_history_passes(merged: ArchiveRepo) -> None:
    report = _audit(merged)
    assert report.exit_code == 0, marks(report)
    assert report.base == merged.head("main~1")
    subjects = [v.subject for v in report.verdicts]
    assert f"{merged.head('main')[:12]} {POST}" in subjects
    assert subjects[-1] == "archive"


@pytest.mark.parametrize(
    "work", ["judge.archive_at.read_publication", "judge.archive_at.read_post"]
)
def test_nothing_is_read_twice_for_its_change_its_publication_and_the_duties(
    merged: ArchiveRepo, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    merged.publication(POST)
    merged.commit("登记发布", "gly-a")
    merged.merge("proposal")
    read = import_module(f"pipeline.{work.rpartition('.')[0]}")
    own, seen = getattr(read, work.rpartition(".")[2]), []

    def once(*given: Any) -> Any:
        seen.append(given)
        return own(*given)

    monkeypatch.setattr(f"pipeline.{work}", once)
    assert _audit(merged).exit_code == 0
    assert len(seen) < 2  # none, when another test read the very same


def test_a_post_edited_by_a_direct_push_is_named_with_its_commit(merged: ArchiveRepo) -> None:
    merged.change(PATH, "断电、关火", "断电、点火")
    pushed = merged.commit("直接推送", "gly-a")
    report = _audit(merged)
    assert report.exit_code == 11
    assert _refused(report) == {f"{pushed[:12]} {POST}"}
    assert ("R11-1", f"file-changed-since {PATH}") in marks(report)


def test_it_is_found_although_it_was_put_back(merged: ArchiveRepo) -> None:
    merged.change(PATH, "断电、关火", "断电、点火")
    pushed = merged.commit("直接推送", "gly-a")
    merged.change(PATH, "断电、点火", "断电、关火")
    merged.commit("改回", "gly-a")
    assert f"{pushed[:12]} {POST}" in _refused(_audit(merged))


def test_a_post_pushed_without_reviews_is_refused(archive: ArchiveRepo) -> None:
    """What waits in a proposal holds; on main it is past waiting."""
    archive.switch("main")
    archive.draft()
    pushed = archive.commit("直接推送", "zz-a")
    report = _audit(archive)
    assert report.exit_code == 11, [(f.effect, str(f.message)) for f in report.findings]
    assert any(s.startswith(pushed[:12]) for s in _refused(report))


def test_governance_pushed_without_signatures_is_refused(merged: ArchiveRepo) -> None:
    rows = [account("wx", "wechat"), account("wb", "weibo"), account("app", "app")]
    merged.register("accounts", {"accounts": rows})
    pushed = merged.commit("直接推送", "gly-a")
    report = _audit(merged)
    assert report.exit_code == 11, [(f.effect, str(f.message)) for f in report.findings]
    assert f"{pushed[:12]} change" in _refused(report)


def test_reviews_deleted_by_a_push_are_found(merged: ArchiveRepo) -> None:
    (merged.root / merged.place(POST, "final")).unlink()
    pushed = merged.commit("删记录", "gly-a")
    report = _audit(merged)
    assert f"{pushed[:12]} change" in _refused(report)
    assert ("R13-7", "signed-file-changed") in marks(report)


def test_a_post_removed_by_a_push_is_found(merged: ArchiveRepo) -> None:
    (merged.root / PATH).unlink()
    merged.commit("删稿", "gly-a")
    assert ("R13-7", "post-deleted") in marks(_audit(merged))


def test_the_root_of_trust(merged: ArchiveRepo) -> None:
    digest = str(merged.roster()["digest"])
    assert _audit(merged, digest).exit_code == 0
    report = _audit(merged, "0" * 64)
    assert report.exit_code == 11
    assert ("R13-7", "root-differs") in marks(report)


def test_each_change_is_judged_by_the_registers_of_its_parent(merged: ArchiveRepo) -> None:
    """An account closed later does not spoil the post it once carried."""
    closed = [account("wx", "wechat", closed_on="2026-11-05"), account("wb", "weibo")]
    merged.event("wx", "close", "2026-11-05")
    merged.commit("登记关停", "gly-a")
    merged.branch("close")
    merged.register("accounts", {"accounts": closed})
    merged.commit("关停", "gly-a")
    merged.authorise("kz-a", "section-head")
    merged.authorise("ld-a", "leader-in-charge")
    merged.commit("授权", "gly-a")
    merged.merge("close")
    assert not _refused(_audit(merged))


@pytest.fixture
def silent(tmp_path: Path) -> ArchiveRepo:
    """An archive whose WeChat account has been silent for four weeks; nothing else is owed yet."""
    rows = [account("wx", "wechat", opened_on=BEGUN), account("wb", "weibo")]
    made = ArchiveRepo.begin(
        tmp_path / "own", changed={"accounts": {"accounts": rows}}, since=BEGUN
    )
    made.event("wb", "open", "2026-11-04")
    made.commit("登记", "gly-a")
    made.branch("proposal")
    return made


def _waiting(archive: ArchiveRepo, **front_matter: Any) -> Report:
    archive.draft(**front_matter)
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    return archive.verify()


def test_an_overdue_duty_makes_the_audit_fail(silent: ArchiveRepo) -> None:
    silent.switch("main")
    report = _audit(silent)
    assert report.exit_code == 11
    assert _refused(report) == {"archive"}
    assert {c for c, _ in marks(report)} == {"R05-1", "R05-3"}
    done = run(silent.root, "audit", "--as-of", AS_OF.isoformat())
    assert done.returncode == 11
    assert "R05-3  REFUSED  content/registers/accounts.yml" in done.stdout


def test_an_overdue_duty_holds_no_change_for_another_account(silent: ArchiveRepo) -> None:
    assert _waiting(silent, accounts=["wb"]).exit_code == 0


def test_every_report_knows_what_people_and_accounts_are_called(silent: ArchiveRepo) -> None:
    silent.draft()
    silent.commit("起草")
    checked = check(silent.open(), None, lambda _: AS_OF)
    for report in (checked, silent.verify(), silent.standing(), _audit(silent)):
        assert report.names["wx"] == "云岚wx"


def test_it_does_not_hold_the_change_that_heals_it(silent: ArchiveRepo) -> None:
    assert _waiting(silent, accounts=["wx", "wb"]).exit_code == 0


def test_it_never_holds_an_alert(silent: ArchiveRepo) -> None:
    alert = {
        "issuer": "云岚市气象局",
        "issued_at": "2026-11-05T08:00:00+08:00",
        "starts_at": "2026-11-05T09:00:00+08:00",
        "ends_at": "2026-11-06T09:00:00+08:00",
        "level": 3,
        "color": "yellow",
        "areas": ["云岚市"],
    }
    report = _waiting(
        silent, accounts=["wb"], kind="alert", alert=alert, topic="emergency", title="大风黄色预警"
    )
    assert report.exit_code == 0, (marks(report), marks(report, Effect.HOLD))


def test_it_holds_no_change_of_registers(silent: ArchiveRepo) -> None:
    """Or nobody could ever close a silent account."""
    silent.switch("main")
    silent.event("wx", "close", "2026-11-05")
    silent.commit("登记关停", "gly-a")
    silent.branch("close")
    rows = [
        account("wx", "wechat", opened_on=BEGUN, closed_on="2026-11-05"),
        account("wb", "weibo"),
    ]
    silent.register("accounts", {"accounts": rows})
    silent.commit("关停", "gly-a")
    silent.authorise("kz-a", "section-head")
    silent.authorise("ld-a", "leader-in-charge")
    silent.commit("授权", "gly-a")
    report = silent.verify()
    assert not marks(report, Effect.HOLD)
    assert report.exit_code == 0, marks(report)


def test_publications_fulfil_the_duty(approved: ArchiveRepo) -> None:
    """Two updates in the first whole week; the account opened on the Wednesday before."""
    approved.merge("proposal")
    later = at("2026-11-16 09:00")
    assert {c for c, _ in marks(_audit(approved, as_of=later))} == {"R05-1"}
    for day in ("2026-11-10", "2026-11-12"):
        for name, account_id in (("a", "wx"), ("b", "wb")):
            post = approved.draft(f"{day}-{name}", accounts=[account_id], created_on=day)
            approved.commit("起草")
            approved.approve_all(post)
            approved.publication(post, account_id)
            approved.commit("登记", "gly-a")
    missing = {m for c, m in reasons(_audit(approved, as_of=later)) if c == "R05-1"}
    assert not missing
