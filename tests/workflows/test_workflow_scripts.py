"""The scripts in the workflows, executed: every exit code, hostile words, a moved head."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from conftest import Outcome, Runner

Script = Callable[[str, str, str], str]
BOT = {"login": "github-actions[bot]"}
WITNESSED = json.loads((Path(__file__).parents[2] / "schemas/witness.json").read_bytes())
WHOLE: dict[str, Any] = {"version": 1, "records": [], "reviews": [], "awaited": []}
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


# -- verify ----------------------------------------------------------------------------------------
A, B, C = "a" * 40, "b" * 40, "c" * 40
OPEN = [{"number": 7, "head": A}, {"number": 8, "head": C}]


def _pull(number: int, head: str, repository: str = "yunlan/archive") -> dict[str, object]:
    return {
        "number": number,
        "head": {"sha": head, "repo": {"full_name": repository}},
        "base": {"repo": {"full_name": "yunlan/archive"}},
    }


@needs_jq
def test_every_open_proposal_is_listed_with_the_tip_of_main(
    runner: "Runner", script: Script
) -> None:
    """Strangers' last; a fork that is gone is a stranger's."""
    gone = _pull(9, "d" * 40) | {"head": {"sha": "d" * 40, "repo": None}}
    runner.reply("pulls", [_pull(10, C, "someone/archive"), gone, _pull(7, A)])
    runner.reply("main", {"sha": B})
    runner.reply("status", {"statuses": [{"context": "other"}]})
    done = runner.run(script("verify", "list", "List the open proposals"), QUEUE_HEAD="")
    assert done.code == 0, done.log
    assert done.outputs["base"] == B
    listed = json.loads(done.outputs["proposals"])
    assert [(one["number"], one["head"], one["ref"]) for one in listed] == [
        (7, A, "refs/pull/7/head"),
        (10, C, "refs/pull/10/head"),
        (9, "d" * 40, "refs/pull/9/head"),
    ]
    assert {one["fresh"] for one in listed} == {True}
    runner.reply("status", {"statuses": [{"context": "sanshen/verify"}]})
    again = runner.run(script("verify", "list", "List the open proposals"), QUEUE_HEAD="")
    assert {one["fresh"] for one in json.loads(again.outputs["proposals"])} == {False}
    call, _ = [c for c in (runner.stub / "gh-calls").read_text().splitlines() if "pulls?" in c]
    assert "--paginate" in call
    assert "state=open&base=main" in call


@needs_jq
def test_no_open_proposal_is_an_empty_list_and_no_answer_a_fault(
    runner: "Runner", script: Script
) -> None:
    step = script("verify", "list", "List the open proposals")
    runner.reply("main", {"sha": B})
    assert runner.run(step, QUEUE_HEAD="").code != 0
    runner.reply("pulls", [])
    assert runner.run(step, QUEUE_HEAD="").outputs["proposals"] == "[]"


@needs_jq
def test_a_merge_queue_is_judged_against_its_own_base(runner: "Runner", script: Script) -> None:
    step = script("verify", "list", "List the open proposals")
    done = runner.run(step, QUEUE_HEAD=A, QUEUE_BASE=B, QUEUE_REF="refs/heads/queue/7")
    (listed,) = json.loads(done.outputs["proposals"])
    assert (done.outputs["base"], listed["head"], listed["ref"]) == (B, A, "refs/heads/queue/7")
    assert listed["number"] == 0


def _judge(runner: "Runner", script: Script, codes: str, **env: str) -> "Outcome":
    """Judge #7 and #8, whose objects are there."""
    git = runner.stub / "bin/git"
    git.write_text('#!/bin/bash\n[ "$3" != "$STUB_GONE^{commit}" ]\n', "utf-8")
    git.chmod(0o755)
    step = script("verify", "judge", "Judge")
    return runner.run(step, codes, BASE_SHA=B, PROPOSALS=json.dumps(OPEN), **env)


def _outcomes(runner: "Runner") -> list[str]:
    folder = runner.temp / "verdicts"
    return [(folder / head / "outcome").read_text().strip() for head in (A, C)]


