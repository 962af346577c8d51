"""A26: an acting leader has a dated mandate in the roster, or the review does not count."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import registers
from tests.builders.evidence import CAST
from tests.builders.verdicts import passes, refused_for

WITHOUT = ("R11-1", "xxy-b acts for ld-a without a mandate for that time.")


def _mandate(**changes: str) -> dict[str, str]:
    return {
        "delegator": "ld-a",
        "delegate": "xxy-b",
        "role": "leader-in-charge",
        "from": "2026-11-04T00:00:00+08:00",
        "until": "2026-11-04T23:59:59+08:00",
        "authority": "云应急〔2026〕7号",
    } | changes


def _acted(tmp_path: Path, *mandates: dict[str, str], **predicate: Any) -> ArchiveRepo:
    """The final review is made by an acting leader, at 12:10 on 4 November."""
    roster = registers()["roster"] | {"delegations": list(mandates)}
    archive = ArchiveRepo.begin(tmp_path / "own", changed={"roster": roster})
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
    assert refused_for(report, ("R11-1", "xxy-b does not hold the role this step needs."))


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
    assert refused_for(archive.verify(), ("R11-1", "kz-a signed two steps"))
