"""What to do about a finding stands in its clause's text, or in the complaint itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline.rules
from pipeline.cli import explain
from pipeline.law.rulebook import clause_texts
from tests.rules.test_every_clause_has_cases import STEMS, rule_of

RULES = Path(pipeline.rules.__file__).parent
PLACE_OF_REMEDY = {"refuse": 3, "note": 3, "Complaint": 4}


def finding_names(clause: str) -> set[str]:
    return {name for of, name in explain.finding_names() if of == clause}


def remedies_of(stem: str) -> dict[str, dict[str, str]]:
    """Clause id → name of a finding → what to do."""
    return {clause: {n: to_do for n, (_, to_do) in findings.items() if to_do}
            for clause, findings in texts_of(stem).items()}  # fmt: skip


def texts_of(stem: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Clause id → name of a finding → (sentence, what to do)."""
    key = "F" if stem.startswith("aff") else f"R{stem[1:3]}"
    return {f"{key}-{n}": dict(t.findings) for n, t in clause_texts(rule_of(stem)[1])}


def without_remedy(text: str) -> Iterator[tuple[str, set[str]]]:
    """(name, values that its function hands to sentences) of complaints that bear none."""
    for function in ast.walk(ast.parse(text)):
        calls = [n for n in ast.walk(function) if isinstance(n, ast.Call)]
        values = {k.arg or "" for c in calls if _name(c) == "say" for k in c.keywords}
        for call in calls if isinstance(function, ast.FunctionDef) else ():
            place = PLACE_OF_REMEDY.get(_name(call), len(call.args))
            first = call.args[0] if call.args else None
            if len(call.args) < place or (len(call.args) == place and _name(call) != "say"):
                bare = all(k.arg != "remedy" for k in call.keywords)
                if _name(call) in PLACE_OF_REMEDY and bare and isinstance(first, ast.Constant):
                    yield str(first.value).split()[0], values


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def files_of(stem: str) -> list[Path]:
    return [*RULES.glob(f"{stem}.py"), *RULES.glob(f"{stem}/*.py")]


@pytest.mark.parametrize("stem", STEMS)
def test_every_name_with_a_remedy_is_one_that_its_clause_gives(stem: str) -> None:
    for clause, remedies in remedies_of(stem).items():
        assert remedies.keys() <= finding_names(clause)
        assert all(remedies.values())


@pytest.mark.parametrize("stem", STEMS)
def test_a_complaint_that_bears_no_remedy_has_one_in_the_text(stem: str) -> None:
    texts = remedies_of(stem)
    bare = [row for path in files_of(stem) for row in without_remedy(path.read_text("utf-8"))]
    for name, values in bare:
        clauses = [clause for clause in texts if name in finding_names(clause)]
        assert clauses, name
        for clause in clauses:
            fields = set(re.findall(r"{(\w+)}", texts[clause].get(name, "{}")))
            assert name in texts[clause] and fields <= values, (clause, name)


def test_a_bare_complaint_is_seen() -> None:
    text = 'def check():\n    yield refuse("name-missing", at, say("No {x}.", x=1))\n'
    assert list(without_remedy(text)) == [("name-missing", {"x"})]
    assert not list(without_remedy(text.replace("x=1))", 'x=1), say("Do."))')))


def without_sentence(text: str) -> Iterator[tuple[str, set[str]]]:
    """(name, values handed to the sentence) of complaints whose sentence stands in the text."""
    for function in (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)):
        calls = [n for n in ast.walk(function) if isinstance(n, ast.Call)]
        bare = [c for c in calls if _name(c) == "say" and not c.args]
        given = {k.arg or "" for c in bare for k in c.keywords}
        for call in calls:
            first, message = [*call.args, None][0], [*call.args, None, None, None][2]
            named = _name(call) in PLACE_OF_REMEDY and isinstance(first, ast.Constant)
            if named and _says_nothing(message, bare, function):
                yield str(first.value).split()[0], given


def _says_nothing(message: ast.expr | None, bare: list[ast.Call], within: ast.AST) -> bool:
    """Whether it is no sentence, but at most its values."""
    bound = [
        n.value
        for n in ast.walk(within)
        if isinstance(n, ast.Assign) and isinstance(message, ast.Name)
        if any(isinstance(t, ast.Name) and t.id == message.id for t in n.targets)
    ]
    before = [v for v in bound if message and v.lineno <= message.lineno]
    return message is None or (before[-1:] or [message])[0] in bare


@pytest.mark.parametrize("stem", STEMS)
def test_a_complaint_without_a_sentence_has_one_in_the_text(stem: str) -> None:
    texts = texts_of(stem)
    bare = [row for path in files_of(stem) for row in without_sentence(path.read_text("utf-8"))]
    assert bare
    for name, values in bare:
        clauses = [clause for clause in texts if name in finding_names(clause)]
        assert clauses, name
        for clause in clauses:
            sentence = texts[clause].get(name, ("", ""))[0]
            fields = set(re.findall(r"{(\w+)", sentence))
            assert sentence and (fields <= values or "" in values), (clause, name)


def test_a_complaint_without_a_sentence_is_seen() -> None:
    text = 'def check():\n    message = say(x=1)\n    yield refuse("name-missing", at, message)\n'
    assert list(without_sentence(text)) == [("name-missing", {"x"})]
    assert not list(without_sentence(text.replace("say(x=1)", 'say("No {x}.", x=1)')))
    assert list(without_sentence('def check():\n    yield refuse("name-missing", at)\n'))
