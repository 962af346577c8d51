"""Every name of a finding, with the clause whose rule gives it: ``python -m tests.finding_names``.

What no rule gives comes from reading, evidence and the judge: it stands under ``*``, for it counts
against the clause that owns the key or the record.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

import pipeline
import pipeline.program
from pipeline.judge.load_governance import trust
from pipeline.law.finding_names import finding_names, names_in
from pipeline.new.new_archive import empty_archive

GOLDEN = Path(__file__).parent / "assets/finding_names.txt"


def by_clause() -> dict[str, list[str]]:
    """Clause id, or ``*`` → names in the order of the alphabet."""
    names: dict[str, set[str]] = {}
    for article in trust(empty_archive()).rulebook.articles:
        for clause in article.rule.clauses if article.rule else ():
            names.setdefault(article.clause_id(clause.number), set()).update(finding_names(clause))
    rules = set().union(*names.values())
    names["*"] = {name for name in names_in(*_everything()) if name not in rules}
    return {clause: sorted(each) for clause, each in names.items()}


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
