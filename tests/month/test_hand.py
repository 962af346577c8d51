"""What the play counts."""

import pytest

from tests.month.hand import Effort, Tally


def test_an_act_holds_what_was_done_in_it_alone() -> None:
    tally = Tally()
    tally.clicks = 3
    with tally.act("write"):
        tally.clicks += 2
        tally.keys += 40
    with tally.act("write"):
        tally.clicks += 5
    assert (tally.acts["write"].clicks, tally.acts["write"].keys) == ([2, 5], [40, 0])


def test_an_act_that_fails_is_not_counted() -> None:
    tally = Tally()
    with pytest.raises(ValueError), tally.act("write"):
        raise ValueError
    assert tally.acts == {}


def test_the_table_names_the_median_and_the_most() -> None:
    tally = Tally({"write": Effort([4, 6, 9], [1, 1, 1], [0.5, 2.25, 0.75])})
    assert tally.table().splitlines()[-1] == "| write | 3 | 6 (at most 9) | 1 | 0.8 (at most 2.2) |"
