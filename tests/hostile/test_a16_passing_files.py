"""A16: what a change adds and takes away again stays in its history for ever."""

import pytest

from tests.builders.archive import PNG, POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import passes, places, refused_for


@pytest.mark.parametrize("name", ["fire.png", "scan.pdf", "film.mp4"])
def test_a_medium_that_came_and_went(archive: ArchiveRepo, name: str) -> None:
    archive.draft(files={name: PNG})
    archive.commit("起草")
    (archive.root / folder(POST) / name).unlink()
    archive.commit("删去")
    archive.approve_all()
    archive.commit("审核")
    report = archive.verify()
    assert refused_for(report, ("R13-7", "adds and removes a file that stays in its history"))
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
    wanted = ("R13-7", "adds and removes a file that stays in its history")
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
