"""An overdue duty of an account holds its ordinary posts that do nothing for it, and no others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from pipeline.new.yaml_writer import dump
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import account
from tests.builders.samples import RECORDS
from tests.builders.verdicts import marks

BEGUN = "2026-10-25"
"""Eleven days before the run: one video is a day late."""
OUT = "2026-11-04-gas-stove"
GATES = ["R05-1", "R05-2", "R05-3", "R05-4"]


def _begun(root: Path, accounts: list[dict[str, Any]], since: str, gates: list[str]) -> ArchiveRepo:
    registers = {"accounts": {"accounts": accounts}}
    made = ArchiveRepo.begin(
        root / "own", changed=registers, since=since, parameters={"gate.duties": gates}
    )
    made.event("wb", "open", "2026-11-04")
    made.commit("登记", "gly-a")
    made.branch("proposal")
    return made


def _relay(archive: ArchiveRepo, name: str, **changes: Any) -> None:
    value = RECORDS["relays"] | {"accounts": ["wx"]} | changes
    kept = {k: v for k, v in value.items() if v is not None}
    archive.write(f"content/records/relays/2026/{name}.yml", dump(kept))


@pytest.fixture
def late_video(tmp_path: Path) -> ArchiveRepo:
    rows = [
        account("wx", "wechat", opened_on=BEGUN, content_mode="av"),
        account("wb", "weibo"),
    ]
    return _begun(tmp_path, rows, BEGUN, GATES)


@pytest.fixture
def late_relay(tmp_path: Path) -> ArchiveRepo:
    """Its WeChat account owes a relay since yesterday night, carried one post and prepares more."""
    made = _begun(tmp_path, [account("wx", "wechat"), account("wb", "weibo")], "2026-11-04", GATES)
    made.draft(OUT)
    made.commit("起草")
    made.approve_all(OUT)
    made.publication(OUT)
    _relay(made, "2026-11-04-1", post=None)
    made.commit("登记", "xxy-a")
    made.merge("proposal")
    made.git("branch", "--delete", "--force", "proposal")
    made.branch("proposal")
    return made


LINKED = f"请看[原文]({RECORDS['relays']['source']['url']})。\n"
"""The text of a post that relays the item."""


def _proposed(archive: ArchiveRepo, post: str = POST, **front_matter: Any) -> Report:
    archive.draft(post, **front_matter)
    archive.commit("起草")
    archive.approve_all(post)
    archive.commit("审核")
    return archive.verify()


def _held(report: Report) -> set[str]:
    return {clause for clause, _ in marks(report, Effect.HOLD) if clause in GATES}


def test_a_late_video_holds_nothing_of_another_account(late_video: ArchiveRepo) -> None:
    late_video.switch("main")
    assert "R05-2" in {c for c, _ in marks(late_video.audit("main"))}
    late_video.switch("proposal")
    assert _proposed(late_video, accounts=["wb"]).exit_code == 0


def test_what_the_late_account_carries_heals_it_and_is_never_held(late_video: ArchiveRepo) -> None:
    assert _proposed(late_video).exit_code == 0


def test_an_ordinary_tip_on_the_account_that_owes_a_relay_is_held(late_relay: ArchiveRepo) -> None:
    report = _proposed(late_relay)
    assert report.exit_code == 10
    (held,) = [f for f in report.findings if f.effect is Effect.HOLD and f.clause == "R05-4"]
    assert (held.name, held.owes) == ("relay-due", "wx")


def test_a_tip_for_the_other_account_is_not_held(late_relay: ArchiveRepo) -> None:
    assert _held(_proposed(late_relay, accounts=["wb"])) == set()


def test_policy_says_which_duties_hold(tmp_path: Path) -> None:
    made = _begun(tmp_path, [account("wx", "wechat"), account("wb", "weibo")], "2026-11-04", [])
    _relay(made, "2026-11-04-1", post=None)
    made.commit("登记", "xxy-a")
    assert _proposed(made).exit_code == 0


@pytest.mark.parametrize(
    "urgent",
    [
        {"kind": "alert"},
        {"kind": "accident"},
        {"kind": "rumor"},
        {"category": 5},
    ],
    ids=lambda each: str(next(iter(each.values()))),
)
def test_nothing_urgent_is_held(late_relay: ArchiveRepo, urgent: Mapping[str, Any]) -> None:
    """Whatever else such a post lacks: what it says has to be out."""
    assert _held(_proposed(late_relay, **urgent)) == set()


def test_a_drill_is_not_urgent(late_relay: ArchiveRepo) -> None:
    alert = {
        "issuer": "云岚市气象局", "issued_at": "2026-11-05T08:00:00+08:00", "level": 3,
        "starts_at": "2026-11-05T09:00:00+08:00", "ends_at": "2026-11-06T09:00:00+08:00",
        "color": "yellow", "areas": ["云岚市"], "exercise": True,
    }  # fmt: skip
    report = _proposed(late_relay, kind="alert", alert=alert, title="【演练】大风黄色预警",
                       topic="emergency")  # fmt: skip
    assert not marks(report)
    assert _held(report) == {"R05-4"}


def test_another_relay_within_its_hours_is_not_held(late_relay: ArchiveRepo) -> None:
    _relay(late_relay, "2026-11-05-1", post=POST, title="关于防范大风的通知",
           source_published_at="2026-11-05T10:00:00+08:00",
           notice_received_at="2026-11-05T10:00:00+08:00")  # fmt: skip
    assert _held(_proposed(late_relay, body=LINKED)) == set()


def test_the_relay_that_is_late_is_not_held(late_relay: ArchiveRepo) -> None:
    _relay(late_relay, "2026-11-04-1", post=POST)
    assert _held(_proposed(late_relay, body=LINKED)) == set()


def test_a_relay_that_is_out_already_frees_no_other_post(late_relay: ArchiveRepo) -> None:
    """A record that names a post does not make it urgent when the account owes nothing of it."""
    left_out = {"except": [{"account": "wx", "reason": "该账号当日停用"}]}
    _relay(late_relay, "2026-11-05-1", post=POST, accounts=["wb"], **left_out)
    assert _held(_proposed(late_relay, body=LINKED)) == {"R05-4"}


@pytest.mark.parametrize("kind", ["correction", "update", "withdrawal", "expiry"])
def test_what_changes_a_post_that_stands_is_not_held(late_relay: ArchiveRepo, kind: str) -> None:
    validity = {"withdrawal": "withdrawn", "expiry": "expired"}.get(kind, "valid")
    late_relay.correction(OUT, 2, kind)
    assert _held(_proposed(late_relay, OUT, revision=2, validity=validity)) == set()


def test_a_record_of_a_correction_makes_no_new_post_one(late_relay: ArchiveRepo) -> None:
    late_relay.correction(POST, 2)
    assert _held(_proposed(late_relay, revision=2)) == {"R05-4"}


def test_a_post_beside_an_urgent_one_goes_with_it(late_relay: ArchiveRepo) -> None:
    late_relay.draft("2026-11-05-fog", kind="accident")
    assert _held(_proposed(late_relay)) == set()


def test_a_missed_week_holds_what_the_account_no_longer_needs(tmp_path: Path) -> None:
    """This week's updates are out: more wait, where policy says so, until it is explained."""
    rows = [account("wx", "wechat", opened_on="2026-10-26"), account("wb", "weibo")]
    made = _begun(tmp_path, rows, "2026-10-26", GATES)
    assert _held(_proposed(made, "2026-11-05-first")) == set()
    made.publication("2026-11-05-first")
    made.commit("登记", "gly-a")
    assert _held(made.verify()) == set()
    made.draft("2026-11-05-second", title="燃气安全三件事")
    made.approve_all("2026-11-05-second")
    made.publication("2026-11-05-second")
    made.commit("第二篇", "gly-a")
    made.merge("proposal")
    made.git("branch", "--delete", "--force", "proposal")
    made.branch("proposal")
    assert _held(_proposed(made, title="雨雪天出行提示")) == {"R05-1"}
