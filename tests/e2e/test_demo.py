"""The demo archive verifies, and shows every clause of the regulation."""

import json
import subprocess
from collections import Counter
from pathlib import Path

from demo.paths import CONTENT, ROOT, front_matter, load
from demo.upgrade import newer_lock, older_lock
from pipeline.source.content.program_lock import LOCK, read_lock
from pipeline.source.content.records import AUTHORISATIONS, paths_under
from pipeline.source.git.bulk_history import appearances
from pipeline.source.git.repository import Repository
from pipeline.source.program import running
from tests.builders.command import ours


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return ours(["-C", str(folder), "--lang", "zh", *words], str(ROOT))


def test_every_clause_is_on_the_good_side_somewhere(copy: Path) -> None:
    """Nothing of the regulation is shown only on paper; four stay with people."""
    seen: dict[str, set[str]] = {}
    for command in ("verify", "audit"):
        done = _run(copy, command, "--format", "json")
        assert done.returncode == 0, done.stdout[-2000:]
        for verdict in json.loads(done.stdout)["verdicts"]:
            for clause, outcome in verdict["outcomes"].items():
                seen.setdefault(clause, set()).add(outcome)
    idle = {c for c, found in seen.items() if not found & {"satisfied", "declared", "entered"}}
    assert idle == {"R01-2", "R06-5", "R12-9", "R13-12"}
    assert len(seen) == 103


def test_it_looks_like_a_bureaus_year() -> None:
    posts = [front_matter(p) for p in sorted((CONTENT / "posts").rglob("post.md"))]
    assert len(posts) >= 30
    assert len(Counter(p["kind"] for p in posts)) >= 11
    days = sorted(p["publish_at"][:10] for p in posts)
    assert (days[0], days[-1]) <= ("2026-08-23", "2026-11-22")
    modes = {a["content_mode"] for a in load(CONTENT / "registers/accounts.yml")["accounts"]}
    assert modes == {"text", "av"}
    assert sum(p.get("validity") == "withdrawn" for p in posts) == 1
    assert sum(p["origin"] == "reprint" for p in posts) >= 4


def test_it_lives_through_one_upgrade(demo: Path) -> None:
    """An older lock at its genesis, the running program's at its end, by consent of two."""
    with Repository.open(demo) as repository:
        locks = list(
            dict.fromkeys(
                a.commit for a in appearances(repository, repository.commit("HEAD"), LOCK)
            )
        )
        read = [read_lock(repository.tree(commit).read(LOCK)) for commit in locks]
        upgraded = repository.tree(locks[-1])
        signed = paths_under(upgraded, AUTHORISATIONS)
    assert [lock.program.version for lock in read] == ["0.8.0", "0.9.0"]
    assert read[-1].program == running()
    assert [p.rpartition("/")[2] for p in signed if p.endswith(".json")] == [
        "kz-a.json", "ld-a.json",
    ]  # fmt: skip
    assert "虚构" in older_lock().decode() and "演示" in newer_lock().decode()


def test_its_upgrade_without_a_consent_is_refused(copy: Path) -> None:
    """The same lock on main with one signature less is found by the audit."""
    clean = {"cwd": copy, "check": True, "capture_output": True}
    found = subprocess.run(
        ["git", "log", "--format=%H", "--first-parent", "-1", "--", LOCK], text=True, **clean
    )
    commit = found.stdout.strip()
    paths = subprocess.run(
        ["git", "show", "--first-parent", "--format=", "--name-only", commit], text=True, **clean
    ).stdout.split()
    subprocess.run(["git", "checkout", "-q", "-B", "main", f"{commit}^1"], **clean)
    subprocess.run(["git", "checkout", "-q", commit, "--", *paths], **clean)
    subprocess.run(["git", "rm", "-qf", *(p for p in paths if "ld-a" in p)], **clean)
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=gly-a@yunlan-yjj.example.org", "commit",
         "-qm", "升级"], **clean,
    )  # fmt: skip
    done = _run(copy, "audit", "--format", "json")
    assert done.returncode == 11
    assert LOCK in done.stdout and "R13-7" in done.stdout
