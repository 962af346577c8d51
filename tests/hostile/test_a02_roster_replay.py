"""A2: an old roster does not come back, and no review names a roster that is not in force."""

from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import key, registers
from tests.builders.evidence import CAST
from tests.builders.verdicts import finds, passes, places, refused_for

ROSTER = "content/registers/roster.yml"
BROKEN = ("R11-1", "roster-not-following")


@pytest.mark.parametrize(
    "roster", [{"serial": 2, "digest": "0" * 64}, {"serial": 1, "digest": "0" * 64}]
)
def test_a_review_under_a_roster_unknown_here(archive: ArchiveRepo, roster: object) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first", roster=roster)
    for step in list(CAST)[1:]:
        archive.review(POST, step)
    archive.commit("审核")
    report = archive.verify()
    assert refused_for(report, ("R11-1", "roster-not-current"))


def _authorised(archive: ArchiveRepo, name: str = "change") -> None:
    archive.commit("名册", "gly-a")
    archive.authorise("kz-a", "section-head", name=name)
    archive.authorise("ld-a", "leader-in-charge", name=name)
    archive.commit("授权", "gly-a")


def _moved_on(archive: ArchiveRepo, *more: dict[str, Any]) -> None:
    """Main with its next roster, lawfully."""
    archive.switch("main")
    name = f"roster-{len(more)}"
    archive.branch(name)
    archive.next_roster(*more)
    _authorised(archive, name)
    archive.merge(name)


def test_a_roster_that_follows_passes(archive: ArchiveRepo) -> None:
    archive.next_roster(key("gly-b"))
    _authorised(archive)
    assert passes(archive.verify())


def test_reviews_under_the_roster_before_stay_good(approved: ArchiveRepo) -> None:
    """Base moved on to the next roster while the proposal waited."""
    _moved_on(approved, key("gly-b"))
    assert passes(approved.verify("main", "proposal"))


def test_an_old_roster_is_refused_even_when_it_is_signed_for(archive: ArchiveRepo) -> None:
    old = archive.read(ROSTER)
    archive.switch("main")
    archive.next_roster(key("gly-b"))
    archive.commit("新名册", "gly-a")
    archive.branch("replay")
    archive.write(ROSTER, old)
    _authorised(archive)
    assert refused_for(archive.verify("main", "replay"), BROKEN, ("R11-1", "key-removed gly-b"))


@pytest.mark.parametrize(
    "changes",
    [{"previous": None}, {"previous": "0" * 64}, {"serial": 1}, {"serial": 3}, {"serial": 1000}],
    ids=str,
)
def test_a_roster_that_names_another_past_is_refused(
    archive: ArchiveRepo, changes: dict[str, Any]
) -> None:
    archive.next_roster(key("gly-b"), **changes)
    _authorised(archive)
    assert refused_for(archive.verify(), BROKEN)


@pytest.mark.parametrize("owner", ["xxy-b", "ld-b"])
def test_a_key_is_never_taken_out(archive: ArchiveRepo, owner: str) -> None:
    """It could come back as another's; it is ended instead."""
    keys = [k for k in registers()["roster"]["keys"] if k["person"] != owner]
    archive.next_roster(keys=keys)
    _authorised(archive)
    assert refused_for(archive.verify(), ("R11-1", "key-removed"))
    assert not finds(archive.verify(), *BROKEN)


def _at_serial_three(archive: ArchiveRepo) -> list[dict[str, Any]]:
    """Main moved on twice while a draft waited; the versions of its roster, oldest first."""
    archive.draft()
    archive.commit("起草")
    archive.switch("main")
    versions = [archive.roster()]
    for more in ([key("gly-b")], [key("gly-b"), key("zz-b")]):
        _moved_on(archive, *more)
        versions.append(archive.roster())
    archive.switch("proposal")
    return versions


@pytest.mark.parametrize("serial", [1, 2])
@pytest.mark.parametrize("forged", [True, False])
def test_a_review_under_an_earlier_roster_names_it_truly(
    archive: ArchiveRepo, serial: int, forged: bool
) -> None:
    """Who was shown another roster of that number signed its digest: that is how it comes out."""
    named = _at_serial_three(archive)[serial - 1]
    named |= {"digest": "0" * 64} if forged else {}
    for step in CAST:
        archive.review(POST, step, roster=named)
    archive.commit("审核", "xxy-a")
    unknown = ("R11-1", "review-roster-unknown")
    report = archive.verify("main", "proposal")
    assert refused_for(report, unknown) if forged else passes(report)
    archive.merge("proposal")
    assert finds(archive.audit("main"), *unknown) is forged


def test_an_authorisation_names_the_roster_it_was_signed_under(archive: ArchiveRepo) -> None:
    """The serial alone may be that of a roster which only its signer was shown."""
    archive.next_roster(key("gly-b"))
    archive.commit("名册", "gly-a")
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        archive.authorise(person, role, roster={"serial": 1, "digest": "0" * 64})
    archive.commit("授权", "gly-a")
    assert refused_for(archive.verify(), ("R13-7", "consent-other-roster"))
    assert len(places(archive.verify(), "R13-7")) == 2, "of both who signed"
