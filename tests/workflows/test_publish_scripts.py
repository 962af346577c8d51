"""The scripts of `publish`, executed: what blocks, what warns, what a site must follow."""

import shutil
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Runner

Script = Callable[[str, str, str], str]
FAULTS = [1, 2, 4, 126, 127, 137]
SITE = "https://archive.example"
WHOLE = "index.html log/checkpoint"
KEY = "-----BEGIN KEY-----\nline\n-----END KEY-----"


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


# -- the published checkpoint ----------------------------------------------------------------------
def _fetch(runner: "Runner", script: Script, codes: str = "0", **env: str) -> "Outcome":
    set_up = {"SITE": SITE, "FIRST": "", "STUB_STATUS": "200", "STUB_BODY": "log\\n3\\n"} | env
    return runner.run(script("publish", "build", "Fetch the published checkpoint"), codes, **set_up)


@pytest.mark.parametrize("site", [SITE, f"{SITE}/"])
def test_the_published_checkpoint_is_fetched_past_caches(
    runner: "Runner", script: Script, site: str
) -> None:
    done = _fetch(runner, script, SITE=site)
    published = runner.temp / "published-checkpoint"
    assert (done.code, done.outputs) == (0, {"after": str(published)})
    assert published.read_text("utf-8") == "log\n3\n"
    (call,) = done.calls
    assert call.split()[-1] == f"{SITE}/log/checkpoint?run=42.1"
    assert {"-q", "--globoff", "=https"} <= set(call.split())
    assert not {"-L", "--location", "-k", "--insecure"} & set(call.split())


@pytest.mark.parametrize("site", ["", "https://", "http://archive.example", "--output", "file:///"])
def test_without_an_address_nothing_is_asked_or_published(
    runner: "Runner", script: Script, site: str
) -> None:
    done = _fetch(runner, script, SITE=site, FIRST="a" * 40)
    assert (done.code, done.outputs, done.calls) == (1, {}, ())
    assert "SANSHEN_SITE" in done.log


def test_the_commit_named_for_it_may_be_the_first(runner: "Runner", script: Script) -> None:
    done = _fetch(runner, script, STUB_STATUS="404", STUB_BODY="<html>", FIRST="a" * 40)
    assert (done.code, done.outputs) == (0, {"after": "none"})
    assert "::notice title=首次公开" in done.log


@pytest.mark.parametrize("first", ["", "true", "b" * 40, "a" * 7, "*"])
def test_no_other_commit_may_be_the_first(runner: "Runner", script: Script, first: str) -> None:
    done = _fetch(runner, script, STUB_STATUS="404", FIRST=first)
    assert (done.code, done.outputs) == (1, {})
    assert f"SANSHEN_FIRST 设为 {'a' * 40}" in done.log


@pytest.mark.parametrize(
    ("codes", "status", "body"),
    [("0", status, "x") for status in ("000", "204", "206", "301", "302", "401", "403", "410")]
    + [("0", status, "x") for status in ("429", "500", "503", "")]
    + [("0", "200", "")]  # an empty file would be taken for none
    + [
        (code, status, "x")
        for code in ("6", "7", "18", "28", "35", "60", "63")
        for status in ("000", "200", "404")
    ],
)
def test_no_other_failure_lets_a_fork_out(
    runner: "Runner", script: Script, codes: str, status: str, body: str
) -> None:
    done = _fetch(runner, script, codes, STUB_STATUS=status, STUB_BODY=body, FIRST="a" * 40)
    assert (done.code, done.outputs) == (1, {})
    assert f"curl 退出码 {codes}，HTTP 状态 {status}" in done.log


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_real_curl_takes_these_options(runner: "Runner", script: Script) -> None:
    (runner.stub / "bin/curl").unlink()  # uncovers the real one
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, never listening: every connection is refused
        done = _fetch(runner, script, SITE=f"https://127.0.0.1:{held.getsockname()[1]}")
    assert done.code == 1
    assert "curl 退出码 7，HTTP 状态 000" in done.log


