"""A3, A5: what was approved is these bytes and no others."""

from collections.abc import Callable

import pytest

from tests.builders.archive import OTHER_PNG, PNG, POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import finds, passes, refused_for, run_verify

HERE = folder(POST)
MEDIA = [{"file": "fire.png", "alt": "灭火器", "author": "宣教科", "licence": "本局原创"}]
BODY = "正文。\n\n![灭火器的用法](fire.png)\n"


@pytest.fixture
def illustrated(archive: ArchiveRepo) -> ArchiveRepo:
    """An approved post with a picture and an attached text."""
    archive.draft(
        body=BODY, files={"fire.png": PNG, "source.txt": "原文。\n".encode()}, media=MEDIA
    )
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    return archive


def test_untouched_it_passes(illustrated: ArchiveRepo) -> None:
    assert passes(illustrated.verify())


EDITS: dict[str, tuple[str, Callable[[ArchiveRepo], object]]] = {
    "a word": ("post.md", lambda a: a.change(f"{HERE}/post.md", "正文。", "正文！")),
    "the front matter": ("post.md", lambda a: a.change(f"{HERE}/post.md", "防火", "防汛")),
    "a space at the end": (
        "post.md",
        lambda a: a.write(f"{HERE}/post.md", a.read(f"{HERE}/post.md") + b"\n"),
    ),
    "the picture": ("fire.png", lambda a: a.write(f"{HERE}/fire.png", OTHER_PNG)),
    "the attachment": ("source.txt", lambda a: a.write(f"{HERE}/source.txt", "原文？\n".encode())),
    "a file more": ("more.txt", lambda a: a.write(f"{HERE}/more.txt", "附注。\n".encode())),
    "a file less": ("source.txt", lambda a: (a.root / HERE / "source.txt").unlink()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_one_byte_voids_every_review(illustrated: ArchiveRepo, edit: str) -> None:
    name, change = EDITS[edit]
    change(illustrated)
    illustrated.commit("改稿")
    assert refused_for(illustrated.verify(), ("R11-1", f"file-changed-since {HERE}/{name}"))


def test_it_stays_refused_where_it_stands(illustrated: ArchiveRepo) -> None:
    """A direct push past the proposal is found by what stands (A20)."""
    illustrated.merge("proposal")
    illustrated.change(f"{HERE}/post.md", "正文。", "正文！")
    illustrated.commit("直接推送", "gly-a")
    found = illustrated.standing()
    assert refused_for(found, ("R11-1", "file-changed-since"))


def test_only_the_changed_post_is_void(illustrated: ArchiveRepo) -> None:
    other = illustrated.draft("2026-11-05-other")
    illustrated.commit("另一篇")
    illustrated.approve_all(other)
    illustrated.commit("审核")
    illustrated.change(f"{HERE}/post.md", "正文。", "正文！")
    illustrated.commit("改稿")
    decisions = {v.subject: v.publishable for v in illustrated.verify().verdicts}
    assert decisions == {POST: False, other: True, "change": True}


def test_changed_back_it_passes_again(illustrated: ArchiveRepo) -> None:
    """A5: the digest is signed, not a commit."""
    illustrated.change(f"{HERE}/post.md", "正文。", "正文！")
    illustrated.commit("改稿")
    illustrated.change(f"{HERE}/post.md", "正文！", "正文。")
    illustrated.commit("改回")
    assert passes(illustrated.verify())


def test_the_head_that_moved_between_review_and_merge(illustrated: ArchiveRepo) -> None:
    """A5: the verdict on the reviewed head says nothing about a later one."""
    reviewed = illustrated.head()
    illustrated.change(f"{HERE}/post.md", "正文。", "正文！")
    illustrated.commit("抢在合并之前")
    assert passes(illustrated.verify("main", reviewed))
    assert illustrated.verify("main", "proposal").exit_code == 11


def test_the_command_names_file_clause_and_next_step(illustrated: ArchiveRepo) -> None:
    illustrated.write(f"{HERE}/fire.png", OTHER_PNG)
    illustrated.commit("换图")
    done = run_verify(illustrated.root, "--base", "main")
    assert done.returncode == 11
    assert finds(illustrated.verify(), "R11-1", f"file-changed-since {HERE}/fire.png")
    assert "R11-1  REFUSED" in done.stdout
    assert "`revision`" in done.stdout
