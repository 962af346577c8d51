"""A6: each step signs the one before it; dates alone prove nothing."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.evidence import CAST
from tests.builders.verdicts import CONSEQUENCE, finds, passes, refused_for

ORDER = ("R11-1", "review-chain-broken")


def test_second_before_first(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "second", signed_at=at("2026-11-04 10:30"))
    archive.review(POST, "first")
    archive.review(POST, "final")
    archive.review(POST, "confirm")
    archive.commit("审核")
    assert refused_for(archive.verify(), ORDER)


def test_final_that_names_the_first_in_place_of_the_second(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first")
    skipped = archive.predicate(POST, "second", "kz-a")["previous"]
    archive.review(POST, "second")
    archive.review(POST, "final", previous=skipped)
    archive.review(POST, "confirm")
    archive.commit("审核")
    assert refused_for(archive.verify(), ORDER)


@pytest.mark.parametrize("step", list(CAST)[1:])
def test_confirmed_before_the_end(archive: ArchiveRepo, step: str) -> None:
    """A step that stands without the one before it never counts."""
    archive.draft()
    archive.commit("起草")
    before = list(CAST)[: list(CAST).index(step) - 1]
    for name in before:
        archive.review(POST, name)
    archive.review(POST, step)
    archive.commit("审核")
    report = archive.verify()
    assert report.exit_code == 11
    where = {f.location.path for f in report.findings if f.name == CONSEQUENCE}
    assert archive.place(POST, step) in where


def test_a_first_review_signed_again_voids_what_followed(approved: ArchiveRepo) -> None:
    """Swapping in a new first review breaks the chain that the second had signed."""
    approved.review(POST, "first", opinion="重新签过")
    approved.commit("换初审")
    assert refused_for(approved.verify(), ORDER)


def test_the_same_words_with_another_signature(archive: ArchiveRepo) -> None:
    """The chain pins the signature too; another key's would be another record."""
    archive.draft()
    archive.commit("起草")
    path = archive.review(POST, "first")
    previous = archive.predicate(POST, "second", "kz-a")["previous"]
    archive.sign(path, archive.read(path), "xxy-b")
    archive.review(POST, "second", previous=previous)
    archive.commit("审核")
    assert finds(archive.verify(), "R11-1", "key-of-another")


@pytest.mark.parametrize("step", list(CAST)[1:])
def test_a_claim_older_than_the_step_before(archive: ArchiveRepo, step: str) -> None:
    archive.draft()
    archive.commit("起草")
    early: dict[str, Any] = {"signed_at": at("2026-11-04 09:00")}
    for name in CAST:
        archive.review(POST, name, **(early if name == step else {}))
    archive.commit("审核")
    clause = "R15-2" if step == "confirm" else "R11-1"
    assert refused_for(archive.verify(), (clause, "review-before-previous"))


def test_a_claim_from_the_future(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    for name in list(CAST)[:3]:
        archive.review(POST, name)
    archive.review(POST, "confirm", signed_at=at("2026-11-05 18:00") + timedelta(minutes=11))
    archive.commit("审核")
    report = archive.verify()
    assert refused_for(report, ("R15-2", "review-in-future"))


def test_within_the_tolerance_it_is_no_future(archive: ArchiveRepo) -> None:
    """time.tolerance_minutes is 10: clocks differ a little."""
    archive.draft()
    archive.commit("起草")
    for name in list(CAST)[:3]:
        archive.review(POST, name)
    archive.review(POST, "confirm", signed_at=at("2026-11-05 18:00") + timedelta(minutes=10))
    archive.commit("审核")
    assert passes(archive.verify())
