"""The whole table of a tiny archive, without peers: that it can be made, not how fast."""

import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as bench
from benchmarks import (
    budgets,
    desk,
    earlier,
    lab,
    measure,
    ours,
    paint,
    peers,
    readers,
    site_peers,
)
from benchmarks.budgets import Judged, Results, judged
from benchmarks.lab import Lab, Row
from benchmarks.measure import Missing, Spent, spend
from tests.browser.serving import PROGRAM
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
    monkeypatch.setattr(paint, "SETTLED", 100)
    monkeypatch.setattr(paint, "PHONE", {**paint.PHONE, "device_scale_factor": 1})
    fast = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    monkeypatch.setattr(paint, "NETWORK", {**paint.NETWORK, **fast})
    monkeypatch.setattr(readers, "shutil", SimpleNamespace(which=lambda _: PROGRAM))

    def forked(command: Sequence[str], codes: Sequence[int]) -> Spent:
        home = ENVIRONMENT | {"XDG_STATE_HOME": str(tmp_path / "state")}
        done = command_of_ours(command[1:], str(tmp_path), home)
        assert done.returncode in codes, done.stderr
        return Spent(1, 1, 1, told=done.stdout)

    monkeypatch.setattr(ours, "spend", forked)
    monkeypatch.setattr(ours, "SINGLE", 1)
    monkeypatch.setattr(readers, "QUERIES", 2)

    def beside(_: Lab) -> Iterator[Row]:
        yield from ((earlier.row(work), lambda: 1.0) for work in earlier.WORK)

    sources = (ours.rows, ours.builds, readers.rows, desk.rows, beside)
    monkeypatch.setattr(bench, "SOURCES", sources)
    page, results = _printed(bench.section(POSTS, False, None))
    for name, figure in results.figures.items():
        assert not isinstance(figure, Missing), (name, figure)
        assert not isinstance(figure, Spent) or (figure.wall > 0 and figure.cpu > 0), name
        assert f"| {name} | " in page
    lines = list(judged(results, results))
    assert len(lines) == len([b for b in budgets.BUDGETS if b.posts[0] <= POSTS <= b.posts[1]])
    assert [line for line in lines if line.met is None] == []
    met = {(line.work, line.budget): line.met for line in lines}
    assert met[ours.ADDED, "the bytes of a cold build"]
    assert met[readers.RECALL, "≥ 0.99"]


def _printed(parts: Generator[str, None, Results]) -> tuple[str, Results]:
    """What a section prints, and what it returns."""
    lines = []
    while True:
        try:
            lines.append(next(parts))
        except StopIteration as end:
            return "\n".join(lines), end.value


def test_a_row_that_fails_is_named_and_the_others_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Spent:
        raise SystemExit("sanshen check: 1\nno | such post")

    def rows(_: Lab) -> Iterator[Row]:
        yield ours.HELP, lambda: Spent(1, 1, 1)
        yield ours.CHECK, fails
        yield ours.AUDIT, lambda: Spent(2, 2, 2)
        raise ValueError("no site")

    def others(_: Lab) -> Iterator[Row]:
        yield readers.RECALL, lambda: 1.0

    monkeypatch.setattr(bench, "SOURCES", (rows, others))
    monkeypatch.setattr(Lab, "of", lambda *_: None)
    parts, lines = bench.section(POSTS, False, None), list[str]()
    while not any(ours.AUDIT in line for line in lines):
        lines.append(next(parts))
    assert f"| {ours.HELP} | 1.00 | 1.00 | 0.60 | 0 | 1 |" in lines, "written as it is measured"
    rest, results = _printed(parts)
    page = "\n".join([*lines, rest])
    reason = "**failed**: SystemExit: sanshen check: 1 no   such post"
    assert f"| {ours.CHECK} | – | – | – | – | {reason} |" in page
    follows = f"| what follows {ours.AUDIT} | – | – | – | – | **failed**: ValueError: no site |"
    assert follows in page
    assert results.number(readers.RECALL) == 1.0
    assert f"| {ours.CHECK} | ≤ 0.36 CPU s | not measured: {reason} | – |" in page


def test_the_page_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(_: Lab) -> Iterator[Row]:
        yield peers.GITTUF, lambda: Missing("not installed")

    monkeypatch.setattr(bench, "SOURCES", (rows,))
    monkeypatch.setattr(Lab, "of", lambda *_: None)
    page, results = _printed(bench.section(POSTS, False, None))
    assert f"| {peers.GITTUF} | – | – | – | – | not installed |" in page
    assert "| not measured: left out of this run | – |" in page
    assert "the smaller archive" not in page
    lean, _ = _printed(bench.section(POSTS, True, results))
    assert "not measured" not in lean


