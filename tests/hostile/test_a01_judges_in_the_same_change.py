"""A1: a change that edits its own judges is refused, and judged by the old ones."""

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import key
from tests.builders.evidence import CAST
from tests.builders.verdicts import reasons, refused_for, run, run_verify


def _edit(archive: ArchiveRepo, area: str) -> None:
    if area == "roster":
        archive.next_roster(key("gly-b"))
    elif area == "policy":
        archive.change("content/policy.yml", '"云岚应急"', '"云岚"')
    elif area == "regulation":
        archive.write("content/regulation.md", archive.read("content/regulation.md") + b"\n")
    elif area == "schema":
        archive.change("schemas/articles/a05_updates.json", "Article 5", "article 5")
    elif area == "rule":
        archive.write("pipeline/rules/a05_updates.py", "RULE = None\n")
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
    "site": "site",
    "workflow": "workflows",
}


@pytest.mark.parametrize("area", MIXED)
def test_an_edited_judge_beside_a_post_is_refused(approved: ArchiveRepo, area: str) -> None:
    _edit(approved, area)
    approved.commit("夹带", "zz-a")
    report = approved.verify()
    assert report.exit_code == 11
    mixed = {m for c, m in reasons(report) if c == "R13-7" and "mixes" in m}
    assert mixed, reasons(report)
    assert all(f"mixes {MIXED[area]} (" in m for m in mixed)
    assert all(c == "R13-7" for c, _ in reasons(report)), reasons(report)


@pytest.mark.parametrize("area", MIXED)
def test_signatures_do_not_heal_a_mixture(approved: ArchiveRepo, area: str) -> None:
    _edit(approved, area)
    approved.commit("夹带", "zz-a")
    approved.authorise("kz-a", "section-head")
    approved.authorise("ld-a", "leader-in-charge")
    approved.commit("授权", "zz-a")
    assert refused_for(approved.verify(), ("R13-7", f"mixes {MIXED[area]} ("))


def test_a_key_that_a_change_brings_along_cannot_sign_its_post(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.next_roster(key("xxy-a", "intruder"))
    archive.commit("起草", "zz-a")
    for step in CAST:
        archive.review(POST, step, key="intruder" if step == "first" else "")
    archive.commit("审核", "zz-a")
    report = archive.verify()
    assert ("R11-1", "The key that signed is not in the roster.") in reasons(report)
    assert any("mixes governance" in m for _, m in reasons(report))
    assert report.exit_code == 11


def test_a_deleted_rule_still_judges(archive: ArchiveRepo) -> None:
    """The parameter says who may wait; the change cannot lower the bar for its own post."""
    archive.draft(topic="nonsense")
    (archive.root / "schemas/articles/a04_focus.json").unlink()
    archive.commit("删规则", "zz-a")
    report = archive.verify()
    assert ("R04-1", "topic has a value that is not allowed.") in reasons(report)


def test_the_command_says_so(approved: ArchiveRepo) -> None:
    _edit(approved, "policy")
    approved.commit("夹带", "zz-a")
    done = run_verify(approved.root, "--base", "main", "--head", "proposal")
    assert done.returncode == 11, done.stderr
    assert "R13-7  REFUSED" in done.stdout
    assert "The change mixes governance (content/policy.yml) with posts" in done.stdout
    assert "Next: Split it: each of these classes is a change of its own." in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("law", ["", "# 细则\n", "### 第一条\n"])
def test_a_law_without_articles(archive: ArchiveRepo, law: str) -> None:
    archive.write("content/regulation.md", law)
    archive.commit("改细则", "gly-a")
    report = archive.verify()
    assert report.exit_code == 11
    wanted = [m for c, m in reasons(report) if c == "R13-7"]
    assert any("The regulation has no article for the rule or schema" in m for m in wanted)
    archive.merge("proposal")
    done = run(archive.root, "verify", lang="zh")
    assert done.returncode == 1
    assert "细则中没有与规则" in done.stderr
