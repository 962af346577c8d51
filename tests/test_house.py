"""What still points from the kernel into a part: the list may only shrink (docs/decisions/0073)."""

from pathlib import Path

from tools.house import House

ROOT = Path(__file__).parents[1]
ALLOWED = ROOT / "tests" / "assets" / "arrows.txt"


def test_no_arrow_is_new_and_none_that_is_gone_is_listed() -> None:
    listed = ALLOWED.read_text("utf-8").splitlines()
    assert [f"{kernel} -> {part}" for kernel, part in House(ROOT).arrows()] == listed
