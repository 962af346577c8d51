"""Every name of a finding, with the clause whose rule gives it: ``python -m tests.finding_names``.

Names are read in the rule's code and in what that calls: a name is a literal that is given as what
a parameter calls ``name``, or stands before its sentence. What no rule gives comes from reading,
evidence, renditions and the judge: of a clause that they name, it stands with that clause; else
with the one that `HOMES` says of the module that gives it.
"""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache, partial
from inspect import getsource, isclass, isfunction, signature, unwrap
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from types import CodeType, ModuleType
from typing import Any

import pipeline
import pipeline.program
from pipeline.judge.load_governance import trust
from pipeline.law.side_checks import BESIDE
from pipeline.model.findings import Message
from pipeline.model.lazy import Once
from pipeline.model.run import PerRun
from pipeline.new.new_archive import empty_archive
from pipeline.rules.aff_form import TITLES

GOLDEN = Path(__file__).parents[1] / "pipeline/law/finding_names.txt"

HOMES = (
    ("render/", "R10-3"),
    ("parts/wechat/", "F-1"),
    ("parts/weibo/", "F-1"),
    ("evidence/review/superseding", "R11-4"),
    ("evidence/review/records", "S-4"),
    ("evidence/", "R11-1"),
    ("site/frame/theme_lint", "R13-7"),
    ("judge/program_change", "R13-7"),
    ("law/engine", "S-7"),
    ("model/waivers", "S-6"),
    ("model/conformance", "S-2"),
    ("source/content/records", "S-4"),
    ("source/content/registers", "S-3"),
    ("source/content/cross_checks", "S-3"),
    ("source/content/", "S-1"),
    ("detect/", "S-3"),
    ("parts/people/checks", "S-3"),
    ("judge/record_reader", "S-6"),
    ("judge/record_entries", "S-5"),
    ("history/corrections", "S-5"),
    ("parts/relays/checks", "S-5"),
    ("model/", "S-4"),
)
"""Path of a module below ``pipeline/`` → the clause of those names it gives that no rule's code
shows, the more particular path first. Titles are asked for by F-3, on all channels."""

_SPEAKING = ("Effect.", "effect", "message", "say(")
"""How what stands behind a name begins."""
_BOUND = ("name", "what")
"""Variables that a name is bound to."""
_NAME = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)+)(?: \{\w+\})*")

_LITERAL = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)+)(?: \{\w+\})*"')


def finding_names(clause: object) -> list[str]:
    """In the order of the alphabet; none of a clause that checks nothing."""
    return names_in(getattr(clause, "check", None))


def names_in(*given: object) -> list[str]:
    """Those that some functions, classes or tables of the program give, and what they call."""
    literals = set(_literals(given, set()))
    return sorted({match[1] for text in literals if (match := _NAME.fullmatch(text))})


def _literals(given: Any, seen: set[object]) -> Iterator[str]:
    """Those in a value of the program: in a function, what it reaches, or a table of reasons."""
    if isinstance(given, partial):
        given = (given.func, *given.args, *given.keywords.values())
    if isinstance(given, Once | PerRun):
        given = (vars(given)["_make"],)
    if isinstance(given, Mapping):
        given = tuple(given.values())
    if isinstance(given, list | tuple):
        pairs = pairwise(given)
        yield from (a for a, b in pairs if isinstance(a, str) and isinstance(b, Message))
        for part in given:
            yield from _literals(part, seen)
    elif isclass(given) and given.__module__.startswith("pipeline.") and given not in seen:
        seen.add(given)
        yield from _literals(tuple(filter(isfunction, vars(given).values())), seen)
    elif (
        isfunction(function := unwrap(given) if callable(given) else None) and function not in seen
    ):
        seen.add(function)
        used = _used(function.__code__)
        reached = {n: function.__globals__.get(n) for n in used}
        modules = [m for m in reached.values() if isinstance(m, ModuleType)]
        reached |= {n: vars(m)[n] for m in modules for n in used & vars(m).keys() if _ours(m)}
        yield from _written(function)
        yield from _literals((reached, [c.cell_contents for c in function.__closure__ or ()]), seen)


def _used(code: CodeType) -> set[str]:
    """Names that a function and those written inside it use."""
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return {*code.co_names}.union(*map(_used, inner))


@cache  # most functions are reached by many clauses
def _written(function: Any) -> tuple[str, ...]:
    return tuple(_names_of(_tree(function), function.__globals__))


@cache
def _tree(function: Any) -> ast.Module:
    try:
        return ast.parse(dedent(getsource(function)))
    except (OSError, SyntaxError):  # a lambda among arguments is no text of its own
        return ast.Module([], [])


