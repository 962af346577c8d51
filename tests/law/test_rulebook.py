"""Law, rules and schemas one to one, or no verdict; an article more is three files and no edit."""

import json
import re
import subprocess
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.law.rulebook import RULES, Rows, carried_rules, clause_texts, load
from pipeline.model.law import Rulebook, Unchecked, front_matter_schema, parameter_schemas
from tests.builders.cast import ROOT

Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    """Law and article schemas of the product, to be spoiled."""
    found = {
        p.relative_to(ROOT).as_posix(): p.read_bytes() for p in (ROOT / "schemas").rglob("*.json")
    }
    return found | {"law": (ROOT / "content/regulation.md").read_bytes()}


def _load(files: Files) -> Rulebook:
    return load(files["law"], {k: v for k, v in files.items() if k != "law"})


def _edit(files: Files, stem: str, change: Any) -> None:
    path = f"schemas/articles/{stem}.json"
    value = json.loads(files[path])
    change(value["properties"])
    files[path] = json.dumps(value).encode()


def test_no_article_is_a_gap(files: Files) -> None:
    assert _load(files).gaps == ()


def test_what_no_machine_can_check_is_exactly_this(files: Files) -> None:
    unchecked = [i for i, clause in _load(files).clauses() if isinstance(clause, Unchecked)]
    assert unchecked == ["R01-2", "R06-5", "R12-9", "R13-12"]


def test_the_law_is_whole(files: Files) -> None:
    book = _load(files)
    keys = [a.key for a in book.articles]
    assert keys == [*(f"{n:02}" for n in range(1, 19)), "F"]
    assert [a.heading for a in book.articles][::9] == ["第一条", "第十条", "附件"]
    assert all(a.text for a in book.articles)


def test_a_law_saved_by_an_editor_of_windows_is_called_that(files: Files) -> None:
    """Its headings end in a sign that no article has: it seemed to have no articles at all."""
    files["law"] = files["law"].replace(b"\n", b"\r\n")
    with pytest.raises(Fault, match=r"content/regulation\.md has the line ends of Windows"):
        _load(files)


def test_every_clause_has_a_text_and_an_id_of_its_own_shape(files: Files) -> None:
    book = _load(files)
    seen: dict[str, set[type]] = {}
    for clause_id, clause in book.clauses():
        seen.setdefault(clause_id, set()).add(type(clause))
        article = next(
            a for a in book.articles if clause_id.startswith((f"R{a.key}-", f"{a.key}-"))
        )
        text = article.texts[clause.number]
        assert text.checked
        assert isinstance(clause, Unchecked) == text.checked.startswith("Unchecked"), clause_id
    assert all(Unchecked not in shapes or len(shapes) == 1 for shapes in seen.values())


def test_every_front_matter_key_names_a_clause_of_its_article(files: Files) -> None:
    book = _load(files)
    ids = {i for i, _ in book.clauses()}
    for article in book.articles:
        for name, part in article.front_matter.get("properties", {}).items():
            assert part["clause"] in ids, name
            assert part["clause"].startswith((f"R{article.key}-", f"{article.key}-")), name
            assert part.get("description"), name


def test_every_parameter_has_default_unit_source_and_meaning(files: Files) -> None:
    for name, part in parameter_schemas(_load(files)).items():
        assert {"default", "source", "description"} <= part.keys(), name
        assert part["source"][:4] in ("[S] ", "[V] ", "[K] ", "[D] "), name


def test_unknown_keys_are_refused_by_the_whole_schema(files: Files) -> None:
    schema = front_matter_schema(_load(files))
    assert schema["additionalProperties"] is False
    assert {"title", "kind", "accounts", "category"} <= schema["properties"].keys()
    assert set(schema["required"]) <= schema["properties"].keys()


def test_a_key_owned_twice_stops(files: Files) -> None:
    def steal(properties: Any) -> None:
        properties["front_matter"]["properties"]["title"] = {"type": "string", "clause": "R04-1"}

    _edit(files, "a04_focus", steal)
    with pytest.raises(Fault, match="title is owned by two articles, 04 and F"):
        _load(files)


