"""A13: a queue or batch merges what was judged, and nothing that slipped in beside it."""

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.verdicts import passes, refused_for, waits_for

OTHER = "2026-11-05-other"


@pytest.fixture
def queued(approved: ArchiveRepo) -> ArchiveRepo:
    """Two proposals, each approved on its own branch, merged into one commit of a queue."""
    approved.branch("two", "main")
    approved.draft(OTHER)
    approved.commit("起草")
    approved.approve_all(OTHER)
    approved.commit("审核")
    approved.branch("queue", "main")
    env = approved.git.people("gly-a@yunlan.example.org", "gly-a@yunlan.example.org")
    for name in ("proposal", "two"):
        approved.git("merge", "--quiet", "--no-ff", "--message", f"queue {name}", name, env=env)
    return approved


def test_a_batch_of_approved_posts_passes(queued: ArchiveRepo) -> None:
    report = queued.verify("main", "queue")
    assert passes(report)
    assert {v.subject for v in report.verdicts} == {POST, OTHER, "change"}


def test_a_third_post_in_the_batch_waits_and_holds_all(queued: ArchiveRepo) -> None:
    queued.draft("2026-11-05-third")
    queued.commit("夹带")
    report = queued.verify("main", "queue")
    assert waits_for(report, ("R11-1", "first-review-missing"))


def test_a_post_changed_by_the_queue_is_refused(queued: ArchiveRepo) -> None:
    queued.draft(body="合并时改了。\n")
    queued.commit("合并", "gly-a")
    assert refused_for(queued.verify("main", "queue"), ("R11-1", "file-changed-since"))


def test_main_is_judged_again_after_the_push(queued: ArchiveRepo) -> None:
    """Auto-merge pushed the batch before anybody looked: what stands refuses."""
    queued.draft("2026-11-05-third")
    queued.commit("夹带")
    queued.switch("main")
    queued.git("merge", "--quiet", "--ff-only", "queue")
    report = queued.standing()
    assert report.exit_code == 11
    assert [v.subject for v in report.verdicts if not v.publishable] == ["2026-11-05-third"]
