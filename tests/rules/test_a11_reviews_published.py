"""Article 11 paragraph 1: who published what, after which confirmation."""

from dataclasses import replace

import pytest

from pipeline.model.evidence import Missing, Step
from pipeline.model.findings import Effect
from pipeline.model.records import Publication
from pipeline.rules import a15_confirmation
from pipeline.rules.a11_reviews import RULE
from tests.rules.builders import (
    approvals,
    archive,
    complaints,
    duties,
    only,
    post,
    publication,
    review,
)
from tests.rules.governance import PEOPLE, at, day, person, registers

OUT = publication("2026-11-03 09:30")


def test_4_accepted_operator_after_confirmation() -> None:
    subject = post()
    look = archive(subject, publications=(OUT,))
    assert complaints(RULE, 4, subject, look) == []
    assert duties(RULE, 4, look) == []


@pytest.mark.parametrize("operator", ["xxy-a", "ghost"])
def test_4_violated_no_operator(operator: str) -> None:
    subject = post()
    out = publication("2026-11-03 09:30", operator=operator)
    found = only(
        complaints(RULE, 4, subject, archive(subject, publications=(out,))),
        Effect.REFUSE,
        "operator-not-appointed",
    )
    assert found.location.path == out.path


def test_4_boundary_a_successor_records_what_the_operator_of_that_night_published() -> None:
    """The key of one ended at midnight, the office of the other began: the truth is noted."""
    subject = post()
    late = person("gly-c", "operator@xjk")
    begins = replace(late, tenures=(replace(late.tenures[0], start=day("2026-11-04")),))
    look = archive(subject, registers=registers(people=[*PEOPLE, begins]))
    out = publication("2026-11-03 23:50", operator="gly-c", recorded_at=at("2026-11-04 00:05"))
    only(
        complaints(RULE, 4, subject, replace(look, publications=(out,))),
        Effect.NOTE,
        "operator-not-appointed",
    )
    same_day = replace(out, recorded_at=at("2026-11-03 23:55"))
    look = replace(look, publications=(same_day,))
    only(complaints(RULE, 4, subject, look), Effect.REFUSE, "operator-not-appointed")


def test_4_boundary_policy_lets_a_contractor_operate() -> None:
    subject = post()
    people = registers(
        people=[*PEOPLE, person("wb-b", "operator@xjk", contractor=True)],
        outsourcing__contractor_may_operate=True,
    )
    carried = publication("2026-11-03 09:30", operator="wb-b")
    seen = archive(subject, registers=people, publications=(carried,))
    assert complaints(RULE, 4, subject, seen) == []


def test_4_violated_contractor_with_the_role() -> None:
    subject = post()
    people = registers(people=[*PEOPLE, person("wb-b", "operator@xjk", contractor=True)])
    out = publication("2026-11-03 09:30", operator="wb-b")
    look = archive(subject, registers=people, publications=(out,))
    only(complaints(RULE, 4, subject, look), Effect.REFUSE, "operator-contractor")


@pytest.mark.parametrize(("until", "fine"), [("2026-11-03", True), ("2026-11-02", False)])
def test_4_boundary_last_day_in_office(until: str, fine: bool) -> None:
    subject = post()
    people = registers(people=[person("gly-a", "operator@xjk", until=until)])
    look = archive(subject, registers=people, publications=(publication("2026-11-03 23:59"),))
    assert (complaints(RULE, 4, subject, look) == []) is fine


def test_4_boundary_the_moment_of_confirmation() -> None:
    subject = post()
    at_once = archive(subject, publications=(publication("2026-11-02 13:00"),))
    assert complaints(RULE, 4, subject, at_once) == []
    before = archive(subject, publications=(publication("2026-11-02 12:59"),))
    only(complaints(RULE, 4, subject, before), Effect.REFUSE, "published-beforehand")


@pytest.mark.parametrize("out", [OUT, publication("2026-11-03 09:30", revision=2)])
def test_4_violated_unconfirmed(out: Publication) -> None:
    subject = post()
    signed = approvals(subject, *([Missing(Step.CONFIRM)] if out.revision == 1 else []))
    look = archive(subject, approvals={subject.id: signed}, publications=(out,))
    only(complaints(RULE, 4, subject, look), Effect.REFUSE, "published-beforehand")


def test_4_violated_other_content_than_confirmed() -> None:
    subject = post()
    out = publication("2026-11-03 09:30", manifest={**OUT.manifest, "x.png": "0" * 64})
    look = archive(subject, publications=(out,))
    only(complaints(RULE, 4, subject, look), Effect.REFUSE, "published-other-files")


