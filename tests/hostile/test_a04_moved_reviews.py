"""A4: a review counts for the archive, post, account, revision and step it names only."""

from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.evidence import CAST
from tests.builders.files import folder
from tests.builders.verdicts import passes, refused_for

MOVED = ("R11-1", "review-misplaced")


@pytest.mark.parametrize(
    "change",
    [
        {"archive": "other-bureau"},
        {"post": "2026-11-05-another"},
        {"revision": 2},
        {"step": "second"},
        {"accounts": ["wx", "wb"]},
        {"accounts": ["wb"]},
        {"accounts": []},
    ],
    ids=str,
)
def test_a_statement_about_something_else(archive: ArchiveRepo, change: dict[str, Any]) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first", **change)
    for step in list(CAST)[1:]:
        archive.review(POST, step)
    archive.commit("审核")
    assert refused_for(archive.verify(), MOVED)


def test_the_reviews_of_one_post_copied_to_its_twin(approved: ArchiveRepo) -> None:
    """Even with the same words; a post's files are named in the statement as well."""
    twin = "2026-11-05-twin"
    approved.write(f"{folder(twin)}/post.md", approved.read(f"{folder(POST)}/post.md"))
    for step in CAST:
        for end in ("", ".sig"):
            raw = approved.read(approved.place(POST, step) + end)
            approved.write(approved.place(twin, step) + end, raw)
    approved.commit("复制")
    assert refused_for(approved.verify(), MOVED)


def test_an_account_added_after_the_reviews(approved: ArchiveRepo) -> None:
    """The account stands in the front matter, so either reason holds; the first one is said."""
    approved.change(f"{folder(POST)}/post.md", '  - "wx"', '  - "wx"\n  - "wb"')
    approved.commit("加账号")
    assert refused_for(approved.verify(), MOVED)


def test_the_reviews_of_the_first_revision_for_the_second(approved: ArchiveRepo) -> None:
    approved.change(f"{folder(POST)}/post.md", "revision: 1", "revision: 2")
    for step in CAST:
        for end in ("", ".sig"):
            raw = approved.read(approved.place(POST, step) + end)
            approved.write(approved.place(POST, step, 2) + end, raw)
    approved.correction(POST, 2)
    approved.commit("冒用")
    assert refused_for(approved.verify(), MOVED)


def test_two_archives_of_one_bureau(approved: ArchiveRepo) -> None:
    """The base decides which archive this is."""
    approved.switch("main")
    approved.change("content/policy.yml", 'id: "yunlan-yjj"', 'id: "yunlan-two"')
    approved.commit("另一库", "gly-a")
    assert refused_for(approved.verify("main", "proposal"), MOVED)


def test_where_it_belongs_it_passes(approved: ArchiveRepo) -> None:
    assert passes(approved.verify())
