"""No command leaves a process behind, whether it ends well or not."""

from pathlib import Path

import click
import pytest

from pipeline.cli import VERBS, sanshen
from tests.builders.archive import POST, ArchiveRepo
from tests.cli.at_the_desk import run

USAGE = 2
ARGUMENTS = {
    "approve": (POST, "-y"),
    "audit": ("--no-cache",),
    "authorise": ("-r", "改登记册", "--base", "main", "-y"),
    "build": ("--no-cache",),
    "check": (POST,),
    "confirm": (POST, "-y"),
    "declare": ("own-ownership", "-y"),
    "desk": ("--public-origin", "http://desk.example"),
    "drift": (POST, __file__, "--for", "wechat"),
    "explain": ("R05-4",),
    "export": ("out", "--year", "2026"),
    "expunge": (POST, "-r", "重名", "-y"),
    "file": (POST, "--in", "局档案室", "--by", "xxy-a"),
    "forge": ("setup", "--print"),
    "form": ("--post", POST),
    "init": ("new", "--id", "yl", "--unit", "云岚市应急管理局"),
    "new": ("inquiry",),
    "password-check": ("wx",),
    "preview": (POST,),
    "publish": (POST, "--account", "wx", "--url", "https://mp.weixin.qq.com/s/x"),
    "render": (POST, "--for", "wechat"),
    "report": ("-m", "2026-11"),
    "return": (POST, "-m", "重写"),
    "roster": ("show",),
    "rotate": ("wx", "-r", "scheduled"),
    "serve": ("-d", "."),
    "verify": ("--base", "main"),
    "verify-site": (".",),
    "waive": (POST,),
    "witness": ("--head", "HEAD", "--reviews", "content/policy.yml"),
}
"""What lets each verb come as far as the repository; how it ends there is asked elsewhere."""


def _children() -> set[int]:
    """Ids of this process's children (proc_pid_children(5)), zombies included."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(word) for each in lists for word in each.read_text().split()}


@pytest.mark.parametrize("verb", VERBS)
def test_a_command_leaves_no_process(
    verb: str, approved: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(approved.root)
    command = sanshen.get_command(click.Context(sanshen), verb)
    before = _children()
    result = run(command, approved, *ARGUMENTS.get(verb, ()))
    assert result.exit_code != USAGE, result.output
    assert _children() <= before
