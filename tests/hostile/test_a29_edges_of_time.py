"""A29: the clock is Asia/Shanghai's wherever the program runs; edges of days and years hold."""

from pathlib import Path

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, account, at, email, registers
from tests.builders.evidence import CAST
from tests.builders.git import ENVIRONMENT
from tests.builders.verdicts import (
    finds,
    marks,
    passes,
    reasons,
    refused_for,
    run_verify,
    waits_for,
)

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
    assert any("date" in m or "day" in m for _, m in reasons(report)), marks(report)


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
    archive.review(POST, "confirm", not_after=at("2026-11-05 09:29"))
    archive.commit("改")
    late = archive.verify(as_of=at("2026-11-05 09:30"))
    assert refused_for(late, ("R05-6", "reviews-end-early"))


def _dated(archive: ArchiveRepo, moment: int, message: str) -> str:
    env = archive.git.people(email("zz-a"), email("zz-a"))
    env["GIT_COMMITTER_DATE"] = f"@{moment} +0000"
    archive.git("add", "--all", "--force")
    archive.git("commit", "--quiet", "--allow-empty", "--message", message, env=env)
    return archive.head()


AHEAD = 600
"""Seconds that a commit may be dated after the run that judges it: clocks differ."""
TO_COME = ("R13-7", "commit-in-future")


@pytest.mark.parametrize(
    ("moment", "refused"),
    [
        (int(AS_OF.timestamp()) + AHEAD, False),
        (int(AS_OF.timestamp()) + AHEAD + 1, True),
        (221_845_392_000, True),
    ],
    ids=["within the tolerance", "a second more", "the year 9000"],
)
def test_a_commit_of_a_time_to_come(archive: ArchiveRepo, moment: int, refused: bool) -> None:
    """By it, all that comes later would be judged as if it came then."""
    archive.write("docs/a.md", "x\n")
    _dated(archive, moment, "说明")
    assert refused_for(archive.verify(), TO_COME) if refused else passes(archive.verify())
    archive.switch("main")
    archive.git("merge", "--quiet", "--ff-only", "proposal")
    assert finds(archive.audit("main"), *TO_COME) is refused


def test_after_a_commit_of_a_time_to_come_others_are_judged_as_of_now(
    approved: ArchiveRepo,
) -> None:
    """Pushed past the checks, it is the one that is refused."""
    approved.switch("main")
    first = _dated(approved, 221_845_392_000, "未来")
    approved.merge("proposal")
    refused = {m for _, m in marks(approved.audit("main"))}
    assert refused == {f"commit-in-future {first[:12]}"}


@pytest.mark.parametrize("day", ["2028-03-01", "2029-03-01", "2035-03-01"])
def test_an_account_whose_opening_was_recorded_years_ago(archive: ArchiveRepo, day: str) -> None:
    archive.switch("main")
    opened = account("wy", "wechat", opened_on="2026-12-01", verified_until="2040-01-01")
    accounts = [*registers()["accounts"]["accounts"], opened]
    archive.event("wy", "open", "2026-12-01")
    archive.commit("开设", "gly-a")
    archive.register("accounts", {"accounts": accounts})
    archive.commit("登记", "gly-a")
    archive.branch("later")
    post, noon = f"{day}-far", at(f"{day} 12:00")
    review = {"person": "xxy-d", "date": day, "result": "releasable"}
    archive.draft(post, accounts=["wy"], created_on=day, secrecy_review=review)
    for hour, step in enumerate(CAST):
        archive.review(post, step, signed_at=at(f"{day} 0{hour + 4}:00"))
    _dated(archive, int(at(f"{day} 08:40").timestamp()), "后来")
    assert not marks(archive.verify(as_of=noon))
    archive.switch("main")
    archive.git("merge", "--quiet", "--ff-only", "later")
    assert not marks(archive.standing(as_of=noon))


TOMORROW = at("2026-11-06 09:00")


