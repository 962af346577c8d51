"""Declared and entered clauses: counted as such by the engine and the report, never as checked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import permutations

import pytest

from pipeline.judge.load_governance import trust
from pipeline.law.engine import judge_periods, judge_post
from pipeline.model.archive import Archive
from pipeline.model.attestations import bound_name, events
from pipeline.model.documents import Document
from pipeline.model.findings import Complaint, Effect, Location, Outcome, say
from pipeline.model.law import ItemClause, PeriodClause, Unchecked
from pipeline.model.records import Fact, Signed
from pipeline.model.reports import Report
from pipeline.new.new_archive import empty_archive
from tests.builders.cast import AS_OF
from tests.law.test_engine_waivers import book, waiver
from tests.report.samples import PROGRAM
from tests.rules import builders as made
from tests.rules.facts import with_facts
from tests.rules.governance import at

Check = Callable[..., Iterator[Complaint]]


def duty(effect: Effect | None) -> Check:
    def check(*_: object) -> Iterator[Complaint]:
        if effect is not None:
            due = at("2026-12-01 23:59")
            yield Complaint("so-it-is", effect, say("Due."), Location("a"), say("Do."), "kz-a", due)

    return check


def words(*paths: str) -> Callable[..., list[Signed]]:
    """Signed records in force at these paths."""
    rows = [Signed("declaration", path, "", "kz-a", "", AS_OF, {}, {}, "") for path in paths]
    return lambda *_: rows


@pytest.mark.parametrize("signed", [(), ("one.json",), ("one.json", "two.json")])
@pytest.mark.parametrize("effect", [None, Effect.NOTE, Effect.REFUSE])
def test_a_declared_clause_is_declared_by_the_records_it_names_and_never_checked(
    effect: Effect | None, signed: tuple[str, ...]
) -> None:
    law = book(PeriodClause(1, duty(effect), declared=words(*signed)), ItemClause(2, duty(None)))
    archive = made.archive(made.post())
    verdict = judge_periods(archive, law)
    stands = bool(signed) and effect is not Effect.REFUSE
    silent = Outcome.VIOLATED if effect is Effect.REFUSE else Outcome.NOT_APPLICABLE
    assert verdict.outcomes["R16-1"] is (Outcome.DECLARED if stands else silent)
    assert verdict.records("R16-1") == (signed if stands else ())
    counts = Report("audit", AS_OF, "b", "h", (verdict,), law, PROGRAM).counts
    assert (counts.checked, counts.declared, counts.undeclared) == (0, stands, not stands)


def test_records_of_a_post_are_named_in_full_and_shared_by_posts() -> None:
    subject = made.post()
    law = book(ItemClause(2, duty(None), declared=words(f"content/reviews/{subject.id}/r1.json")))
    verdict = judge_post(subject, made.archive(subject), law)
    assert verdict.records("R16-2") == (f"content/reviews/{subject.id}/r1.json",)
    assert subject.id not in str(verdict.signed)
    later = replace(verdict, subject=f"0123456789ab {subject.id}")  # of an audit
    assert later.records("R16-2") == verdict.records("R16-2")


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
    parts = (
        PeriodClause(1, duty(checked)),
        PeriodClause(1, duty(word), declared=words("one.json")),
    )
    law = book(*(parts[n] for n in order), Unchecked(3))
    verdict = judge_periods(made.archive(), law)
    assert verdict.outcomes["R16-1"] is outcome
    assert len(verdict.findings) == sum(e is not None for e in (checked, word))
    report = Report("audit", AS_OF, "b", "h", (verdict,), law, PROGRAM)
    assert (report.counts.checked, report.counts.declared, report.counts.unchecked) == (1, 0, 1)


def test_a_note_of_the_files_leaves_a_declared_clause_declared() -> None:
    subject = made.post()
    archive: Archive = with_facts(made.archive(subject), waiver(subject, content="0" * 64))
    verdict = judge_post(
        subject, archive, book(ItemClause(2, duty(None), declared=words("r1.json")))
    )
    assert [f.effect for f in verdict.findings] == [Effect.NOTE]
    assert verdict.outcomes["R16-2"] is Outcome.DECLARED


def _inquiry(**more: object) -> Fact:
    """A record of two events, in the file's own values."""
    value = {"person": "xxy-a", "summary": "询问", **more}
    return Fact(
        "inquiries", "one", value, Document("content/records/inquiries/2026/one.yml", value)
    )


