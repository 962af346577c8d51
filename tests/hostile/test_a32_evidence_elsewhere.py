"""A32: evidence lies on the content branch; what lies elsewhere is not there."""

from pathlib import Path

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.verdicts import finds, passes, refused_for, run_verify, waits_for

AWAITED = ("R11-1", "first-review-missing")


def test_a_plain_clone_of_one_branch_verifies(approved: ArchiveRepo, tmp_path: Path) -> None:
    approved.merge("proposal")
    copy = tmp_path / "clone"
    approved.git(
        "clone", "--quiet", "--single-branch", "--no-tags", "--branch", "main",
        f"file://{approved.root}", str(copy),
    )  # fmt: skip
    done = run_verify(copy)
    assert done.returncode == 0, done.stdout + done.stderr


def test_reviews_on_another_ref_are_missing(archive: ArchiveRepo) -> None:
    archive.draft()
    drafted = archive.commit("起草")
    archive.approve_all()
    archive.git("update-ref", "refs/reviews/1", archive.commit("审核"))
    archive.git("reset", "--hard", "--quiet", drafted)
    assert waits_for(archive.verify(), AWAITED)


def test_reviews_beside_the_commits_are_missing(archive: ArchiveRepo) -> None:
    """In the index and the work tree only: verify judges commits."""
    archive.draft()
    archive.commit("起草")
    archive.approve_all()
    archive.git("add", "--all", "--force")
    assert waits_for(archive.verify(), AWAITED)


def test_reviews_in_a_module_are_refused(archive: ArchiveRepo) -> None:
    archive.draft()
    head = archive.commit("起草")
    env = archive.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    place = f"content/reviews/2026/{POST}/r1/1-first.json"
    archive.git.grow(head, [("160000", head, place)], env)
    report = archive.verify("main", "raw")
    assert finds(report, "R13-7", "file-not-regular", place)
    assert report.exit_code == 11


def test_a_record_taken_away_is_named(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    assert passes(approved.standing())
    approved.branch("away")
    (approved.root / approved.place(POST, "final", 1)).unlink()
    approved.commit("删", "gly-a")
    assert refused_for(approved.verify(), ("R13-7", "signed-file-changed"))
    approved.merge("away")
    assert refused_for(approved.standing(), ("R11-1", "final-review-missing"))
