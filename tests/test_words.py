"""Names say what a thing is: no glue word is bound, and a class name stands for one class."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline"
GLUE = frozenset(("told", "found", "said", "known", "kept", "place", "named"))
PROSE = re.compile(r"\b(nobody|whoever)\b|when somebody asks", re.IGNORECASE)


def _modules() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")


@cache
def _names() -> tuple[list[str], dict[str, list[str]]]:
    """Where a glue word is bound; class name → modules: of one walk through the program."""
    bound: list[str] = []
    classes: dict[str, list[str]] = defaultdict(list)
    for path, text in _modules():
        for node in ast.walk(ast.parse(text)):
            if (name := _bound(node)).strip("_").lower() in GLUE:
                bound.append(f"{path}:{getattr(node, 'lineno', 0)} {name}")
            if isinstance(node, ast.ClassDef):
                classes[node.name.lstrip("_")].append(path)
    return bound, classes


def _bound(node: ast.AST) -> str:
    """The name that a node binds; empty when it binds none."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name
        case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
            return name
    return ""


def test_no_glue_word_is_bound() -> None:
    assert _names()[0] == []


def test_no_sentence_speaks_of_nobody_or_whoever() -> None:
    spoken = [
        f"{path}:{number} {line.strip()}"
        for path, text in _modules()
        for number, line in enumerate(text.splitlines(), 1)
        if PROSE.search(line)
    ]
    assert spoken == []


def test_one_class_name_is_one_thing() -> None:
    assert {name: paths for name, paths in _names()[1].items() if len(paths) > 1} == {}
