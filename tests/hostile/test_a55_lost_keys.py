"""A55: a lost device's key stops now; what it signed before stands, and nothing delays that."""

from datetime import datetime
from typing import Any

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, key, registers
from tests.builders.verdicts import finds, marks, passes, reasons, refused_for, waits_for

HEAD, LEADER = ("kz-a", "section-head"), ("ld-a", "leader-in-charge")
PRINCIPAL = ("ld-b", "principal")
REPORT = "2026-11-05T08:00:00+08:00"
LOST = ("R11-1", "key-stopped")
LATER = at("2026-11-05 20:00")


def stop(
    archive: ArchiveRepo, owner: str, *consents: tuple[str, str], since: str = REPORT, **more: Any
) -> None:
    """A proposal on a branch of its own: the key of a person is lost, and these consent."""
    archive.switch("main")
    archive.branch(f"stop-{owner}")
    gone = {"revoked_at": REPORT, "revocation": "compromised", "revoked_from": since} | more
    keys = [k | gone if k["person"] == owner else k for k in registers()["roster"]["keys"]]
    archive.next_roster(keys=keys)
    archive.commit("丢失", "gly-a")
    for signer, role in consents:
        archive.authorise(signer, role)
    archive.commit("授权", "gly-a")


def move(archive: ArchiveRepo, moment: str) -> None:
    """Let the next commits be of a later time."""
    start = datetime.fromisoformat("2026-11-04T08:00:00+08:00")
    archive.git.commits = int((at(moment) - start).total_seconds() // 60)


def test_from_now_what_stands_stays_and_nothing_is_in_the_way(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    stop(approved, "ld-a", HEAD, PRINCIPAL)
    report = approved.verify()
    assert passes(report)
    assert not any("loses" in words for _, words in reasons(report, Effect.NOTE))
    approved.merge("stop-ld-a")
    assert passes(approved.standing())
    assert not marks(approved.audit(), Effect.REFUSE)


def test_what_the_key_signed_between_report_and_merge_does_not_count(
    approved: ArchiveRepo,
) -> None:
    """And it does not keep the key in force either: the stop is merged, the post waits."""
    stop(approved, "ld-a", HEAD, PRINCIPAL)
    approved.switch("main")
    move(approved, "2026-11-05 09:00")
    approved.merge("proposal")
    report = approved.verify("main", "stop-ld-a")
    assert passes(report)
    assert finds(report, "R11-1", "step-lost", effect=Effect.NOTE)
    approved.merge("stop-ld-a")
    assert waits_for(approved.standing(), LOST)


@pytest.mark.parametrize(
    ("owner", "consents", "good"),
    [
        ("ld-a", (HEAD, PRINCIPAL), True),
        ("ld-a", (HEAD, LEADER), False),
        ("ld-b", (HEAD, LEADER), True),
        ("ld-b", (HEAD, PRINCIPAL), False),
        ("kz-a", (HEAD, LEADER), False),
        ("kz-a", (LEADER, PRINCIPAL), False),  # the principal signs in the head's place:
        ("kz-a", (LEADER, ("ld-b", "section-head")), True),
        ("kz-a", (PRINCIPAL, ("ld-a", "section-head")), False),
        ("xxy-a", (HEAD, LEADER), True),
        ("xxy-a", (LEADER, ("ld-b", "section-head")), False),  # the head has a key
    ],
    ids=str,
)
def test_the_owner_is_none_of_the_two(
    archive: ArchiveRepo, owner: str, consents: tuple[tuple[str, str], ...], good: bool
) -> None:
    stop(archive, owner, *consents)
    report = archive.verify()
    assert passes(report) if good else report.exit_code in (10, 11)
    archive.merge(f"stop-{owner}")
    assert not good or not marks(archive.audit())


def test_a_consent_of_the_owner_is_noted_and_blocks_nothing(archive: ArchiveRepo) -> None:
    """Else who found the phone would keep its key in force by consenting."""
    stop(archive, "ld-a", HEAD, LEADER, PRINCIPAL)
    report = archive.verify()
    assert passes(report)
    assert finds(report, "R13-7", "consent-key-lost", effect=Effect.NOTE)


def test_the_only_leader_consents_with_another_key_and_not_with_the_lost_one(
    tmp_path: Any,
) -> None:
    value = registers()
    people = [p for p in value["people"]["people"] if p["id"] != "ld-b"]
    roster = value["roster"]
    roster["keys"] = [k for k in roster["keys"] if k["person"] != "ld-b"] + [key("ld-a", "spare")]
    for signer, good in (("spare", True), ("ld-a", False)):
        archive = ArchiveRepo.begin(
            tmp_path / signer, changed={"people": {"people": people}, "roster": roster}
        )
        archive.branch("stop")
        gone = {"revoked_at": REPORT, "revocation": "compromised", "revoked_from": REPORT}
        keys = [k | gone if k == key("ld-a") else k for k in roster["keys"]]
        archive.next_roster(keys=keys)
        archive.commit("丢失", "gly-a")
        archive.authorise(*HEAD)
        archive.authorise(*LEADER, key=signer)
        archive.commit("授权", "gly-a")
        report = archive.verify()
        assert passes(report) if good else waits_for(report, ("R13-7", "leader-consent-missing"))


def test_a_head_without_any_key_gets_a_new_one_by_two_leaders(archive: ArchiveRepo) -> None:
    stop(archive, "kz-a", LEADER, ("ld-b", "section-head"))
    archive.merge("stop-kz-a")
    archive.branch("new")
    keys = [
        k | {"revoked_at": REPORT, "revocation": "compromised", "revoked_from": REPORT}
        if k["person"] == "kz-a" else k
        for k in registers()["roster"]["keys"]
    ]  # fmt: skip
    archive.next_roster(keys=[*keys, key("kz-a", "new phone")])
    archive.commit("新手机", "gly-a")
    archive.authorise(*LEADER, name="again")
    archive.authorise("ld-b", "section-head", name="again")
    archive.commit("授权", "gly-a")
    assert passes(archive.verify())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"revoked_at": "2026-12-01T00:00:00+08:00"}, "key-stop-late"),
        ({"since": "2026-12-01T00:00:00+08:00"}, "key-stop-late"),
        ({"since": "2025-12-31T00:00:00+08:00"}, "key-stop-backwards"),
    ],
    ids=str,
)
def test_a_stop_of_a_time_to_come_or_of_before_the_key_refuses(
    archive: ArchiveRepo, given: dict[str, str], words: str
) -> None:
    stop(archive, "ld-a", HEAD, PRINCIPAL, **given)
    report = archive.verify()
    (found,) = (f for f in report.findings if f.effect is Effect.REFUSE)
    assert (found.clause, found.name) == ("R11-1", words)


