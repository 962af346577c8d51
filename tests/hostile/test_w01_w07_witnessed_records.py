"""W1–W7: what a forge, a bot or a thief may claim that somebody pressed."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import key, person
from tests.builders.payloads import payload, review
from tests.builders.verdicts import passes, reasons, refused_for, waits_for
from tests.builders.witness import ACCOUNTS, BOT, HOST, account, click, governed
from tests.builders.witnessing import recorded, witnessed


def begin(root: Path, given: dict[str, Any] | None = None) -> ArchiveRepo:
    made = ArchiveRepo.begin(root / "archive", **(given or governed()))
    made.branch("proposal")
    made.draft()
    made.commit("起草")
    return made


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveRepo:
    return begin(tmp_path)


def signed(archive: ArchiveRepo, *steps: str) -> None:
    for step in steps:
        archive.review(POST, step)


def test_w01_a_stolen_witness_key_publishes_nothing(archive: ArchiveRepo) -> None:
    """At the recommended steps: the two that remain ask for keys that it is not."""
    for step in ("first", "second"):
        click(archive, POST, step)
    archive.commit("见证", BOT)
    missing = ("R11-1", "final-review-missing"), ("R15-2", "confirmation-missing")
    assert waits_for(archive.verify(), *missing)
    click(archive, POST, "final")
    click(archive, POST, "confirm")
    archive.commit("见证", BOT)
    word = "witness-not-allowed"
    assert refused_for(archive.verify(), ("R11-1", word))


def test_w01_a_compromised_witness_key_voids_what_it_vouched_for(tmp_path: Path) -> None:
    given = governed()
    lost = {"revoked_at": "2026-11-05T08:00:00+08:00", "revocation": "compromised"}
    given["changed"]["roster"]["keys"][-1] |= lost
    archive = begin(tmp_path, given)
    click(archive, POST, "first")
    archive.commit("见证", BOT)
    assert refused_for(archive.verify(), ("R11-1", "key-stopped"))


def test_w02_w03_a_forged_click_counts_where_policy_says_and_is_marked(
    archive: ArchiveRepo,
) -> None:
    """Nobody pressed. It is named as the weaker kind, and the forge is asked while it lives."""
    for step in ("first", "second"):
        click(archive, POST, step)
    signed(archive, "final", "confirm")
    archive.commit("审核", "gly-a")
    report = archive.verify()
    assert passes(report)
    notes = [words for clause, words in reasons(report, Effect.NOTE) if clause == "R11-1"]
    assert len(notes) == 2 and all("witnessed by bot" in words for words in notes)
    answer = witnessed(archive, payload(archive.head(), []), "--check", code=11)
    assert len(answer["records"]) == 2


def test_w02_w03_without_the_policy_it_counts_for_nothing(tmp_path: Path) -> None:
    given = governed()
    given["parameters"]["review.witnessed_steps"] = []
    archive = begin(tmp_path, given)
    click(archive, POST, "first")
    archive.commit("见证", BOT)
    word = "witness-not-allowed"
    assert refused_for(archive.verify(), ("R11-1", word))


@pytest.mark.parametrize("name", ["knock", "verify"])
def test_w04_a_proposal_that_edits_the_workflows_is_refused(
    archive: ArchiveRepo, name: str
) -> None:
    archive.write(f".github/workflows/{name}.yml", b"on: push\n")
    recorded(archive, _clicks(archive))
    archive.commit("改工作流")
    assert archive.verify().exit_code == 11


def _clicks(archive: ArchiveRepo) -> dict[str, Any]:
    return payload(archive.head(), [review(1, "xxy-a"), review(2, "kz-a")])


FORGERIES: dict[str, tuple[dict[str, Any], str]] = {
    "w05 another account": ({"witness": {"account": ACCOUNTS["kz-a"]}}, "forge-account-foreign"),
    "w05 another forge": ({"witness": {"forge": "evil.example/7"}}, "witness-forge-foreign"),
    "w05 another repository": ({"witness": {"forge": f"{HOST}/70"}}, "witness-forge-foreign"),
    "w06 the reviewer's own key": ({"key": "xxy-a"}, "key-of-another"),
    "w06 a witness without the role": (
        {"key": "gly-a", "witness": {"by": "gly-a"}},
        "witness-unregistered",
    ),
    "w06 a stranger's key": ({"key": "thief"}, "key-unregistered"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_w05_w06_a_record_that_claims_otherwise(archive: ArchiveRepo, name: str) -> None:
    changes, words = FORGERIES[name]
    click(archive, POST, "first", **changes)
    archive.commit("见证", BOT)
    assert refused_for(archive.verify(), ("R11-1", words))


def test_w06_a_witness_key_that_does_not_say_what_it_is(archive: ArchiveRepo) -> None:
    archive.review(POST, "first", "xxy-a", key=BOT)
    archive.commit("见证", BOT)
    assert refused_for(archive.verify(), ("R11-1", "key-of-another"))


def test_w06_a_witness_takes_no_step_itself(archive: ArchiveRepo) -> None:
    archive.review(POST, "first", BOT, key=BOT)
    archive.commit("见证", BOT)
    assert refused_for(archive.verify(), ("R11-1", "reviewer-lacks-role"))


@pytest.mark.parametrize("kind", ["authorisation", "publication"])
def test_w06_nothing_but_reviews_is_witnessed(archive: ArchiveRepo, kind: str) -> None:
    if kind == "publication":
        signed(archive, "first", "second", "final", "confirm")
        archive.commit("审核", "gly-a")
        archive.publication(POST, operator=BOT)
        archive.sign(*_signed_by_bot(archive))
    else:
        archive.next_roster(key("gly-b"))
        archive.commit("名册", "gly-a")
        archive.authorise(BOT, "witness")
    archive.commit("见证", BOT)
    assert archive.verify().exit_code == 11


def _signed_by_bot(archive: ArchiveRepo) -> tuple[str, bytes, str]:
    path = next(p for p in archive.git("ls-files", "--others").split() if p.endswith(".json"))
    return path, archive.read(path), BOT


def test_w07_one_person_at_two_steps_by_two_accounts(tmp_path: Path) -> None:
    given = governed()
    people, roster = given["changed"]["people"]["people"], given["changed"]["roster"]
    roles = ("information-officer@xjk", "section-head@xjk")
    rows = [p for p in people if p["id"] not in ("xxy-a", "kz-a")]
    people[:] = [person("xxy-a", *roles), person("kz-a", "writer@xjk"), *rows]
    roster["forge_accounts"].append(account("xxy-a", id=500))
    archive = begin(tmp_path, given)
    click(archive, POST, "first", "xxy-a")
    click(archive, POST, "second", "xxy-a", witness={"account": 500})
    archive.commit("见证", BOT)
    assert refused_for(archive.verify(), ("R11-1", "reviewer-signed-twice"))
