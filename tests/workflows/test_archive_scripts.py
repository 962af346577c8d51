"""The scripts of `audit` and `publish`, executed: what blocks, what only warns, one issue."""

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


# -- audit -----------------------------------------------------------------------------------------
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


# -- publish ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "ends", "publish"),
    [(0, 0, "true"), (10, 0, "true"), (3, 0, "false"), (11, 11, None)]
    + [(code, 1, None) for code in FAULTS],
)
def test_publish_verifies_all_of_main(
    runner: "Runner", script: Script, code: int, ends: int, publish: str | None
) -> None:
    done = runner.run(script("publish", "build", "Verify"), str(code))
    assert (done.code, done.outputs.get("publish")) == (ends, publish)
    assert done.summary == "# 报告\n"
    report = runner.temp / "verdict.md"
    assert done.calls == (f"verify --format markdown --output {report}",)


@pytest.mark.parametrize("code", [0, 3, 10, 11])
def test_publish_wants_a_report_with_the_verdict(
    runner: "Runner", script: Script, code: int
) -> None:
    done = runner.run(script("publish", "build", "Verify"), str(code), STUB_REPORT="")
    assert (done.code, done.outputs) == (1, {})


@pytest.mark.parametrize(
    ("code", "ends", "warns"),
    [(0, 0, False), (3, 0, False), (10, 0, True), (11, 0, True)]
    + [(code, 1, False) for code in FAULTS],
)
def test_overdue_duties_warn_and_do_not_block(
    runner: "Runner", script: Script, code: int, ends: int, warns: bool
) -> None:
    done = runner.run(script("publish", "build", "Audit"), str(code))
    assert done.code == ends
    assert ("::warning" in done.log) is warns
    assert done.summary == "# 报告\n"


def test_an_audit_that_reports_nothing_stops_the_publication(
    runner: "Runner", script: Script
) -> None:
    assert runner.run(script("publish", "build", "Audit"), STUB_REPORT="").code == 1


@pytest.mark.parametrize(
    ("code", "site", "ends"),
    [
        (0, "<!doctype html>", 0),
        (0, "", 1),
        (1, "<!doctype html>", 1),
        (11, "<!doctype html>", 1),
    ],
)
def test_only_a_whole_site_is_kept(
    runner: "Runner", script: Script, code: int, site: str, ends: int
) -> None:
    done = runner.run(script("publish", "build", "Build"), str(code), STUB_SITE=site)
    assert done.code == ends
    assert [call.strip() for call in done.calls] == ["build --root"]
