"""While a program is imported, what its modules have compiled is at hand from before."""

import dataclasses
import gc
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline import patterns, prepared, starting
from pipeline.prepared import Prepared, leave_prepared
from pipeline.source.atomic import write_whole
from pipeline.starting import short

BODY = """
import re
class Words(str):
    pass
OWN = re.compile(Words("丁+"))
from dataclasses import dataclass, field
WHOLE = re.compile("(?P<a>甲+)乙", re.IGNORECASE)
class Inner:
    PATTERN = re.compile(b"[^a-z]{2}")
def ask(words):
    return re.compile(words)
@dataclass(frozen=True, order=True)
class Point:
    x: int
    y: int = 2
    many: list = field(default_factory=list, compare=False)
"""


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Begins as another process would, with what the last one left."""
    monkeypatch.setattr(prepared, "__file__", str(tmp_path / "prepared.py"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def begin() -> None:
        leave_prepared(write_whole)
        monkeypatch.setattr(Prepared, "grown", {})
        monkeypatch.setattr(patterns, "_CODES", Prepared("patterns", patterns.__file__))
        monkeypatch.setattr(starting, "_METHODS", Prepared("methods", starting.__file__))
        re.purge()

    begin()
    yield begin
    re.purge()


def imported(tmp_path: Path, *, has_bytecode: bool = True) -> Any:
    """The module, imported anew."""
    path = tmp_path / "short_run.py"
    path.write_text(BODY, "utf-8")
    spec = importlib.util.spec_from_file_location("short_run", path)
    assert spec is not None and spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    if not has_bytecode:
        vars(module).pop("__cached__")
    sys.modules["short_run"] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["short_run"]
    return module


def rows(kind: Prepared) -> set[Any]:
    return {key[0] if isinstance(key, tuple) else key for key in kind._rows}


def test_what_a_module_compiles_is_left_and_taken(
    process: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with short():
        first = imported(tmp_path)
    assert rows(patterns._CODES) == {"(?P<a>甲+)乙", b"[^a-z]{2}"}
    assert first.OWN.match("丁丁")
    assert len(Prepared.grown) == 2
    process()
    monkeypatch.setattr(patterns, "_code", lambda *_: pytest.fail("compiled again"))
    with short():
        second = imported(tmp_path)
    assert Prepared.grown == {}
    for module in (first, second):
        assert re.compile("(?P<a>甲+)乙", re.IGNORECASE) == module.WHOLE
        assert module.WHOLE.search("甲甲乙")["a"] == "甲甲"
        assert re.compile(b"[^a-z]{2}") == module.Inner.PATTERN
        assert repr(module.Point(1)) == "Point(x=1, y=2, many=[])"
        assert module.Point(1) == module.Point(1, many=[3]) < module.Point(2)
        assert hash(module.Point(1, many=())) == hash(module.Point(1, many=()))
        with pytest.raises(dataclasses.FrozenInstanceError):
            module.Point(1).x = 2


def test_words_that_a_function_is_given_are_not_left(
    process: Callable[[], None], tmp_path: Path
) -> None:
    with short():
        module = imported(tmp_path)
        assert module.ask("丙+").fullmatch("丙丙")
        assert re.compile(module.WHOLE) is module.WHOLE
    assert "丙+" not in rows(patterns._CODES)


def test_a_module_without_bytecode_leaves_nothing(
    process: Callable[[], None], tmp_path: Path
) -> None:
    """As a rule that an archive brings."""
    with short():
        module = imported(tmp_path, has_bytecode=False)
    assert module.Point(1).y == 2 and module.WHOLE.match("甲乙")
    assert Prepared.grown == {}


@pytest.mark.parametrize("running", [True, False])
def test_afterwards_the_library_is_as_it_was(running: bool) -> None:
    compiler: Any = re._compiler  # type: ignore[attr-defined]
    before, ran = compiler.compile, gc.isenabled()
    (gc.enable if running else gc.disable)()
    try:
        with pytest.raises(KeyError), short():
            assert compiler.compile is not before
            assert not gc.isenabled()
            with short():
                pass
            assert not gc.isenabled()
            raise KeyError
        assert compiler.compile is before
        assert "exec" not in vars(dataclasses)
        assert gc.isenabled() is running
    finally:
        (gc.enable if ran else gc.disable)()


def test_an_interpreter_of_other_parts_is_left_alone(
    process: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(starting, "re", object())
        with short():
            module = imported(tmp_path)
    assert module.WHOLE.match("甲乙")
    assert rows(patterns._CODES) == set()
