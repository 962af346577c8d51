"""What a change brings that was signed too late, unseen, or under another roster."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from pipeline.model.archive import ChangeFacts, CommitMessage, Mode, RecordWords
from pipeline.model.evidence import Approved, LostSignature, OwnSignature, Step
from pipeline.model.findings import Complaint, Effect
from pipeline.model.registers import Registers, RosterKey
from pipeline.rules.a01_purpose import RULE as PURPOSE
from pipeline.rules.a11_reviews import RULE
from pipeline.rules.a13_content_safety import RULE as SAFETY
from tests.rules.builders import approvals, archive, change, entry, objections, post, review, values
from tests.rules.governance import AS_OF, PEOPLE, at, person, registers

REVIEW = "content/reviews/2026/2026-11-03-a/r1/3-final.json"
CONSENT = "content/records/authorisations/2026/2026-11-20-abc/ld-b.json"
KEY = RosterKey("ld-b", "", "SHA256:ld-b", at("2026-01-01 00:00"), None, None, "")


def _ended(until: datetime | None = None) -> Registers:
    """ld-b left on 10 November, or kept the office and a key that ended."""
    people = [*PEOPLE[:3], person("ld-b", "principal@office", until="" if until else "2026-11-10")]
    made = registers(people=people, roster__late_days=7)
    key = replace(KEY, valid_until=until)
    return replace(made, roster=replace(made.roster, keys=(key,)))


def _brought(
    held: Registers, now: datetime, path: str = REVIEW, number: int = 1, **more: Any
) -> list[Complaint]:
    signed = OwnSignature(path, KEY.fingerprint, "ld-b", at("2026-11-09 10:00"), "principal", "")
    facts = ChangeFacts(signatures=[signed])
    look = archive(registers=held, as_of=now, **more)
    return objections(RULE, number, change(entry(path, "", "A"), facts=facts), look)


@pytest.mark.parametrize(("day", "late"), [("17", False), ("18", True)])
@pytest.mark.parametrize("path", [REVIEW, CONSENT])
def test_1_boundary_a_week_after_the_office_ended(day: str, late: bool, path: str) -> None:
    number, other = (1, 4) if path == REVIEW else (4, 1)
    found = _brought(_ended(), at(f"2026-11-{day} 23:55"), path, number)
    assert [(c.effect, c.location.path) for c in found] == [(Effect.REFUSE, path)] * late
    told = ("signature-after-office", "2026-11-10")
    assert all((c.name, values(c)["end"]) == told for c in found)
    assert _brought(_ended(), at(f"2026-11-{day} 23:55"), path, other) == []


def test_4_violated_a_consent_signed_with_a_key_that_ended_long_ago() -> None:
    (found,) = _brought(_ended(at("2026-11-01 00:00")), AS_OF, CONSENT, 4)
    assert (found.name, values(found)["end"]) == ("signature-after-key", "2026-11-01")
    assert found.remedy


def test_1_accepted_what_came_in_time_is_late_by_no_later_run() -> None:
    assert _brought(_ended(), at("2027-11-18 09:00"), entered=at("2026-11-12 09:00")) == []
    assert _brought(registers(), AS_OF) == []


def test_1_violated_a_review_of_a_roster_that_never_was() -> None:
    subject = post()
    old = replace(review(Step.FIRST, subject), roster_serial=3, roster_digest="x" * 64)
    look = archive(subject, approvals={subject.id: approvals(subject, Approved(Step.FIRST, old))})
    (found,) = objections(RULE, 1, change(), look)
    assert (found.effect, found.location.path) == (Effect.REFUSE, old.path)
    stood = ChangeFacts(rosters=[(3, "x" * 64)])
    assert objections(RULE, 1, change(facts=stood), look) == []


@pytest.mark.parametrize(
    ("mode", "effect"), [(Mode.CHANGE, Effect.REFUSE), (Mode.STANDING, Effect.NOTE)]
)
def test_1_violated_a_sign_that_is_not_seen(mode: Mode, effect: Effect) -> None:
    words = (RecordWords(REVIEW, "同意\u200b"), RecordWords("a.yml", "\u200b"))
    (found,) = objections(RULE, 1, change(words=words), archive(mode=mode))
    assert (found.effect, found.location.path) == (effect, REVIEW)


def test_1_boundary_the_steps_that_posts_lose_are_noted() -> None:
    lost = ChangeFacts(lost=[LostSignature("2026-11-03-a", Step.FINAL, "ld-b", REVIEW)])
    (found,) = objections(RULE, 1, change(facts=lost), archive())
    assert (found.effect, found.location.path) == (Effect.NOTE, REVIEW)


@pytest.mark.parametrize(("minutes", "refused"), [(10, False), (11, True)])
def test_7_boundary_a_commit_dated_ten_minutes_ahead(minutes: int, refused: bool) -> None:
    seconds = int(AS_OF.timestamp()) + 60 * minutes
    facts = ChangeFacts(commits=[CommitMessage("c" * 40, seconds, "")])
    found = objections(SAFETY, 7, change(facts=facts), archive())
    assert [(c.name, c.about) for c in found] == [("commit-in-future", "c" * 12)] * refused


def test_7_violated_a_commit_without_a_readable_time_and_a_base_that_does_not_stand() -> None:
    facts = ChangeFacts(undated=["d" * 40], broken_base=["b" * 40])
    found = objections(SAFETY, 7, change(facts=facts), archive())
    assert [c.effect for c in found] == [Effect.REFUSE, Effect.HOLD]


def test_3_boundary_a_sentence_that_no_clause_answers_for_is_noted() -> None:
    facts = ChangeFacts(unanswered=[("第五条", "每日巡查一次")])
    (found,) = objections(PURPOSE, 3, change(facts=facts), archive())
    assert (found.effect, "每日巡查一次" in str(found.message)) == (Effect.NOTE, True)
