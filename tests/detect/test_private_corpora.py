"""Precision and recall of the detectors of private data and secrets, on the stored corpora."""

import re

import pytest

from tests.corpora.fictional import fill
from tests.corpora.frames import read
from tests.corpora.private import DETECTORS, cases

FLOOR = 0.98


def figures(name: str) -> tuple[float, float]:
    """(precision, recall)"""
    detect = DETECTORS[name]
    marks = [(expect, detect(text)) for text, expect, _ in cases(name)]
    right = marks.count((True, True))
    return (
        right / (right + marks.count((False, True))),
        right / (right + marks.count((True, False))),
    )


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_the_floors_hold(name: str) -> None:
    precision, recall = figures(name)
    assert precision >= FLOOR
    assert recall >= FLOOR


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_a_corpus_is_large_balanced_and_without_repetition(name: str) -> None:
    rows = read(name)
    assert len(rows) >= 300
    assert abs(sum(r["expect"] for r in rows) * 2 - len(rows)) <= len(rows) * 0.1
    assert len({r["text"] for r in rows}) == len(rows)


@pytest.mark.parametrize("name", ["identity", "mobile", "bank_card"])
def test_the_stored_positives_hold_places_instead_of_numbers(name: str) -> None:
    for row in read(name):
        if row["expect"]:
            assert re.search(r"\{(?:identity|mobile|card16|card19):\d+", row["text"])
            assert not re.search(r"\d{11}", row["text"])


@pytest.mark.parametrize("name", ["identity", "mobile", "bank_card"])
def test_a_detector_that_finds_nothing_or_everything_would_fail(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DETECTORS, name, lambda text: len(text) % 2 == 0)  # type: ignore[arg-type]
    assert min(figures(name)) < FLOOR


def test_what_is_filled_in_is_the_same_on_any_day_and_nobodys() -> None:
    identity = fill("{identity:7}")
    assert identity == fill("{identity:7}")
    assert identity[6:17] == "19000101000"
    assert identity[2:5] == "000"
    assert fill("{mobile}") == "13800138000"
    assert fill("{mobile:5}")[:3] in ("142", "154")
    assert fill("{card19:5}").startswith("620000")
