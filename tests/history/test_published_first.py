"""An orange warning of 03:12: out by phone order, the network down, four signatures by 08:30."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.cli.declare import attest
from pipeline.cli.publish import publish
from pipeline.errors import Fault
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from pipeline.new.yaml_writer import dump
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at
from tests.builders.named import shows, worded
from tests.builders.verdicts import finds, marks, passes, reasons, refused_for
from tests.cli.at_the_desk import run

POST = "2026-11-06-orange"
OUT, SIGNED, NOW = at("2026-11-06 03:12"), at("2026-11-06 08:27"), at("2026-11-06 08:44")
URL = "https://wechat.example/wx/1"
WHY = "值班电话命令，网络中断"
GIVEN = (POST, "-a", "wx", "-u", URL)
TRUE = (*GIVEN, "--at", "2026-11-06T03:12", "--unconfirmed", WHY)
ALERT = {
    "issuer": "云岚市气象局",
    "issued_at": "2026-11-06T03:00:00+08:00",
    "starts_at": "2026-11-06T03:00:00+08:00",
    "ends_at": "2026-11-07T03:00:00+08:00",
    "level": 2,
    "color": "orange",
    "areas": ["全市"],
}
VIOLATED = {"R11-4", "R11-6", "R15-2"}
FAULT = f"publication:{POST}.wx.r1"


def warning(archive: ArchiveRepo, **more: Any) -> None:
    archive.draft(
        POST,
        "市气象局3时发布暴雨橙色预警，请低洼地带群众立即转移。\n",
        title="暴雨橙色预警",
        kind="alert",
        topic="emergency",
        alert=ALERT,
        publish_at="2026-11-06T03:05:00+08:00",
        created_on="2026-11-06",
        summary="低洼地带群众请立即转移。",
        secrecy_review={"person": "xxy-d", "date": "2026-11-06", "result": "releasable"},
        **more,
    )
    archive.commit("起草", "zz-a")


def reviewed(archive: ArchiveRepo) -> None:
    for number, step in enumerate(("first", "second", "final", "confirm")):
        signed = SIGNED + timedelta(minutes=number)
        archive.review(POST, step, signed_at=signed, not_after=signed + timedelta(days=30))
    archive.commit("审核", "xxy-a")


@pytest.fixture
def night(archive: ArchiveRepo) -> ArchiveRepo:
    """Reviewed in the morning and merged at 08:40."""
    warning(archive)
    reviewed(archive)
    archive.merge("proposal")
    return archive


def recorded(archive: ArchiveRepo, *given: str, now: datetime = NOW) -> str:
    done = run(publish, archive, *given, by="gly-a", now=now)
    assert done.exit_code == 0, done.exception
    archive.git("switch", "--quiet", "-C", "record")
    archive.commit("登记", "gly-a")
    return done.stdout.strip()


def violated(report: Report) -> set[str]:
    """Clauses that refuse, the updates of a new archive left out."""
    return {clause for clause, _ in marks(report) if not clause.startswith("R05-")}


def rectification(archive: ArchiveRepo, **more: Any) -> None:
    value = {
        "person": "xxy-a", "clause": "R11-4", "finding": FAULT,
        "assigned": {"person": "xxy-a", "due": "2026-11-10"},
        "explained": {"person": "xxy-a", "at": "2026-11-06T09:00:00+08:00", "cause": WHY},
        "closed": {"person": "kz-a", "at": "2026-11-06T10:00:00+08:00",
                   "measures": "值班室配备备用网络和审签钥匙。"},
    } | more  # fmt: skip
    archive.git("switch", "--quiet", "-C", "rectified")
    archive.write("content/records/rectifications/2026/night.yml", dump(value))
    archive.commit("整改", "xxy-a")


def closed(archive: ArchiveRepo) -> None:
    for event, person in (("explained", "xxy-a"), ("closed", "kz-a")):
        moment = at("2026-11-06 10:30") + timedelta(minutes=event == "closed")
        given = ("rectifications", "night")
        assert run(attest, archive, *given, by=person, now=moment).exit_code == 0
        archive.commit("签名", person)


def left_to_do(archive: ArchiveRepo, words: str) -> str:
    """The remedy of the note that a publication's own record leaves on its post."""
    report = archive.standing(as_of=at("2026-11-06 12:00"))
    findings = [f for verdict in report.verdicts for f in verdict.findings]
    (note,) = [f for f in findings if f.effect is Effect.NOTE and str(f.message) == words]
    return str(note.remedy)


