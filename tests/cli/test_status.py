"""What a writer or reviewer is told that waits, and what a signer is told that git did not do."""

import re
import subprocess
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.options import post_id
from pipeline.cli.publish import publish
from pipeline.cli.review import approve, return_
from pipeline.cli.status import status
from pipeline.cli.verify import check
from pipeline.errors import Fault
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import private_key_file, registers
from tests.builders.files import folder
from tests.builders.named import shows, worded
from tests.cli.at_the_desk import fault, run

RECORD = f"content/reviews/{POST[:4]}/{POST}/r1/1-first.json"


@pytest.fixture
def drafted(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草", "zz-a")
    return archive


def test_a_returned_post_tells_whose_opinion_it_answers(drafted: ArchiveRepo) -> None:
    run(return_, drafted, POST, "-m", "日期与原件不符", by="xxy-a")
    drafted.commit("退回", "xxy-a")
    shown = run(status, drafted).stdout
    assert "returned at first review by 某xxy-a" in shown
    assert "日期与原件不符" in shown
    assert fault(run(approve, drafted, POST, by="xxy-b")).startswith("post-returned")


@pytest.mark.parametrize(("start", "named"), [("2026-11-06", False), ("2026-11-04", True)])
def test_whoever_acts_for_an_absent_leader_is_named_with_the_option(
    archive: ArchiveRepo, start: str, named: bool
) -> None:
    mandate = {"delegator": "ld-a", "delegate": "gly-a", "role": "leader-in-charge",
               "from": f"{start}T00:00:00+08:00", "until": "2026-11-20T00:00:00+08:00",
               "authority": "纪要"}  # fmt: skip
    archive.register("roster", registers()["roster"] | {"delegations": [mandate]})
    archive.commit("代行", "gly-a")
    archive.git("branch", "--force", "main", "HEAD")
    archive.draft()
    archive.commit("起草", "zz-a")
    for who in ("xxy-a", "kz-a"):
        run(approve, archive, POST, by=who)
        archive.commit("审核", who)
    shown = run(status, archive).stdout
    assert "waits for final review by 某ld-a" in shown
    assert ("某gly-a（--acting-for ld-a）" in shown) is named


def test_a_post_that_all_who_could_review_it_made_waits_for_nobody(tmp_path: Path) -> None:
    archive = ArchiveRepo.begin(tmp_path, parameters={"review.first_may_prepare": False})
    people = archive.open().tree(archive.head("main"))
    first = [p for p in ("xxy-a", "xxy-b", "xxy-c", "xxy-d") if p.encode() in people.read(
        "content/registers/people.yml")]  # fmt: skip
    archive.draft(co_authors=first)
    archive.commit("起草", "zz-a")
    shown = run(status, archive).stdout
    assert shows(shown, "step-takerless", step="first review")
    assert "sanshen approve" not in shown


def test_nothing_is_signed_when_git_could_not_commit_it(
    drafted: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NAME", "EMAIL"):
        for who in ("AUTHOR", "COMMITTER"):
            monkeypatch.delenv(f"GIT_{who}_{name}", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.chdir(drafted.root)
    for key in ("user.name", "user.email"):
        subprocess.run(["git", "config", "--unset-all", key], check=False)
    result = run(approve, drafted, POST, "--commit", by="xxy-a")
    assert fault(result) == "committer-missing"
    assert not (drafted.root / RECORD).exists()


def test_a_push_that_fails_says_that_the_commit_is_there(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(drafted.root)
    subprocess.run(["git", "config", "user.name", "x"], check=True)
    subprocess.run(["git", "config", "user.email", "xxy-a@yunlan.example"], check=True)
    result = run(approve, drafted, POST, "--push", by="xxy-a")
    assert isinstance(result.exception, Fault)
    assert "git push -u origin HEAD" in str(result.exception.remedy)
    done = subprocess.run(["git", "log", "-1", "--name-only"], capture_output=True, check=True)
    assert RECORD.encode() in done.stdout


def test_a_post_is_named_from_inside_its_folder(
    drafted: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(drafted.root / folder(POST))
    assert [post_id(name) for name in ("post.md", ".", f"../{POST}", POST)] == [POST] * 4


def test_check_says_that_it_looks_at_no_record(drafted: ArchiveRepo) -> None:
    assert "`sanshen verify --base main`" not in run(check, drafted).stderr
    drafted.write("content/records/relays/2026/2026-11-05-1.yml", "person: 某人\n")
    assert "`sanshen verify --base main`" in run(check, drafted).stderr
    assert "`sanshen verify --base main`" not in run(check, drafted, POST).stderr


def test_a_file_that_has_no_place_is_refused_by_check_as_by_verify(drafted: ArchiveRepo) -> None:
    """But no draft that is named is refused for what lies elsewhere."""
    paths = ("content/posts/2026/post.md", "content/posts/稿件.docx", "content/records/好.yml")
    assert run(check, drafted).exit_code == 0
    for path in paths:
        drafted.write(path, "---\n---\n")
    done = run(check, drafted)
    assert done.exit_code == 11
    for path in paths:
        assert f"  R11-2  REFUSED  {path}\n      " + worded("path-without-place") in done.stdout
    assert run(check, drafted, POST).exit_code == 0
    drafted.commit("起草")
    assert drafted.verify().exit_code == 11


def test_a_refused_post_names_clause_and_line_to_its_reviewer(archive: ArchiveRepo) -> None:
    archive.draft(topic="sport")
    archive.commit("起草", "zz-a")
    said = fault(run(approve, archive, POST, by="xxy-a"))
    assert re.match(rf"R04-1, {folder(POST)}/post\.md:\d+: topic has", said), said


@pytest.mark.parametrize("text", ["2026年11月26日", "明天"])
def test_a_time_that_cannot_be_read_is_told_how_to_write_it(text: str) -> None:
    done = CliRunner().invoke(publish, [POST, "--at", text])
    assert done.exit_code == 2
    assert text in done.stderr and "2026-11-03T09:30" in done.stderr


def test_no_opinion_with_private_data_is_signed(drafted: ArchiveRepo) -> None:
    """Nobody could take it back: opinions are what runbooks cannot expunge."""
    said = fault(run(return_, drafted, POST, "-m", "打13912345678问过，不对", by="xxy-a"))
    assert said == "private-data-typed 139******78"
    assert not (drafted.root / RECORD).exists()
    assert not run(return_, drafted, POST, "-m", "打 12350 问过", by="xxy-a").exception


def test_no_opinion_with_an_invisible_character_is_signed(drafted: ArchiveRepo) -> None:
    """A page would show it in another order than it was signed in."""
    for verb, sign in product((return_, approve), "\u202e\u2066\x07\u200b\ufeff\x00"):
        said = fault(run(verb, drafted, POST, "-m", f"同意{sign}发布", by="xxy-a"))
        assert said == f"invisible-character U+{ord(sign):04X}"
        assert not (drafted.root / RECORD).exists()
    assert not run(return_, drafted, POST, "-m", "第一处\n第二处", by="xxy-a").exception


def test_who_reviews_a_post_sent_back_unchanged_is_told(drafted: ArchiveRepo) -> None:
    run(return_, drafted, POST, "-m", "日期与原件不符", by="xxy-a")
    drafted.change(f"{folder(POST)}/post.md", "revision: 1", "revision: 2")
    drafted.commit("原样", "zz-a")
    shown = run(approve, drafted, POST, by="xxy-a").stderr
    assert "R11-5  Nothing changed since 某xxy-a returned the post." in shown
    assert "日期与原件不符" in shown


def test_final_review_waits_for_leader_principal_and_whoever_acts_for_one(tmp_path: Path) -> None:
    mandate = {
        "delegator": "ld-a", "delegate": "xxy-b", "role": "leader-in-charge",
        "from": "2026-11-04T00:00:00+08:00", "until": "2026-11-05T23:59:59+08:00",
        "authority": "云应急〔2026〕7号",
    }  # fmt: skip
    roster = registers()["roster"] | {"delegations": [mandate]}
    archive = ArchiveRepo.begin(tmp_path / "own", changed={"roster": roster})
    archive.branch("proposal")
    archive.draft(co_authors=["ld-a"])
    archive.commit("起草")
    for step in ("first", "second"):
        archive.review(POST, step)
    archive.commit("审核")
    shown = run(status, archive).stdout
    assert "waits for final review by 某ld-b, 某xxy-b" in shown


def test_mine_lists_what_waits_for_the_owner_of_the_key_or_of_git_s_address(
    drafted: ArchiveRepo, tmp_path: Path
) -> None:
    def mine(key: str = "", email: str = "") -> Result:
        path = private_key_file(key, tmp_path) if key else tmp_path / "none"
        drafted.git("config", "sanshen.key", str(path))
        drafted.git("config", "user.email", email)
        return run(status, drafted, "--mine")

    assert "waits for first review" in mine("xxy-a").stdout
    assert "waits for first review" in mine(email="XXY-B@yunlan.example.org").stdout
    nothing = mine("kz-a", "xxy-b@yunlan.example.org")
    assert nothing.stdout == ""
    assert "nothing-waits-for 某kz-a" in nothing.stderr
    assert "Branches read: main, proposal." in nothing.stderr
    said = fault(mine(email="x@example.org"))
    assert said == "signer-unknown x@example.org"


def test_a_notice_names_no_post_branch_or_command(drafted: ArchiveRepo) -> None:
    shown = run(status, drafted, "--notice").stdout
    assert "冬季防火三件事" in shown and "某xxy-a" in shown
    assert not re.search(rf"{POST}|proposal|sanshen|--|/", shown)


def test_an_empty_list_speaks_of_the_branches_read_and_of_no_others(archive: ArchiveRepo) -> None:
    shown = run(status, archive).stderr
    assert "nothing-waits" in shown
    assert "published" not in shown
    assert "Branches read: main" in shown


def test_who_is_still_writing_sees_what_waits_on_the_branches(drafted: ArchiveRepo) -> None:
    drafted.switch("main")
    drafted.draft("2026-11-04-gas-safety")
    shown = run(status, drafted)
    assert f"{POST}  冬季防火三件事" in shown.stdout and "gas-safety" not in shown.stdout
    assert "uncommitted-unread" in shown.stderr
