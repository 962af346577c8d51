"""Law, rules and schemas one to one, or no verdict; an article more is three files and no edit."""

import json
import pkgutil
import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pipeline import rules
from pipeline.errors import Fault
from pipeline.law.rulebook import REGULATION, Replaced, clause_texts, load
from pipeline.model.law import Rulebook, Unchecked, front_matter_schema, parameter_schemas, rule
from pipeline.rules import a05_updates
from pipeline.source.program import shipped
from tests.builders.named import like, refuses

Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    """Law and article schemas of the product, to be spoiled."""
    return {**shipped("schemas"), "law": shipped(REGULATION)[REGULATION]}


def _load(files: Files, **how: Any) -> Rulebook:
    return load(files["law"], {k: v for k, v in files.items() if k != "law"}, **how)


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
    with pytest.raises(Fault, match=like("line-ends-of-windows", path="content/regulation.md")):
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
    with refuses("owned-twice title 04 F"):
        _load(files)


def test_a_parameter_owned_twice_stops(files: Files) -> None:
    def steal(properties: Any) -> None:
        properties["parameters"]["properties"]["form.channels"] = {"type": "array"}

    _edit(files, "a04_focus", steal)
    with pytest.raises(Fault, match=like("owned-twice", name="form.channels")):
        _load(files)


def test_a_schema_without_a_rule_stops(files: Files) -> None:
    files["law"] = files["law"].replace(
        "### 附件".encode(), "### 第十九条\n\n略。\n\n### 附件".encode()
    )
    files["schemas/articles/a19_extra.json"] = b"{}"
    with pytest.raises(Fault, match=like("rule-without-schema", key="19")):
        _load(files)


def test_a_rule_without_a_schema_is_a_gap_or_stops(files: Files) -> None:
    """Of the program's the schema is always there; a tree that carries its own may be older."""
    del files["schemas/articles/a05_updates.json"]
    assert _load(files).gaps == ("第五条",)
    with pytest.raises(Fault, match=like("rule-without-schema", key="05")):
        _load(files, own={"05": None})


@pytest.mark.parametrize("heading", ["第五条", "第十一条", "附件"])
def test_a_rule_whose_article_has_no_heading_stops(files: Files, heading: str) -> None:
    lines = files["law"].decode().split("\n")
    assert f"### {heading}" in lines
    files["law"] = "\n".join(line for line in lines if line != f"### {heading}").encode()
    with refuses("article-missing"):
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
    with refuses("rule-misnamed"):
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
        1: ("Twice.", "nothing.", "two in a week.", "one.", "on Sunday.", "publish.", {}),
        2: ("Plain.", "all.", "", "", "", "", {}),
    }


def test_the_digest_is_that_of_the_stored_law(files: Files) -> None:
    before = _load(files).digest
    files["law"] += b"\n"
    assert _load(files).digest != before


NINETEEN = {
    "type": "object",
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "properties": {
        "front_matter": {"properties": {"urgent": {"type": "boolean", "clause": "R19-1"}}},
        "parameters": {"properties": {"quiet.until": {"type": "integer", "default": 6}}},
    },
}


def _brought(files: Files) -> ModuleType:
    """An archive's own nineteenth article: law and schema, and the module of its rule."""
    files["law"] = files["law"].replace(
        "\n### 附件".encode(), "\n### 第十九条\n\n静\n\n### 附件".encode()
    )
    files["schemas/articles/a19_quiet.json"] = json.dumps(NINETEEN).encode()
    module = ModuleType("sanshen_rules.a19_quiet", "Article 19.\n\n1. Quiet. | Human: no.\n")
    module.RULE = rule(Unchecked(1))  # type: ignore[attr-defined]
    return module


def test_an_article_of_the_archives_own_stands_beside_those_of_the_program(files: Files) -> None:
    book = _load(files, own={"19": _brought(files)})
    assert book.gaps == () and "R19-1" in book.ids
    assert [a.module for a in book.articles if a.key == "19"] == ["a19_quiet"]
    with pytest.raises(Fault, match=like("rule-without-schema", key="19")):
        _load(files)


