"""A24: an approval is used again. A publication closes its review; a record is never replaced."""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.evidence.review.statements import write_statement
from pipeline.model.findings import Effect
from pipeline.model.policy import Parameter
from pipeline.sign import act
from pipeline.sign.acts.publish import PUBLISH, Publishing
from pipeline.source.git.repository import Repository
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, sign_as
from tests.builders.named import like, refuses
from tests.builders.verdicts import finds

NOW = at("2026-11-05 12:00")
URL = "https://wechat.example/wx/1"


def place(repo: ArchiveRepo) -> act.SigningContext:
    return act.open_context(Repository.open(repo.root), NOW, frozenset({POST}))


def record(
    repo: ArchiveRepo,
    when: datetime = NOW,
    person: str = "gly-a",
    **asked: Any,
) -> str:
    """Record a publication as the operator would; the path of the record."""
    there = place(repo)
    made = PUBLISH.sign(
        Publishing(
            **{"post": POST, "account": "wx", "url": URL, "at": when, "base": "HEAD", **asked}
        ),
        there,
        there.trusted.registers.people[person],
        NOW,
        lambda raw: sign_as(person, raw),
    ).record
    act.write_record(repo.root, made)
    repo.commit("登记", person)
    return made.path


def refusals(repo: ArchiveRepo) -> list[tuple[str, str]]:
    report = repo.standing(as_of=at("2026-11-05 18:00"))
    return [(f.clause, f.name) for f in report.findings if f.effect is Effect.REFUSE]


def test_the_same_revision_is_not_recorded_twice(approved: ArchiveRepo) -> None:
    record(approved, at("2026-11-05 09:30"))
    assert refusals(approved) == []
    with pytest.raises(Fault, match=like("revision-carried-twice", n="1")):
        record(approved, at("2026-11-05 10:30"))


def test_records_that_got_in_by_another_way_refuse(approved: ArchiveRepo) -> None:
    path = approved.publication(POST)
    approved.commit("登记", "gly-a")
    assert refusals(approved) == []
    raw, signature = approved.read(path), approved.read(f"{path}.sig")
    again = path.replace("2026-11-05.wx", "2026-11-05-2.wx")
    stated = json.loads(raw)["predicate"] | {"published_at": at("2026-11-05 11:30")}
    stated["recorded_at"] = at("2026-11-05 11:40")
    approved.sign(again, write_statement("publication", approved.manifest(POST), stated), "gly-a")
    approved.commit("再登记", "gly-a")
    assert refusals(approved) == [("F-2", "revision-carried-twice")]
    assert (approved.read(path), approved.read(f"{path}.sig")) == (raw, signature)


def test_a_wrong_record_is_superseded_and_never_replaced(approved: ArchiveRepo) -> None:
    first = record(approved, at("2026-11-05 09:30"))
    before = approved.read(first)
    second = record(
        approved, at("2026-11-05 09:45"), supersedes=first, reason="时间看错，实际为九点四十五分"
    )
    assert second != first and approved.read(first) == before
    report = approved.standing(as_of=at("2026-11-05 18:00"))
    notes = [f for f in report.findings if f.location.path == first]
    assert refusals(approved) == [] and [f.effect for f in notes] == [Effect.NOTE]
    kept = place(approved).archive.publications_of(POST)
    assert [p.path for p in kept] == [second] and kept[0].rendition


def test_a_record_of_nothing_is_taken_back(approved: ArchiveRepo) -> None:
    first = record(approved, at("2026-11-05 09:30"))
    record(approved, supersedes=first, reason="登记了别的信息", void=True)
    assert place(approved).archive.publications_of(POST) == () and refusals(approved) == []
    record(approved, at("2026-11-05 11:00"))
    assert refusals(approved) == []


def test_what_is_superseded_must_count(approved: ArchiveRepo) -> None:
    first = record(approved, at("2026-11-05 09:30"))
    second = record(approved, at("2026-11-05 09:45"), supersedes=first, reason="时间看错了")
    for path in (first, "content/records/publications/2026/none.json"):
        with refuses("record-not-counted"):
            record(approved, at("2026-11-05 10:00"), supersedes=path, reason="再改一次")
    record(approved, at("2026-11-05 10:00"), supersedes=second, reason="又看错了")
    assert refusals(approved) == []


def test_the_digest_of_what_was_rendered_is_recorded(approved: ArchiveRepo) -> None:
    path = record(approved)
    there = place(approved)
    stated = json.loads(approved.read(path))["predicate"]
    assert stated["rendition"] == there.archive.renditions[POST, "wechat"].digest


