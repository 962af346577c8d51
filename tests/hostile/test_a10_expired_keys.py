"""A10: a key signs within its window, and the claimed time must fit its neighbours."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, key, registers
from tests.builders.evidence import CAST
from tests.builders.verdicts import finds, passes, reasons, refused_for

EXPIRED = ("R11-1", "key-not-valid")


def _with(tmp_path: Path, **window: str) -> ArchiveRepo:
    """An archive in which the second reviewer's key has a window of its own."""
    value = registers()["roster"]
    value["keys"] = [key("kz-a", **window) if k["person"] == "kz-a" else k for k in value["keys"]]
    made = ArchiveRepo.begin(tmp_path / "own", changed={"roster": value})
    made.branch("proposal")
    made.draft()
    made.commit("起草")
    return made


def _approve(archive: ArchiveRepo, **second: Any) -> None:
    for step in CAST:
        archive.review(POST, step, **(second if step == "second" else {}))
    archive.commit("审核")


@pytest.mark.parametrize(
    ("window", "good"),
    [
        ({"until": "2026-11-04T11:10:00+08:00"}, False),
        ({"until": "2026-11-04T11:10:01+08:00"}, None),
        ({"from": "2026-11-04T11:10:01+08:00"}, False),
        ({"from": "2026-11-04T11:10:00+08:00"}, True),
    ],
    ids=str,
)
def test_the_window_includes_its_start_and_not_its_end(
    tmp_path: Path, window: dict[str, str], good: bool | None
) -> None:
    """The second step is signed at 11:10; the confirmation, by the same key, at 13:10."""
    archive = _with(tmp_path, **window)
    _approve(archive)
    report = archive.verify()
    if good:
        assert passes(report)
    elif good is None:
        wanted = ("R15-2", EXPIRED[1])
        assert refused_for(report, wanted)
    else:
        assert refused_for(report, EXPIRED)


def test_an_expired_key_that_dates_back_falls_before_its_neighbour(tmp_path: Path) -> None:
    archive = _with(tmp_path, until="2026-11-04T09:00:00+08:00")
    _approve(archive, signed_at=at("2026-11-04 08:00"))
    assert refused_for(archive.verify(), ("R11-1", "review-before-previous"))


def test_a_review_that_expires_before_it_is_signed(tmp_path: Path) -> None:
    archive = _with(tmp_path)
    _approve(archive, not_after=at("2026-11-04 11:00"))
    assert refused_for(archive.verify(), ("R11-1", "review-expired"))


def _reviewed_until(archive: ArchiveRepo, short: str, end: str) -> None:
    """All four steps, of which one runs out early."""
    archive.draft()
    archive.commit("起草")
    for step in CAST:
        archive.review(POST, step, **({"not_after": at(end)} if step == short else {}))


def test_a_confirmation_that_ends_before_publication(archive: ArchiveRepo) -> None:
    _reviewed_until(archive, "confirm", "2026-11-05 09:29")
    archive.commit("审核")
    assert refused_for(archive.verify(), ("R05-6", "reviews-end-early"))


@pytest.mark.parametrize("step", ["first", "second", "final"])
def test_a_review_that_ran_out_before_a_later_step_carries_none(
    archive: ArchiveRepo, step: str
) -> None:
    """A24: the confirmation, an hour and ten minutes after the final review, is fresh."""
    _reviewed_until(archive, step, "2026-11-04 13:09")
    archive.commit("审核")
    assert refused_for(archive.verify(), ("R15-2", "earlier-review-expired"))


@pytest.mark.parametrize("step", ["first", "second", "final"])
def test_a_post_goes_out_before_the_first_of_its_reviews_ends(
    archive: ArchiveRepo, step: str
) -> None:
    _reviewed_until(archive, step, "2026-11-05 09:10")
    archive.publication(POST)
    archive.commit("审核并发布", "gly-a")
    assert refused_for(
        archive.verify(),
        ("R05-6", "reviews-end-early"),
        ("R05-6", "published-after-reviews"),
    )


