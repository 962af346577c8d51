"""Audit and report of a month tell corrections of records, what they heal, and late entries."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.statements import write_statement
from pipeline.history.judge_commits import Means
from pipeline.history.month_report import month
from pipeline.history.replay import audit
from pipeline.memo.store import SealedStore
from pipeline.model.documents import canonical_digest
from pipeline.model.findings import Effect
from pipeline.model.month import Month
from pipeline.new.yaml_writer import dump
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, at
from tests.builders.named import shows, worded
from tests.builders.verdicts import reasons

FILE = "content/records/inquiries/2026/one.yml"
RECEIVED = "2026-10-20T09:00:00+08:00"
INQUIRY: dict[str, Any] = {
    "person": "xxy-a", "account": "wx", "type": "general", "received_at": RECEIVED,
    "summary": "询问报警器去哪里领", "drafted": {"person": "xxy-a", "at": RECEIVED},
    "reply": {"person": "gly-a", "at": "2026-10-29T09:00:00+08:00", "text": "您好，请到社区领取。"},
}  # fmt: skip
ITEM = {
    "field": "reply.at", "value": "2026-10-26T09:00:00+08:00", "reason": "截图为26日，登记时抄错",
    "person": "xxy-a", "at": "2026-11-05T10:00:00+08:00",
}  # fmt: skip


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """A late reply stands on main; a change corrects its time, signed by the section head."""
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("corrected") / "archive")
    made.write(FILE, dump(INQUIRY))
    made.commit("收信", "xxy-a")
    made.branch("proposal")
    made.write(FILE, dump(INQUIRY | {"corrected": [ITEM]}))
    subject = {"inquiries/one/corrected.0": canonical_digest(ITEM)}
    stated = {"archive": "yunlan-yjj", "person": "kz-a", "signed_at": at("2026-11-05 11:00")}
    path = "content/records/attestations/2026/inquiries.one.kz-a.json"
    made.sign(path, write_statement("attestation", subject, stated), "kz-a")
    made.commit("更正", "xxy-a")
    made.merge("proposal")
    return made


def test_a_late_reply_that_a_correction_heals_stays_visible(
    corrected: ArchiveRepo, tmp_path: Path
) -> None:
    store = SealedStore(tmp_path / "store", bytes(32))
    runs = [
        audit(corrected.open(), corrected.head(), lambda _: AS_OF, means=Means(store))
        for _ in range(2)
    ]
    assert runs[0].verdicts == runs[1].verdicts
    notes = {m for m in reasons(runs[1], Effect.NOTE) if m[0].startswith("R12")}
    assert not {m for m in reasons(runs[1]) if m[0].startswith("R12")}
    healed = "Without its corrections: Done late: " + worded(
        "inquiry-due", inquiry="“询问报警器去哪里领” of 2026-10-20", at="2026-10-27 23:59"
    )
    assert ("R12-1", healed) in notes
    noted = worded(
        "correction-noted",
        key="reply.at",
        old='"2026-10-29T09:00:00+08:00"',
        new='"2026-10-26T09:00:00+08:00"',
        reason="截图为26日，登记时抄错",
        role="section-head",
    )
    (words,) = (m for _, m in notes if noted in m)
    assert "kz-a" not in words
    assert any(shows(m, "entered-late", hours=24) for _, m in notes)


def test_the_report_of_a_month_lists_corrections_and_late_entries(corrected: ArchiveRepo) -> None:
    made = month(corrected.open(), corrected.head(), Month.of("2026-11"), lambda _: AS_OF)
    tables = {table.title.text: table.rows for table in made.tables}
    ((record, field, old, new, reason, role, moment),) = tables["Corrections of records"]
    assert (record, str(field), reason, str(role)) == (
        "one", "reply.at", ITEM["reason"], "section-head",
    )  # fmt: skip
    assert (old, new) == (f'"{INQUIRY["reply"]["at"]}"', f'"{ITEM["value"]}"')
    assert moment == "2026-11-05 10:00"
    ((record, fields, happened, entered),) = tables["Entered late"]
    assert (record, str(fields)) == ("one", "received_at, drafted.at, reply.at")
    assert happened == "2026-10-20 09:00" and entered.startswith("2026-11-0")
    before = month(corrected.open(), corrected.head(), Month.of("2026-10"), lambda _: AS_OF)
    assert not {
        t.rows for t in before.tables if t.title.text in ("Corrections of records", "Entered late")
    } - {()}
