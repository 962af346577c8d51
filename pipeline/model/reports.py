"""Every clause's outcome for one subject (design.md .2), and what one run has to say of all: its
exit code, and how many clauses were checked (design.md .6)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from pipeline.model.cards import Counts
from pipeline.model.findings import (
    EXIT_HOLD,
    EXIT_NOTHING,
    EXIT_OK,
    EXIT_REFUSE,
    Effect,
    Finding,
    Outcome,
)
from pipeline.model.ids import ClauseId, CommitId
from pipeline.model.law import Rulebook, Unchecked, basis
from pipeline.model.program import Program
from pipeline.model.registers import Registers

SUBJECT = "{subject}"
Outcomes = Mapping[ClauseId, Outcome]
Records = Mapping[ClauseId, tuple[str, ...]]
Pattern = tuple[tuple[Any, ...], ...]
"""The outcome of each clause, in their order, and the signed records of those declared."""


@dataclass(frozen=True)
class Verdict:
    """Every clause's outcome for one subject: a post id, ``change`` or ``archive``."""

    subject: str
    outcomes: Mapping[ClauseId, Outcome] = field(default_factory=dict)
    """By clause id; the verdicts of an archive share the few that there are (`verdict_rows`)."""
    own: tuple[Finding, ...] = ()
    """What the clauses found, in their order."""
    extra: tuple[Finding, ...] = ()
    """Findings outside the subject's own clauses, such as an overdue duty that holds a change."""
    acknowledged: bool = False
    """A break of the past that the right people answered for; its findings are notes."""
    signed: Mapping[ClauseId, tuple[str, ...]] = field(default_factory=dict)
    """Clause id of a declared outcome → paths of the signed records it rests on, with `SUBJECT` for
    the subject's id, so that verdicts share them."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.own + self.extra

    def records(self, clause: ClauseId) -> tuple[str, ...]:
        """Paths of the signed records that a declared outcome rests on."""
        name = self.subject.rpartition(" ")[2]
        return tuple(path.replace(SUBJECT, name) for path in self.signed.get(clause, ()))

    @property
    def pattern(self) -> Pattern:
        """What most verdicts of a run have in common."""
        return (*self.outcomes.items(), *self.signed.items())

    @cached_property
    def decision(self) -> Effect | None:
        """Maximum effect; a clause not evaluated refuses, no clause at all refuses."""
        if self.acknowledged:
            return Effect.NOTE
        if not self.outcomes or Outcome.NOT_EVALUATED in self.outcomes.values():
            return Effect.REFUSE
        return max((f.effect for f in self.findings), default=None)

    @property
    def publishable(self) -> bool:
        return self.decision in (None, Effect.NOTE)


def shared(
    verdicts: Iterable[Verdict], seen: dict[Pattern, tuple[Outcomes, Records]]
) -> list[Verdict]:
    """The verdicts; subjects with equal outcomes share their mappings."""
    rows = ((v, seen.setdefault(v.pattern, (v.outcomes, v.signed))) for v in verdicts)
    return [replace(v, outcomes=outcomes, signed=signed) for v, (outcomes, signed) in rows]


def never_checked(rulebook: Rulebook) -> frozenset[str]:
    """Ids of clauses that no rule looks at."""
    shapes: dict[str, list[bool]] = {}
    for clause_id, clause in rulebook.clauses():
        shapes.setdefault(clause_id, []).append(isinstance(clause, Unchecked))
    return frozenset(clause_id for clause_id, open_ in shapes.items() if all(open_))


def counts(verdict: Verdict, rulebook: Rulebook, never: frozenset[str]) -> Counts:
    """How many clauses were checked, declared, entered and unchecked, apart from one another.

    `never`: `never_checked` of the rulebook.
    """
    tally = [o for i, o in verdict.outcomes.items() if i not in never]
    return Counts(
        tally.count(Outcome.SATISFIED) + tally.count(Outcome.VIOLATED),
        tally.count(Outcome.VIOLATED),
        tally.count(Outcome.DECLARED),
        tally.count(Outcome.ENTERED),
        tally.count(Outcome.NOT_APPLICABLE),
        tally.count(Outcome.NOT_EVALUATED) + len(never) + len(rulebook.gaps),
    )


@dataclass(frozen=True)
class ReportCounts:
    """Clauses, each counted once for the whole run."""

    checked: int
    declared: int
    entered: int
    unchecked: int
    undeclared: int = 0
    """Those that a signed declaration would answer, and none in force does: owed, or not due."""


@dataclass(frozen=True)
class Report:
    """The verdicts of one run with what they were based on."""

    command: str
    as_of: datetime
    base: CommitId
    """Trusted commit; empty when a working tree was judged without one."""
    head: CommitId
    verdicts: tuple[Verdict, ...]
    rulebook: Rulebook
    program: Program
    """The one that judged."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Id → name of the people and accounts that duties fall on."""

    @property
    def foreign(self) -> bool:
        """Whether the archive names another program than judged: it proves nothing."""
        return self.rulebook.locked not in (None, self.program)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(f for v in self.verdicts for f in v.findings)

    @property
    def decision(self) -> Effect | None:
        return max((v.decision for v in self.verdicts if v.decision is not None), default=None)

    @property
    def exit_code(self) -> int:
        if not self.verdicts:
            return EXIT_NOTHING
        return {Effect.HOLD: EXIT_HOLD, Effect.REFUSE: EXIT_REFUSE}.get(
            self.decision or Effect.NOTE, EXIT_OK
        )

    @property
    def counts(self) -> ReportCounts:
        """Checked: some verdict evaluated it. Unchecked: openly so, or an article without rule.

        Declared: it rests on signed words alone, and these are there; entered: also on records that
        no one signed. Neither is counted as checked too.
        """
        best = self._best
        tally = Counter(_counted(of, best[i]) for i, of in self._outcomes.items())
        return ReportCounts(
            tally[Outcome.SATISFIED],
            tally[Outcome.DECLARED],
            tally[Outcome.ENTERED],
            len(self.unchecked),
            len(self.undeclared),
        )

    @cached_property
    def _outcomes(self) -> dict[str, set[Outcome]]:
        """Clause id → its outcomes in the run."""
        outcomes: dict[str, set[Outcome]] = defaultdict(set)
        for shared in {id(v.outcomes): v.outcomes for v in self.verdicts}.values():  # most share
            for clause_id, outcome in shared.items():
                outcomes[clause_id].add(outcome)
        return outcomes

    @cached_property
    def _best(self) -> dict[str, set[Outcome]]:
        """Clause id → the best that its entries can say."""
        best: dict[str, set[Outcome]] = defaultdict(set)
        for clause_id, clause in self.rulebook.clauses():
            if not isinstance(clause, Unchecked):
                best[clause_id].add(basis(clause))
        return best

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Ids of the clauses that rest on declarations alone, and on none in force."""
        of, words = self._outcomes, {Outcome.DECLARED}
        open_ = {i for i in of if self._best[i] == words and Outcome.DECLARED not in of[i]}
        return tuple(i for i in self.rulebook.ids if i in open_)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Clause ids that nothing checks, then the headings of articles without a rule."""
        clauses = tuple(i for i, c in self.rulebook.clauses() if isinstance(c, Unchecked))
        return (*clauses, *self.rulebook.gaps)

    def tally(self) -> Counter[str]:
        """How many subjects pass, hold and are refused."""
        return Counter(_word(v.decision) for v in self.verdicts)


