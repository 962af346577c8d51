"""The month's table of updates owes what Article 5(1) owes, and nothing else."""

from dataclasses import replace

import pytest

from pipeline.history.month_report import month_tables
from pipeline.model.month import Month
from tests.rules.builders import archive
from tests.rules.governance import account, at, day, registers


@pytest.mark.parametrize(
    ("since", "demanded"),
    [
        ("2026-11-20", [None, None, 2, None]),  # a Friday: the week of the 16th is not whole
        ("2026-11-16", [None, 2, 2, None]),
    ],
)
def test_the_week_in_which_an_archive_begins_is_owed_only_whole(
    since: str, demanded: list[int | None]
) -> None:
    made = registers([account(opened_on=day("2026-11-09"))])
    policy = replace(made.policy, archive={**made.policy.archive, "since": day(since)})
    look = archive(registers=replace(made, policy=policy), as_of=at("2026-11-30 20:00"))
    (cadence, *_) = month_tables(look, (), Month.of("2026-11"))
    rows = {row[1]: row[3] for row in cadence.rows}
    weeks = ("2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30")
    assert [rows[week] for week in weeks] == demanded
