"""A1: a change that edits its own judges is refused, and judged by the old ones."""

import json
from typing import Any

import pytest

from pipeline.new.new_archive import running_lock
from pipeline.source.content.program_lock import LOCK, OWN, SHIPPED, write_lock
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import key
from tests.builders.evidence import CAST
from tests.builders.layers import lay, locked, own_schema
from tests.builders.named import shows
from tests.builders.own_article import BEGINS, RULE, RULE_PATH, SCHEMA, SCHEMA_PATH, state_article
from tests.builders.verdicts import finds, marks, reasons, refused_for, run, run_verify


def _edit(archive: ArchiveRepo, area: str) -> None:
    if area == "roster":
        archive.next_roster(key("gly-b"))
    elif area == "policy":
        archive.change("content/policy.yml", '"云岚应急"', '"云岚"')
    elif area == "regulation":
        archive.write("content/regulation.md", archive.read("content/regulation.md") + b"\n")
    elif area == "schema":
        lay(archive, own_schema("articles/a05_updates", lambda s: s.update(title="5")))
    elif area == "rule":
        archive.write(RULE_PATH, RULE)
    elif area == "shadow":
        archive.write("rules/a05_updates.py", "RULE = None\n")
    elif area == "lock":
        archive.write(LOCK, write_lock(running_lock()._replace(wheel_sha256="1" * 64)))
    elif area == "wheel":
        archive.write("program/sanshen-9.9.9-py3-none-any.whl", b"PK")
    elif area == "site":
        archive.write("site/assets/theme.css", "body {}\n")
    else:
        archive.write(".github/workflows/verify.yml", "on: push\n")


MIXED = {
    "roster": "governance",
    "policy": "governance",
    "regulation": "governance",
    "schema": "rules",
    "rule": "rules",
    "shadow": "rules",
    "lock": "rules",
    "wheel": "rules",
    "site": "site",
    "workflow": "workflows",
}


UNFIT = {
    "rule": [("R13-7", "governance-unreadable")],
    "shadow": [("R13-7", "governance-unreadable")],
    "lock": [("R13-7", "program-other-bytes")],
    "wheel": [("R13-7", "program-file-foreign")],
}
"""What is refused whatever it comes with."""


@pytest.mark.parametrize("area", MIXED)
def test_an_edited_judge_beside_a_post_is_refused(approved: ArchiveRepo, area: str) -> None:
    _edit(approved, area)
    approved.commit("夹带", "zz-a")
    report = approved.verify()
    assert report.exit_code == 11
    mixed = {m for c, m in reasons(report) if c == "R13-7" and "mixes" in m}
    assert mixed, marks(report)
    assert all(f"mixes {MIXED[area]} (" in m for m in mixed)
    assert all(c == "R13-7" for c, _ in marks(report)), marks(report)


@pytest.mark.parametrize("area", MIXED)
def test_signatures_do_not_heal_a_mixture(approved: ArchiveRepo, area: str) -> None:
    _edit(approved, area)
    approved.commit("夹带", "zz-a")
    approved.authorise("kz-a", "section-head")
    approved.authorise("ld-a", "leader-in-charge")
    approved.commit("授权", "zz-a")
    mixed = ("R13-7", "change-mixed")
    assert refused_for(approved.verify(), mixed, *UNFIT.get(area, ()))


def test_a_key_that_a_change_brings_along_cannot_sign_its_post(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.next_roster(key("xxy-a", "intruder"))
    archive.commit("起草", "zz-a")
    for step in CAST:
        archive.review(POST, step, key="intruder" if step == "first" else "")
    archive.commit("审核", "zz-a")
    report = archive.verify()
    assert finds(report, "R11-1", "key-unregistered")
    assert any("mixes governance" in m for _, m in reasons(report))
    assert report.exit_code == 11


def _lower(archive: ArchiveRepo, by: str) -> None:
    """What would let a topic pass that no regulation knows."""
    if by == "schema":
        lay(archive, own_schema("articles/a04_focus", open_topic))
    else:
        lay(archive, locked("0.1.0" if by == "lock" else "", OWN if by == "own" else SHIPPED))


def open_topic(schema: Any) -> None:
    schema["properties"]["front_matter"]["properties"]["topic"] = {
        "type": "string", "clause": "R04-1", "description": "x",
    }  # fmt: skip


@pytest.mark.parametrize("by", ["schema", "lock", "own"])
def test_a_lowered_bar_does_not_judge_the_post_that_lowers_it(
    archive: ArchiveRepo, by: str
) -> None:
    """By a schema over the program's, an older program, or a regulation of the archive's own."""
    archive.draft(topic="nonsense")
    _lower(archive, by)
    archive.commit("放低", "zz-a")
    report = archive.verify()
    assert finds(report, "R04-1", "value-not-allowed topic")
    assert finds(report, "R13-7", "change-mixed")


def test_a_rule_that_a_change_brings_does_not_judge_its_post(archive: ArchiveRepo) -> None:
    """Neither does it acquit anything, nor is anything held to it."""
    state_article(archive)
    archive.branch("both", "main")
    archive.draft(f"{BEGINS}-more", publish_at=f"{BEGINS}T03:30:00+08:00")
    archive.write(RULE_PATH, RULE)
    archive.write(SCHEMA_PATH, json.dumps(SCHEMA))
    archive.commit("夹带", "zz-a")
    report = archive.verify("main", "both")
    assert not [v.subject for v in report.verdicts if "R19-1" in v.outcomes]
    assert finds(report, "R13-7", "change-mixed")


def test_the_command_says_so(approved: ArchiveRepo) -> None:
    _edit(approved, "policy")
    approved.commit("夹带", "zz-a")
    done = run_verify(approved.root, "--base", "main", "--head", "proposal")
    assert done.returncode == 11, done.stderr
    assert "R13-7  REFUSED" in done.stdout
    assert finds(approved.verify("main", "proposal"), "R13-7", "change-mixed")
    assert "Next: " in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("law", ["", "# 细则\n", "### 第一条\n"])
def test_a_law_without_articles(archive: ArchiveRepo, law: str) -> None:
    archive.write("content/regulation.md", law)
    archive.commit("改细则", "gly-a")
    report = archive.verify()
    assert report.exit_code == 11
    wanted = [m for c, m in reasons(report) if c == "R13-7"]
    assert any(shows(m, "article-missing") for m in wanted)
    archive.merge("proposal")
    done = run(archive.root, "verify", lang="zh")
    assert done.returncode == 1
    assert shows(done.stderr, "article-missing", "zh")
