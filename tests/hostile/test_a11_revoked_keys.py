"""A11: a retired key keeps what it signed; a compromised one keeps nothing."""

import pytest

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import key, registers
from tests.builders.verdicts import passes, refused_for

AFTER = "2026-11-05T08:00:00+08:00"
BEFORE = "2026-11-04T10:30:00+08:00"
VOID = ("R11-1", "The key of ld-a was not valid at the time of signing.")


def _revoke(archive: ArchiveRepo, how: str, when: str) -> None:
    """On main, after the reviews were made on the branch."""
    archive.switch("main")
    value = registers()["roster"]
    gone = key("ld-a", revoked_at=when, revocation=how)
    value["keys"] = [gone if k["person"] == "ld-a" else k for k in value["keys"]]
    archive.register("roster", value | {"serial": 2})
    archive.commit("吊销", "gly-a")


@pytest.mark.parametrize(
    ("how", "when", "good"),
    [
        ("retired", AFTER, True),
        ("retired", BEFORE, False),
        ("compromised", AFTER, False),
        ("compromised", BEFORE, False),
    ],
)
def test_a_revocation_while_the_proposal_waits(
    approved: ArchiveRepo, how: str, when: str, good: bool
) -> None:
    _revoke(approved, how, when)
    report = approved.verify("main", "proposal")
    assert passes(report) if good else refused_for(report, VOID)


def test_what_stands_is_void_too(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    assert passes(approved.standing())
    _revoke(approved, "compromised", AFTER)
    assert refused_for(approved.standing(), VOID)
