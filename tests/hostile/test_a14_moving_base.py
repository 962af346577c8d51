"""A14: a proposal is judged on what main would hold, by the registers main holds now."""

import pytest

from pipeline.errors import Fault
from pipeline.new.yaml_writer import dump
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import account, registers
from tests.builders.files import folder
from tests.builders.named import shows
from tests.builders.samples import RECORDS
from tests.builders.verdicts import finds, passes, refused_for, run_verify


def test_the_account_was_closed_meanwhile(approved: ArchiveRepo) -> None:
    approved.switch("main")
    closed = account("wx", "wechat", closed_on="2026-11-04")
    approved.register("accounts", {"accounts": [closed, account("wb", "weibo")]})
    approved.commit("关停", "gly-a")
    assert refused_for(approved.verify("main", "proposal"), ("R08-1", "account-not-used wx"))


def test_the_reviewer_left_meanwhile(approved: ArchiveRepo) -> None:
    """From the day before the review; a later end keeps what was signed in office."""
    approved.switch("main")
    people = registers()["people"]["people"]
    for row in people:
        if row["id"] == "ld-a":
            row["roles"][0]["until"] = "2026-11-03"
    approved.register("people", {"people": people})
    approved.commit("离任", "gly-a")
    assert refused_for(approved.verify("main", "proposal"), ("R11-1", "reviewer-lacks-role"))


def test_the_reviewer_left_after_signing(approved: ArchiveRepo) -> None:
    approved.switch("main")
    approved.branch("left")
    people = registers()["people"]["people"]
    for row in people:
        if row["id"] == "ld-a":
            row["roles"][0]["until"] = "2026-11-04"
    approved.register("people", {"people": people})
    approved.commit("离任", "gly-a")
    approved.authorise("kz-a", "section-head")
    approved.authorise("ld-b", "principal")
    approved.commit("授权", "gly-a")
    approved.merge("left")
    assert passes(approved.verify("main", "proposal"))


def test_another_post_came_in_meanwhile(approved: ArchiveRepo) -> None:
    approved.switch("main")
    other = approved.draft("2026-11-05-elsewhere")
    approved.commit("别的稿子")
    approved.approve_all(other)
    approved.commit("审核", "gly-a")
    report = approved.verify("main", "proposal")
    assert passes(report)
    assert {v.subject for v in report.verdicts} == {POST, "change"}


def test_both_changed_the_post_without_conflict(approved: ArchiveRepo) -> None:
    """Main added a file beside the post; the merged post is what nobody approved."""
    approved.switch("main")
    approved.write(f"{folder(POST)}/more.txt", "附注。\n".encode())
    approved.commit("另一个附件", "zz-b")
    assert refused_for(
        approved.verify("main", "proposal"),
        ("R11-1", f"file-changed-since {folder(POST)}/more.txt"),
    )


def test_a_conflict_is_a_fault_with_a_way_out(approved: ArchiveRepo) -> None:
    approved.switch("main")
    approved.write(f"{folder(POST)}/post.md", "另一个开头\n")
    approved.commit("冲突", "zz-b")
    with pytest.raises(Fault, match="conflicts with main") as caught:
        approved.verify("main", "proposal")
    assert "git rebase" in str(caught.value.remedy)
    done = run_verify(approved.root, "--base", "main", "--head", "proposal")
    assert done.returncode == 1
    assert shows(done.stderr, "rebase-it")
    assert "Traceback" not in done.stderr


def test_histories_that_never_met(approved: ArchiveRepo) -> None:
    approved.git("switch", "--quiet", "--orphan", "island")
    approved.write("content/policy.yml", "x: 1\n")
    approved.commit("孤岛")
    with pytest.raises(Fault):
        approved.verify("main", "island")


@pytest.mark.parametrize("named", [False, True], ids=["too few accounts", "all accounts"])
def test_a_relay_that_names_a_post_that_stands(approved: ArchiveRepo, named: bool) -> None:
    """The record comes alone, and gives the post a duty that nobody reviewed it for."""
    approved.merge("proposal")
    approved.branch("relay")
    relay = RECORDS["relays"] | {"post": POST}
    if not named:
        del relay["except"]
        relay["accounts"] = ["wx", "wb"]
    approved.write("content/records/relays/2026/r1.yml", dump(relay))
    approved.commit("转发", "xxy-a")
    wanted = ("R05-5", "relay-account-missing")
    assert refused_for(approved.verify(), ("R05-4", "relay-of-another"), *[wanted][named:])
    approved.merge("relay")
    if named:  # what older programs let in is only noted
        assert passes(approved.standing())
    else:
        assert refused_for(approved.standing(), wanted)
        assert finds(approved.audit("main"), *wanted)
