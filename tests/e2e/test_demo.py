"""The demo archive verifies; with any one review file removed it names who is missing."""

import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from demo.paths import CONTENT, ROOT, front_matter, load
from tests.builders.command import ours

POST = "2026-11-17-reprint-alarm-install"
AWAITED = {"1-first": "信息员", "4-confirm": "科室负责人甲"}


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return ours(["-C", str(folder), "--lang", "zh", *words], str(ROOT))


def test_every_clause_is_on_the_good_side_somewhere(copy: Path) -> None:
    """Nothing of the regulation is shown only on paper; R01-2 alone stays with people."""
    seen: dict[str, set[str]] = {}
    for command in ("verify", "audit"):
        done = _run(copy, command, "--format", "json")
        assert done.returncode == 0, done.stdout[-2000:]
        for verdict in json.loads(done.stdout)["verdicts"]:
            for clause, outcome in verdict["outcomes"].items():
                seen.setdefault(clause, set()).add(outcome)
    idle = {c for c, found in seen.items() if not found & {"satisfied", "declared", "entered"}}
    assert idle == {"R01-2"}
    assert len(seen) == 97


@pytest.mark.parametrize(("step", "ending"), [("1-first", ".json.sig"), ("4-confirm", ".json")])
def test_a_removed_review_file_is_refused_by_name(copy: Path, step: str, ending: str) -> None:
    (copy / f"content/reviews/2026/{POST}/r1/{step}{ending}").unlink()
    author = ["-c", "user.name=x", "-c", "user.email=gly-a@yunlan-yjj.example.org"]
    subprocess.run(["git", *author, "commit", "-qam", "删"], cwd=copy, check=True)
    done = _run(copy, "verify")
    assert done.returncode == 11
    assert AWAITED[step] in done.stdout
    assert POST in done.stdout


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
