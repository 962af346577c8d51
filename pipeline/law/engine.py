"""Judge: every clause of the rulebook on every subject; what cannot run refuses (design.md .3)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, cast

from pipeline.model import attestations, law, policy
from pipeline.model.archive import Archive, Look, Mode
from pipeline.model.findings import Complaint, Effect, Finding, Location, Outcome, say
from pipeline.model.ids import R13_7, ClauseId
from pipeline.model.lazy import Once
from pipeline.model.posts import Post, Unread, Unreadable, all_unread
from pipeline.model.registers import Registers
from pipeline.model.reports import SUBJECT, Verdict
from pipeline.model.run import PerRun
from pipeline.model.waivers import closed_by, excused, rectified, waiver_findings

POLICY = "content/policy.yml"
MOST_LISTED = 500
"""Findings of one clause on one post that are listed once one of them refuses."""


class ClauseOutcome(NamedTuple):
    """The outcome of one clause on one subject, with what it found."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    signed: tuple[str, ...] = ()
    """Of a declared outcome: paths of the signed records that it rests on."""


Watch = Callable[[tuple[Finding, ...]], object]
"""Given what a clause finds as soon as it has run, before any waiver."""


def unwatched(_: tuple[Finding, ...]) -> None:
    """For who waits for the verdict."""


NOT_APPLICABLE = ClauseOutcome(Outcome.NOT_APPLICABLE)
NOT_EVALUATED = ClauseOutcome(Outcome.NOT_EVALUATED)
SATISFIED = ClauseOutcome(Outcome.SATISFIED)


def judge_post(
    post: Post, archive: Archive, rulebook: law.Rulebook, watch: Watch = unwatched
) -> Verdict:
    """Every clause's outcome for one post; a problem of its files violates the clause it names.

    What stands and is dated before the regulation is held to Article 17 alone, which says so.
    What asks for a part that could not be read, or for a key that breaks its schema, is not
    evaluated; without a body that goes for every rendition.
    """
    seen, stand, invalid = post, settled(post, archive, rulebook), post.invalid
    note = archive if isinstance(archive, Look) else Look(archive, post.id)
    if post.unread or invalid:
        seen = Unreadable.of(post)
    if "body" in post.unread:
        note.renditions = all_unread()
    look = cast("Archive", note)

    def run(clause: law.ItemClause) -> Iterable[Complaint] | None:
        if clause.applies is law.always or clause.applies(seen, look):
            return clause.check(seen, look)
        return None

    def ask(clause_id: ClauseId, clause: law.ItemClause) -> ClauseOutcome:
        if invalid and any(key in invalid or "" in invalid for key in clause.needs):
            return NOT_EVALUATED
        outcome = stand.get((clause_id, id(clause)))
        if outcome is None:
            note.beyond = False
            outcome = _outcome(rulebook, clause_id, clause, run, post.path, clean)
            if not note.beyond:
                stand[clause_id, id(clause)] = outcome
        return outcome

    clauses = rulebook.of_shape(law.ItemClause)
    if not law.bound(post, archive):
        clauses = tuple(row for row in clauses if row[0].startswith("R17-"))

    clean = partial(_clean, archive=look, given=(seen, look))
    outcomes = _judge(rulebook, clauses, ask, watch)
    waived, problems = _waived(outcomes, post, archive)
    door = post.door_problems
    if not archive.brings(post):
        door = tuple(replace(f, effect=Effect.NOTE) for f in door)
    return _verdict(post.id, _with_problems(waived, (*post.problems, *door, *problems)))


def judge_change(archive: Archive, rulebook: law.Rulebook, only: str = "") -> Verdict:
    """The change as a whole: classes, authorisation, removed evidence, register problems.

    `only`: the one clause to look at, not all.
    """
    change = archive.change
    if change is None:
        raise ValueError("only a change can be judged as one")

    def run(clause: law.ChangeClause) -> Iterable[Complaint]:
        return clause.check(change, archive)

    clean = partial(_clean, archive=archive, given=(change, archive))
    every = (*rulebook.of_shape(law.ChangeClause), *rulebook.beside)
    clauses = (row for row in every if not only or row[0] == only)
    ask = partial(_outcome, rulebook, run=run, path="", clean=clean)
    outcomes = _judge(rulebook, clauses, ask)
    return _verdict("change", _with_problems(outcomes, change.problems))


