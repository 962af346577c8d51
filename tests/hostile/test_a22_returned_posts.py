"""A22: a return stands until a new revision, and taking it away is a finding."""

from typing import Any

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.evidence import CAST
from tests.builders.files import folder
from tests.builders.verdicts import finds, passes, places, refused_for, run_verify

RETURNED = ("R11-1", "second-review-returned")
TAKEN = ("R11-5", "return-removed")
REWRITTEN = ("R13-7", "signed-file-changed")


def _returned(archive: ArchiveRepo) -> str:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first")
    path = archive.review(POST, "second", decision="return", opinion="标题不准")
    archive.commit("退回", "kz-a")
    return path


def test_a_returned_post_is_refused(archive: ArchiveRepo) -> None:
    _returned(archive)
    assert refused_for(archive.verify(), RETURNED)


def test_later_approvals_do_not_lift_a_return(archive: ArchiveRepo) -> None:
    _returned(archive)
    archive.review(POST, "final")
    archive.review(POST, "confirm")
    archive.commit("绕过")
    assert refused_for(archive.verify(), RETURNED)


def _on_main(archive: ArchiveRepo) -> str:
    """The returned post stands on main, and a new branch is checked out."""
    path = _returned(archive)
    archive.merge("proposal")
    archive.branch("again")
    return path


def test_a_return_overwritten_by_an_approval(archive: ArchiveRepo) -> None:
    path = _on_main(archive)
    for step in list(CAST)[1:]:
        archive.review(POST, step)
    archive.commit("改签", "kz-a")
    report = archive.verify("main", "again")
    assert refused_for(report, REWRITTEN)
    assert (path, 0) in places(report, "R13-7")


def test_a_return_that_is_deleted(archive: ArchiveRepo) -> None:
    path = _on_main(archive)
    for end in ("", ".sig"):
        (archive.root / f"{path}{end}").unlink()
    archive.commit("删退回")
    report = archive.verify("main", "again")
    assert finds(report, *REWRITTEN)
    assert places(report, "R13-7") == {(path, 0), (f"{path}.sig", 0)}


def _second_revision(archive: ArchiveRepo, **first: Any) -> None:
    archive.draft(revision=2, title="冬季防火的三件事")
    archive.commit("改稿")
    for number, step in enumerate(CAST):
        more = first if step == "first" else {}
        archive.review(POST, step, signed_at=at(f"2026-11-04 {15 + number}:00"), **more)
    archive.commit("再审", "gly-a")


def test_a_new_revision_lifts_it(archive: ArchiveRepo) -> None:
    _returned(archive)
    _second_revision(archive)
    assert passes(archive.verify())


def test_the_new_revision_names_the_return(archive: ArchiveRepo) -> None:
    """A chain that leaves the return out is broken, so that nobody can lose it."""
    _returned(archive)
    _second_revision(archive, previous=None)
    assert refused_for(archive.verify(), ("R11-1", "review-chain-broken"))


def test_the_return_taken_away_after_the_new_revision(archive: ArchiveRepo) -> None:
    path = _returned(archive)
    _second_revision(archive)
    for end in ("", ".sig"):
        (archive.root / f"{path}{end}").unlink()
    archive.commit("删退回")
    report = archive.verify()
    assert refused_for(report, ("R11-1", "review-chain-broken"), TAKEN)


def test_the_same_bytes_again_without_an_answer(archive: ArchiveRepo) -> None:
    """Raising the revision changes the bytes; the opinion of the return asks for more than that."""
    _returned(archive)
    archive.change(f"{folder(POST)}/post.md", "revision: 1", "revision: 2")
    archive.commit("只改版次")
    for number, step in enumerate(CAST):
        archive.review(POST, step, signed_at=at(f"2026-11-04 {15 + number}:00"))
    archive.commit("再审", "gly-a")
    assert refused_for(archive.verify(), ("R11-5", "return-unanswered"))


def test_a_return_removed_inside_the_proposal(archive: ArchiveRepo) -> None:
    """Main never held it, the branch did: as with a medium, what came and went is told."""
    path = _returned(archive)
    for end in ("", ".sig"):
        (archive.root / f"{path}{end}").unlink()
    archive.commit("删退回", "zz-a")
    for step in list(CAST)[1:]:
        archive.review(POST, step)
    archive.commit("再签", "gly-a")
    report = archive.verify()
    assert refused_for(report, TAKEN)
    assert places(report, "R11-5") == {(path, 0)}


def test_the_command_names_who_returned_it(archive: ArchiveRepo) -> None:
    _returned(archive)
    done = run_verify(archive.root, "--base", "main")
    assert done.returncode == 11
    assert finds(archive.verify(), "R11-1", "second-review-returned")
    assert "raise `revision` by one" in done.stdout
