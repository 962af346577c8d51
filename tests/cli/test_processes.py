"""No command leaves a process behind, whether it ends well or not."""

import os
from contextlib import suppress
from pathlib import Path

import click
import pytest

from pipeline.program import VERBS, sanshen
from tests.builders.archive import POST, ArchiveRepo
from tests.cli.at_the_desk import run

USAGE = 2
ARGUMENTS = {
    "approve": (POST, "-y"),
    "attest": ("inquiries", "2026-11-05-1", "-y"),
    "audit": ("--no-cache",),
    "authorise": ("-r", "改登记册", "--base", "main", "-y"),
    "build": ("--no-cache",),
    "check": (POST,),
    "confirm": (POST, "-y"),
    "declare": ("own-ownership", "-y"),
    "desk": ("--public-origin", "http://desk.example"),
    "drift": (POST, __file__, "--for", "wechat"),
    "explain": ("R05-4",),
    "expunge": (POST, "-r", "重名", "-y"),
    "file": (POST, "--in", "局档案室", "--by", "xxy-a"),
    "forge": ("setup", "--print"),
    "form": ("--post", POST),
    "import": (__file__, "--account", "wx"),
    "init": ("new", "--id", "yl", "--unit", "云岚市应急管理局"),
    "new": ("inquiry", "--title", "冬季提醒"),
    "people": ("end", "zz-b", "--on", "2026-11-05"),
    "policy": ("confirm", "cadence.text.count"),
    "publish": (POST, "--account", "wx", "--url", "https://mp.weixin.qq.com/s/x"),
    "render": (POST, "--for", "wechat"),
    "report": ("-m", "2026-11"),
    "reproduce": (".",),
    "return": (POST, "-m", "重写"),
    "roster": ("show",),
    "rotate": ("wx", "-r", "scheduled"),
    "simulate": ("cadence.text.count=3", "--since", "2026-11-04"),
    "submit": (POST,),
    "upgrade": ("0.0.1.whl",),
    "verify": ("--base", "main"),
    "verify-site": (".",),
    "waive": (POST,),
    "witness": ("--head", "HEAD", "--reviews", "content/policy.yml"),
}
"""What lets each verb come as far as the repository; how it ends there is asked elsewhere."""


def _children() -> set[int]:
    """Ids of this process's children, zombies included: the fourth word is the parent's
    (proc_pid_stat(5)). Not every kernel lists them by parent."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            if int(path.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(path.parent.name))
    return found


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
