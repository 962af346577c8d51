"""What still points from the kernel into a part: the list may only shrink (docs/decisions/0057)."""

from pathlib import Path

from tools.rooms import ROOMS, arrows, room_of

ALLOWED = Path(__file__).parent / "assets" / "arrows.txt"


def test_no_arrow_is_new_and_none_that_is_gone_is_listed() -> None:
    listed = ALLOWED.read_text("utf-8").splitlines()
    assert [f"{kernel} -> {part}" for kernel, part in arrows()] == listed


def test_every_room_has_a_module() -> None:
    package = Path(__file__).parents[1] / "pipeline"
    modules = [p.relative_to(package).with_suffix("") for p in package.rglob("*.py")]
    assert {room_of(".".join(m.parts)) for m in modules} - {""} == ROOMS.keys()