def judge_periods(
    archive: Archive, rulebook: law.Rulebook, only: Collection[str] | None = None
) -> Verdict:
    """Duties over time at `archive.as_of`; `only`: ids of the clauses to look at, not all."""
    clauses = rulebook.of_shape(law.PeriodClause)
    if only is not None:
        clauses = tuple(row for row in clauses if row[0] in only)
    return _verdict("archive", _over_time(archive, rulebook, clauses))


def judge_written(
    archive: Archive, rulebook: law.Rulebook, *, lapse: bool = False
) -> Iterator[Finding]:
    """What period clauses refuse in what is written or, with `lapse`, as a lapse of the bureau;
    without overdue duties."""
    clauses = (row for row in rulebook.of_shape(law.PeriodClause) if row[1].lapse is lapse)
    for outcome in _over_time(archive, rulebook, clauses).values():
        yield from (f for f in outcome.findings if f.effect is Effect.REFUSE and f.due is None)


def _over_time(
    archive: Archive, rulebook: law.Rulebook, clauses: Iterable[tuple[ClauseId, law.PeriodClause]]
) -> dict[ClauseId, ClauseOutcome]:
    def run(clause: law.PeriodClause) -> Iterable[Complaint]:
        return clause.check(archive)

    clean = partial(_clean, archive=archive, given=(archive,))
    outcomes = _judge(rulebook, clauses, partial(_outcome, rulebook, run=run, path="", clean=clean))
    return {i: _rectified(c, archive) if c.findings else c for i, c in outcomes.items()}


def _rectified(outcome: ClauseOutcome, archive: Archive) -> ClauseOutcome:
    """An outcome whose faults of the past may have been explained and closed by signatures."""
    findings = rectified(outcome.findings, archive)
    refused = any(f.effect > Effect.NOTE for f in findings)
    if outcome.outcome is Outcome.VIOLATED and not refused:
        signed = closed_by(findings, archive)
        return ClauseOutcome(Outcome.DECLARED, findings, tuple(dict.fromkeys(signed)))
    return outcome._replace(findings=findings)


def _clean(clause: law.Shape, archive: Archive, given: tuple[Any, ...]) -> ClauseOutcome:
    """The outcome of a clause that finds nothing wrong: what it rests on, and who signed that.

    `given`: what its functions are given.
    """
    if declared := getattr(clause, "declared", None):
        signed = tuple(record.path for record in declared(*given))
        return ClauseOutcome(Outcome.DECLARED if signed else Outcome.NOT_APPLICABLE, (), signed)
    rests_on = clause.rests_on
    if not rests_on:
        return SATISFIED
    if callable(rests_on):
        facts = rests_on(*given)
    else:
        facts = (fact for kind in rests_on for fact in archive.records(kind))
    outcome, signed = attestations.resting(facts, archive)
    return ClauseOutcome(outcome, (), signed)


def judge_governance(archive: Archive) -> Verdict:
    """Registers, policy and records as they stand: what could not be read violates its clause."""
    problems = (*archive.registers.problems, *archive.record_problems)
    satisfied = dict.fromkeys(sorted({f.clause for f in problems}) or [R13_7], SATISFIED)
    return _verdict("registers", _with_problems(satisfied, problems))


def judge_paths(problems: Iterable[Finding]) -> Verdict:
    """Misplaced files of a working tree: a change that adds one is refused."""
    return _verdict("change", _with_problems({}, problems))


def _verdict(subject: str, outcomes: Mapping[ClauseId, ClauseOutcome]) -> Verdict:
    own = tuple(f for c in outcomes.values() for f in c.findings)
    rows = ((i, c) for i, c in outcomes.items() if c.outcome is Outcome.DECLARED)
    signed = {i: tuple(path.replace(subject, SUBJECT) for path in c.signed) for i, c in rows}
    return Verdict(subject, {i: c.outcome for i, c in outcomes.items()}, own, signed=signed)


