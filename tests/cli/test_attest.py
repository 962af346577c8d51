"""attest: events of plain records are signed as they stand in their files."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.declare import attest
from pipeline.cli.due import due
from pipeline.cli.status import status
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.judgements import overview
from pipeline.model.attestations import attested
from pipeline.model.documents import canonical_digest
from pipeline.new.yaml_writer import dump
from pipeline.source.content.text import read_yaml
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import account, private_key_file, registers
from tests.builders.named import shows
from tests.builders.verdicts import passes, refused_for
from tests.cli.at_the_desk import NOW, fault, run

HEARD = "2026-11-05T09:00:00+08:00"
INQUIRY: dict[str, Any] = {
    "person": "xxy-a", "account": "wx", "type": "general", "received_at": HEARD,
    "summary": "询问报警器去哪里领", "drafted": {"person": "xxy-a", "at": HEARD},
}  # fmt: skip


def take_in(archive: ArchiveRepo, name: str, **more: Any) -> None:
    archive.write(f"content/records/inquiries/2026/{name}.yml", dump(INQUIRY | more))
    archive.commit("收信", "xxy-a")


def signers(archive: ArchiveRepo, name: str) -> dict[str, list[str]]:
    """Event → who attests it, once everything is committed."""
    archive.commit("签名", "xxy-a")
    look, _ = overview(archive.open(), archive.head(), lambda _: NOW)
    assert not [f for f in look.record_problems if f.effect > 1]
    fact = next(f for f in look.records("inquiries") if f.id == name)
    return {event: sorted(people) for event, people in attested(look, fact).items()}


def test_what_waits_is_signed_and_shown_first(archive: ArchiveRepo) -> None:
    take_in(archive, "one")
    made = run(attest, archive, "inquiries", "one", by="xxy-a")
    path = "content/records/attestations/2026/inquiries.one.2026-11-05T180000.xxy-a.json"
    assert made.stdout.strip() == path
    assert "summary: 询问报警器去哪里领" in made.stderr
    assert "received_at: 2026-11-05 09:00\n" in made.stderr
    assert signers(archive, "one") == dict.fromkeys(INQUIRY, ["xxy-a"])


def test_an_item_of_a_list_is_an_event_and_the_rest_stays_open(archive: ArchiveRepo) -> None:
    task = {"department": "jzk", "assigned_by": "gly-a", "due": "2026-11-06"}
    take_in(archive, "one", type="processing", tasks=[task])
    assert run(attest, archive, "inquiries", "one", "-e", "tasks.0", by="gly-a").exit_code == 0
    assert {k: v for k, v in signers(archive, "one").items() if v} == {"tasks.0": ["gly-a"]}
    later = run(attest, archive, "inquiries", "one", by="xxy-a")
    assert "tasks" not in later.stderr


def test_one_signature_covers_all_records_that_are_named(archive: ArchiveRepo) -> None:
    take_in(archive, "one")
    take_in(archive, "two", summary="询问疏散路线")
    made = run(attest, archive, "inquiries", "one", "two", by="kz-a")
    assert "/inquiries.several.2026-11-05T180000.kz-a.json" in made.stdout
    assert set(signers(archive, "two")["summary"]) == {"kz-a"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("inquiries", "none"), "record-unknown none inquiries"),
        (("nothing", "one"), "record-unknown one nothing"),
        (("inquiries", "one", "-e", "reply"), "event-unknown one reply"),
    ],
)
def test_what_cannot_be_signed(
    archive: ArchiveRepo, arguments: tuple[str, ...], words: str
) -> None:
    take_in(archive, "one")
    assert fault(run(attest, archive, *arguments, by="xxy-a")) == words


def test_nothing_is_left_to_sign_twice(archive: ArchiveRepo) -> None:
    take_in(archive, "one")
    run(attest, archive, "inquiries", "one", by="xxy-a")
    again = run(attest, archive, "inquiries", "one", by="kz-a")
    assert fault(again) == "nothing-to-attest"


def test_a_decision_is_signed_by_the_leader_who_took_it(archive: ArchiveRepo) -> None:
    archive.event("wx", "open", "2026-11-04")
    archive.commit("开设", "gly-a")
    name = "2026-11-04-wx-open"
    refused = run(attest, archive, "account-events", name, "-e", "signed", by="gly-a")
    assert fault(refused) == "decision-of-another signed ld-b"
    mine = run(attest, archive, "account-events", name, by="gly-a")
    assert "reviewed:" not in mine.stderr and "filing:" in mine.stderr
    assert run(attest, archive, "account-events", name, "-e", "signed", by="ld-b").exit_code == 0


def test_nothing_is_signed_that_the_signer_did_not_affirm(archive: ArchiveRepo) -> None:
    take_in(archive, "one")
    key = private_key_file("xxy-a", archive.root.parent)
    made = run(attest, archive, "inquiries", "one", "--key", str(key), typed="n\n", attended=True)
    assert made.exit_code == 1
    assert not list(archive.root.glob("content/records/attestations/*/*"))


APPLIED = {
    "person": "gly-a", "account": "app", "type": "open", "what": "开设政务APP账号",
    "applied": {"person": "kz-a", "department": "xjk", "on": "2026-11-04"},
}  # fmt: skip
EVENT = "content/records/account-events/2026/app.yml"
ASKED = {"account.decisions_signed_from": "2026-11-01"}


def test_the_honest_order_of_an_opening(tmp_path: Path) -> None:
    """The clerk applies, each leader decides by signing, the filing follows, then the register."""
    archive = ArchiveRepo.begin(tmp_path / "own", parameters=ASKED)
    archive.branch("opening")
    archive.write(EVENT, dump(APPLIED))
    archive.commit("申请", "gly-a")
    assert passes(archive.verify())
    early = run(attest, archive, "account-events", "app", "-e", "reviewed", by="ld-a")
    assert fault(early) == "event-unknown app reviewed"
    for step, leader in (("reviewed", "ld-a"), ("signed", "ld-b")):
        made = run(attest, archive, "account-events", "app", by=leader)
        assert made.exit_code == 0, made.exception
        shown = made.stderr.partition("You sign:")[2]
        assert "\n  what: 开设政务APP账号\n" in shown  # what is decided about
        assert f"\n  {step}: 某{leader} · 2026-11-05\n" in shown
        archive.commit("决定", leader)
        assert passes(archive.verify())
    value = read_yaml(EVENT, archive.read(EVENT)).value
    assert value["signed"] == {"person": "ld-b", "on": "2026-11-05"}
    filing = {"ref": "云政办备2号", "to": "市政府办公室", "on": "2026-11-05"}
    archive.write(EVENT, dump(value | {"effective_on": "2026-11-05", "filing": filing}))
    archive.commit("备案", "gly-a")
    assert passes(archive.verify())
    archive.merge("opening")
    _enter(archive)
    assert passes(archive.verify())


def test_one_signature_decides_on_several_events(archive: ArchiveRepo) -> None:
    for name in ("app", "more"):
        archive.write(EVENT.replace("app", name), dump(APPLIED))
    archive.commit("申请", "gly-a")
    for leader in ("ld-a", "ld-b"):
        assert run(attest, archive, "account-events", "app", "more", by=leader).exit_code == 0
        archive.commit("决定", leader)
        assert passes(archive.verify("HEAD~1"))
    for name in ("app", "more"):
        path = EVENT.replace("app", name)
        value = read_yaml(path, archive.read(path)).value
        assert (value["reviewed"]["person"], value["signed"]["person"]) == ("ld-a", "ld-b")


def test_a_decision_is_committed_with_the_record_that_it_completes(archive: ArchiveRepo) -> None:
    archive.write(EVENT, dump(APPLIED))
    archive.commit("申请", "gly-a")
    run(attest, archive, "account-events", "app", "--commit", by="ld-a")
    assert not archive.git("status", "--porcelain")
    assert EVENT in archive.git("show", "--name-only", "--format=")


def test_what_waits_for_a_leader_stands_in_status_and_due(archive: ArchiveRepo) -> None:
    archive.write(EVENT, dump(APPLIED))
    archive.commit("申请", "gly-a")
    archive.git("config", "user.email", "ld-a@yunlan.example.org")
    listed = run(status, archive, "--mine").stdout
    assert "reviewed on app: 开设政务APP账号" in listed
    assert "    sanshen attest account-events app --commit" in listed
    assert shows(
        run(due, archive, "--mine").stdout, "event-waits", person="某ld-a", day="2026-11-14"
    )
    archive.git("config", "user.email", "ld-b@yunlan.example.org")
    assert "app" not in run(status, archive, "--mine").stdout


def _enter(archive: ArchiveRepo) -> None:
    """Propose the account itself, with two authorisations."""
    archive.branch("register")
    rows = registers()["accounts"]
    opened = {"opened_on": "2026-11-05", "filing": "云政办备2号"}
    rows["accounts"].append(account("app", "app", **opened))
    archive.register("accounts", rows)
    archive.commit("登记账号", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")


@pytest.mark.parametrize("signer", ["", "gly-a", "ld-b"])
def test_a_leaders_decision_that_the_clerk_typed_opens_nothing(tmp_path: Path, signer: str) -> None:
    """Even where the clerk, or the other leader, signs the words."""
    archive = ArchiveRepo.begin(tmp_path / "own", parameters=ASKED)
    # Dated back before signatures were asked for.
    archive.event("app", "open", "2026-10-02", effective_on="2026-11-05")
    archive.commit("登记", "gly-a")
    if signer:
        subject = {"account-events/2026-10-02-app-open/reviewed": canonical_digest(
            {"person": "ld-a", "on": "2026-10-02"})}  # fmt: skip
        stated = {"archive": "yunlan-yjj", "person": signer, "signed_at": NOW}
        path = f"content/records/attestations/2026/account-events.2026-10-02-app-open.{signer}.json"
        archive.sign(path, write_statement("attestation", subject, stated), signer)
        archive.commit("签名", signer)
    _enter(archive)
    assert refused_for(archive.verify(), ("R08-3", "opening-unrecorded"))


def test_a_corrected_time_waits_for_a_person_whom_the_record_does_not_name(
    archive: ArchiveRepo,
) -> None:
    item = {
        "field": "received_at", "value": "2026-11-05T08:00:00+08:00", "reason": "抄错一小时",
        "person": "xxy-a", "at": "2026-11-05T10:00:00+08:00",
    }  # fmt: skip
    take_in(archive, "one", corrected=[item])
    given = (attest, archive, "inquiries", "one")
    wrong = run(*given, "-e", "corrected.0", by="xxy-a")
    assert fault(wrong) == "correction-not-theirs 某xxy-a"
    assert run(*given, by="xxy-a").exit_code == 0
    assert run(*given, by="kz-a").exit_code == 0
    assert signers(archive, "one") == dict.fromkeys(INQUIRY, ["xxy-a"]) | {"corrected.0": ["kz-a"]}
