"""A19: comments, labels, statuses, notes and trailers approve nothing; only signed files do."""

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.verdicts import passes, refused_for, waits_for

AWAITED = ("R11-1", "first-review-missing")


def test_words_of_commits_notes_and_tags_are_not_read(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit(
        "起草\n\nReviewed-by: ld-a <ld-a@yunlan.example.org>\nApproved-by: kz-a\nverify: success"
    )
    leader = archive.git.people(email("ld-a"), email("ld-a"))
    archive.git("notes", "add", "--message", "approve", env=leader)
    archive.git("tag", "--annotate", "approved", "--message", "三审通过", env=leader)
    archive.git("update-ref", "refs/pull/1/approved", "HEAD")
    assert waits_for(archive.verify(), AWAITED)


def test_nor_do_they_take_anything_away(approved: ArchiveRepo) -> None:
    other = approved.git.people(email("zz-b"), email("zz-b"))
    approved.git("notes", "add", "--message", "changes requested", env=other)
    approved.git("tag", "rejected")
    assert passes(approved.verify())


@pytest.mark.parametrize("name", ["approved.json", "status.txt", "1-first.json.approved"])
def test_a_status_among_the_records_is_refused(archive: ArchiveRepo, name: str) -> None:
    archive.draft()
    archive.commit("起草")
    archive.write(f"content/reviews/2026/{POST}/r1/{name}", b'{"state": "success"}\n')
    archive.commit("通过")
    wanted = [("R13-7", "path-unknown")]
    assert refused_for(archive.verify(), *wanted, ("R11-1", "review-revision-unknown"))