def _names_of(tree: ast.Module, reached: Mapping[str, Any]) -> Iterator[str]:
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            first = _first_parameters(_function(node.func, reached))
            given = [a for a, n in zip(node.args, first, strict=False) if n == "name"]
            given = given if first[:1] in (["name"], ["clause"]) else []
        elif isinstance(node, ast.Tuple):
            pairs = pairwise(node.elts)
            given = [a for a, b in pairs if ast.unparse(b).startswith(_SPEAKING)]
        elif isinstance(node, ast.Assign):
            bound, value = node.targets[0], node.value
            if isinstance(bound, ast.Tuple) and isinstance(value, ast.Tuple):
                rows = zip(bound.elts, value.elts, strict=False)
            else:
                rows = zip([bound], [value], strict=True)
            given = [b for a, b in rows if ast.unparse(a) in _BOUND]
        yield from (str(a.value) for a in given if isinstance(a, ast.Constant))


def _ours(module: ModuleType) -> bool:
    return module.__name__.startswith("pipeline.")


def _function(called: ast.expr, reached: Mapping[str, Any]) -> Any:
    """What a call names, by itself or in a module."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        module = reached.get(called.value.id)
        return getattr(module, called.attr, None) if isinstance(module, ModuleType) else None
    return reached.get(called.id) if isinstance(called, ast.Name) else None


def _first_parameters(called: Any) -> list[str]:
    if not (isfunction(called) or (isclass(called) and not issubclass(called, BaseException))):
        return []
    if not called.__module__.startswith("pipeline."):
        return []
    try:
        return [*signature(called).parameters][:2]
    except ValueError:  # it is made as the built-in type that it extends
        return []


def by_clause() -> dict[str, list[str]]:
    """Clause id, or ``*`` → names in the order of the alphabet."""
    names: dict[str, set[str]] = {}
    for article in trust(empty_archive()).rulebook.articles:
        for clause in article.rule.clauses if article.rule else ():
            names.setdefault(article.clause_id(clause.number), set()).update(finding_names(clause))
    for clause, name in _beside_rules():
        names.setdefault(clause, set()).add(name)
    beside = set(names_in(*_everything())).difference(*names.values())
    names |= {BESIDE.clause_id(number): set() for number in BESIDE.texts}
    for name in beside:
        for clause in {"F-3"} if name in TITLES else homes(name):
            names.setdefault(clause, set()).add(name)
    return {clause: sorted(each) for clause, each in names.items()}


def homes(name: str) -> set[str]:
    """The clauses of a name that no rule's code shows; none would leave it unexplained."""
    paths = _givers().get(name, ())
    clauses = (next((c for at, c in HOMES if p.startswith(at)), "") for p in paths)
    assert (found := set(filter(None, clauses))), f"say the clause of {name} in HOMES"
    return found


@cache
def _givers() -> Mapping[str, Collection[str]]:
    """Name → paths below ``pipeline/`` of the modules that have it as a literal."""
    folder, givers = GOLDEN.parents[1], dict[str, set[str]]()
    for path in folder.rglob("*.py"):
        for name in _LITERAL.findall(path.read_text("utf-8")):
            givers.setdefault(name, set()).add(path.relative_to(folder).as_posix())
    return givers


def _beside_rules() -> Iterator[tuple[str, str]]:
    """(clause, name) of findings that reading, evidence and the judge make for a clause that they
    name themselves."""
    everything = _everything()
    methods = (v for each in everything if isclass(each) for v in vars(each).values())
    for given in {f for f in (*everything, *methods) if isfunction(f)}:
        if not (given.__module__ or "").startswith("pipeline."):
            continue
        tree = _tree(given)
        calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and len(n.args) > 1)
        for call in calls:
            clause, name = (_text(a, tree, given.__globals__) for a in call.args[:2])
            if re.fullmatch(r"(?:R\d\d|F)-\d+", clause) and (match := _NAME.fullmatch(name)):
                yield clause, match[1]


def _text(given: ast.expr, tree: ast.Module, reached: Mapping[str, Any]) -> str:
    """A literal, or what a variable is bound to beside it or in its module."""
    if isinstance(given, ast.Name):
        given = _bound(tree).get(given.id, ast.Constant(reached.get(given.id)))
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


@cache
def _bound(tree: ast.Module) -> Mapping[str, ast.expr]:
    """Variable → what it is bound to last."""
    bound = (n for n in ast.walk(tree) if isinstance(n, ast.Assign))
    return {ast.unparse(n.targets[0]): n.value for n in bound}


def _everything() -> list[object]:
    """The functions, classes and tables of every module of the program but the rules."""
    found: list[object] = []
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not module.name.startswith(("pipeline.rules", "pipeline.__main__")):
            loaded = importlib.import_module(module.name)
            found += [v for n, v in vars(loaded).items() if not n.startswith("__")]
    return found


def golden() -> str:
    rows = (f"{clause} {name}" for clause, names in by_clause().items() for name in names)
    return "".join(f"{row}\n" for row in rows)


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
    sys.stdout.write(f"{GOLDEN}\n")