def test_a_parameter_owned_twice_stops(files: Files) -> None:
    def steal(properties: Any) -> None:
        properties["parameters"]["properties"]["form.channels"] = {"type": "array"}

    _edit(files, "a04_focus", steal)
    with pytest.raises(Fault, match=r"form\.channels is owned by two articles"):
        _load(files)


def test_a_schema_without_a_rule_stops(files: Files) -> None:
    files["law"] = files["law"].replace(
        "### 附件".encode(), "### 第十九条\n\n略。\n\n### 附件".encode()
    )
    files["schemas/articles/a19_extra.json"] = b"{}"
    with pytest.raises(Fault, match="Article 19 has a rule without a schema, or a schema without"):
        _load(files)


def test_a_rule_without_a_schema_stops(files: Files) -> None:
    del files["schemas/articles/a05_updates.json"]
    with pytest.raises(Fault, match="Article 05 has a rule without a schema"):
        _load(files)


@pytest.mark.parametrize("heading", ["第五条", "第十一条", "附件"])
def test_a_rule_whose_article_has_no_heading_stops(files: Files, heading: str) -> None:
    lines = files["law"].decode().split("\n")
    assert f"### {heading}" in lines
    files["law"] = "\n".join(line for line in lines if line != f"### {heading}").encode()
    with pytest.raises(Fault, match="The regulation has no article for the rule or schema"):
        _load(files)


def test_a_heading_that_stands_twice_stops(files: Files) -> None:
    """Two texts of one article: nobody knows which one is the law."""
    files["law"] = files["law"].replace("### 第六条\n".encode(), "### 第五条\n".encode())
    with pytest.raises(Fault):
        _load(files)


def test_a_law_that_is_no_text_is_a_fault(files: Files) -> None:
    files["law"] = b"\xff\xfe"
    with pytest.raises(Fault):
        _load(files)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"not json", b'{"properties": 1}', b'{"properties": {}, "type": 5}']
)
def test_a_schema_that_cannot_be_used_stops(files: Files, raw: bytes) -> None:
    files["schemas/articles/a05_updates.json"] = raw
    with pytest.raises(Fault, match="The schema of a05_updates cannot be used"):
        _load(files)


@pytest.mark.parametrize("name", ["updates", "a5_updates", "a05-updates", "a05", "b05_updates"])
def test_a_schema_that_is_not_named_for_an_article_stops(files: Files, name: str) -> None:
    files[f"schemas/articles/{name}.json"] = b"{}"
    with pytest.raises(Fault, match="is not named for an article"):
        _load(files)


def test_two_schemas_of_one_article_stop(files: Files) -> None:
    """Which of the two would own the keys depends on the order of names."""
    files["schemas/articles/a05_alternative.json"] = files["schemas/articles/a05_updates.json"]
    with pytest.raises(Fault):
        _load(files)


def test_clause_texts() -> None:
    text = (
        "Article 5.\n\n1. Twice a\n   week. | Human: nothing.\n2. No human part.\n12. Late | H.\n"
    )
    assert {number: texts[:2] for number, texts in clause_texts(text)} == {
        1: ("Twice a week.", "nothing."),
        2: ("No human part.", ""),
        12: ("Late", "H."),
    }


def test_cases_of_a_clause_stand_below_its_line() -> None:
    text = (
        "Article 5.\n\n1. Twice. | Human: nothing.\n   accepted: two in a\n   week.\n"
        "   violated: one.\n   boundary: on Sunday.\n   next: publish.\n2. Plain. | Human: all.\n"
    )
    assert dict(clause_texts(text)) == {
        1: ("Twice.", "nothing.", "two in a week.", "one.", "on Sunday.", "publish."),
        2: ("Plain.", "all.", "", "", "", ""),
    }


def test_the_digest_is_that_of_the_stored_law(files: Files) -> None:
    before = _load(files).digest
    files["law"] += b"\n"
    assert _load(files).digest != before


