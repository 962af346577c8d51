"""A21: whoever holds the automation's key holds no step, and nothing can pose as witnessed."""

from pathlib import Path

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import key, person, registers
from tests.builders.evidence import CAST
from tests.builders.verdicts import UNREVIEWED, refused_for

MALFORMED = ("R11-1", "statement-malformed")


@pytest.mark.parametrize("step", list(CAST))
def test_a_registered_bot_holds_no_step(tmp_path: Path, step: str) -> None:
    value = registers()
    value["people"]["people"].append(person("bot", "technician@xjk"))
    value["roster"]["keys"].append(key("bot"))
    archive = ArchiveRepo.begin(
        tmp_path / "own", changed={"people": value["people"], "roster": value["roster"]}
    )
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    for name in CAST:
        archive.review(POST, name, "bot" if name == step else "")
    archive.commit("审核")
    clause = "R15-2" if step == "confirm" else "R11-1"
    wanted = (clause, "reviewer-lacks-role")
    assert refused_for(archive.verify(), wanted)


def _reviewed(archive: ArchiveRepo, **final: object) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草")
    for name in CAST:
        archive.review(POST, name, **(final if name == "final" else {}))  # type: ignore[arg-type]
    archive.commit("审核")
    return archive


def test_a_stolen_key_of_the_workflow_is_nobodys(archive: ArchiveRepo) -> None:
    report = _reviewed(archive, key="workflow").verify()
    assert refused_for(report, ("R11-1", "key-unregistered"))


def test_a_bot_that_signs_in_a_reviewers_name(archive: ArchiveRepo) -> None:
    report = _reviewed(archive, key="gly-a").verify()
    assert refused_for(report, ("R11-1", "key-of-another"))


def test_a_statement_cannot_call_itself_witnessed(archive: ArchiveRepo) -> None:
    assert refused_for(_reviewed(archive, evidence="witnessed").verify(), MALFORMED)


def test_a_false_green_status_merges_and_the_next_look_refuses(archive: ArchiveRepo) -> None:
    """The bot reported success without judging; main is judged again by anyone, offline."""
    archive.draft()
    archive.commit("起草")
    archive.merge("proposal")
    assert refused_for(archive.standing(), *UNREVIEWED)
