"""A short run of every fuzz target; `make fuzz` is the long one."""

import pytest

from tests.fuzz import __main__ as runner
from tests.fuzz.__main__ import fuzz, run
from tests.fuzz.mutate import Target, made
from tests.fuzz.targets import TARGETS

COUNTS = dict.fromkeys(("reviews", "facts", "page", "site"), 50)
"""Inputs of the targets that take longest; of any other 500."""


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_no_input_crashes_hangs_or_is_wrongly_accepted(name: str) -> None:
    assert run(TARGETS[name], name, 1, 0, COUNTS.get(name, 500)) is None


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_seeds_themselves_are_met(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].meet(seed)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_inputs_are_many_and_the_same_every_time(name: str) -> None:
    first = [made(TARGETS[name], f"1:{name}:{n}") for n in range(300)]
    assert first == [made(TARGETS[name], f"1:{name}:{n}") for n in range(300)]
    assert len(set(first)) > 200


def _with(monkeypatch: pytest.MonkeyPatch, target: Target) -> None:
    monkeypatch.setitem(TARGETS, "it", target)


def test_a_reader_that_fails_is_found_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(raw: bytes) -> None:
        assert b"\0" not in raw

    _with(monkeypatch, Target((b"abc",), fails))
    found = fuzz("it", 1, 0, 10_000, 2)
    assert isinstance(found, tuple)
    assert "AssertionError" in found[1]
    assert b"\0" in made(TARGETS["it"], f"1:it:{found[0]}")


def test_a_reader_that_hangs_is_found_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(raw: bytes) -> None:
        while b"\0" in raw:
            pass

    monkeypatch.setattr(runner, "SECONDS", 0.05)
    _with(monkeypatch, Target((b"abc",), hangs))
    found = fuzz("it", 1, 0, 10_000, 2)
    assert isinstance(found, tuple)
    assert found[1].startswith("Hang")


def test_a_reader_that_never_comes_back_is_killed_and_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def counts(raw: bytes) -> None:
        if b"\0" in raw:
            sum(range(10**12))  # no signal is looked at meanwhile

    monkeypatch.setattr(runner, "PATIENCE", 1)
    _with(monkeypatch, Target((b"abc",), counts))
    found = fuzz("it", 1, 0, 5000, 1)
    assert isinstance(found, tuple)
    assert "killed" in found[1]
    assert b"\0" in made(TARGETS["it"], f"1:it:{found[0]}")
