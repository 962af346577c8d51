"""Judge: every clause of the rulebook on every subject; what cannot run refuses (design.md §3)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from pipeline.model.archive import Archive
from pipeline.model.findings import (
    ClauseOutcome,
    Complaint,
    Effect,
    Finding,
    Location,
    Outcome,
    Verdict,
    say,
)
from pipeline.model.law import (
    ChangeClause,
    Clause,
    ItemClause,
    PeriodClause,
    Rulebook,
    Unchecked,
)
from pipeline.model.posts import Post

NOT_APPLICABLE = ClauseOutcome(Outcome.NOT_APPLICABLE)
NOT_EVALUATED = ClauseOutcome(Outcome.NOT_EVALUATED)


def judge_post(post: Post, archive: Archive, rulebook: Rulebook) -> Verdict:
    """Every clause's outcome for one post; a problem of its files violates the clause it names."""

    def run(clause: Clause) -> Callable[[], Iterable[Complaint]] | None:
        if not isinstance(clause, ItemClause) or not clause.applies(post, archive):
            return None
        return lambda: clause.check(post, archive)

    outcomes = _judge(rulebook, ItemClause, run, post.path, blocked=_blocked(post))
    return Verdict(post.id, _with_problems(outcomes, post.problems))


def judge_change(archive: Archive, rulebook: Rulebook) -> Verdict:
    """The change as a whole: classes, authorisation, removed evidence, register problems."""
    change = archive.change
    if change is None:
        raise ValueError("only a change can be judged as one")

    def run(clause: Clause) -> Callable[[], Iterable[Complaint]] | None:
        if not isinstance(clause, ChangeClause):
            return None
        return lambda: clause.check(change, archive)

    outcomes = _judge(rulebook, ChangeClause, run, "")
    return Verdict("change", _with_problems(outcomes, change.problems))


def judge_periods(archive: Archive, rulebook: Rulebook) -> Verdict:
    """Duties over time at `archive.as_of`."""

    def run(clause: Clause) -> Callable[[], Iterable[Complaint]] | None:
        return (lambda: clause.check(archive)) if isinstance(clause, PeriodClause) else None

    return Verdict("archive", _judge(rulebook, PeriodClause, run, ""))


def judge_governance(archive: Archive, rulebook: Rulebook) -> Verdict:
    """Registers, policy and records as they stand: what could not be read violates its clause."""
    problems = (*archive.registers.problems, *archive.record_problems)
    satisfied = {i: ClauseOutcome(Outcome.SATISFIED) for i in sorted({f.clause for f in problems})}
    return Verdict(
        "registers",
        _with_problems(satisfied or {"R13-7": ClauseOutcome(Outcome.SATISFIED)}, problems),
    )


def _blocked(post: Post) -> Callable[[Clause], bool]:
    """Whether a clause needs a front-matter key that is missing its schema's blessing."""
    return lambda clause: (
        isinstance(clause, ItemClause)
        and any(key in post.invalid or "" in post.invalid for key in clause.needs)
    )


def _judge(
    rulebook: Rulebook,
    shape: type[Clause],
    run: Callable[[Clause], Callable[[], Iterable[Complaint]] | None],
    path: str,
    blocked: Callable[[Clause], bool] = lambda _clause: False,
) -> dict[str, ClauseOutcome]:
    outcomes: dict[str, ClauseOutcome] = {}
    for clause_id, clause in rulebook.clauses():
        if isinstance(clause, Unchecked) or not isinstance(clause, shape):
            # A number that stands twice keeps the outcome of the shape that is being judged.
            outcomes.setdefault(clause_id, NOT_APPLICABLE)
        elif blocked(clause):
            outcomes[clause_id] = NOT_EVALUATED
        else:
            outcomes[clause_id] = _outcome(clause_id, clause, run, path)
    return outcomes


def _outcome(
    clause_id: str,
    clause: Clause,
    run: Callable[[Clause], Callable[[], Iterable[Complaint]] | None],
    path: str,
) -> ClauseOutcome:
    """Run one clause; a clause that raises refuses, whatever it raised (threats A17)."""
    try:
        check = run(clause)
        if check is None:
            return NOT_APPLICABLE
        found = tuple(
            Finding(clause_id, c.effect, c.message, c.location, c.remedy, c.owes) for c in check()
        )
    except Exception as error:
        message = say("The rule itself failed ({error}).", error=type(error).__name__)
        remedy = say("Report this with the post's id; nothing is published until it is mended.")
        finding = Finding(clause_id, Effect.REFUSE, message, Location(path), remedy)
        return ClauseOutcome(Outcome.NOT_EVALUATED, (finding,))
    violated = any(f.effect > Effect.NOTE for f in found)
    return ClauseOutcome(Outcome.VIOLATED if violated else Outcome.SATISFIED, found)


def _with_problems(
    outcomes: Mapping[str, ClauseOutcome], problems: Iterable[Finding]
) -> dict[str, ClauseOutcome]:
    """File problems under the clauses they name, before what the rules found."""
    filed: dict[str, list[Finding]] = defaultdict(list)
    for problem in problems:
        filed[problem.clause].append(problem)
    merged = dict(outcomes)
    for clause_id, found in filed.items():
        before = outcomes.get(clause_id, NOT_APPLICABLE)
        outcome = Outcome.SATISFIED
        if before.outcome is Outcome.NOT_EVALUATED:
            outcome = Outcome.NOT_EVALUATED
        elif max(f.effect for f in found) > Effect.NOTE or before.outcome is Outcome.VIOLATED:
            outcome = Outcome.VIOLATED
        merged[clause_id] = ClauseOutcome(outcome, (*found, *before.findings))
    return merged
