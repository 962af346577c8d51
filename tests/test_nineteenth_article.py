"""An article more is three new files and no edit: in the product's own tree, and in an archive."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model.findings import Effect
from pipeline.source.program import BESIDE
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import ROOT
from tests.builders.git import ENVIRONMENT
from tests.builders.named import worded
from tests.builders.own_article import (
    RULE,
    RULE_PATH,
    SCHEMA,
    SCHEMA_PATH,
    consent,
    longer,
    propose_rule,
    rules_allowed,
    state_article,
)
from tests.builders.verdicts import reasons, refused_for

__all__ = ["rules_allowed"]


def _copied(folder: Path) -> Path:
    """The program in a folder of its own, with a nineteenth article in three new files."""
    for name in ("pipeline", *BESIDE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            skip = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=skip)
        else:
            shutil.copy(ROOT / name, folder / name)
    law = folder / "content/regulation.md"
    law.write_text(longer(law.read_text("utf-8")), "utf-8")
    (folder / "pipeline" / RULE_PATH).write_text(RULE, "utf-8")
    (folder / SCHEMA_PATH).write_text(json.dumps(SCHEMA), "utf-8")
    return folder


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**ENVIRONMENT, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "--lang", "en", *arguments],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def test_in_the_product_a_nineteenth_article_is_three_files_and_no_edit(tmp_path: Path) -> None:
    folder = _copied(tmp_path)
    done = _run(folder, "rules")
    assert done.returncode == 0, done.stderr
    row = done.stdout.partition("\n第十九条\n")[2].splitlines()[0]
    assert row.split()[0] == "R19-1" and "Nothing is published at night." in row
    assert "no rule yet" not in done.stdout
    explained = _run(folder, "explain", "R19-1")
    assert "quiet.until = 6" in explained.stdout
    assert "夜间不发布信息。" in explained.stdout


def test_in_an_archive_a_nineteenth_article_is_three_files_and_no_edit(
    archive: ArchiveRepo, rules_allowed: None
) -> None:
    state_article(archive)
    propose_rule(archive)
    archive.merge("rule")
    rulebook = trust(archive.open().tree(archive.head())).rulebook
    (article,) = [a for a in rulebook.articles if a.key == "19"]
    assert article.texts[1].checked == "Nothing is published at night."
    assert [*article.parameters] == ["quiet.until"] and [*article.front_matter["properties"]] == [
        "urgent"
    ]


def test_without_its_heading_the_article_is_refused(archive: ArchiveRepo) -> None:
    propose_rule(archive)
    wanted = ("R13-7", worded("article-missing", key="19"))
    report = archive.verify("main", "rule")
    assert refused_for(report, ("R13-7", "governance-unreadable")) and wanted in reasons(report)


@pytest.mark.parametrize("path", [RULE_PATH, SCHEMA_PATH])
def test_a_rule_without_its_schema_or_a_schema_without_its_rule_is_refused(
    archive: ArchiveRepo, path: str
) -> None:
    state_article(archive)
    propose_rule(archive)
    archive.git("rm", "--quiet", path)
    archive.commit("少一个", "gly-a")
    wanted = worded("rule-without-schema", key="19")
    assert ("R13-7", wanted) in reasons(archive.verify("main", "rule"))


def repealed(archive: ArchiveRepo, rule: str | None) -> None:
    """A proposal with two consents that takes the article away, or leaves it asking nothing."""
    state_article(archive)
    propose_rule(archive)
    archive.merge("rule")
    archive.branch("repeal", "main")
    if rule is None:
        archive.git("rm", "--quiet", RULE_PATH, SCHEMA_PATH)
    else:
        archive.write(RULE_PATH, rule)
    archive.commit("废止", "gly-a")
    consent(archive, "repeal")


@pytest.mark.usefixtures("rules_allowed")
def test_an_article_whose_numbers_stood_is_not_taken_away_and_the_way_is_named(
    archive: ArchiveRepo,
) -> None:
    repealed(archive, None)
    report = archive.verify("main", "repeal")
    remedies = [
        str(f.remedy)
        for v in report.verdicts
        for f in v.findings
        if f.clause == "R17-2" and f.effect is Effect.REFUSE
    ]
    assert remedies and all("with `Unchecked` for its clauses" in r for r in remedies)


@pytest.mark.usefixtures("rules_allowed")
def test_an_article_is_repealed_by_leaving_its_clauses_unchecked(archive: ArchiveRepo) -> None:
    head = RULE.partition("from collections")[0]
    rule = f"{head}from pipeline.model.law import Rule, Unchecked\n\nRULE = Rule((Unchecked(1),))\n"
    repealed(archive, rule)
    report = archive.verify("main", "repeal")
    assert report.decision in (None, Effect.NOTE), reasons(report)