def _waived(
    outcomes: dict[ClauseId, ClauseOutcome], post: Post, archive: Archive
) -> tuple[dict[ClauseId, ClauseOutcome], tuple[Finding, ...]]:
    """Outcomes with excused findings as notes, and what is wrong with the post's waivers."""
    waivers = archive.waivers_of(post.id)
    if not waivers:
        return outcomes, ()
    findings = [f for c in outcomes.values() for f in c.findings]
    problems = tuple(waiver_findings(waivers, findings, post, archive, outcomes))
    merged = {}
    for clause_id, before in outcomes.items():
        remaining = tuple(excused(f, waivers, post, archive) for f in before.findings)
        merged[clause_id] = before._replace(findings=remaining)
        violated = any(f.effect > Effect.NOTE for f in remaining)
        if before.outcome is Outcome.VIOLATED and not violated:
            merged[clause_id] = ClauseOutcome(Outcome.SATISFIED, remaining)
    return merged, problems


def _judge(
    rulebook: law.Rulebook,
    clauses: Iterable[tuple[ClauseId, law.Shape]],
    ask: Callable[[ClauseId, law.Shape], ClauseOutcome],
    watch: Watch = unwatched,
) -> dict[ClauseId, ClauseOutcome]:
    """Each clause id's outcome in the order of the law; of those not asked, not applicable."""
    # A number that stands twice keeps the outcome of the shape that is being judged.
    outcomes = dict.fromkeys(rulebook.ids, NOT_APPLICABLE)
    for clause_id, clause in clauses:
        new = ask(clause_id, clause)
        before = outcomes.get(clause_id, NOT_APPLICABLE)
        outcomes[clause_id] = new if before is NOT_APPLICABLE else _joined(before, new)
        watch(new.findings)
    return outcomes


def _outcome(
    rulebook: law.Rulebook,
    clause_id: ClauseId,
    clause: law.Shape,
    run: Callable[[law.Shape], Iterable[Complaint] | None],
    path: str,
    clean: Callable[[law.Shape], ClauseOutcome],
) -> ClauseOutcome:
    """Run one clause; a clause that raises refuses, whatever it raised (threats A17).

    `clean`: the outcome of a clause that finds nothing wrong.
    """
    findings: list[Finding] = []
    try:
        complaints = run(clause)
        if complaints is None:
            return NOT_APPLICABLE
        listed = _listed(complaints) if path else complaints
        findings.extend(
            Finding(clause_id, **vars(law.worded(each, rulebook.findings.get(clause_id, {}))))
            for each in listed
        )
        if not findings:
            return clean(clause)
        violated = any(f.effect > Effect.NOTE for f in findings)
        outcome = ClauseOutcome(Outcome.VIOLATED) if violated else clean(clause)
    except law.NothingEntered:
        return ClauseOutcome(Outcome.NOT_APPLICABLE, tuple(findings))
    except Unread:
        return ClauseOutcome(Outcome.NOT_EVALUATED, tuple(findings))
    except policy.Unstated as missing:
        if rulebook.later(clause_id, missing.args[0]):
            return NOT_APPLICABLE
        name = "parameter-unstated {name}"
        message = say("The policy does not state the parameter {name}.", name=missing.args[0])
        remedy = say("State it in content/policy.yml; `sanshen rules --parameters` lists them all.")
        location = Location(POLICY)
    except Exception as error:
        if rulebook.outlived(clause_id):  # what is past must not lock the archive
            message = say("The archive's rule {clause} does not run under this program ({error}).",
                          clause=clause_id, error=type(error).__name__)  # fmt: skip
            where = Location(path)
            note = Finding(clause_id, "own-rule-fails", Effect.NOTE, message, where, OUTLIVED)
            return ClauseOutcome(Outcome.NOT_EVALUATED, (*findings, note))
        name = "rule-fails"
        message = say("The rule itself failed ({error}).", error=type(error).__name__)
        remedy = say("Report this with the post's id; nothing is published until it is mended.")
        location = Location(path)
    else:
        return outcome._replace(findings=tuple(findings))
    finding = Finding(clause_id, name, Effect.REFUSE, message, location, remedy)
    return ClauseOutcome(Outcome.NOT_EVALUATED, (finding,))


