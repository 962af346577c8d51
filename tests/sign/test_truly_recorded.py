"""Whenever an approved post goes out, what happened can be recorded as it was (Article 11)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.cli.publish import publish
from pipeline.errors import Fault
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from pipeline.parts.form.verbs import file
from pipeline.sign.act import open_context
from pipeline.sign.acts.publish import PUBLISH, Publishing
from pipeline.source.content.paths import NO_DAY, PUBLICATIONS, named_publications
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, sign_as
from tests.builders.verdicts import finds, passes, reasons
from tests.cli.at_the_desk import run

TIP, ALERT, OWED = "2026-11-05-tip", "2026-11-05-alert", "2026-11-05-owed"
CONFIRMED = {
    TIP: at("2026-11-06 08:10"),  # the leader signs the next morning
    ALERT: at("2026-11-05 23:57"),
    OWED: at("2026-11-05 12:00"),
}
WARNING = {
    "issuer": "云岚市气象局",
    "issued_at": "2026-11-05T23:30:00+08:00",
    "starts_at": "2026-11-05T23:30:00+08:00",
    "ends_at": "2026-11-06T23:30:00+08:00",
    "level": 1,
    "color": "red",
    "areas": ["全市"],
}
ENDS = timedelta(days=30)
CADENCE = ("R05-1", "R05-2", "R05-3")
"""Silent weeks: nothing else was published in them."""


@pytest.fixture(scope="module")
def merged(template: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """Three posts on main, confirmed on their day at noon, near midnight, and the day after."""
    made = template.copy(tmp_path_factory.mktemp("merged") / "archive")
    both: dict[str, Any] = {"accounts": ["wx", "wb"]}
    made.branch("proposal")
    made.draft(TIP, **both)
    made.draft(
        ALERT,
        "市气象局23时30分发布暴雨红色预警，请低洼地带群众立即转移。\n",
        title="暴雨红色预警",
        kind="alert",
        topic="emergency",
        alert=WARNING,
        publish_at="2026-11-05T23:40:00+08:00",
        summary="低洼地带群众请立即转移。",
        **both,
    )
    made.draft(OWED, disclosure="mandatory", created_on="2026-09-01", **both)
    made.commit("起草", "zz-a")
    for post, moment in CONFIRMED.items():
        for number, step in enumerate(("first", "second", "final", "confirm")):
            signed = moment - timedelta(minutes=3 - number)
            made.review(post, step, signed_at=signed, not_after=signed + ENDS)
    made.commit("审核", "xxy-a")
    made.merge("proposal")
    return made


def moments() -> st.SearchStrategy[datetime]:
    """About midnight, the next morning, the weekend, and any minute, also when reviews ended."""
    days = st.one_of(st.integers(0, 4), st.integers(0, 29), st.integers(30, 60))
    minutes = st.one_of(st.sampled_from([0, 3, 10, 1435, 1439]), st.integers(0, 1439))
    return st.builds(
        lambda day, minute: at("2026-11-05 00:00") + timedelta(days=day, minutes=minute),
        days,
        minutes,
    )


@settings(
    max_examples=settings().max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    post=st.sampled_from(sorted(CONFIRMED)),
    account=st.sampled_from(["wx", "wb"]),
    when=moments(),
    later=st.integers(0, 600),
)
def test_an_approved_post_is_recorded_as_published_when_it_was(
    merged: ArchiveRepo, post: str, account: str, when: datetime, later: int
) -> None:
    published = max(when, CONFIRMED[post])
    now = published + timedelta(minutes=later)
    context = open_context(merged.open(), now, frozenset({post}))
    operator = context.trusted.registers.people["gly-a"]
    url = f"https://{'wechat' if account == 'wx' else 'weibo'}.example/{account}/1"
    made = PUBLISH.sign(
        Publishing(post, account, url, published, base="HEAD"), context, operator, now,
        lambda statement: sign_as("gly-a", statement),
    )  # fmt: skip
    assert made.record.path.rpartition("/")[2].startswith(f"{published:%Y-%m-%d}.{account}.{post}")


@pytest.mark.parametrize(
    ("post", "when"),
    [
        (ALERT, "2026-11-06 00:03"),
        (TIP, "2026-11-06 08:20"),
        (OWED, "2026-11-07 00:10"),
        (TIP, "2026-12-07 08:20"),
    ],
)
def test_the_record_is_merged_and_its_form_bears_that_day(
    merged: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory, post: str, when: str
) -> None:
    archive = merged.copy(tmp_path_factory.mktemp("out") / "archive")
    now = at(when) + timedelta(minutes=5)
    given = (post, "-a", "wx", "-u", "https://wechat.example/wx/1", "--at", when.replace(" ", "T"))
    assert run(publish, archive, *given, by="gly-a", now=now).exit_code == 0
    archive.branch("record")
    archive.commit("登记", "gly-a")
    report = archive.verify(as_of=now)
    assert passes(report)
    late = {m for c, m in reasons(report, Effect.NOTE) if c == "R03-3" and "disclosure" in m}
    assert bool(late) is (post == OWED)
    _noted_as_unapproved(report, when)
    archive.merge("record")
    audit = archive.audit(as_of=max(now, at("2026-11-07 12:00")))
    assert not {m for c, m in reasons(audit) if c not in CADENCE}
    _noted_as_unapproved(audit, when)
    filed = run(
        file, archive, when[:10], "--in", "档案室", "--by", "xxy-a", "--on", when[:10], now=now
    )
    assert filed.stdout.strip().endswith(f"/{when[:10]}.yml")
    archive.branch("filing")
    archive.commit("归档", "gly-a")
    assert passes(archive.verify(as_of=now))
    archive.merge("filing")
    standing = archive.standing(as_of=max(now, at("2026-11-07 12:00")))
    assert not {m for c, m in reasons(standing) if c not in CADENCE}
    _noted_as_unapproved(standing, when)


def _noted_as_unapproved(report: Report, when: str) -> None:
    """Reviews of thirty days: what went out on them in December is told wherever one looks."""
    late = finds(report, "R05-6", "published-after-reviews", effect=Effect.NOTE)
    assert late is when.startswith("2026-12")


def test_what_went_out_before_its_correction_is_recorded_after_it(
    merged: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Weibo carried the first text on Friday; the correction comes to main before the record."""
    archive = merged.copy(tmp_path_factory.mktemp("out") / "archive")
    archive.branch("corrected")
    archive.draft(TIP, "出门前关火、关水、关电。\n", revision=2, accounts=["wx", "wb"])
    archive.correction(TIP, 2)
    archive.commit("更正", "zz-a")
    for number, step in enumerate(("first", "second", "final", "confirm")):
        signed = at("2026-11-07 09:00") + timedelta(minutes=number)
        archive.review(TIP, step, signed_at=signed, not_after=signed + ENDS)
    archive.commit("审核", "xxy-a")
    archive.merge("corrected")
    now = at("2026-11-09 09:00")
    given = (TIP, "-a", "wb", "-u", "https://weibo.example/wb/1", "--at", "2026-11-06T08:20")
    refused = run(publish, archive, *given, by="gly-a", now=now)
    assert isinstance(refused.exception, Fault)
    assert "--revision 1" in str(refused.exception.remedy)
    assert run(publish, archive, *given, "--revision", "1", by="gly-a", now=now).exit_code == 0
    archive.branch("record")
    archive.commit("登记", "gly-a")
    assert passes(archive.verify(as_of=now))


def test_what_went_out_too_early_before_new_year_is_found_with_its_post() -> None:
    record = f"{PUBLICATIONS}2026/2026-12-31.wx.2027-01-01-a.json"
    assert named_publications([record], {"2027-01-01-a"}, NO_DAY) == [record]
    assert named_publications([record], {"2028-01-01-a"}, NO_DAY) == []


def test_a_draft_that_waited_past_its_day_is_not_renamed(merged: ArchiveRepo) -> None:
    """The planned time is the earliest: nobody has to change a file for being late."""
    assert passes(merged.standing(as_of=at("2026-11-20 09:00")))