@pytest.mark.parametrize(("allowed", "fine"), [(False, False), (True, True)])
def test_a_contractor_records_nothing_unless_policy_lets_one(
    approved: ArchiveRepo, allowed: bool | None, fine: bool
) -> None:
    there = place(approved)
    operator = replace(there.trusted.registers.people["gly-a"], contractor=True)
    name = "outsourcing.contractor_may_operate"
    policy = there.trusted.registers.policy
    others = {n: p for n, p in policy.parameters.items() if n != name}
    if allowed is not None:
        others[name] = (Parameter(name, allowed, "", "[D]", date(2023, 3, 21)),)
    registers = replace(there.trusted.registers, policy=replace(policy, parameters=others))
    people = {**registers.people, "gly-a": operator}
    registers = replace(registers, people=people)
    archive = replace(there.archive, registers=registers)
    desk_ = replace(there, trusted=replace(there.trusted, registers=registers), archive=archive)
    asked, sign = Publishing(POST, "wx", URL, NOW, base="HEAD"), lambda raw: sign_as("gly-a", raw)
    if fine:
        made = PUBLISH.sign(asked, desk_, operator, NOW, sign)
        assert json.loads(made.record.statement)["predicate"]["operator"] == "gly-a"
    else:
        with refuses("operator-contractor"):
            PUBLISH.sign(asked, desk_, operator, NOW, sign)


def test_reviews_past_their_end_bring_no_post_to_main(approved: ArchiveRepo) -> None:
    """What goes out on them from main is true, recorded and noted; see `test_truly_recorded`."""
    found = approved.verify(as_of=at("2026-12-20 09:00")).findings
    (ended, *_) = [f for f in found if f.name == "reviews-ended"]
    assert (ended.clause, ended.effect) == ("R05-6", Effect.REFUSE)
    assert "2026-12-04" in str(ended.message)


def test_a_closed_account_carries_nothing(approved: ArchiveRepo) -> None:
    accounts = approved.read("content/registers/accounts.yml").decode()
    closed = accounts.replace('"2026-11-04"', '"2026-11-04"\n    closed_on: "2026-11-04"', 1)
    approved.write("content/registers/accounts.yml", closed)
    approved.commit("停用", "kz-a")
    with refuses("account-not-used"):
        record(approved)


HIDING = (
    f"2026/2026-11-05.wx.{POST.replace('winter', 'summer')}.json",
    f"2026/2026-11-05.wb.{POST}.json",
    f"2026/2026-01-05.wx.{POST}.json",
    f"2026/2026-11-05.wx.{POST}.more.json",
    f"2025/2026-11-05.wx.{POST}.json",
    "2026/0.json",
)


@pytest.mark.parametrize("name", HIDING)
def test_a_record_cannot_hide_behind_another_name(approved: ArchiveRepo, name: str) -> None:
    """Records are found by their names: an unconfirmed revision would go unseen otherwise."""
    base, place = approved.head(), f"content/records/publications/{name}"
    path = approved.publication(POST, revision=2)
    for end in ("", ".sig"):
        approved.write(place + end, approved.read(path + end))
        (approved.root / f"{path}{end}").unlink()
    approved.commit("登记", "gly-a")
    report = approved.verify(base, as_of=at("2026-11-05 18:00"))
    told = {
        f.name
        for f in report.findings
        if f.effect is Effect.REFUSE and f.location.path.removesuffix(".sig") == place
    }
    assert told & {"file-name-differs", "path-unknown"}


def test_a_correction_cannot_hide_behind_another_name(approved: ArchiveRepo) -> None:
    base, path = approved.head(), approved.correction(POST, 2)
    place = path.replace("winter", "summer")
    approved.write(place, approved.read(path))
    (approved.root / path).unlink()
    approved.commit("更正", "zz-a")
    refused = [f for f in approved.verify(base).findings if f.effect is Effect.REFUSE]
    (found,) = (f for f in refused if f.location.path == place)
    assert found.remedy is not None
    assert found.name == "file-name-differs"
    assert f"{POST}.r2.yml" in str(found.remedy)


def _consented(archive: ArchiveRepo, branch: str, old: str, new: str) -> str:
    """Change a register with both signatures, merged; the folder of these."""
    archive.switch("main")
    archive.branch(branch)
    archive.change("content/registers/sources.yml", old, new)
    archive.commit("改稿源", "gly-a")
    hour = at(f"2026-11-05 {10 + len(branch)}:00")
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        path = archive.authorise(person, role, signed_at=hour)
    kept = archive.root / path.replace(f"/change/{person}.json", f"/{branch}")
    (archive.root / path).parent.rename(kept)
    archive.commit("授权", "gly-a")
    assert archive.verify().exit_code == 0
    archive.merge(branch)
    return kept.relative_to(archive.root).as_posix()


def test_a_consent_does_not_bring_back_what_was_changed_since(archive: ArchiveRepo) -> None:
    """Nobody's key is needed to copy two signed files, and the roster is the same."""
    first = _consented(archive, "a", "qxj.yunlan", "old.yunlan")
    _consented(archive, "ab", "old.yunlan", "new.yunlan")
    archive.branch("again")
    archive.change("content/registers/sources.yml", "new.yunlan", "old.yunlan")
    for path in sorted((archive.root / first).iterdir()):
        archive.write(f"{first}-again/{path.name}", path.read_bytes())
    archive.commit("再用一次", "zz-a")
    words = ("R13-7", "consent-used-up")
    assert finds(archive.verify(), *words)
    archive.merge("again")
    assert finds(archive.audit(), *words)
