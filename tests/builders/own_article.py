"""An article of an archive's own: quiet hours, as three files that a bureau writes by itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.law import own_rules
from pipeline.law.rulebook import REGULATION
from tests.builders.archive import ArchiveRepo

RULE_PATH = "rules/a19_quiet_hours.py"
SCHEMA_PATH = "schemas/articles/a19_quiet_hours.json"
RULE = '''"""Article 19: quiet hours (第十九条 静默时段).

1. Nothing is published at night. | Human: whether it is urgent.
"""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.law import ItemClause, Rule
from pipeline.model.posts import Post


def quiet(post: Post, archive: Archive) -> Iterator[Complaint]:
    """The hour of publication, by the number of its day: of posts of before nothing is asked."""
    until = archive.registers.parameter("quiet.until", archive.day_of(post))
    if post.meta["publish_at"].hour < until:
        at, night = post.at("publish_at"), say("It is night.")
        yield Complaint("night-chosen", Effect.REFUSE, night, at, say("Wait."))


RULE = Rule((ItemClause(1, quiet, ("publish_at",)),))
'''
SCHEMA: dict[str, Any] = {
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
BEGINS = "2026-11-06"
"""The first quiet night."""
SETTING = "".join(
    f"""    - value: {value}
      unit: "时"
      source: "[D] 自定"
      effective_from: "{begin}"
      ahead: true
"""
    for value, begin in ((0, "2026-01-01"), (6, BEGINS))
)


ARTICLE = "### 第十九条\n\n夜间不发布信息。\n\n"


def longer(law: str) -> str:
    """The regulation with a nineteenth article."""
    assert "\n### 附件" in law
    return law.replace("\n### 附件", f"\n{ARTICLE}### 附件")


def whole_article(archive: ArchiveRepo, rule_path: str = RULE_PATH) -> None:
    """Text, rule, schema and number in one commit, as if they had always stood."""
    archive.write(REGULATION, longer(archive.read(REGULATION).decode()))
    archive.write(rule_path, RULE)
    archive.write(SCHEMA_PATH, json.dumps(SCHEMA))
    policy = archive.read("content/policy.yml").decode()
    row = '{value: 6, unit: "时", source: "[D] x", effective_from: "2023-03-21"}'
    stated = policy.replace("parameters:\n", f"parameters:\n  quiet.until:\n    - {row}\n", 1)
    archive.write("content/policy.yml", stated)
    archive.commit("第十九条", "gly-a")


def state_article(archive: ArchiveRepo, name: str = "law") -> None:
    """Merge the article's text and number, with the consent of both who must."""
    archive.branch(name, "main")
    archive.write(REGULATION, longer(archive.read(REGULATION).decode()))
    archive.write(
        "content/policy.yml",
        archive.read("content/policy.yml").decode() + "  quiet.until:\n" + SETTING,
    )
    archive.commit("细则、参数", "gly-a")
    consent(archive, name)
    archive.merge(name)


def propose_rule(
    archive: ArchiveRepo, name: str = "rule", *, rule: str = RULE, consents: bool = True
) -> None:
    """Rule and schema on a branch of their own, with both consents or none."""
    archive.branch(name, "main")
    archive.write(RULE_PATH, rule)
    archive.write(SCHEMA_PATH, json.dumps(SCHEMA, ensure_ascii=False))
    archive.commit("规则", "gly-a")
    if consents:
        consent(archive, name)


def consent(archive: ArchiveRepo, name: str) -> None:
    """Two people sign what a branch changes."""
    archive.authorise("kz-a", "section-head", name=name)
    archive.authorise("ld-a", "leader-in-charge", name=name)
    archive.commit("授权", "gly-a")


@pytest.fixture
def rules_allowed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test whose reader trusts the archive's rules, and says so."""
    monkeypatch.setattr(own_rules, "_allowed", [])
    own_rules.allow_own_rules()
    yield
