"""A late answer is explained and closed by two signatures, and says so from then on."""

from datetime import timedelta
from typing import Any

import pytest

from pipeline.cli.declare import attest
from pipeline.history.duties import duties
from pipeline.model.findings import Effect, Finding
from pipeline.new.yaml_writer import dump
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at
from tests.builders.named import shows
from tests.cli.at_the_desk import run

LATER = at("2026-11-20 09:00")
INQUIRY: dict[str, Any] = {
    "person": "xxy-a", "account": "wx", "type": "general", "summary": "询问报警器去哪里领",
    "received_at": "2026-11-05T09:00:00+08:00",
    "drafted": {"person": "xxy-a", "at": "2026-11-06T09:00:00+08:00"},
    "reply": {"person": "gly-a", "at": "2026-11-16T09:00:00+08:00", "text": "您好，请到社区领取。"},
}  # fmt: skip
RECTIFIED: dict[str, Any] = {
    "person": "xxy-a", "clause": "R12-1", "finding": "late",
    "assigned": {"person": "xxy-a", "due": "2026-11-18"},
    "explained": {"person": "xxy-a", "at": "2026-11-17T09:00:00+08:00", "cause": "交接漏看留言。"},
    "closed": {"person": "kz-a", "at": "2026-11-17T10:00:00+08:00", "measures": "交接登记留言数。"},
}  # fmt: skip


def bureau(archive: ArchiveRepo, **more: Any) -> None:
    archive.write("content/records/inquiries/2026/late.yml", dump(INQUIRY))
    value = {k: v for k, v in (RECTIFIED | more).items() if v is not None}
    archive.write("content/records/rectifications/2026/one.yml", dump(value))
    archive.commit("答复和台账", "xxy-a")


def sign(archive: ArchiveRepo, event: str, person: str) -> None:
    """With the command that `status` and the audit print; whose turn it is says the record."""
    moment = LATER - timedelta(minutes=event == "explained")
    assert run(attest, archive, "rectifications", "one", by=person, now=moment).exit_code == 0
    archive.commit("签名", person)


def findings(archive: ArchiveRepo, clause: str) -> list[Finding]:
    owed = duties(archive.open(), archive.head(), lambda _: LATER)
    return [f for f in owed.findings if f.clause == clause and "rectif" not in f.location.path]


def test_a_late_answer_names_the_command_that_enters_it(archive: ArchiveRepo) -> None:
    bureau(archive)
    (late,) = findings(archive, "R12-1")
    assert late.effect is Effect.REFUSE
    assert shows(str(late.remedy), "enter-rectification", clause="R12-1", finding="late")


def test_two_signatures_close_it(archive: ArchiveRepo) -> None:
    bureau(archive)
    sign(archive, "explained", "xxy-a")
    assert findings(archive, "R12-1")[0].effect is Effect.REFUSE
    sign(archive, "closed", "kz-a")
    (late,) = findings(archive, "R12-1")
    assert late.effect is Effect.NOTE
    assert "Rectified on 2026-11-17, signed by 某kz-a: 交接登记留言数。" in str(late.message)


@pytest.mark.parametrize(
    "more",
    [
        {"finding": "other"},
        {"clause": "R12-2"},
        {"closed": RECTIFIED["closed"] | {"person": "xxy-a"}},
        {"explained": RECTIFIED["explained"] | {"person": "kz-a"}},
    ],
)
def test_another_fault_or_one_person_alone_closes_nothing(
    archive: ArchiveRepo, more: dict[str, Any]
) -> None:
    bureau(archive, **more)
    whole = RECTIFIED | more
    for event in ("explained", "closed"):
        sign(archive, event, whole[event]["person"])
    assert findings(archive, "R12-1")[0].effect is Effect.REFUSE


def test_what_can_still_be_done_is_not_explained_away(archive: ArchiveRepo) -> None:
    bureau(archive)
    archive.write("content/records/inquiries/2026/late.yml",
                  dump({k: v for k, v in INQUIRY.items() if k != "reply"}))  # fmt: skip
    archive.commit("没有答复", "xxy-a")
    sign(archive, "explained", "xxy-a")
    sign(archive, "closed", "kz-a")
    assert findings(archive, "R12-1")[0].effect is Effect.REFUSE


def test_one_that_is_not_closed_in_time_is_told(archive: ArchiveRepo) -> None:
    bureau(archive, explained=None, closed=None)
    owed = duties(archive.open(), archive.head(), lambda _: LATER)
    (open_,) = [f for f in owed.findings if f.location.path.endswith("rectifications/2026/one.yml")]
    assert (open_.clause, open_.effect, open_.owes) == ("R03-2", Effect.NOTE, "xxy-a")
    assert open_.due is not None and open_.due < LATER
