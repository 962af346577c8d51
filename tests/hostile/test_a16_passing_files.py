"""A16: what a change adds and takes away again stays in its history for ever."""

import pytest

from pipeline.model.evidence import Step
from tests.builders.archive import PNG, POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import marks, passes, places, refused_for


@pytest.mark.parametrize("name", ["fire.png", "scan.pdf", "film.mp4"])
def test_a_medium_that_came_and_went(archive: ArchiveRepo, name: str) -> None:
    archive.draft(files={name: PNG})
    archive.commit("起草")
    (archive.root / folder(POST) / name).unlink()
    archive.commit("删去")
    archive.approve_all()
    archive.commit("审核")
    report = archive.verify()
    assert refused_for(report, ("R13-7", "file-passing"))
    assert places(report, "R13-7") == {(f"{folder(POST)}/{name}", 0)}


def test_a_medium_that_went_into_a_merge_and_out(archive: ArchiveRepo) -> None:
    """Also when only a merge commit of the branch held it."""
    archive.draft()
    archive.commit("起草")
    archive.branch("side")
    archive.commit("旁支")
    archive.switch("proposal")
    archive.commit("主支")
    env = archive.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    archive.git("merge", "--quiet", "--no-ff", "--no-commit", "side", env=env)
    archive.write(f"{folder(POST)}/fire.png", PNG)
    archive.commit("合并时夹带")
    (archive.root / folder(POST) / "fire.png").unlink()
    archive.commit("删去")
    archive.approve_all()
    archive.commit("审核")
    wanted = ("R13-7", "file-passing")
    assert refused_for(archive.verify(), wanted)


def test_text_that_was_renamed_is_no_finding(archive: ArchiveRepo) -> None:
    archive.draft(files={"old.txt": "原文。\n".encode()})
    archive.commit("起草")
    archive.git("mv", f"{folder(POST)}/old.txt", f"{folder(POST)}/new.txt")
    archive.commit("改名")
    archive.approve_all()
    archive.commit("审核")
    assert passes(archive.verify())


def test_the_final_tree_decides_about_the_post(archive: ArchiveRepo) -> None:
    """Bad words in a commit on the way void nothing when the end is approved."""
    archive.draft(body="错稿。\n")
    archive.commit("错稿")
    archive.draft()
    archive.commit("改好")
    archive.approve_all()
    archive.commit("审核")
    assert passes(archive.verify())


def test_a_medium_that_came_and_went_and_nothing_else(approved: ArchiveRepo) -> None:
    """Nothing differs in the end, and yet there is something to judge."""
    approved.merge("proposal")
    approved.branch("again")
    approved.write(f"{folder(POST)}/fire.png", PNG)
    approved.commit("加图")
    (approved.root / folder(POST) / "fire.png").unlink()
    approved.commit("删图")
    wanted = ("R13-7", "file-passing")
    assert refused_for(approved.verify(), wanted)
    approved.merge("again")
    assert wanted[0] in {clause for clause, _ in marks(approved.audit("main"))}


def test_a_scan_that_came_and_went_beside_a_page(archive: ArchiveRepo) -> None:
    scan = "content/records/filings/2026/2026-11-05.pdf"
    archive.write(scan, b"%PDF")
    archive.commit("扫描件")
    (archive.root / scan).unlink()
    archive.write("docs/a.md", "x\n")
    archive.commit("说明")
    report = archive.verify()
    assert refused_for(report, ("R13-7", "file-passing"))
    assert places(report, "R13-7") == {(scan, 0)}


def test_a_review_that_was_signed_again_is_no_finding(archive: ArchiveRepo) -> None:
    archive.draft()
    for step in ("first", "second"):
        archive.review(POST, step, to=f"content/reviews/2026/{POST}/r2/{Step(step).stem}.json")
    archive.commit("放错位置")
    archive.git("rm", "-rq", f"content/reviews/2026/{POST}")
    archive.approve_all()
    archive.commit("审核")
    assert passes(archive.verify())