@pytest.mark.parametrize("step", ["first", "second", "final", "confirm"])
def test_reviews_that_ran_out_bring_no_post_in(archive: ArchiveRepo, step: str) -> None:
    """A24: what went out late can be recorded, so the door is where they are held to their end."""
    _reviewed_until(archive, step, "2026-11-05 10:00")
    archive.commit("审核")
    assert passes(archive.verify(as_of=at("2026-11-05 10:00")))
    assert refused_for(archive.verify(as_of=at("2026-11-05 10:11")), ("R05-6", "reviews-ended"))


LATE = ("R11-1", "signature-after-key")


def _dated_back(tmp_path: Path) -> ArchiveRepo:
    """A whole chain that claims to be of the days when kz-a's key still held."""
    archive = _with(tmp_path, until="2026-10-20T00:00:00+08:00")
    for hour, step in enumerate(CAST, 9):
        archive.review(POST, step, signed_at=at(f"2026-10-19 {hour:02d}:00"))
    archive.commit("审核")
    return archive


def test_a_whole_chain_dated_back_is_known_by_the_day_it_came(tmp_path: Path) -> None:
    report = _dated_back(tmp_path).verify()
    assert refused_for(report, LATE)


def test_the_audit_finds_it_on_main_by_the_time_of_the_change(tmp_path: Path) -> None:
    archive = _dated_back(tmp_path)
    archive.merge("proposal")
    report = archive.audit()
    assert refused_for(report, LATE)


def test_a_commit_dated_back_behind_its_parent_gains_nothing(tmp_path: Path) -> None:
    archive = _dated_back(tmp_path)
    archive.switch("main")
    env = archive.git.people("gly-a@yunlan.example.org", "gly-a@yunlan.example.org")
    back = {**env, "GIT_COMMITTER_DATE": "1792375200 +0800", "GIT_AUTHOR_DATE": "1792375200 +0800"}
    archive.git("merge", "--quiet", "--no-ff", "--message", "合并", "proposal", env=back)
    report = archive.audit()
    assert refused_for(report, LATE)


def test_a_signature_that_comes_a_few_days_after_the_key_ended_still_counts(
    tmp_path: Path,
) -> None:
    archive = _with(tmp_path, until="2026-11-04T20:00:00+08:00")
    _approve(archive)
    assert passes(archive.verify(as_of=at("2026-11-05 18:00")))


def _left(id: str, on: str) -> dict[str, Any]:
    """The registers with one person whose office ended, and whose key nobody ended."""
    people = registers()["people"]["people"]
    for role in next(p for p in people if p["id"] == id)["roles"]:
        role["until"] = on
    return {"people": {"people": people}}


@pytest.mark.parametrize(
    ("step", "person", "end"), [("first", "xxy-b", "2026-10-27"), ("final", "ld-b", "2026-10-27")]
)
def test_who_left_an_office_dates_a_review_back_into_it(
    tmp_path: Path, step: str, person: str, end: str
) -> None:
    archive = ArchiveRepo.begin(tmp_path / "left", changed=_left(person, end))
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    for hour, each in enumerate(CAST, 9):
        archive.review(
            POST, each, person if each == step else "", signed_at=at(f"{end} {hour:02d}:00"),
            **({"role": "principal"} if each == step == "final" else {}),
        )  # fmt: skip
    archive.commit("审核")
    words = "signature-after-office"
    assert refused_for(archive.verify(), ("R11-1", words))
    archive.merge("proposal")
    words = words.replace("2026-11-05", "2026-11-04")
    assert finds(archive.audit(), "R11-1", words)


def _consented(
    archive: ArchiveRepo, first: tuple[str, str], second: tuple[str, str], when: str
) -> None:
    """A change of the sources with two consents, the second of which claims a time."""
    archive.branch("proposal")
    archive.change("content/registers/sources.yml", "qxj.yunlan", "new.yunlan")
    archive.commit("改稿源", "gly-a")
    archive.authorise(*first)
    archive.authorise(*second, signed_at=at(when))
    archive.commit("授权", "gly-a")


