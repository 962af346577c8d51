"""F1–F8: signatures under events of plain records, and who would like one to count."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.statements import write_statement
from pipeline.judge.judgements import overview
from pipeline.model.attestations import unattested
from pipeline.model.documents import canonical_digest
from pipeline.model.findings import Location
from pipeline.new.yaml_writer import dump
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, at, key, registers
from tests.builders.verdicts import passes, refusals, refused_for

HEARD = "2026-11-05T09:00:00+08:00"
INQUIRY: dict[str, Any] = {
    "person": "xxy-a", "account": "wx", "type": "general", "received_at": HEARD,
    "summary": "询问报警器去哪里领", "drafted": {"person": "xxy-a", "at": HEARD},
}  # fmt: skip
FILE = "content/records/inquiries/2026/one.yml"
FOLDER = "content/records/attestations/2026/"


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveRepo:
    """An inquiry stands on main; what follows comes on a branch."""
    value = registers()["roster"]
    value["keys"] += [key("wb-a"), key("zz-b", until="2026-11-05T09:00:00+08:00")]
    made = ArchiveRepo.begin(tmp_path / "own", changed={"roster": value})
    made.write(FILE, dump(INQUIRY))
    made.commit("收信", "xxy-a")
    made.branch("proposal")
    return made


def attest(
    archive: ArchiveRepo,
    who: str = "xxy-a",
    events: Mapping[str, Any] = INQUIRY,
    /,
    *,
    record: str = "inquiries/one",
    name: str = "",
    by: str = "",
    **stated: Any,
) -> str:
    """Commit an attestation of events; the path of its statement."""
    subject = {f"{record}/{event}": canonical_digest(value) for event, value in events.items()}
    predicate = {"archive": "yunlan-yjj", "person": who, "signed_at": at("2026-11-05 10:00")}
    path = f"{FOLDER}{name or record.replace('/', '.')}.{who}.json"
    archive.sign(path, write_statement("attestation", subject, predicate | stated), by or who)
    archive.commit("签名", who)
    return path


def open_events(archive: ArchiveRepo) -> list[str]:
    look = overview(archive.open(), archive.head(), lambda _: AS_OF)[0]
    (fact,) = look.records("inquiries")
    return unattested(look, fact)


def test_f0_a_sound_attestation_counts_and_what_is_added_later_waits(archive: ArchiveRepo) -> None:
    path = attest(archive)
    assert passes(archive.verify())
    assert open_events(archive) == []
    archive.write(FILE, dump(INQUIRY | {"reply": {"person": "gly-a", "at": HEARD, "text": "收到"}}))
    archive.commit("答复", "gly-a")
    assert open_events(archive) == ["reply"]
    assert (archive.root / path).is_file()


def test_f1_a_stranger_signs(archive: ArchiveRepo) -> None:
    path = attest(archive, by="nobody")
    assert refused_for(archive.verify(), ("R13-7", "record-key-foreign"))
    assert refusals(archive.verify())[0].location == Location(path)


def test_f2_a_key_that_had_ended(archive: ArchiveRepo) -> None:
    attest(archive, "zz-b")
    assert refused_for(archive.verify(), ("R13-7", "key-not-valid"))


def test_f3_an_attestation_of_another_archive(archive: ArchiveRepo) -> None:
    attest(archive, archive="another")
    assert refused_for(archive.verify(), ("R13-7", "record-misplaced"))


def test_f4_the_digest_of_other_words(archive: ArchiveRepo) -> None:
    """Under the clause of the record's kind."""
    path = attest(archive, "xxy-a", INQUIRY | {"summary": "询问报警器的价格"})
    report = archive.verify()
    assert refused_for(report, ("R12-1", f"event-not-attested summary {path}"))
    assert refusals(report)[0].location == Location(path)


def test_f5_a_contractor_signs(archive: ArchiveRepo) -> None:
    attest(archive, "wb-a")
    assert refused_for(archive.verify(), ("R13-7", "attester-contractor"))
    assert open_events(archive) == list(INQUIRY)


def test_f6_replayed_to_another_record(archive: ArchiveRepo) -> None:
    """The bytes name their record, and their file is named after it."""
    path = attest(archive)
    archive.write(FILE.replace("one", "two"), dump(INQUIRY))
    for end in ("", ".sig"):
        copy = path.replace("inquiries.one", "inquiries.two")
        archive.write(f"{copy}{end}", archive.read(f"{path}{end}"))
    archive.commit("再用", "xxy-a")
    assert refused_for(archive.verify(), ("R13-7", "file-name-differs"))


def test_f6_of_a_record_that_is_not_there(archive: ArchiveRepo) -> None:
    attest(archive, record="inquiries/none")
    assert refused_for(archive.verify(), ("R13-7", "attested-record-missing"))


def test_f7_what_was_signed_is_rewritten_later(archive: ArchiveRepo) -> None:
    attest(archive)
    archive.merge("proposal")
    archive.branch("later")
    archive.change(FILE, "询问报警器去哪里领", "询问报警器的价格")
    archive.commit("改", "gly-a")
    for report in (archive.verify("main", "later"), archive.standing("later")):
        found = [f for f in refusals(report) if f.name == "event-not-attested"]
        assert [f.location.path for f in found] == [FILE]


def test_f8_signed_for_a_time_to_come(archive: ArchiveRepo) -> None:
    attest(archive, signed_at=at("2026-12-05 10:00"))
    assert refused_for(archive.verify(), ("R13-7", "record-in-future"))


def test_one_signature_covers_several_records_of_a_kind(archive: ArchiveRepo) -> None:
    archive.write(FILE.replace("one", "two"), dump(INQUIRY))
    digests = {f"inquiries/{i}/{k}": canonical_digest(v) for i in ("one", "two")
               for k, v in INQUIRY.items()}  # fmt: skip
    stated = {"archive": "yunlan-yjj", "person": "xxy-a", "signed_at": at("2026-11-05 10:00")}
    statement = write_statement("attestation", digests, stated)
    archive.sign(f"{FOLDER}inquiries.several.1.json", statement, "xxy-a")
    archive.commit("签名", "xxy-a")
    assert passes(archive.verify())
    look = overview(archive.open(), archive.head(), lambda _: AS_OF)[0]
    assert not any(unattested(look, fact) for fact in look.records("inquiries"))


def test_an_event_of_a_kind_that_must_be_signed_comes_with_its_signature(tmp_path: Path) -> None:
    """What stood before stays as it is; each new event is named with its line."""
    parameters = {"record.signed_kinds": ["inquiries"]}
    archive = ArchiveRepo.begin(tmp_path / "own", parameters=parameters)
    archive.branch("proposal")
    archive.write(FILE, dump(INQUIRY))
    archive.commit("收信", "xxy-a")
    words = [("R12-1", f"event-unsigned {key}") for key in INQUIRY]
    words[4] = ("R12-3", words[4][1])
    assert refused_for(archive.verify(), *words)
    attest(archive)
    assert passes(archive.verify())
    archive.merge("proposal")
    archive.branch("later")
    reply = {"person": "gly-a", "at": HEARD, "text": "请到社区服务站领取。"}
    archive.write(FILE, dump(INQUIRY | {"reply": reply}))
    archive.commit("答复", "gly-a")
    assert refused_for(archive.verify(), ("R12-1", "event-unsigned"))
