"""A7: three steps are three people, and a key is one person's for ever."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import key, person, registers
from tests.builders.evidence import CAST
from tests.builders.verdicts import passes, places, refused_for

TWICE = "key-twice xxy-a gly-b"
ROSTER = "content/registers/roster.yml"


def _begin(tmp_path: Path, keys: list[dict[str, Any]], people: list[dict[str, Any]]) -> ArchiveRepo:
    """An archive whose first commit has more keys and other people than the usual ones."""
    value = registers()
    ids = {p["id"] for p in people}
    value["people"]["people"] = [
        p for p in value["people"]["people"] if p["id"] not in ids
    ] + people
    value["roster"]["keys"] += keys
    made = ArchiveRepo.begin(tmp_path / "own", changed=value)
    made.branch("proposal")
    return made


def _alone(head: str) -> list[dict[str, Any]]:
    """xxy-a in every role; a department has one head, so kz-a is one or xxy-a is."""
    roles = ("information-officer@xjk", "leader-in-charge@xjk")
    if head == "kz-a":
        return [person("xxy-a", *roles)]
    return [person("xxy-a", *roles, "section-head@xjk"), person("kz-a", "writer@xjk")]


@pytest.mark.parametrize(
    "twice", [("first", "second"), ("second", "final"), ("first", "final")], ids=str
)
def test_one_person_at_two_steps(tmp_path: Path, twice: tuple[str, str]) -> None:
    archive = _begin(tmp_path, [], _alone("kz-a" if "second" not in twice else "xxy-a"))
    archive.draft()
    archive.commit("起草")
    confirm = {"confirm": "xxy-a"} if "second" in twice else {}
    archive.approve_all(**dict.fromkeys(twice, "xxy-a"), **confirm)
    archive.commit("审核")
    report = archive.verify()
    assert refused_for(report, ("R11-1", "reviewer-signed-twice"))


def test_one_person_with_two_keys_is_one_person(tmp_path: Path) -> None:
    archive = _begin(tmp_path, [key("xxy-a", "second key")], _alone("xxy-a"))
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first")
    archive.review(POST, "second", "xxy-a", key="second key")
    archive.review(POST, "final")
    archive.review(POST, "confirm", "xxy-a")
    archive.commit("审核")
    assert refused_for(archive.verify(), ("R11-1", "reviewer-signed-twice"))


def test_a_second_key_of_one_person_is_good_for_one_step(tmp_path: Path) -> None:
    archive = _begin(tmp_path, [key("xxy-a", "second key")], [])
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first", key="second key")
    for step in list(CAST)[1:]:
        archive.review(POST, step)
    archive.commit("审核")
    assert passes(archive.verify())


def test_one_key_under_two_names_where_it_stands(tmp_path: Path) -> None:
    archive = _begin(tmp_path, [key("gly-b", "xxy-a")], [])
    report = archive.standing()
    assert refused_for(report, ("R11-1", TWICE))
    assert {path for path, _ in places(report, "R11-1")} == {ROSTER}
    assert all(line > 1 for _, line in places(report, "R11-1"))


def test_a_roster_that_gives_one_key_two_names_is_refused(archive: ArchiveRepo) -> None:
    """Although two people signed for it."""
    archive.next_roster(key("gly-b", "xxy-a"))
    archive.commit("名册")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权")
    assert refused_for(archive.verify(), ("R11-1", TWICE))


def test_a_change_judged_by_such_a_roster_is_refused(tmp_path: Path) -> None:
    """It may have come by a push that nobody judged; it is no judge."""
    archive = _begin(tmp_path, [key("gly-b", "xxy-a")], [])
    archive.draft()
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    assert refused_for(archive.verify(), ("R11-1", TWICE))


def test_a_key_that_changes_hands_is_refused(archive: ArchiveRepo) -> None:
    """For ever: also when the old line is taken away."""
    keys = registers()["roster"]["keys"]
    moved = [key("gly-b", "xxy-a") if k["person"] == "xxy-a" else k for k in keys]
    archive.next_roster(keys=moved)
    archive.commit("名册")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权")
    assert refused_for(archive.verify(), ("R11-1", "key-removed xxy-a"))


def test_the_confirmation_may_be_the_second_reviewers(approved: ArchiveRepo) -> None:
    """Article 15(2) asks for the head of the lead department, who is also the second reviewer."""
    assert passes(approved.verify())
