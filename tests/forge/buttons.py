"""Merging by each button that the server offers, and what stands on main then."""

import time
from typing import Any

from tests.forge.bureau import READY, Played, Proposed
from tests.forge.server import Refused

STEPS = (
    ("information-officer", "approve"), ("section-head", "approve"),
    ("leader-in-charge", "approve"), ("section-head", "confirm"),
)  # fmt: skip
OFF = ("rebase", "rebase-merge", "fast-forward-only", "manually-merged")


def _ready(bureau: Played, slug: str) -> Proposed:
    """A post that four people signed with keys of their own: nothing was pressed."""
    one = bureau.propose(slug)
    one.signed(*STEPS)
    text = bureau.poll()
    assert one.state() == READY, text + one.comment()
    assert one.labels() == ["三审/可以合并"]
    return one


def _stands(bureau: Played) -> str:
    """Main is taken over, and passes; the message of its newest commit."""
    bureau.poll()
    bureau.git("fetch", "-q", "origin")
    assert bureau.git("rev-parse", "main") == bureau.git("rev-parse", "origin/main")
    bureau.sanshen("verify")
    bureau.sanshen("audit")
    return bureau.git("log", "-1", "--format=%B").strip()


def _ordered(bureau: Played) -> None:
    """A merge that is ordered while nobody has signed waits for the status."""
    one = bureau.propose("ordered")
    one.merge("merge", merge_when_checks_succeed=True)
    bureau.poll()
    assert not one.pull()["merged"]
    one.signed(*STEPS)
    bureau.poll()
    end = time.monotonic() + 60  # it merges in a queue
    while not one.pull()["merged"]:
        assert time.monotonic() < end, one.comment()
        time.sleep(0.5)
    print(f"  预约，变绿之后：{_stands(bureau)!r}", flush=True)


def _squashed(bureau: Played, slug: str, **text: Any) -> None:
    one = _ready(bureau, slug)
    one.merge("squash", **text)
    print(f"  压缩：{_stands(bureau)!r}", flush=True)


def play(bureau: Played, _: bool) -> None:
    bureau.protect()
    one = _ready(bureau, "merged")
    for how in OFF:
        try:
            one.merge(how, MergeCommitID=bureau.git("rev-parse", "origin/main").strip())
            raise AssertionError(f"{how} merged")
        except Refused as refused:
            print(f"  {how} → {refused.status} {refused.text[:90].strip()}", flush=True)
    assert one.pull()["state"] == "open"
    one.merge("merge")
    print(f"  合并提交：{_stands(bureau)!r}", flush=True)
    _ordered(bureau)
    _squashed(bureau, "squashed")
    named = f"进山不带火\n\nCo-authored-by: leader <{bureau.mail('leader-in-charge')}>\n"
    _squashed(bureau, "renamed", MergeTitleField="改过的标题", MergeMessageField=named)