def _signature(fact: Fact, *chosen: str, by: str = "xxy-a") -> Signed:
    subject = {bound_name(fact, e): d for e, d in events(fact).items() if e in chosen}
    path = f"content/records/attestations/2026/inquiries.one.{by}.json"
    return Signed("attestation", path, "", by, "", AS_OF, {}, subject, "")


RESTING = book(PeriodClause(1, duty(None), rests_on=("inquiries",)))
WHOLE = _inquiry()


@pytest.mark.parametrize(
    ("records", "signed", "outcome", "counts"),
    [
        ((), (), Outcome.NOT_APPLICABLE, (0, 0, 0)),
        ((WHOLE,), (), Outcome.ENTERED, (0, 0, 1)),
        ((WHOLE,), (_signature(WHOLE, "summary"),), Outcome.ENTERED, (0, 0, 1)),
        ((WHOLE,), (_signature(WHOLE, "summary", "person"),), Outcome.DECLARED, (0, 1, 0)),
        ((WHOLE,), (_signature(WHOLE, "summary"), _signature(WHOLE, "person", by="kz-a")),
         Outcome.DECLARED, (0, 1, 0)),
        ((_inquiry(summary="改了"),), (_signature(WHOLE, "summary", "person"),),
         Outcome.ENTERED, (0, 0, 1)),
    ],
    ids=["nothing entered", "unsigned", "half signed", "signed", "by two people", "rewritten"],
)  # fmt: skip
def test_what_rests_on_records_is_entered_until_every_event_is_signed(
    records: tuple[Fact, ...],
    signed: tuple[Signed, ...],
    outcome: Outcome,
    counts: tuple[int, int, int],
) -> None:
    archive = replace(made.archive(), facts={"inquiries": records}, signed={"attestation": signed})
    verdict = judge_periods(archive, RESTING)
    assert verdict.outcomes["R16-1"] is outcome
    told = Report("audit", AS_OF, "b", "h", (verdict,), RESTING, PROGRAM).counts
    assert (told.checked, told.declared, told.entered) == counts


def test_a_finding_on_records_is_violated_and_no_check_either() -> None:
    law = book(PeriodClause(1, duty(Effect.REFUSE), rests_on=("inquiries",)))
    verdict = judge_periods(replace(made.archive(), facts={"inquiries": (WHOLE,)}), law)
    assert verdict.outcomes["R16-1"] is Outcome.VIOLATED
    assert Report("audit", AS_OF, "b", "h", (verdict,), law, PROGRAM).counts.checked == 0


def test_what_is_signed_does_not_hide_what_is_entered() -> None:
    law = book(PeriodClause(1, duty(None), rests_on=("inquiries",)),
               PeriodClause(1, duty(None), declared=words("one.json")))  # fmt: skip
    verdict = judge_periods(replace(made.archive(), facts={"inquiries": (WHOLE,)}), law)
    assert verdict.outcomes["R16-1"] is Outcome.ENTERED


def test_every_clause_that_reads_plain_records_names_them() -> None:
    """But those that judge the record's own words, or compare it with signatures."""
    own = {"R14-5", "F-0", "F-6", "F-7"}
    law, seen = trust(empty_archive()).rulebook, set[str]()
    for clause_id, clause in law.clauses():
        asked: set[str] = set()
        if isinstance(clause, PeriodClause) and clause_id not in own:
            archive = replace(made.archive(), facts=Asked(asked))
            with suppress(Exception):
                list(clause.check(archive))
            assert asked <= set(clause.rests_on), clause_id
        seen |= asked
    assert seen >= {"account-events", "incidents", "inquiries", "opinions", "relays", "statistics"}


class Asked(Mapping[str, tuple[Fact, ...]]):
    """Records of every kind, none of them; remembers which kinds were asked for."""

    def __init__(self, kinds: set[str]) -> None:
        self.kinds = kinds

    def __getitem__(self, kind: str) -> tuple[Fact, ...]:
        self.kinds.add(kind)
        return ()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
