"""Declared clauses in the engine and the report: counted as declared, never as checked."""

from collections.abc import Callable, Iterator
from itertools import permutations

import pytest

from pipeline.law.engine import judge_periods, judge_post
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, Outcome, say
from pipeline.model.law import ItemClause, PeriodClause, Unchecked
from pipeline.model.reports import Report
from tests.builders.cast import AS_OF
from tests.law.test_engine_waivers import book, waiver
from tests.rules import builders as made
from tests.rules.facts import with_facts
from tests.rules.governance import at

Check = Callable[..., Iterator[Complaint]]


def duty(effect: Effect | None) -> Check:
    def check(*_: object) -> Iterator[Complaint]:
        if effect is not None:
            due = at("2026-12-01 23:59")
            yield Complaint(effect, say("Due."), Location("a"), say("Do."), "kz-a", due)

    return check


@pytest.mark.parametrize(
    ("effect", "outcome"),
    [
        (None, Outcome.DECLARED),
        (Effect.NOTE, Outcome.DECLARED),
        (Effect.REFUSE, Outcome.VIOLATED),
    ],
)
def test_a_declared_clause_is_declared_or_violated_and_never_checked(
    effect: Effect | None, outcome: Outcome
) -> None:
    law = book(PeriodClause(1, duty(effect), declared=True), ItemClause(2, duty(None)))
    archive = made.archive(made.post())
    verdict = judge_periods(archive, law)
    assert verdict.outcomes["R16-1"] is outcome
    report = Report("audit", AS_OF, "b", "h", (verdict,), law)
    assert (report.counts.checked, report.counts.declared) == (0, 1)


def test_due_and_owes_reach_the_finding() -> None:
    law = book(PeriodClause(1, duty(Effect.NOTE)))
    (finding,) = judge_periods(made.archive(), law).findings
    assert (finding.due, finding.owes) == (at("2026-12-01 23:59"), "kz-a")


@pytest.mark.parametrize("order", list(permutations(range(2))))
@pytest.mark.parametrize(
    ("checked", "word", "outcome"),
    [
        (None, None, Outcome.SATISFIED),
        (Effect.REFUSE, None, Outcome.VIOLATED),
        (None, Effect.REFUSE, Outcome.VIOLATED),
    ],
)
def test_a_check_and_a_word_under_one_number_are_joined(
    order: tuple[int, int], checked: Effect | None, word: Effect | None, outcome: Outcome
) -> None:
    parts = (PeriodClause(1, duty(checked)), PeriodClause(1, duty(word), declared=True))
    law = book(*(parts[n] for n in order), Unchecked(3))
    verdict = judge_periods(made.archive(), law)
    assert verdict.outcomes["R16-1"] is outcome
    assert len(verdict.findings) == sum(e is not None for e in (checked, word))
    report = Report("audit", AS_OF, "b", "h", (verdict,), law)
    assert (report.counts.checked, report.counts.declared, report.counts.unchecked) == (1, 0, 1)


def test_a_note_of_the_files_leaves_a_declared_clause_declared() -> None:
    subject = made.post()
    archive: Archive = with_facts(made.archive(subject), waiver(subject, content="0" * 64))
    verdict = judge_post(subject, archive, book(ItemClause(2, duty(None), declared=True)))
    assert [f.effect for f in verdict.findings] == [Effect.NOTE]
    assert verdict.outcomes["R16-2"] is Outcome.DECLARED
