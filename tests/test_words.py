"""Names say what a thing is: no glue word is bound, and a class name stands for one class."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline"
GLUE = frozenset(("told", "found", "said", "known", "kept", "place", "named"))
PROSE = re.compile(r"\b(nobody|whoever)\b|when somebody asks", re.IGNORECASE)


def _modules() -> Iterator[tuple[str, str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        yield path.relative_to(PACKAGE).as_posix(), text, ast.parse(text)


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
    bound = [
        f"{path}:{getattr(node, 'lineno', 0)} {name}"
        for path, _, tree in _modules()
        for node in ast.walk(tree)
        if (name := _bound(node)).strip("_").lower() in GLUE
    ]
    assert bound == []


def test_no_sentence_speaks_of_nobody_or_whoever() -> None:
    spoken = [
        f"{path}:{number} {line.strip()}"
        for path, text, _ in _modules()
        for number, line in enumerate(text.splitlines(), 1)
        if PROSE.search(line)
    ]
    assert spoken == []


def test_one_class_name_is_one_thing() -> None:
    classes: dict[str, list[str]] = defaultdict(list)
    for path, _, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                classes[node.name.lstrip("_")].append(path)
    assert {name: paths for name, paths in classes.items() if len(paths) > 1} == {}