def test_what_happened_is_recorded_and_refused_until_signatures_close_it(
    night: ArchiveRepo,
) -> None:
    """The change passes, main builds, and the audit refuses it under each clause it violates."""
    recorded(night, *TRUE)
    assert passes(night.verify(as_of=NOW))
    night.merge("record")
    words = worded("published-before-confirmation", at="2026-11-06 03:12", reason=WHY)
    assert ("R11-4", words) in reasons(night.standing(as_of=NOW), Effect.NOTE)
    assert left_to_do(night, words) == worded("closed-by-signatures")
    assert night.standing(as_of=NOW).exit_code == 0
    audit = night.audit(as_of=at("2026-11-06 12:00"))
    assert {clause for clause, said in reasons(audit) if said == words} == VIOLATED
    assert violated(audit) == VIOLATED
    rectification(night)
    closed(night)
    later = at("2026-11-06 12:00")
    assert passes(night.verify(as_of=later))
    night.merge("rectified")
    audit = night.audit(as_of=later)
    assert not violated(audit)
    noted = {
        c for c, said in reasons(audit, Effect.NOTE) if said.startswith(words) and "Rect" in said
    }
    assert noted == VIOLATED
    assert left_to_do(night, words) == worded("rectification-recorded")


def test_the_true_time_is_the_first_remedy(night: ArchiveRepo) -> None:
    refused = run(publish, night, *GIVEN, "--at", "2026-11-06T03:12", by="gly-a", now=NOW)
    assert isinstance(refused.exception, Fault)
    assert shows(str(refused.exception), "publication-before-confirmation")
    assert "--unconfirmed" in str(refused.exception.remedy)


def test_nobody_says_early_of_what_was_confirmed(night: ArchiveRepo) -> None:
    given = (*GIVEN, "--at", "2026-11-06T08:41", "--unconfirmed", WHY)
    refused = run(publish, night, *given, by="gly-a", now=NOW)
    assert shows(str(refused.exception), "record-says-unconfirmed")


def test_it_is_recorded_before_anybody_has_signed(archive: ArchiveRepo) -> None:
    """At 03:30, on the branch of the draft; the proposal waits for its reviews, and then passes."""
    warning(archive)
    recorded(archive, *TRUE, now=at("2026-11-06 03:30"))
    report = archive.verify(as_of=at("2026-11-06 03:40"))
    assert not marks(report)
    assert {c for c, _ in marks(report, Effect.HOLD)} == {"R11-1", "R15-2"}
    reviewed(archive)
    assert passes(archive.verify(as_of=NOW))
    archive.merge("record")
    assert violated(archive.audit(as_of=at("2026-11-06 12:00"))) == VIOLATED


def test_a_post_of_the_evening_that_was_reviewed_the_next_day(archive: ArchiveRepo) -> None:
    """The form asks for the first review on the day of publication; the truth is noted there."""
    warning(archive)
    reviewed(archive)
    archive.merge("proposal")
    recorded(archive, *GIVEN, "--at", "2026-11-05T23:50", "--unconfirmed", WHY)
    assert passes(archive.verify(as_of=NOW))


def test_pressed_without_leave_by_another(night: ArchiveRepo) -> None:
    recorded(night, *TRUE, "--pressed-by", "zz-a")
    assert passes(night.verify(as_of=NOW))
    night.merge("record")
    assert ("R11-4", "publisher-no-operator") in marks(night.audit(as_of=at("2026-11-06 12:00")))
    wrong = run(publish, night, *TRUE, "--pressed-by", "ghost", by="gly-a", now=NOW)
    assert shows(str(wrong.exception), "publisher-unregistered", person="ghost")


def test_what_no_reviewer_would_sign_is_recorded_without_its_text(archive: ArchiveRepo) -> None:
    """The draft serves for the record alone, and never comes to main."""
    warning(archive)
    recorded(archive, *TRUE, "--pressed-by", "unknown", now=at("2026-11-06 03:30"))
    archive.git("rm", "-r", "--quiet", f"content/posts/2026/{POST}")
    archive.commit("撤下草稿", "zz-a")
    assert not marks(archive.verify(as_of=NOW))
    archive.merge("record")
    audit = archive.audit(as_of=at("2026-11-06 12:00"))
    assert violated(audit) == VIOLATED
    rectification(archive)
    closed(archive)
    assert passes(archive.verify(as_of=at("2026-11-06 12:00")))
    archive.merge("rectified")
    assert not violated(archive.audit(as_of=at("2026-11-06 12:00")))


