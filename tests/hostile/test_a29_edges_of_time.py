"""A29: the clock is Asia/Shanghai's wherever the program runs; edges of days and years hold."""

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.git import ENVIRONMENT
from tests.builders.verdicts import passes, reasons, refused_for, run_verify

MIDNIGHT = "2026-11-05T00:00:00+08:00"


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_zone_of_the_machine_changes_nothing(
    archive: ArchiveRepo, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At this moment it is still 4 November in UTC."""
    archive.draft(publish_at=MIDNIGHT)
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    said = run_verify(archive.root, "--base", "main", "--head", "HEAD", "--format", "json")
    monkeypatch.setitem(ENVIRONMENT, "TZ", zone)
    there = run_verify(archive.root, "--base", "main", "--head", "HEAD", "--format", "json")
    assert said.returncode == 0, said.stdout
    assert there.stdout == said.stdout


def test_a_post_whose_name_is_of_another_day(archive: ArchiveRepo) -> None:
    archive.draft(publish_at="2026-11-04T23:59:59+08:00")
    archive.commit("起草")
    report = archive.verify()
    assert report.exit_code == 11
    assert any("date" in m or "day" in m for _, m in reasons(report)), reasons(report)


@pytest.mark.parametrize(
    "moment",
    [
        "2027-02-29T09:30:00+08:00",
        "2026-11-05T24:00:01+08:00",
        "2026-11-05T09:30:60+08:00",
        "2026-11-05T09:30:00",
    ],
)
def test_moments_that_are_none_are_refused(archive: ArchiveRepo, moment: str) -> None:
    archive.draft(publish_at=moment)
    archive.commit("起草")
    report = archive.verify()
    assert report.exit_code == 11
    assert any(f.location.path.endswith("post.md") for f in report.findings)


def test_a_confirmation_holds_to_the_very_second(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    for step in ("first", "second", "final"):
        archive.review(POST, step)
    archive.review(POST, "confirm", not_after=at("2026-11-05 09:30"))
    archive.commit("审核")
    assert passes(archive.verify(as_of=at("2026-11-05 09:30")))
    wanted = ("R05-6", "before the post is due")
    archive.review(POST, "confirm", not_after=at("2026-11-05 09:29"))
    archive.commit("改")
    late = archive.verify(as_of=at("2026-11-05 09:30"))
    assert refused_for(late, wanted)
