"""Another department takes the lead, and one is dissolved: what was signed before still counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, registers
from tests.builders.verdicts import marks, passes

ENTERED = at("2026-11-06 12:00")
SECOND = "2026-11-06-second"
OLD, NEW = "xjk", "jzk"


def _led(archive: ArchiveRepo, **old: Any) -> None:
    """Propose that another department leads from the 6th on, with its own officer and head."""
    changes: Mapping[str, Any] = {OLD: {"lead": False, **old}, NEW: {"lead": True}}
    rows = registers()["departments"]["departments"]
    archive.register("departments", {"departments": [r | changes.get(r["id"], {}) for r in rows]})
    people = registers()["people"]["people"]
    for person in people:
        own = [r for r in person["roles"] if r["department"] == OLD]
        if person["id"] in ("xxy-b", "kz-a", "gly-a"):
            person["roles"] += [r | {"department": NEW, "from": "2026-11-06"} for r in own]
    archive.register("people", {"people": people})
    archive.commit("换牵头科室", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")


def _published(archive: ArchiveRepo) -> None:
    archive.publication(POST)
    archive.commit("发布", "gly-a")
    archive.merge("proposal")
    archive.branch("lead")


def test_without_the_day_all_reviews_would_be_lost_and_the_change_is_refused(
    approved: ArchiveRepo,
) -> None:
    _published(approved)
    _led(approved)
    assert ("R11-1", "reviewer-lacks-role") in marks(approved.verify())


def test_reviews_of_before_and_after_are_held_to_the_lead_of_their_day(
    approved: ArchiveRepo,
) -> None:
    _published(approved)
    _led(approved, led_until="2026-11-05")
    assert passes(approved.verify())
    approved.merge("lead")
    for officer, right in (("xxy-b", True), ("xxy-a", False)):
        approved.git("switch", "--quiet", "main")
        approved.branch(f"by-{officer}")
        approved.draft(SECOND)
        approved.commit("起草")
        signed = at("2026-11-06 09:00")
        for step, person in (
            ("first", officer), ("second", "kz-a"), ("final", "ld-a"), ("confirm", "kz-a"),
        ):  # fmt: skip
            approved.review(SECOND, step, person, signed_at=signed)
        approved.commit("审核")
        found = marks(approved.verify(as_of=ENTERED))
        assert (("R11-1", "reviewer-lacks-role") in found) is not right, found
        assert right is (found == set()), found


def test_a_day_has_one_lead(archive: ArchiveRepo) -> None:
    _led(archive, led_until="2026-11-05", until="2026-11-20")
    found = trust(archive.open().tree(archive.head())).registers
    assert [found.lead_on(date(2026, 11, n)) for n in (1, 5, 6, 30)] == [OLD, OLD, NEW, NEW]
    assert OLD in found.departments_on(date(2026, 11, 20))
    assert OLD not in found.departments_on(date(2026, 11, 21))


@pytest.mark.parametrize(("until", "owes"), [("2026-11-04", False), ("2026-11-05", True)])
def test_a_dissolved_department_owes_no_officer(
    archive: ArchiveRepo, until: str, owes: bool
) -> None:
    rows = registers()["departments"]["departments"]
    gone = {"id": "gone", "name": "撤并科", "lead": False, "aliases": [], "until": until}
    archive.register("departments", {"departments": [*rows, gone]})
    archive.commit("撤并", "gly-a")
    said = marks(archive.audit(), Effect.REFUSE)
    assert (("R07-1", "officer-missing") in said) is owes
