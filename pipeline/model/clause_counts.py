"""How many clauses of a post were checked, violated, declared, entered and left unchecked."""

from pipeline.model.findings import Outcome, Verdict
from pipeline.model.law import Rulebook, Unchecked
from pipeline.model.year_volumes import Counts


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
