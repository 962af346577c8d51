"""Article 11: returned posts, grave kinds, and what removing an approval does."""

from itertools import combinations

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import Approved, Missing, Step
from pipeline.model.findings import Complaint, Effect
from pipeline.model.law import NothingEntered, PeriodClause
from pipeline.model.posts import Post
from pipeline.rules import a15_confirmation
from pipeline.rules.a11_reviews import RULE
from tests.rules.builders import (
    approvals,
    archive,
    complaints,
    duties,
    line,
    only,
    post,
    publication,
    review,
    unreviewed,
    where,
)
from tests.rules.facts import fact, with_facts
from tests.rules.governance import at, registers
from tests.rules.test_a11_reviews import with_states


def test_5_accepted_changed_after_return() -> None:
    subject = post(revision=2)
    sent = review(Step.SECOND, post(), decision="return", content="0" * 64)
    look = archive(subject, approvals={subject.id: approvals(subject, earlier=[sent])})
    assert complaints(RULE, 5, subject, look) == []


@pytest.mark.parametrize(
    ("opinion", "effect"),
    [("已核实，原文无误。", Effect.NOTE), ("请核实数字。", Effect.REFUSE), (" ", Effect.REFUSE)],
)
def test_5_violated_unchanged_with_and_without_a_new_opinion(opinion: str, effect: Effect) -> None:
    subject = post(revision=2)
    sent = review(Step.SECOND, subject, revision=1, decision="return", opinion="请核实数字。")
    agreed = review(Step.FIRST, subject, revision=1)
    states = [Approved(s, review(s, subject, opinion=opinion)) for s in Step]
    signed = {subject.id: approvals(subject, *states, earlier=[agreed, sent])}
    found = only(
        complaints(RULE, 5, subject, archive(subject, approvals=signed)),
        effect,
        "return-unanswered",
    )
    assert where(found) == line(subject, "revision")


def test_5_boundary_an_earlier_approval_of_the_same_bytes_is_no_return() -> None:
    subject = post(revision=2)
    agreed = review(Step.SECOND, subject, revision=1)
    look = archive(subject, approvals={subject.id: approvals(subject, earlier=[agreed])})
    assert complaints(RULE, 5, subject, look) == []


def test_7_accepted_principal_reviews_an_accident() -> None:
    subject = post(kind="accident")
    made = review(Step.FINAL, subject, reviewer="ld-b", role="principal")
    assert complaints(RULE, 7, subject, with_states(subject, Approved(Step.FINAL, made))) == []


@pytest.mark.parametrize("kind", ["accident", "rumor", "penalty"])
@pytest.mark.parametrize(("policy", "effect"), [("note", Effect.NOTE), ("refuse", Effect.REFUSE)])
def test_7_violated_leader_in_charge_reviews_it(kind: str, policy: str, effect: Effect) -> None:
    subject = post(kind=kind)
    look = archive(subject, registers=registers(review__escalate_effect=policy))
    found = only(complaints(RULE, 7, subject, look), effect, "principal-review-missing")
    assert found.location.path.endswith("3-final.json")


def test_7_boundary_other_kinds_and_missing_reviews() -> None:
    tip, rumor = post(kind="tip"), post(kind="rumor")
    assert complaints(RULE, 7, tip, archive(tip)) == []
    assert complaints(RULE, 7, rumor, with_states(rumor, Missing(Step.FINAL))) == []


def worst(look: Archive, subject: Post) -> int:
    rules = ((RULE, (1, 2, 3, 4, 5, 7)), (a15_confirmation.RULE, (2,)))
    found = [
        c for rule, numbers in rules for n in numbers for c in complaints(rule, n, subject, look)
    ]
    return max((c.effect for c in found), default=0)


@pytest.mark.parametrize("mode", [Mode.CHANGE, Mode.STANDING])
@pytest.mark.parametrize("published", [True, False])
def test_removing_approvals_never_helps(mode: Mode, published: bool) -> None:
    """Every subset of the four approvals against every smaller one."""
    subject = post()
    told = (publication("2026-11-03 09:30"),) if published else ()
    weight: dict[frozenset[Step], int] = {}
    for count in range(5):
        for kept in combinations(Step, count):
            gone = [Missing(s) for s in Step if s not in kept]
            look = with_states(subject, *gone, mode=mode, publications=told)
            weight[frozenset(kept)] = worst(look, subject)
    assert weight[frozenset(Step)] == 0
    assert all(weight[a] >= weight[b] for a in weight for b in weight if a < b)
    nothing = archive(subject, approvals={subject.id: unreviewed()}, mode=mode, publications=told)
    assert worst(nothing, subject) == weight[frozenset()]
    assert duties(RULE, 4, nothing) == []


# Article 11: comments that were forwarded to the departments they concern.


def forwarded(**changes: object) -> list[Complaint]:
    """A comment of Friday the 6th, forwarded as said."""
    row = {"department": "jzk", "person": "gly-a", "at": at("2026-11-06 16:00")} | changes
    asked = fact("inquiries", "q1", received_at=at("2026-11-06 10:00"), forwarded=[row])
    return duties(RULE, 8, with_facts(archive(registers=registers()), asked))


def test_8_accepted_the_same_afternoon() -> None:
    assert forwarded() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": "zz-a"}, "forwarder-no-operator"),
        ({"person": "wb-a"}, "forwarder-no-operator"),
        ({"person": "gone"}, "forwarder-no-operator"),
        ({"department": "gone"}, "department-unregistered"),
    ],
)
def test_8_violated_by_another_or_to_none(changes: dict[str, object], words: str) -> None:
    found = only(forwarded(**changes), Effect.REFUSE, words)
    assert where(found)[0] == "content/records/inquiries/2026/q1.yml"


def test_8_boundary_the_next_working_day() -> None:
    assert forwarded(at=at("2026-11-09 23:59")) == []
    only(forwarded(at=at("2026-11-10 00:00")), Effect.NOTE, "forwarded-late")


def test_8_boundary_nothing_entered_is_no_merit() -> None:
    clause = next(c for c in RULE.clauses if c.number == 8)
    assert isinstance(clause, PeriodClause)
    with pytest.raises(NothingEntered):
        list(clause.check(archive(registers=registers())))
