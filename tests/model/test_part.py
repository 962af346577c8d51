"""The program as it is put together (docs/decisions/0073)."""

from dataclasses import fields

import pytest

from pipeline.model.brings import Deferred, Part, load
from pipeline.model.part import PutTogether, program


def _deferred(made: PutTogether) -> list[Deferred[..., object]]:
    given = [getattr(made, field.name) for field in fields(made)]
    return [each for each in given if isinstance(each, Deferred)]


def test_all_that_the_root_hands_over_is_there() -> None:
    handed = _deferred(program())
    assert len(handed) >= 4
    assert all(callable(load(each.where)) for each in handed)
    assert load(program().rules).__path__


def test_judging_knows_the_rules_by_the_root_alone() -> None:
    assert load(f"{program().rules}.a13_content_safety:RULE").clauses


@pytest.mark.parametrize(
    "parts",
    [
        (Part(name="a"), Part(name="a")),
        (Part(name="b", needs=("a",)), Part(name="a")),
        (Part(name="a", needs=("a",)),),
    ],
)
def test_no_part_stands_twice_or_needs_one_behind_it(parts: tuple[Part, ...]) -> None:
    made = program()
    with pytest.raises(ValueError, match="stands twice, or before a part that it needs"):
        PutTogether(**{f.name: getattr(made, f.name) for f in fields(made)} | {"parts": parts})
