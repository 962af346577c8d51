"""A run owns what was read and made, and takes it along when it ends."""

import ast
from collections.abc import Iterator
from pathlib import Path

from pipeline.model import run
from pipeline.model.run import PerRun, Run, of_run, per_run

PIPELINE = Path(__file__).parents[2] / "pipeline"
CONSTANT = {
    "pipeline/report/copy_page.py": "templates that ship",
    "pipeline/cli/new.py": "commands by their names",
    "pipeline/detect/vocabulary.py": "signs that sound alike, of a list that ships",
    "pipeline/model/zh_names.py": "names that ship",
    "pipeline/parts/proofreading/model.py": "the model that ships",
    "pipeline/parts/search/index.py": "sounds of signs, of a list that ships",
    "pipeline/source/content/shipped_lists.py": "lists that ship",
    "pipeline/source/git/tree.py": "the few modes that git has",
    "pipeline/source/program.py": "files that ship",
}
"""Where a function of names has `cache`: what it is made of is constant."""
OF_THE_PROCESS = {
    "_PUT_TOGETHER": "the program",
    "_WORK": "what a fork is to find",
    "_allowed": "a word of the caller's",
    "RUNNING": "processes to be ended",
    "RUNS": "the runs themselves",
}
"""Values of modules that change, and what they hold."""


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PIPELINE.rglob("*.py")):
        name = path.relative_to(PIPELINE.parent).as_posix()
        if name != "pipeline/model/run.py":
            yield name, ast.parse(path.read_text("utf-8"))


def test_what_a_run_keeps_ends_with_it() -> None:
    asked: list[str] = []

    def measured(text: str) -> int:
        asked.append(text)
        return len(text)

    length = PerRun(measured)

    @per_run(2)
    def twice(text: str) -> str:
        asked.append(text)
        return text * 2

    text = "文"
    for _ in range(2):
        with Run() as own:
            assert [length(text), length(text), twice(text), twice(text)] == [1, 1, "文文", "文文"]
            assert of_run("more", list) is of_run("more", list)
        assert not own.answers
    assert asked == [text] * 4
    assert len(run.RUNS) == 1


def test_a_run_inside_another_goes_on_with_what_that_has() -> None:
    with Run():
        outer = of_run("key", list[str])
        with Run():
            assert of_run("key", list) is outer
            inner = of_run("other", list[str])
        assert of_run("key", list) is outer
        assert of_run("other", list) is not inner


def test_a_run_that_fails_ends_too() -> None:
    own = Run()
    try:
        with own:
            of_run("key", list)
            raise ValueError
    except ValueError:
        assert not own.answers
    assert own not in run.RUNS


def test_a_process_keeps_what_is_made_of_constants_alone() -> None:
    """No cache of a function of values, and none by identity, beside those of the run."""
    amiss = []
    for name, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                marks = {ast.unparse(mark).partition("(")[0] for mark in node.decorator_list}
                asked = node.args.args or node.args.posonlyargs or node.args.kwonlyargs
                if "lru_cache" in marks or ("cache" in marks and asked and name not in CONSTANT):
                    amiss.append((name, node.name))
        for node in tree.body:
            value = getattr(node, "value", None)
            if isinstance(value, ast.Call) and ast.unparse(value.func).partition("[")[0] == "Once":
                amiss.append((name, ast.unparse(node)))
    assert amiss == []


def test_no_value_of_a_module_grows() -> None:
    growing = {
        target.id
        for _, tree in _modules()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
        and ast.unparse(node.value) in ("{}", "[]", "set()", "dict()", "list()", "OrderedDict()")
    }
    assert growing <= OF_THE_PROCESS.keys()
