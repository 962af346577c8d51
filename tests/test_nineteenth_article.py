"""An article more is three new files and no edit, shown on a copy of the package."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.builders.cast import ROOT
from tests.builders.git import ENVIRONMENT

RULE = '''"""Article 19: quiet hours (第十九条 静默时段).

1. Nothing is published at night. | Human: whether it is urgent.
"""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.law import ItemClause, Rule
from pipeline.model.posts import Post


def quiet(post: Post, archive: Archive) -> Iterator[Complaint]:
    """The hour of publication."""
    if post.meta["publish_at"].hour < archive.registers.parameter("quiet.until", archive.today):
        yield Complaint(Effect.REFUSE, say("It is night."), post.at("publish_at"), say("Wait."))


RULE = Rule((ItemClause(1, quiet, ("publish_at",)),))
'''

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:sanshen:article:19",
    "title": "Article 19: quiet hours",
    "type": "object",
    "properties": {
        "front_matter": {
            "type": "object",
            "properties": {"urgent": {"type": "boolean", "clause": "R19-1", "description": "x"}},
            "required": [],
        },
        "parameters": {
            "type": "object",
            "properties": {
                "quiet.until": {
                    "type": "integer",
                    "default": 6,
                    "unit": "时",
                    "source": "[D] x",
                    "description": "x",
                }
            },
        },
    },
}


def _copied(folder: Path) -> Path:
    """The package in a folder of its own, with a nineteenth article in three new files."""
    skip = shutil.ignore_patterns("__pycache__")
    for name in ("pipeline", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    law = (ROOT / "content/regulation.md").read_text("utf-8")
    shutil.copytree(ROOT / "content/registers", folder / "content/registers")
    assert "\n### 附件" in law
    longer = law.replace("\n### 附件", "\n### 第十九条\n\n夜间不发布信息。\n\n### 附件")
    (folder / "content/regulation.md").write_text(longer, "utf-8")
    (folder / "pipeline/rules/a19_quiet_hours.py").write_text(RULE, "utf-8")
    (folder / "schemas/articles/a19_quiet_hours.json").write_text(json.dumps(SCHEMA), "utf-8")
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
        timeout=60,
    )


def test_a_nineteenth_article_is_three_files_and_no_edit(tmp_path: Path) -> None:
    folder = _copied(tmp_path)
    done = _run(folder, "rules", "--format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    (row,) = [r for r in told["clauses"] if r["clause"] == "R19-1"]
    assert row["article"] == "第十九条"
    assert row["checked"] == "Nothing is published at night."
    assert told["gaps"] == []
    explained = _run(folder, "explain", "R19-1")
    assert "quiet.until = 6" in explained.stdout
    assert "夜间不发布信息。" in explained.stdout


def test_without_its_heading_the_nineteenth_article_stops_the_program(tmp_path: Path) -> None:
    folder = _copied(tmp_path)
    shutil.copy(ROOT / "content/regulation.md", folder / "content/regulation.md")
    done = _run(folder, "rules")
    assert done.returncode == 1
    assert "The regulation has no article for the rule or schema 19." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rule_without_the_line_of_a_clause_stops_the_program(tmp_path: Path) -> None:
    folder = _copied(tmp_path)
    rule = folder / "pipeline/rules/a19_quiet_hours.py"
    rule.write_text(RULE.replace("1. Nothing", "2. Nothing"), "utf-8")
    done = _run(folder, "rules")
    assert done.returncode == 1
    assert "a19_quiet_hours has no line for clause 1 in its docstring." in done.stderr
