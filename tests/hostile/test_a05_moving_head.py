"""A5: what is merged is what was signed, whatever commit the forge takes for the head."""

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import passes, refused_for


def test_a_merge_commit_that_changes_the_post_itself(approved: ArchiveRepo) -> None:
    """An evil merge: neither parent holds the bytes that main would."""
    base = approved.head("main")
    approved.merge("proposal")
    approved.change(f"{folder(POST)}/post.md", "断电、关火", "断电、点火")
    approved.git("add", "--all")
    approved.git("commit", "--quiet", "--amend", "--no-edit", env=approved.git.people("g@x", "g@x"))
    report = approved.verify(base, "main")
    assert report.exit_code == 11
    assert any(f.name == "file-changed-since" for f in report.findings)


@pytest.mark.parametrize("back", [0, 1])
def test_only_the_head_given_is_judged(approved: ArchiveRepo, back: int) -> None:
    approved.change(f"{folder(POST)}/post.md", "断电、关火", "断电、点火")
    approved.commit("改稿")
    report = approved.verify("main", f"proposal~{back}")
    if back:
        assert passes(report)
    else:
        assert refused_for(report, ("R11-1", "file-changed-since"))
