"""Posts as nobody should write them: each is judged in words, none stops the program.

What the site makes of the media that are let through is told in tests/site/test_media.py.
"""

from typing import Any

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder

OTHER = "2026-11-06-winter-fire"
LISTED = {"file": "gone.png", "alt": "图", "author": "宣教科", "licence": "自制"}
REFUSED: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "media that are not there": (
        {"body": "![图](gone.png)\n", "media": [LISTED]},
        {
            ("R09-6", "File gone.png is listed but not beside the post."),
            ("R10-5", "Picture gone.png is not in the post's folder."),
        },
    ),
    "media that nobody listed": (
        {"files": {"a.svg": b"<svg><script>alert(1)</script></svg>"}},
        {("R09-6", "File a.svg is not listed with author and licence.")},
    ),
    "media that are not what they say, or are cut off": (
        {
            "body": "![图](gone.png)\n\n![二](drawn.svg)\n",
            "media": [LISTED, LISTED | {"file": "drawn.svg"}, LISTED | {"file": "sheet.pdf"}],
            "files": {"gone.png": b"\xff\xd8\xff", "drawn.svg": b"<svg/>", "sheet.pdf": b"PK"},
        },
        {
            ("R10-5", "gone.png cannot be read, or is not what its name says."),
            ("R10-5", "sheet.pdf cannot be read, or is not what its name says."),
            ("R10-5", "Picture drawn.svg is of a kind that no page shows."),
        },
    ),
    "300 characters of title": ({"title": "长" * 300}, {("F-3", "title is too long.")}),
    "a title that is turned around": (
        {"title": "防火\u202e事三"},
        {("R11-2", "There is an invisible character U+202E.")},
    ),
}


def _refusals(archive: ArchiveRepo) -> set[tuple[str, str]]:
    found = archive.verify().findings
    return {(f.clause, str(f.message)) for f in found if f.effect is Effect.REFUSE}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_post_is_refused_in_words(archive: ArchiveRepo, name: str) -> None:
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
    assert ("R13-7", "The path belongs to no class of files.") in _refusals(archive)
