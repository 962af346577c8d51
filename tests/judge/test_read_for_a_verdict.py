"""What a verdict on a change starts and reads: each process of git for one question, and each file
of governance once."""

import subprocess
from collections import Counter
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import pytest

from pipeline.judge.judgements import verify_change
from pipeline.model import run
from pipeline.source.content import registers
from pipeline.source.git.history import proposed
from pipeline.source.git.repository import Repository
from tests.builders.cast import at

WARNING = "2026-11-21-forest-fire-alert"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[Any]:
    """(path, bytes) of a register → how often it is parsed."""
    counts: Counter[Any] = Counter()
    parse = registers.read_yaml

    def parsed(path: str, raw: bytes, *more: str) -> Any:
        counts[path, raw] += 1
        return parse(path, raw, *more)

    monkeypatch.setattr(registers, "read_yaml", parsed)
    monkeypatch.setattr(run, "RUNS", [run.Run()])
    return counts


def test_a_warning_is_judged_by_few_processes_and_by_registers_read_once(
    demo: Path, read: Counter[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The base of the demo's last warning stands on one change of governance, an upgrade: it is
    judged anew, whether it came lawfully (A20), by a `diff-tree`, a `log` and a `rev-list`."""
    started: Counter[str] = Counter()
    begin = subprocess.Popen.__init__

    def counted(self: Any, command: list[str], *given: Any, **how: Any) -> None:
        if current_thread() is main_thread():  # a desk of another test may still look into its own
            started[next(w for w in command[1:] if w != "-c" and "=" not in w)] += 1
        begin(self, command, *given, **how)

    with Repository.open(demo) as repository:
        find = ("--first-parent", "--merges", "-1", "--format=%P", f"--grep={WARNING}", "main")
        base, head = repository.git("log", *find).decode().split()
    monkeypatch.setattr(subprocess.Popen, "__init__", counted)
    with Repository.open(demo) as repository:
        change = proposed(repository, repository.base(base), repository.commit(head))
        report = verify_change(repository, change, lambda _: at("2026-11-21 12:00"))
    assert [verdict.subject for verdict in report.verdicts] == [WARNING, "change"]
    assert started == {"rev-parse": 1, "cat-file": 1, "rev-list": 2, "diff-tree": 2, "log": 4}
    assert len(read) > 10
    assert {key: count for key, count in read.items() if count > 1} == {}
