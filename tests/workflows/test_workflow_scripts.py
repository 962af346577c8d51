"""The scripts in the workflows, executed: every exit code, hostile words, a moved head."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Runner

Script = Callable[[str, str, str], str]
BOT = {"login": "github-actions[bot]"}
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


# -- verify ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "ends", "outcome", "reports"),
    [
        (0, 0, "publishable", True),
        (3, 0, "nothing", True),
        (10, 10, "held", True),
        (11, 11, "refused", True),
        (1, 1, "fault", False),
        (2, 1, "fault", False),
        (4, 1, "fault", False),
        (126, 1, "fault", False),
        (137, 1, "fault", False),
    ],
)
def test_judge_by_exit_code(
    runner: "Runner", script: Script, code: int, ends: int, outcome: str, reports: bool
) -> None:
    step = script("verify", "judge", "Judge")
    done = runner.run(step, str(code), BASE_SHA="b" * 40, HEAD_SHA="a" * 40)
    assert done.code == ends
    assert done.outputs["outcome"] == outcome
    assert (done.outputs.get("report") == "true") is reports
    assert done.summary == "# 报告\n"
    assert ("::error" in done.log) is (ends != 0)
    scope = f"verify --base {'b' * 40} --head {'a' * 40} --format "
    report = runner.temp / "verdict/verdict.md"
    assert done.calls == (f"{scope}markdown --output {report}", f"{scope}github")


@pytest.mark.parametrize("codes", ["0 1", "1 0", "0 11", "11 0", "3 10"])
def test_two_answers_are_no_verdict(runner: "Runner", script: Script, codes: str) -> None:
    step = script("verify", "judge", "Judge")
    done = runner.run(step, codes, BASE_SHA="b", HEAD_SHA="a")
    assert done.code == 1
    assert done.outputs == {"outcome": "fault"}
    assert "没有结论" in done.log


@pytest.mark.parametrize("code", [0, 3, 10, 11])
def test_a_verdict_without_a_report_is_a_fault(runner: "Runner", script: Script, code: int) -> None:
    step = script("verify", "judge", "Judge")
    done = runner.run(step, str(code), BASE_SHA="b", HEAD_SHA="a", STUB_REPORT="")
    assert (done.code, done.outputs) == (1, {"outcome": "fault"})


def test_a_missing_command_is_a_fault(runner: "Runner", script: Script) -> None:
    (runner.work / ".venv/bin/sanshen").unlink()
    done = runner.run(script("verify", "judge", "Judge"), BASE_SHA="b", HEAD_SHA="a")
    assert (done.code, done.outputs) == (1, {"outcome": "fault"})


def test_the_runner_obeys_annotations_and_nothing_else(runner: "Runner", script: Script) -> None:
    said = "::error file=a.md,line=3::甲\\n::set-env name=X::y\\n::add-mask::e\\n ::notice::no\\n"
    heard = "::add-mask::stderr\\nno end of line"
    step = script("verify", "judge", "Judge")
    done = runner.run(step, "11", BASE_SHA="b", HEAD_SHA="a", STUB_STDOUT=said, STUB_STDERR=heard)
    lines = done.log.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) == 32
    closed = lines.index(f"::{token}::")
    obeyed = [line for line in lines[closed + 1 :] if line.lstrip().startswith("::")]
    assert obeyed[0] == "::error file=a.md,line=3::甲"
    assert [line for line in obeyed if "title=" not in line] == obeyed[:1]
    assert "::add-mask::stderr" in lines[:closed]


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


def test_the_proposal_is_fetched_as_objects_only(
    runner: "Runner", script: Script, proposal: str
) -> None:
    base = _git(runner.work, "rev-parse", "HEAD")
    step = script("verify", "judge", "Fetch the proposal as objects")
    done = runner.run(step, HEAD_REF="refs/pull/7/head", HEAD_SHA=proposal, GH_TOKEN="t0ken")
    assert done.code == 0, done.log
    assert _git(runner.work, "cat-file", "-t", proposal) == "commit"
    assert _git(runner.work, "rev-parse", "HEAD") == base
    assert (runner.work / "Makefile").read_text() == "install:\n\ttrue\n"
    assert _git(runner.work, "status", "--porcelain", "-uno") == ""
    assert "t0ken" not in (runner.work / ".git/config").read_text() + done.log


@pytest.mark.parametrize(
    ("ref", "head"), [("refs/pull/7/head", "a" * 40), ("refs/pull/8/head", "a" * 40)]
)
def test_a_moved_or_missing_head_fails(
    runner: "Runner", script: Script, proposal: str, ref: str, head: str
) -> None:
    assert proposal != head
    step = script("verify", "judge", "Fetch the proposal as objects")
    done = runner.run(step, HEAD_REF=ref, HEAD_SHA=head, GH_TOKEN="t")
    assert done.code != 0
    assert ("提案已变动" in done.log) is (ref == "refs/pull/7/head")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("publishable", "success"),
        ("nothing", "success"),
        ("held", "failure"),
        ("refused", "failure"),
        ("fault", "error"),
        ("", "error"),
        ("anything", "error"),
    ],
)
def test_the_status_of_the_judged_commit(
    runner: "Runner", script: Script, outcome: str, state: str
) -> None:
    step = script("verify", "report", "Set the status")
    done = runner.run(step, HEAD_SHA="a" * 40, OUTCOME=outcome)
    assert done.code == 0
    assert done.written() == (f"POST repos/yunlan/archive/statuses/{'a' * 40}",)
    fields = done.fields()
    assert (fields["context"], fields["state"]) == ("sanshen/verify", state)
    assert fields["description"] == done.outputs["headline"]
    assert len(fields["description"]) <= 140


def _comment(runner: "Runner", comments: list[object], report: str) -> "Runner":
    runner.reply("7", {"head": {"sha": "a" * 40}})
    runner.reply("comments", comments)
    (runner.temp / "verdict").mkdir()
    (runner.temp / "verdict/verdict.md").write_text(report, "utf-8")
    return runner


@needs_jq
def test_a_first_comment_is_made_and_calls_nobody(runner: "Runner", script: Script) -> None:
    forged = {"id": 1, "user": {"login": "someone"}, "body": "<!-- sanshen-verdict -->"}
    other = {"id": 2, "user": BOT, "body": "别的 <!-- sanshen-verdict -->"}
    report = '@everyone $(touch executed) `touch executed` "\\(.x)" ${{ x }}\n'
    machine = _comment(runner, [forged, other], report)
    step = script("verify", "report", "Write the comment")
    done = machine.run(step, NUMBER="7", HEAD_SHA="a" * 40, HEADLINE="暂缓")
    assert done.code == 0, done.log
    assert done.written() == ("POST repos/yunlan/archive/issues/7/comments",)
    body = done.body()["body"]
    assert body.startswith("<!-- sanshen-verdict -->\n### 暂缓\n")
    assert body.endswith(report.replace("@", "@\u2060"))
    assert not (runner.work / "executed").exists()


@needs_jq
def test_the_comment_is_updated_and_capped(runner: "Runner", script: Script) -> None:
    ours = {"id": 3, "user": BOT, "body": "<!-- sanshen-verdict -->\n旧"}
    machine = _comment(runner, [ours, ours | {"id": 4}], "长" * 400_000)
    step = script("verify", "report", "Write the comment")
    done = machine.run(step, NUMBER="7", HEAD_SHA="a" * 40, HEADLINE="不予通过")
    assert done.written() == ("PATCH repos/yunlan/archive/issues/comments/3",)
    assert 55_000 < len(done.body()["body"]) < 65_536
    assert "报告过长" in done.body()["body"]


@needs_jq
def test_a_late_run_leaves_the_comment_alone(runner: "Runner", script: Script) -> None:
    machine = _comment(runner, [], "旧结论")
    step = script("verify", "report", "Write the comment")
    done = machine.run(step, NUMBER="7", HEAD_SHA="c" * 40, HEADLINE="x")
    assert (done.code, done.written()) == (0, ())


@needs_jq
def test_a_fault_is_said_without_a_report(runner: "Runner", script: Script) -> None:
    runner.reply("7", {"head": {"sha": "a" * 40}})
    runner.reply("comments", [])
    step = script("verify", "report", "Write the comment")
    done = runner.run(step, NUMBER="7", HEAD_SHA="a" * 40, HEADLINE="没有结论")
    assert done.code == 0, done.log
    assert "### 没有结论" in done.body()["body"]
