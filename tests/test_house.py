"""What still points from the kernel into a part: the list may only shrink (docs/decisions/0073)."""

from functools import cache
from pathlib import Path

import pytest

from pipeline.parts import PARTS
from tools.house import HEADS, House

ROOT = Path(__file__).parents[1]
ALLOWED = ROOT / "tests" / "assets" / "arrows.txt"


@cache
def house() -> House:
    """To read all modules takes three seconds."""
    return House(ROOT)


def test_no_arrow_is_new_and_none_that_is_gone_is_listed() -> None:
    listed = ALLOWED.read_text("utf-8").splitlines()
    assert [f"{kernel} -> {part}" for kernel, part in house().arrows()] == listed


def test_a_part_imports_no_other_but_those_that_it_needs() -> None:
    needed = {(part.name, other) for part in PARTS for other in part.needs}
    reached = {
        (module.split(".")[2], other.split(".")[2])
        for module, others in house().imports.items()
        for other in others
        if module.startswith("pipeline.parts.") and other.startswith("pipeline.parts.")
    }
    assert {pair for pair in reached if pair[0] != pair[1]} == needed


@pytest.mark.parametrize(("name", "goal"), HEADS.values(), ids=HEADS)
def test_nobody_holds_more_than_is_allowed(name: str, goal: int) -> None:
    assert 0 < house().held(name) <= goal
