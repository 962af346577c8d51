"""F9–F15: corrections of plain records, and who would like one to count, or not to be seen."""

from copy import deepcopy
from typing import Any

import pytest

from pipeline.judge.judgements import overview
from pipeline.judge.load_governance import trust
from pipeline.model.attestations import correctors
from pipeline.model.findings import Effect
from pipeline.model.records import Fact
from pipeline.new.yaml_writer import dump
from pipeline.source.content.records import record_schema
from pipeline.source.git.worktree import work_tree
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, at
from tests.builders.samples import RECORDS
from tests.builders.verdicts import passes, refused_for
from tests.hostile import test_f01_f08_attestations as signing
from tests.hostile.test_f01_f08_attestations import FILE, HEARD, INQUIRY, attest

archive = signing.archive
LATER = "2026-11-05T12:00:00+08:00"
UNSIGNED = "correction-unsigned"
OTHERWISE = ("R12-1", "event-not-attested corrected.0")


def correct(archive: ArchiveRepo, **changes: Any) -> dict[str, Any]:
    """Commit a correction of the draft's time; the item."""
    item = {"field": "drafted.at", "value": LATER, "reason": "抄错一位", "person": "xxy-a"}
    item |= {"at": "2026-11-05T17:00:00+08:00"} | changes
    archive.write(FILE, dump(INQUIRY | {"corrected": [item]}))
    archive.commit("更正", "xxy-a")
    return item


def inquiry(archive: ArchiveRepo) -> Fact:
    (fact,) = overview(archive.open(), archive.head(), lambda _: AS_OF)[0].records("inquiries")
    return fact


def test_f9_a_correction_counts_in_the_change_that_brings_its_signature(
    archive: ArchiveRepo,
) -> None:
    item = correct(archive)
    assert refused_for(archive.verify(), ("R12-1", UNSIGNED))
    assert inquiry(archive)["drafted"]["at"] == at("2026-11-05 09:00")
    attest(archive, "kz-a", {"corrected.0": item})
    assert passes(archive.verify())
    assert inquiry(archive)["drafted"]["at"] == at("2026-11-05 12:00")
    archive.merge("proposal")
    assert passes(archive.audit())


@pytest.mark.parametrize("who", ["xxy-a", "wb-a"])
def test_f10_no_person_whom_the_record_names_heals_a_time_and_no_contractor_does(
    archive: ArchiveRepo, who: str
) -> None:
    item = correct(archive)
    attest(archive, who, {"corrected.0": item})
    outside = [("R13-7", "attester-contractor")] if who == "wb-a" else []
    assert refused_for(archive.verify(), ("R12-1", UNSIGNED), *outside)


def test_f11_words_are_corrected_by_the_person_who_wrote_them(archive: ArchiveRepo) -> None:
    item = correct(archive, field="summary", value="询问报警器的领取办法")
    attest(archive, "xxy-a", {"corrected.0": item})
    assert passes(archive.verify())


def test_f12_another_correction_than_the_signed_one_counts_for_nothing(
    archive: ArchiveRepo,
) -> None:
    item = correct(archive)
    attest(archive, "kz-a", {"corrected.0": item})
    correct(archive, value=HEARD)
    assert refused_for(archive.verify(), ("R12-1", UNSIGNED), OTHERWISE)


def test_f13_a_correction_pushed_past_verify_heals_nothing(archive: ArchiveRepo) -> None:
    correct(archive)
    archive.merge("proposal")
    assert refused_for(archive.audit(), ("R12-1", UNSIGNED))
    assert inquiry(archive)["drafted"]["at"] == at("2026-11-05 09:00")


def test_f14_a_correction_that_stands_is_never_taken_back(archive: ArchiveRepo) -> None:
    attest(archive, "kz-a", {"corrected.0": correct(archive)})
    archive.merge("proposal")
    archive.branch("back")
    archive.write(FILE, dump(INQUIRY))
    archive.commit("撤销", "xxy-a")
    report = archive.verify("main", "back")
    assert refused_for(report, ("R12-1", "event-rewritten corrected"), OTHERWISE)
    assert {f.effect for f in report.findings} <= {Effect.REFUSE, Effect.NOTE}


def test_f15_no_leader_is_said_to_have_decided_by_another_signature(archive: ArchiveRepo) -> None:
    """A correction of a decision counts by the person whom it then names."""
    path, event = "content/records/account-events/2026/one.yml", deepcopy(RECORDS["account-events"])
    decided = event | {"reviewed": {"person": "ld-b", "on": "2026-11-03"}}
    item = {"field": "reviewed.person", "value": "ld-a", "reason": "登记时写错了人"}
    item |= {"person": "xxy-a", "at": "2026-11-05T17:00:00+08:00"}
    archive.write(path, dump(decided | {"corrected": [item]}))
    archive.commit("更正", "xxy-a")
    schema = trust(work_tree(archive.open())).schemas
    for who, counts in (("kz-a", ()), ("ld-b", ()), ("ld-a", ("ld-a",))):
        attest(archive, who, {"corrected.0": item}, record="account-events/one")
        look, _ = overview(archive.open(), archive.head(), lambda _: AS_OF)
        (fact,) = look.records("account-events")
        signed = look.signed["attestation"]
        assert correctors(signed, fact, record_schema(schema, fact.kind)) == (counts,)
