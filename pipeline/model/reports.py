"""What one run has to say, and its exit code (design.md .6)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.model.findings import (
    EXIT_HOLD,
    EXIT_NOTHING,
    EXIT_OK,
    EXIT_REFUSE,
    Effect,
    Finding,
    Outcome,
    Verdict,
)
from pipeline.model.law import Rulebook, Unchecked
from pipeline.model.registers import Registers


@dataclass(frozen=True)
class ReportCounts:
    """Clauses, each counted once for the whole run."""

    checked: int
    declared: int
    unchecked: int


@dataclass(frozen=True)
class Report:
    """The verdicts of one run with what they were based on."""

    command: str
    as_of: datetime
    base: str
    """Trusted commit; empty when a working tree was judged without one."""
    head: str
    verdicts: tuple[Verdict, ...]
    rulebook: Rulebook
    names: Mapping[str, str] = field(default_factory=dict)
    """Id → name of the people and accounts that duties fall on."""

    @property
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

        Declared: it rests on a declaration alone, given or missing; never counted as checked too.
        """
        apart = {id(v.outcomes): v.outcomes for v in self.verdicts}  # most share theirs
        outcomes = {pair for shared in apart.values() for pair in shared.items()}
        checked = {i for i, o in outcomes if o in (Outcome.SATISFIED, Outcome.VIOLATED)}
        stated = {i for i, o in outcomes if o is Outcome.DECLARED}
        declared = (stated - checked) | ((stated | checked) & self._words)
        return ReportCounts(len(checked - declared), len(declared), len(self.unchecked))

    @property
    def _words(self) -> frozenset[str]:
        """Clause ids of which every entry that runs looks at a declaration."""
        clauses: dict[str, list[bool]] = defaultdict(list)
        for clause_id, clause in self.rulebook.clauses():
            if not isinstance(clause, Unchecked):
                clauses[clause_id].append(getattr(clause, "declared", False))
        return frozenset(i for i, declared in clauses.items() if all(declared))

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Clause ids that nothing checks, then the headings of articles without a rule."""
        clauses = tuple(i for i, c in self.rulebook.clauses() if isinstance(c, Unchecked))
        return (*clauses, *self.rulebook.gaps)

    def tally(self) -> Counter[str]:
        """How many subjects pass, hold and are refused."""
        return Counter(_word(v.decision) for v in self.verdicts)


def open_duties(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that are duties still open, by the time they fall or fell due.

    What is broken without a time to mend it by is no duty: the audit reports it.
    """
    return tuple(
        sorted(
            (f for f in findings if f.due is not None),
            key=lambda f: (f.due, f.clause, f.owes, str(f.message)),
        )
    )


def names_of(registers: Registers) -> dict[str, str]:
    """Id → name of every contractor, person, account and department."""
    ids = (*registers.people, *registers.accounts, *registers.departments)
    bought = {str(c.id): str(c["name"]) for c in registers.entries.get("contractors", ())}
    return bought | {i: registers.called(i) for i in ids}


def _word(decision: Effect | None) -> str:
    return {Effect.HOLD: "hold", Effect.REFUSE: "refuse"}.get(decision or Effect.NOTE, "pass")
