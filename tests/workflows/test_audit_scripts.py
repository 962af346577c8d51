"""The scripts of `audit`, executed: what is a finding, what a fault, one issue."""

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Runner

Script = Callable[[str, str, str], str]
BOT = {"login": "github-actions[bot]"}
OURS = {"number": 5, "user": BOT, "body": "<!-- sanshen-audit -->\n旧"}
FAULTS = [1, 2, 4, 126, 127, 137]
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


@pytest.mark.parametrize(
    ("code", "state"),
    [(0, "healthy"), (3, "nothing"), (10, "overdue"), (11, "overdue")],
)
def test_audit_by_exit_code(runner: "Runner", script: Script, code: int, state: str) -> None:
    done = runner.run(script("audit", "audit", "Audit"), str(code))
    assert (done.code, done.outputs) == (0, {"state": state})
    assert done.summary == "# 报告\n"
    report = runner.temp / "audit/audit.md"
    assert done.calls == (f"audit --format markdown --output {report}",)


@pytest.mark.parametrize("code", FAULTS)
def test_a_faulty_audit_is_red_and_touches_no_issue(
    runner: "Runner", script: Script, code: int
) -> None:
    done = runner.run(script("audit", "audit", "Audit"), str(code))
    assert (done.code, done.outputs) == (1, {})
    assert f"退出码 {code}" in done.log


@pytest.mark.parametrize("code", [0, 3, 10, 11])
def test_an_audit_without_a_report_is_a_fault(runner: "Runner", script: Script, code: int) -> None:
    done = runner.run(script("audit", "audit", "Audit"), str(code), STUB_REPORT="")
    assert (done.code, done.outputs) == (1, {})


@needs_jq
@pytest.mark.parametrize(
    ("state", "open_issues", "written"),
    [
        ("overdue", [], ("POST repos/yunlan/archive/issues",)),
        ("overdue", [OURS], ("PATCH repos/yunlan/archive/issues/5",)),
        (
            "overdue",
            [OURS | {"pull_request": {}}],
            ("POST repos/yunlan/archive/issues",),
        ),
        ("overdue", [OURS | {"body": None}], ("POST repos/yunlan/archive/issues",)),
        (
            "overdue",
            [OURS | {"user": {"login": "x"}}],
            ("POST repos/yunlan/archive/issues",),
        ),
        (
            "overdue",
            [OURS, OURS | {"number": 6}],
            ("PATCH repos/yunlan/archive/issues/5",),
        ),
        ("healthy", [OURS], ("PATCH repos/yunlan/archive/issues/5",)),
        ("healthy", [], ()),
    ],
)
def test_one_issue(
    runner: "Runner",
    script: Script,
    state: str,
    open_issues: list[object],
    written: tuple[str, ...],
) -> None:
    runner.reply("issues", open_issues)
    (runner.temp / "audit").mkdir()
    (runner.temp / "audit/audit.md").write_text("逾期 @someone $(id)\n", "utf-8")
    done = runner.run(script("audit", "issue", "Write the issue"), STATE=state)
    assert done.code == 0, done.log
    assert done.written() == written
    if written:
        body = done.body()
        assert body["labels"] == ["audit"]
        assert body["body"].startswith("<!-- sanshen-audit -->\n")
        assert body["body"].endswith("逾期 @\u2060someone $(id)\n")
        assert body.get("state") == ("closed" if state == "healthy" else None)
