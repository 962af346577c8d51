"""What sentences name, and what the program calls of itself, has every verb and every option."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.program import sanshen
from pipeline.report.language import LOCALE

PIPELINE = Path(__file__).parents[2] / "pipeline"
NAMED = re.compile(r"`(?:\.venv/bin/)?sanshen ([a-z][a-z -]*[^`]*)`")


def missing(words: list[str]) -> str:
    """The verb or option of a call that there is none of; empty: it has all."""
    context = click.Context(sanshen)
    command: click.Command = sanshen
    while isinstance(command, click.Group) and words and re.fullmatch("[a-z][a-z-]*", words[0]):
        verb, *words = words
        inner = command.get_command(context, verb)
        if inner is None:
            return verb
        command = inner
    has = {option for p in command.get_params(context) for option in (*p.opts, *p.secondary_opts)}
    return next((w for w in words if w.startswith("-") and w.partition("=")[0] not in has), "")


def own_calls() -> Iterator[tuple[str, list[str]]]:
    """Where the program calls itself, and the words that stand there."""
    for path in sorted(PIPELINE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        lists = {
            ast.unparse(node.targets[0]): node.value.elts
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        }
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("sanshen"):
                continue
            words = [
                one.value
                for argument in call.args
                for one in lists.get(ast.unparse(argument).removeprefix("*"), [argument])
                if isinstance(one, ast.Constant)
            ]
            if words:
                yield f"{path.name}:{call.lineno}", [str(word) for word in words]


def test_what_the_program_calls_of_itself_is_there() -> None:
    calls = [*own_calls()]
    assert len(calls) >= 5
    assert [(where, words) for where, words in calls if missing(words)] == []


def test_what_sentences_name_is_there() -> None:
    text = (LOCALE / "zh_CN/LC_MESSAGES/sanshen.po").read_text("utf-8").replace('"\n"', "")
    lines = [" ".join(match[1].split()) for match in NAMED.finditer(text)]
    assert len(lines) > 100
    assert [line for line in lines if missing(line.split(" "))] == []
