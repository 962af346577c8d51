"""The whole table of a tiny archive, without peers: that it can be made, not how fast."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import budgets, desk, lab, measure, ours, paint, peers, readers
from benchmarks.budgets import Judged, Results, judged
from benchmarks.measure import Missing, Spent, spend
from tests.builders.command import ours as command_of_ours
from tests.builders.git import ENVIRONMENT

POSTS = 8


@pytest.mark.browser
def test_every_row_of_ours_is_measured_and_every_budget_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "WORK", tmp_path)
    for module in (measure, paint):
        monkeypatch.setattr(module, "RUNS", 1)
    monkeypatch.setattr(paint, "SLOWER", 1)

    def forked(command: Sequence[str], codes: Sequence[int]) -> Spent:
        home = ENVIRONMENT | {"XDG_STATE_HOME": str(tmp_path / "state")}
        done = command_of_ours(command[1:], str(tmp_path), home)
        assert done.returncode in codes, done.stderr
        return Spent(1, 1, 1, told=done.stdout)

    monkeypatch.setattr(ours, "spend", forked)
    for name in ("SHARDS", "SINGLE"):
        monkeypatch.setattr(ours, name, 1)
    monkeypatch.setattr(readers, "QUERIES", 2)
    monkeypatch.setattr(bench, "SOURCES", (ours.rows, readers.rows, desk.rows))
    results = bench.measured(POSTS, lean=False)
    for name, figure in results.figures.items():
        assert not isinstance(figure, Missing), (name, figure)
        assert not isinstance(figure, Spent) or (figure.wall > 0 and figure.cpu > 0), name
    lines = list(judged(results, results))
    assert len(lines) == len([b for b in budgets.BUDGETS if b.posts[0] <= POSTS])
    beside = (" than ", "× hugo", "× Ed25519")  # seconds are told at the pace of the floor
    for line in lines:
        unmeasured = any(word in line.budget for word in beside) or line.budget.endswith(" s")
        assert (line.met is None) == unmeasured, line
    met = {(line.work, line.budget): line.met for line in lines}
    assert met[ours.ADDED, "the bytes of a cold build"]
    assert met[ours.ASSEMBLE, "the bytes of a cold build"]
    assert met[readers.RECALL, "≥ 0.99"]
    page = "\n".join(bench.section(results, None))
    assert all(f"| {name} | " in page for name in results.figures)


def test_the_page_says_what_is_missing() -> None:
    reason = Missing("not installed")
    results = Results(POSTS, False, {ours.AUDIT: Spent(1, 1, 1), peers.GITTUF: reason})
    page = "\n".join(bench.section(results, None))
    assert f"| {peers.GITTUF} | not installed |" in page
    assert f"faster than {peers.GITTUF} | not measured: not installed | – |" in page
    assert "| not measured: left out of this run | – |" in page
    assert "the smaller archive" not in page
    lean = "\n".join(bench.section(Results(POSTS, True, {}), None))
    assert "not measured" not in lean


def test_seconds_are_judged_at_the_pace_of_the_machine_they_were_set_on() -> None:
    def line(floor: float) -> Judged:
        rows = {ours.CHECK: Spent(1.2, 1.0, 0), peers.FLOOR: Spent(floor, floor, 0)}
        results = Results(1_000, False, rows)
        return next(line for line in judged(results, None) if line.work == ours.CHECK)

    assert line(0.35)[2:] == ("1.20 s (by the clock 1.20 s)", False)
    assert line(1.05)[2:] == ("0.40 s (by the clock 1.20 s)", True)


def test_budgets_are_computed() -> None:
    own, peer = Spent(2.0, 3.0, 1 << 30), Spent(4.0, 3.0, 0)
    rows = {ours.AUDIT: own, peers.FLOOR: peer, peers.SSH_KEYGEN: peer.times(100)}

    def lines(audit: Spent) -> dict[str, Judged]:
        results = Results(10_000, False, {**rows, ours.AUDIT: audit})
        return {line.budget: line for line in judged(results, None) if line.work == ours.AUDIT}

    fast, slow = lines(own), lines(own.times(100))
    assert fast[f"≤ 5× {peers.FLOOR}"][2:] == ("0.50× (CPU 1.00×)", True)
    assert fast[f"≥ 25× faster than {peers.SSH_KEYGEN}"][2:] == ("200.00× (CPU 100.00×)", True)
    assert fast["≤ 1024 MiB"].met is True
    assert fast[f"≥ 28× faster than {peers.GITTUF}"].met is None
    assert slow[f"≤ 5× {peers.FLOOR}"].met is False
    assert slow[f"≥ 25× faster than {peers.SSH_KEYGEN}"].met is False


def test_a_process_is_measured_with_its_children(tmp_path: Path) -> None:
    busy = "import os, time; [os.fork() for _ in 'ab']; b = bytearray(10**8); b[:] = b'x' * 10**8"
    once = spend([sys.executable, "-c", f"{busy}; time.sleep(1)"], tmp_path)
    assert once.peak > 4 * 10**8
    with pytest.raises(SystemExit, match="3"):
        spend([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
