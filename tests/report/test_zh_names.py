"""In Chinese nothing is called by its English id but what somebody is to type."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.law.rulebook import clause_texts
from pipeline.model.findings import Message, say
from pipeline.model.part import program
from pipeline.model.zh_names import (
    CHANNELS,
    DECLARATIONS,
    FIELDS,
    KINDS,
    PLATFORMS,
    ROLES,
    TRANSLATED,
)
from pipeline.report.language import translator
from pipeline.source.content.shipped_lists import shipped
from tests.builders.named import SENTENCES, worded
from tests.rules.test_every_clause_has_cases import STEMS, rule_of

ROOT = Path(__file__).parents[2]
TR = translator("zh")
IDS = {
    "channel": CHANNELS,
    "kind": {**KINDS, **program().labels},
    "name": DECLARATIONS,
    "platform": PLATFORMS,
    "role": ROLES,
}
"""Name of a value → the ids it may hold; fields and choices keep theirs in brackets."""


def _sentences() -> Iterator[Message]:
    """Every sentence of the program with a value that may be an id, as it is said."""
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args:
                text = node.args[0]
                names = {str(word.arg) for word in node.keywords}
                if isinstance(text, ast.Constant) and names & TRANSLATED:
                    yield Message(str(text.value), tuple((name, ".") for name in sorted(names)))


def _of_clauses() -> Iterator[Message]:
    """Those that stand in the texts of clauses."""
    for stem in STEMS:
        for _, text in clause_texts(rule_of(stem)[1]):
            for sentence, _ in text.findings.values():
                names = {*re.findall(r"{(\w+)", sentence)}
                if names & TRANSLATED:
                    yield Message(sentence, tuple((name, ".") for name in sorted(names)))


def _typed(line: str, word: str) -> bool:
    """Whether an id stands in a command, an option or a path."""
    at = line.index(word)
    before, after = line[:at], line[at + len(word) :]
    command = before.count("`") % 2 == 1 or re.search(r"[A-Za-z0-9_./=-] ?$", before)
    return bool(command or re.match(r"[=./]", after))


def test_no_sentence_calls_an_id_by_its_english_word() -> None:
    seen = 0
    for sentence in (*_sentences(), *_of_clauses()):
        for name, ids in IDS.items():
            for word in ids if (name, ".") in sentence.values else ():
                filled = Message(
                    sentence.text, tuple((n, word if n == name else v) for n, v in sentence.values)
                )
                line = TR(filled)
                seen += 1
                assert word not in re.split(r"[^A-Za-z0-9-]+", line) or _typed(line, word), line
    assert seen > 300


def _properties(node: Any) -> Iterator[str]:
    """Names of all properties of a schema; parameters of the policy have none of their own."""
    if isinstance(node, dict):
        for name, below in node.get("properties", {}).items():
            yield name
            yield from _properties(below if name != "parameters" else {})
        for name, below in node.items():
            if name != "properties":
                yield from _properties(below)
    elif isinstance(node, list):
        for below in node:
            yield from _properties(below)


def _schemas(folder: str) -> Iterator[tuple[str, Any]]:
    for path in sorted((ROOT / "schemas" / folder).glob("*.json")):
        yield path.stem, json.loads(path.read_text("utf-8"))


def test_every_field_kind_role_platform_and_declaration_has_a_name() -> None:
    schemas = [s for folder in ("articles", "registers", "records") for s in _schemas(folder)]
    fields = {name for _, schema in schemas for name in _properties(schema)}
    assert sorted(fields - FIELDS.keys() - program().words.keys()) == []
    kinds = {name for folder in ("registers", "records") for name, _ in _schemas(folder)}
    assert sorted(kinds - program().labels.keys()) == []
    assert sorted({w["name"] for w in shipped("wordings")} - DECLARATIONS.keys()) == []
    text = json.dumps(dict(schemas))
    enums = [set(e) for e in map(json.loads, re.findall(r'"enum": (\[[^\]]*\])', text))]
    roles = next(e for e in enums if "operator" in e)
    platforms = next(e for e in enums if "douyin" in e)
    posts = next(e for e in enums if "penalty" in e)
    assert (roles - ROLES.keys(), platforms - PLATFORMS.keys(), posts - KINDS.keys()) == (
        set(), set(), set()
    )  # fmt: skip


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            say("{key} is missing.", key="contractors.0.contract.scope.1"),
            "缺少 外包单位第1项的合同的范围第2项（scope）。",
        ),
        (say("{key} is missing.", key="no-such"), "缺少 no-such。"),
        (
            say("Choose one of: {allowed}.", allowed="penalty, notice, blue"),
            worded("choose-one-of", "zh", allowed="惩戒公示（penalty）、通知公告（notice）、blue"),
        ),
    ],
)
def test_a_field_is_called_by_its_name_and_keeps_the_key_to_write(
    message: Message, line: str
) -> None:
    assert TR(message) == line


def test_what_is_typed_stays_as_it_is() -> None:
    line = TR(say(SENTENCES["declare-shows-wording"], name="policy-review"))
    assert "sanshen declare policy-review" in line


def test_english_shows_the_ids() -> None:
    english = translator("en")
    assert english(say("{role} is no role.", role="operator")) == "operator is no role."