def test_what_became_dearer_since_the_page_was_written_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, ...]] = []

    def run(tree: Path, archive: Path, verb: str, *options: str) -> Spent:
        assert (tree / "pipeline/__main__.py").is_file()
        ran.append((archive.name, verb))
        return Spent(1, 1.2 if archive.name == "now" and verb == "build" else 1.0, 0)

    monkeypatch.setattr(earlier, "_run", run)
    monkeypatch.setattr(earlier, "make", lambda *_: None)
    monkeypatch.setattr(measure, "WORK", tmp_path)
    turns = earlier.Turns(tmp_path)
    figures = {earlier.row(work): turns.ratio(work) for work in earlier.WORK}
    assert [*figures.values()] == [1.0, 1.0, 1.2, 1.2]
    assert ran[:8:4] == [("earlier", "verify"), ("now", "verify")], "in turn"
    assert len(ran) == earlier.ROUNDS * len(earlier.WORK) * 2, "each once a round"
    lines = judged(Results(1_000, False, figures), None)
    met = {line.work: line.met for line in lines if line.work in figures}
    assert [*met.values()] == [True, True, False, False]


def test_seconds_are_judged_by_the_loop_that_ran_beside() -> None:
    def line(loop: float) -> Judged:
        rows = {ours.CHECK: Spent(9.9, 0.6, 0, loop=loop)}
        results = Results(1_000, False, rows)
        return next(line for line in judged(results, None) if line.work == ours.CHECK)

    assert line(0.6)[2:] == ("0.60 s (here CPU 0.60 s, loop 0.60)", False)
    assert line(1.2)[2:] == ("0.30 s (here CPU 0.60 s, loop 1.20)", True)


def test_budgets_are_computed() -> None:
    own, hugo = Spent(40.0, 60.0, 1 << 30), Spent(4.0, 3.0, 0)
    rows = {
        ours.AUDIT: own,
        ours.AUDIT_ONE: Spent(76.0, 60.0, 0),
        ours.ADDED: Spent(1.0, 1.0, 0),
        site_peers.HUGO_CHANGED: hugo,
    }

    def lines(audit: Spent) -> dict[tuple[str, str], Judged]:
        results = Results(10_000, False, {**rows, ours.AUDIT: audit})
        return {(line.work, line.budget): line for line in judged(results, None)}

    fast, slow = lines(own), lines(own.times(2))
    each = ours.AUDIT, "≤ 8 CPU ms a post"
    assert fast[each][2:] == ("6.0 ms (here CPU 60.00 s, loop 0.60)", True)
    assert slow[each].met is False
    sooner = ours.AUDIT, "≥ 1.8× as fast as on one processor"
    assert fast[sooner][2:] == ("1.90×", True)
    assert slow[sooner].met is False
    assert fast[ours.AUDIT, "≤ 1024 MiB"].met is True
    assert fast[ours.ADDED, f"< {site_peers.HUGO_CHANGED}"][2:] == ("0.33×", True)


def test_a_query_is_cut_out_of_a_body_of_any_length() -> None:
    posts = {f"2026-01-01-{n:02}": f"---kind:tip---{('防汛应急通知' * 3)[:n]}" for n in range(12)}
    cut = list(readers.queries(posts))
    assert len(cut) == len(posts) - 1, "all but the empty one"
    assert all(any(query in text for text in posts.values()) for query in cut)


def test_the_floor_knows_nothing_of_the_project() -> None:
    code = (
        "import sys; sys.argv[1:] = ['4', '2']; import runpy; "
        f"runpy.run_path({str(peers.SIGNATURES)!r}); "
        "sys.exit(any(name.split('.')[0] in ('pipeline', 'benchmarks') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 0
    done = subprocess.run([sys.executable, "-I", str(peers.SIGNATURES), "4", "2"], check=False)
    assert done.returncode == 0


FOUR_AT_ONCE = """
import os, time
[os.fork() for _ in "ab"]
held = bytearray(10**8)
held[:] = b"x" * 10**8
there = os.open("there", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
os.write(there, b"x")
while os.fstat(there).st_size < 4:
    time.sleep(0.01)
time.sleep(1)
"""


def test_a_process_is_measured_with_its_children(tmp_path: Path) -> None:
    once = spend([sys.executable, "-c", FOUR_AT_ONCE], tmp_path)
    assert once.peak > 4 * 10**8
    assert 0.01 < once.loop < 60
    with pytest.raises(SystemExit, match="3"):
        spend([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
