"""Frozen classes are what the standard library makes of them, and none is compiled early."""

import ast
import copy
import dataclasses
import pickle
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.frozen import dataclass
from tools.house import House

PIPELINE = Path(__file__).parents[2] / "pipeline"


def _made(of: Callable[..., Any]) -> tuple[type[Any], type[Any], type[Any]]:
    """The same classes, declared with a decorator."""

    @of(frozen=True)
    class Plain:
        one: int
        two: str = "b"
        many: list[int] = dataclasses.field(default_factory=list)
        quiet: int = dataclasses.field(default=0, repr=False, compare=False)
        late: str = dataclasses.field(init=False, default="z")
        own: dict[str, int] = dataclasses.field(init=False, default_factory=dict, compare=False)

        @cached_property
        def doubled(self) -> int:
            return self.one * 2

    @of(frozen=True, kw_only=True)
    class Below(Plain):
        three: int = 3

        def __post_init__(self) -> None:
            if self.three < 0:
                raise ValueError(self.three)

    @of(frozen=True, eq=False)
    class Single:
        one: int

        def __repr__(self) -> str:
            return "own"

    return Plain, Below, Single


LIBRARY, OURS = _made(dataclasses.dataclass), _made(dataclass)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((1,), {}),
        ((1, "x", [2]), {}),
        ((), {"one": 1, "quiet": 9}),
        ((1,), {"three": 5}),
        ((1,), {"three": -1}),
        ((), {}),
        ((1, "x", [2], 3, 4), {}),
        ((1,), {"late": "y"}),
        ((1,), {"none": 1}),
    ],
)
def test_a_class_takes_what_the_librarys_takes(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    for ours, library in zip(OURS, LIBRARY, strict=True):
        made: list[object] = []
        for cls in (ours, library):
            try:
                one = cls(*given, **named)
                made.append((repr(one), vars(one) | {"own": dict(getattr(one, "own", {}))}))
            except (TypeError, ValueError) as error:
                made.append(type(error))
        assert made[0] == made[1]


def test_values_are_equal_and_hashed_by_their_compared_fields() -> None:
    plain, below, single = OURS
    assert plain(1) == plain(1, quiet=7)
    assert plain(1) != plain(2)
    assert plain(1) != below(1)
    assert plain(1) != 1
    assert single(1) != single(1)
    with pytest.raises(TypeError):  # a list is in it
        hash(plain(1))
    assert hash(plain(1, many=())) == hash(plain(1, many=(), quiet=2))


def test_what_the_module_says_of_its_differences_is_so() -> None:
    @dataclass(frozen=True)
    class Own:
        one: object
        two: int = dataclasses.field(default=0, hash=False)

    @dataclass(frozen=True)
    class Alone:
        one: float

    assert hash(Own(1, 2)) != hash(Own(1, 3))
    assert Own.__dataclass_params__.frozen is False  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="inherit"):
        dataclass(frozen=True, slots=True)(type("Below", (Own,), {}))
    with pytest.raises(TypeError, match="inherit"):
        dataclass(frozen=True)(type("Below", (dataclass(frozen=True, order=True)(Parent),), {}))
    with pytest.raises(dataclasses.FrozenInstanceError):
        type("Plain", (Own,), {})(1).more = 1
    not_equal = float("nan")
    assert Alone(not_equal) != Alone(not_equal)


class Parent:
    one: int


def test_nothing_of_a_value_changes() -> None:
    value = OURS[1](1)
    for name in ("one", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        del value.one
    assert value.doubled == 2
    assert value.own is not OURS[1](1).own


@dataclass(frozen=True)
class Kept:
    one: int
    two: tuple[int, ...] = ()


def test_the_librarys_functions_know_the_class() -> None:
    value = Kept(1, (2,))
    assert dataclasses.replace(value, one=3) == Kept(3, (2,))
    assert dataclasses.asdict(value) == {"one": 1, "two": (2,)}
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    match value:
        case Kept(one, two):
            assert (one, two) == (1, (2,))


def test_no_class_is_compiled_before_it_is_called() -> None:
    @dataclass(frozen=True)
    class Fresh:
        one: int = 1

    begin = vars(Fresh)["__init__"]
    assert Fresh() == Fresh(1)
    compiled = vars(Fresh)["__init__"]
    assert compiled is not begin
    assert compiled.__code__.co_varnames == ("self", "one")


def test_every_frozen_class_of_the_program_is_made_so() -> None:
    """But for the few that who adds a forge reads: theirs are the library's, as everybody knows."""
    plain = House(PIPELINE.parent).closure("pipeline.parts.gitea")
    for path in PIPELINE.rglob("*.py"):
        text = path.read_text("utf-8")
        name = ".".join(path.relative_to(PIPELINE.parent).with_suffix("").parts)
        if "@dataclass(frozen=True" in text and name not in plain:
            froms = {
                node.module
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.ImportFrom)
                and any(alias.name == "dataclass" for alias in node.names)
            }
            assert froms == {"pipeline.model.frozen"}, name