def test_4_boundary_an_earlier_revision_rests_on_its_own_confirmation() -> None:
    subject = post(revision=2)
    confirmed = review(Step.CONFIRM, post(), signed_at=at("2026-11-01 08:00"))
    out = publication("2026-11-01 09:00")
    signed = {subject.id: approvals(subject, earlier=[confirmed])}
    look = archive(subject, approvals=signed, publications=(out,))
    assert complaints(RULE, 4, subject, look) == []
    returned = review(Step.CONFIRM, post(), decision="return")
    signed = {subject.id: approvals(subject, earlier=[returned])}
    look = archive(subject, approvals=signed, publications=(out,))
    only(complaints(RULE, 4, subject, look), Effect.REFUSE, "published-beforehand")


def test_4_violated_publication_of_no_post() -> None:
    out = publication("2026-11-03 09:30", of="2026-11-03-ghost")
    found = only(
        duties(RULE, 4, archive(post(), publications=(OUT, out))),
        Effect.REFUSE,
        "publication-post-unknown",
    )
    assert found.location.path == out.path


# What the record says was out of order: noted of the post, refused of the bureau until closed.


@pytest.mark.parametrize("by", ["zz-a", "unknown"])
def test_4_violated_another_pressed_and_the_record_says_so(by: str) -> None:
    subject, out = post(), publication("2026-11-03 09:30", pressed_by=by)
    look = archive(subject, publications=(out,))
    words = {
        "zz-a": "publisher-no-operator",
        "unknown": "publisher-unknown",
    }[by]
    only(complaints(RULE, 4, subject, look), Effect.NOTE, words)
    only(duties(RULE, 4, look), Effect.REFUSE, words)


def test_4_accepted_another_operator_pressed() -> None:
    subject, out = post(), publication("2026-11-03 09:30", pressed_by="gly-a", operator="gly-c")
    people = registers(people=[*PEOPLE, person("gly-c", "operator@xjk")])
    look = archive(subject, registers=people, publications=(out,))
    assert complaints(RULE, 4, subject, look) == duties(RULE, 4, look) == []


def test_4_violated_a_contractor_pressed() -> None:
    subject, out = post(), publication("2026-11-03 09:30", pressed_by="wb-b")
    people = registers(people=[*PEOPLE, person("wb-b", "operator@xjk", contractor=True)])
    look = archive(subject, registers=people, publications=(out,))
    only(duties(RULE, 4, look), Effect.REFUSE, "operator-contractor")


def test_4_violated_a_name_in_no_register() -> None:
    subject, out = post(), publication("2026-11-03 09:30", pressed_by="ghost")
    found = complaints(RULE, 4, subject, archive(subject, publications=(out,)))
    refused = [c.name for c in found if c.effect is Effect.REFUSE]
    assert refused == ["publisher-unregistered"]


def test_4_violated_who_records_it_is_no_operator_either() -> None:
    """Who pressed is judged by the day of publication, who records by the day of recording."""
    subject = post()
    out = publication("2026-11-03 09:30", pressed_by="unknown", operator="xxy-a")
    found = complaints(RULE, 4, subject, archive(subject, publications=(out,)))
    words = "operator-not-appointed"
    assert [c.name for c in found if c.effect is Effect.REFUSE] == [words]


def test_4_violated_on_an_account_that_nobody_approved() -> None:
    """A record signed by hand names another; with the reason it is the truth, and noted."""
    subject, other = post(), "yunlan-other"
    out = publication("2026-11-03 09:30", account=other)
    look = archive(subject, publications=(out,))
    only(complaints(RULE, 4, subject, look), Effect.REFUSE, "published-elsewhere")
    told = publication("2026-11-03 09:30", account=other, unconfirmed="误发到另一账号")
    look = archive(subject, publications=(told,))
    only(complaints(RULE, 4, subject, look), Effect.NOTE, "published-elsewhere")
    only(duties(a15_confirmation.RULE, 2, look), Effect.REFUSE, "published-elsewhere")


def test_4_violated_it_says_early_and_was_not() -> None:
    subject, out = post(), publication("2026-11-03 09:30", unconfirmed="电话命令先发")
    look = archive(subject, publications=(out,))
    only(complaints(RULE, 4, subject, look), Effect.REFUSE, "unconfirmed-untrue")


def test_4_boundary_other_words_went_out_first_than_were_confirmed() -> None:
    subject = post()
    out = publication("2026-11-02 12:59", unconfirmed="电话命令先发")
    look = archive(subject, publications=(replace(out, manifest={}),))
    effects = {c.effect for c in complaints(RULE, 4, subject, look)}
    assert effects == {Effect.NOTE}


def test_4_boundary_a_post_that_was_never_confirmed_need_not_stand() -> None:
    """What somebody pressed without leave and no reviewer would sign is recorded all the same."""
    out = publication("2026-11-03 09:30", "2026-11-03-joke", unconfirmed="无人批准，擅自发布")
    found = duties(RULE, 4, archive(publications=(out,)))
    assert [c.waivable for c in found] == ["publication:2026-11-03-joke.wx.r1"]
    found = duties(RULE, 4, archive(publications=(replace(out, unconfirmed=""),)))
    assert [c.name == "publication-post-unknown" for c in found] == [True]