def _listed(complaints: Iterable[Complaint]) -> Iterator[Complaint]:
    """The complaints of one clause about one post; a table of ten thousand private numbers is
    refused without a sentence for each (threats A48). Notes alone are all listed."""
    refused = False
    for number, complaint in enumerate(complaints, 1):
        yield complaint
        refused = refused or complaint.effect is Effect.REFUSE
        if refused and number >= MOST_LISTED:
            message = say(
                "There may be more of this: no more than {limit} are listed.", limit=MOST_LISTED
            )
            remedy = say("Mend those that are listed, and check again.")
            yield Complaint("more-not-listed", Effect.REFUSE, message, complaint.location, remedy)
            return


OUTLIVED = say(
    "Nothing to do: the program of that day judged by it. To judge by it again, check that commit"
    " out and run `make install`."
)

_WEIGHT = (
    Outcome.NOT_APPLICABLE,
    Outcome.DECLARED,
    Outcome.ENTERED,
    Outcome.SATISFIED,
    Outcome.VIOLATED,
    Outcome.NOT_EVALUATED,
)
"""Of two clauses with one number the heavier outcome counts: a declaration hides no check, and what
is signed does not hide what is only entered."""


def _joined(before: ClauseOutcome, after: ClauseOutcome) -> ClauseOutcome:
    """A number that stands twice in one shape, such as a check and a declaration."""
    outcome = max(before.outcome, after.outcome, key=_WEIGHT.index)
    signed = (*before.signed, *(path for path in after.signed if path not in before.signed))
    findings = tuple(dict.fromkeys((*before.findings, *after.findings)))
    return ClauseOutcome(outcome, findings, signed)


def _with_problems(
    outcomes: Mapping[ClauseId, ClauseOutcome], problems: Iterable[Finding]
) -> dict[ClauseId, ClauseOutcome]:
    """The outcomes with problems filed under the clauses that they name, before other findings."""
    filed: dict[ClauseId, list[Finding]] = defaultdict(list)
    for problem in problems:
        filed[problem.clause].append(problem)
    merged = dict(outcomes)
    for clause_id, findings in filed.items():
        before = outcomes.get(clause_id, NOT_APPLICABLE)
        refused = max(f.effect for f in findings) > Effect.NOTE
        own = Outcome.VIOLATED if refused else Outcome.SATISFIED
        outcome = max(own, before.outcome, key=_WEIGHT.index)
        if not refused and before.outcome in (Outcome.DECLARED, Outcome.ENTERED):
            outcome = before.outcome
        merged[clause_id] = ClauseOutcome(outcome, (*findings, *before.findings), before.signed)
    return merged


# Outcomes of clauses that rest on a post alone: one that stands is not asked again in a run. A
# replay judges a post when it comes to main, and again when its publication is recorded and its
# form is filed. Most clauses ask for nothing but the post and the registers; what they answer holds
# as long as these are the very same values (docs/decisions/0102).

_of_post: PerRun[
    law.Rulebook, Once[Registers, Once[Post, dict[tuple[Mode, bool], dict[Any, Any]]]]
] = PerRun(lambda _: Once(lambda _: Once(lambda _: {}, 32)))
"""Of as many posts as `archive_at` caches."""


def settled(post: Post, archive: Archive, rulebook: law.Rulebook) -> dict[Any, Any]:
    """Number and identity of a clause → its outcome on a post, to be added to. Nothing is settled
    of a post that is unread in part, or of which something is waived."""
    if post.unread or post.invalid or archive.waivers_of(post.id):
        return {}
    by_way = _of_post(rulebook)(archive.registers)(post)
    return by_way.setdefault((archive.mode, archive.brings(post)), {})