def _carried(**changed: Rows | None) -> dict[str, Rows]:
    """The rules as the product carries them, with git's own ids; None takes one away."""
    names = [p.relative_to(ROOT).as_posix() for p in sorted((ROOT / RULES).rglob("*.py"))]
    ids = subprocess.run(
        ["git", "hash-object", "--no-filters", "--stdin-paths"],
        input="\n".join(names), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = carried_rules(dict(zip(names, ids.stdout.split(), strict=True)))
    found |= {key: rows for key, rows in changed.items() if rows is not None}
    return {key: rows for key, rows in found.items() if changed.get(key, rows) is not None}


def _with(files: Files, carried: dict[str, Rows], **how: bool) -> Rulebook:
    schemas = {k: v for k, v in files.items() if k != "law"}
    return load(files["law"], schemas, carried, **how)


NINETEEN = {
    "type": "object",
    "properties": {
        "front_matter": {"properties": {"urgent": {"type": "boolean", "clause": "R19-1"}}},
        "parameters": {"properties": {"quiet.until": {"type": "integer", "default": 6}}},
    },
}


def _brought(files: Files) -> dict[str, Rows]:
    """A tree with a nineteenth article, of which this program knows nothing."""
    files["law"] = files["law"].replace(
        "\n### 附件".encode(), "\n### 第十九条\n\n静\n\n### 附件".encode()
    )
    files["schemas/articles/a19_quiet.json"] = json.dumps(NINETEEN).encode()
    return {**_carried(), "19": frozenset({("a19_quiet.py", "0" * 40)})}


def test_a_tree_is_judged_as_before_by_the_program_it_carries(files: Files) -> None:
    book = _with(files, _carried())
    assert book == _load(files)
    assert not any(article.elder for article in book.articles)


def test_of_a_tree_from_before_a_rule_the_rule_is_no_part(files: Files) -> None:
    before = {k: v for k, v in files.items() if "a18_" not in k}
    book = _with(before, _carried(**{"18": None}))
    assert book.gaps == ("第十八条",)
    before["law"] = re.sub("### 第十八条.*?(?=\n##)".encode(), b"", before["law"], flags=re.DOTALL)
    assert "18" not in {a.key for a in _with(before, _carried(**{"18": None})).articles}
    with pytest.raises(Fault, match="The regulation has no article for the rule or schema 18"):
        _load(before)


def test_a_schema_that_is_gone_while_the_rule_is_carried_stops(files: Files) -> None:
    del files["schemas/articles/a18_supplements.json"]
    with pytest.raises(Fault, match="Article 18 has a rule without a schema"):
        _with(files, _carried())


def test_a_program_older_than_the_tree_judges_nothing(files: Files) -> None:
    carried = _brought(files)
    with pytest.raises(Fault, match="This program is older than the archive: it lacks the rule 19"):
        _with(files, carried)
    with pytest.raises(Fault, match="Article 19 has a rule without a schema"):
        _with(files, _carried(), to_come=True)


def test_of_a_proposed_tree_the_new_rule_is_a_gap_with_its_schema(files: Files) -> None:
    book = _with(files, _brought(files), to_come=True)
    assert book.gaps == ("第十九条",)
    assert "quiet.until" in parameter_schemas(book)
    assert "urgent" in front_matter_schema(book)["properties"]


def test_of_an_elder_rule_what_the_tree_cannot_know_is_no_part(files: Files) -> None:
    _edit(files, "a05_updates", lambda p: p["parameters"]["properties"].pop("relay.hours"))
    _edit(files, "a13_content_safety", lambda p: p["front_matter"]["properties"].pop("ai"))
    other = frozenset({("__init__.py", "1" * 40)})
    book = _with(files, _carried(**{"05": other, "13": other}))
    assert [a.key for a in book.articles if a.elder] == ["05", "13"]
    whole = dict.fromkeys(i for i, _ in _load(files).clauses())
    assert list(whole.keys() - set(book.ids)) == ["R13-5"], "it asks for the key `ai`"
    assert book.later("R05-4", "relay.hours") and not book.later("R05-4", "relay.warn_hours")
    assert not book.later("R06-1", "relay.hours"), "a rule that is the tree's own has made a slip"