# -- the site --------------------------------------------------------------------------------------
def _build(runner: "Runner", script: Script, codes: str = "0", **env: str) -> "Outcome":
    none = {"ROOT": "", "AFTER": "none", "BUILDS": "none", "FIRST": "", "LOG_KEY": ""}
    set_up = none | {"STUB_SITE": WHOLE} | env
    return runner.run(script("publish", "build", "Build"), codes, **set_up)


@pytest.mark.parametrize(
    ("code", "site", "ends"),
    [(0, WHOLE, 0), (0, "", 1), (0, "index.html", 1), (0, "log/checkpoint", 1)]
    + [(code, WHOLE, 1) for code in (3, 10, 11, *FAULTS)],
)
def test_only_a_whole_site_is_kept(
    runner: "Runner", script: Script, code: int, site: str, ends: int
) -> None:
    done = _build(runner, script, str(code), STUB_SITE=site)
    assert done.code == ends
    assert [call.strip() for call in done.calls] == ["build --root"]
    assert (f"退出码 {code}" in done.log) is (ends == 1)


def test_the_site_follows_the_published_checkpoint(runner: "Runner", script: Script) -> None:
    done = _build(runner, script, ROOT="f0", AFTER="/tmp/a checkpoint", BUILDS="/tmp/list")
    assert done.calls == ("build --root f0 --after /tmp/a checkpoint --builds /tmp/list",)


@pytest.mark.parametrize(("first", "new"), [("a" * 40, " --new-key"), ("b" * 40, ""), ("", "")])
def test_the_key_may_be_new_at_the_one_commit_named_for_it(
    runner: "Runner", script: Script, first: str, new: str
) -> None:
    assert _build(runner, script, ROOT="f0", FIRST=first).calls == (f"build --root f0{new}",)


@pytest.mark.parametrize(
    ("codes", "status", "path"),
    [
        ("0", "200", "list"),
        ("0", "404", "none"),
        ("0", "500", ""),
        ("6", "000", ""),
        ("63", "200", ""),
    ],
)
def test_the_list_of_builds_is_there_or_is_said_to_be_none(
    runner: "Runner", script: Script, codes: str, status: str, path: str
) -> None:
    step = script("publish", "build", "Fetch the published builds")
    done = runner.run(step, codes, SITE=SITE, STUB_STATUS=status, STUB_BODY="1 x\\n")
    assert done.code == (0 if path else 1)
    there = {"list": str(runner.temp / "published-builds"), "none": "none"}
    assert done.outputs == ({"path": there[path]} if path else {})
    assert done.calls[0].split()[-1] == f"{SITE}/log/builds?run=42.1"


def test_an_answer_that_never_came_is_not_the_answer_none(runner: "Runner", script: Script) -> None:
    """Without the step's output the build is told of a file that is none, which is a fault."""
    assert _build(runner, script, AFTER="").calls[0].split() == ["build", "--root", "--after"]


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (1, 1), (11, 1)])
def test_the_key_is_a_private_file_while_the_build_runs(
    runner: "Runner", script: Script, code: int, ends: int
) -> None:
    done = _build(runner, script, str(code), LOG_KEY=KEY)
    key = runner.temp / "log-key"
    assert done.code == ends
    assert done.calls[0].split() == ["build", "--root", "--log-key", str(key)]
    assert (done.stub / "key").read_text("utf-8") == f"{KEY}\n"
    assert (done.stub / "key").stat().st_mode & 0o777 == 0o600
    assert not key.exists()
    assert "BEGIN KEY" not in done.log + (done.stub / "env").read_text("utf-8")
    assert "日志未签名" not in done.log


def test_an_unsigned_log_is_said(runner: "Runner", script: Script) -> None:
    done = _build(runner, script)
    assert done.code == 0
    assert "::notice title=日志未签名" in done.log
    assert not (runner.temp / "log-key").exists()