def test_of_a_proposed_tree_the_new_rule_is_a_gap_with_its_schema(files: Files) -> None:
    _brought(files)
    book = _load(files, own={"19": None})
    assert book.gaps == ("第十九条",)
    assert "quiet.until" in parameter_schemas(book)
    assert "urgent" in front_matter_schema(book)["properties"]


@pytest.mark.parametrize("module", [None, ModuleType("own.a05_updates")])
def test_no_rule_of_an_archive_stands_in_for_one_of_the_program(
    files: Files, module: ModuleType | None
) -> None:
    with pytest.raises(Fault, match=like("rule-of-program", key="05")):
        _load(files, own={"05": module})


def test_another_regulation_asks_nothing_of_the_programs(files: Files) -> None:
    """But what any regulation needs, which has no article of it."""
    module = _brought(files)
    theirs = "schemas/articles/a19_quiet.json"
    program = {p: raw for p, raw in files.items() if p.startswith("schemas/articles/")}
    alone = {"law": "### 第十九条\n\n静\n".encode(), theirs: program.pop(theirs)}
    book = _load(alone, own={"19": module}, replaced=Replaced(program, ""))
    assert "R19-1" in book.ids and book.gaps == ()
    ours = {i for i, _ in _load({**program, "law": shipped(REGULATION)[REGULATION]}).clauses()}
    assert len(ours & set(book.ids)) < len(ours) / 2 and not {"R05-1", "R09-1"} & set(book.ids)


def _later(clause: Any) -> Any:
    return replace(clause, since="99.1.0")


@pytest.mark.parametrize(
    ("version", "asked"), [("99.0.9", False), ("99.1.0", True), ("99.1.1", True)]
)
def test_a_clause_is_asked_from_the_version_it_came_with(
    files: Files, monkeypatch: pytest.MonkeyPatch, version: str, asked: bool
) -> None:
    first, *others = a05_updates.RULE.clauses
    monkeypatch.setattr(a05_updates, "RULE", rule(_later(first), *others))
    book = _load(files, made_for=version)
    assert (f"R05-{first.number}" in book.ids) is asked
    assert set(_load(files, made_for="99.2.0").ids) - set(book.ids) <= {f"R05-{first.number}"}


@pytest.mark.parametrize(("version", "asked"), [("99.0.9", False), ("99.1.0", True)])
def test_a_whole_article_that_came_later_is_no_part_and_hides_no_own_one(
    files: Files, monkeypatch: pytest.MonkeyPatch, version: str, asked: bool
) -> None:
    """The archive wrote its nineteenth article first; later the program brought one."""
    module = _brought(files)
    later = ModuleType("pipeline.rules.a19_nights", module.__doc__)
    later.RULE = rule(_later(Unchecked(1)))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, later.__name__, later)
    every = [*pkgutil.iter_modules(rules.__path__), SimpleNamespace(name="a19_nights")]
    monkeypatch.setattr(pkgutil, "iter_modules", lambda _: every)
    if asked:
        with pytest.raises(Fault, match=like("rule-of-program", key="19")):
            _load(files, own={"19": module}, made_for=version)
    else:
        book = _load(files, own={"19": module}, made_for=version)
        assert [a.module for a in book.articles if a.key == "19"] == ["a19_quiet"]
        (own,) = [a for a in book.articles if a.key == "19"]
        assert not own.elder and all(a.elder for a in book.articles if a is not own)


def test_of_an_older_tree_what_it_cannot_know_is_no_part(files: Files) -> None:
    _edit(files, "a05_updates", lambda p: p["parameters"]["properties"].pop("relay.hours"))
    _edit(files, "a13_content_safety", lambda p: p["front_matter"]["properties"].pop("ai"))
    whole = _load(files)
    assert not any(article.elder for article in whole.articles)
    book = _load(files, made_for="0.1.0")
    assert all(article.elder for article in book.articles)
    assert set(whole.ids) - set(book.ids) == {"R13-5"}, "it asks for the key `ai`"
    assert book.later("R05-4", "relay.hours") and not book.later("R05-4", "relay.warn_hours")
    assert not whole.later("R05-4", "relay.hours"), "a rule of today has made a slip"