def _counted(outcomes: Set[Outcome], best: Set[Outcome]) -> Outcome:
    """What a clause counts as, by its outcomes in a run and the best that its entries can say."""
    evaluated = not outcomes.isdisjoint((Outcome.SATISFIED, Outcome.VIOLATED))
    if evaluated and (Outcome.SATISFIED in best or not best):
        return Outcome.SATISFIED
    if Outcome.ENTERED in outcomes or (evaluated and Outcome.ENTERED in best):
        return Outcome.ENTERED
    return Outcome.DECLARED if Outcome.DECLARED in outcomes else Outcome.NOT_APPLICABLE


def open_duties(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that are duties still open, by the time they fall or fell due.

    What is broken without a time to mend it by is no duty: the audit reports it.
    """
    return tuple(
        sorted(
            (f for f in findings if f.due is not None),
            key=lambda f: (f.due, f.clause, f.owes, f.name, f.about, f.location),
        )
    )


def names_of(registers: Registers) -> dict[str, str]:
    """Id → name of every contractor, person, account and department."""
    ids = (*registers.people, *registers.accounts, *registers.departments)
    bought = {str(c.id): str(c["name"]) for c in registers.entries.get("contractors", ())}
    return bought | {i: registers.called(i) for i in ids}


def _word(decision: Effect | None) -> str:
    return {Effect.HOLD: "hold", Effect.REFUSE: "refuse"}.get(decision or Effect.NOTE, "pass")
