"""Posts as nobody should write them: each is judged in words, none stops the program.

What the site makes of the media that are let through is told in tests/site/test_media.py.
"""

from pathlib import PurePath
from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import mark, refusals

OTHER = "2026-11-06-winter-fire"
LISTED = {"file": "gone.png", "alt": "图", "author": "宣教科", "licence": "自制"}
REFUSED: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "media that are not there": (
        {"body": "![图](gone.png)\n", "media": [LISTED]},
        {
            ("R09-6", "listed-file-missing gone.png"),
            ("R10-5", "picture-missing gone.png"),
        },
    ),
    "media that nobody listed": (
        {"files": {"a.svg": b"<svg><script>alert(1)</script></svg>"}},
        {("R09-6", "file-unlisted a.svg")},
    ),
    "media that are not what they say, or are cut off": (
        {
            "body": "![图](gone.png)\n\n![二](drawn.svg)\n",
            "media": [LISTED, LISTED | {"file": "drawn.svg"}, LISTED | {"file": "sheet.pdf"}],
            "files": {"gone.png": b"\xff\xd8\xff", "drawn.svg": b"<svg/>", "sheet.pdf": b"PK"},
        },
        {
            ("R10-5", "file-unsound gone.png"),
            ("R10-5", "file-unsound sheet.pdf"),
            ("R10-5", "picture-kind-unfit drawn.svg"),
        },
    ),
    "300 characters of title": ({"title": "长" * 300}, {("F-3", "value-too-long title")}),
    "a title that is turned around": (
        {"title": "防火\u202e事三"},
        {("R11-2", "character-invisible U+202E")},
    ),
}


def _refusals(archive: ArchiveRepo) -> set[tuple[str, str]]:
    """Clause, name, and what tells it apart or the file of the post where it is."""
    return {
        (f.clause, mark(f) if f.about else f"{f.name} {PurePath(f.location.path).name}")
        for f in refusals(archive.verify())
    }


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_post_is_refused_for_what_is_wrong(archive: ArchiveRepo, name: str) -> None:
    draft, wanted = REFUSED[name]
    archive.draft(**draft)
    archive.commit("坏稿")
    assert _refusals(archive) == wanted


@pytest.mark.parametrize("title", ["<b>三</b><script>alert(1)</script>", "السلامة من الحرائق"])
def test_a_title_of_markup_or_from_right_to_left_is_a_title(
    archive: ArchiveRepo, title: str
) -> None:
    archive.draft(title=title)
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核", "gly-a")
    assert not _refusals(archive)


def test_one_slug_on_two_days_is_two_posts(archive: ArchiveRepo) -> None:
    for post in (POST, OTHER):
        archive.draft(post)
        archive.commit("起草")
        archive.approve_all(post)
        archive.commit("审核", "gly-a")
    assert not _refusals(archive)
    assert {v.subject for v in archive.verify().verdicts} >= {POST, OTHER}


@pytest.mark.parametrize("elsewhere", [f"content/posts/2025/{POST}", f"{folder(POST)}-"])
def test_a_post_has_one_place(archive: ArchiveRepo, elsewhere: str) -> None:
    archive.draft()
    archive.write(f"{elsewhere}/post.md", archive.read(f"{folder(POST)}/post.md"))
    archive.commit("两处")
    assert ("R13-7", "path-unknown post.md") in _refusals(archive)
