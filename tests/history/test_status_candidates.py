"""`status` looks at the posts that may wait for somebody, and at no others."""

from datetime import timedelta

import pytest

from pipeline.history.status_candidates import may_wait
from pipeline.judge.publication_reader import RECENT
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.files import folder

LONG_AFTER = AS_OF + RECENT + timedelta(days=60)
"""The builders commit on days near `AS_OF`."""


@pytest.fixture
def carried(approved: ArchiveRepo) -> ArchiveRepo:
    approved.publication(POST)
    approved.commit("发布", "gly-a")
    approved.merge("proposal")
    return approved


def waits(archive: ArchiveRepo, *, later: bool) -> bool:
    now = LONG_AFTER if later else AS_OF
    return POST in may_wait(archive.open(), archive.head(), now)


def test_a_post_of_late_may_wait_and_one_carried_long_ago_does_not(carried: ArchiveRepo) -> None:
    assert waits(carried, later=False)
    assert not waits(carried, later=True)


def test_one_that_nobody_carried_waits_for_ever(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    assert waits(approved, later=True)


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("area", ["posts", "reviews", "records/publications"])
def test_a_change_of_late_brings_it_back(carried: ArchiveRepo, area: str, committed: bool) -> None:
    names = {
        "posts": f"{folder(POST)}/post.md",
        "reviews": f"content/reviews/2026/{POST}/r2/1-first.json",
        "records/publications": f"content/records/publications/2027/2027-05-01.app.{POST}.json",
    }
    carried.write(names[area], b"changed")
    if committed:
        carried.git("add", "--all")
        when = carried.git.people("a@x", "a@x") | {"GIT_COMMITTER_DATE": LONG_AFTER.isoformat()}
        carried.git("commit", "--quiet", "--message", "x", env=when)
    assert waits(carried, later=True)
