"""An overdue relay is ended by nothing that no one signed."""

from typing import Any

import pytest

from pipeline.cli.declare import attest
from pipeline.model.findings import Effect
from pipeline.new.yaml_writer import dump
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at
from tests.builders.verdicts import marks, passes, refused_for
from tests.cli.at_the_desk import run

PATH = "content/records/relays/2026/cold.yml"
RELAY: dict[str, Any] = {
    "person": "xxy-a",
    "title": "关于做好寒潮防范的通知",
    "source": {"name": "省应急管理厅", "level": "provincial", "url": "https://a.gov.cn/1"},
    "source_published_at": "2026-11-05T07:00:00+08:00",
}
LATE, IN_TIME = at("2026-11-05 19:01"), at("2026-11-05 19:00")


@pytest.fixture
def owed(archive: ArchiveRepo) -> ArchiveRepo:
    archive.write(PATH, dump(RELAY))
    archive.commit("登记", "xxy-a")
    archive.merge("proposal")
    archive.branch("more")
    return archive


def add(archive: ArchiveRepo, **more: Any) -> None:
    archive.write(PATH, dump(RELAY | more))
    archive.commit("补记", "xxy-a")


NOTICE = {"notice_received_at": "2026-11-05T17:00:00+08:00"}
LEFT_OUT = {"except": [{"account": "wb", "reason": "平台维护停用"}]}


@pytest.mark.parametrize(
    ("more", "key"),
    [
        (NOTICE, "notice_received_at"),
        (LEFT_OUT, "except.0"),
        ({"accounts": ["wx"]}, "accounts.0"),
    ],
    ids=lambda one: str(one),
)
def test_what_would_end_it_awaits_a_signature(
    owed: ArchiveRepo, more: dict[str, Any], key: str
) -> None:
    add(owed, **more)
    healed = ("R05-4", f"relay-healed-unsigned {key}")
    narrowed = [("R05-4", "relay-account-omitted")] if "accounts" in more else []
    assert refused_for(owed.verify(as_of=LATE), healed, *narrowed)
    if not narrowed:
        assert passes(owed.verify(as_of=IN_TIME))
    owed.merge("more")
    audit = owed.audit(as_of=at("2026-11-06 09:00"))
    assert healed not in marks(audit)


@pytest.mark.parametrize("more", [NOTICE, LEFT_OUT], ids=lambda one: str(one))
def test_a_signature_lets_it_count(owed: ArchiveRepo, more: dict[str, Any]) -> None:
    add(owed, **more)
    assert run(attest, owed, "relays", "cold", by="kz-a", now=LATE).exit_code == 0
    owed.commit("签名", "kz-a")
    assert passes(owed.verify(as_of=LATE))


def test_what_an_older_program_let_pass_is_noted(owed: ArchiveRepo) -> None:
    add(owed, **NOTICE)
    owed.git("commit", "--quiet", "--amend", "--no-edit", "--date", "2026-11-06T09:00:00+08:00",
             env={**owed.git.people("xxy-a@yunlan.example.org", "xxy-a@yunlan.example.org"),
                  "GIT_COMMITTER_DATE": "2026-11-06T09:00:00+08:00"})  # fmt: skip
    owed.git("switch", "--quiet", "main")
    owed.git("merge", "--quiet", "--ff-only", "more")
    noted = marks(owed.audit(as_of=at("2026-11-06 12:00")), Effect.NOTE)
    assert ("R05-4", "relay-healed-unsigned notice_received_at") in noted


def test_a_post_that_relays_it_needs_no_signature(owed: ArchiveRepo) -> None:
    add(owed, post="2026-11-05-winter-fire")
    report = owed.verify(as_of=LATE)
    assert not any(m.startswith("relay-healed-unsigned") for _, m in marks(report))
