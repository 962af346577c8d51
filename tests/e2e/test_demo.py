"""The demo archive verifies, and shows every clause of the regulation."""

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from demo.paths import CONTENT, ROOT, front_matter, load
from pipeline.judge.load_governance import trust
from pipeline.source.content.program_lock import LOCK, read_lock
from pipeline.source.content.records import AUTHORISATIONS, paths_under
from pipeline.source.git.bulk_history import appearances
from pipeline.source.git.repository import Repository
from pipeline.source.program import running
from tests.builders.command import ours


def test_every_clause_is_on_the_good_side_somewhere(reports: dict[str, dict[str, Any]]) -> None:
    """Nothing of the regulation is shown only on paper; four stay with people."""
    seen: dict[str, set[str]] = {}
    for report in reports.values():
        for verdict in report["verdicts"]:
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
    """An older lock at its genesis, the running program's at its end, by consent of two; what
    came with the newer one, its lists, is read from then on, and the archive's own go."""
    with Repository.open(demo) as repository:
        found = appearances(repository, repository.commit("HEAD"), LOCK)
        trees = [repository.tree(a.commit) for a in found]
        locks = [read_lock(tree.read(LOCK)) for tree in trees]
        signed = paths_under(trees[-1], AUTHORISATIONS)
        judged = [trust(tree).registers.entries["wordings"] for tree in trees]
    assert [lock.program.version for lock in locks] == ["0.8.0", "0.9.0"]
    assert locks[-1].program == running()
    assert [p.rpartition("/")[2] for p in signed if p.endswith(".json")] == [
        "kz-a.json", "ld-a.json",
    ]  # fmt: skip
    texts = [locks[0].requirements, locks[1].requirements]
    assert all("演示" in text for text in texts) and "虚构" in texts[0]
    assert [{w.path for w in words} for words in judged] == [
        {"content/registers/wordings.yml"},
        {""},
    ]
    assert [w.id for w in judged[0]] == [w.id for w in judged[1]] != []


def test_its_upgrade_without_a_consent_is_refused(copy: Path) -> None:
    """The same change on main with one signature less is found by the audit."""

    def git(*words: str) -> str:
        who = ("-c", "user.name=x", "-c", "user.email=gly-a@yunlan-yjj.example.org")
        done = subprocess.run(
            ["git", *who, *words], cwd=copy, check=True, capture_output=True, text=True
        )
        return done.stdout

    commit = git("log", "--format=%H", "--first-parent", "-1", "--", LOCK).strip()
    git("checkout", "-q", "-B", "main", commit)
    git("reset", "-q", "--soft", f"{commit}^1")
    git("rm", "-qf", "content/records/authorisations/2026/*/ld-a.*")
    git("commit", "-qm", "升级")
    done = ours(["-C", str(copy), "audit", "--format", "json"], str(ROOT))
    assert done.returncode == 11
    findings = [f for v in json.loads(done.stdout)["verdicts"] for f in v["findings"]]
    refused = [f for f in findings if f["effect"] == "refuse"]
    assert [f["clause"] for f in refused] == ["R13-7"]
