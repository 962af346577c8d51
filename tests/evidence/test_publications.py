"""Publication records that supersede wrong ones: which count, and what is said of the rest."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.review.superseding import without_superseded
from pipeline.model.findings import Effect
from pipeline.model.records import Publication
from tests.rules.builders import publication

POST = "2026-11-03-winter-fire"


def record(name: str, minute: int, supersedes: str = "", **more: Any) -> Publication:
    reason = {"reason": "时间写错"} if supersedes else {}
    return publication(
        f"2026-11-03 09:{minute:02d}", digest=name, supersedes=supersedes, **reason, **more
    )


def counted(found: Iterable[Publication]) -> list[str]:
    return [p.digest for p in without_superseded(tuple(found))[0]]


def test_the_wrong_record_no_longer_counts_and_stays_visible() -> None:
    old, new = record("a", 1), record("b", 2, "a")
    standing, findings = without_superseded((old, new))
    assert standing == (new,)
    assert [(f.clause, f.effect, f.location.path) for f in findings] == [
        ("R11-4", Effect.NOTE, old.path)
    ]
    assert f"{new.path}: 时间写错" in str(findings[0].message)


def test_a_correction_may_itself_be_corrected_and_taken_back() -> None:
    chain = (record("a", 1), record("b", 2, "a"), record("c", 3, "b"))
    assert counted(chain) == ["c"]
    assert counted((*chain, record("d", 4, "c", void=True))) == []


@pytest.mark.parametrize(
    "second",
    [
        record("b", 2, "nothing"),
        record("b", 0, "a"),
        record("b", 2, "b"),
        record("b", 2, "a", of="2026-11-03-another"),
        record("b", 2, "nothing", void=True),
    ],
    ids=["absent", "earlier", "itself", "another-post", "void-of-nothing"],
)
def test_what_claims_too_much_does_not_count_and_what_it_names_does(second: Publication) -> None:
    standing, findings = without_superseded((record("a", 1), second))
    assert [p.digest for p in standing] == ["a"]
    assert [(f.clause, f.effect, f.location.path) for f in findings] == [
        ("R11-4", Effect.REFUSE, second.path)
    ]


def test_a_record_of_the_same_minute_supersedes() -> None:
    assert counted((record("a", 1), record("b", 1, "a"))) == ["b"]


def test_a_record_is_superseded_once() -> None:
    found = (record("a", 1), record("b", 2, "a"), record("c", 3, "a"))
    standing, findings = without_superseded(found)
    assert [p.digest for p in standing] == ["b"]
    assert sorted(f.effect for f in findings) == [Effect.NOTE, Effect.REFUSE]


@given(st.permutations([record("a", 1), record("b", 2, "a"), record("c", 3, "b"), record("d", 4)]))
def test_order_of_reading_never_matters(found: list[Publication]) -> None:
    assert sorted(counted(found)) == ["c", "d"]