@needs_jq
@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0, "publishable"),
        (3, "nothing"),
        (10, "held"),
        (11, "refused"),
        (1, "fault"),
        (2, "fault"),
        (4, "fault"),
        (124, "fault"),
        (126, "fault"),
        (137, "fault"),
    ],
)
def test_each_is_judged_by_exit_code(
    runner: "Runner", script: Script, code: int, outcome: str
) -> None:
    """A round is red only where nothing has a verdict: a refusal is told by its status."""
    done = _judge(runner, script, f"{code} 0")
    assert done.code == 0, done.log
    assert _outcomes(runner) == [outcome, "publishable"]
    assert (runner.temp / f"verdicts/{A}/verdict.md").exists() is (outcome != "fault")
    assert ("::error" in done.log) is (outcome == "fault")
    assert done.summary.count("# 报告\n") == 2
    assert done.outputs == {"verdicts": "true"}
    assert [call.partition(" --output")[0] for call in done.calls] == [
        f"verify --base {B} --head {head} --format markdown" for head in (A, C)
    ]


@needs_jq
def test_what_other_governance_judges_otherwise_ends_the_comment(
    runner: "Runner", script: Script
) -> None:
    _judge(runner, script, "0 0", STUB_TRIAL="### 试算\\n")
    verdict = (runner.temp / f"verdicts/{A}/verdict.md").read_text("utf-8")
    assert verdict == "# 报告\n### 试算\n"
    trials = (runner.stub / "trials").read_text("utf-8").splitlines()
    assert trials[0].startswith(f"simulate --head {B} --proposal {A} --format markdown")


@needs_jq
@pytest.mark.parametrize("codes", ["1", "2 1", "126 137"])
def test_a_round_without_any_verdict_is_red(runner: "Runner", script: Script, codes: str) -> None:
    done = _judge(runner, script, codes)
    assert (done.code, done.outputs) == (1, {"verdicts": "true"})
    assert _outcomes(runner) == ["fault", "fault"]


@needs_jq
@pytest.mark.parametrize("code", [0, 3, 10, 11])
def test_a_verdict_without_a_report_is_a_fault(runner: "Runner", script: Script, code: int) -> None:
    _judge(runner, script, str(code), STUB_REPORT="")
    assert _outcomes(runner) == ["fault", "fault"]


@needs_jq
def test_a_missing_command_is_a_fault(runner: "Runner", script: Script) -> None:
    (runner.work / ".venv/bin/sanshen").unlink()
    assert _judge(runner, script, "0").code == 1
    assert _outcomes(runner) == ["fault", "fault"]


@needs_jq
def test_a_head_that_did_not_come_is_no_verdict_and_holds_nobody_up(
    runner: "Runner", script: Script
) -> None:
    done = _judge(runner, script, "0", STUB_GONE=A)
    assert done.code == 0
    assert _outcomes(runner) == ["fault", "publishable"]
    assert "没有结论" in done.log


@needs_jq
def test_what_a_round_does_not_reach_waits_for_the_next(runner: "Runner", script: Script) -> None:
    step = script("verify", "judge", "Judge")
    done = runner.run(f"SECONDS=1300\n{step}", BASE_SHA=B, PROPOSALS=json.dumps(OPEN))
    assert done.calls == ()
    assert _outcomes(runner) == ["later", "later"]


@needs_jq
def test_the_runner_obeys_nothing_that_a_proposal_says(runner: "Runner", script: Script) -> None:
    words = "::error file=a.md,line=3::甲\\n::set-env name=X::y\\n::add-mask::e\\n ::notice::no\\n"
    heard = "::add-mask::stderr\\nno end of line"
    done = _judge(runner, script, "11", STUB_STDOUT=words, STUB_STDERR=heard)
    obeyed, fence = [], ""
    for line in done.log.splitlines():
        if fence:
            fence = "" if line == f"::{fence}::" else fence
        elif line.startswith("::stop-commands::"):
            fence = line.removeprefix("::stop-commands::")
            assert len(fence) == 32
        elif line.lstrip().startswith("::"):
            obeyed.append(line)
    assert [line.partition(" ")[0] for line in obeyed] == ["::warning", "::warning"]
    assert "::add-mask::stderr" in done.log


