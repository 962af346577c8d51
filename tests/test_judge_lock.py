"""What only judges is installed without what makes pages, and judges the same."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.cli.options import Session
from pipeline.source.content.program_lock import HEADING, SHIPPED, Lock, read_lock, write_lock
from pipeline.source.program import running, shipped
from tools.house import House
from tools.lock import BEYOND, JUDGE, parted

ROOT = Path(__file__).parents[1]
RUN = shipped("requirements/run.txt")["requirements/run.txt"].decode()
VERDICT = (
    "pipeline.cli.verify", "pipeline.cli.review", "pipeline.cli.status", "pipeline.judge",
    "pipeline.history", "pipeline.rules", "pipeline.sign", "pipeline.parts.witness",
    "pipeline.detect.attachments", "pipeline.detect.private", "pipeline.site.frame.theme_lint",
    "pipeline.render.archive", "pipeline.parts.wechat.channel",
    "pipeline.parts.weibo.channel", "pipeline.parts.app.channel",
)  # fmt: skip
"""What a workflow, a hook, the poller and a reviewer run; channels and looks are named as texts."""
NO_VERDICT = {
    "segno": "pipeline.site.qr",
    "mkdocs": "pipeline.site.frame.mkdocs_shell",
}
"""What lies in reach, imported inside the one function that makes a page or a feed."""


def names(text: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))


def test_a_lock_is_parted_and_loses_nothing() -> None:
    judge, line, rest = RUN.partition(BEYOND)
    assert line
    assert names(judge) >= {name.lower() for name in JUDGE}
    assert not names(judge) & names(rest) - {"pymdown-extensions"}
    assert not names(judge) & {"typst", "mkdocs", "mkdocs-material", "starlette"}
    heads = "".join(f"{name}==1\n" for name in names(judge))
    assert parted(judge + rest, heads) == RUN


def test_the_recipe_cuts_the_lock_of_an_archive_there() -> None:
    lock = Lock(running(), "", "0" * 64, SHIPPED, RUN)
    assert read_lock(write_lock(lock)) == lock
    assert write_lock(lock).decode().startswith(HEADING[0])
    cut = "/^# Beyond judging/"
    assert BEYOND.startswith(cut[2:-1])
    for recipe in ("Makefile", "pipeline/new/archive/Makefile"):
        assert cut in (ROOT / recipe).read_text("utf-8")


def _outside(module: str) -> Iterator[str]:
    """Packages of others that a module imports when it is loaded or run."""
    path = ROOT / f"{module.replace('.', '/')}.py"
    path = path if path.is_file() else ROOT / module.replace(".", "/") / "__init__.py"
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_no_verdict_reaches_a_package_beyond_the_judges() -> None:
    house, held = House(ROOT), names(RUN.partition(BEYOND)[0])
    reached: set[str] = set().union(*(house.closure(name) for name in VERDICT))
    where = packages_distributions()
    beyond = {
        (package, module)
        for module in reached
        for package in _outside(module)
        if package not in sys.stdlib_module_names and package != "pipeline"
        if not {name.lower().replace("_", "-") for name in where[package]} & held
    }
    assert beyond <= set(NO_VERDICT.items())


def test_what_is_not_installed_says_how_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'typst'", name="typst")

    monkeypatch.setattr(Session, "repository", gone)
    with pytest.raises(SystemExit) as end:
        main(["--lang", "en", "verify"])
    assert end.value.code == 1
    assert "typst is not installed" in capsys.readouterr().err
