"""What is made of the program's own files is ready for the next process, and is what it makes."""

import ast
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import cli, patterns, prepared
from pipeline.model import lazy
from pipeline.prepared import Prepared, leave_prepared
from pipeline.source.atomic import write_whole

PIPELINE = Path(__file__).parents[1] / "pipeline"


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Prepared]:
    """What another process has of one kind, in a folder of the test's own."""
    maker = tmp_path / "maker.py"
    maker.write_text("one")
    monkeypatch.setattr(prepared, "__file__", str(tmp_path / "prepared.py"))
    monkeypatch.setattr(Prepared, "grown", {})
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return lambda: Prepared("lists", str(maker))


def ask(
    values: Prepared, key: object, source: bytes, value: object = "made"
) -> tuple[object, bool]:
    """(the value, whether it was made for this)."""
    made: list[object] = []

    def make() -> object:
        made.append(value)
        return value

    return values.of(key, source, make), bool(made)


def only(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "__pycache__").iterdir()
    return path


def test_another_process_takes_what_one_left(new: Callable[[], Prepared]) -> None:
    value = {("a", 1): [None, True, 1.5, "甲", b"\0"]}
    assert ask(new(), ("a", 0), b"source", value) == (value, True)
    assert ask(new(), ("a", 0), b"source") == ("made", True)  # nothing was left
    leave_prepared(write_whole)
    assert ask(new(), ("a", 0), b"source") == ("made", False)
    assert ask(new(), ("a", 1), b"source") == ("made", True)


def test_of_another_source_or_by_another_maker_it_is_made_anew(
    new: Callable[[], Prepared], tmp_path: Path
) -> None:
    ask(new(), "a", b"source")
    leave_prepared(write_whole)
    assert ask(new(), "a", b"another", "anew") == ("anew", True)
    assert ask(new(), "a", b"source") == ("made", False)
    (tmp_path / "maker.py").write_text("another")
    assert ask(new(), "a", b"source", "anew") == ("anew", True)


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-1], lambda raw: raw[:9], lambda _: b""])
def test_what_is_not_whole_is_made_anew(
    new: Callable[[], Prepared], tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    ask(new(), "a", b"source")
    leave_prepared(write_whole)
    path = only(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    assert ask(new(), "a", b"source", "anew") == ("anew", True)
    path.write_bytes(b"x" * 2000)
    assert ask(new(), "a", b"source", "anew") == ("anew", True)


def test_where_nothing_may_be_written_nothing_is_left(
    new: Callable[[], Prepared], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path, __: bytes) -> None:
        raise PermissionError

    ask(new(), "a", b"source")
    leave_prepared(refuse)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    leave_prepared(write_whole)
    assert not (tmp_path / "__pycache__").exists()


def test_it_lies_where_this_interpreter_keeps_bytecode(
    new: Callable[[], Prepared], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends bytecode elsewhere does not want to believe what lies beside the program."""
    ask(new(), "a", b"source")
    leave_prepared(write_whole)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "elsewhere"))
    assert ask(new(), "a", b"source") == ("made", True)
    leave_prepared(write_whole)
    assert len([*tmp_path.rglob("elsewhere/**/*.ready")]) == 1


def test_its_owner_alone_may_write_it(new: Callable[[], Prepared], tmp_path: Path) -> None:
    ask(new(), "a", b"source")
    before = os.umask(0)
    try:
        with pytest.raises(SystemExit):
            cli.main(["--version"])
    finally:
        os.umask(before)
    assert only(tmp_path).stat().st_mode & 0o777 == 0o644


def _patterns() -> list[tuple[str | bytes, int]]:
    """Every pattern that stands whole in the program."""
    calls = (
        node
        for path in sorted(PIPELINE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "regex"
    )
    return [
        (call.args[0].value, flags)
        for call in calls
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str | bytes)
        for flags in (0, int(re.MULTILINE), int(re.DOTALL | re.IGNORECASE))
    ]


def test_a_prepared_pattern_is_the_one_that_re_compiles(
    new: Callable[[], Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = _patterns()
    assert len(every) > 300
    for _ in range(2):
        monkeypatch.setattr(patterns, "_CODES", new())
        made = [patterns.compiled(*one) for one in every]
        right = [re.compile(*one) for one in every]
        assert made == right  # patterns compare their code, too
        assert [p.groupindex for p in made] == [p.groupindex for p in right]
        leave_prepared(write_whole)


def test_an_interpreter_of_other_parts_compiles_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_RE", object())
    assert lazy.regex("(?P<a>甲+)").match("甲甲乙")["a"] == "甲甲"  # type: ignore[index]
    with pytest.raises(re.error):
        lazy.regex("(").match("")


def test_no_words_of_an_archive_are_left() -> None:
    """A pattern that is made of such is compiled by `re` itself."""
    of_the_program = {("classes.py", "regex(form)"), ("forms.py", "regex(rest)")}
    inside = [
        (path.name, ast.unparse(call))
        for path in sorted(PIPELINE.rglob("*.py"))
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "regex"
    ]
    assert set(inside) == of_the_program
