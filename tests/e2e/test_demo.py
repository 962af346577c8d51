"""The demo archive verifies, and shows every clause of the regulation."""

import json
import subprocess
from collections import Counter
from pathlib import Path

from demo.paths import CONTENT, ROOT, front_matter, load
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
