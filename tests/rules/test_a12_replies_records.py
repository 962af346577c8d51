"""Article 12: records that say less, or other times, than can be true."""

import pytest

from pipeline.model.findings import Effect
from pipeline.model.records import Fact
from tests.rules.builders import only
from tests.rules.governance import at, day
from tests.rules.test_a12_replies import inquiry, matter, reply, report, said


def test_1_violated_an_answer_dated_in_the_future_has_not_been_given() -> None:
    """A date to come, before the limit, would answer every inquiry for ever."""
    coming = inquiry(reply=reply("2026-11-23 09:00"))
    words = "answer-due"
    assert words in [c.name for c in said(1, coming)]
    never = inquiry(reply=reply("2027-11-23 09:00"))
    late = said(1, never, when="2026-11-24 09:00")
    assert Effect.REFUSE in {c.effect for c in late}


@pytest.mark.parametrize(
    ("number", "made"),
    [
        (1, inquiry(reply=reply("2026-11-16 09:59"))),
        (1, inquiry(drafted={"person": "xxy-a", "at": at("2026-11-16 09:59")},
                    reply=reply("2026-11-16 12:00"))),
        (2, matter(acknowledged={"at": at("2026-11-16 09:59"), "promised_due": day("2026-11-20")})),
        (2, matter(closed_at=at("2026-11-16 09:59"))),
        (3, report(transferred={"to": "bgs", "at": at("2026-11-16 09:59"), "receipt": "1号"})),
    ],
)  # fmt: skip
def test_1_violated_a_step_before_the_inquiry_came_in(number: int, made: Fact) -> None:
    (found,) = [c for c in said(number, made) if c.effect is Effect.REFUSE]
    assert found.name == "step-before-inquiry"


def test_1_boundary_a_draft_without_its_time_is_judged_by_the_day_of_receipt() -> None:
    """The schema asks only for the person: such a record once stopped the rule."""
    bare = inquiry(drafted={"person": "xxy-a"}, reply=reply("2026-11-17 12:00"))
    assert said(1, bare) == []
    wrong = inquiry(drafted={"person": "zz-a"}, reply=reply("2026-11-17 12:00"))
    only(said(1, wrong), Effect.REFUSE, "drafter-no-officer")


@pytest.mark.parametrize("type", ["general", "processing", "report"])
def test_3_violated_private_data_in_the_record_of_any_inquiry(type: str) -> None:
    found = said(3, inquiry(type, summary="来电13800138000反映隐患"), when="2026-11-16 11:00")
    words = "private-data-recorded"
    assert [c.name for c in found if c.effect is Effect.REFUSE] == [words]


def test_3_violated_a_public_answer_that_is_about_the_matter() -> None:
    talks = report(reply=reply("2026-11-17 16:00", text="经查，该厂确有违规用电。"))
    only(said(3, talks), Effect.REFUSE, "answer-hides-transfer")
    assert said(3, report(reply=None)) == []


def test_3_violated_a_transfer_to_come_is_none() -> None:
    coming = {"to": "bgs", "at": at("2026-11-23 09:00"), "receipt": "1号"}
    found = said(3, report(transferred=coming))
    words = "transfer-due"
    assert (Effect.REFUSE, words) in [(c.effect, c.name) for c in found]
