"""Quarters of the year."""

from datetime import date

import pytest

from pipeline.model.cards import card_of
from pipeline.model.month import before, first_day, last_day, posts_of, quarter_of
from tests.rules.builders import archive, post


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        ("2026-01-01", (2026, 0), "2026-01-01", "2026-03-31"),
        ("2024-02-29", (2024, 0), "2024-01-01", "2024-03-31"),
        ("2026-06-30", (2026, 1), "2026-04-01", "2026-06-30"),
        ("2026-07-01", (2026, 2), "2026-07-01", "2026-09-30"),
        ("2026-12-31", (2026, 3), "2026-10-01", "2026-12-31"),
    ],
)
def test_a_day_lies_in_its_quarter(
    day: str, quarter: tuple[int, int], first: str, last: str
) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter
    assert first_day(quarter) == date.fromisoformat(first)
    assert last_day(quarter) == date.fromisoformat(last)


def test_the_quarter_before_the_first_is_in_the_year_before() -> None:
    assert before((2026, 0)) == (2025, 3)
    assert before((2026, 3)) == (2026, 2)


def test_posts_of_a_quarter_are_its_own_and_all_of_them() -> None:
    inside, outside = post("2026-10-01-a"), post("2026-09-30-b")
    look = archive(inside, outside)
    assert posts_of(look, (2026, 3)) == (card_of(inside),)
    assert posts_of(archive(inside, post_ids=look.post_ids), (2026, 3)) == (card_of(inside),)
    assert posts_of(archive(outside, post_ids=look.post_ids), (2026, 3)) is None


def test_an_id_that_is_no_date_belongs_to_no_quarter() -> None:
    look = archive(post("2026-02-30-a"), post("note"))
    assert posts_of(look, (2026, 0)) == ()
