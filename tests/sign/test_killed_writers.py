"""A writer that is killed at any moment leaves whole records (issue: 200 moments; here fewer)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.sign.act import write_record
from tests.builders.cast import ROOT
from tests.builders.git import ENVIRONMENT
from tests.sign.killed_writers import inspect, record


def test_no_moment_leaves_half_a_record() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sign.killed_writers", "--moments", "20"],
        cwd=ROOT,
        env={
            **ENVIRONMENT,
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("20 moments, ")
    assert ", 0 whole" not in done.stdout


@pytest.mark.parametrize("cut", [0, 1, -1])
def test_half_a_record_would_be_found(tmp_path: Path, cut: int) -> None:
    path, signature = write_record(tmp_path, record(1))
    assert inspect(tmp_path) == 1
    target = signature if cut == -1 else path
    target.write_bytes(target.read_bytes()[:cut])
    with pytest.raises(AssertionError, match="half a"):
        inspect(tmp_path)