def _signed(archive: ArchiveRepo, name: str) -> None:
    """Both signatures of a change of governance, under a name of its own."""
    archive.commit("治理", "gly-a")
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        path = archive.authorise(person, role)
    folder = (archive.root / path).parent
    folder.rename(folder.with_name(name))
    archive.commit("授权", "gly-a")


def _announced(archive: ArchiveRepo, name: str, value: str) -> None:
    """A proposal to let another setting hold from tomorrow on."""
    policy = archive.read("content/policy.yml").decode()
    end = policy.index("\n", policy.index("effective_from", policy.index(f"  {name}:\n"))) + 1
    setting = f'    - value: {value}\n      unit: "x"\n      source: "[D] 本局自定"\n'
    more = f'{setting}      effective_from: "2026-11-06"\n'
    archive.write("content/policy.yml", policy[:end] + more + policy[end:])
    _signed(archive, "announced")


def test_more_signatures_from_tomorrow_on_are_not_asked_of_today(archive: ArchiveRepo) -> None:
    """Nobody could sign for it any more; nor do fewer heal what lacked one when it came."""
    _announced(archive, "change.people", "3")
    archive.merge("proposal")
    archive.branch("sources")
    archive.change("content/registers/sources.yml", "qxj.yunlan", "new.yunlan")
    _signed(archive, "sources")
    assert passes(archive.verify())
    archive.merge("sources")
    assert archive.audit("main", as_of=TOMORROW).exit_code == 0
    archive.branch("later")
    archive.change("content/registers/sources.yml", "new.yunlan", "old.yunlan")
    _signed(archive, "later")
    assert waits_for(archive.verify(as_of=TOMORROW), ("R13-7", "consents-too-few"))


def test_fewer_signed_areas_from_tomorrow_on_heal_nothing(archive: ArchiveRepo) -> None:
    _announced(archive, "change.signed_areas", '["governance", "rules", "workflows"]')
    archive.merge("proposal")
    archive.write("site/assets/site.css", "body {}\n")
    archive.commit("直推", "gly-a")
    for moment in (AS_OF, TOMORROW):
        assert finds(archive.audit("main", as_of=moment), "R13-7", "leader-consent-missing")


def test_a_setting_to_come_that_would_refuse_what_stands_is_refused_now(
    tmp_path: Path,
) -> None:
    """On its day nobody touches anything, and every build would stop."""
    forge = "noreply@forge.example"
    archive = ArchiveRepo.begin(tmp_path, parameters={"review.neutral_committers": [forge]})
    archive.draft()
    archive.approve_all()
    archive.commit("压缩合并", "zz-a", forge)
    archive.branch("moved")
    _announced(archive, "review.neutral_committers", '["noreply@other.example"]')
    report = archive.verify()
    assert refused_for(report, ("R11-1", "maker-unregistered"))


def test_a_setting_is_not_dated_back_by_signatures_that_are(archive: ArchiveRepo) -> None:
    """Two keys and a push: `verify` is passed by, and the audit believed the day they claim."""
    policy = archive.read("content/policy.yml").decode()
    end = (
        policy.index("\n", policy.index("effective_from", policy.index("  review.valid_days:"))) + 1
    )
    setting = '    - value: 60\n      unit: "日"\n      source: "[D] 本局自定"\n'
    more = f'{setting}      effective_from: "2026-06-01"\n'
    archive.write("content/policy.yml", policy[:end] + more + policy[end:])
    archive.commit("参数", "gly-a")
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        archive.authorise(person, role, signed_at=at("2026-06-01 10:00"))
    archive.commit("授权", "gly-a")
    archive.merge("proposal")
    (late,) = [f for f in archive.audit("main").findings if f.name == "setting-backdated"]
    told = {name: str(value) for name, value in late.message.values}
    assert (late.clause, late.effect) == ("R17-2", Effect.REFUSE)
    assert {"review.valid_days", "2026-06-01"} <= {*told.values()}