def _git(folder: Path, *arguments: str) -> str:
    """Git without the settings of whoever runs the tests."""
    env = {
        "PATH": str(Path(shutil.which("git") or "git").parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    who = ["-c", "user.name=信息员甲", "-c", "user.email=a@demo.invalid"]
    command = ["git", "-C", str(folder), *who, *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def proposal(runner: "Runner", tmp_path: Path) -> str:
    """An origin with a proposal at refs/pull/7/head that rewrites the Makefile; its head's id."""
    origin = tmp_path / "origin"
    origin.mkdir()
    _git(origin, "init", "-q", "-b", "main")
    (origin / "Makefile").write_text("install:\n\ttrue\n")
    _git(origin, "add", ".")
    _git(origin, "commit", "-qm", "base")
    _git(origin, "checkout", "-q", "-b", "proposal")
    (origin / "Makefile").write_text("install:\n\ttouch ../executed\n")
    _git(origin, "commit", "-qam", "head")
    head = _git(origin, "rev-parse", "HEAD")
    _git(origin, "update-ref", "refs/pull/7/head", head)
    _git(origin, "checkout", "-q", "main")
    _git(origin, "branch", "-qD", "proposal")
    _git(runner.work, "init", "-q", "-b", "main")
    _git(runner.work, "remote", "add", "origin", str(origin))
    _git(runner.work, "fetch", "-q", "origin", "main")
    _git(runner.work, "reset", "-q", "--hard", "FETCH_HEAD")
    return head


@needs_jq
def test_proposals_are_fetched_as_objects_only(
    runner: "Runner", script: Script, proposal: str
) -> None:
    """One that cannot be had does not keep the next from coming."""
    base = _git(runner.work, "rev-parse", "HEAD")
    step = script("verify", "judge", "Fetch the proposals as objects")
    listed = [
        {"head": C, "ref": "refs/pull/6/head"},
        {"head": proposal, "ref": "refs/pull/7/head"},
    ]
    done = runner.run(step, PROPOSALS=json.dumps(listed), GH_TOKEN="t0ken")
    assert done.code == 0, done.log
    assert "refs/pull/6/head 未能取得" in done.log
    assert _git(runner.work, "cat-file", "-t", proposal) == "commit"
    assert _git(runner.work, "rev-parse", "HEAD") == base
    assert (runner.work / "Makefile").read_text() == "install:\n\ttrue\n"
    assert _git(runner.work, "status", "--porcelain", "-uno") == ""
    assert "t0ken" not in (runner.work / ".git/config").read_text() + done.log


def _report(
    runner: "Runner",
    script: Script,
    outcome: str,
    text: str = "",
    number: int = 7,
    fresh: bool = False,
    preview: str = "",
) -> Any:
    """Report one verdict; what the forge answers is set before."""
    if outcome:
        folder = runner.temp / "verdicts" / A
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "outcome").write_text(outcome, "utf-8")
        if text:
            (folder / "verdict.md").write_text(text, "utf-8")
    for name, value in {
        "7": {"state": "open", "head": {"sha": A}},
        "status": {"statuses": []},
        "comments": [],
        "labels": [],
        "requested_reviewers": {"users": []},
    }.items():
        if not (runner.stub / f"replies/{name}.json").exists():
            runner.reply(name, value)
    step = script("verify", "report", "Report")
    listed = [{"number": number, "head": A, "fresh": fresh}]
    return runner.run(step, PROPOSALS=json.dumps(listed), PREVIEW=preview)


STATUS = f"POST repos/yunlan/archive/statuses/{A}"
COMMENT = "POST repos/yunlan/archive/issues/7/comments"
LABEL = "POST repos/yunlan/archive/issues/7/labels"


@needs_jq
@pytest.mark.parametrize(
    ("outcome", "state", "label"),
    [
        ("publishable", "success", "可以合并"),
        ("nothing", "success", "可以合并"),
        ("held", "pending", "等待"),
        ("refused", "failure", "需要改正"),
        ("fault", "error", "没有结论"),
        ("", "error", "没有结论"),
        ("anything", "error", "没有结论"),
    ],
)
def test_the_status_of_the_judged_commit(
    runner: "Runner", script: Script, outcome: str, state: str, label: str
) -> None:
    done = _report(runner, script, outcome)
    assert done.code == 0, done.log
    assert done.written() == (STATUS, COMMENT, LABEL)
    fields = done.fields()
    assert fields["labels[]"] == f"三审/{label}"
    assert (fields["context"], fields["state"]) == ("sanshen/verify", state)
    assert f"### {fields['description']}\n" in done.body()["body"]
    assert len(fields["description"]) <= 140


@needs_jq
def test_a_merge_queue_never_waits_and_gets_no_comment(runner: "Runner", script: Script) -> None:
    done = _report(runner, script, "held", number=0)
    assert (done.code, done.written()) == (0, (STATUS,))
    assert done.fields()["state"] == "failure"


@needs_jq
@pytest.mark.parametrize("now", [{"state": "open", "head": {"sha": C}},
                                 {"state": "closed", "head": {"sha": A}}])  # fmt: skip
def test_a_late_round_leaves_a_newer_head_alone(
    runner: "Runner", script: Script, now: object
) -> None:
    runner.reply("7", now)
    done = _report(runner, script, "publishable", "旧结论")
    assert (done.code, done.written()) == (0, ())


@needs_jq
def test_what_was_not_reached_keeps_what_it_has(runner: "Runner", script: Script) -> None:
    done = _report(runner, script, "later")
    assert (done.code, done.written()) == (0, ())


@needs_jq
def test_a_round_that_changes_nothing_writes_nothing(runner: "Runner", script: Script) -> None:
    """A commit takes 1,000 statuses of one name: at six an hour, a week."""
    report = "等待初审。时间：2026-11-03 09:{minute}。\n"
    written = _report(runner, script, "held", report.format(minute=30)).body()["body"]
    state, headline = "pending", "暂缓：等待审核、时间未到或另有逾期事项"
    other = {"context": "other", "state": "success", "description": "x"}
    ours = {"context": "sanshen/verify", "state": state, "description": headline}
    runner.reply("status", {"statuses": [other, ours]})
    older = written.replace("runs/42", "runs/41").rstrip("\n")
    runner.reply("comments", [{"id": 3, "user": BOT, "body": older}])
    runner.reply("labels", [{"name": "急"}, {"name": "三审/等待"}])
    (runner.stub / "writes").unlink()
    assert _report(runner, script, "held", report.format(minute=40)).written() == ()
    changed = _report(runner, script, "held", "等待复审。\n").written()
    assert changed == ("PATCH repos/yunlan/archive/issues/comments/3",)


@needs_jq
def test_a_first_comment_is_made_and_calls_nobody(runner: "Runner", script: Script) -> None:
    forged = {"id": 1, "user": {"login": "someone"}, "body": "<!-- sanshen-verdict -->"}
    other = {"id": 2, "user": BOT, "body": "别的 <!-- sanshen-verdict -->"}
    runner.reply("comments", [forged, other])
    report = '@everyone $(touch executed) `touch executed` "\\(.x)" ${{ x }}\n'
    done = _report(runner, script, "held", report)
    assert done.code == 0, done.log
    assert done.written()[1:] == (COMMENT, LABEL)
    body = done.body()["body"]
    assert body.startswith("<!-- sanshen-verdict -->\n### 暂缓")
    assert body.endswith(report.replace("@", "@\u2060"))
    assert not (runner.work / "executed").exists()


@needs_jq
def test_the_comment_is_updated_and_capped(runner: "Runner", script: Script) -> None:
    ours = {"id": 3, "user": BOT, "body": "<!-- sanshen-verdict -->\n旧"}
    runner.reply("comments", [ours, ours | {"id": 4}])
    done = _report(runner, script, "refused", "长" * 400_000)
    assert done.written()[1:] == ("PATCH repos/yunlan/archive/issues/comments/3", LABEL)
    assert 55_000 < len(done.body()["body"]) < 65_536
    assert "报告过长" in done.body()["body"]


@needs_jq
def test_one_proposal_that_cannot_be_told_does_not_silence_the_next(
    runner: "Runner", script: Script
) -> None:
    """#6 has no answer of the forge."""
    for name, value in (("7", {"state": "open", "head": {"sha": A}}), ("comments", [])):
        runner.reply(name, value)
    runner.reply("status", {"statuses": []})
    runner.reply("labels", [])
    listed = json.dumps([{"number": 6, "head": C}, {"number": 7, "head": A}])
    done = runner.run(script("verify", "report", "Report"), PROPOSALS=listed, PREVIEW="")
    assert done.code == 1
    assert done.written() == (STATUS, COMMENT, LABEL)
    assert "#6" in done.log


@needs_jq
def test_a_label_of_ours_is_replaced_and_peoples_labels_stay(
    runner: "Runner", script: Script
) -> None:
    runner.reply("labels", [{"name": "急"}, {"name": "三审/等待"}])
    done = _report(runner, script, "publishable")
    gone = "DELETE repos/yunlan/archive/issues/7/labels/%E4%B8%89%E5%AE%A1%2F%E7%AD%89%E5%BE%85"
    assert done.written()[2:] == (gone, LABEL)


PREVIEW = "https://forge.example/yunlan/archive/actions/runs/42/artifacts/9"


@needs_jq
def test_the_link_of_the_preview_stays_until_there_is_another(
    runner: "Runner", script: Script
) -> None:
    """A head is shown once; what the proposal itself writes is never taken for the link."""
    other = "说明：[稿件预览](https://evil.example/)\n"
    first = _report(runner, script, "held", other, fresh=True).body()["body"]
    assert "evil" not in first.splitlines()[3]
    runner.reply("comments", [{"id": 3, "user": BOT, "body": first}])
    assert "evil" not in _report(runner, script, "held", "改").body()["body"]
    made = _report(runner, script, "held", "一", fresh=True, preview=PREVIEW).body()["body"]
    assert made.splitlines()[3].endswith(f" · [稿件预览]({PREVIEW})")
    runner.reply("comments", [{"id": 3, "user": BOT, "body": made}])
    kept = _report(runner, script, "held", "二", preview=f"{PREVIEW}9").body()["body"]
    assert kept.splitlines()[3].endswith(f" · [稿件预览]({PREVIEW})")
    newer = _report(runner, script, "held", "三", fresh=True, preview=f"{PREVIEW}9")
    assert newer.body()["body"].splitlines()[3].endswith(f" · [稿件预览]({PREVIEW}9)")


ASK = "POST repos/yunlan/archive/pulls/7/requested_reviewers"


def _awaited(*accounts: object) -> dict[str, Any]:
    people = [{"person": "a", "name": "甲", "accounts": list(accounts)}]
    return {
        "version": 1, "commit": "", "records": [], "reviews": [],
        "awaited": [{"post": "p", "step": "second", "people": people}],
    }  # fmt: skip


@needs_jq
@pytest.mark.parametrize("outcome", ["held", "publishable", "refused"])
def test_who_is_next_is_asked_once_and_only_while_something_is_awaited(
    runner: "Runner", script: Script, outcome: str
) -> None:
    """By number; an account that is gone does not keep the next from being asked."""
    folder = runner.temp / "verdicts" / A
    folder.mkdir(parents=True)
    (folder / "witness.json").write_text(json.dumps(_awaited(101, 102, 103, "$(x)")))
    runner.reply("requested_reviewers", {"users": [{"id": 101}]})
    runner.reply("103", {"login": "fuze-ren"})
    done = _report(runner, script, outcome)
    assert done.code == 0, done.log
    assert (ASK in done.written()) is (outcome == "held")
    assert done.fields().get("reviewers[]", "fuze-ren") == "fuze-ren"


# -- the witness -----------------------------------------------------------------------------------
READ = "Fetch the proposals and their reviews"


@needs_jq
def test_all_pages_of_reviews_are_read_or_none(
    runner: "Runner", script: Script, proposal: str
) -> None:
    runner.reply("7", {"number": 7, "head": {"sha": proposal, "ref": "post/x"}})
    runner.reply("reviews", [[{"id": 1}, {"id": 2}], [{"id": 3}]])
    listed = json.dumps([
        {"number": 6, "head": C, "ref": "refs/pull/6/head"},
        {"number": 7, "head": proposal, "ref": "refs/pull/7/head"},
    ])  # fmt: skip
    step = script("verify", "witness", READ)
    done = runner.run(step, PROPOSALS=listed, GH_TOKEN="t0ken")
    assert done.code == 0, done.log
    read = json.loads((runner.temp / "read-7.json").read_text())
    assert read["complete"] is True
    assert read["pull"]["number"] == 7
    assert [one["id"] for one in read["reviews"]] == [1, 2, 3]
    assert not (runner.temp / "read-6.json").exists()
    assert "#6 的提交或审核未能取得" in done.log
    (runner.temp / "read-7.json").unlink()
    (runner.stub / "replies/reviews.json").unlink()
    runner.run(step, PROPOSALS=listed, GH_TOKEN="t0ken")
    assert not (runner.temp / "read-7.json").exists()


def _witness(runner: "Runner", script: Script, codes: str, **env: str) -> "Outcome":
    (runner.temp / "witness").mkdir(exist_ok=True)
    for number in (7, 8):
        (runner.temp / f"read-{number}.json").write_text("{}")
    step = script("verify", "witness", "Witness")
    given = {"WITNESS_KEY": "k3y", "BASE_SHA": B, "PROPOSALS": json.dumps(OPEN)} | env
    return runner.run(step, codes, **{"STUB_STDOUT": '{"commit": ""}'} | given)


@needs_jq
@pytest.mark.parametrize("code", [0, 3, 1, 2, 124, 137])
def test_an_answer_that_did_not_end_well_holds_a_notice_alone(
    runner: "Runner", script: Script, code: int
) -> None:
    done = _witness(runner, script, f"{code} 0")
    assert done.code == 0, done.log
    answer = json.loads((runner.temp / "witness/7.json").read_bytes())
    Draft202012Validator(WITNESSED).validate(answer | WHOLE)
    assert ("notice" in answer) is (code not in (0, 3))
    assert str(code) in answer.get("notice", str(code))
    assert json.loads((runner.temp / "witness/8.json").read_bytes()) == {"commit": ""}
    first = done.calls[0].split()
    assert first[:7] == ["witness", "--base", B, "--head", A, "--pull", "7"]
    assert "k3y" not in done.log + (runner.stub / "env").read_text()
    assert not (runner.temp / "witness-key").exists()


@needs_jq
@pytest.mark.parametrize(
    ("said", "notice"),
    [
        ('{"commit": "", "notice": "读不懂"}', "读不懂"),
        ('{"commit": "c0ffee", "notice": "x"}', "退出码 1"),
        ("half an ans", "退出码 1"),
        ("", "退出码 1"),
    ],
)
def test_what_cannot_be_read_is_passed_on_and_no_commit_of_a_fault(
    runner: "Runner", script: Script, said: str, notice: str
) -> None:
    done = _witness(runner, script, "1", STUB_STDOUT=said)
    assert done.code == 0, done.log
    answer = json.loads((runner.temp / "witness/7.json").read_bytes())
    assert notice in answer["notice"] and answer["commit"] == "" and answer["reviews"] == []


@needs_jq
def test_without_its_key_the_witness_is_red_and_says_so(runner: "Runner", script: Script) -> None:
    done = _witness(runner, script, "0", WITNESS_KEY="")
    assert (done.code, done.calls) == (1, ())
    assert "SANSHEN_WITNESS_KEY" in done.log


@pytest.fixture
def witnessed(runner: "Runner", tmp_path: Path, proposal: str) -> str:
    """A commit on top of the proposal's head, as the witness makes one; no branch leads to it."""
    _git(tmp_path / "origin", "update-ref", "refs/heads/post/x", proposal)
    _git(runner.work, "fetch", "-q", "origin", "post/x")
    tree = _git(runner.work, "rev-parse", f"{proposal}^{{tree}}")
    return _git(runner.work, "commit-tree", tree, "-p", proposal, "-m", "见证")


def _push(runner: "Runner", script: Script, head: str, commit: str, branch: str) -> "Outcome":
    (runner.temp / "witness").mkdir()
    (runner.temp / "witness/7.json").write_text(json.dumps({"commit": commit}))
    (runner.temp / "read-7.json").write_text(json.dumps({"pull": {"head": {"ref": branch}}}))
    listed = json.dumps([{"number": 7, "head": head, "ref": "refs/pull/7/head", "fresh": True}])
    step = script("verify", "witness", "Push the records")
    return runner.run(step, PROPOSALS=listed, GH_TOKEN="t0ken")


@needs_jq
def test_records_are_pushed_and_their_commit_is_what_is_judged(
    runner: "Runner", script: Script, tmp_path: Path, proposal: str, witnessed: str
) -> None:
    done = _push(runner, script, proposal, witnessed, "post/x")
    assert done.code == 0, done.log
    assert _git(tmp_path / "origin", "rev-parse", "post/x") == witnessed
    (listed,) = json.loads(done.outputs["proposals"])
    assert listed == {"number": 7, "head": witnessed, "ref": "refs/heads/post/x", "fresh": True}
    assert "t0ken" not in done.log + (runner.work / ".git/config").read_text()


@needs_jq
def test_a_branch_that_moved_keeps_what_it_has(
    runner: "Runner", script: Script, tmp_path: Path, proposal: str, witnessed: str
) -> None:
    origin = tmp_path / "origin"
    tree = _git(origin, "rev-parse", "main^{tree}")
    moved = _git(origin, "commit-tree", tree, "-p", proposal, "-m", "作者又改")
    _git(origin, "update-ref", "refs/heads/post/x", moved)
    done = _push(runner, script, proposal, witnessed, "post/x")
    assert done.code == 0, done.log
    assert _git(origin, "rev-parse", "post/x") == moved
    (listed,) = json.loads(done.outputs["proposals"])
    assert listed["head"] == proposal
    assert not (runner.temp / "witness/7.json").exists()


@needs_jq
def test_nothing_is_ever_pushed_to_main(
    runner: "Runner", script: Script, tmp_path: Path, proposal: str, witnessed: str
) -> None:
    before = _git(tmp_path / "origin", "rev-parse", "main")
    done = _push(runner, script, before, witnessed, "main")
    assert done.code == 0, done.log
    assert _git(tmp_path / "origin", "rev-parse", "main") == before


@needs_jq
def test_a_new_head_is_shown_and_an_answer_stands_above_the_report(
    runner: "Runner", script: Script
) -> None:
    git = runner.stub / "bin/git"
    git.write_text("#!/bin/bash\ntrue\n", "utf-8")
    git.chmod(0o755)
    (runner.temp / "answers").mkdir()
    (runner.temp / "answers/8.json").write_text("{}")
    listed = json.dumps([OPEN[0] | {"fresh": True}, OPEN[1]])
    step = script("verify", "judge", "Judge")
    done = runner.run(step, BASE_SHA=B, PROPOSALS=listed)
    assert done.code == 0, done.log
    assert [call.split()[0] for call in done.calls] == ["verify", "preview", "verify", "forge"]
    assert f"preview --head {A} --output" in done.calls[1]
    assert (runner.temp / f"verdicts/{C}/witness.json").exists()
    (runner.stub / "calls").unlink()
    broken = runner.run(step, "0 4 0 4", BASE_SHA=B, PROPOSALS=listed)
    assert broken.code == 0, "no preview is no reason for no verdict"