def test_the_lie_is_contradicted_by_the_order_on_the_post(archive: ArchiveRepo) -> None:
    """The order stays on the post; a record of 08:44 stands beside it, and both are shown."""
    order = {"reason": "橙色预警", "ordered_by": "ld-a", "ordered_at": "2026-11-06T03:10:00+08:00"}
    warning(archive, emergency=order)
    reviewed(archive)
    archive.merge("proposal")
    recorded(archive, *GIVEN, "--at", "2026-11-06T08:44")
    report = archive.verify(as_of=NOW)
    assert passes(report)
    assert ("R11-6", "order-before-confirmation") in marks(report, Effect.NOTE)


def test_a_truth_that_is_taken_back_stays_visible(night: ArchiveRepo) -> None:
    path = recorded(night, *TRUE)
    night.merge("record")
    again = ("--supersedes", path, "--reason", "时间看错了")
    recorded(night, *GIVEN, "--at", "2026-11-06T08:44", *again, now=at("2026-11-06 08:50"))
    report = night.verify(as_of=at("2026-11-06 09:00"))
    assert "unconfirmed-taken-back" in {name for _, name in marks(report, Effect.NOTE)}


# Bad input: a rectification of what was never violated.


@pytest.mark.parametrize(
    "more",
    [
        {"finding": f"publication:{POST}.wb.r1"},
        {"finding": "publication:2026-01-01-never.wx.r1"},
        {"clause": "R05-4", "finding": "never wx"},
    ],
    ids=lambda more: str(more["finding"]),
)
def test_a_rectification_of_what_was_never_violated_is_refused(
    night: ArchiveRepo, more: dict[str, Any]
) -> None:
    recorded(night, *TRUE)
    night.merge("record")
    rectification(night, **more)
    later = at("2026-11-06 12:00")
    assert refused_for(night.verify(as_of=later), ("R03-2", "rectified-fault-unknown"))
    night.merge("rectified")
    audit = night.audit(as_of=later)
    assert violated(audit) == VIOLATED
    assert finds(audit, "R03-2", "rectified-fault-unknown", effect=Effect.NOTE)


def test_signatures_given_beforehand_close_nothing(archive: ArchiveRepo) -> None:
    """It names a publication that is not recorded yet."""
    rectification(archive)
    report = archive.verify(as_of=at("2026-11-06 12:00"))
    assert refused_for(report, ("R03-2", "rectified-fault-unknown"))


# What a platform, an order or the bureau itself removes was there until then.


@pytest.mark.parametrize("by", ["platform", "order", "ourselves"])
def test_a_removal_is_an_event_with_its_time(night: ArchiveRepo, by: str) -> None:
    path = recorded(night, *TRUE)
    night.merge("record")
    told = ("--supersedes", path, "--removed-by", by, "--reason", "平台称标题违规")
    removed = (POST, *told, "--removed-at", "2026-11-06T09:15")
    recorded(night, *removed, now=at("2026-11-06 09:30"))
    report = night.verify(as_of=at("2026-11-06 09:30"))
    assert passes(report)
    assert any("was removed at 2026-11-06 09:15 by" in m for _, m in reasons(report, Effect.NOTE))
    night.merge("record")
    assert violated(night.audit(as_of=at("2026-11-06 12:00"))) == VIOLATED  # what it was, it stays


@pytest.mark.parametrize("when", ["2026-11-06T03:11", "2026-11-06T10:31"])
def test_a_removal_before_the_publication_or_to_come_is_refused(
    night: ArchiveRepo, when: str
) -> None:
    path = recorded(night, *TRUE)
    told = ("--supersedes", path, "--removed-by", "platform", "--reason", "平台称标题违规")
    refused = run(
        publish, night, POST, *told, "--removed-at", when, by="gly-a", now=at("2026-11-06 09:30")
    )
    told = str(refused.exception)
    assert shows(told, "removal-before-publication") or shows(told, "removal-beforehand")


def test_what_was_removed_may_go_out_again(night: ArchiveRepo) -> None:
    """The platform gave way to a complaint: the same words are shown again, under a new address."""
    path = recorded(night, *GIVEN, "--at", "2026-11-06T08:41")
    night.merge("record")
    told = ("--supersedes", path, "--removed-by", "platform", "--reason", "平台称标题违规")
    recorded(night, POST, *told, "--removed-at", "2026-11-06T09:15", now=at("2026-11-06 09:30"))
    night.merge("record")
    again = (POST, "-a", "wx", "-u", "https://wechat.example/wx/2")
    early = run(
        publish, night, *again, "--at", "2026-11-06T09:00", by="gly-a", now=at("2026-11-06 11:00")
    )
    assert shows(str(early.exception), "revision-carried-twice")
    recorded(night, *again, "--at", "2026-11-06T10:00", now=at("2026-11-06 11:00"))
    assert passes(night.verify(as_of=at("2026-11-06 11:00")))
