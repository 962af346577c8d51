"""Annex: boxes, day, title, source and remarks of the approval form."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.evidence import Step
from pipeline.model.findings import Effect
from pipeline.model.ids import PersonId
from pipeline.model.records import Publication
from pipeline.model.registers import Source
from pipeline.rules.aff_form import RULE
from tests.rules.builders import (
    approvals,
    complaints,
    correction,
    duties,
    line,
    only,
    post,
    publication,
    review,
    where,
)
from tests.rules.forms import archive
from tests.rules.governance import account, at, day, registers

UNRECORDED = "change-unrecorded"


def test_1_accepted_wechat_and_weibo() -> None:
    subject = post(accounts=["wx", "wb"])
    look = archive(subject, registers=registers([account(), account("wb", "weibo")]))
    assert complaints(RULE, 1, subject, look) == []


@pytest.mark.parametrize("accounts", [["fake"], []])
def test_1_violated_no_known_account(accounts: list[str]) -> None:
    subject = post(accounts=accounts)
    found = only(complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, "accounts-unknown")
    assert where(found) == line(subject, "accounts")


def test_1_boundary_one_known_account_is_enough_and_an_app_has_no_box() -> None:
    subject = post(accounts=["fake", "app1"])
    look = archive(subject, registers=registers([account("app1", "app")]))
    assert where(only(complaints(RULE, 1, subject, look), Effect.NOTE, "form-box-missing")) == line(
        subject, "accounts", 1
    )


def test_2_accepted_published_on_the_planned_day() -> None:
    subject = post()
    look = archive(subject, publications=(publication("2026-11-03 23:59"),))
    assert complaints(RULE, 2, subject, look) == []


@pytest.mark.parametrize("mode", [Mode.CHANGE, Mode.STANDING])
def test_2_boundary_a_time_to_come_holds_until_it_has_come(mode: Mode) -> None:
    later = post("2026-11-22-x", publish_at=at("2026-11-22 20:01"))
    found = only(
        complaints(RULE, 2, later, archive(later, mode=mode)), Effect.HOLD, "publication-planned"
    )
    assert where(found) == line(later, "publish_at")
    now = post("2026-11-22-x", publish_at=at("2026-11-22 20:00"))
    assert complaints(RULE, 2, now, archive(now, mode=mode)) == []
    assert complaints(RULE, 2, later, archive(later, mode=Mode.DRAFT)) == []


@pytest.mark.parametrize("when", ["2026-11-02 23:59", "2026-11-04 00:00"])
def test_2_violated_the_id_names_another_day_than_is_planned(when: str) -> None:
    subject = post(publish_at=at(when))
    found = only(complaints(RULE, 2, subject, archive(subject)), Effect.REFUSE, "post-id-misdated")
    assert where(found) == line(subject, "publish_at")


@pytest.mark.parametrize("when", ["2026-11-03 09:30", "2026-11-04 00:03", "2026-11-07 08:00"])
def test_2_accepted_published_when_it_was_published(when: str) -> None:
    subject = post()
    assert complaints(RULE, 2, subject, archive(subject, publications=(publication(when),))) == []


def test_2_boundary_what_went_out_before_its_time_is_told_and_stays_recorded() -> None:
    subject, out = post(), publication("2026-11-02 23:59")
    look = archive(subject, publications=(out,))
    assert (
        only(
            complaints(RULE, 2, subject, look), Effect.NOTE, "published-before-planned"
        ).location.path
        == out.path
    )


def test_2_boundary_the_day_is_that_of_shanghai() -> None:
    subject = post(publish_at=at("2026-11-03 00:30"))
    assert subject.publish_at is not None
    assert subject.publish_at.utctimetuple().tm_mday == 2
    assert complaints(RULE, 2, subject, archive(subject)) == []


def test_2_boundary_a_correction_is_carried_on_a_later_day() -> None:
    subject = post(revision=2)
    first, later = publication("2026-11-03 09:20"), publication("2026-11-10 09:30", revision=2)
    assert complaints(RULE, 2, subject, archive(subject, publications=(first, later))) == []


def test_3_accepted_same_title() -> None:
    subject = post()
    look = archive(subject, publications=(publication("2026-11-03 09:30"),))
    assert complaints(RULE, 3, subject, look) == []


def test_3_violated_other_title() -> None:
    subject = post()
    out = publication("2026-11-03 09:30", title="冬季防火")
    look = archive(subject, publications=(out,))
    assert (
        only(complaints(RULE, 3, subject, look), Effect.REFUSE, "carried-other-title").location.path
        == out.path
    )


def test_3_boundary_an_earlier_revision_had_its_own_title() -> None:
    subject = post(revision=2)
    look = archive(subject, publications=(publication("2026-11-03 09:30", title="旧题"),))
    assert complaints(RULE, 3, subject, look) == []


MEM = Source("mem", "应急管理部网站", "party-government", (), day("2020-01-01"), day("2020-01-02"))


def test_4_accepted_original_and_named_source() -> None:
    original = post()
    assert complaints(RULE, 4, original, archive(original)) == []
    reprint = post(origin="reprint", source={"id": "mem"})
    look = archive(reprint, registers=registers(sources=[MEM]))
    assert complaints(RULE, 4, reprint, look) == []


@pytest.mark.parametrize("origin", ["reprint", "forward"])
def test_4_accepted_unlisted_source_named_by_the_post(origin: str) -> None:
    subject = post(origin=origin, source={"id": "ghost", "name": "云岚市气象台"})
    assert complaints(RULE, 4, subject, archive(subject)) == []


@pytest.mark.parametrize("origin", ["reprint", "forward"])
def test_4_violated_no_source_and_no_name(origin: str) -> None:
    bare = post(origin=origin)
    found = only(complaints(RULE, 4, bare, archive(bare)), Effect.REFUSE, "form-source-missing")
    assert where(found) == line(bare, "origin")
    unknown = post(origin=origin, source={"id": "ghost"})
    found = only(
        complaints(RULE, 4, unknown, archive(unknown)), Effect.REFUSE, "form-source-nameless"
    )
    assert where(found) == line(unknown, "source", "id")


def test_4_boundary_a_source_no_longer_listed_still_has_its_name() -> None:
    subject = post(origin="forward", source={"id": "mem"})
    look = archive(subject, registers=registers(sources=[MEM]))
    assert complaints(RULE, 4, subject, look) == []


def test_5_accepted_corrected_with_a_record() -> None:
    subject = post(revision=2)
    look = archive(
        subject,
        publications=(publication("2026-11-03 09:30"),),
        corrections=(correction(subject),),
    )
    assert complaints(RULE, 5, subject, look) == []


def test_5_violated_published_post_changed_in_silence() -> None:
    subject = post(revision=2)
    out = (publication("2026-11-03 09:30"),)
    found = only(
        complaints(RULE, 5, subject, archive(subject, publications=out)),
        Effect.REFUSE,
        "change-unrecorded",
    )
    assert where(found) == line(subject, "revision")
    old = (correction(subject, revision=1),)
    look = archive(subject, publications=out, corrections=old)
    only(complaints(RULE, 5, subject, look), Effect.REFUSE, "change-unrecorded")


def test_5_violated_confirmed_post_changed_in_silence() -> None:
    subject = post(revision=2)
    signed = {subject.id: approvals(subject, earlier=[review(Step.CONFIRM, post())])}
    look = archive(subject, approvals=signed)
    only(complaints(RULE, 5, subject, look), Effect.REFUSE, "change-unrecorded")
    both = archive(subject, approvals=signed, publications=(publication("2026-11-03 09:30"),))
    only(complaints(RULE, 5, subject, both), Effect.REFUSE, "change-unrecorded")


def test_5_boundary_never_public_needs_no_record() -> None:
    subject = post(revision=2)
    sent = [review(Step.CONFIRM, post(), decision="return"), review(Step.FINAL, post())]
    look = archive(subject, approvals={subject.id: approvals(subject, earlier=sent)})
    assert complaints(RULE, 5, subject, look) == []
    first = post()
    look = archive(first, publications=(publication("2026-11-03 09:30"),))
    assert complaints(RULE, 5, first, look) == []


@pytest.mark.parametrize(("kind", "fine"), [("withdrawal", True), ("correction", False)])
def test_5_boundary_a_withdrawn_post_has_the_record_of_its_withdrawal(
    kind: str, fine: bool
) -> None:
    subject = post(revision=2, validity="withdrawn")
    record = correction(subject, kind)
    look = archive(subject, publications=(publication("2026-11-03 09:30"),), corrections=(record,))
    found = complaints(RULE, 5, subject, look)
    if fine:
        assert found == []
    else:
        assert where(only(found, Effect.REFUSE, "withdrawal-unrecorded")) == (record.path, 3)


def test_5_next_every_account_that_carried_the_first_carries_the_correction() -> None:
    """A duty until it is done, and a note when it is late: no text sets a time."""
    first, wb = publication("2026-11-03 09:30"), publication("2026-11-03 09:31", on="wb")
    record = correction(post(revision=2))

    def owed(*carried: Publication, **more: Any) -> list[tuple[str, Effect]]:
        look = archive(
            post(revision=2), publications=carried, corrections=(replace(record, **more),)
        )
        return [(c.owes, c.effect) for c in duties(RULE, 5, look)]

    assert owed(first, wb) == [("wx", Effect.NOTE), ("wb", Effect.NOTE)]
    assert owed(first, wb, publication("2026-11-11 09:30", revision=2)) == [("wb", Effect.NOTE)]
    gone = replace(wb, removed_at=at("2026-11-11 09:30"), removed_by=PersonId("ourselves"))
    assert owed(first, gone) == [("wx", Effect.NOTE)]
    assert owed(first, wb, kind="withdrawal") == []
    assert owed() == []