def test_who_left_an_office_dates_a_consent_back_into_it(tmp_path: Path) -> None:
    archive = ArchiveRepo.begin(tmp_path / "left", changed=_left("ld-b", "2026-10-27"))
    _consented(archive, ("kz-a", "section-head"), ("ld-b", "principal"), "2026-10-27 10:00")
    words = "signature-after-office"
    assert refused_for(archive.verify(), ("R11-4", words))


def test_who_acted_for_somebody_dates_back_into_the_mandate(tmp_path: Path) -> None:
    mandate = {"delegator": "ld-a", "delegate": "kz-a", "role": "leader-in-charge"}
    mandate |= {"from": "2026-10-20T00:00:00+08:00", "until": "2026-10-26T00:00:00+08:00",
                "authority": "云应急〔2026〕3号"}  # fmt: skip
    roster = registers()["roster"] | {"delegations": [mandate]}
    archive = ArchiveRepo.begin(tmp_path / "acted", changed={"roster": roster})
    leaders = ("ld-a", "leader-in-charge"), ("kz-a", "leader-in-charge")
    _consented(archive, *leaders, "2026-10-22 10:00")
    words = "signature-after-office"
    assert finds(archive.verify(), "R11-4", words)


def test_what_was_signed_in_office_may_come_a_week_later(tmp_path: Path) -> None:
    archive = ArchiveRepo.begin(tmp_path / "left", changed=_left("ld-b", "2026-10-29"))
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    for hour, step in enumerate(CAST, 9):
        who = {"role": "principal"} if step == "final" else {}
        signer = "ld-b" if step == "final" else ""
        archive.review(POST, step, signer, signed_at=at(f"2026-10-29 {hour:02d}:00"), **who)
    archive.commit("审核")
    assert passes(archive.verify())


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00", 7])
def test_who_left_an_office_signs_a_time_that_is_none(tmp_path: Path, moment: Any) -> None:
    archive = ArchiveRepo.begin(tmp_path / "left", changed=_left("ld-b", "2026-10-27"))
    archive.branch("proposal")
    raw = json.dumps({"predicate": {"signed_at": moment, "role": ["principal"]}}).encode()
    archive.sign("content/records/waivers/2026/x.json", raw, "ld-b")
    archive.commit("豁免", "ld-b")
    assert refused_for(archive.verify(), ("R13-2", "statement-malformed"))


@pytest.mark.parametrize("back", [True, False])
def test_a_retired_key_gains_nothing_from_a_commit_dated_back_as_well(
    archive: ArchiveRepo, back: bool
) -> None:
    """Main says nothing since the key was retired; the commit claims a time before that."""
    archive.switch("main")
    value = registers()["roster"]
    ended = {"revoked_at": "2026-11-05T00:00:00+08:00", "revocation": "retired"}
    keys = [k | ended if k["person"] == "kz-a" else k for k in value["keys"]]
    digest = hashlib.sha256(archive.read("content/registers/roster.yml")).hexdigest()
    archive.register("roster", {**value, "serial": 2, "previous": digest, "keys": keys})
    archive.commit("停用钥匙", "gly-a")
    retired = int(archive.git("log", "-1", "--format=%ct"))
    archive.branch("late")
    archive.draft()
    archive.commit("起草")
    _approve(archive)
    env = archive.git.people("gly-a@yunlan.example.org", "gly-a@yunlan.example.org")
    moment = f"{retired - 3600 if back else retired + 3600} +0800"
    claimed = {**env, "GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": moment}
    archive.switch("main")
    archive.git("merge", "--quiet", "--no-ff", "--message", "合并", "late", env=claimed)
    late = {m for _, m in reasons(archive.audit(as_of=at("2026-12-20 18:00"))) if "came on" in m}
    assert bool(late) is back
