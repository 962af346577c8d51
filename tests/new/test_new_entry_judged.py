"""What the law would refuse later is not written at all by a form."""

from copy import deepcopy
from typing import Any

import pytest

from pipeline.cli.declare import declare
from pipeline.model.findings import Effect, Finding, Location
from pipeline.new.yaml_writer import dump
from tests.builders.archive import ArchiveRepo
from tests.builders.entering import enter
from tests.builders.samples import RECORDS
from tests.cli.at_the_desk import fault, run
from tests.corpora.fictional import identity, mobile
from tests.new.test_new_entry import refused

MOBILE, ID = mobile(6), identity(3)
HELD = f"record-private-data a mobile number {MOBILE[:3]}{'*' * 6}{MOBILE[-2:]}"
PATH = "content/records/inquiries/2026/a.yml"


def shown(finding: Finding) -> str:
    """The values that a finding shows."""
    return " ".join(str(value) for _, value in finding.message.values)


def test_private_data_is_not_written_into_a_record(archive: ArchiveRepo) -> None:
    value = {"person": "xxy-a", "account": "wx", "type": "general", "summary": f"市民{MOBILE}询问"}
    value["received_at"] = "2026-11-05T18:00:00+08:00"
    assert refused(enter, archive.root, "inquiries", value) == HELD
    assert not (archive.root / "content/records/inquiries").exists()
    noted = run(declare, archive, "relays-complete", "--note", f"问{MOBILE}", by="xxy-a")
    assert fault(noted) == HELD


@pytest.mark.parametrize("kind", RECORDS)
def test_every_string_of_every_kind_is_looked_at_in_a_change(
    archive: ArchiveRepo, kind: str
) -> None:
    key = {"account-events": "what", "supervisions": "findings", "statistics": "person"}
    key |= {"relays": "title", "opinions": "title"}
    value = RECORDS[kind] | {key.get(kind, "summary"): f"一名市民{MOBILE}询问"}
    archive.write(f"content/records/{kind}/2026/a.yml", dump(value))
    archive.commit("登记", "xxy-a")
    report = archive.verify()
    assert HELD in [f"{f.name} {shown(f)}" for f in report.findings if f.clause == "R13-10"]
    assert report.exit_code == 11


def test_neither_escapes_nor_remarks_hide_it(archive: ArchiveRepo) -> None:
    value = {k: RECORDS["inquiries"][k] for k in ("person", "account", "type", "received_at")}
    escaped = "".join(f"\\u{ord(sign):04x}" for sign in MOBILE)
    text = dump(value).decode() + f'summary: "{escaped}"\n # {ID}\n'
    archive.write(PATH, text.encode())
    archive.commit("登记", "xxy-a")
    other = f"record-private-data an identity number {ID[:3]}{'*' * 13}{ID[-2:]}"
    findings = [f for f in archive.verify().findings if f.clause == "R13-10"]
    found = {f"{f.name} {shown(f)}": f.location for f in findings}
    line = text.count("\n")
    assert found[HELD] == Location(PATH), "the file does not hold it as such"
    assert found[other] == Location(PATH, line, 4), "the place of what it holds"


def test_a_masked_or_a_published_number_may_stand(archive: ArchiveRepo) -> None:
    value = RECORDS["inquiries"] | {"summary": "来电138****0000，请致电12345"}
    archive.write(PATH, dump(value))
    archive.commit("登记", "xxy-a")
    found = [f for f in archive.verify().findings if f.clause == "R13-10"]
    assert [f for f in found if f.effect > Effect.NOTE] == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("reviewed", "person", "kz-a"), "reviewer-not-in-office kz-a 2026-11-03"),
        (("signed", "person", "ld-a"), "signer-not-in-office ld-a 2026-11-03"),
        (("applied", "department", "jzk"), "applicant-not-lead"),
        (("signed", "on", "2026-11-02"), "steps-out-of-order signed reviewed"),
    ],
)  # fmt: skip
def test_an_event_of_an_account_is_judged_when_it_is_entered(
    archive: ArchiveRepo, changed: tuple[str, str, str], words: str
) -> None:
    value, (step, key, wrong) = deepcopy(RECORDS["account-events"]), changed
    value[step][key] = wrong
    assert refused(enter, archive.root, "account-events", value) == words
    assert not (archive.root / "content/records/account-events").exists()


def test_an_event_is_judged_beside_those_before_it(archive: ArchiveRepo) -> None:
    closed = RECORDS["account-events"] | {"type": "close"}
    enter(archive.root, "account-events", {k: v for k, v in closed.items() if k != "changes"})
    later = RECORDS["account-events"] | {"effective_on": "2026-11-05"}
    words = refused(enter, archive.root, "account-events", later)
    assert words == "event-out-of-sequence 2026-11-05-2 2026-11-05-1"


@pytest.mark.parametrize(
    ("kind", "changed", "key"),
    [
        ("inquiries", {"received_at": "2027-11-05T18:00:00+08:00"}, "received_at"),
        ("inquiries", {"closed_at": "2026-11-05T18:11:00+08:00"}, "closed_at"),
        ("incidents", {"notified": [{"body": "platform", "at": "2026-11-06T00:00:00+08:00"}]},
         "notified.0.at"),
        ("statistics", {"on": "2026-11-06"}, "on"),
    ],
)  # fmt: skip
def test_what_has_not_happened_is_not_recorded(
    archive: ArchiveRepo, kind: str, changed: dict[str, Any], key: str
) -> None:
    """Its clock would begin in the future: nobody would be asked for an answer till then."""
    value = RECORDS[kind] | changed
    words = f"event-in-future {key}"
    assert refused(enter, archive.root, kind, value) == words
    archive.write(f"content/records/{kind}/2026/a.yml", dump(value))
    archive.commit("登记", "xxy-a")
    assert words in {f"{f.name} {f.about}" for f in archive.verify().findings}


def test_clocks_may_differ_a_little_and_terms_may_lie_ahead(archive: ArchiveRepo) -> None:
    value = RECORDS["inquiries"] | {"closed_at": "2026-11-05T18:10:00+08:00"}
    assert enter(archive.root, "inquiries", value)