def test_an_old_roster_keeps_its_meaning(approved: ArchiveRepo) -> None:
    """Without a point nothing that the key signed counts, and the audit goes on to hold."""
    approved.merge("proposal")
    stop(approved, "ld-a", HEAD, LEADER)
    value = registers()["roster"]
    gone = {"revoked_at": "2027-01-01T00:00:00+08:00", "revocation": "compromised"}
    keys = [k | gone if k["person"] == "ld-a" else k for k in value["keys"]]
    before = approved.sha("content/registers/roster.yml")
    approved.switch("main")
    approved.branch("as-once")
    approved.next_roster(keys=keys)
    approved.commit("旧法", "gly-a")
    approved.authorise(*HEAD)
    approved.authorise(*LEADER)  # the owner, as was lawful once
    approved.commit("授权", "gly-a")
    approved.merge("as-once")
    assert approved.sha("content/registers/roster.yml") != before
    assert not marks(approved.audit())
    assert waits_for(approved.standing(), LOST)


def test_a_record_of_a_lost_key_is_noted_where_it_stands(approved: ArchiveRepo) -> None:
    """An operator's phone: what it recorded is recorded again, and nothing is blocked."""
    approved.merge("proposal")
    move(approved, "2026-11-05 09:40")
    approved.branch("published")
    approved.publication(POST)
    approved.commit("发布", "gly-a")
    approved.merge("published")
    stop(approved, "gly-a", HEAD, LEADER)
    assert passes(approved.verify("main", "HEAD", LATER))
    approved.merge("stop-gly-a")
    report = approved.standing(as_of=LATER)
    assert not marks(report)
    assert finds(report, "R11-4", "key-stopped", effect=Effect.NOTE)


def test_a_thief_who_pushes_to_main_is_refused(approved: ArchiveRepo) -> None:
    """Of what stands a lost signature waits; what enters with one refuses (threats A20)."""
    stop(approved, "ld-a", HEAD, PRINCIPAL)
    approved.merge("stop-ld-a")
    move(approved, "2026-11-05 10:00")
    approved.merge("proposal")
    assert refused_for(approved.audit(), LOST)
