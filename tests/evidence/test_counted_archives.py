"""The second counter agrees with the program on whole archives (A30)."""

from datetime import datetime
from pathlib import Path

from pipeline.model.calendar import SHANGHAI
from pipeline.source.git.repository import Repository
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.oracles.archive import counts


def test_both_count_every_post_of_the_demo_alike(demo: Path) -> None:
    rows = [*counts(Repository.open(demo), datetime(2026, 11, 23, tzinfo=SHANGHAI))]
    assert not [post for post, _, wrong in rows if wrong]
    assert [post for post, steps, _ in rows if steps != 4] == [] and len(rows) >= 30


def test_what_waits_is_counted_as_far_as_it_came(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.review(POST, "first")
    archive.commit("起草")
    assert [*counts(archive.open(), AS_OF)] == [(POST, 1, False)]
