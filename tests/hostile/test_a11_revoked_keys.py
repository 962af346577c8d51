"""A11: a retired key keeps what it signed; a compromised one what stood before it was void."""

from hashlib import sha256
from typing import Any

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import key, registers
from tests.builders.verdicts import finds, marks, passes, refused_for, waits_for

AFTER = "2026-11-05T08:00:00+08:00"
BEFORE = "2026-11-04T10:30:00+08:00"
VOID = ("R11-1", "key-not-valid")
LOST = ("R11-1", "key-stopped")


def _revoke(archive: ArchiveRepo, how: str, when: str, **point: Any) -> None:
    """On main, after the reviews were made on the branch."""
    archive.switch("main")
    value = registers()["roster"]
    gone = key("ld-a", revoked_at=when, revocation=how, **point)
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
    report = approved.verify("main", "proposal")  # held for the push, and refused for the key
    wanted = VOID if how == "retired" else LOST
    assert not marks(report) if good else refused_for(report, wanted)


def test_what_stands_is_void_too(approved: ArchiveRepo) -> None:
    """It came lawfully, so it waits to be reviewed anew, and the site goes on without it."""
    approved.merge("proposal")
    assert passes(approved.standing())
    _revoke(approved, "compromised", AFTER)
    assert waits_for(approved.standing(), LOST)


FLAG = (
    "R11-1",
    "key-compromised-later",
)


@pytest.mark.parametrize("point", ["commit", "time"])
def test_from_a_point_on_it_is_void_and_what_stood_before_is_flagged(
    approved: ArchiveRepo, point: str
) -> None:
    approved.merge("proposal")
    theft = approved.commit("那天被盗", "gly-a")
    where = theft if point == "commit" else "2026-11-04T23:00:00+08:00"
    _revoke(approved, "compromised", AFTER, revoked_from=where)
    report = approved.standing()
    assert passes(report)
    assert finds(report, *FLAG, effect=Effect.NOTE)


@pytest.mark.parametrize("point", ["commit", "time", "unknown", "first"])
def test_what_came_at_that_point_or_later_is_void(approved: ArchiveRepo, point: str) -> None:
    first = approved.head("main")
    merge = approved.merge("proposal")
    where = {
        "commit": merge,
        "time": "2026-11-04T08:01:00+08:00",
        "unknown": "0" * 40,
        "first": first,
    }[point]
    _revoke(approved, "compromised", AFTER, revoked_from=where)
    assert waits_for(approved.standing(), LOST)


def test_a_thief_who_dates_back_gains_nothing(approved: ArchiveRepo) -> None:
    """The proposal is of before the theft by its own claims, but main never held it then."""
    _revoke(approved, "compromised", AFTER, revoked_from=approved.head("main"))
    assert refused_for(approved.verify("main", "proposal"), LOST)


def test_a_retired_key_names_no_point(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    _revoke(approved, "retired", AFTER, revoked_from=approved.head("main"))
    assert refused_for(approved.standing(), ("R11-1", "key-void-unlawful ld-a"))


@pytest.mark.parametrize(
    ("how", "first", "then", "stays"),
    [
        ("retired", None, None, False),
        ("compromised", None, "2026-11-04T23:00:00+08:00", False),
        ("compromised", "2026-11-04T08:00:00+08:00", "2026-11-04T23:00:00+08:00", False),
        ("compromised", "2026-11-04T23:00:00+08:00", "2026-11-04T08:00:00+08:00", True),
    ],
)
def test_a_revocation_is_not_taken_back(
    approved: ArchiveRepo, how: str, first: str | None, then: str | None, stays: bool
) -> None:
    """Nor is the point moved on, so that what was void would count again; back it may go."""
    approved.merge("proposal")
    _revoke(approved, how, AFTER, **({"revoked_from": first} if first else {}))
    raw = approved.read("content/registers/roster.yml")
    value = registers()["roster"] | {"serial": 3, "previous": sha256(raw).hexdigest()}
    if then:
        other = key("ld-a", revoked_at=AFTER, revocation=how, revoked_from=then)
        value["keys"] = [other if k["person"] == "ld-a" else k for k in value["keys"]]
    approved.branch("back")
    approved.register("roster", value)
    approved.commit("恢复", "gly-a")
    for person, role in (("kz-a", "section-head"), ("ld-b", "principal")):
        approved.authorise(person, role)
    approved.commit("授权", "gly-a")
    report = approved.verify()
    assert (
        not marks(report) if stays else refused_for(report, ("R11-1", "revocation-taken-back ld-a"))
    )
