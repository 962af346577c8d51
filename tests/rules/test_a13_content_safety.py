"""Article 13(2): a change stands alone, is signed by two people, rewrites nothing signed."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Entry, Mode
from pipeline.model.findings import Effect
from pipeline.model.records import Authorisation
from pipeline.model.registers import Delegation
from pipeline.rules.a13_content_safety import RULE
from tests.rules.builders import (
    archive,
    authorisation,
    change,
    entry,
    objections,
    only,
    values,
    where,
)
from tests.rules.governance import PEOPLE, at, person, registers

POLICY = entry("content/policy.yml", "governance")
PEOPLE_FILE = entry("content/registers/people.yml", "governance")
ARTICLE = entry("content/posts/2026/2026-11-03-x/post.md", "posts", "A")
RECORD = entry("content/records/authorisations/2026/policy/kz-a.json", "records", "A")
BOTH = (
    authorisation("kz-a", "section-head", [POLICY]),
    authorisation("ld-a", "leader-in-charge", [POLICY]),
)


def signed(*by: Authorisation) -> list[str]:
    proposal = change(POLICY, RECORD, authorisations=by)
    return [c.name for c in objections(RULE, 7, proposal, archive())]


def test_7_accepted_posts_reviews_and_records_together() -> None:
    review = entry("content/reviews/2026/x/r1/1-first.json", "reviews", "A")
    record = entry("content/records/publications/2026/x.json", "records", "A")
    readme = entry("README.md", "other")
    assert objections(RULE, 7, change(ARTICLE, review, record, readme), archive()) == []


def test_7_accepted_governance_signed_by_head_and_leader() -> None:
    assert signed(*BOTH) == []
    assert signed(BOTH[0], authorisation("ld-b", "principal", [POLICY])) == []


@pytest.mark.parametrize(
    ("other", "area"),
    [
        (ARTICLE, "posts"),
        (entry("content/reviews/2026/x/r1/1-first.json", "reviews", "A"), "reviews"),
        (entry("content/records/publications/2026/x.json", "records", "A"), "records"),
    ],
)
def test_7_violated_governance_beside_content(other: Entry, area: str) -> None:
    proposal = change(POLICY, other, authorisations=BOTH)
    path = other.path
    shown = {"one": "governance", "path": POLICY.path, "other": area, "other_path": path}
    found = only(objections(RULE, 7, proposal, archive()), Effect.REFUSE, "change-mixed", **shown)
    assert found.location.path == path


def test_7_violated_two_governed_classes() -> None:
    theme = entry("site/theme.css", "site")
    both = tuple(
        authorisation(
            a.person, a.role, [theme], path=f"content/records/authorisations/s/{a.person}"
        )
        for a in BOTH
    )
    found = objections(RULE, 7, change(POLICY, theme, authorisations=(*BOTH, *both)), archive())
    assert "change-mixed" in [c.name for c in found]
    assert {c.effect for c in found} == {Effect.REFUSE}


@pytest.mark.parametrize("area", ["rules", "site", "workflows"])
def test_7_violated_unsigned_change_of_every_class(area: str) -> None:
    found = objections(RULE, 7, change(entry("some/file", area)), archive())
    assert [(c.effect, c.name, values(c), c.location.path) for c in found] == [
        (Effect.HOLD, name, {"area": area}, "some/file")
        for name in ("head-consent-missing", "leader-consent-missing")
    ]


def test_7_boundary_which_classes_are_signed_is_policy() -> None:
    only_governance = archive(registers=registers(change__signed_areas=["governance"]))
    assert objections(RULE, 7, change(entry("site/x.css", "site"), ARTICLE), only_governance) == []


def test_7_boundary_missing_signature_holds_a_proposal_and_refuses_what_stands() -> None:
    proposal = change(POLICY, RECORD, authorisations=BOTH[:1])
    only(
        objections(RULE, 7, proposal, archive()),
        Effect.HOLD,
        "leader-consent-missing",
        area="governance",
    )
    only(
        objections(RULE, 7, proposal, archive(mode=Mode.STANDING)),
        Effect.REFUSE,
        "leader-consent-missing",
        area="governance",
    )


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"files": {}}, "consent-other-files"),
        (
            {"files": {"content/policy.yml": "0" * 64}},
            "consent-other-files",
        ),
        (
            {"files": {p.path: p.digest for p in (POLICY, PEOPLE_FILE)}},
            "consent-other-files",
        ),
        ({"roster_serial": 6}, "consent-other-roster"),
        ({"signed_at": at("2026-11-22 20:01")}, "consent-in-future"),
        ({"role": "writer"}, "consent-signer-unfit"),
        ({"role": "principal"}, "consent-signer-unfit"),
        ({"signed_at": at("2023-03-20 23:59")}, "consent-signer-unfit"),
    ],
)
def test_7_violated_signature_that_does_not_count(bad: dict[str, Any], words: str) -> None:
    void = replace(BOTH[0], **bad)
    proposal = change(POLICY, authorisations=(void, BOTH[1]))
    refused, awaited = objections(RULE, 7, proposal, archive())
    assert (refused.effect, refused.name) == (Effect.REFUSE, words)
    assert values(refused)["person"] == archive().registers.name_of("kz-a") != "kz-a"
    assert refused.location.path == void.path
    assert awaited.name == "head-consent-missing"


def test_7_boundary_signed_at_the_time_of_the_run_and_removed_files() -> None:
    gone = entry("content/registers/old.yml", "governance", "D")
    by = tuple(
        replace(authorisation(a.person, a.role, [gone]), signed_at=at("2026-11-22 20:00"))
        for a in BOTH
    )
    assert objections(RULE, 7, change(gone, authorisations=by), archive()) == []


@pytest.mark.parametrize("contractor", [True, False])
def test_7_boundary_one_person_with_both_roles_or_a_contractor(contractor: bool) -> None:
    double = person("kz-a", "section-head@xjk", "principal@office", contractor=contractor)
    people = archive(registers=registers(people=[double, *PEOPLE[2:]]))
    by = (BOTH[0], replace(authorisation("kz-a", "principal", [POLICY]), path="content/records/b"))
    found = objections(RULE, 7, change(POLICY, authorisations=by), people)
    if contractor:
        assert [c.effect for c in found[:2]] == [Effect.REFUSE] * 2
    else:
        only(found, Effect.HOLD, "consents-too-few", area="governance", n=2)


def test_7_boundary_head_of_another_department_and_acting_leader() -> None:
    other = person("kz-b", "section-head@jzk")
    acting = Delegation(
        "ld-a", "kz-b", "leader-in-charge", at("2026-11-20 10:00"), at("2026-11-20 12:00"), "批"
    )
    look = archive(registers=registers(people=[*PEOPLE, other], delegations=[acting]))
    head = authorisation("kz-b", "section-head", [POLICY])
    found = objections(RULE, 7, change(POLICY, authorisations=(head, BOTH[1])), look)
    assert found[0].name == "consent-signer-unfit"
    leader = authorisation("kz-b", "leader-in-charge", [POLICY])
    assert objections(RULE, 7, change(POLICY, authorisations=(BOTH[0], leader)), look) == []
    late = replace(leader, signed_at=at("2026-11-20 12:01"))
    assert objections(RULE, 7, change(POLICY, authorisations=(BOTH[0], late)), look)


@pytest.mark.parametrize(
    ("path", "area", "status", "more", "words"),
    [
        ("content/x", "unknown", "A", {}, "path-unknown"),
        (
            "content/posts/2026/2026-11-03-x/a.png",
            "posts",
            "A",
            {"mode": "120000"},
            "file-not-regular",
        ),
        *(
            (path, area, status, {}, "signed-file-changed")
            for path, area in (
                ("content/reviews/2026/x/r1/1-first.json", "reviews"),
                ("content/records/publications/2026/x.json.sig", "records"),
                ("content/records/authorisations/2026/p/kz-a.json", "records"),
                ("content/records/declarations/2026/d.json", "records"),
                ("content/records/rotations/2026/r.json.sig", "records"),
                ("content/records/waivers/2026/w.json", "records"),
            )
            for status in "MDT"
        ),
        ("content/posts/2026/2026-11-03-x/post.md", "posts", "D", {}, "post-deleted"),
        *(
            (path, "records", "D", {}, "record-deleted")
            for path in (
                "content/records/inquiries/2026/i1.yml",
                "content/records/corrections/2026/x.r2.yml",
                "content/records/filings/2026/f1.pdf",
            )
        ),
    ],
)
def test_7_violated_what_no_signature_allows(
    path: str, area: str, status: str, more: dict[str, Any], words: str
) -> None:
    proposal = change(entry(path, area, status, **more))
    found = only(objections(RULE, 7, proposal, archive()), Effect.REFUSE, words)
    assert where(found) == (path, 0)


@pytest.mark.parametrize(
    "harmless",
    [
        entry("content/posts/2026/2026-11-03-x/a.png", "posts", "D"),
        entry("content/posts/2026/2026-11-03-x/post.md", "posts", "M"),
        entry("content/posts/2026/2026-11-03-x/a.png", "posts", "D", mode="120000"),
        entry("content/records/corrections/2026/x.r2.yml", "records", "M"),
        entry("content/records/inquiries/2026/i1.yml", "records", "M"),
        entry("scripts/run", "other", "A", mode="100755"),
    ],
)
def test_7_boundary_what_may_change(harmless: Entry) -> None:
    assert objections(RULE, 7, change(harmless), archive()) == []


def test_7_boundary_passing_media_refuse_and_passing_texts_do_not() -> None:
    folder = "content/posts/2026/2026-11-03-x"
    proposal = change(ARTICLE, passing=(f"{folder}/post.md", f"{folder}/s.txt", f"{folder}/a.png"))
    found = only(objections(RULE, 7, proposal, archive()), Effect.REFUSE, "file-passing")
    assert where(found) == (f"{folder}/a.png", 0)
