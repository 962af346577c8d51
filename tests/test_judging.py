"""The hostile archives can be held against another implementation, by its command line alone."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.builders.cast import ROOT
from tests.builders.command import command_at

SOME = (
    "tests/hostile/test_a03_changed_after_approval.py::test_changed_back_it_passes_again",
    "tests/hostile/test_a03_changed_after_approval.py::test_it_stays_refused_where_it_stands",
    "tests/hostile/test_a14_moving_base.py::test_a_conflict_is_a_fault_with_a_way_out",
    "tests/hostile/test_a20_direct_push.py::test_two_people_answer_for_it_and_it_stays_visible",
    "tests/hostile/test_a23_forks_of_the_log.py",
)
PRAISE = {
    "version": 2, "program": {"version": "0.0.0", "digest": "sha256:"}, "locked": None,
    "command": "verify", "as_of": "2026-11-05T12:00:00+08:00",
    "base": None, "head": None, "exit_code": 0, "decision": "pass", "unchecked": [],
    "counts": {"checked": 1, "declared": 0, "entered": 0, "unchecked": 0}, "regulation": "0" * 64,
    "verdicts": [{"subject": "change", "decision": "pass", "outcomes": {"R11-1": "satisfied"},
                  "findings": []}],
    "disclaimer": "All is well.",
}  # fmt: skip


def tried(judge: str, *tests: str) -> subprocess.CompletedProcess[str]:
    """Run hostile tests as `make hostile` does, with a command as the judge."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-rA", *tests],
        cwd=ROOT,
        env={**os.environ, "SANSHEN_JUDGE": judge},
        capture_output=True,
        text=True,
        check=False,
    )


def test_our_own_command_passes_the_trial_that_others_take(tmp_path: Path) -> None:
    judge = tmp_path / "sanshen"
    with command_at(judge):
        done = tried(str(judge), *SOME)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^7 passed, \d+ deselected", done.stdout, re.MULTILINE)


def test_a_command_that_lets_everything_pass_fails_it(tmp_path: Path) -> None:
    judge = tmp_path / "yes.py"
    judge.write_text(f"print({json.dumps(json.dumps(PRAISE))})\n", encoding="utf-8")
    done = tried(f"{sys.executable} {judge}", *SOME[:3])
    assert done.returncode == 1, done.stdout
    assert "4 failed, 2 passed" in done.stdout
