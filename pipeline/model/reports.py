"""What one run has to say, and its exit code (design.md §6)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pipeline.model.findings import Effect, Finding, Outcome, Verdict
from pipeline.model.law import Rulebook, Unchecked

EXIT_OK, EXIT_FAULT, EXIT_USAGE, EXIT_NOTHING, EXIT_HOLD, EXIT_REFUSE = (
    0,
    1,
    2,
    3,
    10,
    11,
)


@dataclass(frozen=True)
class Counts:
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
    def counts(self) -> Counts:
        """Checked: some verdict evaluated it. Unchecked: openly so, or an article without rule."""
        seen = {i for v in self.verdicts for i, c in v.outcomes.items() if _evaluated(c.outcome)}
        declared = {
            i for v in self.verdicts for i, c in v.outcomes.items() if c.outcome is Outcome.DECLARED
        }
        return Counts(len(seen), len(declared), len(self.unchecked))

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Clause ids that nothing checks, then the headings of articles without a rule."""
        clauses = tuple(i for i, c in self.rulebook.clauses() if isinstance(c, Unchecked))
        return (*clauses, *self.rulebook.gaps)

    def tally(self) -> Counter[str]:
        """How many subjects pass, hold and are refused."""
        return Counter(_word(v.decision) for v in self.verdicts)


def _evaluated(outcome: Outcome) -> bool:
    return outcome in (Outcome.SATISFIED, Outcome.VIOLATED)


def _word(decision: Effect | None) -> str:
    return {Effect.HOLD: "hold", Effect.REFUSE: "refuse"}.get(decision or Effect.NOTE, "pass")
