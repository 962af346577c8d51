"""A26: an acting leader has a dated mandate in the roster, or the review does not count."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import registers
from tests.builders.evidence import CAST
from tests.builders.verdicts import finds, marks, passes, refused_for

WITHOUT = ("R11-1", "mandate-missing")


def _mandate(**changes: str) -> dict[str, str]:
    return {
        "delegator": "ld-a",
        "delegate": "xxy-b",
        "role": "leader-in-charge",
        "from": "2026-11-04T00:00:00+08:00",
        "until": "2026-11-04T23:59:59+08:00",
        "authority": "云应急〔2026〕7号",
    } | changes


def _acted(
    tmp_path: Path, *mandates: dict[str, str], office: str = "section-head", **predicate: Any
) -> ArchiveRepo:
    """The final review is made by an acting leader, at 12:10 on 4 November.

    `office`: what the deputy is in another section, besides information officer of the lead.
    """
    value = registers()
    roster = value["roster"] | {"delegations": list(mandates)}
    deputy = next(p for p in value["people"]["people"] if p["id"] == "xxy-b")
    deputy["roles"] += [{"role": office, "department": "jzk", "from": "2026-01-01"}] * bool(office)
    changed = {"roster": roster, "people": value["people"]}
    archive = ArchiveRepo.begin(tmp_path / "own", changed=changed)
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    for step in CAST:
        if step == "final":
            archive.review(POST, step, "xxy-b", **({"acting_for": "ld-a"} | predicate))
        else:
            archive.review(POST, step)
    archive.commit("审核")
    return archive


def test_within_the_mandate(tmp_path: Path) -> None:
    assert passes(_acted(tmp_path, _mandate()).verify())


@pytest.mark.parametrize(
    "changes",
    [
        {"until": "2026-11-04T12:09:59+08:00"},
        {"from": "2026-11-04T12:10:01+08:00"},
        {"delegate": "kz-a"},
        {"delegator": "ld-b"},
        {"role": "principal"},
    ],
    ids=str,
)
def test_outside_the_mandate(tmp_path: Path, changes: dict[str, str]) -> None:
    assert refused_for(_acted(tmp_path, _mandate(**changes)).verify(), WITHOUT)


def test_without_any(tmp_path: Path) -> None:
    assert refused_for(_acted(tmp_path).verify(), WITHOUT)


@pytest.mark.parametrize("predicate", [{"acting_for": ""}, {"acting_for": "gly-a"}], ids=str)
def test_for_nobody_or_for_someone_without_the_role(
    tmp_path: Path, predicate: dict[str, str]
) -> None:
    report = _acted(tmp_path, _mandate(), **predicate).verify()
    assert refused_for(report, ("R11-1", "reviewer-lacks-role"))


def test_an_acting_leader_is_one_person_all_the_same(tmp_path: Path) -> None:
    roster = registers()["roster"] | {"delegations": [_mandate(delegate="kz-a")]}
    archive = ArchiveRepo.begin(tmp_path / "own", changed={"roster": roster})
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first")
    archive.review(POST, "second")
    archive.review(POST, "final", "kz-a", acting_for="ld-a")
    archive.review(POST, "confirm")
    archive.commit("审核")
    assert refused_for(archive.verify(), ("R11-1", "reviewer-signed-twice"))


UNFIT = ("R11-1", "acting-unfit")


@pytest.mark.parametrize("office", ["", "operator", "writer"])
def test_an_information_officer_is_no_acting_leader(tmp_path: Path, office: str) -> None:
    """Refused of a proposal; a post that stands keeps what was reviewed, and a note."""
    archive = _acted(tmp_path, _mandate(), office=office)
    assert refused_for(archive.verify(), UNFIT)
    archive.merge("proposal")
    standing = archive.standing("main")
    assert not marks(standing)
    assert finds(standing, *UNFIT, effect=Effect.NOTE)


def test_who_took_a_step_acts_at_no_other(tmp_path: Path) -> None:
    """The leader who gave the final review does not confirm in the head's place."""
    roster = registers()["roster"] | {
        "delegations": [_mandate(delegator="kz-a", delegate="ld-a", role="section-head")]
    }
    archive = ArchiveRepo.begin(tmp_path / "own", changed={"roster": roster})
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    for step in ("first", "second", "final"):
        archive.review(POST, step)
    archive.review(POST, "confirm", "ld-a", acting_for="kz-a")
    archive.commit("审核")
    assert refused_for(archive.verify(), ("R11-1", "acting-twice"))
