"""A short run of every fuzz target; `make fuzz` is the long one."""

import pytest

from tests.fuzz.__main__ import run
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS, Target

SLOW = {"front-matter": 400, "roster": 600, "statement": 800}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_no_input_crashes_hangs_or_is_wrongly_accepted(name: str) -> None:
    assert run(TARGETS[name], name, 1, 0, SLOW.get(name, 3000)) is None


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_seeds_themselves_are_met(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].meet(seed)


def test_inputs_are_many_and_the_same_every_time() -> None:
    seeds = TARGETS["note"].seeds
    first = [mutated(seeds, f"1:note:{n}") for n in range(500)]
    assert first == [mutated(seeds, f"1:note:{n}") for n in range(500)]
    assert len(set(first)) > 450


def test_a_reader_that_fails_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    def fails(raw: bytes) -> None:
        assert b"\0" not in raw

    assert run(Target((b"abc",), fails), "it", 1, 0, 10_000) is not None
    assert "AssertionError" in capsys.readouterr().out
