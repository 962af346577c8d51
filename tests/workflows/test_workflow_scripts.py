"""The scripts in the workflows, executed: every exit code, hostile words, a moved head."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Runner

Script = Callable[[str, str, str], str]
BOT = {"login": "github-actions[bot]"}
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
    done = runner.run(script("verify", "list", "List the open proposals"), QUEUE_HEAD="")
    assert done.code == 0, done.log
    assert done.outputs["base"] == B
    listed = json.loads(done.outputs["proposals"])
    assert [(one["number"], one["head"], one["ref"]) for one in listed] == [
        (7, A, "refs/pull/7/head"),
        (10, C, "refs/pull/10/head"),
        (9, "d" * 40, "refs/pull/9/head"),
    ]
    (call,) = [c for c in (runner.stub / "gh-calls").read_text().splitlines() if "pulls?" in c]
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


def _report(runner: "Runner", script: Script, outcome: str, text: str = "", number: int = 7) -> Any:
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
    }.items():
        if not (runner.stub / f"replies/{name}.json").exists():
            runner.reply(name, value)
    step = script("verify", "report", "Report")
    return runner.run(step, PROPOSALS=json.dumps([{"number": number, "head": A}]))


STATUS = f"POST repos/yunlan/archive/statuses/{A}"
COMMENT = "POST repos/yunlan/archive/issues/7/comments"


@needs_jq
@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("publishable", "success"),
        ("nothing", "success"),
        ("held", "pending"),
        ("refused", "failure"),
        ("fault", "error"),
        ("", "error"),
        ("anything", "error"),
    ],
)
def test_the_status_of_the_judged_commit(
    runner: "Runner", script: Script, outcome: str, state: str
) -> None:
    done = _report(runner, script, outcome)
    assert done.code == 0, done.log
    assert done.written() == (STATUS, COMMENT)
    fields = done.fields()
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
    written = _report(runner, script, "held", "等待初审。\n").body()["body"]
    state, headline = "pending", "暂缓：等待审核、时间未到或另有逾期事项"
    other = {"context": "other", "state": "success", "description": "x"}
    ours = {"context": "sanshen/verify", "state": state, "description": headline}
    runner.reply("status", {"statuses": [other, ours]})
    older = written.replace("runs/42", "runs/41").rstrip("\n")
    runner.reply("comments", [{"id": 3, "user": BOT, "body": older}])
    (runner.stub / "writes").unlink()
    assert _report(runner, script, "held", "等待初审。\n").written() == ()
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
    assert done.written()[1:] == (COMMENT,)
    body = done.body()["body"]
    assert body.startswith("<!-- sanshen-verdict -->\n### 暂缓")
    assert body.endswith(report.replace("@", "@\u2060"))
    assert not (runner.work / "executed").exists()


@needs_jq
def test_the_comment_is_updated_and_capped(runner: "Runner", script: Script) -> None:
    ours = {"id": 3, "user": BOT, "body": "<!-- sanshen-verdict -->\n旧"}
    runner.reply("comments", [ours, ours | {"id": 4}])
    done = _report(runner, script, "refused", "长" * 400_000)
    assert done.written()[1:] == ("PATCH repos/yunlan/archive/issues/comments/3",)
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
    listed = json.dumps([{"number": 6, "head": C}, {"number": 7, "head": A}])
    done = runner.run(script("verify", "report", "Report"), PROPOSALS=listed)
    assert done.code == 1
    assert done.written() == (STATUS, COMMENT)
    assert "#6" in done.log
